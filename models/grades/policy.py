"""Grades from calibrated probabilities by a stated policy, and the close rates that they promise."""

import math
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Literal, Self, get_args

import numpy as np
import numpy.typing as npt

from models.arrays import Floats
from models.grades.grade_rates import grade_table

_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"

PolicyKind = Literal["thresholds", "capacity", "as_scheme", "value"]


@dataclass(frozen=True)
class GradeThreshold:
    """A grade is given when P(close within ``by``) is at least ``at_least``.

    Where the policy is by value, the expected value less the cost of calling is, in place of P.

    Attributes:
        share: part of the leads that the threshold was set to let in, of a policy by capacity.
        label: label of the scheme whose number of leads it was set to let in.
    """

    grade: str
    by: str
    at_least: float
    share: float | None = None
    label: str | None = None


@dataclass(frozen=True)
class Promise:
    """Close rate of a grade by a horizon, seen on the calibration period, with its 95 % interval.

    ``rows`` and ``leads`` count those that are ripe; the rate is None without any. ``effective`` is the
    number of independent rows that the rate is worth.
    """

    grade: str
    by: str
    rows: int
    leads: int
    rate: float | None
    low: float | None
    high: float | None
    effective: float | None


@dataclass(frozen=True)
class GradePolicy:
    """Conditions from the best grade down, and the promises learned for them.

    The first condition that holds gives the grade; where none holds, it is the letter after the last.

    Attributes:
        kind: how the thresholds came about: given, learned from shares of the leads (``capacity``) or from
            the number of leads of each label of a scheme, or given as expected value less cost (``value``).
        scheme: id of that scheme.
        cost_per_lead: cost of calling a lead, of a policy by value.

    >>> policy = GradePolicy.from_thresholds({"A": ("30d", 0.3), "B": ("90d", 0.3)}, ("30d", "90d"))
    >>> policy.assign(np.array([[0.3, 0.5], [0.1, 0.4], [0.1, 0.2]])).tolist()
    ['A', 'B', 'C']
    """

    conditions: tuple[GradeThreshold, ...]
    horizons: tuple[str, ...]
    promises: tuple[Promise, ...] = ()
    kind: PolicyKind = "thresholds"
    scheme: str = ""
    cost_per_lead: float = 0.0

    def __post_init__(self) -> None:
        letters = _LETTERS[: len(self.conditions)]
        if "".join(c.grade for c in self.conditions) != letters or len(letters) >= len(_LETTERS):
            names = ", ".join(str(c.grade) for c in self.conditions)
            raise ValueError(f"grades must be A, B, C ... in order, got {names}")
        if self.kind not in get_args(PolicyKind):
            raise ValueError(f"no grade policy: {self.kind}")
        for condition in self.conditions:
            self._check(condition)

    @classmethod
    def from_thresholds(cls, thresholds: Mapping[str, tuple[str, float]], horizons: Sequence[str]) -> Self:
        """Policy from grade -> (by, at_least), best grade first.

        Raises:
            ValueError: grades are not A, B, C ... in order, a horizon is not one of
                ``horizons``, or a threshold is not between 0 and 1.
        """
        conditions = tuple(GradeThreshold(g, by, float(least)) for g, (by, least) in thresholds.items())
        return cls(conditions, tuple(horizons))

    def _check(self, condition: GradeThreshold) -> None:
        in_bounds = 0.0 < condition.at_least < 1.0 if self.kind == "thresholds" else True
        if condition.by not in self.horizons or not in_bounds or not math.isfinite(condition.at_least):
            raise ValueError(
                f"grade {condition.grade}: P({condition.by}) >= {condition.at_least} needs one of the "
                f"horizons {list(self.horizons)} and a threshold between 0 and 1"
            )

    @property
    def grades(self) -> tuple[str, ...]:
        """All grades, best first."""
        return tuple(_LETTERS[: len(self.conditions) + 1])

    def assign(self, probabilities: Floats, expected_amount: Floats | None = None) -> npt.NDArray[np.str_]:
        """Grade of each row from P(close by each horizon), (rows, horizons).

        Args:
            probabilities: none missing.
            expected_amount: of each row, given that it closes; a policy by value needs it.

        Raises:
            ValueError: another number of horizons, or a missing probability or expected amount.
        """
        if probabilities.ndim != 2 or probabilities.shape[1] != len(self.horizons):
            raise ValueError(f"probabilities {probabilities.shape} for horizons {self.horizons}")
        if np.isnan(probabilities).any():
            raise ValueError("a probability is missing")
        measured = self._net_value(probabilities, expected_amount) if self.kind == "value" else probabilities
        grades = np.full(len(probabilities), self.grades[-1])
        for condition in reversed(self.conditions):
            by = self.horizons.index(condition.by)
            grades[measured[:, by] >= condition.at_least] = condition.grade
        return grades

    def _net_value(self, probabilities: Floats, expected_amount: Floats | None) -> Floats:
        if expected_amount is None or np.isnan(expected_amount).any():
            raise ValueError("a policy by value needs the expected amount of every lead")
        net: Floats = probabilities * expected_amount[:, None] - self.cost_per_lead
        return net

    def learn_promises(
        self, grades: npt.ArrayLike, closed: Floats, lead_ids: npt.ArrayLike, seed: int = 0
    ) -> Self:
        """The same policy with its promises, from the calibration period.

        Args:
            grades: grade of each row, as this policy assigned it.
            closed: (rows, horizons), closed by each horizon: 1, 0, or NaN where it is not ripe.
            lead_ids: whose rows these are.
            seed: of the bootstrap over leads.
        """
        table = grade_table(grades, closed, lead_ids, self.horizons, order=self.grades, seed=seed)
        return replace(self, promises=tuple(_promise(row) for row in table.to_dict("records")))

    def to_dict(self) -> dict[str, Any]:
        """Conditions and promises as JSON knows them."""
        state = asdict(self)
        return {name: list(value) if isinstance(value, tuple) else value for name, value in state.items()}

    @classmethod
    def from_dict(cls, state: dict[str, Any]) -> Self:
        """Read back what ``to_dict`` wrote.

        Raises:
            ValueError: as ``from_thresholds``, or a promise for another grade or horizon.
        """
        parts = {
            "conditions": tuple(GradeThreshold(**condition) for condition in state["conditions"]),
            "horizons": tuple(state["horizons"]),
            "promises": tuple(Promise(**promise) for promise in state["promises"]),
        }
        policy = cls(**{**state, **parts})
        if any(p.grade not in policy.grades or p.by not in policy.horizons for p in policy.promises):
            raise ValueError("a promise names a grade or a horizon that the policy has not")
        return policy


def _promise(row: Mapping[Hashable, Any]) -> Promise:
    rate, low, high, effective = (
        None if math.isnan(row[name]) else float(row[name]) for name in ("rate", "low", "high", "effective")
    )
    return Promise(row["grade"], row["by"], int(row["rows"]), int(row["leads"]), rate, low, high, effective)
