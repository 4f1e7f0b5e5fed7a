"""What columns know of the outcome: known answers, and laws that any data must obey."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.leaks.fate_shares import cramers_v, one_fate, rates_of, wilson_low
from models.leaks.suspects import (
    MIN_CLOSES_IN_BLOCK,
    Association,
    association,
    fence,
    out_of_line,
    time_blocks,
)
from models.metrics.bootstrap import interval
from models.metrics.scores import auc

N = 600


def one_block(n=N):
    return np.zeros(n, dtype=np.int64)


def drawn(seed=1, n=N, share=0.3):
    rng = np.random.default_rng(seed)
    return rng, rng.random(n) < share


def test_in_one_block_it_is_the_auc_and_its_interval_that_of_a_bootstrap_over_leads():
    rng, closed = drawn()
    score = np.round(rng.normal(closed * 0.8), 1)
    leads = np.arange(N) // 2
    found = association(score[:, None], closed, one_block(), leads)
    boot = interval(auc, closed, score, leads, n=400)
    assert found.auc[0] == pytest.approx(auc(closed, score), abs=1e-12)
    assert (found.low[0], found.high[0]) == pytest.approx((boot.low, boot.high), abs=0.015)


def test_snapshots_of_one_lead_make_no_interval_shorter():
    rng, closed = drawn()
    score = rng.normal(closed * 0.5)
    alone = association(score[:, None], closed, one_block(), np.arange(N))
    four = association(
        np.tile(score, 4)[:, None], np.tile(closed, 4), one_block(4 * N), np.tile(np.arange(N), 4)
    )
    assert four.auc == pytest.approx(alone.auc)
    assert four.low == pytest.approx(alone.low, abs=1e-9)


def test_a_column_that_only_follows_the_years_knows_nothing():
    rng = np.random.default_rng(3)
    year = np.repeat(np.arange(6), 400)
    closed = rng.random(2400) < np.array([0.1, 0.2, 0.3, 0.5, 0.6, 0.8])[year]
    drifting = year + rng.normal(0, 0.1, 2400)
    blocks = time_blocks(np.arange(2400), closed)
    found = association(drifting[:, None], closed, blocks, np.arange(2400))
    assert auc(closed, drifting) > 0.75
    assert found.low[0] < 0.5 < found.high[0] or abs(found.auc[0] - 0.5) < 0.1


def test_missing_values_take_no_part_and_a_column_without_values_has_no_answer():
    rng, closed = drawn()
    score = rng.normal(closed * 1.0)
    gaps = np.where(rng.random(N) < 0.4, np.nan, score)
    nothing = np.full(N, np.nan)
    found = association(np.column_stack([gaps, nothing]), closed, one_block(), np.arange(N))
    there = ~np.isnan(gaps)
    assert found.auc[0] == pytest.approx(auc(closed[there], gaps[there]))
    assert np.isnan(found.auc[1])
    assert not out_of_line(found, ["leads", "leads"])[0].any()


@settings(max_examples=50, deadline=None)
@given(seed=st.integers(0, 10**6), n=st.integers(0, 900), share=st.floats(0.02, 0.98))
def test_blocks_are_runs_of_time_with_enough_of_both_kinds(seed, n, share):
    rng, closed = drawn(seed, n, share)
    at = np.sort(rng.integers(0, 60, n))
    blocks = time_blocks(at, closed)
    assert (np.diff(blocks) >= 0).all()
    assert all(len(set(blocks[at == instant])) == 1 for instant in set(at))
    for number in set(blocks) - {-1}:
        inside = blocks == number
        assert min(closed[inside].sum(), (~closed[inside]).sum()) >= MIN_CLOSES_IN_BLOCK


def test_rows_of_different_kinds_share_no_block():
    _, closed = drawn()
    kind = np.arange(N) % 2
    blocks = time_blocks(np.arange(N), closed, kind)
    assert not set(blocks[kind == 0]) & set(blocks[kind == 1])


@pytest.mark.parametrize("rows_per_lead", [1, 5])
def test_a_category_of_every_lead_its_own_tells_nothing(rows_per_lead):
    rng = np.random.default_rng(5)
    leads = np.repeat(np.arange(N), rows_per_lead)
    closed = np.repeat(rng.random(N) < 0.3, rows_per_lead)
    names = pd.Series([f"L{lead}" for lead in leads])
    scores = rates_of(names, closed, one_block(len(leads)), leads)
    assert association(scores[:, None], closed, one_block(len(leads)), leads).strength[0] < 0.55


def test_cramers_v_is_none_for_chance_and_whole_for_a_copy():
    rng, closed = drawn(n=2000)
    block = one_block(2000)
    assert cramers_v(pd.Series(np.where(closed, "won", "open")), closed, block) == pytest.approx(
        1.0, abs=0.01
    )
    assert cramers_v(pd.Series(rng.choice(list("abcdefghij"), 2000)), closed, block) < 0.06
    assert np.isnan(cramers_v(pd.Series([None] * 2000, dtype="str"), closed, block))


def line_of(strengths, half=0.01):
    strengths = np.asarray(strengths)
    return Association(strengths, strengths - half, strengths + half)


def test_an_honest_strong_column_stands_in_a_weak_set_and_a_leak_does_not():
    weak = [0.5, 0.51, 0.52, 0.52, 0.53, 0.55, 0.5, 0.51, 0.54]
    assert out_of_line(line_of([*weak, 0.72]), ["leads"] * 10)[0].tolist() == [False] * 10
    assert out_of_line(line_of([*weak, 0.85]), ["leads"] * 10)[0].tolist() == [False] * 9 + [True]
    # Turned round it knows as much.
    assert out_of_line(line_of([*weak, 0.15]), ["leads"] * 10)[0][-1]


def test_a_strong_column_among_strong_ones_stands():
    strong = [0.55, 0.6, 0.65, 0.7, 0.72, 0.75, 0.78, 0.8, 0.82, 0.84]
    assert not out_of_line(line_of(strong), ["calls"] * 10)[0].any()
    # Among attributes, which know less, the same strength is out of line.
    weak = np.linspace(0.5, 0.56, 10)
    flags, middles = out_of_line(line_of([*strong, *weak, 0.84]), ["calls"] * 10 + ["leads"] * 11)
    assert flags.tolist() == [False] * 20 + [True]
    assert middles[-1] < 0.56 < middles[0]


def test_too_few_peers_have_no_fence():
    assert fence(np.array([0.5] * 7)) == 0.5


def test_an_uncertain_column_is_not_named():
    weak = [0.5, 0.51, 0.52, 0.52, 0.53, 0.55, 0.5, 0.51, 0.54]
    assert not out_of_line(line_of([*weak, 0.88], half=0.1), ["leads"] * 10)[0].any()


def test_a_value_of_one_fate_is_named_a_rare_or_a_mixed_one_is_not():
    _, closed = drawn(n=1000, share=0.25)
    status = np.where(closed, "signed", "open").astype(object)
    status[np.flatnonzero(closed)[:19]] = "rare"
    status[np.flatnonzero(~closed)[:300]] = "mixed"
    status[np.flatnonzero(closed)[19:119]] = "mixed"
    named = one_fate(pd.Series(status), closed, one_block(1000))
    assert named["value"].tolist() == ["signed"]
    assert named["share"].iloc[0] == 1.0
    assert 0.1 < named["others_share"].iloc[0] < closed.mean()


def test_where_nearly_all_close_a_value_of_closers_says_nothing():
    _, closed = drawn(n=1000, share=0.95)
    assert one_fate(pd.Series(["a", "b"] * 500), closed, one_block(1000)).empty


def test_wilsons_bound_is_that_of_the_tables():
    # Newcombe, Statistics in Medicine 17 (1998), table I: 81 of 263 and 15 of 148.
    assert wilson_low(np.array([81, 15]), np.array([263, 148])).round(4).tolist() == [0.2553, 0.0624]
