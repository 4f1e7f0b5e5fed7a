"""Dates of which the day and the month may be swapped: found by what the other dates of the column tell."""

import re
from collections.abc import Sequence

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
    read = reader(fmt)(text)
    missed = text.filter(read.is_null() & text.is_not_null())
    against = int(reader(other)(missed).is_not_null().sum())
    if not against:
        return None
    swapped = reader(other)(text)
    for_it = int((read.is_not_null() & swapped.is_null()).sum())
    which = (read != swapped).fill_null(False)
    if against <= _EVIDENCE * (against + for_it) or not which.any():
        return None
    return which, f"may have day and month swapped: {against:,} of the column's dates read only as {other!r}"


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
    last = text.str.extract_groups(_YEAR_LAST).struct.unnest().cast(pl.Int64)
    first_field, second = last.get_columns()
    month, day = text.str.extract_groups(_YEAR_FIRST).struct.unnest().cast(pl.Int64).get_columns()
    over = [(field > 12).fill_null(True).all() for field in (first_field, second)]
    if not any(over) or not (day <= 12).fill_null(True).all():
        return none
    return (day != month).fill_null(False)
