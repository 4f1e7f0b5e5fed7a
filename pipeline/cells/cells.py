"""One column of cells to one canonical column, and what is wrong with each cell that cannot be read."""

from collections.abc import Mapping

import polars as pl

from pipeline.cells.ids import are_whole, id_problems, without_marks
from pipeline.cells.reading import CellKind, Reading
from pipeline.cells.reasons import why_unread, why_untimely
from pipeline.cells.spreadsheet_faults import begins_like_fault, spreadsheet_faults
from pipeline.cells.text import is_plain, to_text
from pipeline.values.day_month import half_converted, two_ways
from pipeline.values.durations import to_milliseconds
from pipeline.values.marks import Decimal
from pipeline.values.quantities import to_minor_units, to_ppm, to_real, to_whole
from pipeline.values.synonyms import BOOLEANS, TRUE, WORDS
from pipeline.values.times import EARLIEST, in_utc, to_instants

# So many cells are looked at to tell whether a column's values repeat.
_SAMPLE = 10_000

_FIRST_VISIBLE, _LAST_VISIBLE = ord("!"), ord("~")

# Odoo writes False for an empty cell of any kind.
_ODOO_EMPTY = ("False", "false", "FALSE")
_QUANTITIES = ("whole", "real", "milliseconds", "minor_units", "ppm")

_TYPED: Mapping[CellKind, pl.DataType] = {"whole": pl.Int64(), "yes_no": pl.Boolean()}


def read_cells(
    cells: pl.Series, how: Reading, numbers: pl.Series | None = None
) -> tuple[pl.Series, pl.Series | None]:
    """Read cells as their canonical type.

    Args:
        cells: of one column.
        how: to read them.
        numbers: which of the cells are numbers in a column of a workbook that holds texts too.

    Returns:
        The values, missing where the cell is empty or unreadable, and what is wrong with each
        unreadable cell ("is not a whole number"), missing where nothing is; nothing at all where all
        cells could be read.
    """
    if how.kind == "instant":
        return _instants(cells, how)
    if numbers is not None and (how.kind in _QUANTITIES or how.is_id):
        return _numbers_and_texts(cells, how, numbers)
    if isinstance(cells.dtype, pl.Duration) and how.kind == "milliseconds":
        return cells.dt.total_milliseconds(), None
    if _says_what_it_means(cells.dtype, how):
        return cells.cast(_TYPED[how.kind]), None
    if cells.dtype == pl.String and _repeats(cells):
        return _read_words(cells, how)
    return _read_text(cells, how)


def _numbers_and_texts(
    cells: pl.Series, how: Reading, numbers: pl.Series
) -> tuple[pl.Series, pl.Series | None]:
    """Numbers of a workbook have no decimal mark of their own, whatever the texts beside them have."""
    typed, text = cells.filter(numbers).cast(pl.Float64), cells.filter(~numbers)
    order = pl.concat([numbers.arg_true(), (~numbers).arg_true()]).arg_sort()
    read = [_read_text(part, how) for part in (typed, text)]
    values = pl.concat([values for values, _ in read]).gather(order)
    if all(problems is None for _, problems in read):
        return values, None
    problems = [
        pl.repeat(None, len(values), dtype=pl.String, eager=True) if problems is None else problems
        for values, problems in read
    ]
    return values, pl.concat(problems).gather(order)


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
    text = _translated(_without_odoo_empty(to_text(cells, how.source.null_values), how), how)
    if how.kind == "text" or (how.kind == "word" and _is_as_it_stands(text, how)):
        return text, None
    if how.is_id:
        text = without_marks(text)
    faults = spreadsheet_faults(text)
    if how.kind == "word":
        broken = text.str.contains(r"[\r\n]"), "holds a line break; is a quote not closed?"
        lost = [*faults, *(id_problems(text) if how.is_id else ())]
        for which, _ in lost:
            text = text.set(which.fill_null(False), None)
        return text, _problems(broken, *lost)
    values, unread = _values(text, how, "." if cells.dtype.is_numeric() else how.source.decimal)
    problems = _problems(*faults)
    if unread is None or problems is None:
        return values, problems if unread is None else unread
    return values, problems.zip_with(problems.is_not_null(), unread)


def _is_as_it_stands(text: pl.Series, how: Reading) -> bool:
    return is_plain(text) and not begins_like_fault(text) and (not how.is_id or are_whole(text))


def _without_odoo_empty(text: pl.Series, how: Reading) -> pl.Series:
    """Empty is what Odoo says ``False`` of: in any column but of yes and no."""
    if how.kind in ("yes_no", "text") or not (how.kind != "word" or how.is_attribute):
        return text
    empty = text.is_in(_ODOO_EMPTY)
    if not empty.any():
        return text
    if how.kind == "word":
        words = text.drop_nulls().unique().str.to_lowercase()
        if "true" in words or len(words.filter(words != "false")) == 0:
            return text
    return text.set(empty.fill_null(False), None)


def _values(text: pl.Series, how: Reading, decimal: Decimal) -> tuple[pl.Series, pl.Series | None]:
    """Read each different text once: counts and durations repeat."""
    words = text.unique().drop_nulls()
    values = _parsed(words, how, decimal)
    if not len(words):
        return pl.repeat(None, len(text), dtype=values.dtype, eager=True), None
    read = text.replace_strict(words, values, default=None)
    unread = words.filter(values.is_null())
    if unread.is_empty():
        return read, None
    return read, text.replace_strict(unread, why_unread(unread, how, decimal), default=None)


def _parsed(text: pl.Series, how: Reading, decimal: Decimal) -> pl.Series:
    power = how.source.power_of(how.ours)
    match how.kind:
        case "whole":
            return to_whole(text, decimal)
        case "real":
            return to_real(text, decimal, how.currency, power)
        case "milliseconds":
            return to_milliseconds(text, decimal, how.source.duration_unit)
        case "minor_units":
            return to_minor_units(text, decimal, how.currency_digits, how.currency, power)
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
        text = _translated(_without_odoo_empty(to_text(cells, how.source.null_values), how), how)
        instants, gaps = to_instants(text, how.zone, how.source.time_formats)
        unread = text.is_not_null() & instants.is_null() & ~gaps
        if unread.any():
            faults.append((unread, why_untimely(text.filter(unread), how)))
        faults += [*_swapped(text, how), *spreadsheet_faults(text)]
    faults.append((gaps, f"does not exist in {how.zone}: clocks went forward"))
    if how.latest is not None:
        faults += [(instants < EARLIEST, "is before 1990"), (instants > how.latest, f"is {how.latest_is}")]
    problems = _problems(*faults)
    return instants if problems is None else instants.set(problems.is_not_null(), None), problems


def _swapped(text: pl.Series, how: Reading) -> list[tuple[pl.Series, str]]:
    """Dates whose day and month may be swapped, with what tells it."""
    found = []
    half = half_converted(text)
    if half.any():
        why = "is a converted date beside dates as text: day and month may be swapped; export them as text"
        found.append((half, why))
    ways = two_ways(text, how.source.time_formats)
    if ways is not None:
        found.append((ways[0], f"{ways[1]}; mend {how.key}.time_formats"))
    return found


def _problems(*faults: tuple[pl.Series, str]) -> pl.Series | None:
    """What is wrong with each cell, by the cells that have each fault; nothing where none has any."""
    found = [(cells.fill_null(False), reason) for cells, reason in faults if cells.any()]
    if not found:
        return None
    problems = pl.repeat(None, len(found[0][0]), dtype=pl.String, eager=True)
    for cells, reason in found:
        problems = problems.set(cells, reason)
    return problems
