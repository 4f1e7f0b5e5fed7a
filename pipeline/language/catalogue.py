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


def look_up(sentence: str, language: Language) -> str:
    """The catalogue's entry for a sentence as it stands, its values not filled in.

    >>> look_up("{count} leads", "zh"), look_up("{count} leads", "en")
    ('{count} 条线索', '{count} leads')
    """
    return _translations(language).get((None, sentence), sentence)


def look_up_word(word: str, language: Language) -> str:
    """The entry for a heading of a table, or a word in its cells; any other word as it stands.

    These have a context of their own, "word" (gettext's ``msgctxt``): "promised" above a column of rates is
    another word than in a sentence.

    >>> look_up_word("grade", "zh"), look_up_word("L77", "zh"), look_up_word("grade", "en")
    ('等级', 'L77', 'grade')
    """
    return _translations(language).get(("word", word), word)


@cache
def _translations(language: Language) -> dict[tuple[str | None, str], str]:
    """(context, English) -> translation, from every file of the language."""
    if language == "en":
        return {}
    from babel.messages.pofile import read_po  # noqa: PLC0415 - who reads English need not wait for it

    folder = files(__package__) / language
    found: dict[tuple[str | None, str], str] = {}
    for file in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if file.name.endswith(".po"):
            with file.open("rb") as opened:
                catalogue = read_po(opened, locale=language)
            found |= {(e.context, str(e.id)): str(e.string) for e in catalogue if e.id and e.string}
    return found
