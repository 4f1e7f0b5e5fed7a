"""Reasons in the graded list: for every lead, in both languages, and on the screen."""

import pandas as pd
import pytest
from support.command import graded_list, leadgrade

from features.feature import Feature
from models.reasons.reason_texts import BAR, TEXTS
from pipeline.fitting.feature_words import quantity_of
from pipeline.tracking.saved_scorer import load_scorer


@pytest.fixture(scope="module")
def told(trained_once, tmp_path_factory):
    team = trained_once.copy_to(tmp_path_factory.mktemp("told") / "team")
    return team, graded_list(team.config, team.path("graded.parquet"), explain=True)


def test_every_graded_lead_has_reasons_in_both_languages(told):
    _, leads = told
    assert [name for name in leads.columns if name.startswith("reasons_")] == list(TEXTS)
    assert leads[["reasons_up_en", "reasons_down_en"]].notna().any(axis=1).all()
    for way in ("up", "down"):
        english, chinese = leads[f"reasons_{way}_en"], leads[f"reasons_{way}_zh"]
        assert (english.isna() == chinese.isna()).all()
        english, chinese = english.dropna(), chinese.dropna()
        bars = english.str.count(r" \| ")
        assert bars.max() == 2
        assert (bars == chinese.str.count(r" \| ")).all()
        assert english.str.contains("times as often as the average").mean() > 0.5
        assert chinese.str.contains("此类客户成交率").mean() > 0.5


def test_the_best_leads_have_more_that_speaks_for_them(told):
    team, leads = told
    listed = pd.read_csv(team.path("graded.parquet.reasons.csv"))
    sums = listed.groupby("lead_id")["contribution"].sum()
    joined = leads.set_index("lead_id")["score"].to_frame().join(sums)
    assert joined.corr("spearman").iloc[0, 1] > 0.6


def test_explain_lists_the_reasons_one_a_line(told):
    team, leads = told
    listed = pd.read_csv(team.path("graded.parquet.reasons.csv"))
    assert list(listed.columns) == [
        "lead_id", "way", "rank", "feature", "group", "contribution", "ratio", "en", "zh",
    ]  # fmt: skip
    assert set(listed["lead_id"]) == set(leads["lead_id"])
    assert not listed.duplicated(["lead_id", "group"]).any()
    ups = listed[listed["way"] == "up"].groupby("lead_id")["en"].agg(BAR.join)
    shown = leads.set_index("lead_id")["reasons_up_en"]
    assert shown[ups.index].compare(ups).empty, shown[ups.index].compare(ups).iloc[0].tolist()


def test_the_number_of_reasons_is_asked_for(told):
    team, _ = told
    answer = leadgrade("score", team.config_path, "--out", team.path("one.csv"), "--reasons", 1)
    assert answer.code == 0
    one = pd.read_csv(team.path("one.csv"))
    assert not one["reasons_up_en"].str.contains(BAR, regex=False).any()
    first = one.set_index("rank")["reasons_up_en"][1]
    assert "what speaks most for each" in answer.out
    assert first in answer.out
    answer = leadgrade("score", team.config_path, "--out", team.path("none.csv"), "--reasons", 0)
    assert not [name for name in pd.read_csv(team.path("none.csv")).columns if "reason" in name]
    assert "speaks most" not in answer.out


def test_a_group_holds_the_windows_of_a_quantity(told):
    team, _ = told
    groups = load_scorer(team.config).reason_book.groups
    of = {name: group for group in groups for name in group}
    assert {"calls_7d", "calls_30d", "calls_total"} <= set(of["calls_90d"])
    assert of["days_since_order"] == of["orders_total"]
    assert of["calls_90d"] != of["channel"]


def test_a_time_is_another_quantity_than_a_count():
    count = Feature("calls_7d", "calls", None, "count", "calls", "", "", 7)
    since = Feature("days_since_call", "calls", None, "days_since_last", "days", "", "")
    assert quantity_of(count) != quantity_of(since)
