"""How much of the customers is filled in, and what the gaps cost."""

from datetime import UTC, datetime, timedelta

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from features.closes import UNKNOWN, Outcomes
from pipeline.config.customer_reports import Complete
from pipeline.team.closers import closed_since_creation
from pipeline.team.completeness import Field, cells, per_column, per_lead

BUDGET = Field("budget", "leads", numeric=True, at_creation=True)
REGION = Field("region", "leads", numeric=False, at_creation=True)
NEED = Field("need", "facts", numeric=False, at_creation=False)
NOW = datetime(2026, 7, 1, tzinfo=UTC)
TIME = pl.Datetime("us", "UTC")
NOBODY = pl.DataFrame(schema={"lead_id": pl.String, "closed": pl.Int64})


def world(leads=4000):
    """Customers with a budget above 0 close; of half of them no budget is known."""
    rng = np.random.default_rng(3)
    budget = rng.normal(size=leads)
    told = pl.DataFrame({"lead_id": [f"L{n:05d}" for n in range(leads)], "0": budget, "1": ["east"] * leads})
    closed = told.select("lead_id", (pl.col("0") > 0).cast(pl.Int64).alias("closed"))
    half = pl.Series(rng.random(leads) < 0.5)
    return told.with_columns(pl.when(half).then("0").alias("0")), closed


def test_what_empty_cells_cost_is_told_where_a_field_tells_closers():
    told, closed = world()
    rows = {row["field"]: row for row in per_column(told, [BUDGET, REGION], closed, Complete()).to_dicts()}
    budget = rows["budget"]
    assert budget["auc_filled"] > 0.98
    # Where half is empty, half of the pairs' order is lost.
    assert budget["auc_all"] == pytest.approx(0.75 + 0.25 * 0.5, abs=0.03)
    assert budget["cost"] == budget["auc_filled"] - budget["auc_all"]
    # A field of one value tells nothing, and its own closes do not rank its leads.
    assert rows["region"]["auc_filled"] == pytest.approx(0.5, abs=0.03)


def test_chance_alone_tells_no_closers():
    rng = np.random.default_rng(1)
    told = pl.DataFrame(
        {"lead_id": [f"L{n:05d}" for n in range(3000)], "0": rng.integers(0, 900, 3000).astype(str)}
    )
    closed = told.select("lead_id", pl.Series("closed", rng.integers(0, 2, 3000)))
    (row,) = per_column(told, [REGION], closed, Complete()).to_dicts()
    assert row["auc_filled"] == pytest.approx(0.5, abs=0.04)


def test_nothing_is_told_of_hindsight_or_of_too_few():
    told, closed = world()
    late = Field("status", "leads", numeric=True, at_creation=False)
    assert per_column(told, [late, REGION], closed, Complete())["cost"].null_count() == 1
    assert per_column(told, [BUDGET, REGION], closed, Complete(least=3000))["cost"].null_count() == 2


def test_the_newest_value_counts_and_a_cell_of_blanks_is_empty():
    leads = pl.DataFrame({"lead_id": ["L1", "L2", "L3"], "region": ["east", "  ", None]})
    entered = [("L1", "need", "yes"), ("L1", "need", None), ("L2", "need", "no"), ("L2", "other", "x")]
    facts = pl.DataFrame(entered, ["lead_id", "field", "value"], orient="row").with_columns(
        pl.lit(NOW).cast(TIME).alias("known_at"), pl.lit(None, TIME).alias("value_time")
    )
    told = cells({"leads": leads, "facts": facts}, [REGION, NEED])
    assert told.rows() == [("L1", "east", None), ("L2", None, "no"), ("L3", None, None)]


@given(st.lists(st.lists(st.sampled_from([None, "x"]), min_size=3, max_size=3), min_size=1, max_size=20))
def test_columns_and_leads_count_the_same_cells(rows):
    told = pl.DataFrame(
        [(f"L{n}", *row) for n, row in enumerate(rows)],
        {"lead_id": pl.String, "0": pl.String, "1": pl.String, "2": pl.String},
        orient="row",
    )
    columns, leads = per_column(told, [REGION, NEED, NEED], NOBODY, Complete()), per_lead(told)
    assert columns["filled"].sum() == leads["filled"].sum() == sum(row.count("x") for row in rows)
    assert (columns["filled"] + columns["empty"] == len(rows)).all()
    assert columns["filled_share"].is_sorted()
    assert leads["filled"].is_sorted()


def test_who_closed_is_asked_of_leads_that_had_their_days_and_whose_outcome_is_known():
    ages = {"young": 10, "closed": 100, "late": 100, "open": 100, "unknown": 100}
    leads = pl.DataFrame(
        {"lead_id": list(ages), "created_at": [NOW - timedelta(days=age) for age in ages.values()]},
        {"lead_id": pl.String, "created_at": TIME},
    )
    closes = [NOW, NOW - timedelta(days=60), NOW - timedelta(days=5), None, None]
    told = pl.DataFrame(
        {"lead_id": list(ages), "closed_at": closes}, {"lead_id": pl.String, "closed_at": TIME}
    )
    away = pl.DataFrame(schema={"lead_id": pl.String, "since": TIME, "until": TIME})
    found = Outcomes(told.with_columns((pl.col("lead_id") == "unknown").alias(UNKNOWN)), away)
    assert closed_since_creation(leads, found, NOW, 90).rows() == [("closed", 1), ("late", 0), ("open", 0)]
    # Of customers who stay open the first order since counts.
    orders = pl.DataFrame(
        {
            "lead_id": ["late", "late", "open"],
            "at": [NOW - timedelta(days=120), NOW - timedelta(days=50), NOW],
        },
        {"lead_id": pl.String, "at": TIME},
    ).with_columns(pl.lit(value=True).alias("usable"))
    again = Outcomes(found.leads.with_columns(pl.lit(None, TIME).alias("closed_at")), away, orders)
    assert closed_since_creation(leads, again, NOW, 90).rows()[:3] == [
        ("closed", 0),
        ("late", 1),
        ("open", 0),
    ]
