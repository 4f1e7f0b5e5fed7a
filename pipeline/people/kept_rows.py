"""Rows of one lead in files that were written: taken out of tables, and found wherever else its id stands."""

import csv
import gzip
import os
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO, cast

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from pipeline.errors import OutputError, SourceError
from pipeline.left_over import part_name

LEAD = "lead_id"
_TEXTS = (".csv", ".csv.gz")
_AT_A_TIME = 1 << 20


def drop_lead(path: Path, lead: str) -> int:
    """Take a lead's rows out of a table, which is replaced whole; says how many those were.

    A table without ``lead_id``, and a file of another kind than CSV and Parquet, stays as it is.

    Raises:
        SourceError: the table cannot be read.
        OutputError: it cannot be written anew; it is as it was then.
    """
    part = path.with_name(part_name(path.name))
    try:
        if path.name.endswith(".parquet"):
            return _drop_from_parquet(path, part, lead)
        if path.name.endswith(_TEXTS):
            return _drop_from_csv(path, part, lead)
    except (UnicodeDecodeError, csv.Error, pa.ArrowException) as error:
        raise SourceError(f"{path} cannot be read as a table ({type(error).__name__}): remove it") from None
    except OSError as error:
        raise OutputError(f"{path} cannot be written anew: {error.strerror or error}") from None
    finally:
        part.unlink(missing_ok=True)
    return 0


def holds(path: Path, lead: str) -> bool:
    """Whether a lead's id stands in a file, and is no part of a longer word; what is packed is unpacked.

    Raises:
        OSError: the file cannot be read.
    """
    wanted, before = lead.encode(), b""
    with gzip.open(path, "rb") if path.suffix == ".gz" else path.open("rb") as file:
        while more := file.read(_AT_A_TIME):
            if _stands_in(wanted, before + more):
                return True
            before = more[-len(wanted) - 1 :]
    return False


def _stands_in(wanted: bytes, text: bytes) -> bool:
    at = text.find(wanted)
    while at >= 0:
        beside = text[max(0, at - 1) : at] + text[at + len(wanted) : at + len(wanted) + 1]
        if not any(chr(byte).isalnum() and byte < 128 for byte in beside):
            return True
        at = text.find(wanted, at + 1)
    return False


def _drop_from_parquet(path: Path, part: Path, lead: str) -> int:
    with pq.ParquetFile(path) as file:
        if LEAD not in file.schema_arrow.names:
            return 0
        table = file.read()
    kept = table.filter(pc.fill_null(pc.not_equal(table[LEAD].cast(pa.string()), lead), fill_value=True))
    if kept.num_rows < table.num_rows:
        pq.write_table(kept, part)
        _replace(part, path)
    return int(table.num_rows - kept.num_rows)


def _drop_from_csv(path: Path, part: Path, lead: str) -> int:
    dropped = 0
    with _opened(path, "rt") as source, _opened(part, "wt", like=path) as target:
        rows = csv.reader(source)
        header = next(rows, [])
        names = [name.removeprefix("\ufeff") for name in header]
        if LEAD not in names:
            return 0
        place, written = names.index(LEAD), csv.writer(target, lineterminator="\n")
        written.writerow(header)
        for row in rows:
            if len(row) > place and _is(row[place], lead):
                dropped += 1
            else:
                written.writerow(row)
    if dropped:
        _replace(part, path)
    return dropped


def _is(cell: str, lead: str) -> bool:
    """Whether a cell is the id, as it is or kept from being a formula by an apostrophe."""
    return cell in (lead, f"'{lead}")


def _opened(path: Path, mode: str, like: Path | None = None) -> TextIO:
    packed = (like or path).suffix == ".gz"
    made = gzip.open if packed else open
    return cast(TextIO, made(path, mode, encoding="utf-8", newline=""))


def _replace(part: Path, path: Path) -> None:
    os.chmod(part, path.stat().st_mode & 0o777)  # noqa: PTH101 - as it was
    part.replace(path)


def files_below(folder: Path) -> Iterator[Path]:
    """All files below a folder, in order; links are not followed."""
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.is_symlink():
            yield path
