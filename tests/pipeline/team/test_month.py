"""A month counted from small stories."""

from datetime import UTC, datetime

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from pipeline.config.reports import Kpi
from pipeline.team.month import accounted, calls_by_weekday, gradings, paid, sales

TIME = pl.Datetime("us", "UTC")
ZONE = "Asia/Shanghai"
ROBOTS = ("robot*",)


def at(day, hour=0):
    return datetime(2026, 6, day, hour, tzinfo=UTC)


def graded(*rows):
    return pl.DataFrame(
        rows, schema={"lead_id": pl.String, "at": TIME, "grade": pl.String, "agent": pl.String}, orient="row"
    )


def test_a_lead_counts_once_per_grade_and_month_for_the_agent_of_the_first_call():
    rows = graded(
        ("L1", at(3), "A", "Li"),
        ("L1", at(9), "A", "Wang"),
        ("L1", at(10), "B", "Wang"),
        ("L2", at(4), "C", "Li"),
        # 1 June in Shanghai, and July there.
        ("L3", datetime(2026, 5, 31, 16, tzinfo=UTC), "A", "Li"),
        ("L1", at(30, 16), "A", "Li"),
    )
    told = accounted(rows, "2026-06", ZONE)
    assert told.sort("at", "lead_id")["became"].to_list() == [
        "counted",
        "counted",
        "other_grade",
        "again",
        "counted",
        "other_month",
    ]
    nothing = pl.DataFrame(schema={"agent": pl.String, "orders": pl.Int64, "amount_minor": pl.Int64})
    month = paid({"manual": told}, nothing, Kpi(), 100)
    assert month.select("agent", "a_manual", "b_manual").rows() == [("Li", 2, 0), ("Wang", 0, 1)]


@given(
    st.lists(
        st.tuples(st.sampled_from("XYZ"), st.integers(1, 30), st.sampled_from("ABCD"), st.sampled_from("lw"))
    ),
    st.randoms(use_true_random=False),
)
def test_the_order_of_the_rows_changes_no_count_and_none_is_lost(rows, rng):
    told = [(lead, at(day), grade, agent) for lead, day, grade, agent in rows]
    shuffled = rng.sample(told, len(told))
    one, other = (accounted(graded(*some), "2026-06", ZONE) for some in (told, shuffled))
    assert one.height == len(rows)
    assert one["became"].value_counts().sort("became").equals(other["became"].value_counts().sort("became"))
    assert (one["became"] == "counted").sum() == len({(lead, g) for lead, _, g, _ in rows if g in "AB"})


def tables():
    calls = pl.DataFrame(
        [
            ("L1", at(1), "Li"),
            ("L1", at(5), "robot-1"),
            ("L2", at(2), "Wang"),
        ],
        schema={"lead_id": pl.String, "known_at": TIME, "agent_id": pl.String},
        orient="row",
    ).with_columns(started_at="known_at")
    orders = pl.DataFrame(
        [("L1", at(20), 1000), ("L1", at(25), -300), ("L2", at(21), 500), (None, at(22), 70)],
        schema={"lead_id": pl.String, "ordered_at": TIME, "amount_minor": pl.Int64},
        orient="row",
    )
    return {"calls": calls, "orders": orders}


def test_sales_are_of_the_last_grader_or_else_of_the_last_person_who_called():
    known = tables()
    sold = sales(known, graded(("L1", at(10), "C", "Zhao")), ROBOTS, "2026-06", ZONE)
    assert sold.rows() == [("-", 1, 70), ("Wang", 1, 500), ("Zhao", 2, 700)]
    late = sales(known, graded(("L1", at(21), "C", "Zhao")), ROBOTS, "2026-06", ZONE)
    assert late.rows() == [("-", 1, 70), ("Li", 1, 1000), ("Wang", 1, 500), ("Zhao", 1, -300)]
    assert paid({}, late, Kpi(), 100)["sales"].to_list() == ["10", "5", "-3"]


def test_a_grade_without_its_agent_is_the_last_caller_s():
    known = tables() | {
        "manual_grades": pl.DataFrame(
            [("L1", at(10), "A"), ("L3", at(10), "A")],
            schema={"lead_id": pl.String, "known_at": TIME, "grade": pl.String},
            orient="row",
        )
    }
    assert gradings(known, ROBOTS)["agent"].to_list() == ["Li", "-"]


def test_calls_are_counted_on_the_days_of_the_team_s_zone():
    # 2026-06-01 is a Monday.
    told = calls_by_weekday(tables(), "2026-06", ZONE)
    assert told.select("agent", "1", "2", "5").rows() == [
        ("Li", 1, 0, 0),
        ("Wang", 0, 1, 0),
        ("robot-1", 0, 0, 1),
    ]
