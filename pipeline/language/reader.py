"""Who reads what is shown: chosen once, where the command line begins."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar

from pipeline.language.catalogue import Language
from pipeline.language.sentence import in_language

# The first that is set decides, as for gettext.
_VARIABLES = ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")

_READER: ContextVar[Language] = ContextVar("reader", default="en")


def reader() -> Language:
    """The language of who reads."""
    return _READER.get()


def read_in(language: Language) -> None:
    """Go on in this language."""
    _READER.set(language)


@contextmanager
def reading(language: Language) -> Iterator[None]:
    """Show everything in this language, until it ends or ``read_in`` names another.

    >>> with reading("zh"):
    ...     reader()
    'zh'
    >>> reader()
    'en'
    """
    before = _READER.set(language)
    try:
        yield
    finally:
        _READER.reset(before)


def told(text: str) -> str:
    """A text as who reads it reads it."""
    return in_language(text, reader())


def language_of(environment: Mapping[str, str]) -> Language:
    """The language that a terminal's environment asks for: Chinese, or else English.

    >>> language_of({"LANG": "zh_CN.UTF-8"}), language_of({"LANG": "zh_CN.UTF-8", "LC_ALL": "C"})
    ('zh', 'en')
    >>> language_of({"LANGUAGE": "", "LANG": "de_DE"}), language_of({})
    ('en', 'en')
    """
    asked = next(filter(None, map(environment.get, _VARIABLES)), "")
    return "zh" if asked.lower().startswith("zh") else "en"
