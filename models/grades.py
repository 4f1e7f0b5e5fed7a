"""Grades from calibrated probabilities by a stated policy, and the close rates that they promise."""

import math
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Self

import numpy as np
import numpy.typing as npt
import pandas as pd

from models.bootstrap import lead_bootstrap, percentile_bounds
from models.hazards import Bools, Floats
from models.rule_grades import label_names

_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_WILSON_Z = 1.959964
_TABLE_COLUMNS = ["grade", "by", "rows", "leads", "share", "rate", "low", "high"]


@dataclass(frozen=True)
class Condition:
    """A grade is given when P(close within ``by``) is at least ``at_least``."""

    grade: str
    by: str
    at_least: float


@dataclass(frozen=True)
class Promise:
    """Close rate of a grade by a horizon, seen on the calibration period, with its 95 % interval.

    ``rows`` and ``leads`` count those that are ripe; the rate is None without any.
    """

    grade: str
    by: str
    rows: int
    leads: int
    rate: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True)
class GradePolicy:
    """Conditions from the best grade down, and the promises learned for them.

    The first condition that holds gives the grade; where none holds, it is the letter after the last.

    >>> policy = GradePolicy.from_thresholds({"A": ("30d", 0.3), "B": ("90d", 0.3)}, ("30d", "90d"))
    >>> policy.assign(np.array([[0.3, 0.5], [0.1, 0.4], [0.1, 0.2]])).tolist()
    ['A', 'B', 'C']
    """

    conditions: tuple[Condition, ...]
    horizons: tuple[str, ...]
    promises: tuple[Promise, ...] = ()

    @classmethod
    def from_thresholds(cls, thresholds: Mapping[str, tuple[str, float]], horizons: Sequence[str]) -> Self:
        """Policy from grade -> (by, at_least), best grade first.

        Raises:
            ValueError: grades are not A, B, C ... in order, a horizon is not one of
                ``horizons``, or a threshold is not between 0 and 1.
        """
        conditions = tuple(Condition(g, by, float(least)) for g, (by, least) in thresholds.items())
        if [c.grade for c in conditions] != list(_LETTERS[: len(conditions)]) or len(conditions) >= 26:
            raise ValueError(f"grades must be A, B, C ... in order, got {', '.join(map(str, thresholds))}")
        for c in conditions:
            if c.by not in horizons or not 0.0 < c.at_least < 1.0:
                raise ValueError(
                    f"grade {c.grade}: P({c.by}) >= {c.at_least} needs one of the horizons "
                    f"{list(horizons)} and a threshold between 0 and 1"
                )
        return cls(conditions, tuple(horizons))

    @property
    def grades(self) -> tuple[str, ...]:
        """All grades, best first."""
        return tuple(_LETTERS[: len(self.conditions) + 1])

    def assign(self, probabilities: Floats) -> npt.NDArray[np.str_]:
        """Grade of each row from P(close by each horizon), (rows, horizons).

        Raises:
            ValueError: another number of horizons, or a missing probability.
        """
        if probabilities.ndim != 2 or probabilities.shape[1] != len(self.horizons):
            raise ValueError(f"probabilities {probabilities.shape} for horizons {self.horizons}")
        if np.isnan(probabilities).any():
            raise ValueError("a probability is missing")
        grades = np.full(len(probabilities), self.grades[-1])
        for condition in reversed(self.conditions):
            by = self.horizons.index(condition.by)
            grades[probabilities[:, by] >= condition.at_least] = condition.grade
        return grades

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
        return {name: list(value) for name, value in state.items()}

    @classmethod
    def from_dict(cls, state: dict[str, Any]) -> Self:
        """Read back what ``to_dict`` wrote.

        Raises:
            ValueError: as ``from_thresholds``, or a promise for another grade or horizon.
        """
        thresholds = {c["grade"]: (c["by"], c["at_least"]) for c in state["conditions"]}
        policy = cls.from_thresholds(thresholds, state["horizons"])
        promises = tuple(Promise(**promise) for promise in state["promises"])
        if any(p.grade not in policy.grades or p.by not in policy.horizons for p in promises):
            raise ValueError("a promise names a grade or a horizon that the policy has not")
        return replace(policy, promises=promises)


def grade_table(
    grades: npt.ArrayLike,
    closed: Floats,
    lead_ids: npt.ArrayLike,
    horizons: Sequence[str],
    *,
    order: Sequence[str] | None = None,
    seed: int = 0,
) -> pd.DataFrame:
    """Close rate of each grade by each horizon: of the learned grades, or of a rule scheme's labels.

    Args:
        grades: label of each row; a missing one is ``ungraded``.
        closed: (rows, horizons) of 1, 0 and NaN (not ripe: left out at that horizon).
        lead_ids: whose rows these are.
        horizons: names of the columns of ``closed``.
        order: labels to list, also those without a row; the labels found, sorted, when left out.
        seed: of the bootstrap over leads.

    Returns:
        One row per grade and horizon: ``grade``, ``by``, ``rows`` and ``leads`` (ripe ones),
        ``share`` (of all rows, ripe or not), ``rate``, ``low``, ``high``. The interval is a bootstrap
        over leads; where none or all of a grade closed, which a bootstrap takes for certain, it is
        Wilson's on the number of leads.
    """
    labels, leads = label_names(grades), np.asarray(lead_ids)
    names = sorted(set(labels)) if order is None else list(order)
    members = np.column_stack([np.asarray(labels == name) for name in names])
    shares = members.mean(axis=0) if len(labels) else np.zeros(len(names))
    records = []
    for k, horizon in enumerate(horizons):
        ripe = ~np.isnan(closed[:, k])
        rates = _rates(members[ripe], closed[ripe, k], leads[ripe], seed)
        records += [
            {"grade": name, "by": horizon, "share": float(share), **rate}
            for name, share, rate in zip(names, shares, rates, strict=True)
        ]
    table = pd.DataFrame(records, columns=_TABLE_COLUMNS)
    place = table["grade"].map({name: i for i, name in enumerate(names)})
    return table.iloc[np.argsort(place, kind="stable")].reset_index(drop=True)


def _rates(members: Bools, closed: Floats, leads: npt.NDArray[Any], seed: int) -> list[dict[str, float]]:
    """Ripe rows, leads, close rate and its interval, for each column of ``members``."""
    belongs, closes = members.astype(np.float64), members * closed[:, None]
    with np.errstate(invalid="ignore"):  # a grade that a resample does not hold has no rate there
        draws = np.concatenate([(w @ closes) / (w @ belongs) for w in lead_bootstrap(leads, seed=seed)])
    result = []
    for place, draw in enumerate(draws.T):
        rows, won = int(belongs[:, place].sum()), int(closes[:, place].sum())
        own_leads = len(pd.unique(leads[members[:, place]]))
        low, high = _wilson(won / rows, own_leads) if rows and won in (0, rows) else percentile_bounds(draw)
        rate = won / rows if rows else float("nan")
        result.append({"rows": rows, "leads": own_leads, "rate": rate, "low": low, "high": high})
    return result


def _wilson(rate: float, n: int) -> tuple[float, float]:
    """95 % interval of a rate among n leads. Source: Wilson, JASA 22 (1927)."""
    z2 = _WILSON_Z**2
    middle = (rate + z2 / (2 * n)) / (1 + z2 / n)
    half = _WILSON_Z * math.sqrt(rate * (1 - rate) / n + z2 / (4 * n * n)) / (1 + z2 / n)
    return max(0.0, middle - half), min(1.0, middle + half)


def _promise(row: Mapping[Hashable, Any]) -> Promise:
    rate, low, high = (
        None if math.isnan(row[name]) else float(row[name]) for name in ("rate", "low", "high")
    )
    return Promise(row["grade"], row["by"], int(row["rows"]), int(row["leads"]), rate, low, high)
