"""A source file's cells as they stand in it, whatever the file's kind, and its complaints in one line."""

import gzip
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import fastexcel
import polars as pl
import pyarrow as pa

from pipeline.errors import SourceError
from pipeline.files.dialect import DialectError
from pipeline.language.sentence import Sentence

_UNREADABLE = (
    fastexcel.FastExcelError,
    pl.exceptions.PolarsError,
    pa.ArrowException,
)


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
        numbers: of a workbook's columns that hold numbers and texts, which cells are numbers.
    """

    header: tuple[str, ...]
    cells: pl.DataFrame
    ragged: pl.DataFrame
    blank_rows: int = 0
    encoding: str = ""
    delimiter: str = ""
    numbers: Mapping[str, pl.Series] = field(default_factory=dict)


@contextmanager
def complaints_in_one_line(path: Path) -> Iterator[None]:
    """Say which file, in one line, whatever reader complains."""
    try:
        yield
    except DialectError as error:
        raise SourceError(f"{path}: {error}") from None
    except (EOFError, gzip.BadGzipFile, zlib.error):
        raise SourceError(
            Sentence("{path}: is not a whole gzip file; copy or export it again", path=path)
        ) from None
    except fastexcel.SheetNotFoundError as error:
        raise SourceError(
            Sentence("{path}: {sheets}; set the source's sheet", path=path, sheets=_sheets(error))
        ) from None
    except _UNREADABLE as error:
        raise SourceError(
            Sentence(
                "{path}: {unforeseen}; is it broken, or of another kind?",
                path=path,
                unforeseen=_unforeseen(error),
            )
        ) from None
    except OSError as error:
        raise SourceError(f"{path}: {_unforeseen(error.strerror or error)}") from None
    except MemoryError:
        raise SourceError(
            Sentence("{path}: needs more memory than there is; is it what it should be?", path=path)
        ) from None
    except BaseException as error:
        # Each library that is written in Rust has a class of its own for what it did not foresee.
        if type(error).__name__ != "PanicException":
            raise
        raise SourceError(
            Sentence("{path}: {unforeseen}; is it broken?", path=path, unforeseen=_unforeseen(error))
        ) from None


def _unforeseen(error: object) -> str:
    return f"cannot be read ({' '.join(str(error).split())[:120]})"


def _sheets(error: Exception) -> str:
    lines = [line.strip().removeprefix("0: ") for line in str(error).splitlines()]
    return next((line.rstrip(".") for line in lines if "vailable" in line), lines[0])


def without_blank_rows(cells: pl.DataFrame) -> pl.DataFrame:
    """The rows with any cell filled."""
    blank = pl.repeat(True, len(cells), dtype=pl.Boolean, eager=True)
    for column in cells.drop("row_number"):
        if not blank.any():
            return cells
        blank &= column.str.strip_chars().fill_null("") == ""
    return cells.filter(~blank)


def none_ragged() -> pl.DataFrame:
    """No row with too many or too few cells."""
    return pl.DataFrame(schema={"row_number": pl.Int64, "reason": pl.String})
