"""Writing results: whole or not at all, never over something that is there already."""

import csv
import gzip
import os
import shutil
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from io import TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from pipeline import terminal
from pipeline.errors import OutputError
from pipeline.files.cell_text import escaped_frame
from pipeline.language.sentence import Sentence
from pipeline.left_over import part_name
from pipeline.targets import Target

if TYPE_CHECKING:
    from matplotlib.figure import Figure  # slow to import, and not needed to write tables

SUFFIXES = (".csv", ".csv.gz", ".parquet", ".xlsx")
EXCEL_ROWS = 1_048_575  # below the header
EXCEL_CHARACTERS = 32_767  # of a cell, as Excel counts them: in units of UTF-16

# Whatever a lead's text says, a cell is that text: no formula, no link, no number.
_AS_IT_IS = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}


def check_free(path: Path, overwrite: bool = False, *, folder: bool = False) -> None:
    """Refuse an output path before any work is done for it.

    Args:
        path: where to write.
        overwrite: whether something may be there already.
        folder: whether Parquet is written as a folder of files.

    Raises:
        OutputError: it exists, its folder does not or cannot be written, or its kind is unknown.
    """
    if not path.name.endswith(SUFFIXES):
        raise OutputError(
            Sentence(
                "{path}: cannot write this kind of file; use one of {names}",
                path=path,
                names=", ".join(SUFFIXES),
            )
        )
    if path.is_dir() and not (folder and all(map(_is_part, path.iterdir()))):
        raise OutputError(Sentence("{path} is a folder: name a file", path=path))
    if path.exists() and not overwrite:
        raise OutputError(
            Sentence("{path} exists already: choose another --out or add --overwrite", path=path)
        )
    if not path.parent.is_dir():
        raise OutputError(
            Sentence("{parent} is no folder: make it or choose another --out", parent=path.parent)
        )
    if not os.access(path.parent, os.W_OK):
        raise OutputError(Sentence("{parent} cannot be written: choose another --out", parent=path.parent))


def _is_part(path: Path) -> bool:
    return path.suffix == ".parquet" and path.is_file()


def write_table(frame: pd.DataFrame, path: Target, *, escape: bool = True) -> None:
    """Write a frame as CSV (UTF-8 with BOM, so that Excel reads Chinese), Parquet or Excel.

    Args:
        frame: the table.
        path: where to write; its ending says how.
        escape: whether a CSV file's cells are kept from being formulas, as ``cell_text`` says.

    Raises:
        OutputError: the disk or the rights do not allow it; nothing half-written stays.
    """
    write_slices([frame], path, escape=escape)


def write_slices(
    frames: Iterable[pd.DataFrame], path: Target, *, folder: bool = False, escape: bool = True
) -> None:
    """Write frames of the same columns under one another, each as it comes.

    Args:
        frames: at least one; a long table need never be there whole (but for Excel).
        path: where to write; its ending says how.
        folder: write Parquet as a folder of files, one a frame.
        escape: as for ``write_table``.

    Raises:
        OutputError: as ``write_table``.
    """
    if path.name.endswith(".parquet"):
        write = _parquet_folder if folder else _parquet
        replace_whole(path, lambda part: write(frames, part), folder=folder)
    elif path.name.endswith(".xlsx"):
        replace_whole(path, lambda part: _excel(pd.concat(frames, ignore_index=True), part))
    else:
        cells = map(escaped_frame, frames) if escape else frames
        replace_whole(path, lambda part: _csv(cells, part))


def to_arrow(frame: pd.DataFrame) -> pa.Table:
    """A frame's columns, without its index, as Arrow.

    Example:
        >>> to_arrow(pd.DataFrame({"day": pd.to_datetime(["2026-07-01T00:00Z"])})).schema.types
        [TimestampType(timestamp[us, tz=UTC])]
    """
    # PyArrow takes an instant's values in a way that pandas 3.1 warns of, and a warning can be hushed
    # for all threads at once only. So instants go without their zone, as UTC, and get it back.
    zones = {name: str(frame[name].dt.tz) for name in _zoned(frame)}
    naive = frame.assign(**{name: frame[name].dt.tz_convert(None) for name in zones})
    table = pa.Table.from_pandas(naive, preserve_index=False)
    fields = [
        field.with_type(pa.timestamp(field.type.unit, zones[field.name])) if field.name in zones else field
        for field in table.schema
    ]
    return table.cast(pa.schema(fields, table.schema.metadata))


def write_text(text: str, path: Target) -> None:
    """Write a UTF-8 text file.

    Raises:
        OutputError: as ``write_table``.
    """
    replace_whole(path, lambda part: part.write_text(text, encoding="utf-8"))


def write_figure(figure: "Figure", path: Target) -> None:
    """Write a chart as PNG.

    Raises:
        OutputError: as ``write_table``.
    """
    replace_whole(path, figure.savefig)


def replace_whole(path: Target, write: Callable[[Path], object], *, folder: bool = False) -> None:
    """Let a function write a file or a folder under another name, and give it its own when it is whole.

    Raises:
        OutputError: the disk or the rights do not allow it.
    """
    # The part keeps the suffix, by which some writers choose their format.
    part = path.with_name(part_name(path.name))
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _remove(part)  # of a run that was killed, where processes have the same numbers again
        write(part)
        if folder and path.is_dir():
            shutil.rmtree(path)
        part.replace(path)
    except OSError as error:
        raise OutputError(
            Sentence("{path} cannot be written: {value}", path=path, value=error.strerror or error)
        ) from None
    finally:
        _remove(part)


def _remove(part: Path) -> None:
    if part.is_dir() and not part.is_symlink():
        shutil.rmtree(part)
    part.unlink(missing_ok=True)


def _parquet(frames: Iterable[pd.DataFrame], path: Path) -> None:
    writer: pq.ParquetWriter | None = None
    try:
        for frame in frames:
            table = to_arrow(frame)
            if writer is None:
                writer = pq.ParquetWriter(path, table.schema)
            writer.write_table(table.cast(writer.schema))
    finally:
        if writer is not None:
            writer.close()


def _parquet_folder(frames: Iterable[pd.DataFrame], path: Path) -> None:
    path.mkdir()
    for number, frame in enumerate(frames):
        _parquet([frame], path / f"part-{number:05d}.parquet")


def _csv(frames: Iterable[pd.DataFrame], path: Path) -> None:
    with path.open("wb") as raw:
        # Without a time the same list gives the same bytes.
        packed = gzip.GzipFile("", "wb", fileobj=raw, mtime=0) if path.name.endswith(".gz") else raw
        with TextIOWrapper(packed, encoding="utf-8-sig", newline="") as text:
            for number, frame in enumerate(frames):
                # The writer takes a carriage return for no end of a line, and readers take it for one.
                quoting: Literal[0, 2] = csv.QUOTE_NONNUMERIC if _holds_returns(frame) else csv.QUOTE_MINIMAL
                frame.to_csv(text, index=False, header=number == 0, lineterminator="\n", quoting=quoting)


def _holds_returns(frame: pd.DataFrame) -> bool:
    return any("\r" in text for text in frame.columns.map(str)) or any(
        isinstance(text, str) and "\r" in text
        for _, column in frame.items()
        if not _counted(column)
        for text in column.unique()
    )


def _excel(frame: pd.DataFrame, path: Path) -> None:
    plain = frame.assign(**{c: frame[c].dt.tz_localize(None) for c in _zoned(frame)})
    plain = plain.assign(**{c: fitting(plain[c]) for c in plain.columns if not _counted(plain[c])})
    with pd.ExcelWriter(path, engine="xlsxwriter", engine_kwargs={"options": _AS_IT_IS}) as book:
        book.book.set_properties(
            {"created": datetime(2000, 1, 1, tzinfo=UTC)}
        )  # the same list, the same bytes
        plain.to_excel(book, index=False)


def _counted(column: "pd.Series[Any]") -> bool:
    """Whether a column holds numbers, yes and no, or instants: nothing that could be too long for a cell."""
    return pd.api.types.is_any_real_numeric_dtype(column) or column.dtype.kind in "bmM"


def fitting(column: "pd.Series[Any]") -> "pd.Series[Any]":
    """The column with texts that a cell of Excel can hold; says how many had to be cut for that."""
    long = [isinstance(text, str) and _units(text) > EXCEL_CHARACTERS for text in column]
    if not any(long):
        return column
    terminal.note(
        Sentence(
            "column {column}: texts cut after {most:,} characters, which is all that a cell of "
            "Excel holds: {count}; a list in .csv or .parquet has them whole",
            column=column.name,
            most=EXCEL_CHARACTERS,
            count=sum(long),
        )
    )
    return column.astype("object").where(~pd.Series(long, column.index), column.map(_cut))


def _units(text: str) -> int:
    # What is short enough in any case need not be encoded.
    return len(text) if 2 * len(text) <= EXCEL_CHARACTERS else len(text.encode("utf-16-le")) // 2


def _cut(text: object) -> object:
    """The text's first characters, none of them in half."""
    if not isinstance(text, str):
        return text
    return text.encode("utf-16-le")[: 2 * EXCEL_CHARACTERS].decode("utf-16-le", "ignore")


def _zoned(frame: pd.DataFrame) -> list[str]:
    return [str(c) for c in frame.columns if isinstance(frame[c].dtype, pd.DatetimeTZDtype)]
