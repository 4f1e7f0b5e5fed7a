"""Opening a source file: CSV, CSV.gz, Parquet or Excel to a frame of cells as they stand in the file."""

import sys
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

import fastexcel
import polars as pl
import pyarrow as pa
from pyarrow import csv

from pipeline.config.data import Source
from pipeline.errors import SourceError
from pipeline.files.dialect import DialectError, Header, read_header, visible
from pipeline.files.header import HEADER_ELSEWHERE, header_first, header_further_down, text_rows
from pipeline.files.line_ends import without_stray_returns
from pipeline.files.misnamed import is_misnamed_text
from pipeline.files.raw_file import RawFile, complaints_in_one_line, none_ragged, without_blank_rows
from pipeline.files.sheet_header import sheet_header
from pipeline.files.text_parts import PART_BYTES, TextPart, cut, decoded, ends_quoted
from pipeline.files.too_large import check_parquet, check_workbook, too_large, without_unreadable_rows
from pipeline.files.workbook import sheet_cells, typed
from pipeline.language.sentence import Sentence

TEXT_SUFFIXES = (".csv", ".tsv", ".txt")
EXCEL_SUFFIXES = (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods")
_BLOCK_BYTES = 1 << 25
MOST_EXCEL_BYTES = 100 << 20
# Rows of a Parquet source that are read at a time: memory stays flat however long the log.
ROWS_PER_SPAN = 500_000


@dataclass(frozen=True, slots=True)
class RowRange:
    """Some consecutive rows of a source: ``rows`` of them after the first ``start``; all where left out."""

    start: int = 0
    rows: int | None = None


WHOLE = RowRange()
_NO_ROWS = "has a header but no rows; leave the source out, or export it again"


def spans(path: Path) -> list[RowRange]:
    """The spans in which a source is read that is no text: Parquet half a million rows at a time.

    Raises:
        SourceError: there is no such file, or it is broken.
    """
    if not path.exists() or not _is_parquet(path):
        return [WHOLE]
    with complaints_in_one_line(path):
        rows = int(_scan(path).select(pl.len()).collect().item())
    return [RowRange(start, ROWS_PER_SPAN) for start in range(0, rows, ROWS_PER_SPAN)] or [WHOLE]


def is_text(path: Path) -> bool:
    """Whether a source is a text file, packed or not, as its ending says, or text that is called a workbook.

    Raises:
        SourceError: it is called a workbook, and is of a kind that cannot be read.
    """
    inner = path.with_suffix("") if path.suffix.lower() == ".gz" else path
    if path.suffix.lower() in EXCEL_SUFFIXES:
        return path.is_file() and is_misnamed_text(path)
    return inner.suffix.lower() in TEXT_SUFFIXES and not path.is_dir()


def text_parts(
    path: Path, source: Source, wanted: Collection[str], required: Collection[str], size: int | None = None
) -> Iterator[TextPart]:
    """A text file in parts, for ``read_file`` one by one.

    Args:
        path: the file.
        source: its dialect.
        wanted: names of columns that tell the right delimiter.
        required: those of them that must be there.
        size: about how large a part is, in bytes; ``PART_BYTES`` when left out.

    Raises:
        SourceError: as ``read_file``.
    """
    with complaints_in_one_line(path):
        _check_there(path)
        blocks, encoding = decoded(path, source.encoding, source.bounds)
        start = next(blocks, b"")
        if not start.strip():
            raise SourceError(Sentence("{path}: is empty; export it again", path=path))
        start = header_first(start, source.names, source.header_row, source.delimiter)
        header = read_header(start, source.delimiter, wanted, required, source.bounds.columns)
        further_down = None if source.header_row else header_further_down(text_rows(start), required)
        if further_down and not set(header.names) & set(wanted):
            raise DialectError(HEADER_ELSEWHERE.format(row=further_down))
        first, filled = 0, 0
        for text in cut(chain([start], blocks), header, size or PART_BYTES, source.bounds):
            part = TextPart(text, encoding, first)
            read = _read_text(path, part, header)
            yield part
            filled += len(read.cells) + len(read.ragged)
            first += len(read.cells) + len(read.ragged) + read.blank_rows
    if not filled:
        raise SourceError(f"{path}: {_NO_ROWS}")


def _check_there(path: Path) -> None:
    if not path.exists():
        raise SourceError(
            Sentence("{path}: there is no such file; check the source's path, and data_dir", path=path)
        )


def read_file(
    path: Path,
    source: Source,
    wanted: Collection[str],
    required: Collection[str],
    span: RowRange = WHOLE,
    part: TextPart | None = None,
) -> RawFile:
    """Read a source file as its ending says, or a folder of Parquet files as one table.

    Args:
        path: the file or folder.
        source: its dialect.
        wanted: names of columns that tell the right delimiter.
        required: those of them that must be there.
        span: which of its rows, from ``spans``.
        part: of a text file, from ``text_parts``; all of it when left out.

    Raises:
        SourceError: there is no such file or sheet, it is broken or empty, or its dialect is another.
    """
    if part is None and is_text(path):
        (part,) = text_parts(path, source, wanted, required, sys.maxsize)
    with complaints_in_one_line(path):
        if part is not None:
            columns = source.bounds.columns
            raw = _read_text(path, part, read_header(part.text, source.delimiter, wanted, required, columns))
        else:
            raw = _read_other(path, source, span, required)
        raw = without_unreadable_rows(raw, source.bounds)
    if part is None and raw.cells.is_empty() and raw.ragged.is_empty():
        raise SourceError(f"{path}: {_NO_ROWS}")
    return raw


def _read_other(path: Path, source: Source, span: RowRange, required: Collection[str]) -> RawFile:
    _check_there(path)
    suffix = path.suffix.lower()
    if _is_parquet(path):
        check_parquet(path, source.bounds)
        return _read_parquet(path, span)
    if path.is_dir():
        raise SourceError(
            Sentence("{path}: is a folder without Parquet files; name a file, or write some there", path=path)
        )
    if suffix in EXCEL_SUFFIXES:
        return _read_excel(path, source, required)
    raise SourceError(
        Sentence(
            "{path}: unknown ending {suffix!r}; use .csv, .csv.gz, .parquet or .xlsx",
            path=path,
            suffix=suffix,
        )
    )


def _read_text(path: Path, part: TextPart, header: Header) -> RawFile:
    names = [str(i) for i in range(len(header.names))]
    text = without_stray_returns(part.text, header.end, len(names), header.delimiter)
    cells, ragged = _parse(path, text, header.end, names, header.delimiter)
    ragged = ragged.with_columns(pl.col("row_number") + part.first)
    last = part.first + len(cells) + len(ragged)
    number = pl.int_range(part.first + 1, last + 1, eager=True).alias("row_number")
    numbered = cells.insert_column(0, number.filter(~number.is_in(ragged["row_number"].implode())))
    filled = without_blank_rows(numbered)
    return RawFile(header.names, filled, ragged, len(cells) - len(filled), part.encoding, header.delimiter)


def _parse(
    path: Path, text: bytes, start: int, names: list[str], delimiter: str
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Split records into text cells; pyarrow, since polars fills up short rows without a word."""
    ragged: list[tuple[int, str]] = []
    swallowed: list[int] = []  # rows that a quote without end may have grown together with others

    def on_ragged(row: csv.InvalidRow) -> str:
        if "\n" in row.text:
            swallowed.append(row.number)
        ragged.append((row.number, f"has {row.actual_columns} cells, the header has {row.expected_columns}"))
        return "skip"

    schema = {"row_number": pl.Int64, "reason": pl.String}
    if not text[start:].strip():
        empty = pl.DataFrame(schema=dict.fromkeys(names, pl.String))
        return empty, pl.DataFrame(schema=schema)
    table = csv.read_csv(
        pa.BufferReader(pa.py_buffer(memoryview(text)[start:])),
        csv.ReadOptions(column_names=names, use_threads=False, block_size=_BLOCK_BYTES),
        csv.ParseOptions(delimiter=delimiter, newlines_in_values=True, invalid_row_handler=on_ragged),
        csv.ConvertOptions(column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False),
    )
    cells = pl.DataFrame(pl.from_arrow(table))
    if len(cells) and "\n" in cells.item(-1, -1):
        swallowed.append(len(cells) + len(ragged))
    if swallowed and ends_quoted(text[start:], delimiter):
        raise SourceError(
            Sentence(
                "{path}: row {value}: a quote is opened and never closed; mend that row",
                path=path,
                value=swallowed[0],
            )
        )
    return cells, pl.DataFrame(ragged, schema=schema, orient="row")


def _is_parquet(path: Path) -> bool:
    return any(path.glob("*.parquet")) if path.is_dir() else path.suffix.lower() == ".parquet"


def _scan(path: Path) -> pl.LazyFrame:
    # The parts of a folder are one table in the order of their names, which is the order of its rows.
    return pl.scan_parquet(sorted(path.glob("*.parquet")) if path.is_dir() else path, glob=False)


def _read_parquet(path: Path, span: RowRange) -> RawFile:
    frame = _scan(path).slice(span.start, span.rows).collect()
    header = tuple(frame.columns)
    cells = frame.rename({name: str(i) for i, name in enumerate(header)})
    numbered = cells.with_row_index("row_number", span.start + 1).cast({"row_number": pl.Int64})
    return RawFile(header, numbered, none_ragged())


def _read_excel(path: Path, source: Source, required: Collection[str]) -> RawFile:
    """Read every cell as text: a column's type guessed from its first rows would lose the odd cell."""
    size = path.stat().st_size
    if size > MOST_EXCEL_BYTES:
        raise SourceError(
            Sentence(
                "{path}: has {value:,} MiB; a workbook is read whole, and only up to "
                "{most:,} MiB: save it as .csv or .parquet",
                path=path,
                value=size >> 20,
                most=MOST_EXCEL_BYTES >> 20,
            )
        )
    check_workbook(path, source.bounds)
    book = fastexcel.read_excel(path)
    if len(book.sheet_names) > source.bounds.sheets:
        raise too_large("sheets", len(book.sheet_names), source.bounds.sheets, "sheets")
    read = sheet_cells(path, book, source.sheet or 0)
    if not read.text.width or not read.text.select(pl.any_horizontal(pl.all().is_not_null()).any()).item():
        raise SourceError(
            Sentence(
                "{path}: the sheet {value!r} is empty; set the source's sheet",
                path=path,
                value=source.sheet or book.sheet_names[0],
            )
        )
    named, place = sheet_header(book, read.text, source, required)
    header = tuple(visible(name) for name in named)
    places = {name: str(i) for i, name in enumerate(read.text.columns)}
    cells = read.text.slice(place).rename(places)
    numbered = cells.with_row_index("row_number", 1).cast({"row_number": pl.Int64})
    filled = without_blank_rows(numbered)
    numbers = read.numbers.slice(place).rename(places)[filled["row_number"] - 1]
    typed_cells, mixed = typed(filled, numbers)
    return RawFile(header, typed_cells, none_ragged(), len(cells) - len(filled), numbers=mixed)
