"""Sheets to an Excel file: frozen and filtered headers, colours, widths, formats; a text stays that text."""

import math
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pandas as pd
import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from pipeline.errors import OutputError
from pipeline.output import EXCEL_ROWS, fitting, replace_whole
from pipeline.targets import Target
from pipeline.workbook.sheet import CellFormat, Column, Sheet, Written, in_written, sheet_name

_NUMBERS: dict[CellFormat, str] = {
    # As General: Excel shows a long text in a cell of its format Text as a row of #.
    "text": "General",
    "code": "@",
    "count": "#,##0",
    "number": "#,##0.##",
    "share": "0.0%",
    "amount": "#,##0.00",
    "day": "yyyy-mm-dd",
    "moment": "yyyy-mm-dd hh:mm",
}
_LOOK = {"valign": "top", "text_wrap": True}
_HEAD = {"bold": True, "valign": "vcenter", "text_wrap": True, "bg_color": "#305496", "font_color": "#FFFFFF"}
_OPTIONS = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
# The same list gives the same bytes.
_CREATED = datetime(2000, 1, 1, tzinfo=UTC)


def write_workbook(path: Target, sheets: Sequence[Sheet], written: Written) -> None:
    """Write sheets as an Excel file.

    Args:
        path: where to.
        sheets: at least one; their names may meet, then they are numbered.
        written: the language of names and headers. What the frames hold is written as it is.

    Raises:
        OutputError: a sheet is longer than Excel's, or as ``output.write_table``.
    """
    for sheet in sheets:
        if len(sheet.frame) > EXCEL_ROWS:
            rows = f"{len(sheet.frame):,}"
            raise OutputError(f"{path}: a sheet of Excel holds {EXCEL_ROWS:,} rows, this one has {rows}")
    replace_whole(path, lambda part: _write(part, sheets, written))


def _write(path: Path, sheets: Iterable[Sheet], written: Written) -> None:
    with xlsxwriter.Workbook(path, {**_OPTIONS, "strings_to_numbers": False}) as book:
        book.set_properties({"created": _CREATED})
        named: list[str] = []
        for sheet in sheets:
            named.append(sheet_name(in_written(sheet.name, written, " "), named))
            _add(book, book.add_worksheet(named[-1]), sheet, written)


def _add(book: xlsxwriter.Workbook, page: Worksheet, sheet: Sheet, written: Written) -> None:
    page.freeze_panes(1, sheet.fixed)
    page.set_landscape()
    page.set_paper(9)  # A4
    page.fit_to_pages(1, 0)
    page.repeat_rows(0)
    page.set_row(0, 32)
    if sheet.columns:
        page.autofilter(0, 0, len(sheet.frame), len(sheet.columns) - 1)
    head = book.add_format(_HEAD)
    for place, column in enumerate(sheet.columns):
        page.set_column(place, place, column.width)
        page.write_string(0, place, in_written(column.header, written), head)
    writers = [_column(book, page, place, column, sheet) for place, column in enumerate(sheet.columns)]
    # Row by row: only the row that is being written is held.
    for row in range(len(sheet.frame)):
        for write in writers:
            write(row)


def _column(
    book: xlsxwriter.Workbook, page: Worksheet, place: int, column: Column, sheet: Sheet
) -> Callable[[int], None]:
    """What writes a column's cell of a row."""
    plain = _format(book, column.shape)
    filled = {value: _format(book, column.shape, colour) for value, colour in column.fills.items()}
    values = sheet.frame[column.name]
    cells = (fitting(values) if column.shape in ("text", "code") else values).to_list()

    def write(row: int) -> None:
        value = cells[row]
        _cell(page, row + 1, place, value, filled.get(value, plain) if filled else plain)

    return write


def _format(book: xlsxwriter.Workbook, shape: CellFormat, fill: str = "") -> Format:
    return book.add_format(
        {**_LOOK, "num_format": _NUMBERS[shape], **({"bg_color": fill, "bold": True} if fill else {})}
    )


def _cell(page: Worksheet, row: int, place: int, value: Any, look: Format) -> None:  # noqa: ANN401 - any cell
    if isinstance(value, str):
        page.write_string(row, place, value, look)
    elif pd.isna(value):
        return
    elif isinstance(value, date):
        page.write_datetime(row, place, value, look)
    elif math.isfinite(value):
        page.write_number(row, place, value, look)
    else:
        page.write_string(row, place, str(value), look)
