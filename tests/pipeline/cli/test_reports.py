"""The team's own reports, from the command to their files."""

import pandas as pd
import pytest
from support.command import assert_refused, leadgrade

from pipeline.commands.reports import plan


def test_a_day_is_planned_from_the_sources_to_files(team):
    facts = pd.read_csv(team.path("data/facts.csv"), dtype=str)
    listed = leadgrade("score", team.config_path, "--out", team.path("graded.csv"))
    assert listed.code == 0, listed.err
    graded = pd.read_csv(team.path("graded.csv")).sort_values("rank")
    calls = pd.read_csv(team.path("data/calls.csv.gz"), dtype=str).sort_values("started_at")
    last = calls.drop_duplicates("lead_id", keep="last").set_index("lead_id")["status"]
    # Of the last grade, which is called no more without a promise.
    promised = graded["lead_id"][graded["lead_id"].map(last) == "接通"].iloc[-1]
    forbidden = graded["lead_id"].iloc[0]
    more = [
        (promised, "2026-06-30 12:00:00", "callback_at", "2026-07-01 12:15"),
        (forbidden, "2026-06-30 12:00:00", "do_not_call", "yes"),
    ]
    told = pd.DataFrame(more, columns=["lead_id", "known_at", "field", "value"])
    pd.concat([facts, told]).to_csv(team.path("data/facts.csv"), index=False)

    answer = leadgrade("plan", team.config_path, "--language", "zh")
    assert (answer.code, answer.errors) == (0, [])
    assert len(answer.out.splitlines()) <= 40
    assert "2026-07-01 电话计划" in answer.out
    assert "约定回访" in answer.out
    out = team.path("out")
    calls, held = pd.read_csv(out / "plan.csv"), pd.read_csv(out / "plan_held.csv")
    # Each graded lead is called or held, once.
    assert sorted([*calls["lead_id"], *held["lead_id"]]) == sorted(graded["lead_id"])
    kept = calls.set_index("lead_id").loc[promised]
    assert (kept["at"], kept["kind"]) == ("2026-07-01 12:15:00", "promised")
    assert held.set_index("lead_id")["held"][forbidden] == "do_not_call"
    merged = calls.merge(graded, on="lead_id", suffixes=("", "_listed"))
    assert (merged["grade"] == merged["grade_listed"]).all()
    assert merged["action_zh"].notna().all()
    assert all((out / name).exists() for name in plan.LISTS)


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (["--day", "2026-06-01"], 3, "--day 2026-06-01 is before 2026-06-30"),
        (["--day", "tomorrow"], 3, "is no day: write it as 2026-07-01"),
        (["--model", "nowhere"], 7, "no folder"),
    ],
)
def test_a_day_that_cannot_be_planned_is_refused(team, words, code, told):
    assert_refused(leadgrade("plan", team.config_path, *words), code, told)
    assert not team.path("out/plan.csv").exists()


def test_rules_that_contradict_are_refused(team):
    rules = "reports: {plan: {hours: ['14:00-17:30', '09:00-11:30'], number: telephone}}"
    team.configure("", rules)
    assert_refused(leadgrade("plan", team.config_path), 3, "reports.plan.hours", "in the order of the day")
    team.configure("hours: ['14:00-17:30', '09:00-11:30'], ", "")
    assert_refused(leadgrade("plan", team.config_path), 3, "reports.plan.number: telephone is no attribute")
