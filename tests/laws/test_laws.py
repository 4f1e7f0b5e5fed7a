"""The laws of the as-of matrix, over the whole catalogue at once."""

import random

import hypothesis.strategies as st
import polars as pl
import pytest
from hypothesis import HealthCheck, Phase, assume, given, settings
from laws.against_reference import FEATURES, build, check_reference
from polars.testing import assert_frame_equal
from support.on_the_road import split_tables
from support.small_worlds import ATTRIBUTES, START, TIMEZONE, frame, worlds

from features import asof
from features.catalog import available
from features.feature import Feature
from features.staging import ordering, staging

# A world takes a quarter of a second; the slow tests try more of them.
QUICK = settings(
    max_examples=8,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


def shuffled(frame, seed):
    order = list(range(frame.height))
    random.Random(seed).shuffle(order)
    return frame[order]


def check_future_blind(world, build=build):
    tables, spine = world
    for lead, _, as_of in spine.rows():
        row = spine.filter((pl.col("lead_id") == lead) & (pl.col("as_of") == as_of))
        staged = staging.stage_tables(tables, ATTRIBUTES, TIMEZONE)
        past = {"leads": tables["leads"]}
        for name, key in [("calls", "call_id"), ("orders", "order_id"), ("stages", None), ("facts", None)]:
            early = staged[name].filter(pl.col("known_at") < as_of)
            columns = [key] if key else ["lead_id", tables[name].columns[1], tables[name].columns[2]]
            past[name] = tables[name].join(early.select(columns), on=columns, how="semi")
        assert_frame_equal(build(tables, row), build(past, row))


def check_order_blind(world, seed=3, build=build):
    tables, spine = world
    together = build(tables, spine)
    assert_frame_equal(
        together, build({name: shuffled(frame, seed) for name, frame in tables.items()}, spine)
    )
    assert_frame_equal(together, build({name: frame.reverse() for name, frame in tables.items()}, spine))
    assert_frame_equal(shuffled(build(tables, spine), seed), build(tables, shuffled(spine, seed)))


def check_batch_blind(world, build=build):
    tables, spine = world
    together = build(tables, spine)
    for i in range(spine.height):
        assert_frame_equal(together[i], build(tables, spine[i]))


def check_future_rows(world):
    """Rows known at or after the as-of can be changed at will."""
    tables, spine = world
    as_of = spine["as_of"].min()
    early = spine.filter(pl.col("as_of") == as_of)
    calls = tables["calls"]
    late = staging.stage_tables(tables)["calls"].filter(pl.col("known_at") >= as_of)["call_id"].to_list()
    assume(late)
    changed = calls.with_columns(
        pl.when(pl.col("call_id").is_in(late))
        .then(pl.lit(999))
        .otherwise("intent_questions")
        .alias("intent_questions"),
        pl.when(pl.col("call_id").is_in(late)).then(pl.lit("busy")).otherwise("status").alias("status"),
    )
    assert_frame_equal(build(tables, early), build({**tables, "calls": changed}, early))


def check_bucket_blind(world, n_buckets=3):
    tables, spine = world
    parts = [
        build(part, spine.join(part["leads"], on="lead_id", how="semi", maintain_order="left"))
        for part in split_tables(tables, n_buckets)
    ]
    together = build(tables, spine).sort("lead_id", "as_of")
    assert_frame_equal(pl.concat(parts).sort("lead_id", "as_of"), together)


@QUICK
@given(worlds())
def test_equals_the_slow_reference(world):
    check_reference(world)


@QUICK
@given(worlds(max_rows=8))
def test_future_blind(world):
    check_future_blind(world)


@QUICK
@given(worlds(), st.integers(0, 1000))
def test_order_blind(world, seed):
    check_order_blind(world, seed)


@QUICK
@given(worlds())
def test_batch_blind(world):
    check_batch_blind(world)


@QUICK
@given(worlds())
def test_future_rows_may_be_anything(world):
    check_future_rows(world)


@QUICK
@given(worlds(max_leads=6), st.integers(1, 5))
def test_bucket_blind(world, n_buckets):
    check_bucket_blind(world, n_buckets)


LAWS = (
    check_reference,
    check_future_blind,
    check_future_rows,
    check_order_blind,
    check_batch_blind,
    check_bucket_blind,
)


@pytest.mark.slow
@pytest.mark.parametrize("check", LAWS)
def test_a_law_holds_on_many_worlds(check):
    @settings(QUICK, max_examples=50)
    @given(worlds(max_leads=6))
    def run(world):
        check(world)

    run()


@QUICK
@given(worlds(), st.booleans())
def test_a_log_that_does_not_say_who_hung_up_equals_the_reference(world, heard):
    tables, spine = world
    calls = tables["calls"].drop("hung_up_by")
    if heard:
        calls = calls.with_columns(pl.col("asked_sms").alias("ends_refusing"))
    hangups = {f.name for f in FEATURES if f.reads & {"hung_up_by", "is_customer_hangup", "is_quick_hangup"}}
    assert hangups == {"quick_hangups_total", "customer_hangup_share_total", "hung_up_by_last_call"}
    check_reference(({**tables, "calls": calls}, spine))


def test_declared_empties():
    """A lead without any history has exactly what each feature declares."""
    tables, spine = _alone()
    row = build(tables, spine).row(0, named=True)
    own = {f.name for f in FEATURES if f.table == "leads"}
    for feature in FEATURES:
        if feature.name not in own:
            assert row[feature.name] == feature.empty, feature.name
    assert sum(feature.empty == 0 for feature in FEATURES) > 20
    assert sum(feature.empty is None for feature in FEATURES) > 20


def _alone():
    lead = {
        "lead_id": "L0",
        "created_at": START,
        "customer_id": None,
        "region": "north",
        "budget": 1.0,
        "note": "a",
    }
    tables = {"leads": frame("leads", [lead])} | {
        name: frame(name, []) for name in ("calls", "orders", "stages", "facts")
    }
    return tables, pl.DataFrame({"lead_id": ["L0"], "owner_id": ["lead:L0"], "as_of": [START]}).cast(
        {"as_of": pl.Datetime("us", "UTC")}
    )


def test_absent_tables_and_columns_make_features_absent_by_name():
    tables, _ = _alone()
    staged = staging.stage_tables(
        {"leads": tables["leads"], "calls": tables["calls"].drop("status", "intent_questions")}, ATTRIBUTES
    )
    names = {feature.name for feature in available(FEATURES, staged)}
    assert "calls_7d" in names
    assert not names & {"answered_calls_7d", "intent_questions_7d", "orders_total", "stage", "need"}


def test_the_catalogue_is_large_and_bilingual():
    assert len(FEATURES) >= 50 + len(ATTRIBUTES)
    assert all(feature.en and feature.zh for feature in FEATURES)


# The laws must be able to convict. Each plant is a mistake that people make.


def _convicts(check, **kwargs):
    """Whether a law fails on at least one of the worlds it is given."""

    @settings(QUICK, max_examples=300, database=None, phases=[Phase.generate])
    @given(worlds(max_leads=1))
    def run(world):
        check(world, **kwargs)

    with pytest.raises(AssertionError):
        run()


def only(table, reducer):
    """A build of few features, so that the hundreds of worlds that a mistake may need are soon made."""
    features = [feature for feature in FEATURES if (feature.table, feature.reducer) == (table, reducer)]
    assert features
    return lambda tables, spine: build(tables, spine, features)


def test_laws_convict_a_planted_less_or_equal(monkeypatch):
    monkeypatch.setattr(asof, "known", lambda time, as_of: time <= as_of)
    _convicts(check_future_blind)
    _convicts(check_reference)


@pytest.mark.slow
def test_laws_convict_a_dropped_tie_breaker(monkeypatch):
    order_of = ordering.order_of

    def order_of_the_file(frame, key, tie_break, numbers):
        return order_of(frame.with_row_index("row"), key, ["row"], numbers)

    monkeypatch.setattr(ordering, "order_of", order_of_the_file)
    _convicts(check_order_blind, build=only("calls", "last"))


def test_laws_convict_a_quantile_of_the_batch():
    def build_with_rank(tables, spine):
        frame = only("calls", "count")(tables, spine)
        return frame.with_columns(pl.col("calls_total").rank("average") / frame.height)

    _convicts(check_batch_blind, build=build_with_rank)


@pytest.mark.parametrize("reducer", ["min", "max", "mean", "sum", "n_unique", "count", "last"])
def test_the_reference_convicts_a_wrong_reducer(reducer, monkeypatch):
    other = {
        "min": "max",
        "max": "min",
        "mean": "max",
        "sum": "mean",
        "n_unique": "count",
        "count": "n_unique",
        "last": "max",
    }
    declared = Feature("x", "calls", "refusals", reducer, "", "", "")
    planted = Feature("x", "calls", "refusals", other[reducer], "", "", "")

    def build_planted(tables, spine, features):
        return build(tables, spine, [planted])

    _convicts(check_reference, features=[declared], build=build_planted)
