"""Every sentence that is shown has its Chinese, with the same values, once."""

import ast
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest
import typer.main
from babel.messages.pofile import read_po

from models.drift import reference, report
from models.grades import promises
from pipeline.cli.app import app
from pipeline.cli.help_in_words import paragraphs
from pipeline.cli.screens import evaluation
from pipeline.comparison import slices, swap_sets
from pipeline.evaluation import gate_tests
from pipeline.evaluation.evaluate import SYSTEM_KINDS

REPO = Path(__file__).parents[3]
ZH = REPO / "pipeline" / "language" / "zh"

# What takes an English sentence. Their own modules, and what passes on what was given, have no literal.
SAYING = ("translate", "Sentence")
# What shows a text, and the place of that text: it is made as a sentence before it comes here.
SHOWING = {"say": 0, "note": 0, "working": 0, "stepping": 1, "watched": 1, "counting": 0, "show": 1}
WORDS_OF_TYPER = ("required", "default", "Show this message and exit.")


def _calls() -> Iterator[tuple[str, ast.expr]]:
    """Where a sentence is said, and the sentence."""
    for file in sorted((REPO / "pipeline").rglob("*.py")):
        if file.parent.name == "language":
            continue
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in SAYING:
                yield f"{file.relative_to(REPO)}:{node.lineno}", node.args[0]


SAID = list(_calls())


def _shown() -> Iterator[tuple[str, ast.expr]]:
    """Where a text is shown by the terminal, and the text."""
    for file in sorted((REPO / "pipeline").rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            name = getattr(
                getattr(node, "func", None), "attr", getattr(getattr(node, "func", None), "id", "")
            )
            if isinstance(node, ast.Call) and name in SHOWING and len(node.args) > SHOWING[name]:
                yield f"{file.relative_to(REPO)}:{node.lineno}", node.args[SHOWING[name]]


def _entries(context: str | None = None) -> list[tuple[str, str]]:
    """(sentence, translation) of every entry; of the context "word", words in tables."""
    entries = []
    for file in sorted(ZH.glob("*.po")):
        with file.open("rb") as opened:
            read = [e for e in read_po(opened, locale="zh") if e.id and e.context == context]
        entries += [(str(e.id), str(e.string)) for e in read]
    return entries


def _values(sentence: str) -> set[tuple[str, str, str]]:
    """The values of a sentence, each with its conversion and format."""
    return {(name, form or "", how or "") for _, name, form, how in Formatter().parse(sentence) if name}


def _help(command) -> Iterator[str]:
    yield from paragraphs(command.help)
    yield from (parameter.help for parameter in command.params if getattr(parameter, "help", None))
    for verb in getattr(command, "commands", {}).values():
        yield from _help(verb)


HELP = set(_help(typer.main.get_command(app)))


def test_a_sentence_is_a_literal_where_it_is_said():
    # Else no test could find it: f-strings, names, sums and conditions have no entry of their own.
    assert [
        where for where, said in SAID if not (isinstance(said, ast.Constant) and isinstance(said.value, str))
    ] == []


def test_no_text_is_shown_as_it_was_written():
    # An f-string or a string that goes to the screen is English to everybody.
    assert [where for where, text in _shown() if isinstance(text, ast.JoinedStr | ast.Constant)] == []


@pytest.mark.parametrize("written", ['f"{n} leads"', "sentence", '"a" + name', '"a" if b else "c"'])
def test_what_is_no_literal_is_found(written):
    assert not isinstance(ast.parse(f"translate({written})").body[0].value.args[0], ast.Constant)


def test_every_sentence_that_is_said_is_translated():
    translated = {sentence for sentence, chinese in _entries() if chinese}
    shown = {said.value: where for where, said in SAID if isinstance(said, ast.Constant)}
    assert {sentence: where for sentence, where in shown.items() if sentence not in translated} == {}


def test_every_help_text_is_translated():
    assert HELP - {sentence for sentence, chinese in _entries() if chinese} == set()


def test_no_sentence_is_translated_that_nobody_says():
    said = {said.value for _, said in SAID if isinstance(said, ast.Constant)} | HELP | {*WORDS_OF_TYPER}
    said |= {"{count} leads", "{one}; {other}"}  # of the catalogue's own modules
    assert {sentence for sentence, _ in _entries()} - said == set()


@pytest.mark.parametrize("context", [None, "word"])
def test_a_sentence_has_one_chinese(context):
    # Two subjects may say the same; they say it alike.
    assert {
        english for english, chinese in _entries(context) if dict(_entries(context))[english] != chinese
    } == set()


def test_a_translation_holds_the_values_of_its_sentence():
    other = {s: zh for s, zh in _entries() if _values(s) != _values(zh)}
    assert other == {}


def test_a_word_is_translated_by_a_word_of_ours():
    # What the program says by a name is looked up as that name: a verdict, a measure, a heading.
    words = dict(_entries("word"))
    verdicts = {promises.KEPT, promises.HIGHER, promises.LOWER, promises.TOO_FEW, promises.NOT_CONTRADICTED}
    gate = {gate_tests.BETTER, gate_tests.ALIKE, gate_tests.WORSE, gate_tests.NOT_WORSE, gate_tests.CONSTANT}
    shown = verdicts | gate | {promises.ONE_GRADE, report.ALARM, report.WATCH, reference.OPEN_LEADS}
    shown |= {swap_sets.BOTH, swap_sets.COMES_IN, swap_sets.GOES_OUT, slices.AGENT, slices.LEAD_AGE}
    shown |= {"naive_bayes", "logistic_regression", "histogram_boosting"}
    shown |= {*SYSTEM_KINDS, *evaluation.SHOWN.values()} - {"AUC", "AP", "Brier"}
    assert shown - set(words) == set()
