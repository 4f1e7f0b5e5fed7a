"""Intervals by a bootstrap over leads: the snapshots of one lead are not independent.

Leads are drawn with replacement; a row's weight is how often its lead was drawn. Draws depend on the
seed and on the set of leads, not on the order of rows.

Source: Efron and Tibshirani, An Introduction to the Bootstrap (1993), percentile intervals; Field and
Welsh, JRSS B 69 (2007), for clusters.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from models.hazards import Floats
from models.metrics import Metric

RESAMPLES = 200
LEVEL = 0.95
_BLOCK = 25


@dataclass(frozen=True)
class Interval:
    """An estimate and the bounds of its 95 % interval; NaN where it is not defined."""

    estimate: float
    low: float
    high: float


def lead_bootstrap(lead_ids: npt.ArrayLike, n: int = RESAMPLES, seed: int = 0) -> Iterator[Floats]:
    """Weights of the rows in ``n`` resamples of the leads, in blocks (resamples, rows) of whole numbers.

    >>> [block.tolist() for block in lead_bootstrap(["L1", "L2", "L1"], n=2, seed=1)]
    [[[1.0, 1.0, 1.0], [0.0, 2.0, 0.0]]]
    """
    codes, leads = pd.factorize(np.asarray(lead_ids), sort=True)
    rng = np.random.default_rng(seed)
    for first in range(0, n, _BLOCK):
        size = min(_BLOCK, n - first)
        draws = rng.integers(len(leads), size=(size, len(leads))) if len(leads) else np.empty((size, 0), int)
        times = [np.bincount(draw, minlength=len(leads))[codes] for draw in draws]
        yield np.array(times, dtype=np.float64)


def resampled(
    metrics: Mapping[str, Metric],
    y: npt.ArrayLike,
    p: npt.ArrayLike,
    lead_ids: npt.ArrayLike,
    n: int = RESAMPLES,
    seed: int = 0,
) -> dict[str, Floats]:
    """Each measure on ``n`` resamples of the leads.

    With one seed the same leads are drawn again: two systems' values can be subtracted, draw by draw.
    """
    blocks = [
        {name: metric.over(y, p, weights) for name, metric in metrics.items()}
        for weights in lead_bootstrap(lead_ids, n, seed)
    ]
    return {name: np.concatenate([block[name] for block in blocks]) for name in metrics}


def interval_of(estimate: float, draws: Floats) -> Interval:
    """An estimate with the interval of its draws; those in which it is not defined are left out.

    Of a difference of two systems' draws, an interval wholly above 0 says that the first has the
    higher measure beyond chance.
    """
    return Interval(estimate, *percentile_bounds(draws))


def interval(
    metric: Metric,
    y: npt.ArrayLike,
    p: npt.ArrayLike,
    lead_ids: npt.ArrayLike,
    n: int = RESAMPLES,
    seed: int = 0,
) -> Interval:
    """A measure with its interval over resampled leads.

    Resamples in which it is not defined (no closes drawn) are left out.
    """
    draws = resampled({"metric": metric}, y, p, lead_ids, n, seed)["metric"]
    return interval_of(metric(y, p), draws)


def paired_interval(
    metric: Metric,
    y: npt.ArrayLike,
    p1: npt.ArrayLike,
    p2: npt.ArrayLike,
    lead_ids: npt.ArrayLike,
    n: int = RESAMPLES,
    seed: int = 0,
) -> Interval:
    """Measure of ``p1`` minus that of ``p2`` on the same leads, both drawn together.

    An interval wholly above 0 says that ``p1`` has the higher measure beyond chance.
    """
    draws1, draws2 = (resampled({"metric": metric}, y, p, lead_ids, n, seed)["metric"] for p in (p1, p2))
    return interval_of(metric(y, p1) - metric(y, p2), draws1 - draws2)


def percentile_bounds(draws: Floats) -> tuple[float, float]:
    """Lower and upper bound of the resampled values that are defined; NaN where none is."""
    defined = draws[~np.isnan(draws)]
    if not defined.size:
        return float("nan"), float("nan")
    low, high = np.quantile(defined, [(1.0 - LEVEL) / 2.0, (1.0 + LEVEL) / 2.0])
    return float(low), float(high)
