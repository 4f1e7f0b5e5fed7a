"""One column of cells to one canonical column, and what is wrong with each cell that cannot be read."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import numpy as np
import polars as pl

from pipeline.config.data import Source
from pipeline.values.quantities import to_milliseconds, to_minor_units, to_ppm, to_real, to_whole
from pipeline.values.synonyms import BOOLEANS, TRUE, WORDS
from pipeline.values.times import EARLIEST, in_utc, to_instants

CellKind = Literal["word", "text", "whole", "real", "yes_no", "instant", "milliseconds", "minor_units", "ppm"]

# So many cells are looked at to tell whether a column's values repeat.
_SAMPLE = 10_000

_FIRST_VISIBLE, _LAST_VISIBLE = ord("!"), ord("~")

_NOT_READ: Mapping[CellKind, str] = {
    "whole": "is not a whole number",
    "real": "is not a number (decimal mark {decimal!r})",
    "yes_no": "is not a yes/no word; map it in {values}",
    "milliseconds": "is not a duration in the unit {unit!r}; set {source}.duration_unit",
    "minor_units": "is not an amount of money (decimal mark {decimal!r})",
    "ppm": "is not a share, such as 0.7 or 70%",
}


_TYPED: Mapping[CellKind, pl.DataType] = {"whole": pl.Int64(), "yes_no": pl.Boolean()}


class CellTypeError(ValueError):
    """A Parquet column is of a type that holds no plain values, such as a list."""


@dataclass(frozen=True, slots=True)
class Reading:
    """How to read a column's cells.

    Attributes:
        key: the configuration key of the source, for messages.
        ours: the name of the column in the configuration.
        kind: what its cells hold.
        source: the dialect.
        zone: the time zone of times without an offset.
        currency_digits: minor digits of money.
        latest: no event is after this instant; None where later ones, and ones before 1990, are fine.
        latest_is: what that instant is, for messages.
        coded: what words that repeat come as where all of them can, to take less room and time.
    """

    key: str
    ours: str
    kind: CellKind
    source: Source
    zone: str
    currency_digits: int = 2
    latest: datetime | None = None
    latest_is: str = "in the future"
    coded: pl.DataType | None = None


def read_cells(cells: pl.Series, how: Reading) -> tuple[pl.Series, pl.Series | None]:
    """Read cells as their canonical type.

    Returns:
        The values, missing where the cell is empty or unreadable, and what is wrong with each
        unreadable cell ("is not a whole number"), missing where nothing is; nothing at all where all
        cells could be read.
    """
    if how.kind == "instant":
        return _instants(cells, how)
    if isinstance(cells.dtype, pl.Duration) and how.kind == "milliseconds":
        return cells.dt.total_milliseconds(), None
    if _says_what_it_means(cells.dtype, how):
        return cells.cast(_TYPED[how.kind]), None
    if cells.dtype == pl.String and _repeats(cells):
        return _read_words(cells, how)
    return _read_text(cells, how)


def _says_what_it_means(dtype: pl.DataType, how: Reading) -> bool:
    """Whether typed cells need no reading: the type fits, and no word of theirs is to be translated."""
    typed = (how.kind == "whole" and dtype.is_integer() and dtype != pl.UInt64) or (
        how.kind == "yes_no" and dtype == pl.Boolean
    )
    return typed and not how.source.null_values and how.ours not in how.source.values


def _repeats(cells: pl.Series) -> bool:
    """Whether the first cells repeat so that it pays to read each different one once."""
    first = cells.head(_SAMPLE)
    return len(cells) > _SAMPLE and first.n_unique() < _SAMPLE // 10


def _read_words(cells: pl.Series, how: Reading) -> tuple[pl.Series, pl.Series | None]:
    words = cells.head(_SAMPLE).unique().drop_nulls()
    numbered = cells.cast(pl.Enum(words), strict=False)
    if numbered.null_count() > cells.null_count():  # a word that the first cells do not have
        words = cells.unique().drop_nulls()
        numbered = cells.cast(pl.Enum(words))
    places = numbered.to_physical()
    values, problems = _read_text(words, how)
    if how.coded is not None:
        coded = values.cast(how.coded, strict=False)
        values = coded if coded.null_count() == values.null_count() else values
    return values.gather(places), None if problems is None else problems.gather(places)


def _read_text(cells: pl.Series, how: Reading) -> tuple[pl.Series, pl.Series | None]:
    text = _translated(to_text(cells, how.source.null_values), how)
    if how.kind == "text" or (how.kind == "word" and is_plain(text)):
        return text, None
    if how.kind == "word":
        broken = text.str.contains(r"[\r\n]")
        return text, _problems((broken, "holds a line break; is a quote not closed?"))
    values = _values(text, how, "." if cells.dtype.is_numeric() else how.source.decimal)
    words = {"decimal": how.source.decimal, "unit": how.source.duration_unit, "source": how.key}
    reason = _NOT_READ[how.kind].format(values=f"{how.key}.values.{how.ours}", **words)
    return values, _problems((text.is_not_null() & values.is_null(), reason))


def to_text(cells: pl.Series, null_words: tuple[str, ...] = ()) -> pl.Series:
    """Return cells as trimmed text; empty ones and null words are missing, 12.0 reads 12.

    >>> to_text(pl.Series([12.0, 0.5, None])).to_list()
    ['12', '0.5', None]

    Raises:
        CellTypeError: the column holds lists or other nested values.
    """
    dtype = cells.dtype
    if dtype.is_nested() or dtype in (pl.Binary, pl.Object):
        raise CellTypeError(f"holds {dtype} values; write plain text or numbers")
    if dtype.is_float():
        whole = (cells == cells.round()) & (cells.abs() < 1e15)
        numbers = cells.fill_nan(None)
        integers = numbers.set(~whole.fill_null(False), None).cast(pl.Int64).cast(pl.String)
        text = integers.zip_with(integers.is_not_null(), numbers.cast(pl.String))
    elif isinstance(dtype, pl.Datetime | pl.Date | pl.Time):
        text = cells.dt.to_string("iso")
    else:
        text = cells.cast(pl.String)
    if not is_plain(text):
        text = text.str.strip_chars("\ufeff \t\r\n\u00a0\u3000")
    empty = text.is_in(["", *null_words])
    return text.set(empty, None) if empty.any() else text


def is_plain(text: pl.Series) -> bool:
    """Whether all letters are ASCII's visible ones: keys mostly are, and then there is nothing to trim.

    >>> is_plain(pl.Series(["a-1", "", None])), is_plain(pl.Series(["a 1"])), is_plain(pl.Series(["甲"]))
    (True, False, False)
    """
    letters = text.to_arrow(compat_level=pl.CompatLevel.oldest()).buffers()[2]
    codes = np.frombuffer(letters or b"", np.uint8)
    return bool(codes.min(initial=_FIRST_VISIBLE) >= _FIRST_VISIBLE and codes.max(initial=0) <= _LAST_VISIBLE)


def _values(text: pl.Series, how: Reading, decimal: str) -> pl.Series:
    """Read each different text once: counts and durations repeat."""
    words = text.unique().drop_nulls()
    values = _parsed(words, how, decimal)
    return (
        text.replace_strict(words, values, default=None)
        if len(words)
        else pl.repeat(None, len(text), dtype=values.dtype, eager=True)
    )


def _parsed(text: pl.Series, how: Reading, decimal: str) -> pl.Series:
    match how.kind:
        case "whole":
            return to_whole(text, decimal)
        case "real":
            return to_real(text, decimal)
        case "milliseconds":
            return to_milliseconds(text, decimal, how.source.duration_unit)
        case "minor_units":
            return to_minor_units(text, decimal, how.currency_digits)
        case "ppm":
            return to_ppm(text, decimal)
        case _:
            return text.set(~text.is_in(list(BOOLEANS.values())), None) == TRUE


def _translated(text: pl.Series, how: Reading) -> pl.Series:
    """Replace the file's words by ours: the configuration's first, then the shipped ones."""
    declared = {theirs.strip(): ours for theirs, ours in how.source.values.get(how.ours, {}).items()}
    shipped = BOOLEANS if how.kind == "yes_no" else WORDS.get(how.ours, {})
    if not declared and not shipped:
        return text
    folded = dict(shipped) | {theirs.casefold(): ours for theirs, ours in declared.items()}
    words = text.unique().drop_nulls().to_list()
    ours = [declared.get(word, folded.get(word.casefold(), word)) or None for word in words]
    return text.replace(words, pl.Series(ours, dtype=pl.String)) if words else text


def _instants(cells: pl.Series, how: Reading) -> tuple[pl.Series, pl.Series | None]:
    faults = []
    if isinstance(cells.dtype, pl.Datetime | pl.Date):
        instants, gaps = in_utc(cells, how.zone)
    else:
        text = _translated(to_text(cells, how.source.null_values), how)
        instants, gaps = to_instants(text, how.zone, how.source.time_formats)
        unread = text.is_not_null() & instants.is_null() & ~gaps
        faults.append((unread, f"is not a date or time that is understood; set {how.key}.time_formats"))
    faults.append((gaps, f"does not exist in {how.zone}: clocks went forward"))
    if how.latest is not None:
        faults += [(instants < EARLIEST, "is before 1990"), (instants > how.latest, f"is {how.latest_is}")]
    problems = _problems(*faults)
    return instants if problems is None else instants.set(problems.is_not_null(), None), problems


def _problems(*faults: tuple[pl.Series, str]) -> pl.Series | None:
    """What is wrong with each cell, by the cells that have each fault; nothing where none has any."""
    found = [(cells.fill_null(False), reason) for cells, reason in faults if cells.any()]
    if not found:
        return None
    problems = pl.repeat(None, len(found[0][0]), dtype=pl.String, eager=True)
    for cells, reason in found:
        problems = problems.set(cells, reason)
    return problems
