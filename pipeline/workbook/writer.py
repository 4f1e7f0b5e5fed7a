"""Sheets to an Excel file: frozen and filtered headers, colours, widths, formats; a text stays that text."""

import math
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pandas as pd
import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from pipeline.config.workbook import Written
from pipeline.errors import OutputError
from pipeline.output import EXCEL_ROWS, fitting, replace_whole
from pipeline.targets import Target
from pipeline.workbook.sheet import CellFormat, Column, Sheet, in_written, sheet_name

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
# A row of one line, one of the header, and the highest that Excel allows.
_LINE_POINTS, _HEAD_POINTS, _MOST_POINTS = 15.0, 32.0, 408.0
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
    heads = [in_written(column.header, written) for column in sheet.columns]
    _lay_out(page, sheet)
    page.set_row(0, max(_HEAD_POINTS, _points([heads], sheet.columns)[0]))
    head = book.add_format(_HEAD)
    for place, (column, text) in enumerate(zip(sheet.columns, heads, strict=True)):
        page.set_column(place, place, column.width)
        page.write_string(0, place, text, head)
    cells = [_cells(sheet.frame[column.name], column.shape) for column in sheet.columns]
    looks = [_looks(book, column) for column in sheet.columns]
    rows = list(zip(*cells, strict=True))
    # Row by row: only the row that is being written is held.
    for number, (row, points) in enumerate(zip(rows, _points(rows, sheet.columns), strict=True), start=1):
        page.set_row(number, points)
        for place, (value, (plain, filled)) in enumerate(zip(row, looks, strict=True)):
            _cell(page, number, place, value, filled.get(value, plain) if filled else plain)


def _lay_out(page: Worksheet, sheet: Sheet) -> None:
    """What stays in sight, what filters, and how it is printed."""
    page.freeze_panes(1, sheet.fixed)
    page.set_landscape()
    page.set_paper(9)  # A4
    page.fit_to_pages(1, 0)
    page.repeat_rows(0)
    if sheet.columns:
        page.autofilter(0, 0, len(sheet.frame), len(sheet.columns) - 1)
    if sheet.printed is not None:
        names = [column.name for column in sheet.columns]
        page.print_area(0, 0, len(sheet.frame), names.index(sheet.printed))


def _cells(values: "pd.Series[Any]", shape: CellFormat) -> list[Any]:
    return (fitting(values) if shape in ("text", "code") else values).to_list()


def _points(rows: Sequence[Sequence[Any]], columns: Sequence[Column]) -> list[float]:
    """How high each row must be for all of its texts to be seen, each wrapped to its column's width."""
    widths = [column.width for column in columns]
    return [
        min(
            _MOST_POINTS,
            _LINE_POINTS * max((_lines(*one) for one in zip(row, widths, strict=True)), default=1),
        )
        for row in rows
    ]


def _lines(value: object, width: float) -> int:
    if not isinstance(value, str):
        return 1
    # A Chinese character is as wide as two others, as it is two bytes long in this encoding.
    return sum(max(1, math.ceil(len(line.encode("gbk", "replace")) / width)) for line in value.split("\n"))


def _looks(book: xlsxwriter.Workbook, column: Column) -> tuple[Format, dict[str, Format]]:
    """A column's format, and those of its values that have a colour."""
    plain = {**_LOOK, "num_format": _NUMBERS[column.shape]}
    if column.fills or column.shape == "day":
        plain["align"] = "center"
    filled = {
        value: book.add_format({**plain, "bold": True, "bg_color": colour})
        for value, colour in column.fills.items()
    }
    return book.add_format(plain), filled


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
