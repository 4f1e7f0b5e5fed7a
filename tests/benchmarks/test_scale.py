"""The large simulated world is a log as teams export it, and every contender computes the same features."""

from datetime import UTC, datetime

import pandera.polars as pa
import polars as pl
import pytest
from benchmarks import scale_duckdb, scale_ours, scale_ours_snapshots, scale_pandas, scale_polars
from benchmarks import scale_polars_snapshots as loop
from benchmarks.scale_calls import CALLS_PER_LEAD
from benchmarks.scale_equal import differing
from benchmarks.scale_floor import predict_floor
from benchmarks.scale_names import NAMES
from benchmarks.scale_world import AS_OF, write_world
from support.on_the_road import read_tables, scoring_rows

from features import cohort
from features.matrix.build import build_matrix
from features.tables import CONTRACTS
from pipeline.config.config import read_config
from pipeline.intake.staged_tables import stage

N_LEADS = 400
TABLES = ("leads", "calls", "orders", "stages")
# In the middle of a day's calls, so that some have begun and not yet ended.
MIDDLE = datetime(2025, 7, 9, 6, 30, tzinfo=UTC)


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    folder = tmp_path_factory.mktemp("scale") / "world"
    write_world(folder, N_LEADS)
    return folder


@pytest.fixture(scope="module")
def tables(world):
    return {name: pl.read_parquet(world / f"{name}.parquet") for name in TABLES}


def features_by(work, world, out, *arguments):
    out.mkdir(parents=True)
    work(world, out, *arguments)
    return pl.read_parquet(out / "*.parquet")


def matrix(world, tables, spine):
    config = read_config(world / "scale.yaml")
    staged = stage(config, tables)
    return build_matrix(staged, spine(staged["leads"]), scale_ours.fifty(config))


def test_fifty_features_are_named_once():
    assert len(NAMES) == len(set(NAMES)) == 50


@pytest.mark.parametrize("as_of", [MIDDLE, AS_OF], ids=["in the middle", "at the export"])
@pytest.mark.parametrize("contender", [scale_duckdb, scale_pandas, scale_polars, scale_ours])
def test_each_contender_computes_the_matrix(world, tables, tmp_path, contender, as_of):
    expected = matrix(world, tables, lambda leads: cohort.at_instant(leads, as_of))
    told = features_by(contender.write_features, world, tmp_path / "out", as_of.isoformat())
    assert differing(told, expected) == []
    # A column that says nothing would agree with anything.
    flat = [name for name in NAMES if expected[name].n_unique() < 2]
    assert flat == []


@pytest.mark.parametrize("contender", [loop, scale_ours_snapshots])
def test_each_loop_over_months_computes_the_matrix(world, tables, tmp_path, contender):
    expected = matrix(world, tables, lambda leads: cohort.monthly(leads, AS_OF, loop.ZONE, loop.MAX_AGE.days))
    told = features_by(contender.write_snapshots, world, tmp_path / "out", AS_OF.isoformat())
    assert expected["as_of"].n_unique() == 24
    assert differing(told, expected, ("as_of", "lead_id")) == []


def test_a_value_that_differs_is_named(world, tables):
    expected = matrix(world, tables, lambda leads: cohort.at_instant(leads, AS_OF))
    first = pl.int_range(pl.len()) == 0
    for name in ("calls_total", "talk_s_total", "amount_total"):
        told = expected.with_columns(pl.when(first).then(pl.col(name) + 0.001).otherwise(pl.col(name)))
        assert differing(told, expected) == [name]
    told = expected.with_columns(
        pl.when(pl.col("days_since_order").is_null())
        .then(0.0)
        .otherwise(pl.col("last_amount"))
        .alias("last_amount"),
        pl.col("channel").fill_null("none"),
    )
    assert differing(told, expected) == ["channel", "last_amount"]
    assert differing(expected.slice(1), expected) == ["lead_id"]


def test_the_same_seed_gives_the_same_bytes(world, tmp_path):
    for seed, same in ((11, True), (12, False)):
        write_world(tmp_path / str(seed), N_LEADS, seed)
        for name in TABLES:
            again = (tmp_path / str(seed) / f"{name}.parquet").read_bytes()
            assert (again == (world / f"{name}.parquet").read_bytes()) == same


def test_tables_keep_their_contracts(tables):
    for name, frame in tables.items():
        columns = CONTRACTS[name].model.to_schema().columns
        there = {column: checked for column, checked in columns.items() if column in frame.columns}
        assert name == "leads" or set(there) == set(frame.columns)
        pa.DataFrameSchema(there).validate(frame.lazy().collect(), lazy=True)
        assert frame.select(CONTRACTS[name].key).is_unique().all()


def test_calls_stand_in_time_order_and_follow_their_lead(tables):
    calls = tables["calls"].join(tables["leads"], on="lead_id", maintain_order="left")
    assert len(calls) == CALLS_PER_LEAD * N_LEADS
    assert calls["started_at"].is_sorted()
    assert (calls["started_at"] >= calls["created_at"]).all()
    ended = pl.col("started_at") + pl.duration(milliseconds=pl.col("duration_ms").fill_null(0))
    assert calls.select("lead_id", ended).is_unique().all()
    assert calls.select(ended.max()).item() < AS_OF


def test_few_leads_have_many_calls_and_many_have_none(tables):
    counts = tables["calls"].group_by("lead_id").len()["len"]
    assert 0.1 < 1 - len(counts) / N_LEADS < 0.3
    assert counts.median() < CALLS_PER_LEAD
    assert 100 < counts.max() <= 151


def test_the_floor_counts_every_row(trained_once, tmp_path):
    config = trained_once.config
    read = read_tables(config)
    rows = scoring_rows(config, read.tables, config.sources["leads"].exported_at)
    rows.frame.write_parquet(tmp_path / "matrix.parquet")
    told = predict_floor(config.output_path("scorer"), tmp_path / "matrix.parquet", threads=1)
    assert (told["rows"], told["windows"]) == (len(rows.frame), len(config.horizons_days))
    assert told["seconds"] > 0
