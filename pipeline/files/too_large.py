"""What of a source is beyond its bounds: refused before it takes the machine's memory, naming the bound."""

import re
import struct
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path

import polars as pl
import pyarrow.parquet as pq

from pipeline.config.bounds import SourceBounds
from pipeline.files.dialect import DialectError
from pipeline.files.raw_file import RawFile

_DAY_S = 86_400
_EPOCH_DAYS = 719_162  # from 0001-01-01 to 1970-01-01
_LAST_DAYS = 2_932_896  # from 1970-01-01 to 9999-12-31
_TICKS = {"ms": 10**3, "us": 10**6, "ns": 10**9}
_PLACE = re.compile(rb"""\br\s*=\s*["']([A-Za-z]{1,3})(\d{1,7})["']""")
_LONGEST_PLACE = 32
_BLOCK = 1 << 22
# What the reader of packed parts raises of a damaged file, or of one with a password.
_DAMAGED = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    NotImplementedError,
    OverflowError,
    RuntimeError,
    ValueError,
)


def too_large(what: str, there: int, bound: int, name: str) -> DialectError:
    """The complaint about a source that has more of something than its bound."""
    return DialectError(
        f"has {there:,} {what}, more than {bound:,}; is it what it should be? "
        f"if so set the source's bounds.{name}"
    )


def bounded_blocks(blocks: Iterable[bytes], bounds: SourceBounds) -> Iterator[bytes]:
    """The blocks of a packed text, as long as they are not more than it may unpack to.

    Raises:
        DialectError: they are.
    """
    size = 0
    for block in blocks:
        size += len(block)
        if size > bounds.unpacked_mb << 20:
            raise too_large("MiB unpacked, at least", size >> 20, bounds.unpacked_mb, "unpacked_mb")
        yield block


def check_workbook(path: Path, bounds: SourceBounds) -> None:
    """Refuse a workbook that unpacks to too much, or one stray cell of which makes a sheet too large.

    Reads the parts of a workbook (.xlsx, .xlsm) as they are, and holds none of them whole.

    Raises:
        DialectError: it does.
    """
    if not zipfile.is_zipfile(path):
        return
    with _damage_told(), zipfile.ZipFile(path) as parts:
        left = bounds.unpacked_mb << 20
        for part in parts.infolist():
            with parts.open(part) as file:
                for size in _watched(iter(partial(file.read, _BLOCK), b""), bounds):
                    left -= size
                    if left < 0:
                        there = bounds.unpacked_mb + 1
                        raise too_large("MiB unpacked, at least", there, bounds.unpacked_mb, "unpacked_mb")


@contextmanager
def _damage_told() -> Iterator[None]:
    try:
        yield
    except DialectError:
        raise
    except _DAMAGED as error:
        reason = " ".join(str(error).split())[:80]
        raise DialectError(f"cannot be read ({reason}); is it broken, or of another kind?") from None


def _watched(blocks: Iterable[bytes], bounds: SourceBounds) -> Iterator[int]:
    """The sizes of a part's blocks, in which cells are looked for: a sheet may lie under any name."""
    rows, columns, tail = _Span(), _Span(), b""
    for block in blocks:
        places = _PLACE.findall(tail + block)
        rows.see({int(row) for _, row in places})
        columns.see({_column(letters) for letters in {letters for letters, _ in places}})
        if rows.width * columns.width > bounds.cells:
            what = f"cells on a sheet ({rows.width:,} rows by {columns.width:,} columns)"
            raise too_large(what, rows.width * columns.width, bounds.cells, "cells")
        if columns.width > bounds.columns:
            raise too_large("columns on a sheet", columns.width, bounds.columns, "columns")
        tail = block[-_LONGEST_PLACE:]
        yield len(block)


class _Span:
    """From the least to the largest of what was seen."""

    def __init__(self) -> None:
        self._least, self._most = 1 << 40, -1

    def see(self, places: set[int]) -> None:
        if places:
            self._least, self._most = min(self._least, *places), max(self._most, *places)

    @property
    def width(self) -> int:
        return max(0, self._most - self._least + 1)


def _column(letters: bytes) -> int:
    place = 0
    for letter in letters.upper():
        place = place * 26 + letter - 64
    return place


def check_parquet(path: Path, bounds: SourceBounds) -> None:
    """Refuse a Parquet file, or a folder of them, of too many columns or with a row group that is too large.

    Raises:
        DialectError: it is.
    """
    for part in sorted(path.glob("*.parquet")) if path.is_dir() else [path]:
        with _damage_told():
            told = pq.read_metadata(part)
        if told.num_columns > bounds.columns:
            raise too_large("columns", told.num_columns, bounds.columns, "columns")
        sizes = [told.row_group(place).total_byte_size for place in range(told.num_row_groups)]
        if max(sizes, default=0) > bounds.unpacked_mb << 20:
            raise too_large("MiB in a row group", max(sizes) >> 20, bounds.unpacked_mb, "unpacked_mb")


def without_unreadable_rows(raw: RawFile, bounds: SourceBounds) -> RawFile:
    """A file's cells without rows that hold a text that is too long or a time that no calendar has.

    They are told as rows of a wrong number of cells are: with their numbers and what is wrong with them.
    """
    told = []
    for name, cells in zip(raw.header, raw.cells.drop("row_number").iter_columns(), strict=True):
        which = _unreadable(cells, bounds)
        if which is not None and which.any():
            reason = _reason(name, cells.dtype, bounds)
            rows = raw.cells["row_number"].filter(which)
            told.append(pl.DataFrame({"row_number": rows, "reason": [reason] * len(rows)}))
    if not told:
        return raw
    ragged = pl.concat([*told]).unique("row_number", keep="first", maintain_order=True)
    kept = ~raw.cells["row_number"].is_in(ragged["row_number"].implode())
    numbers = {name: which.filter(kept) for name, which in raw.numbers.items()}
    both = pl.concat([raw.ragged, ragged]).sort("row_number")
    return replace(raw, cells=raw.cells.filter(kept), ragged=both, numbers=numbers)


def _reason(name: str, kind: pl.DataType, bounds: SourceBounds) -> str:
    where = f"the column {name[:40]!r} holds"
    if kind == pl.String:
        return f"{where} more than {bounds.cell_characters:,} bytes (the source's bounds.cell_characters)"
    return f"{where} a time that no calendar has"


def _unreadable(cells: pl.Series, bounds: SourceBounds) -> pl.Series | None:
    """Which cells cannot be read; nothing where none of a column could be such."""
    kind = cells.dtype
    if kind == pl.String:
        return (cells.str.len_bytes() > bounds.cell_characters).fill_null(False)
    if isinstance(kind, pl.Datetime | pl.Duration):
        ticks = _TICKS[kind.time_unit] * _DAY_S
        least = -_EPOCH_DAYS if isinstance(kind, pl.Datetime) else -_LAST_DAYS
        return _beyond(cells, least * ticks, (_LAST_DAYS + 1) * ticks - 1)
    if kind == pl.Date:
        return _beyond(cells, -_EPOCH_DAYS, _LAST_DAYS)
    return _beyond(cells, 0, _DAY_S * _TICKS["ns"] - 1) if kind == pl.Time else None


def _beyond(cells: pl.Series, least: int, most: int) -> pl.Series:
    numbers = cells.to_physical()
    top = min(most, 2**63 - 1) if numbers.dtype == pl.Int64 else most
    bottom = max(least, -(2**63))
    return ((numbers < bottom) | (numbers > top)).fill_null(False)
