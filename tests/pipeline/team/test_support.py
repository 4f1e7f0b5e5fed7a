"""Which grades and losses a call stands behind."""

from datetime import UTC, datetime

import polars as pl

from pipeline.config.reports import Audit
from pipeline.team.support import by_agent_unsupported, claims, supported

TIME = pl.Datetime("us", "UTC")


def at(day, hour=0):
    return datetime(2026, 6, day, hour, tzinfo=UTC)


CALLS = pl.DataFrame(
    [
        ("L1", at(10), "Li", True),
        ("L2", at(10), "robot-1", True),
        ("L3", at(10), "Li", False),
    ],
    schema={"lead_id": pl.String, "known_at": TIME, "agent_id": pl.String, "is_connected": pl.Boolean},
    orient="row",
)
STAGES = pl.DataFrame(
    [("L3", at(20), "lost"), ("L2", at(20), "lost"), ("L1", at(2), "new")],
    schema={"lead_id": pl.String, "known_at": TIME, "stage": pl.String},
    orient="row",
)


def graded(*rows):
    names = {"lead_id": pl.String, "at": TIME, "agent": pl.String, "grade": pl.String}
    return pl.DataFrame(rows, schema=names, orient="row")


def told(*grades):
    tables = {"calls": CALLS, "stages": STAGES}
    claimed = claims(graded(*grades), tables, ["lost"], ["robot*"])
    return supported(claimed, tables, ["robot*"], Audit())


def support(*grades):
    rows = told(*grades).filter(pl.col("kind") == "grade")
    return rows["supported"].to_list()


def test_a_grade_needs_a_conversation_of_a_person_within_a_week():
    assert support(("L1", at(10), "Li", "A")) == [True]  # entered as the call ended
    assert support(("L1", at(9), "Li", "A")) == [False]
    assert support(("L1", at(16, 23), "Li", "A")) == [True]
    assert support(("L1", at(18), "Li", "A")) == [False]
    assert support(("L2", at(11), "Li", "A")) == [False]
    assert support(("L3", at(11), "Li", "A")) == [False]


def test_a_loss_needs_a_try_and_is_of_the_person_who_made_it():
    losses = told().sort("lead_id")
    assert losses.select("lead_id", "agent", "supported").rows() == [("L2", "-", False), ("L3", "Li", True)]


def test_each_claim_is_counted_once():
    rows = told(("L1", at(10), "Li", "A"), ("L1", at(30), "Li", "A"), ("L9", at(3), "Wang", "B"))
    counted = by_agent_unsupported(rows)
    assert counted.rows() == [("Li", 2, 1, 1, 0), ("Wang", 1, 1, 0, 0), ("-", 0, 0, 1, 1)]
    assert counted.select("grades", "losses").sum().row(0) == (3, 2)
    assert rows.height == 5
