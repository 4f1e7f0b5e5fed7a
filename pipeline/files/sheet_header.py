"""Where a workbook's column names stand: in which row, and on which sheet."""

from collections.abc import Collection

import fastexcel
import polars as pl

from pipeline.config.data import Source
from pipeline.files.dialect import DialectError
from pipeline.files.header import HEADER_ELSEWHERE, NO_SUCH_ROW, header_further_down, header_names

# No header is further down.
_MOST_ROWS = 1000


def sheet_rows(book: fastexcel.ExcelReader, name: str | int) -> pl.DataFrame:
    """All rows of a sheet as text, the empty ones at its top too: rows are counted as Excel counts them."""
    rows: pl.DataFrame = book.load_sheet(name, header_row=None, skip_rows=0, dtypes="string").to_polars()
    return rows


def sheet_header(
    book: fastexcel.ExcelReader, frame: pl.DataFrame, source: Source, required: Collection[str]
) -> tuple[tuple[str, ...], int]:
    """The column names, and how many rows stand above the first row of data.

    Args:
        book: the workbook.
        frame: the sheet that is read.
        source: says which row holds the names, or gives them.
        required: names that must be there.

    Raises:
        DialectError: names another row or sheet that has them, or what else is wrong with the settings.
    """
    if source.names:
        if len(source.names) != frame.width:
            raise DialectError(f"names lists {len(source.names)} columns, but the sheet has {frame.width}")
        return tuple(source.names), 0
    rows = _cells(frame)
    if source.header_row:
        if source.header_row > len(rows):
            raise DialectError(NO_SUCH_ROW.format(row=source.header_row))
        return rows[source.header_row - 1], source.header_row
    further_down = header_further_down(rows, required)
    if further_down:
        raise DialectError(HEADER_ELSEWHERE.format(row=further_down))
    first = next((place for place, row in enumerate(rows) if any(row)), 0)
    if not source.sheet and not header_names(rows[first], required):
        _look_on_other_sheets(book, required)
    return rows[first], first + 1


def _look_on_other_sheets(book: fastexcel.ExcelReader, required: Collection[str]) -> None:
    for name in book.sheet_names[1:]:
        if any(header_names(row, required) for row in _cells(sheet_rows(book, name))):
            raise DialectError(
                f"the column names seem to be on the sheet {name!r}: set the source's sheet to it"
            )


def _cells(frame: pl.DataFrame) -> list[tuple[str, ...]]:
    return [tuple(" ".join((cell or "").split()) for cell in row) for row in frame.head(_MOST_ROWS).rows()]
