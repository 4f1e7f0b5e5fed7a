"""The work folder of a list that is being scored: what is asked, and what of it is done.

Every file appears whole or not at all, and says by its name what it holds. So whatever kills the
program, the same command finds what is done and goes on; and any process, here or on another machine
that sees the folder, can do a part that it is told by name alone.
"""

import json
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import polars as pl
import pyarrow as pa

from features.tables import TableName
from pipeline.files.source_file import RowRange


@dataclass(frozen=True, slots=True)
class SpanTask:
    """A span of a source that is to be taken in; ``number`` tells its place in the source."""

    table: TableName
    number: int
    span: RowRange

    @property
    def name(self) -> str:
        """What its files are called; names sort as the spans do.

        Example:
            >>> SpanTask("calls", 3, Span()).name
            'calls-00003'
        """
        return f"{self.table}-{self.number:05d}"


class Store(Protocol):
    """Where sources are taken in to: frames and words under names such as ``bad/calls-00003``.

    A work folder is one; where the data are small, ``memory.Memory`` is, and no file is written.
    """

    def has(self, name: str) -> bool:
        """Whether there is a frame of this name."""

    def keep(self, name: str, frame: pl.DataFrame) -> None:
        """Keep a frame under a name."""

    def find(self, name: str) -> pl.DataFrame:
        """Give a frame back."""

    def keep_parts(self, name: str, rows: pl.DataFrame, sizes: Sequence[int]) -> None:
        """Keep rows under a name so that each of their parts, of these sizes, can be read alone."""

    def find_parts(self, names: Sequence[str], number: int) -> pl.DataFrame:
        """Give back one part of each of what ``keep_parts`` kept under some names; one is under the other."""

    def names(self, kind: str) -> list[str]:
        """Names of all frames of a kind, in order."""

    def has_words(self, name: str) -> bool:
        """Whether there are words of this name."""

    def keep_words(self, name: str, words: Mapping[str, Any]) -> None:
        """Keep names and values, as JSON knows them."""

    def find_words(self, name: str) -> dict[str, Any]:
        """Give them back."""

    def __hash__(self) -> int:
        """Tell it from others."""


@dataclass(frozen=True)
class Work:
    """A work folder: a store whose names are those of files."""

    folder: Path

    @property
    def scorer(self) -> Path:
        """Folder of the scorer that grades."""
        return self.folder / "scorer"

    def has(self, name: str) -> bool:
        """Whether there is a frame of this name."""
        return (self.folder / f"{name}.arrow").exists()

    def keep(self, name: str, frame: pl.DataFrame) -> None:
        """Write a frame under a name."""
        self._whole(f"{name}.arrow", frame.write_ipc)

    def find(self, name: str) -> pl.DataFrame:
        """Read a frame back."""
        return self.scan(name).collect()

    def scan(self, name: str) -> pl.LazyFrame:
        """A frame of which only what is asked for is to be read."""
        return pl.scan_ipc(self.folder / f"{name}.arrow", glob=False)

    def keep_parts(self, name: str, rows: pl.DataFrame, sizes: Sequence[int]) -> None:
        """Write rows under a name so that each of their parts can be read alone.

        Args:
            name: what to call them.
            rows: the parts under one another; there are some.
            sizes: how many rows each part has.
        """
        table = rows.rechunk().to_arrow(compat_level=pl.CompatLevel.oldest()).combine_chunks()
        (whole,) = table.to_batches()

        def write(path: Path) -> None:
            with pa.OSFile(str(path), "wb") as file, pa.ipc.new_file(file, table.schema) as parts:
                for start, size in zip(np.cumsum(sizes) - sizes, sizes, strict=True):
                    parts.write_batch(whole.slice(start, size))

        self._whole(f"{name}.arrow", write)

    def find_parts(self, names: Sequence[str], number: int) -> pl.DataFrame:
        """Read one part of each of what ``keep_parts`` wrote under some names; one is under the other."""
        batches = []
        for name in names:
            with pa.memory_map(str(self.folder / f"{name}.arrow")) as file:
                batches.append(pa.ipc.open_file(file).get_batch(number))
        # All at once: what each costs on the way to Polars depends little on its rows.
        return pl.DataFrame(pl.from_arrow(pa.Table.from_batches(batches)))

    def names(self, kind: str) -> list[str]:
        """Names of all frames of a kind, in order."""
        return sorted(f"{kind}/{path.stem}" for path in (self.folder / kind).glob("[!.]*.arrow"))

    def has_words(self, name: str) -> bool:
        """Whether there are words of this name."""
        return (self.folder / f"{name}.json").exists()

    def keep_words(self, name: str, words: Mapping[str, Any]) -> None:
        """Write down names and values, as JSON knows them."""
        # In the order given, which may mean something; in ASCII, since a file's name need not be text.
        text = json.dumps(words, indent=1)
        self._whole(f"{name}.json", lambda path: path.write_text(text, encoding="utf-8"))

    def find_words(self, name: str) -> dict[str, Any]:
        """Read them back."""
        return dict(json.loads((self.folder / f"{name}.json").read_text(encoding="utf-8")))

    def _whole(self, name: str, write: Callable[[Path], object]) -> None:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_name(f".{os.getpid()}.{path.name}")
        write(part)
        part.replace(path)
