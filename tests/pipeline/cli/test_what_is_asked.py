"""What is asked: of a list the keys and what reads it; of outcomes by every verb that learns from them."""

import pandas as pd
import pytest
from support.command import assert_refused, leadgrade

EXTRA = "attributes:\n  hobby: {meaning: hobby, meaning_zh: 爱好}\n"


def score(team, *args):
    return leadgrade("score", team.config_path, "--out", team.path("graded.csv"), *args)


def short_list(team, without=()):
    leads = pd.read_csv(team.path("data/leads.csv"), dtype=str).tail(40).drop(columns=list(without))
    leads.to_csv(team.path("new.csv"), index=False)
    return "--leads", team.path("new.csv")


def test_a_list_needs_no_attribute_that_the_scorer_does_not_read(team):
    team.configure("attributes:\n", EXTRA)
    answer = score(team, *short_list(team))
    assert (answer.code, answer.errors) == (0, [])
    graded = pd.read_csv(team.path("graded.csv"))
    assert len(graded)
    assert "hobby" not in graded.columns
    # To learn from, it must be there.
    assert_refused(leadgrade("check", team.config_path), 4, "no column 'hobby'")


def test_a_list_may_say_what_a_column_is_called_that_nothing_reads(team):
    team.configure("attributes:\n", EXTRA)
    team.configure("leads: {path: leads.csv,", "leads: {path: leads.csv, columns: {hobby: Hobby},")
    assert score(team, *short_list(team)).code == 0


def test_an_attribute_that_the_scorer_reads_is_asked_for(team):
    assert_refused(score(team, *short_list(team, ["region"])), 4, "no column 'region'")


def test_a_matrix_of_some_features_asks_for_what_these_read(team):
    team.configure("attributes:\n", EXTRA)
    out = ("--out", team.path("m.parquet"))
    assert leadgrade("matrix", team.config_path, *out, "--features", "calls_7d,region").code == 0
    told = leadgrade("matrix", team.config_path, *out, "--features", "hobby", "--overwrite")
    assert_refused(told, 4, "no column 'hobby'")


@pytest.mark.parametrize("verb", ["train", "backtest", "compare", "monitor"])
def test_too_many_outcomes_without_use_stop_every_verb_that_learns_from_them(team, verb):
    team.configure("schemes: [all]", "schemes: [close_window]")
    path = team.path("data/orders.csv")
    orders = pd.read_csv(path, dtype=str)
    orders.loc[orders["lead_id"].notna() & (orders.index % 5 == 0), "ordered_at"] = "soon"
    orders.to_csv(path, index=False)
    team.configure("", "tolerance: 1.0")
    line = assert_refused(leadgrade(verb, team.config_path), 5, "more than the outcome_tolerance of 5.0%")
    assert "quarantined" in line
