"""Whatever the leads, a planned day keeps its rules."""

from collections import Counter
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.config.reports import CallPlan
from pipeline.team.plan import call_plan as plan
from pipeline.team.plan.call_plan import call_plan
from pipeline.team.plan.working_day import WorkingDay, next_working_day

ZONE = "Asia/Shanghai"
THURSDAY = date(2026, 7, 2)
MIDNIGHT = datetime(2026, 7, 1, 16, tzinfo=UTC)  # of that Thursday, in Shanghai
AGENTS = ["Chen", "Li", "Wang"]
SCHEMA = {
    "lead_id": pl.String,
    "number": pl.String,
    "agent": pl.String,
    "grade": pl.String,
    "rank": pl.Int64,
    **{
        name: pl.Datetime("us", "UTC")
        for name in ("due_at", "not_before", "promise_not_before", "promised_at", "last_call_at", "spoken_at")
    },
    "asked_later": pl.Boolean,
    "barred": pl.String,
}


def moment(hours):
    return MIDNIGHT + timedelta(hours=hours)


hours = st.floats(-60, 60, allow_nan=False).map(lambda h: moment(round(h, 2)))
maybe = st.one_of(st.none(), hours)
LEAD = st.fixed_dictionaries(
    {
        "number": st.sampled_from([f"N{n}" for n in range(12)]),
        "agent": st.sampled_from([None, *AGENTS, "Zhao", "gone"]),
        "grade": st.sampled_from("ABCDE"),
        "due_at": hours,
        "not_before": maybe,
        "promised_at": st.one_of(st.none(), st.none(), hours),
        "asked_later": st.booleans(),
        "barred": st.sampled_from([None, None, None, "do_not_call", "grade_ended"]),
    }
)
RULES = st.builds(
    CallPlan,
    calls_per_day=st.integers(1, 9),
    daily_maximum=st.integers(1, 3),
    random_share=st.sampled_from([0.0, 0.05, 0.3, 1.0]),
    rest_days=st.sampled_from([(), (THURSDAY,)]),
)


def frame(leads):
    rows = [
        {"lead_id": f"L{place}", "rank": place, "promise_not_before": one["not_before"], **one}
        | {"last_call_at": None, "spoken_at": None}
        for place, one in enumerate(leads)
    ]
    return pl.DataFrame(rows, schema=SCHEMA)


def day_of(rules):
    return WorkingDay.of(rules, THURSDAY, ZONE)


@settings(max_examples=150)
@given(st.lists(LEAD, max_size=60), RULES, st.dictionaries(st.sampled_from(["N0", "N1"]), st.integers(0, 3)))
def test_a_day_keeps_its_rules_whatever_the_leads(leads, rules, called):
    listed = frame(leads)
    found = call_plan(listed, AGENTS, rules, day_of(rules), called, away=["Zhao"])
    told = {row["lead_id"]: row for row in listed.to_dicts()}
    calls = found.calls.to_dicts()

    # Each lead is called once, or held with its reason.
    assert Counter(row["lead_id"] for row in [*calls, *found.held.to_dicts()]) == Counter(list(told))
    if rules.rest_days:
        assert calls == []
    made = Counter(called)
    for row in calls:
        lead = told[row["lead_id"]]
        local = row["at"].astimezone(ZoneInfo(ZONE))
        assert local.date() == THURSDAY
        assert lead["barred"] is None or (lead["barred"], row["kind"]) == ("grade_ended", "lot")
        assert lead["not_before"] is None or lead["not_before"] <= row["at"]
        made[lead["number"]] += 1
        if row["kind"] == "promised":
            assert row["at"] == lead["promised_at"]
            assert time(8) <= local.time() < time(21)
        else:
            clock = local.time()
            assert time(9) <= clock < time(11, 30) or time(14) <= clock < time(17, 30)
            assert lead["promised_at"] is None or lead["promised_at"] < MIDNIGHT
        if lead["agent"] in AGENTS:
            assert row["by"] == lead["agent"]
        if lead["agent"] == "Zhao":
            assert row["kind"] in {"promised", "missed"}
    assert all(n <= max(rules.daily_maximum, called.get(number, 0)) for number, n in made.items())
    by_agent = Counter(row["by"] for row in calls)
    assert all(n <= rules.calls_per_day for n in by_agent.values())
    lots = Counter(row["by"] for row in calls if row["kind"] == "lot")
    assert all(n <= int(rules.random_share * rules.calls_per_day) for n in lots.values())
    slots = Counter((row["by"], row["at"]) for row in calls if row["kind"] != "promised")
    assert all(n == 1 for n in slots.values())


@settings(max_examples=40)
@given(st.lists(LEAD, min_size=1, max_size=40), st.randoms(use_true_random=False))
def test_the_order_of_the_leads_changes_nothing(leads, rng):
    listed = frame(leads)
    shuffled = listed.sample(fraction=1.0, shuffle=True, seed=rng.randrange(1000))
    rules = CallPlan(calls_per_day=5, random_share=0.3)
    one, other = (call_plan(rows, AGENTS, rules, day_of(rules)) for rows in (listed, shuffled))
    assert one.calls.equals(other.calls)
    assert one.held.equals(other.held)


def lead(**given):
    return {
        "number": given.pop("number", f"N{given.get('due_at')}{given.get('grade')}"),
        "agent": None,
        "grade": "A",
        "due_at": moment(-1),
        "not_before": None,
        "promised_at": None,
        "asked_later": False,
        "barred": None,
    } | given


def kinds(found):
    return dict(found.calls.select("lead_id", "kind").iter_rows())


def test_promises_come_before_everything_else_and_grades_before_due_dates():
    rules = CallPlan(calls_per_day=4, random_share=0.0)
    listed = frame(
        [
            lead(grade="B", due_at=moment(-50), number="1"),
            lead(grade="A", due_at=moment(-1), number="2"),
            lead(grade="A", due_at=moment(-2), number="3"),
            lead(grade="E", promised_at=moment(12.4), number="4"),
            lead(grade="D", promised_at=moment(-20), number="5"),
            lead(grade="C", asked_later=True, number="6"),
        ]
    )
    found = call_plan(listed, ["Li"], rules, day_of(rules))
    assert found.calls.filter(pl.col("kind") == "promised")["at"].to_list() == [moment(12.4)]
    others = found.calls.filter(pl.col("kind") != "promised").sort("at")["lead_id"].to_list()
    assert others == ["L4", "L5", "L2"]
    assert dict(found.held.iter_rows()) == {"L0": "team_full", "L1": "team_full"}


def test_a_share_is_drawn_among_those_whom_the_plan_would_not_reach():
    rules = CallPlan(calls_per_day=100)
    due = [lead(number=f"d{n}") for n in range(600)]
    later = [lead(number=f"l{n}", grade="D", due_at=moment(40)) for n in range(300)]
    found = call_plan(frame([*due, *later]), AGENTS, rules, day_of(rules))
    drawn = found.calls.filter(pl.col("kind") == "lot")
    assert (found.calls.height, drawn.height) == (300, 15)
    assert 0 < sum(int(name[1:]) >= 600 for name in drawn["lead_id"]) < 15
    another = call_plan(frame([*due, *later]), AGENTS, CallPlan(calls_per_day=100, seed=1), day_of(rules))
    assert set(drawn["lead_id"]) != set(another.calls.filter(pl.col("kind") == "lot")["lead_id"])


def test_a_promise_within_a_pause_is_held_and_one_of_an_agent_who_is_away_is_kept_by_another():
    rules = CallPlan()
    listed = frame(
        [
            lead(promised_at=moment(10), not_before=moment(11), number="1"),
            lead(promised_at=moment(10), agent="Zhao", number="2"),
            lead(agent="Zhao", number="3"),
        ]
    )
    found = call_plan(listed, AGENTS, rules, day_of(rules), away=["Zhao"])
    assert kinds(found) == {"L1": "promised"}
    assert dict(found.held.iter_rows()) == {"L0": "in_pause", "L2": "agent_away"}


def test_slots_fill_the_golden_hours_evenly():
    day = WorkingDay.of(CallPlan(calls_per_day=12), THURSDAY, ZONE)
    local = [at.astimezone(ZoneInfo(ZONE)) for at in day.slots]
    begins = [9, 9.5, 10, 10.5, 11, 14, 14.5, 15, 15.5, 16, 16.5, 17]
    assert [at.hour + at.minute / 60 for at in local] == begins


def test_holidays_are_skipped_and_a_weekend_that_is_worked_is_not():
    golden_week = tuple(date(2026, 10, n) for n in range(1, 8))
    rules = CallPlan(rest_days=golden_week, working_days=(date(2026, 10, 10),))
    assert next_working_day(rules, date(2026, 9, 30)) == date(2026, 10, 8)
    assert next_working_day(rules, date(2026, 10, 9)) == date(2026, 10, 10)
    with pytest.raises(ValueError, match="no working day within a year"):
        next_working_day(CallPlan(rest_weekdays=(1, 2, 3, 4, 5, 6, 7)), THURSDAY)


@pytest.mark.parametrize("wrong", [{"hours": ("9-11",)}, {"hours": ("11:00-09:00",)}, {"hours": ()}])
def test_hours_that_are_none_are_refused(wrong):
    with pytest.raises(ValueError, match=r"09:00-11:30|ends before"):
        CallPlan(**wrong)


def test_names_of_reasons_are_said_in_both_languages():
    from pipeline.team.plan.words import HELD, KINDS, why_called, why_held

    said = [why_called(one, to) for one in KINDS for to in ("en", "zh")]
    said += [why_held(one, to) for one in HELD for to in ("en", "zh")]
    assert len(set(said)) == 2 * (len(KINDS) + len(HELD))
    assert plan.LOT in KINDS


def test_promises_beyond_an_agent_s_day_are_held():
    rules = CallPlan(calls_per_day=2, random_share=0.0)
    three = [lead(promised_at=moment(10 + n), agent="Li", number=str(n)) for n in range(3)]
    found = call_plan(frame(three), AGENTS, rules, day_of(rules))
    assert kinds(found) == {"L0": "promised", "L1": "promised"}
    assert dict(found.held.iter_rows()) == {"L2": "agent_full"}
