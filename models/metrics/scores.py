"""How good a score or a probability is: each measure written once, for one weight or many at a time.

``y`` is 1 (closed) or 0; ``p`` the score or probability; ``weight`` counts each row (1 when left out).
A measure is called for a number. ``measure.over(y, p, weights)`` gives one number per row of a
two-dimensional ``weights``, and ``measure.of(groups)`` does so for rows that are grouped by score already,
once for all measures of a bootstrap's resamples. Tied scores are one group everywhere: no measure depends
on the order of rows. What is not defined (no closes, no rows) is NaN.
"""

import functools
from collections.abc import Callable, Mapping

import numpy as np
import numpy.typing as npt

from models.arrays import Floats
from models.metrics.score_groups import Groups

_BINS = 10
_CLIP = 1e-12
# In place of no weight at all, which then counts for nothing.
_TINY = np.finfo(np.float64).tiny


class Metric:
    """A measure of ``p`` against ``y``, with its options held."""

    def __init__(self, function: Callable[..., Floats], options: Mapping[str, float] | None = None) -> None:
        self.function = function
        self.options = dict(options or {})
        functools.update_wrapper(self, function)

    def __call__(
        self, y: npt.ArrayLike, p: npt.ArrayLike, weight: npt.ArrayLike | None = None, **options: float
    ) -> float:
        """The measure on these rows.

        Raises:
            ValueError: lengths differ, a ``y`` is none of 0 and 1, or a ``p`` is missing.
        """
        weights = np.ones(np.shape(y)) if weight is None else np.asarray(weight, dtype=np.float64)
        return float(self.with_options(**options).over(y, p, np.atleast_2d(weights))[0])

    def over(self, y: npt.ArrayLike, p: npt.ArrayLike, weights: Floats) -> Floats:
        """The measure once for each row of ``weights``, (resamples, rows).

        Raises:
            ValueError: as when called.
        """
        closed, score = checked(y, p, weights.shape[1:])
        return self.of(Groups.of(closed, score, weights))

    def of(self, groups: Groups) -> Floats:
        """The measure once for each resample of rows that are grouped by score."""
        return self.function(groups, **self.options)

    def with_options(self, **options: float) -> "Metric":
        """The same measure at other options, such as ``lift_at.with_options(share=0.05)``."""
        return Metric(self.function, {**self.options, **options})


def checked(y: npt.ArrayLike, p: npt.ArrayLike, weighed: tuple[int, ...]) -> tuple[Floats, Floats]:
    """Outcomes and scores as numbers, as many as ``weighed``.

    Raises:
        ValueError: as ``Metric``'s call.
    """
    closed, score = np.asarray(y, dtype=np.float64), np.asarray(p, dtype=np.float64)
    if closed.ndim != 1 or closed.shape != score.shape or weighed != closed.shape:
        raise ValueError(f"y {closed.shape}, p {score.shape} and weights of {weighed} rows do not fit")
    if np.isnan(score).any() or not np.isin(closed, (0.0, 1.0)).all():
        raise ValueError("y must be 0 or 1 and p a number; leave out the rows that are not ripe")
    return closed, score


def measures(metrics: Mapping[str, Metric], y: npt.ArrayLike, p: npt.ArrayLike) -> dict[str, float]:
    """Several measures of the same rows, which are sorted once for all; as when each is called."""
    groups = Groups.of(*checked(y, p, np.shape(y)), np.ones((1, np.size(y))))
    return {name: float(metric.of(groups)[0]) for name, metric in metrics.items()}


@Metric
def auc(rows: Groups) -> Floats:
    """Chance that a random close scores above a random non-close, ties counting a half.

    Source: Hanley and McNeil, Radiology 143 (1982).

    >>> auc([1, 0, 1, 0], [0.9, 0.8, 0.4, 0.4])
    0.625
    """
    closes, others = rows.closes, rows.mass - rows.closes
    below = others.sum(axis=1, keepdims=True) - (rows.reach - rows.found)
    won = (closes * (below + 0.5 * others)).sum(axis=1)
    return _ratio(won, closes.sum(axis=1) * others.sum(axis=1))


@Metric
def average_precision(rows: Groups) -> Floats:
    """Mean of the precision at each close, from the best score down: the area under precision-recall.

    Source: scikit-learn's ``average_precision_score`` (a step function, not the trapezoid).

    >>> round(average_precision([1, 0, 1], [0.9, 0.8, 0.7]), 4)
    0.8333
    """
    precision = rows.found / np.maximum(rows.reach, _TINY)
    return _ratio((rows.closes * precision).sum(axis=1), rows.closes.sum(axis=1))


@Metric
def brier(rows: Groups) -> Floats:
    """Mean squared difference of probability and outcome; 0 is perfect.

    Source: Brier, Monthly Weather Review 78 (1950), halved as is usual for two outcomes.

    >>> brier([1, 0], [0.5, 0.5])
    0.25
    """
    return _mean(rows, (1.0 - rows.score) ** 2, rows.score**2)


@Metric
def log_loss(rows: Groups) -> Floats:
    """Mean of minus the log of the probability given to what happened, p clipped to 1e-12 from 0 and 1.

    Source: Good, Rational Decisions (1952).

    >>> round(log_loss([1, 0], [0.5, 0.5]), 4)
    0.6931
    """
    one = np.ones(len(rows.score))
    return _mean(rows, surprise(one, rows.score), surprise(0.0 * one, rows.score))


def surprise(y: Floats, p: Floats) -> Floats:
    """Minus the log of the probability given to what happened, of each row; clipped as ``log_loss`` is.

    >>> surprise(np.array([1.0, 0.0]), np.array([0.5, 0.0])).round(4)
    array([0.6931, 0.    ])
    """
    clipped = np.clip(p, _CLIP, 1.0 - _CLIP)
    surprises: Floats = -np.where(y == 1.0, np.log(clipped), np.log1p(-clipped))
    return surprises


@Metric
def calibration_error(rows: Groups) -> Floats:
    """Mean distance of promised and actual close rate over ten bins of equal mass (ECE).

    A group of tied probabilities stays together, in the bin where its middle falls. Small samples
    raise it even for a perfect forecast: compare it between systems, not with 0.

    Source: Naeini et al., AAAI (2015), with bins of equal mass.

    >>> calibration_error([1, 0, 0, 0], [0.5, 0.5, 0.5, 0.5])
    0.25
    """
    mass = rows.mass
    total = mass.sum(axis=1, keepdims=True)
    middle = (rows.reach - 0.5 * mass) / np.maximum(total, _TINY)
    bins = np.minimum((middle * _BINS).astype(np.int64), _BINS - 1) + _BINS * np.arange(len(mass))[:, None]
    gaps = np.bincount(bins.ravel(), (rows.closes - mass * rows.score).ravel(), minlength=_BINS * len(mass))
    return _ratio(np.abs(gaps.reshape(len(mass), _BINS)).sum(axis=1), total[:, 0])


@Metric
def mean_gap(rows: Groups) -> Floats:
    """Mean probability minus close rate: above 0 the forecast promises too much.

    >>> mean_gap([1, 0], [0.5, 1.0])
    0.25
    """
    return _mean(rows, rows.score - 1.0, rows.score)


@Metric
def lift_at(rows: Groups, share: float = 0.1) -> Floats:
    """Close rate among the best-scored ``share`` of rows, over the close rate of all.

    The group at the cut counts with the part of it that fits, at its own close rate.

    >>> lift_at([1, 0, 0, 0], [0.9, 0.3, 0.2, 0.1], share=0.25)
    4.0
    """
    return _gain(rows, share) / share


@Metric
def capture_at(rows: Groups, share: float = 0.2) -> Floats:
    """Share of all closes that the best-scored ``share`` of rows holds; ties at the cut as in ``lift_at``.

    >>> capture_at([1, 1, 0, 0], [0.5, 0.5, 0.5, 0.5], share=0.5)
    0.5
    """
    return _gain(rows, share)


@Metric
def alift(rows: Groups) -> Floats:
    """Area under the cumulative gains curve (share of closes found against share of rows called).

    A half for a random order, ``1 - rate / 2`` for a perfect one; equal to
    ``rate / 2 + (1 - rate) * auc``.

    Source: ALIFT of Moro, Cortez and Rita, Decision Support Systems 62 (2014).

    >>> alift([1, 0], [0.9, 0.1])
    0.75
    """
    found = rows.found - 0.5 * rows.closes
    return _ratio((rows.mass * found).sum(axis=1), rows.mass.sum(axis=1) * rows.closes.sum(axis=1))


def sales_at(rows: Groups, share: float) -> Floats:
    """Share of all sales that the best-scored ``share`` of rows holds; ties at the cut as in ``lift_at``.

    Args:
        rows: what each sold, 0 or more, in place of whether it closed.
        share: of the rows.

    >>> sold = np.array([300.0, 0.0, 100.0, 0.0])
    >>> sales_at(Groups.of(sold, np.array([4.0, 3.0, 2.0, 1.0]), np.ones((1, 4))), 0.25)
    array([0.75])
    """
    return _gain(rows, share)


def _gain(rows: Groups, share: float) -> Floats:
    """Share of the closes within the best ``share`` of the mass, the group at the cut in part."""
    if not len(rows.score):
        return np.full(len(rows.mass), np.nan)
    cut, each = share * rows.mass.sum(axis=1), np.arange(len(rows.mass))
    reached = np.array([np.searchsorted(reach, asked) for reach, asked in zip(rows.reach, cut, strict=True)])
    at = np.minimum(reached, len(rows.score) - 1)
    mass, closes = rows.mass[each, at], rows.closes[each, at]
    part = np.clip((cut - (rows.reach[each, at] - mass)) / np.maximum(mass, _TINY), 0.0, 1.0)
    return _ratio(rows.found[each, at] - closes + closes * part, rows.closes.sum(axis=1))


def _mean(rows: Groups, of_close: Floats, of_other: Floats) -> Floats:
    """Mean of what each group's closes and its other rows count."""
    total = (rows.closes * of_close + (rows.mass - rows.closes) * of_other).sum(axis=1)
    return _ratio(total, rows.mass.sum(axis=1))


def _ratio(over: Floats, under: Floats) -> Floats:
    ratio = np.full(np.shape(over), np.nan)
    np.divide(over, under, out=ratio, where=under != 0.0)
    return ratio
