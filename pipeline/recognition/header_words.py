"""How alike a column's header and a word for it are."""

import re
import unicodedata
from collections.abc import Iterable
from functools import cache

from rapidfuzz import fuzz

NAMED_SO = 0.95
# Less alike than this are two different things.
_ALIKE = 86.0
_UNIT = re.compile(r"[(（\[][^)）\]]*[)）\]]")
# Part of a longer header only from so many letters on; a Chinese word says more with fewer.
_LEAST_LETTERS, _LEAST_SIGNS = 6, 2


@cache
def plain(text: str) -> str:
    """A header without case, accents, blanks and signs.

    >>> plain("Date de création"), plain("No. of Employees"), plain("Budget__c"), plain("通话 时长")
    ('datedecreation', 'noofemployees', 'budget', '通话时长')
    """
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold())
    folded = folded.removesuffix("__c")  # how Salesforce ends the names of a team's own fields
    # Accents fall; the voicing of Japanese syllables, which are marks too, stays.
    bare = "".join(sign for sign in folded if not "\u0300" <= sign <= "\u036f")
    return "".join(sign for sign in unicodedata.normalize("NFC", bare) if sign.isalnum())


def likeness(header: str, words: Iterable[str]) -> float:
    """How sure it is that a header is one of the words, from 0 to 1; the first words are the surest.

    >>> likeness("Created Date", ["created date"]), likeness("Call duration (sec)", ["call duration"])
    (1.0, 0.97)
    >>> likeness("budget", ["created date"])
    0.0
    """
    told, bare = plain(header), plain(without_unit(header))
    best = 0.0
    for place, word in enumerate(words):
        best = max(best, _likeness(told, bare, plain(word)) - min(place, 20) * 1e-3)
    return round(best, 4)


def _likeness(told: str, bare: str, word: str) -> float:
    if told == word:
        return 1.0
    if not word or not told:
        return 0.0
    if bare == word:
        return 0.97
    if word in told and len(word) >= (_LEAST_LETTERS if word.isascii() else _LEAST_SIGNS):
        return 0.6 + 0.3 * len(word) / len(told)
    ratio = fuzz.ratio(told, word) if min(len(told), len(word)) > 3 else 0.0
    return 0.9 * ratio / 100 if ratio >= _ALIKE else 0.0


def without_unit(header: str) -> str:
    """A header without what stands in brackets.

    >>> without_unit("Call duration (sec)")
    'Call duration '
    """
    return _UNIT.sub("", header)


def is_one_of(header: str, words: Iterable[str]) -> bool:
    """Whether a header or a value is one of the words, whatever its case and signs.

    >>> is_one_of("Closed-Won", ["closed won"]), is_one_of("won back", ["won"])
    (True, False)
    """
    return plain(header) in {plain(word) for word in words}
