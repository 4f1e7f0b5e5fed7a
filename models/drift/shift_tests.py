"""Two counts of the same bins: how far they are apart, how far chance puts them, and how likely that is.

Counts of the reference come by instant, (instants, bins). How much more they differ from instant to instant
than independent rows would, their dispersion, widens what counts as chance afterwards: leads of one campaign
and calls of one lead come together. It is itself an estimate, from a dozen instants or fewer: what is divided
by it is referred to F, and what is told in spreads of the instants to Student's t, whose tails know that.

Source: the population stability index is Jeffreys' divergence of two histograms; what chance makes of it is
from Yurdakul, Statistical Properties of Population Stability Index (2018). Dispersion as in McCullagh and
Nelder, Generalized Linear Models (1989). Chance of a value never seen: Good, Biometrika 40 (1953).
Correction: Holm, Scandinavian Journal of Statistics 6 (1979).
"""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import stats
from scipy.special import betainc, betaincc

from models.arrays import Floats

# Bins of which chance lets the list hold fewer rows than this are tested as one.
LEAST_EXPECTED = 5.0


def shares(counts: npt.ArrayLike) -> Floats:
    """Share of each bin, half a row added to each (Jeffreys' prior): no share is 0.

    >>> shares([9, 0]).tolist()
    [0.95, 0.05]
    """
    rows = np.asarray(counts, dtype=np.float64) + 0.5
    part: Floats = rows / rows.sum()
    return part


def psi(first: npt.ArrayLike, second: npt.ArrayLike) -> float:
    """Population stability index of two distributions over the same bins; 0 for equal ones, symmetric.

    >>> round(psi([0.5, 0.5], [0.75, 0.25]), 4)
    0.2747
    """
    one, other = np.asarray(first, dtype=np.float64), np.asarray(second, dtype=np.float64)
    return float(np.sum((one - other) * np.log(one / other)))


def psi_by_chance(bins: int, rows: float, other_rows: float) -> float:
    """What the index comes to by chance, where both samples are of one distribution.

    >>> round(psi_by_chance(11, 100, 1000), 3)
    0.11
    """
    return (bins - 1) * (1.0 / rows + 1.0 / other_rows)


@dataclass(frozen=True)
class Dispersion:
    """How many times more counts differ than those of independent rows would.

    Attributes:
        scale: at least 1, which is that of independent rows.
        freedom: degrees of freedom that it was estimated with; infinite where it is known.
    """

    scale: float = 1.0
    freedom: float = math.inf

    def less_certain(self, p: float) -> float:
        """A chance found for a known dispersion, for one that is estimated: the same distance by Student's t.

        >>> Dispersion().less_certain(0.01), round(Dispersion(2.0, 7.0).less_certain(0.01), 3)
        (0.01, 0.037)
        """
        if math.isinf(self.freedom):
            return p
        return float(min(1.0, 2.0 * stats.t.sf(stats.norm.isf(p / 2.0), self.freedom)))


def dispersion(by_instant: npt.NDArray[np.int64]) -> Dispersion:
    """How much more the instants of a reference differ than independent rows would.

    >>> dispersion(np.array([[10, 30], [12, 28], [11, 29]]))
    Dispersion(scale=1.0, freedom=2.0)
    >>> round(dispersion(np.array([[10, 30], [30, 10]])).scale, 1)
    20.0
    """
    counts = by_instant[:, by_instant.sum(axis=0) > 0].astype(np.float64)
    counts = counts[counts.sum(axis=1) > 0]
    freedom = (counts.shape[0] - 1) * (counts.shape[1] - 1)
    if freedom < 1:
        return Dispersion()
    rows, total = counts.sum(axis=1, keepdims=True), counts.sum(axis=0)
    expected = rows * (total / total.sum())
    scale = float(((counts - expected) ** 2 / expected).sum()) / int(freedom)
    return Dispersion(max(1.0, scale), float(freedom))


def pearson_p(reference: Floats, now: Floats, found: Dispersion) -> float:
    """Chance of counts so far apart: Pearson's statistic over the dispersion, sparse bins as one.

    >>> round(pearson_p(np.array([50.0, 50.0]), np.array([30.0, 70.0]), Dispersion()), 4)
    0.0039
    >>> round(pearson_p(np.array([50.0, 50.0]), np.array([30.0, 70.0]), Dispersion(1.0, 7.0)), 4)
    0.0234
    """
    table = _merged(np.vstack([reference, now]))
    if table.shape[1] < 2 or not table.sum(axis=1).all():
        return 1.0
    expected = table.sum(axis=1, keepdims=True) * table.sum(axis=0) / table.sum()
    statistic = float(((table - expected) ** 2 / expected).sum()) / found.scale
    bins = table.shape[1] - 1
    if math.isinf(found.freedom):
        return float(stats.chi2.sf(statistic, bins))
    return float(stats.f.sf(statistic / bins, bins, found.freedom))


def _merged(table: Floats) -> Floats:
    share = table.sum(axis=0) / table.sum()
    sparse = share * table.sum(axis=1).min() < LEAST_EXPECTED
    rest = table[:, sparse].sum(axis=1, keepdims=True)
    kept = table[:, ~sparse]
    return np.hstack([kept, rest]) if rest.sum() > 0 else kept


def exact_p(reference: npt.ArrayLike, now: npt.ArrayLike) -> float:
    """Chance of counts so far apart, exactly: Fisher's test of each bin against the rest, the least of them
    times their number.

    >>> round(exact_p([5, 0], [0, 5]), 4)  # one way or the other, 2 of the 252 ways to deal them out
    0.0079
    """
    one, other = (
        np.floor(np.asarray(counts, dtype=np.float64)).astype(np.int64) for counts in (reference, now)
    )
    both, drawn = one + other, int(other.sum())
    there = both > 0
    if there.sum() < 2 or not drawn or not one.sum():
        return 1.0
    law = stats.hypergeom(int(both.sum()), both[there], drawn)
    least = np.minimum(law.cdf(other[there]), law.sf(other[there] - 1))
    tests = 1 if there.sum() == 2 else int(there.sum())
    return float(min(1.0, 2.0 * least.min() * tests))


def unseen_p(seen_once: int, reference_rows: float, unseen: int, rows: int) -> float:
    """Chance of so many rows with values that the reference never had.

    Args:
        seen_once: values that the reference has exactly once: they tell how likely a new one is.
        reference_rows: of the reference.
        unseen: rows now with a value it never had.
        rows: rows now that have a value.

    >>> unseen_p(0, 998, 0, 100)
    1.0
    >>> unseen_p(0, 998, 30, 100) < 1e-40
    True
    """
    chance = (seen_once + 1) / (reference_rows + 2)
    return float(stats.binom.sf(unseen - 1, rows, chance))


def count_p(by_instant: npt.ArrayLike, now: int) -> float:
    """Chance of so many or so few rows in a period, from the periods of the reference.

    Rows vary so many times more than independent ones as they did among those periods: a negative binomial,
    averaged over what such few periods leave open of that (as Student's t is a normal, averaged likewise). Of
    one period nothing is known but that independent rows vary as their number.

    >>> count_p([100, 110, 90, 105, 95, 100, 110, 90], 102) > 0.5
    True
    >>> count_p([100, 110, 90, 105, 95, 100, 110, 90], 0) < 1e-6
    True
    """
    rows = np.asarray(by_instant, dtype=np.float64)
    mean, freedom = max(float(rows.mean()), 0.5), len(rows) - 1
    scale = float(rows.var(ddof=1)) / mean if freedom else 1.0
    scales, weights = _scales(scale, freedom)
    # No rows vary less than independent ones; and the mean is an estimate too.
    wider = np.maximum(1.0, scales) * (1.0 + 1.0 / len(rows))
    size, chance = mean / (wider - 1.0), 1.0 / wider
    below = float((weights * betainc(size, now + 1.0, chance)).sum())
    above = float((weights * betaincc(size, now, chance)).sum()) if now else 1.0
    return min(1.0, 2.0 * min(below, above))


def _scales(scale: float, freedom: int) -> tuple[Floats, Floats]:
    """What a dispersion may truly be that was estimated with so much freedom, and how likely each is."""
    if not freedom:
        return np.array([scale]), np.array([1.0])
    squares = np.geomspace(1e-6 * freedom, 10.0 * freedom + 50.0, 200)
    weights = np.exp(
        0.5 * freedom * np.log(squares) - 0.5 * squares
    )  # chi-squared, in steps of the logarithm
    return scale * freedom / squares, weights / weights.sum()


def next_p(before: npt.ArrayLike, now: float) -> float:
    """Chance that the next of a series of values lies so far from their mean (Student's t).

    >>> round(next_p([0.80, 0.82, 0.84], 0.82), 1), next_p([0.80, 0.82, 0.84], 0.5) < 0.01
    (1.0, True)
    """
    values = np.asarray(before, dtype=np.float64)
    if len(values) < 3 or np.isnan(now):
        return 1.0
    away = abs(now - values.mean()) / max(float(values.std(ddof=1)) * np.sqrt(1.0 + 1.0 / len(values)), 1e-12)
    return float(2.0 * stats.t.sf(away, len(values) - 1))


def holm(p: npt.ArrayLike) -> Floats:
    """Chances corrected for the number of tests: below ``e``, the risk of any false alarm is below ``e``.

    >>> holm([0.01, 0.04, 0.03]).tolist()
    [0.03, 0.06, 0.06]
    """
    raw = np.asarray(p, dtype=np.float64)
    order = np.argsort(raw, kind="stable")
    steps = raw[order] * np.arange(len(raw), 0, -1)
    corrected = np.empty(len(raw))
    corrected[order] = np.minimum(np.maximum.accumulate(steps), 1.0)
    return corrected
