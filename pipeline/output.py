"""Writing results: whole or not at all, never over something that is there already."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Literal

import pandas as pd
from matplotlib.figure import Figure

from pipeline.errors import OutputError

SUFFIXES = (".csv", ".csv.gz", ".parquet", ".xlsx")


def check_free(path: Path, overwrite: bool = False) -> None:
    """Refuse an output path before any work is done for it.

    Raises:
        OutputError: it exists, its folder does not or cannot be written, or its kind is unknown.
    """
    if not path.name.endswith(SUFFIXES):
        raise OutputError(f"{path}: cannot write this kind of file; use one of {', '.join(SUFFIXES)}")
    if path.is_dir():
        raise OutputError(f"{path} is a folder: name a file")
    if path.exists() and not overwrite:
        raise OutputError(f"{path} exists already: choose another --out or add --overwrite")
    if not path.parent.is_dir():
        raise OutputError(f"{path.parent} is no folder: make it or choose another --out")
    if not os.access(path.parent, os.W_OK):
        raise OutputError(f"{path.parent} cannot be written: choose another --out")


def write_table(frame: pd.DataFrame, path: Path) -> None:
    """Write a frame as CSV (UTF-8 with BOM, so that Excel reads Chinese), Parquet or Excel.

    Raises:
        OutputError: the disk or the rights do not allow it; nothing half-written stays.
    """
    if path.name.endswith(".parquet"):
        _replace(path, lambda part: frame.to_parquet(part, index=False))
    elif path.name.endswith(".xlsx"):
        plain = frame.assign(**{c: frame[c].dt.tz_localize(None) for c in _zoned(frame)})
        _replace(path, lambda part: plain.to_excel(part, index=False, engine="xlsxwriter"))
    else:
        compression: Literal["gzip"] | None = "gzip" if path.name.endswith(".gz") else None
        _replace(
            path,
            lambda part: frame.to_csv(part, index=False, encoding="utf-8-sig", compression=compression),
        )


def write_text(text: str, path: Path) -> None:
    """Write a UTF-8 text file.

    Raises:
        OutputError: as ``write_table``.
    """
    _replace(path, lambda part: part.write_text(text, encoding="utf-8"))


def write_figure(figure: Figure, path: Path) -> None:
    """Write a chart as PNG.

    Raises:
        OutputError: as ``write_table``.
    """
    _replace(path, figure.savefig)


def _replace(path: Path, write: Callable[[Path], object]) -> None:
    # The part keeps the suffix, by which some writers choose their format.
    part = path.with_name(f".{os.getpid()}.part.{path.name}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write(part)
        part.replace(path)
    except OSError as error:
        raise OutputError(f"{path} cannot be written: {error.strerror or error}") from None
    finally:
        part.unlink(missing_ok=True)


def _zoned(frame: pd.DataFrame) -> list[str]:
    return [str(c) for c in frame.columns if isinstance(frame[c].dtype, pd.DatetimeTZDtype)]
