"""What a scorer's inputs, scores and grades were like when it was learned: frozen, for later comparison.

A reference holds counts and means by instant, one after another as the monitor will look later, so that it
also tells how much a healthy world differs from one instant to the next. It holds no row of any lead.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import numpy.typing as npt
import pandas as pd

from models.arrays import Floats
from models.disclosure import shared_values
from models.drift.bins import Bins

# The source of the graded list itself: the leads that are open at the instant, with inputs, scores and grade.
OPEN_LEADS = "open leads"

# The column of a frame that tells whose its rows are, and is not watched itself.
WHOSE = "lead_id"

# Columns whose values are the scorer's own, and name nobody.
OURS = ("grade",)

# Share of the rows of the later half of the instants with values that the first half never had.
_TURNED_OVER = 0.2


@dataclass(frozen=True)
class Profile:
    """One column at every instant of the reference.

    Attributes:
        bins: learned on all instants together.
        by_instant: rows in each bin, (instants, bins).
        means: at each instant, of a number that is never below 0; empty for others.
        seen_once: leads with a value of a category that without them would have no name: they tell how likely
            one is that was never seen.
        turns_over: whether the values of a category come and go in the reference itself.
    """

    bins: Bins
    by_instant: npt.NDArray[np.int64]
    means: tuple[float, ...] = ()
    seen_once: int = 0
    turns_over: bool = False

    @classmethod
    def learn(
        cls, columns: Sequence[pd.Series], leads: Sequence[npt.ArrayLike] | None = None, least: int = 1
    ) -> Self:
        """Learn from a column as it was at each instant: numbers as numbers, all else as categories.

        Args:
            columns: one per instant.
            leads: whose rows these are; without them each row counts as a lead.
            least: a value of fewer leads has no name, a mean of fewer is not told.
        """
        number = all(is_number(column) for column in columns)
        whole = pd.concat([column.astype(np.float64 if number else object) for column in columns])
        whose = np.arange(len(whole)) if leads is None else np.concatenate([np.asarray(one) for one in leads])
        bins = Bins.learn(whole, "number" if number else "category", whose, least)
        counts = _counts_by_instant(bins, whole, [len(column) for column in columns])
        if not number:
            return cls(bins, counts, (), _seen_by_few(whole, whose, least), _turns_over(columns))
        if (whole < 0.0).any():
            return cls(bins, counts)
        return cls(bins, counts, tuple(mean_of(one) if one.count() >= least else math.nan for one in columns))

    @property
    def counts(self) -> npt.NDArray[np.int64]:
        """Rows in each bin, all instants together."""
        total: npt.NDArray[np.int64] = self.by_instant.sum(axis=0)
        return total

    @property
    def mean(self) -> float:
        """Mean over the instants at which there is one; NaN without any."""
        known = [mean for mean in self.means if not math.isnan(mean)]
        return math.fsum(known) / len(known) if known else math.nan

    def to_dict(self) -> dict[str, Any]:
        """As JSON knows it."""
        return {
            "bins": self.bins.to_dict(),
            # A line for each instant: one for each number would make most of the file.
            "by_instant": [" ".join(map(str, counts)) for counts in self.by_instant.tolist()],
            "means": [None if math.isnan(mean) else mean for mean in self.means],
            "seen_once": self.seen_once,
            **({"turns_over": True} if self.turns_over else {}),
        }

    @classmethod
    def from_dict(cls, state: Mapping[str, Any]) -> Self:
        """Read back what ``to_dict`` wrote.

        Raises:
            ValueError: counts that do not fit the bins.
        """
        bins = Bins.from_dict(state["bins"])
        lines = [[int(count) for count in str(line).split()] for line in state["by_instant"]]
        counts = np.asarray(lines, dtype=np.int64)
        if counts.ndim != 2 or counts.shape[1] != bins.size or (counts < 0).any():
            raise ValueError("the reference has counts that do not fit its bins")
        turns_over = bool(state.get("turns_over", False))
        return cls(bins, counts, _numbers(state["means"]), int(state["seen_once"]), turns_over)


@dataclass(frozen=True)
class SourceProfile:
    """What came from one source, or stood on the list, at each instant.

    Attributes:
        rows: at each instant.
        repeats: rows for each different lead, where a lead's rows at several instants are alike; else 1.
        columns: profile of each column.
        steady: whether another number of rows is drift; people come and go.
    """

    rows: tuple[int, ...]
    repeats: float
    columns: Mapping[str, Profile]
    steady: bool = True

    @classmethod
    def learn(
        cls,
        frames: Sequence[pd.DataFrame],
        leads: Sequence[pd.Series] | None = None,
        *,
        steady: bool = True,
        least: int = 1,
    ) -> Self:
        """Learn from the frames of all instants.

        Args:
            frames: one per instant, all with the same columns; `WHOSE`, where it is there, tells the leads.
            leads: whose rows these are, where the same lead comes at several instants.
            steady: whether another number of rows is drift.
            least: as of ``Profile.learn``.
        """
        rows = tuple(len(frame) for frame in frames)
        whose = _numbered([frame[WHOSE] for frame in frames]) if WHOSE in frames[0].columns else None
        watched = [str(name) for name in frames[0].columns if name != WHOSE]
        different = pd.concat(list(leads)).nunique() if leads is not None else sum(rows)
        return cls(
            rows,
            max(1.0, sum(rows) / max(1, different)),
            {
                name: Profile.learn([frame[name] for frame in frames], whose, 1 if name in OURS else least)
                for name in watched
            },
            steady,
        )

    def to_dict(self) -> dict[str, Any]:
        """As JSON knows it."""
        columns = {name: profile.to_dict() for name, profile in self.columns.items()}
        parts = {"rows": list(self.rows), "repeats": self.repeats, "columns": columns}
        return {**parts, "steady": self.steady}

    @classmethod
    def from_dict(cls, state: Mapping[str, Any]) -> Self:
        """Read back what ``to_dict`` wrote.

        Raises:
            ValueError: as ``Profile.from_dict``.
        """
        columns = {str(name): Profile.from_dict(one) for name, one in state["columns"].items()}
        return cls(
            tuple(int(rows) for rows in state["rows"]),
            float(state["repeats"]),
            columns,
            bool(state["steady"]),
        )


@dataclass(frozen=True)
class Reference:
    """Everything that a monitor compares with.

    Attributes:
        instants: at which it looked, as ISO 8601 texts.
        until: first as-of that the scorer did not learn from, likewise.
        period_days: how long before an instant events count as having come in.
        sources: by name.
        expected_auc: of each horizon, at each instant, from the probabilities alone.
        promised: of each horizon, the close rate that it was calibrated on, and the number of independent
            rows that this is worth.
    """

    instants: tuple[str, ...]
    until: str
    period_days: int
    sources: Mapping[str, SourceProfile]
    expected_auc: Mapping[str, tuple[float, ...]]
    promised: Mapping[str, tuple[float, float]]

    def to_dict(self) -> dict[str, Any]:
        """As JSON knows it."""
        return {
            "instants": list(self.instants),
            "until": self.until,
            "period_days": self.period_days,
            "sources": {name: source.to_dict() for name, source in self.sources.items()},
            "expected_auc": {
                name: [None if math.isnan(one) else one for one in values]
                for name, values in self.expected_auc.items()
            },
            "promised": {name: list(pair) for name, pair in self.promised.items()},
        }

    @classmethod
    def from_dict(cls, state: Mapping[str, Any]) -> Self:
        """Read back what ``to_dict`` wrote.

        Raises:
            ValueError: as ``Profile.from_dict``.
        """
        return cls(
            tuple(str(instant) for instant in state["instants"]),
            str(state["until"]),
            int(state["period_days"]),
            {str(name): SourceProfile.from_dict(one) for name, one in state["sources"].items()},
            {str(name): _numbers(values) for name, values in state["expected_auc"].items()},
            {str(name): (float(rate), float(rows)) for name, (rate, rows) in state["promised"].items()},
        )


def _counts_by_instant(bins: Bins, whole: pd.Series, rows: Sequence[int]) -> npt.NDArray[np.int64]:
    """Rows in each bin at each instant, (instants, bins), of a column with so many rows at each of them."""
    instants = np.repeat(np.arange(len(rows)), rows)
    counts = np.bincount(instants * bins.size + bins.places(whole), minlength=len(rows) * bins.size)
    return counts.reshape(len(rows), bins.size).astype(np.int64)


def _numbered(leads: Sequence[pd.Series]) -> list[npt.NDArray[np.intp]]:
    """Numbers for the leads of several instants, which are told apart much faster than ids."""
    codes = pd.factorize(pd.concat(list(leads)))[0]
    return np.split(codes, np.cumsum([len(one) for one in leads])[:-1])


def _seen_by_few(values: pd.Series, leads: npt.ArrayLike, least: int) -> int:
    held = pd.DataFrame({"value": values.astype(str).to_numpy(), "lead": np.asarray(leads)})
    held = held[values.notna().to_numpy()].drop_duplicates()
    return int((~held["value"].isin(shared_values(held["value"], held["lead"], least + 1))).sum())


def _turns_over(columns: Sequence[pd.Series]) -> bool:
    """Whether many rows of the later half of the instants hold values that the first half never had."""
    known = [column.dropna().astype(str) for column in columns]
    half = len(known) // 2
    if not half:
        return False
    early, late = pd.concat(known[:half]), pd.concat(known[half:])
    return bool(len(early) and len(late) and (~late.isin(early.unique())).mean() >= _TURNED_OVER)


def is_number(column: pd.Series) -> bool:
    """Whether a column holds numbers."""
    return pd.api.types.is_numeric_dtype(column.dtype)


def mean_of(column: pd.Series) -> float:
    """Mean of the numbers that are there, the same in whatever order they come; NaN without any."""
    known: Floats = column.dropna().to_numpy(dtype=np.float64)
    return math.fsum(known) / len(known) if len(known) else math.nan


def _numbers(values: Sequence[float | None]) -> tuple[float, ...]:
    return tuple(math.nan if value is None else float(value) for value in values)
