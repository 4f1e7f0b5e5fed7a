"""Whether as many leads closed as the probabilities promised, as outcomes ripen."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from numpy.polynomial.hermite_e import hermegauss
from scipy import stats

from models.arrays import Floats
from models.hazards import Bools
from models.metrics.rates import Rate, effective_rows, gap, lead_influence

REALISED_COLUMNS = [
    "by",
    "rows",
    "leads",
    "expected",
    "closes",
    "promised",
    "realised",
    "gap",
    "gap_low",
    "gap_high",
    "p",
]

# With fewer closes than this to be expected nothing can be told.
MIN_EXPECTED = 5.0

# With more rows than this the number of closes is as good as normal.
_EXACT_ROWS = 2000


def closes_p(p: Floats, closes: int, doubt: float) -> float:
    """Chance of so many or so few closes, two-sided, where each row closes with its own probability.

    The probabilities are themselves estimates: all are too high or too low by one unknown factor, lognormal
    with the spread ``doubt`` and mean 1.

    Source: the Poisson binomial distribution (Wang, Statistica Sinica 3, 1993), exact up to 2,000 rows and
    normal beyond, averaged over the factor by Gauss-Hermite quadrature.

    >>> round(closes_p(np.array([0.5, 0.5]), 2, 0.0), 6)
    0.5
    """
    nodes, weights = hermegauss(9)
    factors = np.exp(doubt * nodes - doubt * doubt / 2.0)
    tails = [_tails(np.minimum(factor * p, 1.0), closes) for factor in factors]
    below, above = (np.asarray(tails) * (weights / weights.sum())[:, None]).sum(axis=0)
    return float(min(1.0, 2.0 * min(below, above)))


def _tails(p: Floats, closes: int) -> tuple[float, float]:
    """Chance of at most, and of at least so many closes."""
    if len(p) > _EXACT_ROWS:
        spread = max(float(np.sqrt((p * (1.0 - p)).sum())), 1e-12)
        law = stats.norm(p.sum(), spread)
        return float(law.cdf(closes + 0.5)), float(law.sf(closes - 0.5))
    chances = np.zeros(len(p) + 1)
    chances[0] = 1.0
    for one in p:
        chances[1:] = chances[1:] * (1.0 - one) + chances[:-1] * one
        chances[0] *= 1.0 - one
    return float(chances[: closes + 1].sum()), float(chances[closes:].sum())


def realised_table(
    p: Floats,
    closed: Floats,
    lead_ids: npt.NDArray[Any],
    horizons: Sequence[str],
    promised: Mapping[str, tuple[float, float]],
) -> pd.DataFrame:
    """Promised and realised closes by each horizon.

    Args:
        p: calibrated probabilities, (rows, horizons).
        closed: 1, 0, and NaN for rows that are not to be judged by a horizon, (rows, horizons).
        lead_ids: whose rows these are; each lead once by each horizon, for ``p`` to be exact.
        horizons: names of the columns.
        promised: of each horizon, close rate of the calibration and the independent rows that it is worth.

    Returns:
        One row per horizon: ``by``, ``rows``, ``leads``, ``expected`` and seen ``closes``, their rates
        ``promised`` and ``realised``, the ``gap`` (realised less promised) with its 95 % interval, and ``p``,
        the chance of such a number of closes; missing where too few were to be expected.
    """
    records = []
    for k, horizon in enumerate(horizons):
        judged = ~np.isnan(closed[:, k])
        one = _realised(p[judged, k], closed[judged, k], lead_ids[judged], *promised[horizon])
        records.append({"by": horizon, **one})
    return pd.DataFrame(records, columns=REALISED_COLUMNS)


def _realised(
    p: Floats, closed: Floats, lead_ids: npt.NDArray[Any], base: float, worth: float
) -> dict[str, Any]:
    rows, leads = len(p), len(pd.unique(lead_ids))
    told = {"rows": rows, "leads": leads, "expected": float(p.sum()), "closes": int(closed.sum())}
    if not rows or p.sum() < MIN_EXPECTED or not worth or not 0.0 < base < 1.0:
        return told
    everyone: Bools = np.ones((rows, 1), dtype=bool)
    rate = float(closed.mean())
    effective = effective_rows(rate, rows, leads, lead_influence(everyone, closed, lead_ids)[:, 0])
    apart = gap(Rate(rate, effective), Rate(float(p.mean()), worth), 0.95)
    return {
        **told,
        "promised": float(p.mean()),
        "realised": rate,
        "gap": apart.difference,
        "gap_low": apart.low,
        "gap_high": apart.high,
        "p": closes_p(p, int(closed.sum()), float(np.sqrt((1.0 - base) / (base * worth)))),
    }
