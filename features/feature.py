"""A feature as a declaration: a value, a reducer and a window over one table's known rows.

The declaration is data, not code, so that more than one engine can run it: ``features.matrix.build``
turns it into Polars expressions, the tests' reference walks through the rows one by one.
"""

from dataclasses import dataclass, replace
from typing import Literal

from features.tables import TableName

ValueKind = Literal["number", "flag", "category"]
Reducer = Literal[
    "count",
    "sum",
    "mean",
    "min",
    "max",
    "last",
    "n_unique",
    "trailing_run",
    "days_since_last",
    "days_since_first",
    "days_since_value",
    "days_until_value",
    "months_until_value",
]

COUNTING: frozenset[Reducer] = frozenset({"count", "sum", "n_unique", "trailing_run"})


@dataclass(frozen=True, slots=True)
class Condition:
    """A row counts only where ``column`` equals ``equals``; a missing value equals nothing."""

    column: str
    equals: str | bool


@dataclass(frozen=True, slots=True)
class Feature:
    """One column of the as-of matrix, declared once.

    Rows are the lead's (orders: its customer's) rows of ``table`` known strictly before the as-of,
    in the order of the table's contract, kept where all of ``where`` hold and, with a window, not
    older than ``window_days``.

    Attributes:
        name: column name, with its unit.
        table: the staged table it reads.
        value: the column that is reduced; none for a count and for days since a row.
        reducer: ``count`` of rows; ``sum``, ``mean``, ``min``, ``max``, ``n_unique`` of the values
            that are there; ``last`` value of the latest row, missing if it is missing there;
            ``trailing_run``, how many of the latest rows in a row are true; ``days_since_last`` and
            ``days_since_first`` row; ``days_since_value`` and ``days_until_value`` of the latest row,
            a time; ``months_until_value``, calendar months in the zone that the time is staged in.
        unit: unit of the result, or ``""`` for a category.
        en, zh: the meaning, in words that a salesperson understands.
        window_days: how far back rows count; all of them when left out.
        where: conditions on the rows.
        per: the integer value's parts per unit of the result (1000 for ms in s).
        kind: whether the result is a number, a flag (0 or 1) or a category.
        never: what is to be said, in both languages, of a lead without any such row.
        rule_en, rule_zh: the rule that tells the value, where it is no plain fact of the log.
        held: it has a value before its first row, too, where a field's history tells what it was.
        later: it came into the catalogue when scorers were in use already; one that was trained before is
            asked without it.
    """

    name: str
    table: TableName
    value: str | None
    reducer: Reducer
    unit: str
    en: str
    zh: str
    window_days: int | None = None
    where: tuple[Condition, ...] = ()
    per: int = 1
    kind: ValueKind = "number"
    never: tuple[str, str] | None = None
    rule_en: str = ""
    rule_zh: str = ""
    held: bool = False
    later: bool = False

    @property
    def meaning_en(self) -> str:
        """The meaning with its rule, in English."""
        return f"{self.en} ({self.rule_en})" if self.rule_en else self.en

    @property
    def meaning_zh(self) -> str:
        """The meaning with its rule, in Chinese."""
        return f"{self.zh}（{self.rule_zh}）" if self.rule_zh else self.zh

    @property
    def empty(self) -> int | None:
        """The value for a lead without any matching row: 0 for what is counted, else missing."""
        return 0 if self.reducer in COUNTING else None

    @property
    def reads(self) -> frozenset[str]:
        """The staged columns it needs; without one of them the feature is absent.

        Example:
            >>> Feature("calls_7d", "calls", None, "count", "calls", "", "", 7).reads
            frozenset()
        """
        columns = {condition.column for condition in self.where}
        return frozenset(columns | ({self.value} if self.value else set()))


WINDOW_WORDS = {
    7: ("in the last 7 days", "近7天"),
    30: ("in the last 30 days", "近30天"),
    90: ("in the last 90 days", "近90天"),
    365: ("in the last 365 days", "近365天"),
    None: ("so far", "累计"),
}


def windowed(
    stem: str,
    windows_days: tuple[int | None, ...],
    table: TableName,
    value: str | None,
    reducer: Reducer,
    unit: str,
    en: str,
    zh: str,
    where: tuple[Condition, ...] = (),
    per: int = 1,
) -> tuple[Feature, ...]:
    """Declare one quantity over several windows: ``calls_7d``, ``calls_30d``, ``calls_total``.

    Example:
        >>> [f.name for f in windowed("calls", (7, None), "calls", None, "count", "calls", "calls", "通话")]
        ['calls_7d', 'calls_total']
    """
    return tuple(
        Feature(
            name=f"{stem}_total" if days is None else f"{stem}_{days}d",
            table=table,
            value=value,
            reducer=reducer,
            unit=unit,
            en=f"{en} {WINDOW_WORDS[days][0]}",
            zh=f"{WINDOW_WORDS[days][1]}{zh}",
            window_days=days,
            where=where,
            per=per,
        )
        for days in windows_days
    )


def by_rule(features: tuple[Feature, ...], en: str, zh: str) -> tuple[Feature, ...]:
    """The same features, with the rule that tells the value.

    Example:
        >>> (calls,) = windowed("calls", (7,), "calls", None, "count", "calls", "calls", "通话")
        >>> by_rule((calls,), "attempts count", "含未接通")[0].meaning_en
        'calls in the last 7 days (attempts count)'
    """
    return tuple(replace(one, rule_en=en, rule_zh=zh) for one in features)
