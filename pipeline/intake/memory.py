"""A store that is memory: for data so small that files would only be in the way."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import polars as pl


class Memory:
    """A ``work.Store`` without a folder; it is gone with the program, however that ends.

    Example:
        >>> store = Memory()
        >>> store.keep_parts("rows/calls-00000", pl.DataFrame({"call": [1, 2, 3]}), [2, 1])
        >>> store.find_parts(store.names("rows"), 1)["call"].to_list()
        [3]
    """

    def __init__(self) -> None:
        """Begin empty."""
        self._frames: dict[str, pl.DataFrame] = {}
        self._sizes: dict[str, Sequence[int]] = {}
        self._words: dict[str, dict[str, Any]] = {}

    def has(self, name: str) -> bool:
        """Whether there is a frame of this name."""
        return name in self._frames

    def keep(self, name: str, frame: pl.DataFrame) -> None:
        """Keep a frame under a name."""
        self._frames[name] = frame

    def find(self, name: str) -> pl.DataFrame:
        """Give a frame back."""
        return self._frames[name]

    def keep_parts(self, name: str, rows: pl.DataFrame, sizes: Sequence[int]) -> None:
        """Keep rows under a name so that each of their parts, of these sizes, can be read alone."""
        self._frames[name], self._sizes[name] = rows, sizes

    def find_parts(self, names: Sequence[str], number: int) -> pl.DataFrame:
        """Give back one part of each of what ``keep_parts`` kept under some names; one is under the other."""
        return pl.concat(self._part(name, number) for name in names)

    def _part(self, name: str, number: int) -> pl.DataFrame:
        sizes = self._sizes[name]
        return self._frames[name].slice(int(np.sum(sizes[:number], dtype=np.int64)), sizes[number])

    def names(self, kind: str) -> list[str]:
        """Names of all frames of a kind, in order."""
        return sorted(name for name in self._frames if name.startswith(f"{kind}/"))

    def has_words(self, name: str) -> bool:
        """Whether there are words of this name."""
        return name in self._words

    def keep_words(self, name: str, words: Mapping[str, Any]) -> None:
        """Keep names and values, as JSON knows them."""
        self._words[name] = dict(words)

    def find_words(self, name: str) -> dict[str, Any]:
        """Give them back."""
        return dict(self._words[name])

    def clear(self) -> None:
        """Let everything go."""
        self._frames.clear()
        self._sizes.clear()
        self._words.clear()
