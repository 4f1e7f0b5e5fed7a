"""Labels: did the lead close within a window, and was that window wholly seen."""

import polars as pl
import pytest
from support.tables_as_text import INSTANT, NAME, WHOLE, canonical, instant, parse

from features import cohort
from features.labels import CLOSING_AMOUNT, label_list, label_rows, outcomes, with_closing_amount
from features.staging.staging import stage_tables

LABELS = ("closed_30d", "window_30d", "closed_90d", "window_90d", "closed_180d", "window_180d")
FAR = "2030-01-01"


def check(text, observed_until=FAR):
    """Each drawn row is a lead with its as-of (else 1 June), its close, and the labels due."""
    types = {"as_of": INSTANT, "closed_at": INSTANT} | dict.fromkeys(LABELS, WHOLE)
    drawn = parse(text, types).with_row_index("lead_id").cast({"lead_id": NAME})
    if "as_of" not in drawn.columns:
        drawn = drawn.with_columns(pl.lit(instant("2024-06-01"), INSTANT).alias("as_of"))
    due = [name for name in LABELS if name in drawn.columns]
    spine, closes = drawn.select("lead_id", "as_of"), drawn.select("lead_id", "closed_at")
    labels = label_rows(spine, closes, [30, 90, 180], instant(observed_until))
    assert labels.columns == ["lead_id", "as_of", *LABELS]
    assert labels.select(due).rows() == drawn.select(due).rows()


def test_a_close_counts_from_the_as_of_itself_and_not_at_the_end_of_the_horizon():
    check(
        """
        closed_at                  | closed_30d | closed_90d | closed_180d
        2024-06-01                 | 1          | 1          | 1
        2024-06-30 23:59:59.999999 | 1          | 1          | 1
        2024-07-01                 | 0          | 1          | 1
        2024-08-29 23:59:59.999999 | 0          | 1          | 1
        2024-08-30                 | 0          | 0          | 1
        2024-11-27 23:59:59.999999 | 0          | 0          | 1
        2024-11-28                 | 0          | 0          | 0
                                   | 0          | 0          | 0
        """
    )


def test_a_hazard_window_asks_only_leads_that_are_still_at_risk_when_it_opens():
    check(
        """
        closed_at                  | window_30d | window_90d | window_180d
        2024-06-01                 | 1          |            |
        2024-06-30 23:59:59.999999 | 1          |            |
        2024-07-01                 | 0          | 1          |
        2024-08-30                 | 0          | 0          | 1
        2024-11-28                 | 0          | 0          | 0
                                   | 0          | 0          | 0
        """
    )


@pytest.mark.parametrize("observed_until", ["2024-08-30", "2024-11-27 23:59:59.999999"])
def test_a_window_that_is_not_wholly_seen_is_missing_also_where_a_close_was_seen(observed_until):
    """The 90 days end on 30 August 00:00; the 180 days a microsecond too late."""
    check(
        """
        closed_at  | closed_30d | window_30d | closed_90d | window_90d | closed_180d | window_180d
                   | 0          | 0          | 0          | 0          |             |
        2024-06-15 | 1          | 1          | 1          |            |             |
        2024-07-15 | 0          | 0          | 1          | 1          |             |
        """,
        observed_until,
    )


def test_a_horizon_that_ends_at_the_end_of_observation_is_ripe_and_a_microsecond_later_is_not():
    text = """
        as_of                      | closed_at        | closed_30d | window_30d
        2024-06-01                 | 2024-06-15       | 1          | 1
        2024-06-01                 |                  | 0          | 0
        2024-06-01 00:00:00.000001 | 2024-06-15       |            |
        2024-06-01 00:00:00.000001 |                  |            |
        """
    check(text, observed_until="2024-07-01")


def test_nothing_is_ripe_for_an_as_of_at_or_after_the_end_of_observation():
    check(
        """
        as_of      | closed_at  | closed_30d | window_30d | closed_180d
        2024-06-01 | 2024-06-01 |            |            |
        2024-07-01 |            |            |            |
        """,
        observed_until="2024-06-01",
    )


def test_rows_keep_their_order_and_their_columns_and_a_lead_without_an_outcome_has_not_closed():
    spine = pl.DataFrame({"lead_id": ["b", "a"], "as_of": [instant("2024-06-01")] * 2, "kept": [1, 2]})
    closes = pl.DataFrame({"lead_id": ["a"], "closed_at": [instant("2024-06-02")]})
    labels = label_rows(spine, closes, [30], instant(FAR))
    assert labels.rows() == [
        ("b", instant("2024-06-01"), 1, 0, 0),
        ("a", instant("2024-06-01"), 2, 1, 1),
    ]


# What a close is

LEADS = """
lead_id | created_at | customer_id | result | decided_at
L1      | 2024-05-01 | K1          | Yes    | 2024-06-05
L2      | 2024-05-01 | K1          | no     | 2024-06-06
L3      | 2024-05-01 |             |        |
"""
ORDERS = """
order_id | ordered_at       | recorded_at | lead_id | customer_id
O1       | 2024-06-20       |             | L1      | K1
O2       | 2024-06-10       |             | L1      |
O3       | 2024-06-01       |             |         | K1
O4       | 2024-06-03       | 2024-06-09  | L3      | K7
"""
STAGES = """
lead_id | entered_at | stage
L1      | 2024-06-02 | won
L1      | 2024-06-01 | lost
L1      | 2024-06-08 | signed
L2      | 2024-06-03 | lost
L2      | 2024-06-04 | lost
L3      | 2024-06-05 | new
"""


def outcomes_of(close, **kwargs):
    tables = {
        "leads": canonical("leads", LEADS, result=NAME, decided_at=INSTANT),
        "orders": canonical("orders", ORDERS),
        "stages": canonical("stages", STAGES),
    }
    return outcomes(stage_tables(tables), close, **kwargs)


def check_outcomes(found, text):
    drawn = parse(text, {"lead_id": NAME, "closed_at": INSTANT, "lost_at": INSTANT})
    assert found.select(drawn.columns).rows() == drawn.rows()


def test_a_close_is_the_first_order_that_names_the_lead_when_it_was_recorded():
    """O3 names the customer alone and closes nothing; O4 was recorded six days late."""
    check_outcomes(
        outcomes_of("first_order"),
        """
        lead_id | closed_at  | lost_at
        L1      | 2024-06-10 |
        L2      |            |
        L3      | 2024-06-09 |
        """,
    )


def test_a_close_is_the_first_entry_of_a_won_stage_and_a_loss_that_of_a_lost_one():
    check_outcomes(
        outcomes_of("won_stage", won_stages=["won", "signed"], lost_stages=["lost"]),
        """
        lead_id | closed_at  | lost_at
        L1      | 2024-06-02 | 2024-06-01
        L2      |            | 2024-06-03
        L3      |            |
        """,
    )


def test_a_close_is_what_the_outcome_column_says_at_the_time_of_its_column():
    check_outcomes(
        outcomes_of("outcome", closed_at="decided_at", won=pl.col("result") == "Yes"),
        """
        lead_id | closed_at  | lost_at
        L1      | 2024-06-05 |
        L2      |            |
        L3      |            |
        """,
    )


def test_what_the_choice_of_close_needs_must_be_there():
    with pytest.raises(ValueError, match="needs an outcome column and the column of its time"):
        outcomes_of("outcome")
    tables = {
        "leads": canonical("leads", LEADS, result=NAME, decided_at=INSTANT),
        "orders": canonical("orders", ORDERS).drop("lead_id"),
    }
    with pytest.raises(ValueError, match="needs orders that name their lead_id"):
        outcomes(stage_tables(tables), "first_order")


def test_a_lead_that_is_lost_later_stays_at_risk_with_label_0():
    """L2 is lost on 3 June: in the cohort of 1 June with label 0, out of the cohort of 4 June."""
    found = outcomes_of("won_stage", won_stages=["won"], lost_stages=["lost"])
    leads = stage_tables({"leads": canonical("leads", LEADS, result=NAME, decided_at=INSTANT)})["leads"]
    early = cohort.open_leads(cohort.at_instant(leads, instant("2024-06-01")), found)
    labels = label_rows(early, found, [30, 90], instant(FAR)).filter(pl.col("lead_id") == "L2")
    columns = ["closed_30d", "window_30d", "closed_90d", "window_90d"]
    assert labels.select(columns).rows() == [(0, 0, 0, 0)]
    late = cohort.open_leads(cohort.at_instant(leads, instant("2024-06-04")), found)
    assert late["lead_id"].to_list() == ["L3"]


def test_a_table_of_orders_with_nothing_but_its_header_closes_nobody():
    tables = {
        "leads": canonical("leads", "lead_id | created_at\nL1 | 2024-05-01"),
        "orders": canonical("orders", "order_id | ordered_at | lead_id"),
    }
    found = outcomes(stage_tables(tables), "first_order")
    assert found.rows() == [("L1", None, None)]
    assert found.schema == {"lead_id": NAME, "closed_at": INSTANT, "lost_at": INSTANT}


def test_a_flat_lists_label_is_its_outcome_column_and_a_missing_outcome_a_missing_label():
    drawn = parse(
        """
        y     | label
        yes   | 1
        YES   | 1
        Won!  | 1
        no    | 0
        maybe | 0
              |
        """,
        {"y": NAME, "label": WHOLE},
    )
    labels = label_list(drawn, "y", ["yes", "won!"])
    assert labels["closed_outcome"].to_list() == drawn["label"].to_list()
    assert labels["window_outcome"].to_list() == drawn["label"].to_list()


def amounts(orders, until=FAR):
    """Closing amounts of leads asked on 1 June, whose close is their first order."""
    staged = stage_tables({"leads": canonical("leads", ASKED), "orders": canonical("orders", orders)})
    spine = staged["leads"].select("lead_id", pl.lit(instant("2024-06-01"), INSTANT).alias("as_of"))
    labels = label_rows(spine, outcomes(staged, "first_order"), [30, 90], instant(until))
    rows = with_closing_amount(labels, staged, 90, 100)
    return dict(rows.select("lead_id", CLOSING_AMOUNT).rows())


ASKED = """
    lead_id | created_at
    L1      | 2024-05-01
    L2      | 2024-05-01
    L3      | 2024-05-01
    """


def test_the_closing_amount_is_the_first_later_orders_in_units_of_the_currency():
    orders = """
        order_id | lead_id | ordered_at       | amount_minor
        O1       | L1      | 2024-06-20       | 99900
        O2       | L1      | 2024-06-10       | 12345
        O3       | L2      | 2024-06-10       |
        O4       | L2      | 2024-06-11       | 500
        O5       | L3      | 2024-08-30       | 700
        """
    assert amounts(orders) == {"L1": 123.45, "L2": None, "L3": None}
    assert amounts(orders, until="2024-08-01") == {"L1": None, "L2": None, "L3": None}


def test_orders_of_one_instant_are_told_apart_by_their_key():
    orders = """
        order_id | lead_id | ordered_at       | amount_minor
        O2       | L1      | 2024-06-10       | 200
        O1       | L1      | 2024-06-10       | 100
        """
    assert amounts(orders)["L1"] == 1.0


def test_without_amounts_or_leads_in_the_orders_there_is_no_closing_amount():
    rows = pl.DataFrame({"lead_id": ["L1"], "as_of": [instant("2024-06-01")], "closed_90d": [1]})
    for missing in ("amount_minor", "lead_id"):
        there = {"lead_id": ["L1"], "amount_minor": [1], "known_at": [instant("2024-06-02")]}
        orders = pl.DataFrame(there).drop(missing)
        assert with_closing_amount(rows, {"orders": orders}, 90, 100).columns == rows.columns
    assert with_closing_amount(rows, {}, 90, 100).columns == rows.columns
