"""A sentence that knows its own words: English to the program, the reader's language to the reader."""

from collections.abc import Iterable, Mapping

from pipeline.language.catalogue import Language, look_up, look_up_word

# Between the items of an enumeration.
_COMMA: Mapping[Language, str] = {"en": ", ", "zh": "、"}


class Sentence(str):
    """An English sentence, filled in, that can still be said in another language.

    To files, scripts and tests it is the English string. What shows it asks for ``in_language``.

    Args:
        sentence: the English sentence, a literal where it is made (so the catalogue's test finds it), its
            values in braces as for `str.format`.
        values: what stands in the braces. A sentence or a word among them is said in the same language; of
            a tuple, its items one after the other.

    >>> said = Sentence("{count} leads", count=3)
    >>> said, said.in_language("zh")
    ('3 leads', '3 条线索')
    """

    sentence: str
    values: Mapping[str, object]

    def __new__(cls, sentence: str, **values: object) -> "Sentence":
        """The sentence in English, with its words kept."""
        said = super().__new__(cls, _filled(sentence, values, "en"))
        said.sentence, said.values = sentence, values
        return said

    def __getnewargs_ex__(self) -> tuple[tuple[str], dict[str, object]]:  # it may come from another process
        return (self.sentence,), dict(self.values)

    def in_language(self, language: Language) -> str:
        """The sentence in the language."""
        return _filled(look_up(self.sentence, language), self.values, language)


class Word(str):
    """A word that the program itself uses, a verdict or a reason, which the catalogue knows as it stands.

    >>> in_language(Word("grade"), "zh")
    '等级'
    """

    def in_language(self, language: Language) -> str:
        """The word in the language."""
        return look_up_word(str(self), language)


def clauses(sentences: Iterable[str]) -> str:
    """Several sentences as clauses of one.

    >>> clauses([Sentence("{count} leads", count=3), "no orders"])
    '3 leads; no orders'
    """
    told, *more = sentences
    for one in more:
        told = Sentence("{one}; {other}", one=told, other=one)
    return told


def in_language(text: str, language: Language) -> str:
    """A text as the reader of the language reads it: a sentence said, anything else as it stands.

    >>> in_language(Sentence("{count} leads", count=3), "zh"), in_language("L77", "zh")
    ('3 条线索', 'L77')
    """
    return text.in_language(language) if isinstance(text, Sentence | Word) else text


def _filled(sentence: str, values: Mapping[str, object], language: Language) -> str:
    return sentence.format(**{name: _value(value, language) for name, value in values.items()})


def _value(value: object, language: Language) -> object:
    if isinstance(value, tuple):
        return _COMMA[language].join(str(_value(item, language)) for item in value)
    return in_language(value, language) if isinstance(value, str) else value
