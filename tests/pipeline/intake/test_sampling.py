"""A sample of leads to train on: at most so many, each with all of its rows, from whatever files."""

from dataclasses import replace

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from polars.testing import assert_frame_equal
from support.command import leadgrade
from support.on_the_road import read_tables, tables_of, training_rows

from pipeline.files import source_file
from pipeline.intake import buckets, span_intake
from pipeline.intake.buckets import drawn_leads
from pipeline.jobs import sources
from pipeline.jobs.sources import taken_in


@pytest.fixture(scope="module")
def config(trained_once, tmp_path_factory):
    """The team's configuration, with orders that name a lead of one customer and another customer."""
    team = trained_once.copy_to(tmp_path_factory.mktemp("sampling") / "team")
    path = team.path("data") / "orders.csv"
    orders = pl.read_csv(path, infer_schema=False)
    closing = orders.drop_nulls("lead_id").head(20)
    crossed = closing.with_columns(
        ("X-" + pl.col("order_id")).alias("order_id"), closing["customer_id"].reverse().alias("customer_id")
    )
    pl.concat([orders, crossed]).write_csv(path)
    return team.config


@pytest.fixture(scope="module")
def whole(config):
    return read_tables(config)


@pytest.fixture
def small_parts(monkeypatch):
    for module in (buckets, span_intake):
        monkeypatch.setattr(module, "bucket_count", lambda n_leads: 3)
    monkeypatch.setattr(source_file, "ROWS_PER_SPAN", 2000)
    monkeypatch.setattr(sources, "SMALL_BYTES", 0)


def at_most(config, leads):
    cohort = config.cohort.model_copy(update={"sample_leads": leads})
    return config.model_copy(update={"cohort": cohort})


def read_sample(config):
    with taken_in(config, "check") as taken:
        return replace(taken.validated, tables=tables_of(taken))


def test_a_sample_of_all_leads_is_what_whole_sources_give(config, whole, small_parts):
    sample = read_sample(at_most(config, 10**6))
    assert sample.tables.keys() == whole.tables.keys()
    for name, table in whole.tables.items():
        assert_frame_equal(sample.tables[name], table)
    assert_frame_equal(sample.quarantine, whole.quarantine)
    assert (sample.counts, sample.call_sources) == (whole.counts, whole.call_sources)


def test_what_is_known_of_drawn_leads_does_not_depend_on_the_others(config, whole, small_parts):
    sample = read_sample(at_most(config, 400))
    rows, all_rows = (training_rows(config, one.tables).frame for one in (sample, whole))
    leads = sample.tables["leads"]["lead_id"]
    assert 380 < len(leads) <= 400
    assert set(rows["lead_id"]) <= set(leads)
    last = rows["as_of"].max()
    theirs = all_rows.filter(pl.col("lead_id").is_in(leads.implode()), pl.col("as_of") <= last)
    features = ["lead_id", "as_of", *(one for one in rows.columns if not one.startswith(("closed_", "fit_")))]
    features = [name for name in dict.fromkeys(features) if rows[name].dtype != pl.Null]
    assert_frame_equal(rows.select(features), theirs.select(features))
    assert sample.counts == whole.counts
    assert f"a sample of {len(leads)} of 1,500 leads, each whole" in sample.notes


def test_no_trace_of_the_sample_stays(config):
    read_sample(at_most(config, 50))
    assert not list(config.output_path().glob(".sample*"))


@given(
    owners=st.lists(st.sampled_from(["C1", "C2", "C3", None]), max_size=12),
    most=st.integers(1, 12),
    seed=st.integers(0, 9),
)
def test_customers_are_drawn_whole_in_whatever_order(owners, most, seed):
    leads = pl.DataFrame(
        {"lead_id": [f"L{i}" for i in range(len(owners))], "customer_id": owners},
        schema={"lead_id": pl.String, "customer_id": pl.String},
    )
    drawn = drawn_leads(leads, most)
    assert drawn.height <= most
    left = set(leads["customer_id"].filter(~leads["lead_id"].is_in(drawn["lead_id"].implode())))
    assert not left & (set(drawn["customer_id"]) - {None})
    shuffled = drawn_leads(leads.sample(fraction=1, shuffle=True, seed=seed), most)
    assert set(shuffled["lead_id"]) == set(drawn["lead_id"])


@pytest.mark.slow
def test_a_sample_is_what_is_trained_on(slim):
    slim.configure("  max_age_days: 365", "  max_age_days: 365\n  sample_leads: 900")
    told = leadgrade("check", slim.config_path)
    assert told.code == 0
    assert "of 1,500 leads, each whole" in told.out
    answer = leadgrade("train", slim.config_path)
    assert (answer.code, answer.errors) == (0, [])
    assert read_sample(slim.config).tables["leads"].height <= 900
