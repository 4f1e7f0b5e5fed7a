"""Buckets: all rows of a lead and its customer together, and the same answer however many there are."""

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal
from support.on_the_road import split_tables
from support.small_worlds import worlds
from support.tables_as_text import canonical

from features.labels import outcomes
from features.staging.staging import stage_tables, with_owner
from pipeline.intake.buckets import LEADS_PER_BUCKET, bucket_count

QUICK = settings(max_examples=25, deadline=None, derandomize=True)


def bucket_of_leads(parts):
    return {lead: i for i, part in enumerate(parts) for lead in part["leads"]["lead_id"]}


def test_the_bucket_of_an_owner_does_not_depend_on_the_list():
    """Work that is gone on with, and lists of the same leads, find every owner where it was."""
    leads = canonical(
        "leads",
        """
        lead_id | created_at | customer_id
        L1      | 2024-05-01 |
        L2      | 2024-05-01 | K1
        L3      | 2024-05-01 | 客户
        """,
    )
    found = bucket_of_leads(split_tables({"leads": leads}, 1000))
    assert len(set(found.values())) == 3
    assert found == bucket_of_leads(split_tables({"leads": leads[::-1]}, 1000))
    assert found["L2"] == bucket_of_leads(split_tables({"leads": leads[1:2]}, 1000))["L2"]


def test_memory_stays_flat_as_the_list_grows():
    assert [bucket_count(n * LEADS_PER_BUCKET) for n in (0, 1, 2)] == [1, 1, 2]
    assert bucket_count(LEADS_PER_BUCKET + 1) == 2


@QUICK
@given(worlds(max_leads=8), st.integers(1, 7))
def test_no_row_of_a_lead_is_lost_doubled_or_moved(world, n_buckets):
    tables, _ = world
    parts = split_tables(tables, n_buckets)
    assert len(parts) == n_buckets
    home = bucket_of_leads(parts)
    for name in ("leads", "calls", "stages", "facts"):
        for number, part in enumerate(parts):
            mine = [home[lead] == number for lead in tables[name]["lead_id"]]
            assert_frame_equal(part[name], tables[name].filter(pl.Series(mine, dtype=pl.Boolean)))


@QUICK
@given(worlds(max_leads=8), st.integers(1, 7))
def test_leads_of_one_customer_stay_together(world, n_buckets):
    tables, _ = world
    home = bucket_of_leads(split_tables(tables, n_buckets))
    owned = with_owner(tables["leads"]).with_columns(pl.col("lead_id").replace_strict(home).alias("bucket"))
    assert owned.group_by("owner_id").agg(pl.col("bucket").n_unique())["bucket"].to_list() == [1] * (
        owned["owner_id"].n_unique()
    )


@QUICK
@given(worlds(max_leads=8), st.integers(1, 7))
def test_an_order_is_once_in_each_bucket_that_asks_about_it(world, n_buckets):
    """Who asks: the lead that it closes, and the leads of the customer whose history it is."""
    tables, _ = world
    parts = split_tables(tables, n_buckets)
    home = bucket_of_leads(parts)
    customers = {
        customer: home[lead]
        for lead, customer in tables["leads"].select("lead_id", "customer_id").rows()
        if customer is not None
    }
    for number, part in enumerate(parts):
        asked = [
            number in (home.get(lead), customers.get(customer))
            for lead, customer in tables["orders"].select("lead_id", "customer_id").rows()
        ]
        assert_frame_equal(part["orders"], tables["orders"].filter(pl.Series(asked, dtype=pl.Boolean)))


ORDER_OF_A_CUSTOMER_THAT_THE_LEAD_DOES_NOT_NAME = {
    "leads": canonical("leads", "lead_id | created_at\nL1 | 2024-05-01"),
    "orders": canonical(
        "orders",
        """
        order_id | ordered_at | lead_id | customer_id
        O1       | 2024-05-02 | L1      | K9
        O2       | 2024-05-03 |         | K9
        """,
    ),
}


@pytest.mark.parametrize("n_buckets", [1, 2, 5])
def test_an_order_closes_its_lead_also_where_it_names_a_customer_that_the_lead_does_not(n_buckets):
    parts = split_tables(ORDER_OF_A_CUSTOMER_THAT_THE_LEAD_DOES_NOT_NAME, n_buckets)
    assert [order for part in parts for order in part["orders"]["order_id"]] == ["O1"]


def closes(tables):
    return outcomes(stage_tables(tables), "first_order", lost_stages=("lost",))


@QUICK
@given(worlds(max_leads=8), st.integers(1, 7))
def test_in_turn_equals_at_once(world, n_buckets):
    tables, _ = world
    parts = pl.concat(map(closes, split_tables(tables, n_buckets)))
    assert_frame_equal(parts.sort("lead_id"), closes(tables).sort("lead_id"))


def test_more_buckets_than_leads_leave_empty_ones_with_all_their_columns():
    parts = split_tables(ORDER_OF_A_CUSTOMER_THAT_THE_LEAD_DOES_NOT_NAME, 5)
    for part in parts:
        for name, frame in ORDER_OF_A_CUSTOMER_THAT_THE_LEAD_DOES_NOT_NAME.items():
            assert part[name].schema == frame.schema


def test_tables_are_not_changed():
    tables = {name: t.clone() for name, t in ORDER_OF_A_CUSTOMER_THAT_THE_LEAD_DOES_NOT_NAME.items()}
    split_tables(tables, 3)
    for name, frame in ORDER_OF_A_CUSTOMER_THAT_THE_LEAD_DOES_NOT_NAME.items():
        assert_frame_equal(tables[name], frame)
