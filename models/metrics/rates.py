"""Close rates with their uncertainty over leads, and the difference of two of them.

The rows of one lead are not independent. A rate's *effective* number of rows is how many independent ones
would make it as uncertain as it is between leads; Wilson's interval on that number reaches levels that a
bootstrap of some hundred draws cannot, holds where few closed, and is no certainty where none or all did.

Source: Wilson, JASA 22 (1927); the variance over clusters of Cochran, Sampling Techniques (1977); the
effective sample size of Korn and Graubard, Survey Methodology 24 (1998); differences by Newcombe,
Statistics in Medicine 17 (1998), method 10, with a correlation by Zou and Donner, ibid. 27 (2008).
"""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.special import ndtri

from models.arrays import Floats
from models.hazards import Bools


@dataclass(frozen=True)
class Rate:
    """A close rate and the number of independent rows that it is worth."""

    rate: float
    effective: float


@dataclass(frozen=True)
class Gap:
    """One rate less another, with an interval."""

    difference: float
    low: float
    high: float


def wilson(rate: float, n: float, level: float = 0.95) -> tuple[float, float]:
    """Interval of a rate among n independent rows.

    >>> low, high = wilson(0.0, 2)
    >>> low, round(high, 2)
    (0.0, 0.66)
    """
    z2 = float(ndtri(0.5 + level / 2.0)) ** 2
    middle = (rate + z2 / (2 * n)) / (1 + z2 / n)
    half = math.sqrt(z2 * (rate * (1 - rate) / n + z2 / (4 * n * n))) / (1 + z2 / n)
    return max(0.0, middle - half), min(1.0, middle + half)


def lead_influence(members: Bools, closed: Floats, lead_ids: npt.ArrayLike) -> Floats:
    """How far each lead moves the close rate of each group of rows, (leads, groups).

    Args:
        members: (rows, groups), which rows a group holds.
        closed: 1 or 0 of each row.
        lead_ids: whose rows these are.
    """
    codes, _ = pd.factorize(np.asarray(lead_ids), sort=True)
    rows = members.sum(axis=0)
    with np.errstate(invalid="ignore"):  # a group without a row has no rate
        excess = members * (closed[:, None] - (members * closed[:, None]).sum(axis=0) / rows) / rows
    return np.column_stack([np.bincount(codes, column) for column in excess.T])


def effective_rows(rate: float, rows: int, leads: int, influence: Floats) -> float:
    """How many independent rows a rate is worth: at most all of them, the leads where none or all closed.

    >>> effective_rows(0.5, rows=4, leads=2, influence=np.array([0.25, -0.25]))
    1.0
    """
    if leads < 2 or rate in (0.0, 1.0):
        return float(leads)
    variance = math.fsum(influence**2) * leads / (leads - 1)
    return float(rows) if variance * rows <= rate * (1 - rate) else rate * (1 - rate) / variance


def gap(first: Rate, second: Rate, level: float, correlation: float = 0.0) -> Gap:
    """The first rate less the second, with its interval at a level.

    >>> found = gap(Rate(0.0, 10), Rate(0.0, 20), 0.95)  # Newcombe's example of none in either
    >>> found.difference, round(found.low, 4), round(found.high, 4)
    (0.0, -0.1611, 0.2775)
    """
    (low1, high1), (low2, high2) = (wilson(one.rate, one.effective, level) for one in (first, second))
    difference = first.rate - second.rate
    below = _joined(first.rate - low1, high2 - second.rate, correlation)
    above = _joined(high1 - first.rate, second.rate - low2, correlation)
    return Gap(difference, difference - below, difference + above)


def detectable_gap(first: Rate, second: Rate, level: float, power: float = 0.8) -> float:
    """The least difference of the true rates that an interval at this level would tell from 0 so surely.

    Both rates vary about the second one, by the rows that each is worth; as good as normal.

    Source: Cohen, Statistical Power Analysis (1988), two proportions; on effective rows.

    >>> round(detectable_gap(Rate(0.3, 100), Rate(0.3, 100), 0.95), 3)
    0.182
    """
    each = max(second.rate * (1.0 - second.rate), 1.0 / (4.0 * second.effective))  # no certainty at 0 or 1
    spread = math.sqrt(each * (1.0 / first.effective + 1.0 / second.effective))
    return float(ndtri(0.5 + level / 2.0) + ndtri(power)) * spread


def group_rates(members: Bools, closed: Floats, lead_ids: npt.ArrayLike) -> list[Rate | None]:
    """Close rate of each group of rows with the independent rows that it is worth; none of an empty group.

    Args:
        members: (rows, groups), which rows a group holds.
        closed: 1 or 0 of each row.
        lead_ids: whose rows these are.

    >>> group_rates(np.array([[True, False], [True, False]]), np.array([1.0, 0.0]), ["a", "b"])
    [Rate(rate=0.5, effective=1.0), None]
    """
    leads = np.asarray(lead_ids)
    influence = lead_influence(members, closed, leads)
    return [
        _group_rate(member, closed, leads, moved)
        for member, moved in zip(members.T, influence.T, strict=True)
    ]


def _group_rate(member: Bools, closed: Floats, leads: npt.NDArray[Any], influence: Floats) -> Rate | None:
    rows, own_leads = int(member.sum()), len(pd.unique(leads[member]))
    if not rows:
        return None
    rate = int(closed[member].sum()) / rows
    return Rate(rate, effective_rows(rate, rows, own_leads, influence))


def _joined(one: float, other: float, correlation: float) -> float:
    return math.sqrt(max(0.0, one * one + other * other - 2.0 * correlation * one * other))
