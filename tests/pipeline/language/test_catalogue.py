"""Every sentence that is shown has its Chinese, with the same values, once."""

from pathlib import Path
from string import Formatter

from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

REPO = Path(__file__).parents[3]
ZH = REPO / "pipeline" / "language" / "zh"


def _shown() -> dict[str, str]:
    """Sentence -> where it is shown, by Babel's own reading of the sources."""
    found = extract_from_dir(REPO / "pipeline", keywords={"translate": None})
    return {message: f"{file}:{line}" for file, line, message, *_ in found if isinstance(message, str)}


def _entries() -> list[tuple[str, str, str]]:
    """(file, sentence, translation) of every entry."""
    entries = []
    for file in sorted(ZH.glob("*.po")):
        with file.open("rb") as opened:
            entries += [(file.name, str(e.id), str(e.string)) for e in read_po(opened, locale="zh") if e.id]
    return entries


def _values(sentence: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(sentence) if name}


def test_every_sentence_that_is_said_is_translated():
    translated = {sentence for _, sentence, chinese in _entries() if chinese}
    missing = {sentence: where for sentence, where in _shown().items() if sentence not in translated}
    assert missing == {}


def test_a_sentence_is_translated_once():
    sentences = [sentence for _, sentence, _ in _entries()]
    assert sorted(sentences) == sorted(set(sentences))


def test_a_translation_holds_the_values_of_its_sentence():
    other = {s: zh for _, s, zh in _entries() if _values(s) != _values(zh)}
    assert other == {}
