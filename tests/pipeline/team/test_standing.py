"""Whose a lead is, when it is due and what speaks against it, told by small stories."""

from datetime import UTC, datetime, timedelta

import polars as pl
import pytest

from pipeline.config.reports import CallPlan
from pipeline.team.plan.robot_lists import robot_lists
from pipeline.team.plan.standing import standing

NOW = datetime(2026, 7, 1, tzinfo=UTC)
TIME = pl.Datetime("us", "UTC")


def hours_ago(hours):
    return NOW - timedelta(hours=hours)


def stood(calls=(), facts=(), grade="A", rules=None, lead=None, **graded):
    """One lead's standing: calls are (hours ago, status, agent, asked later), facts (ago, field, value)."""
    rows = [
        {
            "lead_id": "L",
            "started_at": hours_ago(ago),
            "known_at": hours_ago(ago),
            "status": status,
            "is_connected": status == "answered",
            "agent_id": agent,
            "asked_callback": bool(later),
        }
        for ago, status, agent, *later in calls
    ]
    told = [
        {
            "lead_id": "L",
            "known_at": hours_ago(ago),
            "field": field,
            "value": str(value),
            "value_time": value if isinstance(value, datetime) else None,
        }
        for ago, field, value in facts
    ]
    texts = {"lead_id": pl.String, "status": pl.String, "agent_id": pl.String}
    times = {"started_at": TIME, "known_at": TIME}
    leads = pl.DataFrame([{"lead_id": "L", "owner_id": "lead:L", "customer_id": None} | (lead or {})])
    tables = {
        "leads": leads,
        "calls": pl.DataFrame(
            rows, schema=texts | times | {"is_connected": pl.Boolean, "asked_callback": pl.Boolean}
        ),
        "facts": pl.DataFrame(
            told,
            schema={"lead_id": pl.String, "known_at": TIME, "field": pl.String, "value": pl.String}
            | {"value_time": TIME},
        ),
    }
    listed = pl.DataFrame([{"lead_id": "L", "grade": grade, "rank": 1} | graded])
    return standing(listed, tables, rules or CallPlan(), NOW, "Asia/Shanghai")


def told(*args, **kwargs):
    return stood(*args, **kwargs).row(0, named=True)


def test_a_lead_that_was_never_called_is_due_at_once_and_nobodys():
    lead = told()
    assert (lead["due_at"], lead["not_before"], lead["agent"], lead["barred"]) == (NOW, None, None, None)


@pytest.mark.parametrize(("grade", "days"), [("A", 3.5), ("B", 7), ("C", 30), ("D", 90)])
def test_a_conversation_sets_the_next_one_by_the_cadence_of_the_grade(grade, days):
    lead = told([(50, "answered", "Li"), (10, "no_answer", "robot-1")], grade=grade)
    assert lead["due_at"] == hours_ago(50) + timedelta(days=days)
    assert lead["not_before"] == hours_ago(10) + timedelta(hours=4)
    assert lead["agent"] == "Li"


def test_a_robot_owns_no_lead_and_the_last_person_does():
    calls = [(50, "answered", "Li"), (40, "answered", "Wang"), (30, "answered", "Robot-1")]
    assert told(calls)["agent"] == "Wang"
    assert told([(30, "answered", "Robot-1")])["agent"] is None
    owned = told(calls, rules=CallPlan(own_agent="owner"), lead={"owner": "Zhao"})
    assert owned["agent"] == "Zhao"


@pytest.mark.parametrize(
    ("status", "pause"), [("busy", 1), ("no_answer", 4), ("powered_off", 20), ("suspended", 168)]
)
def test_a_lead_that_was_not_reached_is_due_after_its_pause(status, pause):
    lead = told([(2, status, "Li")])
    assert lead["due_at"] == lead["not_before"] == hours_ago(2) + timedelta(hours=pause)


def test_a_customer_who_asked_to_be_called_later_is_due_after_the_pause_of_the_call():
    lead = told([(24, "answered", "Li", True)], grade="D")
    assert lead["asked_later"]
    assert lead["due_at"] == hours_ago(24) + timedelta(hours=20)


def test_an_empty_number_a_wish_and_the_last_grade_bar_a_lead():
    assert told([(99, "empty_number", "Li")])["barred"] == "dead_number"
    assert told(grade="E")["barred"] == "grade_ended"
    assert told(facts=[(9, "do_not_call", "Yes")])["barred"] == "do_not_call"
    assert told(facts=[(9, "do_not_call", "yes"), (8, "do_not_call", "no")])["barred"] is None
    assert told(lead={"do_not_call": "是"})["barred"] == "do_not_call"


def test_a_promise_is_open_until_a_conversation_near_its_hour_or_after_it():
    tomorrow = NOW + timedelta(hours=30)
    promise = [(20, "callback_at", tomorrow)]
    assert told([(21, "answered", "Li")], promise)["promised_at"] == tomorrow
    assert told(facts=promise, grade="E")["barred"] is None
    missed = [(20, "callback_at", hours_ago(10))]
    assert told([(9, "no_answer", "Li")], missed)["promised_at"] == hours_ago(10)
    assert told([(11, "answered", "Li")], missed)["promised_at"] is None
    assert told([(13, "answered", "Li")], missed)["promised_at"] == hours_ago(10)
    moved = [*promise, (5, "callback_at", NOW + timedelta(hours=9))]
    assert told(facts=moved)["promised_at"] == NOW + timedelta(hours=9)


@pytest.mark.parametrize("written", ["2026-07-02 10:30", "2026年7月2日 上午10:30", "2026-07-02T02:30:00Z"])
def test_the_hour_of_a_promise_is_read_as_people_write_it(written):
    assert told(facts=[(20, "callback_at", written)])["promised_at"] == NOW + timedelta(hours=26.5)


def test_a_promise_without_an_hour_is_a_call_as_soon_as_may_be():
    lead = told([(30, "answered", "Li")], [(20, "callback_at", "after the holidays")], grade="D")
    assert (lead["promised_at"], lead["promise_unread"], lead["asked_later"]) == (None, True, True)
    assert lead["due_at"] == lead["not_before"]
    assert not told(facts=[(20, "callback_at", "tomorrow"), (10, "callback_at", "")])["promise_unread"]


def test_a_promise_heeds_the_pause_of_later_calls_alone():
    promise = [(20, "callback_at", NOW + timedelta(hours=1))]
    assert told([(20.1, "answered", "Li")], promise)["promise_not_before"] is None
    later = told([(20.1, "answered", "Li"), (1, "no_answer", "Li")], promise)
    assert later["promise_not_before"] == hours_ago(1) + timedelta(hours=4)


def test_leads_of_a_customer_share_a_number_unless_a_column_tells_it():
    assert told(lead={"customer_id": "K"})["number"] == "K"
    assert told()["number"] == "lead:L"
    assert told(rules=CallPlan(number="phone"), lead={"phone": "1", "customer_id": "K"})["number"] == "1"


def test_the_robots_lists_hold_its_own_last_calls_newest_first():
    rows = pl.concat(
        [
            stood([(ago, "answered", agent)], scheme_robot_flow=label).with_columns(lead_id=pl.lit(name))
            for name, ago, agent, label in [
                ("old", 30, "robot-1", "A"),
                ("new", 3, "robot-2", "B"),
                ("person's", 1, "Li", "A"),
                ("again", 2, "robot-1", "E"),
                ("cold", 2, "robot-1", "D"),
            ]
        ]
    )
    again, handed = robot_lists(rows, CallPlan(), "Asia/Shanghai")
    assert again["lead_id"].to_list() == ["again"]
    assert handed["lead_id"].to_list() == ["new", "old"]
