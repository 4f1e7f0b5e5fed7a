"""Staging: what dates a row, who owns an order, and which grades are hindsight."""

# ruff: noqa: E501 - a drawn table is as wide as it is

from typing import get_args

import pytest
from polars.testing import assert_frame_equal
from support.tables_as_text import FLAG, INSTANT, NAME, NUMBER, WHOLE, canonical, parse

from features.families.attributes import DeclaredAttribute
from features.staging.staging import hindsight_grades, orders_with_owner, stage_list, stage_tables, with_owner
from features.tables import CONTRACTS, TableName

LEADS = canonical(
    "leads",
    """
    lead_id | created_at | customer_id
    L1      | 2024-05-01 | K1
    L2      | 2024-05-01 |
    """,
)


def staged(table, text, expected, types, timezone="UTC"):
    """Compare the columns drawn in ``expected`` with the staged table."""
    frame = stage_tables({"leads": LEADS, table: canonical(table, text)}, timezone=timezone)[table]
    drawn = parse(expected, types)
    assert_frame_equal(frame.select(drawn.columns), drawn)


def test_a_call_is_known_when_it_ends_and_calls_are_in_that_order():
    staged(
        "calls",
        """
        call_id | lead_id | started_at       | duration_ms
        C1      | L1      | 2024-05-10 09:00 | 7200000
        C2      | L1      | 2024-05-10 10:00 | 1
        C3      | L1      | 2024-05-10 10:30 |
        """,
        """
        call_id | known_at
        C2      | 2024-05-10 10:00:00.001
        C3      | 2024-05-10 10:30
        C1      | 2024-05-10 11:00
        """,
        {"call_id": NAME, "known_at": INSTANT},
    )


def test_flags_of_a_call_are_missing_where_their_source_is():
    staged(
        "calls",
        """
        call_id | lead_id | started_at | duration_ms | status     | hung_up_by | intent_questions | refusals
        C1      | L1      | 2024-05-10 | 5000        | answered   | customer   | 1                | 0
        C2      | L1      | 2024-05-11 | 5001        | fax        | customer   | 0                | 2
        C3      | L1      | 2024-05-12 |             | powered_off|            |                  |
        C4      | L1      | 2024-05-13 | 0           |            | agent      |                  | 1
        """,
        """
        call_id | is_connected | is_unreached | is_customer_hangup | is_quick_hangup | has_intent_question | has_refusal
        C1      | true         | false        | true               | true            | true                | false
        C2      | true         | false        | true               | false           | false               | true
        C3      | false        | true         |                    | false           |                     |
        C4      |              |              | false              | false           |                     | true
        """,
        {"call_id": NAME}
        | dict.fromkeys(
            (
                "is_connected",
                "is_unreached",
                "is_customer_hangup",
                "is_quick_hangup",
                "has_intent_question",
                "has_refusal",
            ),
            FLAG,
        ),
    )


def test_an_order_is_known_when_recorded_and_never_before_it_was_placed():
    staged(
        "orders",
        """
        order_id | lead_id | ordered_at       | recorded_at
        O1       | L1      | 2024-05-10 14:30 | 2024-05-12
        O2       | L1      | 2024-05-11       |
        O3       | L1      | 2024-05-13 14:30 | 2024-05-13
        """,
        """
        order_id | known_at
        O2       | 2024-05-11
        O1       | 2024-05-12
        O3       | 2024-05-13 14:30
        """,
        {"order_id": NAME, "known_at": INSTANT},
    )


def test_an_order_is_owned_by_the_customer_it_names_else_by_the_owner_of_its_lead():
    orders = canonical(
        "orders",
        """
        order_id | ordered_at | lead_id | customer_id
        O1       | 2024-05-01 | L1      |
        O2       | 2024-05-01 | L1      | K2
        O3       | 2024-05-01 | L2      |
        O4       | 2024-05-01 |         | K1
        O5       | 2024-05-01 | L9      |
        """,
    )
    owners = orders_with_owner(orders, with_owner(LEADS))
    assert dict(owners.select("order_id", "owner_id").rows()) == {
        "O1": "customer:K1",
        "O2": "customer:K2",
        "O3": "lead:L2",
        "O4": "customer:K1",
        "O5": None,
    }


def test_a_transition_is_from_the_leads_own_stage_before():
    staged(
        "stages",
        """
        lead_id | entered_at | stage
        L2      | 2024-05-02 | offer
        L1      | 2024-05-03 | offer
        L1      | 2024-05-01 | new
        """,
        """
        lead_id | stage | transition | previous_stage_ms
        L1      | new   |            |
        L1      | offer | new>offer  | 172800000
        L2      | offer |            |
        """,
        {"lead_id": NAME, "stage": NAME, "transition": NAME, "previous_stage_ms": WHOLE},
    )


def test_the_value_of_a_fact_is_read_as_number_and_as_instant_where_it_is_one():
    staged(
        "facts",
        """
        lead_id | known_at   | field  | value
        L1      | 2024-05-01 | budget | -1.5
        L1      | 2024-05-02 | need   | latent
        L1      | 2024-05-03 | visit  | 2024-06-01T08:30:00Z
        L1      | 2024-05-04 | visit  |
        """,
        """
        value                | value_number | value_time       | value_characters
        -1.5                 | -1.5         |                  | 4
        latent               |              |                  | 6
        2024-06-01T08:30:00Z |              | 2024-06-01 08:30 | 20
                             |              |                  |
        """,
        {"value": NAME, "value_number": NUMBER, "value_time": INSTANT, "value_characters": WHOLE},
    )


GRADES = """
lead_id | grade | graded_at
L1      | C     |
L1      | B     |
L1      | A     | 2024-05-02
L2      | D     | 2024-05-03
"""


def test_a_grade_without_a_date_is_hindsight_and_one_with_a_date_is_not():
    tables = {"leads": LEADS, "manual_grades": canonical("manual_grades", GRADES)}
    assert stage_tables(tables)["manual_grades"]["grade"].to_list() == ["A", "D"]
    assert hindsight_grades(tables).rows() == [("L1", "B")]


def test_a_list_of_grades_without_any_dates_is_all_hindsight():
    tables = {"leads": LEADS, "manual_grades": canonical("manual_grades", GRADES).drop("graded_at")}
    assert "manual_grades" not in stage_tables(tables)
    assert sorted(hindsight_grades(tables).rows()) == [("L1", "A"), ("L2", "D")]


@pytest.mark.parametrize("as_of", ["row_number", "created_at"])
def test_a_flat_list_is_dated_by_its_date_or_else_by_its_row(as_of):
    rows = canonical(
        "leads",
        """
        lead_id | created_at | row_number | note
        L1      | 2024-05-01 | 1          | abc
        """,
        row_number=WHOLE,
        note=NAME,
    )
    leads = stage_list(rows, as_of, [DeclaredAttribute("note", "text")])["leads"]
    assert leads["known_at"].to_list() == rows[as_of].to_list()
    assert leads["note_characters"].to_list() == [3]


def test_the_tables_that_a_configuration_may_name_are_those_that_have_a_contract():
    assert set(get_args(TableName)) == set(CONTRACTS)
