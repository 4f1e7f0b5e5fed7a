"""As of: what was known at an instant, what came after it, and nothing between."""

import polars as pl
import pytest
from polars.testing import assert_frame_equal
from support.tables_as_text import FLAG, INSTANT, NAME, NUMBER, WHOLE, canonical, instant, parse

from features import asof

AS_OF = pl.lit(instant("2024-06-01"))
TIMES = {"time": INSTANT}


def answers(text, column, answer):
    """A drawn table's last column is the answer to its other columns."""
    drawn = parse(text, TIMES | {column: FLAG})
    assert drawn.select(answer(pl.col("time")).alias(column))[column].to_list() == drawn[column].to_list()


def test_known_is_strictly_before():
    answers(
        """
        time                       | known
        2024-05-31 23:59:59.999999 | true
        2024-06-01                 | false
        2024-06-01 00:00:00.000001 | false
        """,
        "known",
        lambda time: asof.known(time, AS_OF),
    )


def test_a_window_looks_back_from_the_as_of_and_includes_its_first_instant():
    answers(
        """
        time                       | counts
        2024-05-24 23:59:59.999999 | false
        2024-05-25                 | true
        2024-05-31 23:59:59.999999 | true
        2024-06-01                 | false
        """,
        "counts",
        lambda time: asof.known_within(time, AS_OF, 7),
    )


def test_a_lead_exists_from_the_very_instant_of_its_creation():
    answers(
        """
        time                       | exists
        2024-05-31                 | true
        2024-06-01                 | true
        2024-06-01 00:00:00.000001 | false
        """,
        "exists",
        lambda time: asof.exists(time, AS_OF),
    )


def test_a_lead_is_young_until_it_is_older_than_the_days():
    answers(
        """
        time                       | young
        2024-05-01 23:59:59.999999 | false
        2024-05-02                 | true
        """,
        "young",
        lambda time: asof.younger_than(time, AS_OF, 30),
    )


def test_an_outcome_window_includes_its_start_and_not_its_end():
    answers(
        """
        time                       | within
        2024-06-30 23:59:59.999999 | false
        2024-07-01                 | true
        2024-08-29 23:59:59.999999 | true
        2024-08-30                 | false
        """,
        "within",
        lambda time: asof.upcoming(time, AS_OF, 30, 90),
    )


def test_at_risk_is_who_has_not_closed_when_the_window_opens():
    answers(
        """
        time                       | at_risk
        2024-06-30 23:59:59.999999 | false
        2024-07-01                 | true
        2024-12-31                 | true
        """,
        "at_risk",
        lambda time: asof.at_risk(time, AS_OF, 30),
    )
    never = pl.DataFrame({"time": [None]}, schema=TIMES)
    assert never.select(asof.at_risk(pl.col("time"), AS_OF, 30)).item() is True


@pytest.mark.parametrize(
    ("until", "is_ripe"),
    [("2024-06-30 23:59:59.999999", False), ("2024-07-01", True), ("2024-07-01 00:00:00.000001", True)],
)
def test_a_window_is_ripe_once_it_lies_wholly_before_the_end_of_observation(until, is_ripe):
    assert pl.select(asof.ripe(AS_OF, 30, instant(until))).item() is is_ripe


def test_days_are_fractions_and_may_be_negative():
    drawn = parse(
        """
        earlier          | later            | days
        2024-06-01 12:00 | 2024-06-02       | 0.5
        2024-06-01       | 2024-06-01       | 0
        2024-06-02       | 2024-06-01       | -1
        """,
        {"earlier": INSTANT, "later": INSTANT, "days": NUMBER},
    )
    assert_frame_equal(
        drawn.select(asof.days_from(pl.col("earlier"), pl.col("later")).alias("days")), drawn.select("days")
    )


def test_row_numbers_are_compared_as_instants_are():
    rows = pl.DataFrame({"as_of": [1, 2, 3]})
    assert rows.select(asof.known(pl.col("as_of"), pl.lit(2))).to_series().to_list() == [True, False, False]


def test_a_drawn_table_is_read_as_it_looks():
    drawn = canonical(
        "leads",
        """
        lead_id | created_at       | customer_id | employees
        L1      | 2024-05-01 09:00 |             | 12
        """,
        employees=WHOLE,
    )
    assert drawn.rows() == [("L1", instant("2024-05-01 09:00"), None, 12)]
    assert canonical("stages", "lead_id | entered_at | stage").schema == {
        "lead_id": NAME,
        "entered_at": INSTANT,
        "stage": NAME,
    }
