"""One plain way of writing an utterance: case, width, script and punctuation say nothing about intent.

Traditional characters become simplified ones, full-width letters ASCII, capitals small, and every run
of white space, punctuation and symbols one space; then words of Cantonese and Taiwan become those that patterns
know, and words that speech recognition takes for others what was said. The tables are our own and hold what
callers say; what they lack stays as it is.
"""

import unicodedata
from collections.abc import Sequence
from functools import cache

import numpy as np
import numpy.typing as npt

from models.intents.characters import TRADITIONAL, TURN, code_points, written
from models.intents.dialects import DIALECT_WORDS
from models.intents.mishearings import MISHEARINGS
from models.intents.respelling import Respelling

_BEYOND = 0x110000
RESPELLING = Respelling({**MISHEARINGS, **DIALECT_WORDS})
# All tables that a text is written by.
SPELLING = (TRADITIONAL, tuple(sorted(RESPELLING.words.items())))


@cache
def _table() -> npt.NDArray[np.uint32]:
    """For every character the one that stands for it."""
    table = np.arange(_BEYOND, dtype=np.uint32)
    for code in range(0x3400):
        table[code] = _plain(chr(code))
    for code in (*range(0xFE00, 0x10000), *range(0x1F000, 0x20000)):
        table[code] = _plain(chr(code))
    for old, new in zip(TRADITIONAL[::2], TRADITIONAL[1::2], strict=True):
        table[ord(old)] = ord(new)
    return table


def _plain(character: str) -> int:
    if character == TURN:
        return ord(TURN)
    plain = unicodedata.normalize("NFKC", character).lower()
    if len(plain) != 1 or unicodedata.category(plain)[0] in "ZPSC":
        return ord(" ")
    return ord(plain)


def plain_text(texts: Sequence[str]) -> list[str]:
    r"""Write utterances in the plain way.

    >>> plain_text(["不用了，謝謝！", "How  much—ＯＫ?", " \n "])
    ['不用了 谢谢', 'how much ok', '']
    >>> plain_text(["唔使喇", "多哨錢"])
    ['不用了', '多少钱']
    """
    if not len(texts):
        return []
    lines = TURN.join(text.replace(TURN, " ") for text in texts)
    plain = _table()[code_points(lines)]
    space = plain == ord(" ")
    edge = plain == ord(TURN)
    before = np.concatenate(([True], (space | edge)[:-1]))
    kept = plain[~(space & before)]
    # A run of spaces keeps its first, unless it opens the turn; one that closes the turn goes here.
    return [line.rstrip(" ") for line in RESPELLING.write(written(kept)).split(TURN)]
