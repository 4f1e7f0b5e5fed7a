"""A workbook's cells as text, with what text alone would lose: errors, formulas without values, numbers."""

import html
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import fastexcel
import polars as pl

# As Excel shows the errors that the reader names.
_ERRORS = {
    "NA": "#N/A",
    "Ref": "#REF!",
    "Value": "#VALUE!",
    "Div0": "#DIV/0!",
    "Name": "#NAME?",
    "Num": "#NUM!",
    "Null": "#NULL!",
    "GettingData": "#GETTING_DATA",
}
# What stands for a formula that the workbook holds no value of.
NO_VALUE = "#FORMULA!"
_ERROR = re.compile(r"Error\((\w+)\)")
_NUMBER = r"^-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?$"
# A formula whose value is text may be empty, as ="" is; any other one was never worked out.
_UNVALUED = re.compile(
    rb'<c r="([A-Z]+)(\d+)"(?![^>]*t="str")[^>]*>\s*<f(?:[^>]*/>|[^>]*>(?!(?:"|&quot;){2}<)[^<]*</f>)'
    rb"\s*(?:<v\s*/>|<v>\s*</v>)?\s*</c>"
)
_FILLED = re.compile(rb'<c r="([A-Z]+)\d+"[^>]*>(?:(?!</c>).)*?(?:<v>[^<]|<is>)', re.DOTALL)
_SHEET = re.compile(rb"<sheet\b[^>]*>")
_ATTRIBUTE = re.compile(rb'([\w:]+)="([^"]*)"')


@dataclass(frozen=True, slots=True)
class SheetCells:
    """A sheet's cells.

    Attributes:
        text: every cell as text, rows as the workbook counts them; an error as Excel shows it, and a formula
            without a value as ``NO_VALUE``, so that reading refuses them.
        numbers: column by column, which cells are numbers.
    """

    text: pl.DataFrame
    numbers: pl.DataFrame


def sheet_cells(path: Path, book: fastexcel.ExcelReader, sheet: str | int) -> SheetCells:
    """Read a sheet.

    Args:
        path: the workbook.
        book: the same, opened.
        sheet: its name, or its place from 0.
    """
    loaded = book.load_sheet(sheet, header_row=None, skip_rows=0, dtypes="string")
    batch, errors = loaded.to_arrow_with_errors()
    text = pl.DataFrame(pl.from_arrow(batch))
    found = {one.offset_position: _ERROR.search(one.detail) for one in (errors.errors if errors else [])}
    marks = {place: _ERRORS.get(told[1], "#VALUE!") for place, told in found.items() if told}
    text = _with_marks(text, marks | _unvalued(path, book, sheet, text))
    told = book.load_sheet(sheet, header_row=None, skip_rows=0, dtypes="boolean").to_polars()
    numbers = [told[name].is_not_null() & text[name].str.contains(_NUMBER) for name in text.columns]
    return SheetCells(text, pl.DataFrame(numbers))


def typed(cells: pl.DataFrame, numbers: pl.DataFrame) -> tuple[pl.DataFrame, dict[str, pl.Series]]:
    """Make columns of nothing but numbers numbers; of those that hold texts too, say which cells are.

    Args:
        cells: text, and ``row_number``.
        numbers: of the same rows and columns.
    """
    mixed: dict[str, pl.Series] = {}
    for name in numbers.columns:
        which = numbers[name].fill_null(False)
        if not which.any():
            continue
        if (which | cells[name].is_null()).all():
            cells = cells.with_columns(cells[name].cast(pl.Float64))
        else:
            mixed[name] = which
    return cells, mixed


def _with_marks(text: pl.DataFrame, marks: Mapping[tuple[int, int], str]) -> pl.DataFrame:
    by_column: dict[int, dict[int, str]] = {}
    for (row, column), mark in marks.items():
        by_column.setdefault(column, {})[row] = mark
    for column, rows in by_column.items():
        cells = text.to_series(column)
        text = text.with_columns(cells.scatter(list(rows), list(rows.values())))
    return text


def _unvalued(
    path: Path, book: fastexcel.ExcelReader, sheet: str | int, text: pl.DataFrame
) -> dict[tuple[int, int], str]:
    """The formulas of a sheet that hold no value: the reader tells them from empty cells no more."""
    if not zipfile.is_zipfile(path):
        return {}
    with zipfile.ZipFile(path) as parts:
        data = _sheet_xml(parts, sheet if isinstance(sheet, str) else book.sheet_names[sheet])
    formulas = list(_UNVALUED.finditer(data)) if b"<f" in data else []
    if not formulas:
        return {}
    first = min(_column(found[1]) for found in _FILLED.finditer(data))
    places = {(int(found[2]) - 1, _column(found[1]) - first) for found in formulas}
    return {(row, column): NO_VALUE for row, column in places if _inside(text, row, column)}


def _inside(text: pl.DataFrame, row: int, column: int) -> bool:
    return 0 <= column < text.width and row < text.height and text.item(row, column) is None


def _sheet_xml(parts: zipfile.ZipFile, name: str) -> bytes:
    """The part of a workbook that holds a sheet; empty where the workbook is of another make."""
    names = set(parts.namelist())
    if not {"xl/workbook.xml", "xl/_rels/workbook.xml.rels"} <= names:
        return b""
    sheets = {one["name"]: one.get("r:id", "") for one in _tags(_SHEET, parts.read("xl/workbook.xml"))}
    relations = re.compile(rb"<Relationship\b[^>]*>")
    targets = {one["Id"]: one["Target"] for one in _tags(relations, parts.read("xl/_rels/workbook.xml.rels"))}
    target = targets.get(sheets.get(name, ""), "")
    part = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    return parts.read(part) if part in names else b""


def _tags(pattern: re.Pattern[bytes], xml: bytes) -> Iterator[dict[str, str]]:
    for tag in pattern.findall(xml):
        yield {key.decode(): html.unescape(value.decode()) for key, value in _ATTRIBUTE.findall(tag)}


def _column(letters: bytes) -> int:
    """A column's place by its letters: A is 1, AA 27."""
    place = 0
    for letter in letters:
        place = place * 26 + letter - 64
    return place
