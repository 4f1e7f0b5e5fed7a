"""Dates of which the day and the month may be swapped: found by what the other dates of the column tell."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import polars as pl

from pipeline.values.time_formats import reader

_YEAR_FIRST = r"^\d{4}-(\d\d)-(\d\d)"
_YEAR_LAST = r"^(\d{1,2})[/.-](\d{1,2})[/.-]\d{4}"
_NO_MONTH = r"(?:1[3-9]|2\d|3[01])"
# Of the dates that only one order reads; fewer are slips of the pen.
_EVIDENCE = 0.01


def other_order(fmt: str) -> str | None:
    """The format with day and month in the other order; None where the year or a word tells the order.

    >>> other_order("%d/%m/%Y %H:%M"), other_order("%Y-%m-%d"), other_order("%d %b %Y")
    ('%m/%d/%Y %H:%M', None, None)
    """
    order = re.findall(r"%[-_0]?([dmYy])", fmt)
    if order[:2] not in (["d", "m"], ["m", "d"]):
        return None
    swapped = re.sub(r"%([-_0]?)d", r"%\1\0", fmt)
    return re.sub(r"%([-_0]?)m", r"%\1d", swapped).replace("\0", "m")


def two_ways(text: pl.Series, formats: Sequence[str]) -> tuple[pl.Series, str] | None:
    """Find dates that two declared formats read as different days, or of which other dates deny the order.

    Args:
        text: the column.
        formats: the declared ones, in their order.

    Returns:
        Which texts, and why; None where there are none.

    >>> dates = pl.Series(["05/06/2026", "13/06/2026", "06/06/2026"])
    >>> which, why = two_ways(dates, ["%m/%d/%Y"])
    >>> which.to_list(), why
    ([True, False, False], "may have day and month swapped: 1 of the column's dates read only as '%d/%m/%Y'")
    """
    for fmt in formats:
        other = other_order(fmt)
        if other is None:
            continue
        if other not in formats:
            found = _denied(text, fmt, other) if _may_be_denied(text, fmt) else None
        else:
            both = (reader(fmt)(text) != reader(other)(text)).fill_null(False)
            found = (both, f"is one day by {fmt!r} and another by {other!r}") if both.any() else None
        if found is not None:
            return found
    return None


def _may_be_denied(text: pl.Series, fmt: str) -> bool:
    """Whether a quick look finds a number that is no month where the format has the month."""
    if re.match("%[-_0]?m", fmt):
        return bool(text.str.contains(rf"^{_NO_MONTH}\D").any())
    if re.match("%[-_0]?d", fmt):
        return bool(text.str.contains(rf"^\d{{1,2}}\D{_NO_MONTH}\D").any())
    return True


def _denied(text: pl.Series, fmt: str, other: str) -> tuple[pl.Series, str] | None:
    found = Order.of(text, fmt, other)
    if not found.is_denied or not found.doubtful:
        return None
    which = (reader(fmt)(text) != reader(other)(text)).fill_null(False)
    why = f"may have day and month swapped: {found.against:,} of the column's dates read only as {other!r}"
    return which, why


@dataclass(frozen=True, slots=True)
class Order:
    """What a column tells of a declared order of day and month.

    Attributes:
        fmt: the declared format.
        other: the one with day and month in the other order.
        only: how many dates read only as declared.
        against: how many read only in the other order.
        doubtful: how many are another day in the other order.
    """

    fmt: str
    other: str
    only: int
    against: int
    doubtful: int

    @classmethod
    def of(cls, text: pl.Series, fmt: str, other: str) -> Self:
        """Count the dates of a column."""
        read, swapped = reader(fmt)(text), reader(other)(text)
        return cls(
            fmt,
            other,
            int((read.is_not_null() & swapped.is_null()).sum()),
            int((read.is_null() & swapped.is_not_null()).sum()),
            int((read != swapped).fill_null(False).sum()),
        )

    def __add__(self, more: "Order") -> "Order":
        """The same of two spans of a column."""
        counts = (self.only + more.only, self.against + more.against, self.doubtful + more.doubtful)
        return Order(self.fmt, self.other, *counts)

    @property
    def is_denied(self) -> bool:
        """Whether the dates that read only in the other order are too many for slips of the pen."""
        return self.against > _EVIDENCE * (self.against + self.only)


def orders_told(text: pl.Series, formats: Sequence[str]) -> list[Order]:
    """What a column tells of each declared order of day and month; nothing of one declared both ways.

    >>> [one.doubtful for one in orders_told(pl.Series(["05/06/2026", "12/31/2026"]), ["%m/%d/%Y"])]
    [1]
    """
    both = [(fmt, other_order(fmt)) for fmt in formats]
    return [Order.of(text, fmt, other) for fmt, other in both if other and other not in formats]


def half_converted(text: pl.Series) -> pl.Series:
    """Which dates a spreadsheet may have read with day and month swapped, leaving those it could not read.

    A column of ``13/06/2026`` that a spreadsheet of month-first dates has opened keeps these as text, and
    holds date cells where the day can be a month: dates of both forms, none of which denies it.

    >>> half_converted(pl.Series(["2026-05-06 15:15:00", "13/06/2026", "2026-06-06 00:00:00"])).to_list()
    [True, False, False]
    >>> half_converted(pl.Series(["2026-05-20 15:15:00", "13/06/2026"])).any()
    False
    """
    none = pl.repeat(False, len(text), dtype=pl.Boolean, eager=True)
    if not (text.str.contains(_YEAR_LAST).any() and text.str.contains(_YEAR_FIRST).any()):
        return none
    return _doubtful(text) if Forms.of(text).are_half_converted else none


def _doubtful(text: pl.Series) -> pl.Series:
    month, day = text.str.extract_groups(_YEAR_FIRST).struct.unnest().cast(pl.Int64).get_columns()
    return (day != month).fill_null(False)


@dataclass(frozen=True, slots=True)
class Forms:
    """What forms the dates of a column have.

    Attributes:
        texts: whether some have the year last.
        converted: whether some have it first.
        day_first, day_second: whether all that have it last have a day there that is no month.
        small: whether all that have it first have a day that may be a month.
        doubtful: whether some of these are another day with day and month swapped.
    """

    texts: bool
    converted: bool
    day_first: bool
    day_second: bool
    small: bool
    doubtful: bool

    @classmethod
    def of(cls, text: pl.Series) -> Self:
        """Look at a column."""
        last = text.str.extract_groups(_YEAR_LAST).struct.unnest().cast(pl.Int64)
        first_field, second = last.get_columns()
        _, day = text.str.extract_groups(_YEAR_FIRST).struct.unnest().cast(pl.Int64).get_columns()
        return cls(
            bool(first_field.is_not_null().any()),
            bool(day.is_not_null().any()),
            bool((first_field > 12).all()),
            bool((second > 12).all()),
            bool((day <= 12).all()),
            bool(_doubtful(text).any()),
        )

    def __add__(self, other: "Forms") -> "Forms":
        """The same of two spans of a column."""
        return Forms(
            self.texts or other.texts,
            self.converted or other.converted,
            self.day_first and other.day_first,
            self.day_second and other.day_second,
            self.small and other.small,
            self.doubtful or other.doubtful,
        )

    @property
    def are_half_converted(self) -> bool:
        """Whether a spreadsheet may have converted those dates whose day can be a month, and no others."""
        return self.texts and self.converted and (self.day_first or self.day_second) and self.small
