"""Intervals by a bootstrap over leads: the snapshots of one lead are not independent.

Leads are drawn with replacement; a row's weight is how often its lead was drawn. Draws depend on the
seed and on the set of leads, not on the order of rows.

Source: Efron and Tibshirani, An Introduction to the Bootstrap (1993), percentile intervals; Field and
Welsh, JRSS B 69 (2007), for clusters.
"""

from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Self

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.sparse import csr_array

from models.arrays import Floats
from models.metrics.score_groups import Groups, LeadGroups
from models.metrics.scores import Metric, checked

RESAMPLES = 200
LEVEL = 0.95

# Resamples that are measured together: more of them, or more numbers, leave the processor's cache.
_BLOCK = 25
_BLOCK_NUMBERS = 200_000


@dataclass(frozen=True)
class Interval:
    """An estimate and the bounds of its 95 % interval; NaN where it is not defined."""

    estimate: float
    low: float
    high: float


@dataclass(frozen=True)
class LeadDraws:
    """Resamples of the leads of some rows: drawn once for all that is measured on these rows.

    Attributes:
        leads: number of each row's lead, from 0.
        times: how often each lead is drawn, (resamples, leads).

    >>> draws = LeadDraws.of(["L1", "L2", "L1"], n=2, seed=1)
    >>> draws.times.tolist(), draws.sums(np.array([[1.0], [10.0], [100.0]])).tolist()
    ([[1, 1], [0, 2]], [[111.0], [20.0]])
    """

    leads: npt.NDArray[np.intp]
    times: npt.NDArray[np.uint8]

    @classmethod
    def of(cls, lead_ids: npt.ArrayLike, n: int = RESAMPLES, seed: int = 0) -> Self:
        """Draw; with one seed the same set of leads is always drawn alike.

        Args:
            lead_ids: whose rows these are.
            n: number of resamples.
            seed: of the draws.
        """
        codes, leads = pd.factorize(np.asarray(lead_ids), sort=True)
        rng, count = np.random.default_rng(seed), len(leads)
        # A lead is drawn once on average: of a lead among 256 or more, a 256th time never comes.
        times = np.zeros((n, count), dtype=np.uint8)
        for resample in times if count else ():
            resample[:] = np.bincount(rng.integers(count, size=count), minlength=count)
        return cls(codes, times)

    def blocks(self) -> list[npt.NDArray[np.uint8]]:
        """``times``, some resamples at a time: few where there are many rows."""
        size = max(1, min(_BLOCK, _BLOCK_NUMBERS // max(1, len(self.leads))))
        return [self.times[first : first + size] for first in range(0, len(self.times), size)]

    def measured(
        self, metrics: Mapping[str, Metric], y: npt.ArrayLike, p: npt.ArrayLike
    ) -> dict[str, Floats]:
        """Each measure on every resample.

        Two systems' values can be subtracted, draw by draw.

        Raises:
            ValueError: as a ``Metric``.
        """
        found = self.of_groups(
            *checked(y, p, self.leads.shape),
            lambda rows: np.array([one.of(rows) for one in metrics.values()]),
        )
        return dict(zip(metrics, found, strict=True))

    def of_groups(self, y: Floats, p: Floats, measure: Callable[[Groups], Floats]) -> Floats:
        """What is measured on the rows grouped by score, (..., resamples).

        Args:
            y: as of ``Groups.of``.
            p: likewise.
            measure: of some resamples together, which come last in its answer.
        """
        rows = LeadGroups(y, p, self.leads, self.times.shape[1])
        # Blocks know nothing of one another: whatever the number of threads, the answers are the same.
        with ThreadPoolExecutor() as pool:
            return np.concatenate(
                list(pool.map(lambda times: measure(rows.weighted(times)), self.blocks())), axis=-1
            )

    def sums(self, values: Floats) -> Floats:
        """Sums of ``values``, (rows, columns), over the rows of each resample, (resamples, columns)."""
        count = self.times.shape[1]
        by_lead = [np.bincount(self.leads, column, minlength=count) for column in values.T]
        # As sparse, it is summed in one order whatever number of cores there is.
        sums = csr_array(np.column_stack(by_lead))
        return np.concatenate([times.astype(np.float64) @ sums for times in self.blocks()])


def lead_bootstrap(lead_ids: npt.ArrayLike, n: int = RESAMPLES, seed: int = 0) -> Iterator[Floats]:
    """Weights of the rows in ``n`` resamples of the leads, in blocks (resamples, rows) of whole numbers.

    >>> [block.tolist() for block in lead_bootstrap(["L1", "L2", "L1"], n=2, seed=1)]
    [[[1.0, 1.0, 1.0], [0.0, 2.0, 0.0]]]
    """
    draws = LeadDraws.of(lead_ids, n, seed)
    return (times[:, draws.leads].astype(np.float64) for times in draws.blocks())


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
    draws = LeadDraws.of(lead_ids, n, seed).measured({"metric": metric}, y, p)["metric"]
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
    draws = LeadDraws.of(lead_ids, n, seed)
    draws1, draws2 = (draws.measured({"metric": metric}, y, p)["metric"] for p in (p1, p2))
    return interval_of(metric(y, p1) - metric(y, p2), draws1 - draws2)


def percentile_bounds(draws: Floats) -> tuple[float, float]:
    """Lower and upper bound of the resampled values that are defined; NaN where none is."""
    defined = draws[~np.isnan(draws)]
    if not defined.size:
        return float("nan"), float("nan")
    low, high = np.quantile(defined, [(1.0 - LEVEL) / 2.0, (1.0 + LEVEL) / 2.0])
    return float(low), float(high)
