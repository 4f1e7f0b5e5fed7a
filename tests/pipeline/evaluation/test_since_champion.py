"""What changed since the champion: itself beside itself, planted changes, and what cannot be compared."""

from dataclasses import replace

import pandas as pd
import pytest
from support.trained_world import trained

from pipeline.evaluation.since_champion import since_champion
from pipeline.page.champion_section import champion_section


@pytest.fixture(scope="module")
def training():
    return trained().training


def beside(training, since, evaluation=None):
    scorer = training.scorer
    return since_champion("leadgrade/1", scorer, since, evaluation or training.evaluation, scorer)


def texts(section):
    return [block.text for block in section.blocks if hasattr(block, "text")]


def test_a_scorer_beside_itself_changes_nothing(training):
    found = beside(training, training.evaluation.periods.test_from)
    assert found.changes.query("`from` != `to`").empty
    assert found.changes["leads"].sum() == len(training.evaluation.rows)
    own = found.board[found.board["system"] == "champion"]
    assert (own["gain"] == 0.0).all()
    assert (found.gained, found.lost, found.unfit) == ((), (), "")
    told = texts(champion_section(found, "en"))
    assert told[0] == "The champion is leadgrade/1."
    assert told[1].endswith("that neither learned from, 0 have another grade.")


def test_planted_changes_of_grade_are_counted_each_way(training):
    evaluation = training.evaluation
    rows = evaluation.rows.copy()
    lowest = rows.index[rows["grade"] == "E"][:7]
    rows.loc[lowest, "grade"] = "A"
    found = beside(training, evaluation.periods.test_from, replace(evaluation, rows=rows))
    moved = found.changes.query("`from` != `to`")
    assert moved.to_dict("records") == [{"from": "E", "to": "A", "leads": 7}]
    table = champion_section(found, "zh").blocks[-1]
    assert table.columns[0].head == "现任等级（行）、新等级（列）"


def test_only_rows_that_neither_learned_from_are_compared(training):
    rows = training.evaluation.rows
    last = rows["as_of"].max()
    found = beside(training, last.to_pydatetime())
    assert found.changes["leads"].sum() == (rows["as_of"] == last).sum() < len(rows)


@pytest.mark.parametrize(
    ("since", "says"),
    [
        (None, "it does not say until when it learned"),
        (4200, "it learned from a list of another kind"),
        (pd.Timestamp("2030-01-01", tz="UTC").to_pydatetime(), "it learned from all rows of the test period"),
    ],
)
def test_what_cannot_be_compared_is_said(training, since, says):
    found = beside(training, since)
    assert found.unfit == says
    assert found.board.empty
    assert says in texts(champion_section(found, "en"))[1]


def test_without_a_champion_it_says_so():
    (said,) = texts(champion_section(None, "en"))
    assert "no champion yet" in said
