"""Sides that the whole log tells: alike in memory and on disk, frozen in a scorer; the untold is said."""

import json

import pandas as pd
import polars as pl
import pytest
from support.on_the_road import tables_of

from pipeline.config.config import read_config
from pipeline.errors import ConfigError, ToleranceError
from pipeline.files import source_file, text_parts
from pipeline.intake import span_intake
from pipeline.jobs import sources
from pipeline.jobs.sources import taken_in

PLAIN = "A：您好，我们是做贷款的，请问您需要资金周转吗？\nB：利息多少钱"
VAGUE = "A：嗯\nB：你们在哪里"
AGAINST = "B：您好，我们是做贷款的，请问您需要资金周转吗？\nA：利息多少钱"
CONFIG = """
name: x
sources: {leads: {path: leads.csv}, calls: {path: calls.csv}}
label: {close: first_order, observed_until: 2024-06-01}
intents: {tolerance: 1.0}
"""


@pytest.fixture
def log(tmp_path):
    """Writes a log of one call a lead, and gives back its configuration."""

    def write(transcripts, **overrides):
        ids = [f"L{n}" for n in range(len(transcripts))]
        pd.DataFrame({"lead_id": ids, "created_at": "2024-01-01"}).to_csv(tmp_path / "leads.csv", index=False)
        calls = {"call_id": ids, "lead_id": ids, "started_at": "2024-01-02", "transcript": transcripts}
        pd.DataFrame(calls).to_csv(tmp_path / "calls.csv", index=False)
        (tmp_path / "c.yaml").write_text(CONFIG, "utf-8")
        return read_config(tmp_path / "c.yaml", overrides)

    return write


@pytest.fixture
def in_parts(monkeypatch):
    monkeypatch.setattr(source_file, "PART_BYTES", 700)
    monkeypatch.setattr(text_parts, "_BLOCK", 301)
    monkeypatch.setattr(sources, "SMALL_BYTES", 0)


def heard(config, speakers=None):
    """How many intent questions were heard in each call, and what was said of the transcripts."""
    with taken_in(config, "matrix", speakers) as taken:
        calls = tables_of(taken)["calls"]
        return calls["intent_questions"].to_list(), taken.validated


def test_the_log_tells_the_sides_of_a_call_that_does_not(log):
    counts, found = heard(log([VAGUE, *[PLAIN] * 30, AGAINST]))
    assert counts == [1, *[1] * 30, None]
    assert found.speakers == {"a": "agent", "b": "customer"}
    assert "1 of 32 calls with a transcript had no sides that could be told" in found.hearing
    assert "'a' is ours in 30 of 31 that tell" in found.hearing


def test_too_few_calls_tell_nothing_of_others(log):
    counts, found = heard(log([VAGUE, *[PLAIN] * 10]))
    assert counts == [None, *[1] * 10]
    assert found.speakers == {}


def test_spans_on_disk_are_heard_as_the_whole_in_memory(log, request):
    config = log([VAGUE, *[PLAIN] * 30, AGAINST, VAGUE, None, "您好", "客户：你们在哪里"])
    counts, found = heard(config)
    assert counts[:1] + counts[31:] == [1, None, 1, None, None, 1]
    request.getfixturevalue("in_parts")
    again, now = heard(config)
    assert again == counts
    assert (now.hearing, now.transcripts, now.speakers) == (found.hearing, found.transcripts, found.speakers)


def test_the_order_of_the_log_tells_nothing(log):
    cells = [VAGUE, *[PLAIN] * 30, AGAINST]
    forth, back = heard(log(cells))[0], heard(log(cells[::-1]))[0]
    assert forth == back[::-1]


def test_a_list_of_one_call_is_heard_as_the_scorer_heard_it_in_training(log):
    counts, found = heard(log([VAGUE, *[PLAIN] * 30]))
    assert heard(log([VAGUE]))[0] == [None]
    assert heard(log([VAGUE]), found.speakers)[0] == counts[:1] == [1]
    assert heard(log([VAGUE, *[PLAIN] * 30]), {})[0] == [None, *[1] * 30]


def test_a_scorer_keeps_what_its_log_told(team, tmp_path):
    from models.scorer import LeadScorer

    scorer = LeadScorer.load(team.folder / "out" / "scorer")
    assert scorer.speakers == {}
    scorer.with_origin("d", "r", {"a": "agent"}).save(tmp_path / "s")
    assert LeadScorer.load(tmp_path / "s").speakers == {"a": "agent"}


def test_above_the_tolerance_the_run_stops_and_says_why_and_what_to_do(log):
    config = log(["甲方：嗯\n乙方：哦"] * 30 + [PLAIN] * 70, **{"intents.tolerance": 0.2})
    with pytest.raises(ToleranceError) as caught:
        heard(config)
    said = str(caught.value)
    assert said.startswith(str(config.data_path("calls.csv")))
    assert "30 of 100 calls with a transcript had no sides that could be told (30 with labels" in said
    assert "intents.tolerance of 20%" in said
    assert "intents.speakers (labels there: 乙方, 甲方)" in said
    assert "\n" not in said
    assert caught.value.exit_code == 5
    named = log(
        ["甲方：嗯\n乙方：哦"] * 30,
        **{"intents.tolerance": 0.2, "intents.speakers": {"agent": ["甲方"], "customer": ["乙方"]}},
    )
    assert heard(named)[0] == [0] * 30


def test_a_name_is_not_said_where_few_calls_have_it(log):
    config = log([f"小刘：嗯\n王{n}先生：哦" for n in range(15)], **{"intents.tolerance": 0.2})
    with pytest.raises(ToleranceError, match="15 of 15") as caught:
        heard(config)
    assert "刘" not in str(caught.value)
    assert "王" not in str(caught.value)


def test_labels_of_ones_own_make_another_recogniser(log):
    plain = heard(log([PLAIN]))[1]
    own = heard(log([PLAIN], **{"intents.speakers": {"agent": ["甲方"]}}))[1]
    assert plain.recogniser != own.recogniser


def test_a_label_of_both_sides_is_a_fault_of_the_configuration(log):
    with pytest.raises(ConfigError, match="'a' stands under customer and agent"):
        log([PLAIN], **{"intents.speakers": {"agent": ["A"], "customer": ["a"]}})


def test_the_log_of_a_run_that_was_stopped_is_gone_on_with(log, in_parts, monkeypatch):
    config = log([VAGUE, *[PLAIN] * 30])
    counts, _ = heard(config)
    taken = span_intake.Intake.take_again

    def stopped(self, task):
        taken(self, task)
        raise KeyboardInterrupt

    monkeypatch.setattr(span_intake.Intake, "take_again", stopped)
    with pytest.raises(KeyboardInterrupt):
        heard(config)
    monkeypatch.undo()
    assert heard(config)[0] == counts


def test_nothing_that_was_said_is_in_the_account(log):
    _, found = heard(log([VAGUE, "小刘：资金\n王先生：哦", *[PLAIN] * 30]))
    words = json.dumps(found.transcripts.words(), ensure_ascii=False)
    assert "资金" not in words
    assert "哪里" not in found.hearing
    assert pl.DataFrame(found.quarantine).is_empty()
