"""The hand-written corpus for hearing intents keeps its own form: halves, families, languages, truth."""

import csv
import re
from collections import Counter
from pathlib import Path

from models.intents import NAMES

CORPUS = Path(__file__).parent / "hearing_corpus"
HALVES = ["learn", "judge"]
LANGUAGES = ["zh", "zh_hant", "en", "mixed", "asr"]


def _utterances():
    with (CORPUS / "utterances.tsv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


UTTERANCES = _utterances()


def _bare(text):
    """A text without punctuation, spaces and case."""
    return re.sub(r"[\W_]+", "", text.lower())


def _repeated(values):
    return [value for value, times in Counter(values).items() if times > 1]


def test_utterances_have_known_families_languages_and_halves():
    assert {row["half"] for row in UTTERANCES} == set(HALVES)
    assert {row["language"] for row in UTTERANCES} == set(LANGUAGES)
    for row in UTTERANCES:
        families = row["family"].split(";")
        assert set(families) <= set(NAMES), row["id"]
        assert not _repeated(families), row["id"]
        assert _bare(row["text"]), row["id"]
        assert [row[name].strip() for name in row] == list(row.values()), row["id"]


def test_no_utterance_is_said_twice():
    assert _repeated(_bare(row["text"]) for row in UTTERANCES) == []
    assert _repeated(row["id"] for row in UTTERANCES) == []


def test_every_family_and_language_is_there_often_enough():
    firsts = Counter(row["family"].split(";")[0] for row in UTTERANCES)
    languages = Counter(row["language"] for row in UTTERANCES)
    both = Counter((row["family"].split(";")[0], row["language"]) for row in UTTERANCES)
    assert len(UTTERANCES) >= 1_000
    assert min(firsts[family] for family in NAMES) >= 40
    assert firsts["none"] >= 80
    assert min(both[family, language] for family in NAMES for language in ("en", "zh_hant")) >= 8
    assert all(
        languages[language] >= least
        for language, least in {"en": 170, "zh_hant": 170, "mixed": 60, "asr": 120}.items()
    )


def test_halves_are_even_in_every_family_and_language():
    counts = Counter((row["family"].split(";")[0], row["language"], row["half"]) for row in UTTERANCES)
    for family in NAMES:
        for language in LANGUAGES:
            learn, judge = (counts[family, language, half] for half in HALVES)
            assert abs(learn - judge) <= 1, (family, language)
