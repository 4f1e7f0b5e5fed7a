"""One plain way of writing an utterance: case, width, script and punctuation say nothing about intent.

Traditional characters become simplified ones, full-width letters ASCII, capitals small, and every run
of white space, punctuation and symbols one space; then words of Cantonese and Taiwan become those that patterns
know, and words that speech recognition takes for others what was said. The tables are our own and hold what
callers say; what they lack stays as it is.
"""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import numpy.typing as npt

from models.intents.characters import TURN, code_points, written
from models.intents.respelling import Respelling
from models.intents.words.dialects import DIALECT_WORDS
from models.intents.words.mishearings import MISHEARINGS
from models.intents.words.traditional import TRADITIONAL

_BEYOND = 0x110000


@dataclass(frozen=True)
class Spelling:
    """The tables by which utterances are written.

    Attributes:
        traditional: pairs of a traditional character and its simplified form.
        words: the word to write, by the word that is met.
    """

    traditional: str
    words: Mapping[str, str] = field(default_factory=dict)

    @property
    def tables(self) -> object:
        """All that the spelling depends on."""
        return (self.traditional, tuple(sorted(self.words.items()))) if self.words else self.traditional

    def write(self, texts: Sequence[str]) -> list[str]:
        """Write utterances in the plain way, as ``plain_text`` does by the tables of today."""
        if not len(texts):
            return []
        lines = TURN.join(text.replace(TURN, " ") for text in texts)
        plain = self._table[code_points(lines)]
        space = plain == ord(" ")
        edge = plain == ord(TURN)
        before = np.concatenate(([True], (space | edge)[:-1]))
        # A run of spaces keeps its first, unless it opens the turn; one that closes the turn goes below.
        kept = written(plain[~(space & before)])
        found = self._respelling.write(kept) if self.words else kept
        return [line.rstrip(" ") for line in found.split(TURN)]

    @cached_property
    def _table(self) -> npt.NDArray[np.uint32]:
        """For every character the one that stands for it."""
        table = np.arange(_BEYOND, dtype=np.uint32)
        for code in (*range(0x3400), *range(0xFE00, 0x10000), *range(0x1F000, 0x20000)):
            table[code] = _plain(chr(code))
        for old, new in zip(self.traditional[::2], self.traditional[1::2], strict=True):
            table[ord(old)] = ord(new)
        return table

    @cached_property
    def _respelling(self) -> Respelling:
        return Respelling(self.words)


def _plain(character: str) -> int:
    if character == TURN:
        return ord(TURN)
    plain = unicodedata.normalize("NFKC", character).lower()
    if len(plain) != 1 or unicodedata.category(plain)[0] in "ZPSC":
        return ord(" ")
    return ord(plain)


SPELLING = Spelling(TRADITIONAL, {**MISHEARINGS, **DIALECT_WORDS})


def plain_text(texts: Sequence[str]) -> list[str]:
    r"""Write utterances in the plain way.

    >>> plain_text(["不用了，謝謝！", "How  much—ＯＫ?", " \n "])
    ['不用了 谢谢', 'how much ok', '']
    >>> plain_text(["唔使喇", "多哨錢"])
    ['不用了', '多少钱']
    """
    return SPELLING.write(texts)
