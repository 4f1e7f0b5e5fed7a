"""The hand-written corpus for hearing intents keeps its own form: halves, families, languages, truth."""

import csv
import json
import re
from collections import Counter
from pathlib import Path

import pytest

from models.intents.families import FAMILIES, FAMILY_NAMES

CORPUS = Path(__file__).parents[2] / "hearing_corpus"
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
        assert set(families) <= set(FAMILY_NAMES), row["id"]
        assert not _repeated(families), row["id"]
        assert _bare(row["text"]), row["id"]
        assert [row[name].strip() for name in row] == list(row.values()), row["id"]


def test_no_utterance_is_said_twice():
    assert _repeated(_bare(row["text"]) for row in UTTERANCES) == []
    assert _repeated(row["id"] for row in UTTERANCES) == []


def test_neighbours_are_known_families_and_none_is_an_utterance_of_either_half():
    with (CORPUS / "neighbours.tsv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    assert {row["family"] for row in rows} == set(FAMILY_NAMES)
    assert {row["language"] for row in rows} == set(LANGUAGES)
    assert _repeated(_bare(row["text"]) for row in (*rows, *UTTERANCES)) == []
    assert _repeated(row["id"] for row in rows) == []


def test_every_family_and_language_is_there_often_enough():
    firsts = Counter(row["family"].split(";")[0] for row in UTTERANCES)
    languages = Counter(row["language"] for row in UTTERANCES)
    both = Counter((row["family"].split(";")[0], row["language"]) for row in UTTERANCES)
    assert len(UTTERANCES) >= 1_000
    assert min(firsts[family] for family in FAMILY_NAMES) >= 40
    assert firsts["none"] >= 80
    assert min(both[family, language] for family in FAMILY_NAMES for language in ("en", "zh_hant")) >= 8
    assert all(
        languages[language] >= least
        for language, least in {"en": 170, "zh_hant": 170, "mixed": 60, "asr": 120}.items()
    )


def test_halves_are_even_in_every_family_and_language():
    counts = Counter((row["family"].split(";")[0], row["language"], row["half"]) for row in UTTERANCES)
    for family in FAMILY_NAMES:
        for language in LANGUAGES:
            learn, judge = (counts[family, language, half] for half in HALVES)
            assert abs(learn - judge) <= 1, (family, language)


def _lines(name):
    return [json.loads(line) for line in (CORPUS / name).read_text(encoding="utf-8").splitlines()]


CALLS = _lines("calls.jsonl")
SCRIPTS = {
    name: {step["step"]: step["lines"] for step in steps}
    for name, steps in json.loads((CORPUS / "scripts.json").read_text(encoding="utf-8")).items()
}
INTENT = {family.name for family in FAMILIES if family.shows_intent}
QUESTIONS = {family.name for family in FAMILIES if family.is_question}
each_call = pytest.mark.parametrize("call", CALLS, ids=[call["id"] for call in CALLS])


def _of(call, side):
    return [turn for turn in call["turns"] if turn["side"] == side]


def _asked(call, kind):
    return sum(family in kind for turn in _of(call, "customer") for family in turn["families"])


def _longest_refusal(call):
    marks = "".join("r" if "refusal" in turn["families"] else "." for turn in _of(call, "customer"))
    return max(map(len, marks.split(".")))


def test_calls_are_many_different_and_halved():
    assert len(CALLS) >= 100
    assert sum("script" in call for call in CALLS) >= 30
    assert {call["language"] for call in CALLS} == set(LANGUAGES)
    assert _repeated(call["id"] for call in CALLS) == []
    assert _repeated(_bare("".join(turn["text"] for turn in _of(call, "customer"))) for call in CALLS) == []
    counts = Counter((call["language"], call["half"]) for call in CALLS)
    assert {half for _, half in counts} == set(HALVES)
    assert all(abs(counts[lang, "learn"] - counts[lang, "judge"]) <= 1 for lang in LANGUAGES)


@each_call
def test_a_calls_turns_say_its_truth(call):
    truth, customer = call["truth"], _of(call, "customer")
    assert 4 <= len(call["turns"]) <= 20
    assert all(turn["families"] and set(turn["families"]) <= set(FAMILY_NAMES) for turn in customer)
    assert {turn["answers"] for turn in customer} <= {"yes", "no", "other", ""}
    assert (truth["customer_turns"], truth["agent_turns"]) == (len(customer), len(_of(call, "agent")))
    assert (truth["questions"], truth["intent_questions"]) == (_asked(call, QUESTIONS), _asked(call, INTENT))
    assert truth["refusals_in_a_row"] == _longest_refusal(call)
    assert truth["affirmative"] == sum(turn["answers"] == "yes" for turn in customer)
    assert truth["negative"] == sum(turn["answers"] == "no" for turn in customer)
    assert truth["substantive"] == sum(turn["substantive"] for turn in customer)
    assert truth["invitation"] in {"none", "open", "accepted", "declined"}
    assert all(turn["substantive"] for turn in customer if QUESTIONS & set(turn["families"]))


@each_call
def test_a_scripted_call_says_its_scripts_lines(call):
    if "script" not in call:
        assert not {"flow_steps", "flow_answered", "flow_completed"} & set(call["truth"])
        return
    steps, truth, said = SCRIPTS[call["script"]], call["truth"], [t["text"] for t in _of(call, "agent")]
    assert truth["flow_steps"] == [step for step, lines in steps.items() if set(lines) & set(said)]
    assert set(truth["flow_answered"]) <= set(truth["flow_steps"])
    assert truth["flow_completed"] == round(len(truth["flow_answered"]) / len(steps), 4)
    assert ("invite" in truth["flow_steps"]) == (truth["invitation"] != "none")


STYLES = _lines("label_styles.jsonl")
TOLD_BY = ["label", "content", "none"]


def _unspaced(text):
    """A rendering or a text as one run, with what JSON escapes read."""
    return re.sub(r"\s+", "", re.sub(r"\\u([0-9a-f]{4})", lambda code: chr(int(code[1], 16)), text))


def test_label_styles_are_many_different_and_halved():
    assert len(STYLES) >= 60
    assert _repeated(style["id"] for style in STYLES) == []
    assert _repeated(style["name"] for style in STYLES) == []
    assert _repeated(style["rendering"] for style in STYLES) == []
    counts = Counter((style["told_by"], style["half"]) for style in STYLES)
    assert {told for told, _ in counts} == set(TOLD_BY)
    assert {half for _, half in counts} == set(HALVES)
    assert all(abs(counts[told, "learn"] - counts[told, "judge"]) <= 1 for told in TOLD_BY)


def test_a_style_renders_its_turns_in_order_from_a_call_of_its_half():
    halves = {call["id"]: call["half"] for call in CALLS}
    for style in STYLES:
        assert halves[style["call"]] == style["half"], style["id"]
        assert style["recognisable"] == (style["told_by"] != "none") == bool(style["sides"]), style["id"]
        assert len(style["sides"]) == len(style["texts"]), style["id"]
        assert set(style["sides"]) <= {"agent", "customer"}, style["id"]
        run, at = _unspaced(style["rendering"]), 0
        for text in map(_unspaced, style["texts"]):
            assert text in run[at:], (style["id"], text)
            at = run.index(text, at) + len(text)


def test_no_number_in_the_corpus_could_be_anybodys():
    for path in CORPUS.iterdir():
        assert not re.findall(r"(?<!\d)1\d{10}(?!\d)|\d{8,}", path.read_text(encoding="utf-8")), path.name
