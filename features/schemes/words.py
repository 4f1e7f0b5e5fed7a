"""Words of rule schemes that teams write in another language or with capitals: known without a mapping.

A comparison takes each for the scheme's word, on both of its sides; the values themselves stay as they are.
"""

from collections.abc import Iterable, Mapping

import polars as pl

_CHINESE = {
    "明确": "explicit",
    "潜在": "latent",
    "无": "none",
    "高": "high",
    "中": "medium",
    "低": "low",
    "是": "yes",
    "否": "no",
}
# The scheme's own words among them.
VOCABULARY = frozenset(_CHINESE.values())
KNOWN_WORDS: Mapping[str, str] = {
    **_CHINESE,
    **{form: word for word in _CHINESE.values() for form in (word.capitalize(), word.upper())},
}


def known_word(word: str) -> str:
    """The scheme's word for a word.

    >>> known_word("明确"), known_word("Yes"), known_word("north")
    ('explicit', 'yes', 'north')
    """
    return KNOWN_WORDS.get(word, word)


def has_other_forms(words: Iterable[object]) -> bool:
    """Whether one of some constants is a word that is written in other ways, too."""
    forms = {*KNOWN_WORDS, *KNOWN_WORDS.values()}
    return any(word in forms for word in words)


def in_known_words(text: pl.Expr) -> pl.Expr:
    """A text with the scheme's words for those that are written in another way."""
    return text.replace(list(KNOWN_WORDS), list(KNOWN_WORDS.values()))
