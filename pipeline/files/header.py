"""Where a file's column names stand: in its first row, further down, or not in the file at all."""

import csv
import io
import re
from collections.abc import Collection, Sequence

from pipeline.files.dialect import DELIMITERS, DialectError, split_record
from pipeline.files.line_ends import first_record

NO_SUCH_ROW = "has no row {row}; set header_row to the row of its column names"
HEADER_ELSEWHERE = "the column names seem to be in row {row}: set the source's header_row: {row}"

# So far down a header is looked for where the first row is none.
_LOOKED_AT = 20
# What Excel writes into the first line to say what separates the cells.
_SEPARATOR_LINE = re.compile(rb'"?sep=(.)"?[ \t]*(?:\r\n?|\n)', re.IGNORECASE)
_NUMBER_OR_DATE = re.compile(r"[-+(]?[\d.,:/\- ]*\d[\d.,:/\- ]*\)?(?:[ap]m|%|T[\d:.]+Z?)?", re.IGNORECASE)


def header_first(text: bytes, names: Sequence[str], header_row: int | None, delimiter: str) -> bytes:
    r"""A text file's beginning with its header in the first line, wherever its column names stand.

    Args:
        text: UTF-8, from the file's first byte on.
        names: of the columns, for a file without a header.
        header_row: the line of the header, 1 for the first.
        delimiter: as declared.

    Raises:
        DialectError: there are not so many lines, or the first row has not as many cells as there are names.

    Example:
        >>> header_first(b"calls of May\n\nlead_id,at\nL1,1\n", (), 3, "auto")
        b'lead_id,at\nL1,1\n'
        >>> header_first(b"L1;1\nL2;2\n", ("lead_id", "at"), None, "auto")
        b'lead_id;at\nL1;1\nL2;2\n'
        >>> header_first(b"sep=;\nlead_id;at\n", (), None, "auto")
        b'lead_id;at\n'
    """
    separator = _SEPARATOR_LINE.match(text)
    if separator and header_row is None:
        text = text[separator.end() :]
    if names:
        return _named(text, names, delimiter)
    lines = text.splitlines(keepends=True) if header_row and header_row > 1 else []
    if header_row and header_row > max(len(lines), 1):
        raise DialectError(NO_SUCH_ROW.format(row=header_row))
    return text[sum(map(len, lines[: (header_row or 1) - 1])) :]


def _named(text: bytes, names: Sequence[str], delimiter: str) -> bytes:
    marks = [delimiter] if delimiter != "auto" else list(DELIMITERS)
    record = first_record(text, "".join(marks))[0].decode()
    counts = {mark: len(split_record(record, mark)) for mark in marks}
    mark = next((mark for mark in marks if counts[mark] == len(names)), None)
    if mark is None:
        raise DialectError(f"names lists {len(names)} columns, but the first row has {max(counts.values())}")
    line = io.StringIO()
    csv.writer(line, delimiter=mark, lineterminator="\n").writerow(names)
    return line.getvalue().encode() + text


def text_rows(text: bytes) -> list[tuple[str, ...]]:
    """The first rows of a text, each split by what splits it most."""
    lines = text.splitlines()[:_LOOKED_AT]
    return [max((split_record(line.decode(), mark) for mark in DELIMITERS), key=len) for line in lines]


def header_further_down(rows: Sequence[Sequence[str]], required: Collection[str]) -> int | None:
    """The row, 1 for the first, that names needed columns where the first that is filled names none.

    Example:
        >>> header_further_down([("leads of May",), ("lead_id", "created_at"), ("L1", "1")], ["lead_id"])
        2
        >>> header_further_down([("id", "at"), ("L1", "1")], ["lead_id"]) is None
        True
    """
    hits = [header_names(row, required) for row in rows[:_LOOKED_AT]]
    first = next((place for place, row in enumerate(rows) if any(row)), 0)
    if not any(hits) or hits[first]:
        return None
    return hits.index(max(hits)) + 1


def header_names(row: Sequence[str], required: Collection[str]) -> int:
    """How many needed columns a row names."""
    return len({name.casefold() for name in required} & {cell.casefold() for cell in row})


def is_data(row: Sequence[str]) -> bool:
    """Whether a row that should be a header holds values: many of its cells are numbers, dates or addresses.

    Example:
        >>> is_data(["L1", "2001", "2026-03-27 15:07", "ANSWERED"]), is_data(["lead_id", "at", "sales 2026"])
        (True, False)
    """
    filled = [cell for cell in row if cell]
    values = sum(bool(_NUMBER_OR_DATE.fullmatch(cell)) or "@" in cell for cell in filled)
    return 4 * values >= max(len(filled), 1)
