r"""Which regular expressions a text can match at all, told cheaply from its characters.

A text that a regular expression matches holds one of certain characters or pairs of neighbours: what
``不太?贵|太贵`` matches holds ``不``, or else ``太贵``. Looking for those of all expressions at once
leaves each with few texts to try. The sieve errs on one side only: it may keep a text that does not
match, and never drops one that does.

Source: R. Cox, Regular Expression Matching with a Trigram Index (2012), with shorter pieces, as Chinese
words are short.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

from models.intents.characters import code_points

Bits = npt.NDArray[np.uint64]
Pieces = frozenset[str]
Cost = Callable[[Pieces], int]

MAX_PATTERNS = 64
# What is in every tenth utterance or more costs more than many pieces that are said seldom.
SAID_OFTEN = dict.fromkeys("我你的了是不有没好要么吗个这那", 500)
# Pieces that share a slot only keep more texts than need be; tables of this size stay in a core's cache.
_SLOTS = 1 << 16
_TURN = "\n"

_TOKEN = re.compile(
    r"(?P<group>\(\?:)"
    r"|\[(?P<one_of>[^\[\]\\^-][^\[\]\\-]*)\]"
    r"|(?P<anything>[.^$]|\\[bBdDsSwW]|\[[^\[\]\\]+\])"
    r"|(?P<literal>[^\\(){}\[\]?*+|])"
)
_TIMES = re.compile(r"(?:(?P<perhaps>[?*]|\{0,\d*\})|\+|\{[1-9]\d*(?:,\d*)?\})\??")


@dataclass(frozen=True)
class Sieve:
    """What the patterns need, as a bit per pattern.

    Attributes:
        always: patterns that need nothing in particular.
        singles, pairs: which patterns a character, or two neighbours, may be enough for, by slot.

    >>> sieve = Sieve.of(["不(?:太|很)?贵|太贵", "多少钱?", ".*"])
    >>> [f"{bits:03b}" for bits in sieve.sift(["太贵了", "要多少", "太多"]).tolist()]
    ['101', '110', '100']
    """

    always: np.uint64
    singles: Bits
    pairs: Bits

    @classmethod
    def of(cls, patterns: Sequence[str]) -> "Sieve":
        """The sieve of some patterns, the first of which has the lowest bit.

        Raises:
            ValueError: there are more than 64, or one uses syntax that is not read here.
        """
        if len(patterns) > MAX_PATTERNS:
            raise ValueError(f"{len(patterns)} patterns: a sieve holds {MAX_PATTERNS}")
        # Pieces that the patterns name seldom are taken to be said seldom.
        named = cache("|".join(patterns).count)
        always, singles, pairs = np.uint64(0), *np.zeros((2, _SLOTS), dtype=np.uint64)
        for number, pattern in enumerate(patterns):
            bit = np.uint64(1 << number)
            pieces = needed(
                pattern, lambda some: sum(named(piece) + SAID_OFTEN.get(piece, 0) for piece in some)
            )
            always |= bit if pieces is None else np.uint64(0)
            for piece in pieces or ():
                table, slots = (singles, _single) if len(piece) == 1 else (pairs, _pair)
                table[slots(code_points(piece))] |= bit
        return cls(always, singles, pairs)

    def sift(self, texts: Sequence[str]) -> Bits:
        """Which patterns each text may match, (texts,); the texts hold no line ends."""
        if not len(texts):
            return np.zeros(0, dtype=np.uint64)
        codes = code_points("".join(text + _TURN for text in texts))
        found = self.singles[_single(codes)]
        found[:-1] |= self.pairs[_pair(codes)]
        starts = np.flatnonzero(codes == ord(_TURN))[:-1] + 1
        together: Bits = np.bitwise_or.reduceat(found, np.concatenate([[0], starts]))
        return together | self.always


def needed(pattern: str, cost: Cost = len) -> Pieces | None:
    """Characters and pairs of which every text that matches holds one; None where there are none such.

    Args:
        pattern: RE2 without named, capturing or flagged groups.
        cost: where a sequence offers several sets, the cheapest is taken.

    >>> sorted(needed("不(?:太|很)?贵|太贵")), needed("多?少?")
    (['不', '太贵'], None)
    """
    pieces, end = _either(pattern, 0, cost)
    if end < len(pattern):
        raise ValueError(f"pattern {pattern!r}: a bracket closes at {end} that none opened")
    return pieces


def _either(pattern: str, at: int, cost: Cost) -> tuple[Pieces | None, int]:
    """What the alternatives up to a closing bracket or the end need."""
    pieces, at = _sequence(pattern, at, cost)
    while pattern.startswith("|", at):
        more, at = _sequence(pattern, at + 1, cost)
        pieces = None if pieces is None or more is None else pieces | more
    return pieces, at


def _sequence(pattern: str, at: int, cost: Cost) -> tuple[Pieces | None, int]:
    """The cheapest that one alternative needs; of equally cheap ones a pair, which is said no oftener."""
    offers: list[Pieces] = []
    before = ""
    while at < len(pattern) and pattern[at] not in "|)":
        token = _TOKEN.match(pattern, at)
        if token is None:
            raise ValueError(f"pattern {pattern!r}: {pattern[at : at + 3]!r} at {at} is not read")
        pieces, at = _atom(pattern, token, cost)
        times = _TIMES.match(pattern, at)
        at = times.end() if times else at
        if pieces and not (times and times["perhaps"]):
            offers.append(pieces)
        literal = token["literal"] if token["literal"] and not times else ""
        if before and literal:
            offers.insert(0, frozenset({before + literal}))
        before = literal
    return min(offers, key=cost, default=None), at


def _atom(pattern: str, token: re.Match[str], cost: Cost) -> tuple[Pieces | None, int]:
    if token["group"]:
        pieces, end = _either(pattern, token.end(), cost)
        if not pattern.startswith(")", end):
            raise ValueError(f"pattern {pattern!r}: a bracket at {token.start()} is not closed")
        return pieces, end + 1
    one_of = token["one_of"] or token["literal"]
    return (frozenset(one_of) if one_of else None), token.end()


def _single(codes: npt.NDArray[np.uint32]) -> npt.NDArray[np.uint32]:
    return codes & np.uint32(_SLOTS - 1)


def _pair(codes: npt.NDArray[np.uint32]) -> npt.NDArray[np.uint32]:
    return (codes[:-1] * np.uint32(31) + codes[1:]) & np.uint32(_SLOTS - 1)
