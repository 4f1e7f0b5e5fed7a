"""The team's own reports, from the command to their files."""

import re
import shutil
from collections import Counter
from datetime import UTC, datetime
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import pandas as pd
import polars as pl
import pytest
from support.command import assert_refused, leadgrade

from pipeline.commands.reports import plan, team_sources
from pipeline.scoring.graded_then import graded_then


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
    assert all((out / name).exists() for name in plan.PLAN_FILES)
    # The workbook and the page hold the same calls, under headings of both languages.
    sheet = pd.read_excel(out / "plan.xlsx", sheet_name=0)
    assert sheet.columns[0] == "坐席\nagent"
    assert sheet.iloc[:, 2].to_list() == calls["lead_id"].to_list()
    page = (out / "plan.html").read_text(encoding="utf-8")
    assert "当天电话" in page
    assert "calls of the day" in page
    assert calls["lead_id"][0] in page


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


def paid(a, b, sales):
    exact = (Fraction(a, 35) + Fraction(b, 80)) / 2
    coefficient = Decimal(int(exact * 100 + Fraction(1, 2))) / 100
    return coefficient, (400 * coefficient + sales / 100).quantize(Decimal("0.01"), ROUND_HALF_UP)


def count_by_hand(team, month):
    """A month counted in plain Python from the source files, grade by grade and order by order."""
    grades = read_rows(team, "manual_grades.csv", "graded_at")
    seen, leads = set(), Counter()
    for row in grades:
        key = row["lead_id"], row["grade"], row["graded_at"][:7]
        if row["graded_at"].startswith(month) and row["grade"] in "AB" and key not in seen:
            leads[row["agent_id"], row["grade"]] += 1
        seen.add(key)
    sales = Counter()
    calls = read_rows(team, "calls.csv.gz", "started_at")
    for order in read_rows(team, "orders.csv", "ordered_at"):
        if not order["ordered_at"].startswith(month) or not order["lead_id"]:
            continue
        mine = [row for row in grades if row["lead_id"] == order["lead_id"]]
        given = [row["agent_id"] for row in mine if row["graded_at"] <= order["ordered_at"]]
        spoke = [
            row["agent_id"]
            for row in calls
            if row["lead_id"] == order["lead_id"]
            and row["started_at"] < order["ordered_at"]
            and not row["agent_id"].startswith("robot")
        ]
        if given or spoke:
            sales[(given or spoke)[-1]] += Decimal(order["amount"])
    return leads, sales


def read_rows(team, name, time):
    table = pd.read_csv(team.path("data") / name, dtype=str, keep_default_na=False)
    return table.sort_values(time, kind="stable").to_dict("records")


def test_a_month_of_the_demo_is_what_counting_by_hand_gives(team):
    answer = leadgrade("kpi", team.config_path, "--month", "2026-05")
    assert (answer.code, answer.errors) == (0, [])
    assert len(answer.out.splitlines()) <= 40
    assert max(map(len, answer.out.splitlines()[:30])) <= 100
    leads, sales = count_by_hand(team, "2026-05")
    told = pd.read_csv(team.path("out/kpi.csv"), dtype=str).set_index("agent")
    assert set(told.index) == {agent for agent, _ in leads} | set(sales)
    for agent, row in told.iterrows():
        a, b = leads[agent, "A"], leads[agent, "B"]
        assert (int(row["a_manual"]), int(row["b_manual"])) == (a, b)
        assert Decimal(row["sales"]) == sales[agent]
        assert (Decimal(row["coefficient_manual"]), Decimal(row["pay_manual"])) == paid(a, b, sales[agent])
    calls = pd.DataFrame(read_rows(team, "calls.csv.gz", "started_at"))
    may = calls[calls["started_at"].str.startswith("2026-05")]
    days = pd.to_datetime(may["started_at"]).dt.isocalendar()["day"]
    by_hand = pd.crosstab(may["agent_id"], days)
    counted = pd.read_csv(team.path("out/kpi_calls.csv")).set_index("agent")
    told_days = counted.rename(columns=int).loc[by_hand.index, by_hand.columns]
    assert told_days.to_numpy().tolist() == by_hand.to_numpy().tolist()
    # Every row of the sources is in the account.
    account = pd.read_csv(team.path("out/kpi_account.csv")).groupby("source")["rows"].sum()
    assert account["manual_grades"] == len(read_rows(team, "manual_grades.csv", "graded_at"))
    assert account["orders"] == len(read_rows(team, "orders.csv", "ordered_at"))


def test_a_learned_grade_of_the_past_is_what_the_list_of_that_moment_said(team):
    listed = leadgrade("score", team.config_path, "--out", team.path("then.csv"), "--as-of", "2026-04-01")
    assert listed.code == 0, listed.err
    then = pd.read_csv(team.path("then.csv")).set_index("lead_id")
    chosen = team_sources.chosen_scorer(team.config, None)
    with team_sources.team_sources(team.config, "kpi", None, chosen) as sources:
        moments = pl.DataFrame({"lead_id": then.index[:40].to_list()}).with_columns(
            pl.lit(datetime(2026, 3, 31, 16, tzinfo=UTC)).cast(pl.Datetime("us", "UTC")).alias("as_of")
        )
        told = graded_then(sources.config, sources.taken, chosen.scorer, moments)
    assert dict(told.select("lead_id", "grade").iter_rows()) == then["grade"].iloc[:40].to_dict()


def test_without_a_scorer_the_manual_grades_stand_alone_and_it_is_said(team):
    shutil.rmtree(team.path("out/scorer"))
    answer = leadgrade("kpi", team.config_path, "--language", "zh")
    assert (answer.code, answer.errors) == (0, [])
    assert "人工A" in answer.out
    assert "模型A" not in answer.out
    assert "leadgrade train" in answer.out
    assert_refused(leadgrade("kpi", team.config_path, "--month", "June"), 3, "write it as 2026-06")


def test_the_audit_looks_at_agents_and_accuses_nobody(team):
    team.configure("", "reports: {audit: {least_gap: 0.0, family_error: 0.4}}")
    answer = leadgrade("audit", team.config_path, "--language", "zh")
    assert (answer.code, answer.errors) == (0, [])
    assert len(answer.out.splitlines()) <= 40
    told = pd.read_csv(team.path("out/audit.csv"), keep_default_na=False)
    assert ("请查看" in answer.out) == (told["look_at"] != "").any()
    assert not re.search("cheat|造假|作弊|虚假", answer.out)
    support = pd.read_csv(team.path("out/audit_support.csv"))
    without = pd.read_csv(team.path("out/audit_without_call.csv"))
    # Each grade and each loss of the sources is counted.
    assert support["grades"].sum() == len(read_rows(team, "manual_grades.csv", "graded_at"))
    stages = pd.DataFrame(read_rows(team, "stages.csv", "entered_at"))
    assert support["losses"].sum() == (stages["stage"] == "流失").sum()
    assert len(without) == support["grades_without"].sum() + support["losses_without"].sum()
    # Closes are the files' own.
    grades, orders = (
        pd.DataFrame(read_rows(team, *one))
        for one in (("manual_grades.csv", "graded_at"), ("orders.csv", "ordered_at"))
    )
    first = orders[orders["lead_id"] != ""].drop_duplicates("lead_id").set_index("lead_id")["ordered_at"]
    grades["days"] = pd.to_datetime(grades["lead_id"].map(first)) - pd.to_datetime(grades["graded_at"])
    ripe = grades["graded_at"] < "2026-05-01"
    mine = grades[(grades["grade"] == "A") & (grades["agent_id"] == told["agent"][0]) & ripe]
    mine = mine[~(mine["days"] < pd.Timedelta(0))].drop_duplicates("lead_id")
    assert told["closes"][0] >= (mine["days"] < pd.Timedelta(days=30)).sum()


def test_a_horizon_that_nobody_learned_is_refused(team):
    team.configure("", "reports: {audit: {horizons_days: {A: 45}}}")
    assert_refused(leadgrade("audit", team.config_path), 3, "audit.horizons_days.A: 45 is none of")


def test_a_funnel_holds_every_lead_once_and_moves_by_every_row_of_the_stages(team):
    answer = leadgrade("funnel", team.config_path, "--language", "zh")
    assert (answer.code, answer.errors) == (0, [])
    assert "销售漏斗" in answer.out
    layers = pd.read_csv(team.path("out/funnel.csv")).set_index("layer")
    stages = pd.DataFrame(read_rows(team, "stages.csv", "entered_at"))
    newest = stages.drop_duplicates("lead_id", keep="last")["stage"].value_counts()
    assert layers["leads"].to_dict() == newest.to_dict()
    weeks = pd.read_csv(team.path("out/funnel_weeks.csv"))
    assert weeks["moved_in"].sum() == len(stages)
    assert layers.index[-1] == "流失"
    team.configure("  stages: {path: stages.csv, exported_at: 2026-07-01}\n", "")
    assert_refused(leadgrade("funnel", team.config_path), 4, "name sources.stages")
