"""Words that are met written another way, and how the patterns write them.

Where a word may begin is told from pairs of neighbouring characters, cheaply and in all texts together; only there
are the words themselves looked for, longer ones before shorter ones.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from models.arrays import Flags, Ints
from models.intents.characters import code_points

_SLOTS = 1 << 16


@dataclass(frozen=True)
class Respelling:
    """What is written for what.

    Attributes:
        words: the word to write, by the word that is met; none is empty.

    >>> Respelling({"唔係": "不是", "係": "是"}).write("唔係呀 是 係")
    '不是呀 是 是'
    """

    words: Mapping[str, str]

    def write(self, text: str) -> str:
        """The text with its words written anew, from the left; what was written is not read again."""
        return "".join(self._pieces(text)) if text else text

    def _pieces(self, text: str) -> Iterator[str]:
        done = 0
        for at in self._starts(text).tolist():
            if at >= done and (word := self._word_at(text, at)):
                yield text[done:at]
                yield self.words[word]
                done = at + len(word)
        yield text[done:]

    def _word_at(self, text: str, at: int) -> str:
        some = (*self._by_start.get(text[at : at + 2], ()), *self._by_start.get(text[at], ()))
        return next((word for word in some if text.startswith(word, at)), "")

    def _starts(self, text: str) -> Ints:
        codes = code_points(text)
        met = self._singles[codes & np.uint32(_SLOTS - 1)]
        met[:-1] |= self._pairs[_pair(codes)]
        return np.flatnonzero(met)

    @cached_property
    def _by_start(self) -> dict[str, list[str]]:
        """The words by their first two characters, longer ones first; those of one by the one."""
        some: dict[str, list[str]] = {}
        for word in sorted(self.words, key=lambda word: (-len(word), word)):
            some.setdefault(word[:2], []).append(word)
        return some

    @cached_property
    def _singles(self) -> Flags:
        table = np.zeros(_SLOTS, dtype=np.bool_)
        table[[ord(word) & (_SLOTS - 1) for word in self.words if len(word) == 1]] = True
        return table

    @cached_property
    def _pairs(self) -> Flags:
        table = np.zeros(_SLOTS, dtype=np.bool_)
        for word in self.words:
            if len(word) > 1:
                table[_pair(code_points(word[:2]))] = True
        return table


def _pair(codes: npt.NDArray[np.uint32]) -> npt.NDArray[np.uint32]:
    return (codes[:-1] * np.uint32(31) + codes[1:]) & np.uint32(_SLOTS - 1)
