"""Opening a source file: CSV, CSV.gz, Parquet or Excel to a frame of cells as they stand in the file."""

import gzip
import json
import zlib
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import fastexcel
import pandas as pd
import polars as pl
import pyarrow as pa
from pyarrow import csv

from pipeline.dialect import DialectError, read_header, to_utf8
from pipeline.errors import SourceError
from pipeline.line_ends import without_stray_returns
from pipeline.settings import Source

TEXT_SUFFIXES = (".csv", ".tsv", ".txt")
EXCEL_SUFFIXES = (".xlsx", ".xlsm", ".xlsb", ".xls")
_BLOCK_BYTES = 1 << 25
# Of a damaged Parquet file polars says so, or panics.
_UNREADABLE = (
    fastexcel.FastExcelError,
    pl.exceptions.PolarsError,
    pl.exceptions.PanicException,
    pa.ArrowInvalid,
)
# Rows of a Parquet source that are read at a time: memory stays flat however long the log.
ROWS_AT_A_TIME = 500_000


@dataclass(frozen=True, slots=True)
class Span:
    """Some consecutive rows of a source: ``rows`` of them after the first ``start``; all where left out."""

    start: int = 0
    rows: int | None = None


WHOLE = Span()


def spans(path: Path) -> list[Span]:
    """The spans in which a source is read: Parquet half a million rows at a time, other files whole.

    Raises:
        SourceError: there is no such file, or it is broken.
    """
    if not path.exists() or not _is_parquet(path):
        return [WHOLE]
    with _one_line(path):
        rows = int(_scan(path).select(pl.len()).collect().item())
    return [Span(start, ROWS_AT_A_TIME) for start in range(0, rows, ROWS_AT_A_TIME)] or [WHOLE]


@dataclass(frozen=True, slots=True)
class RawFile:
    """A file's cells.

    Attributes:
        header: the column names; their positions, as text, name the columns of ``cells``.
        cells: text (CSV, Excel) or typed (Parquet) cells, and ``row_number``: 1 for the first row
            below the header. Rows without any cell filled are left out; they keep their number.
        ragged: ``row_number`` and ``reason`` of rows with too many or too few cells.
        blank_rows: how many rows had no cell filled.
        encoding, delimiter: how a text file is written; empty for others.
    """

    header: tuple[str, ...]
    cells: pl.DataFrame
    ragged: pl.DataFrame
    blank_rows: int = 0
    encoding: str = ""
    delimiter: str = ""


def read_file(
    path: Path, source: Source, wanted: Collection[str], required: Collection[str], span: Span = WHOLE
) -> RawFile:
    """Read a source file as its ending says, or a folder of Parquet files as one table.

    Args:
        path: the file or folder.
        source: its dialect.
        wanted: names of columns that tell the right delimiter.
        required: those of them that must be there.
        span: which of its rows, from ``spans``.

    Raises:
        SourceError: there is no such file or sheet, it is broken or empty, or its dialect is another.
    """
    suffix = path.suffix.lower()
    inner = path.with_suffix("").suffix.lower() if suffix == ".gz" else suffix
    with _one_line(path):
        if not path.exists():
            raise SourceError(f"{path}: there is no such file; check the source's path, and data_dir")
        if _is_parquet(path):
            raw = _read_parquet(path, span)
        elif path.is_dir():
            raise SourceError(f"{path}: is a folder without Parquet files; name a file, or write some there")
        elif inner in TEXT_SUFFIXES:
            raw = _read_text(path, source, wanted, required)
        elif suffix in EXCEL_SUFFIXES:
            raw = _read_excel(path, source.sheet)
        else:
            raise SourceError(f"{path}: unknown ending {suffix!r}; use .csv, .csv.gz, .parquet or .xlsx")
    if raw.cells.is_empty() and raw.ragged.is_empty():
        raise SourceError(f"{path}: has a header but no rows; leave the source out, or export it again")
    return raw


@contextmanager
def _one_line(path: Path) -> Iterator[None]:
    """Say which file, in one line, whatever reader complains."""
    try:
        yield
    except DialectError as error:
        raise SourceError(f"{path}: {error}") from None
    except (EOFError, gzip.BadGzipFile, zlib.error):
        raise SourceError(f"{path}: is not a whole gzip file; copy or export it again") from None
    except fastexcel.SheetNotFoundError as error:
        raise SourceError(f"{path}: {_sheets(error)}; set the source's sheet") from None
    except _UNREADABLE as error:
        reason = " ".join(str(error).split("\n", 1)[0].split())[:120]
        raise SourceError(f"{path}: cannot be read ({reason}); is it broken, or of another kind?") from None
    except OSError as error:
        raise SourceError(f"{path}: cannot be read ({error.strerror or error})") from None


def read_json_lines(path: Path) -> pd.DataFrame:
    """Read a file with one JSON object per line; blank lines are left out.

    Raises:
        SourceError: it cannot be read, or a line is no object; the message names the line.
    """
    rows: list[dict[str, object]] = []
    with _one_line(path):
        data = path.read_bytes()
    for number, line in enumerate(data.splitlines(), 1):
        try:
            row = json.loads(line) if line.strip() else None
        except (ValueError, RecursionError):
            row = line
        if row is not None and not isinstance(row, dict):
            raise SourceError(f"{path}: line {number} is no JSON object; write one object per line")
        if row is not None:
            rows.append(row)
    return pd.DataFrame(rows)


def _sheets(error: Exception) -> str:
    lines = [line.strip().removeprefix("0: ") for line in str(error).splitlines()]
    return next((line.rstrip(".") for line in lines if "vailable" in line), lines[0])


def _read_text(path: Path, source: Source, wanted: Collection[str], required: Collection[str]) -> RawFile:
    data = gzip.decompress(path.read_bytes()) if path.suffix.lower() == ".gz" else path.read_bytes()
    if not data.strip():
        raise SourceError(f"{path}: is empty; export it again")
    text, encoding = to_utf8(data, source.encoding)
    header = read_header(text, source.delimiter, wanted, required)
    names = [str(i) for i in range(len(header.names))]
    text = without_stray_returns(text, header.end, len(names), header.delimiter)
    cells, ragged = _parse(path, text, header.end, names, header.delimiter)
    number = pl.int_range(1, len(cells) + len(ragged) + 1, eager=True).alias("row_number")
    numbered = cells.insert_column(0, number.filter(~number.is_in(ragged["row_number"].implode())))
    filled = _without_blank_rows(numbered)
    return RawFile(header.names, filled, ragged, len(cells) - len(filled), encoding, header.delimiter)


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
    if swallowed and text.count(b'"', start) % 2 == 1:
        raise SourceError(f"{path}: row {swallowed[0]}: a quote is opened and never closed; mend that row")
    return cells, pl.DataFrame(ragged, schema=schema, orient="row")


def _without_blank_rows(cells: pl.DataFrame) -> pl.DataFrame:
    blank = pl.repeat(True, len(cells), dtype=pl.Boolean, eager=True)
    for column in cells.drop("row_number"):
        if not blank.any():
            return cells
        blank &= column.str.strip_chars().fill_null("") == ""
    return cells.filter(~blank)


def _is_parquet(path: Path) -> bool:
    return any(path.glob("*.parquet")) if path.is_dir() else path.suffix.lower() == ".parquet"


def _scan(path: Path) -> pl.LazyFrame:
    # The parts of a folder are one table in the order of their names, which is the order of its rows.
    return pl.scan_parquet(sorted(path.glob("*.parquet")) if path.is_dir() else path, glob=False)


def _read_parquet(path: Path, span: Span) -> RawFile:
    frame = _scan(path).slice(span.start, span.rows).collect()
    header = tuple(frame.columns)
    cells = frame.rename({name: str(i) for i, name in enumerate(header)})
    numbered = cells.with_row_index("row_number", span.start + 1).cast({"row_number": pl.Int64})
    return RawFile(header, numbered, _none_ragged())


def _read_excel(path: Path, sheet: str | None) -> RawFile:
    """Read every cell as text: a column's type guessed from its first rows would lose the odd cell."""
    book = fastexcel.read_excel(path)
    frame = book.load_sheet(sheet or 0, header_row=None, dtypes="string").to_polars()
    if frame.is_empty():
        raise SourceError(
            f"{path}: the sheet {sheet or book.sheet_names[0]!r} is empty; set the source's sheet"
        )
    header = tuple(" ".join((name or "").split()) for name in frame.row(0))
    cells = frame.slice(1).rename({name: str(i) for i, name in enumerate(frame.columns)})
    numbered = cells.with_row_index("row_number", 1).cast({"row_number": pl.Int64})
    filled = _without_blank_rows(numbered)
    return RawFile(header, filled, _none_ragged(), len(cells) - len(filled))


def _none_ragged() -> pl.DataFrame:
    return pl.DataFrame(schema={"row_number": pl.Int64, "reason": pl.String})
