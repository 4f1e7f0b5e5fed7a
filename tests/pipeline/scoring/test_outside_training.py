"""Leads outside of what the scorer learned from are graded, marked, and the last of their grade."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pandas as pd
import polars as pl
import pytest
from support.command import graded_list, leadgrade

from models.scorer import LeadScorer
from pipeline.config.data import Cohort
from pipeline.intake import buckets
from pipeline.matrix.outside import MARKS, Limits, marked

UTC_TIME = pl.Datetime("us", "UTC")
TODAY = datetime(2026, 6, 1, tzinfo=UTC)


def learned_from(team, limits):
    """The team's scorer, said to have learned from other leads."""
    folder = team.path("out/scorer")
    scorer = replace(LeadScorer.load(folder), learned_from=limits)
    folder.rename(team.path("former"))
    scorer.save(folder)
    return scorer


@pytest.fixture
def listed(team):
    return team, graded_list(team.config, team.path("list.parquet"))


def days_old(team, table):
    leads = pd.read_csv(team.path("data/leads.csv")).set_index("lead_id").loc[table["lead_id"]]
    created = pd.to_datetime(leads["created_at"]).dt.tz_localize("Asia/Shanghai").reset_index(drop=True)
    return (pd.to_datetime(table["as_of"], utc=True) - created) / pd.Timedelta(days=1)


def test_the_scorer_keeps_which_leads_it_learned_from(team):
    assert LeadScorer.load(team.path("out/scorer")).learned_from == {"max_age_days": 365}


def test_leads_older_than_any_learned_from_are_graded_and_marked(listed):
    team, table = listed
    old = days_old(team, table) > 365
    assert 0.05 < old.mean() < 0.95
    assert table["outside_training"].tolist() == old.tolist()
    assert table["grade"].notna().all()
    assert (
        table.loc[old, "outside_training_en"]
        .eq("created more than 365 days before: nothing was learned from such leads")
        .all()
    )
    assert table.loc[old, "outside_training_zh"].str.contains("365天").all()
    assert table.loc[~old, list(MARKS[1:])].isna().all(axis=None)


def test_they_come_after_the_others_of_their_grade_whatever_their_score(listed):
    _, table = listed
    ranked = table.sort_values("rank")
    expected = table.sort_values(
        ["grade", "outside_training", "score"], ascending=[True, True, False], kind="stable"
    )
    assert ranked["lead_id"].tolist() == expected["lead_id"].tolist()
    by_score = table.sort_values(["grade", "score"], ascending=[True, False], kind="stable")
    assert ranked["lead_id"].tolist() != by_score["lead_id"].tolist()


@pytest.mark.slow
def test_part_by_part_the_list_is_the_same(listed, monkeypatch):
    team, table = listed
    monkeypatch.setattr(buckets, "LEADS_PER_BUCKET", 200)
    again = graded_list(team.config, team.path("parts.parquet"))
    pd.testing.assert_frame_equal(again, table, check_exact=True)


def test_the_scorer_and_not_the_configuration_says_what_was_learned_from(listed):
    team, table = listed
    team.configure("max_age_days: 365", "max_age_days: 30")
    again = graded_list(team.config, team.path("again.parquet"))
    assert again["outside_training"].equals(table["outside_training"])


def test_a_scorer_of_then_is_taken_for_one_of_this_configuration(listed):
    team, table = listed
    assert "learned_from" not in learned_from(team, None)._to_dict()
    team.configure("max_age_days: 365", "max_age_days: 100")
    again = graded_list(team.config, team.path("again.parquet"))
    assert again["outside_training"].tolist() == (days_old(team, table) > 100).tolist()
    assert again["score"].equals(table["score"])


def test_without_limits_nobody_is_marked(team):
    learned_from(team, {})
    table = graded_list(team.config, team.path("list.parquet"))
    assert not table["outside_training"].any()
    assert table[list(MARKS[1:])].isna().all(axis=None)


def test_how_many_there_are_is_said(listed):
    team, table = listed
    answer = leadgrade("score", team.config_path, "--out", team.path("said.csv"))
    count = int(table["outside_training"].sum())
    assert f"{count} of them are unlike all leads that the scorer learned from" in answer.out
    learned_from(team, {})
    answer = leadgrade("score", team.config_path, "--out", team.path("silent.csv"))
    assert "unlike all leads" not in answer.out


def test_the_monitor_watches_the_leads_that_were_learned_from_only(listed):
    team, table = listed
    found = leadgrade("monitor", team.config_path)
    assert f"{int((~table['outside_training']).sum())} open leads" in found.out


def test_every_limit_is_marked_with_its_reason_and_several_with_all():
    def at(days):
        return TODAY - timedelta(days=days)

    leads = pl.DataFrame(
        {"lead_id": ["new", "old", "silent", "both"], "created_at": [at(5), at(50), at(5), at(50)]},
        schema_overrides={"created_at": UTC_TIME},
    )
    spine = leads.select("lead_id", owner_id="lead_id", as_of=pl.lit(TODAY, UTC_TIME))
    calls = pl.DataFrame(
        {"lead_id": ["new", "new", "old", "old", "silent", "both"], "known_at": [at(1)] * 5 + [at(-1)]},
        schema_overrides={"known_at": UTC_TIME},
    ).sort("lead_id", "known_at")
    told = marked(spine, {"leads": leads, "calls": calls}, Limits(max_age_days=30, min_calls=2))
    reasons = dict(told.select("lead_id", "outside_training_en").iter_rows())
    assert told["outside_training"].to_list() == [False, True, True, True]
    assert reasons["new"] is None
    assert reasons["old"].startswith("created more than 30 days before")
    assert reasons["silent"].startswith("fewer calls than 2")
    assert reasons["both"] == f"{reasons['old']}; {reasons['silent']}"


def test_leads_that_never_entered_a_stage_of_the_cohort_are_outside():
    limits = Limits.of(Cohort(at="stage_entry", stages=("offer",), max_age_days=30))
    assert limits.to_dict() == {"stages": ["offer"]}
    spine = pl.DataFrame(
        {"lead_id": ["a", "b", "c"], "owner_id": ["a", "b", "c"], "as_of": [TODAY] * 3},
        schema_overrides={"as_of": UTC_TIME},
    )
    stages = pl.DataFrame(
        {
            "lead_id": ["a", "b", "c"],
            "stage": ["offer", "new", "offer"],
            "known_at": [TODAY - timedelta(days=1), TODAY - timedelta(days=1), TODAY],
        },
        schema_overrides={"known_at": UTC_TIME},
    )
    told = marked(spine, {"leads": spine, "stages": stages}, limits)
    assert told["outside_training"].to_list() == [False, True, True]
    assert "尚未进入阶段offer" in told["outside_training_zh"][1]
