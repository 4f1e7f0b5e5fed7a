"""Inductive Venn-Abers calibration: an interval for each hazard, and its one number.

A hazard h is put among the calibration rows twice, once as a close and once as none; the isotonic
curves of the two have the values ``p1`` and ``p0`` at h. One of the two forecasts is calibrated
whatever the rows' law, so the interval from p0 to p1 says how much the rows leave open: it is narrow
where there are many. As functions of h both are steps, found once and stored; an answer is a look-up.

Source: Vovk and Petej, Venn-Abers predictors, UAI (2014); Vovk, Petej and Fedorova, Large-scale
probabilistic predictors with and without guarantees of validity, NeurIPS (2015), for the fast steps.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar, Literal, Self

import numpy as np
from scipy.special import expit, logit

from models.arrays import Floats

Side = Literal["left", "right"]

# Ends are kept to the next hundredth in log-odds, outwards: an interval loses nothing of itself, and a table
# has some hundred numbers however many rows there were.
_LOG_ODDS_STEPS = 100.0


@dataclass(frozen=True)
class Steps:
    """A rising step function: ``values[i]`` from ``edges[i - 1]`` to ``edges[i]``.

    Attributes:
        edges: hazards at which it rises.
        values: one more than there are edges, never falling.
    """

    edges: tuple[float, ...]
    values: tuple[float, ...]

    @classmethod
    def thinned(cls, edges: Floats, values: Floats, outwards: Callable[[Floats], Floats]) -> Self:
        """Values rounded in log-odds, without the edges at which then nothing rises.

        Args:
            edges: hazards at which the values may rise.
            values: one more, never falling, from 0 to 1.
            outwards: rounds to whole numbers, such as ``np.floor``.

        >>> Steps.thinned(np.array([0.1, 0.2]), np.array([0.0, 0.0, 0.5]), np.floor)
        Steps(edges=(0.2,), values=(0.0, 0.5))
        """
        rounded = expit(outwards(logit(values) * _LOG_ODDS_STEPS) / _LOG_ODDS_STEPS)
        rises = np.diff(rounded) > 0.0
        return cls(tuple(edges[rises].tolist()), (float(rounded[0]), *rounded[1:][rises].tolist()))

    def at(self, hazard: Floats, side: Side) -> Floats:
        """The values at hazards; one that is on an edge is before it (``left``) or past it (``right``)."""
        values: Floats = np.array(self.values)[np.searchsorted(self.edges, hazard, side)]
        return values

    @classmethod
    def from_dict(cls, state: dict[str, Any]) -> Self:
        """Read back edges and values.

        Raises:
            ValueError: they do not rise within 0 and 1.
        """
        edges, values = (tuple(map(float, state[name])) for name in ("edges", "values"))
        rising = np.isfinite(edges).all() and (np.diff(edges) > 0.0).all() and (np.diff(values) >= 0.0).all()
        if len(values) != len(edges) + 1 or not rising or not 0.0 <= values[0] <= values[-1] <= 1.0:
            raise ValueError("no Venn-Abers calibration: its steps must rise from 0 to 1")
        return cls(edges, values)


@dataclass(frozen=True)
class VennAbersCalibration:
    """The interval of each hazard, and between its ends the one number with the least regret in log-loss.

    Attributes:
        low: p0, the rate if the lead itself does not close; it rises at the edges.
        high: p1, the rate if it does; it rises past the edges.
    """

    method: ClassVar[str] = "venn_abers"
    low: Steps = Steps((), (0.0,))
    high: Steps = Steps((), (1.0,))

    @classmethod
    def fit(cls, hazard: Floats, event: Floats) -> Self:
        """Learn from one window's raw hazards and events (1, 0; NaN rows are left out).

        Without any row every interval is from 0 to 1.
        """
        scores, low, high = intervals(hazard, event)
        return cls(
            Steps.thinned(scores, np.concatenate([[0.0], low]), np.floor),
            Steps.thinned(scores, np.concatenate([high, [1.0]]), np.ceil),
        )

    def lowest(self, hazard: Floats) -> Floats:
        """p0 of each row.

        >>> VennAbersCalibration(low=Steps((0.2,), (0.0, 0.1))).lowest(np.array([0.1, 0.2]))
        array([0. , 0.1])
        """
        return self.low.at(hazard, "right")

    def highest(self, hazard: Floats) -> Floats:
        """p1 of each row.

        >>> VennAbersCalibration(high=Steps((0.2,), (0.3, 1.0))).highest(np.array([0.2, 0.4]))
        array([0.3, 1. ])
        """
        return self.high.at(hazard, "left")

    def interval(self, hazard: Floats) -> tuple[Floats, Floats]:
        """Lower and upper hazard of each row."""
        return self.lowest(hazard), self.highest(hazard)

    def transform(self, hazard: Floats) -> Floats:
        """Calibrated hazard of each row: ``p1 / (1 - p0 + p1)``.

        >>> VennAbersCalibration().transform(np.array([0.1]))
        array([0.5])
        """
        low, high = self.interval(hazard)
        # Written so that rounding cannot turn two ranks round.
        calibrated: Floats = 1.0 / (1.0 + (1.0 - low) / high)
        return calibrated

    def to_dict(self) -> dict[str, Any]:
        """The steps."""
        ends = {"low": self.low, "high": self.high}
        steps = {end: {"edges": list(s.edges), "values": list(s.values)} for end, s in ends.items()}
        return {"method": self.method, **steps}

    @classmethod
    def from_dict(cls, state: dict[str, Any]) -> Self:
        """Read back what ``to_dict`` wrote.

        Raises:
            ValueError: an unknown method, or steps that do not rise.
        """
        low, high = Steps.from_dict(state["low"]), Steps.from_dict(state["high"])
        if state["method"] != cls.method or not high.values[0] > 0.0:
            raise ValueError("no Venn-Abers calibration: the upper steps must be above 0")
        return cls(low, high)


def intervals(hazard: Floats, event: Floats) -> tuple[Floats, Floats, Floats]:
    """The different hazards in rising order, and p0 and p1 at each.

    From one hazard to the next p0 is what it is at the lower, p1 what it is at the higher.

    >>> found = intervals(np.array([0.2, 0.4, 0.4]), np.array([0.0, 0.0, 1.0]))
    >>> [part.round(3).tolist() for part in found]
    [[0.2, 0.4], [0.0, 0.333], [0.5, 0.667]]
    """
    at_risk = ~np.isnan(event)
    scores, group = np.unique(hazard[at_risk], return_inverse=True)
    rows = np.bincount(group, minlength=len(scores)).astype(np.float64)
    closes = np.bincount(group, event[at_risk], minlength=len(scores)).astype(np.float64)
    # A row more that did not close, seen from the other end, is a row more that did.
    low = 1.0 - _rates_with_one_more_close(rows[::-1], (rows - closes)[::-1])[::-1]
    return scores, low, _rates_with_one_more_close(rows, closes)


def _rates_with_one_more_close(rows: Floats, closes: Floats) -> Floats:
    """The isotonic rate at each group once one more row in it closed, (groups,).

    Groups are of equal hazard, in rising order, with ``rows`` and ``closes`` each. The isotonic rates
    are the slopes of the lower hull of the points (rows so far, closes so far). One more close in group
    i moves all points before it by (-1, -1): one hull, kept while the moved point goes up by a group.
    """
    points = list(zip(np.cumsum([0.0, *rows]).tolist(), np.cumsum([0.0, *closes]).tolist(), strict=True))
    hull = [points[-1]]
    for point in reversed(points[:-1]):
        _put(hull, point)
    _put(hull, (-1.0, -1.0))
    rates = np.empty(len(rows))
    for place, (x, y) in enumerate(points[1:]):
        (left_x, left_y), (right_x, right_y) = hull[-1], hull[-2]
        rates[place] = (right_y - left_y) / (right_x - left_x)
        moved = (x - 1.0, y - 1.0)
        if (moved[1] - left_y) * (right_x - left_x) < (right_y - left_y) * (moved[0] - left_x):
            hull.pop()
            _put(hull, moved)
    return rates


def _put(hull: list[tuple[float, float]], point: tuple[float, float]) -> None:
    """Add the leftmost point to a lower hull that runs from right to left; whole numbers, so it is exact."""
    x, y = point
    while len(hull) > 1:
        (near_x, near_y), (far_x, far_y) = hull[-1], hull[-2]
        if (near_y - y) * (far_x - x) < (far_y - y) * (near_x - x):
            return hull.append(point)
        hull.pop()
    hull.append(point)
