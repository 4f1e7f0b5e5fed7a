"""The shipped lexicon: patterns per family, written by hand, that need no training.

An utterance is written plainly, then the rules are tried in their order; the first that holds names
the family. A rule holds where its pattern matches and its exception does not, which is how negation
is heard: what is not needed is a refusal before anyone looks for a need, and what is not dear is no
objection. The matching is RE2's, in time linear in the text whatever the pattern, and a sieve leaves each
pattern only the utterances that hold what it needs.
"""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from scipy import sparse

from models.arrays import Flags
from models.intents.families import CODE, Codes
from models.intents.plain_text import SPELLING, Spelling
from models.intents.sieve import MAX_PATTERNS, Bits, Sieve
from models.intents.words.cues import CUES, FRAGMENTS
from models.intents.words.patterns import RULES

# Longer turns are somebody's speech, of which the beginning and the end say what it is about.
MAX_UTTERANCE_CHARACTERS = 400


@dataclass(frozen=True, slots=True)
class Pattern:
    """A regular expression, and the one that makes an exception of it.

    Attributes:
        match: RE2, over plain text, with the fragments put in.
        unless: where this matches too, the pattern does not hold; empty for none.
    """

    match: str
    unless: str = ""

    def holds(self, texts: pa.Array) -> Flags:
        """Where it holds."""
        found = _matches(texts, self.match)
        if not self.unless or not found.any():
            return found
        found[found] = ~_matches(texts.filter(pa.array(found)), self.unless)
        return found


@dataclass(frozen=True)
class Lexicon:
    """A recogniser made of ordered rules.

    Attributes:
        rules: family and pattern; the first that holds wins.
        cues: what a turn asks for besides, by name; a turn may hold any number of them.
        spelling: by which the patterns expect utterances to be written.

    >>> from models.intents.families import names
    >>> names(Lexicon.shipped().recognise(["这个多少钱", "不需要，谢谢", "價格不貴", "how much is it"]))
    ['price', 'refusal', 'none', 'price']
    """

    rules: tuple[tuple[str, Pattern], ...]
    cues: Mapping[str, Pattern]
    spelling: Spelling = SPELLING

    source = "lexicon"

    @classmethod
    def shipped(cls) -> "Lexicon":
        """The lexicon that comes with the program."""
        rules = tuple((family, _pattern(match, unless)) for family, match, unless in RULES)
        cues = {name: _pattern(match, unless) for name, (match, unless) in CUES.items()}
        return cls(rules, cues)

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 over rules, cues and the spelling."""
        return hashlib.sha256(
            repr((self.rules, self.cues, self.spelling.tables, MAX_UTTERANCE_CHARACTERS)).encode()
        ).hexdigest()

    def recognise(self, texts: Sequence[str]) -> Codes:
        """The family of each utterance, as its position in ``families.FAMILIES``."""
        plain = _shorten(self.spelling.write(texts))
        column, left = pa.array(plain, pa.string()), _sift(self._sieves, plain)
        codes = np.zeros(len(texts), dtype=np.int8)
        for number, (family, pattern) in enumerate(self.rules):
            rows = _held(column, left, number, pattern)
            codes[rows] = CODE[family]
            left[:, rows] = 0
        return codes

    def hear_cues(self, texts: Sequence[str], names: Collection[str] = ()) -> dict[str, Flags]:
        """Which utterances hold which cue: of all cues, or of those that are named."""
        plain = _shorten(self.spelling.write(texts))
        column, sifted = pa.array(plain, pa.string()), _sift(self._cue_sieves, plain)
        heard = {}
        for number, (name, pattern) in enumerate(self.cues.items()):
            if not names or name in names:
                heard[name] = np.zeros(len(texts), dtype=np.bool_)
                heard[name][_held(column, sifted, number, pattern)] = True
        return heard

    def marks(self, texts: Sequence[str]) -> sparse.csr_array:
        """Which expressions match each utterance, (utterances, expressions)."""
        plain = _shorten(self.spelling.write(texts))
        column, sifted = pa.array(plain, pa.string()), _sift(self._mark_sieves, plain)
        held = [_held(column, sifted, number, Pattern(one)) for number, one in enumerate(self.expressions)]
        columns = np.repeat(np.arange(len(held), dtype=np.int32), [len(one) for one in held])
        rows = np.concatenate(held).astype(np.int32)
        ones = np.ones(len(columns), dtype=np.float32)
        return sparse.csr_array((ones, (rows, columns)), shape=(len(texts), len(held)))

    @cached_property
    def expressions(self) -> tuple[str, ...]:
        """The different regular expressions of its rules and cues, exceptions among them."""
        patterns = [*(pattern for _, pattern in self.rules), *self.cues.values()]
        matches = [pattern.match for pattern in patterns]
        return tuple(dict.fromkeys([*matches, *(pattern.unless for pattern in patterns if pattern.unless)]))

    @cached_property
    def _mark_sieves(self) -> tuple[Sieve, ...]:
        return _sieves(self.expressions)

    @cached_property
    def _sieves(self) -> tuple[Sieve, ...]:
        return _sieves([pattern.match for _, pattern in self.rules])

    @cached_property
    def _cue_sieves(self) -> tuple[Sieve, ...]:
        return _sieves([pattern.match for pattern in self.cues.values()])


def _sieves(patterns: Sequence[str]) -> tuple[Sieve, ...]:
    """As many sieves as the patterns need."""
    starts = range(0, len(patterns), MAX_PATTERNS)
    return tuple(Sieve.of(patterns[start : start + MAX_PATTERNS]) for start in starts)


def _sift(sieves: Sequence[Sieve], texts: Sequence[str]) -> Bits:
    """Which patterns each text may match, (sieves, texts)."""
    return np.stack([sieve.sift(texts) for sieve in sieves])


def _held(column: pa.Array, sifted: Bits, number: int, pattern: Pattern) -> npt.NDArray[np.int64]:
    """The rows in which a pattern holds, of those that the sieve left it."""
    sieve, bit = divmod(number, MAX_PATTERNS)
    rows = np.flatnonzero(sifted[sieve] & np.uint64(1 << bit))
    return rows[pattern.holds(column.take(pa.array(rows)))]


def _pattern(match: Sequence[str], unless: Sequence[str]) -> Pattern:
    return Pattern(_either(match), _either(unless))


def _either(patterns: Sequence[str]) -> str:
    text = "|".join(patterns)
    for name, fragment in FRAGMENTS.items():
        text = text.replace(f"<{name}>", f"(?:{fragment})")
    return text


def _matches(texts: pa.Array, pattern: str) -> Flags:
    found = pc.match_substring_regex(texts, pattern)
    return np.array(found.to_numpy(zero_copy_only=False), dtype=np.bool_)


def _shorten(texts: list[str]) -> list[str]:
    half = MAX_UTTERANCE_CHARACTERS // 2
    return [t if len(t) <= MAX_UTTERANCE_CHARACTERS else f"{t[:half]} {t[-half:]}" for t in texts]
