"""Runs of rows reduced at once, against each run reduced on its own; and what puts rows in order."""

import random

import hypothesis.strategies as st
import numpy as np
import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from laws.against_reference import check_reference
from polars.testing import assert_frame_equal
from support.small_worlds import ATTRIBUTES, TIMEZONE, worlds

from features.catalog import catalog, features_of
from features.feature import Condition, Feature
from features.keys import Keys
from features.matrix import prefix
from features.matrix.build import build_matrix
from features.staging import ordering
from features.staging.ordering import order_of
from features.staging.staging import stage_tables

QUICK = settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
CONNECTED = (Condition("is_connected", True),)


def declared(reducer, value, days, where=()):
    return Feature(f"{reducer}_{value}_{days}_{len(where)}", "calls", value, reducer, "", "", "", days, where)


WINDOWED = [
    declared(reducer, value, days, where)
    for reducer, value in [
        *((reducer, None) for reducer in ("count", "days_since_last", "days_since_first")),
        *((reducer, "refusals") for reducer in ("sum", "mean", "min", "max", "last", "n_unique")),
        *(("n_unique", value) for value in ("agent_id", "local_day")),
        ("trailing_run", "is_unreached"),
    ]
    for days in (1, 7, None)
    for where in ((), CONNECTED)
]


@settings(QUICK, max_examples=25)
@given(worlds())
def test_every_reducer_in_every_window_equals_the_slow_reference(world):
    check_reference(world, features=WINDOWED)


@st.composite
def arrays_with_runs(draw):
    """Values of a few keys, and runs of rows each within its key: first row of the key, low, high."""
    lengths = draw(st.lists(st.integers(1, 9), min_size=1, max_size=5))
    values = draw(st.lists(st.integers(0, 3), min_size=sum(lengths), max_size=sum(lengths)))
    ends = np.cumsum(lengths)
    runs = []
    for _ in range(draw(st.integers(1, 12))):
        key = draw(st.integers(0, len(lengths) - 1))
        first, end = int(ends[key] - lengths[key]), int(ends[key])
        low = draw(st.integers(first, end))
        runs.append((first, low, draw(st.integers(low, end))))
    return np.array(values), np.repeat(np.arange(len(lengths)), lengths), np.array(runs).T


@QUICK
@given(arrays_with_runs(), st.sampled_from([1, 3, 1000]))
def test_runs_reduced_at_once_are_reduced_as_each_on_its_own(world, walked):
    values, keys, (first, low, high) = world
    parts = [values[a:b].tolist() for a, b in zip(low, high, strict=True)]
    flags = values > 0
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(prefix, "_WALKED_ROWS", walked)
        previous = prefix.previous_equal(values, keys)
        assert prefix.distinct_counts(previous, first, low, high).tolist() == [len(set(p)) for p in parts]
    sums, counts = prefix.prefix_sums(values), prefix.prefix_counts(flags)
    assert (sums[high] - sums[low]).tolist() == [sum(p) for p in parts]
    assert (counts[high] - counts[low]).tolist() == [sum(v > 0 for v in p) for p in parts]
    for largest, best in ((True, max), (False, min)):
        found = prefix.extremes(values, low, high, largest).tolist()
        assert [one for one, p in zip(found, parts, strict=True) if p] == [best(p) for p in parts if p]
    assert prefix.trailing_runs(flags, low, high).tolist() == [trailing(p) for p in parts]


def trailing(values):
    run = 0
    while run < len(values) and values[-1 - run] > 0:
        run += 1
    return run


def test_a_sum_is_right_though_the_sums_before_it_overflow():
    sums = prefix.prefix_sums(np.full(6, 4 * 10**18))
    assert sums[6] - sums[4] == 8 * 10**18


@QUICK
@given(
    st.lists(
        st.tuples(st.sampled_from([*"abcde", None]), st.integers(-(10**15), 10**15) | st.integers(0, 3)),
        max_size=12,
    ),
    st.sampled_from([1 << 62, 1 << 12]),
)
def test_rows_are_in_order_however_little_room_there_is(rows, room):
    frame = pl.DataFrame(
        [(key, at, f"c{i}") for i, (key, at) in enumerate(rows)],
        schema={"key": pl.String, "known_at": pl.Int64, "call": pl.String},
        orient="row",
    )
    shuffled = frame.sample(fraction=1, shuffle=True, seed=len(rows))
    known = pl.Series(["a", "b", "c"])
    numbers = Keys(known).places(shuffled["key"])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ordering, "_ROOM", room)
        order = order_of(shuffled, "key", ["call"], numbers)
    found = shuffled if order is None else shuffled[order]
    asked = pl.col("key").is_in(known.implode()).fill_null(value=False)
    expected = frame.sort("key", "known_at", "call")
    assert_frame_equal(found, pl.concat([expected.filter(asked), expected.filter(~asked)]))


@QUICK
@given(
    st.lists(st.tuples(st.integers(0, 3), st.sampled_from([0, 1, 7, 2**32 - 1])), max_size=12),
    st.integers(0, 40),
)
def test_the_previous_equal_is_found_however_wide_keys_and_values_are(rows, shift):
    """Narrow ones are sorted together; wide ones, shifted far to the left, do not fit into one number."""
    rows = sorted(rows, key=lambda row: row[0])
    runs, values = ([row[i] for row in rows] for i in (0, 1))
    found = prefix.previous_equal(
        np.array(values, dtype=np.int64), np.array([run << shift for run in runs], dtype=np.int64)
    )
    expected = [max([j for j in range(i) if rows[j] == row], default=-1) for i, row in enumerate(rows)]
    assert found.tolist() == expected


def test_a_table_that_is_not_sorted_is_refused():
    leads = pl.DataFrame({"lead_id": ["a", "b"], "owner_id": ["a", "b"], "as_of": [9, 9]})
    calls = Feature("calls", "calls", None, "count", "", "", "")
    for lead_ids, times in ((["a", "b", "a"], [1, 1, 2]), (["a", "a", "b"], [2, 1, 1])):
        staged = {"calls": pl.DataFrame({"lead_id": lead_ids, "known_at": times})}
        with pytest.raises(ValueError, match="not sorted by lead_id and known_at"):
            build_matrix(staged, leads, [calls])


@settings(QUICK, max_examples=15)
@given(worlds(), st.integers(0, 1000))
def test_staging_only_what_is_read_changes_no_feature(world, seed):
    tables, spine = world
    features = features_of(catalog(ATTRIBUTES))
    asked = random.Random(seed).sample(features, 20)
    whole = build_matrix(stage_tables(tables, ATTRIBUTES, TIMEZONE), spine, asked)
    staged = stage_tables(tables, ATTRIBUTES, TIMEZONE, asked)
    assert_frame_equal(build_matrix(staged, spine, asked), whole)
    read = {column for feature in asked if feature.table == "calls" for column in feature.reads}
    assert set(staged["calls"].columns) == read | {"lead_id", "known_at", "is_connected"}
