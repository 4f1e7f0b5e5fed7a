"""Leads outside of what a scorer learned from: graded all the same, and marked with the reason."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Self

import polars as pl

from features import cohort
from pipeline.config.data import Cohort
from pipeline.intake.staged_tables import Tables

OUTSIDE = "outside_training"

# The mark and its reason in two languages.
MARKS = (OUTSIDE, *(f"{OUTSIDE}_{language}" for language in ("en", "zh")))


@dataclass(frozen=True)
class Limits:
    """Which of the open leads were learned from.

    Attributes:
        max_age_days: those created at most so many days before; all when missing.
        min_calls: those with at least so many known calls.
        stages: those that had entered one of these stages; all where none is named.

    Example:
        >>> Limits.of(Cohort(max_age_days=365)).to_dict()
        {'max_age_days': 365}
        >>> Limits.from_dict({"max_age_days": 365}) == Limits.of(Cohort(max_age_days=365))
        True
    """

    max_age_days: int | None = None
    min_calls: int = 0
    stages: tuple[str, ...] = ()

    @classmethod
    def of(cls, choice: Cohort) -> Self:
        """The limits that a cohort sets."""
        return cls(
            choice.max_age_days if choice.at == "monthly" else None,
            choice.min_calls,
            choice.stages if choice.at == "stage_entry" else (),
        )

    def to_dict(self) -> dict[str, Any]:
        """What is limited, as a scorer keeps it."""
        told = {"max_age_days": self.max_age_days, "min_calls": self.min_calls, "stages": list(self.stages)}
        return {name: value for name, value in told.items() if value}

    @classmethod
    def from_dict(cls, state: Mapping[str, Any]) -> Self:
        """Read back what ``to_dict`` wrote."""
        return cls(state.get("max_age_days"), state.get("min_calls", 0), tuple(state.get("stages", ())))


def marked(spine: pl.DataFrame, staged: Tables, limits: Limits) -> pl.DataFrame:
    """Tell in ``MARKS`` whether a row's lead is outside of the limits, and why; no reason where it is not.

    Args:
        spine: a row per lead.
        staged: its tables.
        limits: what was learned from.
    """
    found = [(_leads(inside), en, zh) for inside, en, zh in _inside(spine, staged, limits)]

    def words(language: int, between: str) -> pl.Expr:
        told = [pl.when(~pl.col("lead_id").is_in(one[0])).then(pl.lit(one[language])) for one in found]
        return pl.concat_str(told, separator=between, ignore_nulls=True) if told else pl.lit("")

    told = spine.with_columns(words(1, "; ").alias(MARKS[1]), words(2, "；").alias(MARKS[2]))
    # Without any word there is none, not an empty one.
    named = told.with_columns(pl.col(name).cast(pl.String).replace({"": None}) for name in MARKS[1:])
    return named.with_columns(pl.col(MARKS[1]).is_not_null().alias(OUTSIDE))


def _leads(inside: pl.DataFrame) -> pl.Series:
    return inside["lead_id"].implode()


def _inside(spine: pl.DataFrame, staged: Tables, limits: Limits) -> Iterator[tuple[pl.DataFrame, str, str]]:
    """The rows within each limit, and what is to be said of the others."""
    if limits.max_age_days is not None:
        yield (
            cohort.young_leads(spine, staged["leads"], limits.max_age_days),
            f"created more than {limits.max_age_days} days before: nothing was learned from such leads",
            f"创建已超过{limits.max_age_days}天：模型未学习过此类线索",
        )
    if limits.min_calls:
        yield (
            cohort.called_leads(spine, staged["calls"], limits.min_calls),
            f"fewer calls than {limits.min_calls}: nothing was learned from such leads",
            f"通话少于{limits.min_calls}次：模型未学习过此类线索",
        )
    if limits.stages:
        yield (
            cohort.entered_leads(spine, staged["stages"], limits.stages),
            f"not yet in {', '.join(limits.stages)}: nothing was learned from such leads",
            f"尚未进入阶段{'、'.join(limits.stages)}：模型未学习过此类线索",
        )
