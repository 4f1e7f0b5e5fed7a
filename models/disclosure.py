"""Disclosure control: what is learned names no value of few leads, and its numbers stand between groups.

Texts that fewer leads share than a least number are one, `RARE`, before anything learns from them. A number
that is kept (a quantile, an edge of a bin, a threshold of a tree) is rounded, with so many leads on either
side of it that it tells of none.

Source: minimum frequency and rounding rules, Hundepool et al., Statistical Disclosure Control (2012).
"""

from bisect import bisect_right
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from models.arrays import Floats

# What a rare value is called; values that no training row had are taken for it too. No value of a cell begins
# with a space.
RARE = " the rest"

# Digits after which every float is told from its neighbours.
_ALL_DIGITS = 17


def shared_values(values: pd.Series, leads: npt.ArrayLike, least: int) -> set[str]:
    """The values, missing ones aside, that at least so many leads hold.

    >>> shared_values(pd.Series(["web", "web", "Li Lei", "Li Lei", None]), ["L1", "L2", "L3", "L3", "L4"], 2)
    {'web'}
    """
    held = pd.DataFrame({"value": values.to_numpy(), "lead": np.asarray(leads)}).dropna(subset=["value"])
    holders = held.drop_duplicates()["value"].value_counts()
    return set(holders.index[holders >= least])


def without_rare(
    frame: pd.DataFrame, columns: Sequence[str], leads: npt.ArrayLike, least: int
) -> pd.DataFrame:
    """The frame with `RARE` for every text in some columns that fewer leads hold.

    >>> rows = pd.DataFrame({"channel": ["web", "web", "Li Lei"], "calls": [1.0, 2.0, 3.0]})
    >>> without_rare(rows, ["channel", "calls"], ["L1", "L2", "L3"], 2)["channel"].tolist()
    ['web', 'web', ' the rest']
    """
    texts = [name for name in columns if not pd.api.types.is_numeric_dtype(frame[name].dtype)]
    whose = pd.factorize(np.asarray(leads))[0]  # numbers are told apart much faster than ids
    return frame.assign(**{name: _named_or_rare(frame[name], whose, least) for name in texts})


def _named_or_rare(values: pd.Series, leads: npt.ArrayLike, least: int) -> pd.Series:
    return values.where(values.isna() | values.isin(shared_values(values, leads, least)), RARE)


def of_each_lead(values: pd.Series, leads: npt.ArrayLike) -> Floats:
    """One number of each lead that has any, its last, sorted.

    >>> of_each_lead(pd.Series([3.0, 1.0, 2.0, None]), ["L1", "L2", "L1", "L3"]).tolist()
    [1.0, 2.0]
    """
    known = pd.Series(values.to_numpy(dtype=np.float64, na_value=np.nan)).groupby(np.asarray(leads)).last()
    return np.sort(known.dropna().to_numpy())


def blunt(cut: float, of_leads: Sequence[float] | Floats, least: int) -> float | None:
    """The cut as the shortest decimal that has so many leads at or below it, and above it so many or none.

    None where there is no room for such groups; the largest number only where so many leads have it. With
    ``least`` 1 a cut is as it is.

    Args:
        cut: what would be kept.
        of_leads: a number of each lead, sorted.
        least: leads on either side, between which and the cut it may be moved.

    >>> blunt(18930.52, [9100.0, 12040.0, 18930.52, 21060.9, 33000.0, 48211.0], 2)
    20000.0
    >>> blunt(3.0, [1.0, 3.0, 3.0, 3.0], 2), blunt(12.5, [12.5, 13.0, 14.0], 2)
    (3.0, None)
    """
    if least <= 1:
        return cut
    below = bisect_right(of_leads, cut)
    above = len(of_leads) - below
    if below < least or 0 < above < least:
        return None
    if not above:
        return cut if of_leads[-least] == cut else None
    low = of_leads[max(below - least, least - 1)]
    high = of_leads[min(below + least - 1, len(of_leads) - least)]
    return shortest(cut, float(low), float(high))


def rounded_cut(cut: float, of_leads: Floats, least: int) -> float:
    """The cut made `blunt`; where there is no room for that, of one digit.

    >>> rounded_cut(12.5, np.array([12.5, 13.0, 14.0]), 2)
    10.0
    """
    found = blunt(cut, of_leads, least)
    return float(f"{cut:.1g}") if found is None else found


def blunt_edges(cuts: Sequence[float], of_leads: Floats, least: int) -> tuple[float, ...]:
    """Cuts made `blunt`, those of them between which so many leads lie.

    >>> blunt_edges([11.7, 12.2, 31.9], np.array([11.7, 11.9, 12.2, 14.0, 31.9, 40.0, 41.0]), 2)
    (12.0, 30.0)
    """
    if least <= 1:
        return tuple(cuts)
    kept: list[float] = []
    for cut in cuts:
        edge = blunt(cut, of_leads, least)
        if edge is None or (kept and edge <= kept[-1]):
            continue
        inside = bisect_right(of_leads, edge) - (bisect_right(of_leads, kept[-1]) if kept else 0)
        if inside >= least:
            kept.append(edge)
    return tuple(kept)


def shortest(number: float, low: float, high: float) -> float:
    """The number with the fewest digits that keep it from ``low`` on and below ``high``.

    >>> shortest(13812345678.0, 13799999999.0, 13900000000.0), shortest(0.5, 0.5, 1.0)
    (13800000000.0, 0.5)
    """
    for digits in range(1, _ALL_DIGITS + 1):
        rounded = float(f"{number:.{digits}g}")
        if low <= rounded < high:
            return rounded
    return number


def blunt_threshold(threshold: float, values: Floats) -> float:
    """A threshold with the fewest digits that part the values as before: ``value <= threshold``.

    >>> blunt_threshold(2417.3500000000004, np.array([2410.0, 2424.7]))
    2420.0
    """
    place = bisect_right(values, threshold)
    low = float(values[place - 1]) if place else -np.inf
    high = float(values[place]) if place < len(values) else np.inf
    between = low + (high - low) / 2 if threshold == low and np.isfinite(high) else threshold
    found = shortest(between, float(np.nextafter(low, np.inf)), high)
    return found if low < found < high else threshold
