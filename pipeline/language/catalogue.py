"""Sentences in the reader's language, by gettext's files."""

from functools import cache
from importlib.resources import files
from typing import Literal

Language = Literal["en", "zh"]


def translate(sentence: str, language: Language, **values: object) -> str:
    """The sentence in the language, with its values filled in.

    Args:
        sentence: the English sentence, a literal where it is called (so the catalogue's test finds it), its
            values in braces as for `str.format`.
        language: "en" or "zh". A sentence without a translation is shown in English; a test holds
            the catalogue complete.
        values: what stands in the braces.

    >>> translate("{count} leads", "en", count=3)
    '3 leads'
    >>> translate("{count} leads", "zh", count=3)
    '3 条线索'
    """
    return look_up(sentence, language).format(**values)


def look_up(words: str, language: Language) -> str:
    """The catalogue's entry for words as they stand: a heading, a word in a cell, a text of the help.

    >>> look_up("grade", "zh"), look_up("no such words", "zh"), look_up("grade", "en")
    ('等级', 'no such words', 'grade')
    """
    return _translations(language).get(words, words)


@cache
def _translations(language: Language) -> dict[str, str]:
    """English sentence -> translation, from every file of the language."""
    if language == "en":
        return {}
    from babel.messages.pofile import read_po  # noqa: PLC0415 - who reads English need not wait for it

    folder = files(__package__) / language
    found: dict[str, str] = {}
    for file in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if file.name.endswith(".po"):
            with file.open("rb") as opened:
                catalogue = read_po(opened, locale=language)
            found |= {str(entry.id): str(entry.string) for entry in catalogue if entry.id and entry.string}
    return found
