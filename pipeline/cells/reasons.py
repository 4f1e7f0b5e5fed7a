"""Why a cell could not be read, and which setting or format would read it."""

from collections.abc import Mapping

import polars as pl

from pipeline.cells.reading import CellKind, Reading
from pipeline.values.currencies import foreign
from pipeline.values.marks import Decimal, is_undecided, narrow
from pipeline.values.quantities import taken_apart
from pipeline.values.time_advice import fitting_formats

_NOT_READ: Mapping[CellKind, str] = {
    "whole": "is not a whole number",
    "real": "is not a number{decimal}",
    "yes_no": "is not a yes/no word; map it in {values}",
    "milliseconds": "is not a duration in the unit {unit!r}; set {source}.duration_unit",
    "minor_units": "is not an amount of money{decimal}",
    "ppm": "is not a share, such as 0.7 or 70%",
}
_DIGITS = r"[\d.,'’ ]*\d"


def why_unread(words: pl.Series, how: Reading, decimal: Decimal) -> pl.Series:
    """Say of each different text that could not be read what is wrong with it.

    Args:
        words: the texts.
        how: they were to be read.
        decimal: the decimal mark that was to be read.
    """
    usual = _NOT_READ[how.kind].format(
        values=f"{how.key}.values.{how.ours}",
        decimal="" if decimal == "auto" else f" (decimal mark {decimal!r})",
        unit=how.source.duration_unit,
        source=how.key,
    )
    reasons = pl.repeat(usual, len(words), dtype=pl.String, eager=True)
    if how.kind in ("yes_no", "milliseconds"):
        return reasons
    for which, reason in _number_faults(words, how, decimal):
        reasons = reasons.set(which.fill_null(False), reason)
    return reasons


def _number_faults(words: pl.Series, how: Reading, decimal: Decimal) -> list[tuple[pl.Series, str]]:
    parts = taken_apart(words, "auto")
    found: list[tuple[pl.Series, str]] = []
    if how.kind == "real":
        plain = parts.plain.is_not_null() & ~parts.percent & (parts.mark == "")
        found.append((plain, "is a plain number beside per cents; is it a per cent or not?"))
    if decimal == "auto":
        both = is_undecided(narrow(words).str.extract(f"({_DIGITS})").str.strip_chars())
        told = f"set {how.key}.decimal to '.' or ','"
        found.append((both, f"may have a decimal mark or a group mark, and the column does not tell; {told}"))
    if how.kind in ("real", "minor_units"):
        marks = parts.mark.unique(maintain_order=True)
        other = foreign([mark for mark in marks if mark], how.currency)
        told = f"than {how.currency}" if how.currency else "than others of the column; set currency"
        found.append((parts.mark.is_in(other) & (parts.mark != ""), f"names another currency {told}"))
    return found


def why_untimely(unread: pl.Series, how: Reading) -> str:
    """Say what would read a column's times that nothing read.

    Args:
        unread: those times.
        how: they were to be read.
    """
    fitting = fitting_formats(unread)
    told = f", such as {fitting}" if fitting else ""
    return f"is not a date or time that is understood; set {how.key}.time_formats{told}"
