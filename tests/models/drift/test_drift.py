"""Bins, tests and checks of drift: against numbers worked out by hand, and laws."""

import dataclasses
import json
import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from models.drift import shift_tests
from models.drift.bins import Bins
from models.drift.column_checks import Thresholds, times_apart
from models.drift.reference import Profile, Reference, SourceProfile
from models.drift.report import ALARM, QUIET, drift_table, expected_auc
from models.drift.shift_tests import Dispersion
from models.metrics.realised import closes_p, realised_table
from models.metrics.scores import auc

counts = st.lists(st.integers(0, 500), min_size=2, max_size=12).filter(any)


def shares_of(size):
    return st.lists(st.floats(0.01, 1.0), min_size=size, max_size=size).map(lambda v: np.array(v) / sum(v))


# Bins ------------------------------------------------------------------------------------------------------


def test_a_number_falls_up_to_its_edge_and_missing_is_the_last_bin():
    bins = Bins("number", edges=(0.0, 2.0))
    assert bins.counts(pd.Series([-1.0, 0.0, 0.1, 2.0, 2.1, None])).tolist() == [2, 2, 1, 1]


def test_a_category_has_bins_of_its_values_rare_ones_new_ones_and_missing():
    seen = pd.Series(["web"] * 199 + ["fair"] * 100 + ["fax"])
    bins = Bins.learn(seen, "category")
    assert (bins.values, bins.rare) == (("fair", "web"), ("fax",))
    now = pd.Series(["web", "fax", "radio", "tv", "tv", None])
    assert bins.counts(now).tolist() == [0, 1, 1, 3, 1]
    assert bins.unseen(now) == ["tv", "radio"]


def test_a_text_of_many_values_is_only_looked_at_for_being_filled():
    bins = Bins.learn(pd.Series([f"note {i}" for i in range(201)]), "category")
    assert bins == Bins("filled")
    assert bins.counts(pd.Series(["a", None, "b"])).tolist() == [2, 1]


@given(st.lists(st.none() | st.integers(-5, 40).map(float), min_size=1), st.randoms())
def test_counts_hold_every_row_and_do_not_depend_on_their_order(values, random):
    column = pd.Series(values, dtype=float)
    bins = Bins.learn(column, "number")
    shuffled = list(values)
    random.shuffle(shuffled)
    assert Bins.learn(pd.Series(shuffled, dtype=float), "number") == bins
    found = bins.counts(pd.Series(shuffled, dtype=float))
    assert found.tolist() == bins.counts(column).tolist()
    assert found.sum() == len(values)
    assert Bins.from_dict(json.loads(json.dumps(bins.to_dict()))) == bins


# Distances and tests ---------------------------------------------------------------------------------------


def test_the_index_of_an_example_worked_out_by_hand():
    # (0.5 - 0.2) ln(0.5 / 0.2) + (0.5 - 0.8) ln(0.5 / 0.8)
    assert shift_tests.psi([0.5, 0.5], [0.2, 0.8]) == pytest.approx(
        0.3 * math.log(2.5) - 0.3 * math.log(0.625)
    )


@given(st.integers(2, 10).flatmap(lambda n: st.tuples(shares_of(n), shares_of(n))))
def test_the_index_is_0_for_equal_shares_symmetric_and_never_below_0(pair):
    one, other = pair
    assert shift_tests.psi(one, one) == 0.0
    assert shift_tests.psi(one, other) == pytest.approx(shift_tests.psi(other, one))
    assert shift_tests.psi(one, other) >= 0.0


def test_chance_makes_of_the_index_what_it_is_said_to():
    rng = np.random.default_rng(0)
    law = np.array([0.1, 0.2, 0.3, 0.4])
    draws = [
        shift_tests.psi(
            shift_tests.shares(rng.multinomial(300, law)), shift_tests.shares(rng.multinomial(500, law))
        )
        for _ in range(2000)
    ]
    assert np.mean(draws) == pytest.approx(shift_tests.psi_by_chance(4, 300, 500), rel=0.08)


def test_pearsons_statistic_is_scipys():
    table = np.array([[30.0, 50.0, 20.0], [60.0, 90.0, 10.0]])
    assert shift_tests.pearson_p(table[0], table[1], Dispersion()) == pytest.approx(
        stats.chi2_contingency(table)[1]
    )


def test_sparse_bins_are_tested_as_one():
    reference, now = np.array([1000.0, 1.0, 1.0, 1.0]), np.array([100.0, 1.0, 1.0, 1.0])
    together = shift_tests.pearson_p(np.array([1000.0, 3.0]), np.array([100.0, 3.0]), Dispersion())
    assert shift_tests.pearson_p(reference, now, Dispersion()) == pytest.approx(together)


def test_the_exact_test_of_two_bins_is_twice_fishers_smaller_tail():
    less = stats.fisher_exact([[12, 3], [5, 9]], "less")[1]
    more = stats.fisher_exact([[12, 3], [5, 9]], "greater")[1]
    assert shift_tests.exact_p([12, 5], [3, 9]) == pytest.approx(2 * min(less, more))


@given(
    st.integers(2, 8).flatmap(
        lambda n: st.tuples(*[st.lists(st.integers(0, 60), min_size=n, max_size=n)] * 2)
    )
)
def test_exact_chances_are_chances(pair):
    assert 0.0 <= shift_tests.exact_p(*pair) <= 1.0


def test_exact_chances_below_a_risk_are_as_rare_as_it():
    rng = np.random.default_rng(1)
    law = [0.5, 0.3, 0.15, 0.05]
    below = [
        shift_tests.exact_p(rng.multinomial(200, law), rng.multinomial(30, law)) < 0.05 for _ in range(1000)
    ]
    assert np.mean(below) <= 0.05


def test_dispersion_is_1_of_independent_rows_and_more_of_rows_that_come_together():
    rng = np.random.default_rng(2)
    alone = rng.multinomial(400, [0.2, 0.3, 0.5], size=8)
    assert shift_tests.dispersion(alone).scale < 2.0
    assert shift_tests.dispersion(rng.multinomial(40, [0.2, 0.3, 0.5], size=8) * 10).scale > 4.0


@pytest.mark.parametrize("instants", [6, 12])
def test_few_instants_make_no_certainty_of_their_dispersion(instants):
    """Rows that come together, no drift: chances below a risk are as rare as it, as they were not once."""
    rng = np.random.default_rng(instants)
    law = rng.dirichlet([125.0, 125.0], size=(4000, instants + 1))[..., 0]
    counts = rng.binomial(1000, law)
    told, known = [], []
    for one in counts:
        table = np.column_stack([one, 1000 - one])
        found = shift_tests.dispersion(table[:-1])
        pair = table[:-1].sum(axis=0).astype(float), table[-1].astype(float)
        told.append(shift_tests.pearson_p(*pair, found))
        known.append(shift_tests.pearson_p(*pair, Dispersion(found.scale)))
    assert np.mean(np.array(told) < 1e-2) < 0.015
    assert np.mean(np.array(told) < 1e-3) < 0.003
    assert np.mean(np.array(known) < 1e-3) > 0.005


def test_few_periods_make_no_certainty_of_how_rows_vary():
    rng = np.random.default_rng(1)
    rows = rng.negative_binomial(50, 0.2, size=(1500, 7))
    told = np.array([shift_tests.count_p(one[:-1], int(one[-1])) for one in rows])
    assert np.mean(told < 1e-3) < 0.004
    assert np.mean(told < 1e-2) < 0.018


def test_exact_chances_too_know_that_the_dispersion_is_an_estimate():
    certain, few = Dispersion(3.0), Dispersion(3.0, 7.0)
    assert certain.less_certain(1e-6) == 1e-6
    assert few.less_certain(1e-6) == pytest.approx(2 * stats.t.sf(stats.norm.isf(5e-7), 7))
    assert few.less_certain(1.0) == pytest.approx(1.0)
    assert few.less_certain(0.0) == 0.0


@given(st.lists(st.floats(0.0, 1.0), min_size=1, max_size=20))
def test_holm_keeps_the_order_and_lies_between_the_chance_and_bonferronis(p):
    corrected = shift_tests.holm(p)
    assert corrected.min() == pytest.approx(min(1.0, min(p) * len(p)))
    assert (corrected >= np.array(p)).all()
    assert (corrected <= np.minimum(1.0, np.array(p) * len(p)) + 1e-12).all()
    assert corrected[np.argsort(p, kind="stable")].tolist() == sorted(corrected)


# AUC without outcomes, and outcomes ------------------------------------------------------------------------


@given(st.lists(st.floats(0.05, 0.95), min_size=2, max_size=6))
def test_the_expected_auc_weighs_every_pair_by_its_chance(p):
    close, other = np.array(p)[:, None], np.array(p)[None, :]
    chance = close * (1.0 - other)
    won = chance * np.where(close > other, 1.0, np.where(close == other, 0.5, 0.0))
    assert expected_auc(p) == pytest.approx(won.sum() / chance.sum())


def test_of_calibrated_probabilities_the_expected_auc_is_what_comes_true():
    rng = np.random.default_rng(3)
    p = rng.beta(1.0, 8.0, 1500)
    seen = [auc((rng.random(1500) < p).astype(float), p) for _ in range(200)]
    assert np.mean(seen) == pytest.approx(expected_auc(p), abs=0.005)


@pytest.mark.parametrize("doubt", [0.0, 0.2])
def test_the_chance_of_closes_is_a_sum_over_all_outcomes(doubt):
    p = np.array([0.1, 0.4, 0.7])
    assert closes_p(p, 0, 0.0) == pytest.approx(2 * 0.9 * 0.6 * 0.3)
    assert closes_p(p, 1, doubt) > closes_p(p, 3, doubt)
    assert closes_p(p, 3, 0.3) > closes_p(p, 3, 0.0)


def test_many_rows_are_as_good_as_normal():
    p = np.full(2000, 0.05)
    more = np.full(2001, 0.05 * 2000 / 2001)
    assert closes_p(more, 80, 0.05) == pytest.approx(closes_p(p, 80, 0.05), abs=0.005)


def test_closes_are_put_beside_what_was_promised():
    p = np.column_stack([np.full(400, 0.1), np.full(400, 0.001)])
    closed = np.zeros((400, 2))
    closed[:10, 0] = 1.0
    closed[:, 1] = np.nan
    table = realised_table(
        p, closed, np.arange(400), ("30d", "90d"), {"30d": (0.1, 5000.0), "90d": (0.2, 50.0)}
    )
    first, second = table.to_dict("records")
    assert (first["closes"], first["expected"], first["realised"]) == (10, pytest.approx(40.0), 0.025)
    assert first["gap"] == pytest.approx(-0.075)
    assert first["gap_high"] < 0.0
    assert first["p"] < 1e-6
    assert (second["rows"], second["closes"]) == (0, 0)
    assert math.isnan(second["p"])


# The table -------------------------------------------------------------------------------------------------


def world(rng, rows, mean=2.0, channels=("web", "fair", "list"), filled=0.9):
    budget = rng.lognormal(0.0, 0.5, rows)
    budget[rng.random(rows) >= filled] = np.nan
    return pd.DataFrame(
        {
            "calls": rng.poisson(mean, rows).astype(float),
            "budget": budget,
            "channel": rng.choice(channels, rows),
        }
    )


@pytest.fixture(scope="module")
def reference():
    rng = np.random.default_rng(4)
    source = SourceProfile.learn([world(rng, 300) for _ in range(6)])
    return Reference(
        ("t",) * 6, "t", 30, {"leads": source}, {"30d": (0.80, 0.81, 0.79)}, {"30d": (0.1, 900.0)}
    )


def alarms(reference, frame, expected=0.8, **thresholds):
    table = drift_table(reference, {"leads": frame}, {"30d": expected}, Thresholds(**thresholds))
    told = table[table["level"] == ALARM]
    return {(row.column, row.check) for row in told.itertuples()}


@pytest.mark.parametrize("rows", [1, 30, 300])
def test_the_same_world_is_quiet_however_few_its_rows(reference, rows):
    rng = np.random.default_rng(5)
    quiet = {"volume_alarm": 1e6}
    assert all(alarms(reference, world(rng, rows), **quiet) == set() for _ in range(20))


def test_what_chance_makes_of_a_short_list_does_not_count(reference):
    rng = np.random.default_rng(13)
    sizes = []
    for _ in range(30):
        table = drift_table(reference, {"leads": world(rng, 40)}, {}, Thresholds())
        sizes += table.loc[
            (table["column"] == "budget") & (table["check"] == "distribution"), "size"
        ].tolist()
    assert np.mean(sizes) < 0.5  # the index alone comes to more than an alarm's size


@pytest.mark.parametrize("rows", [60, 300])
def test_each_kind_of_drift_is_named(reference, rows):
    rng = np.random.default_rng(6)
    volume = {"volume_alarm": 100.0}
    assert ("calls", "distribution") in alarms(reference, world(rng, rows, mean=4.0), **volume)
    assert ("budget", "filled") in alarms(reference, world(rng, rows, filled=0.3), **volume)
    assert ("channel", "new values") in alarms(reference, world(rng, rows, channels=("web", "tv")), **volume)
    gone = alarms(reference, world(rng, rows, channels=("web", "fair")), **volume)
    assert ("channel", "vanished values") in gone


def test_a_source_that_sends_nothing_and_a_fall_of_the_expected_auc_are_named(reference):
    rng = np.random.default_rng(7)
    assert alarms(reference, world(rng, 0)) == {("rows", "rows")}
    assert alarms(reference, world(rng, 300), expected=0.6, family_error=0.1) == {("p_30d", "expected AUC")}
    assert alarms(reference, world(rng, 300), expected=0.99, family_error=0.1) == set()


def test_a_column_that_is_absent_counts_as_empty(reference):
    frame = world(np.random.default_rng(8), 300).drop(columns=["channel", "budget"])
    assert {("channel", "filled"), ("budget", "filled")} <= alarms(reference, frame)


def test_an_ignored_column_is_shown_without_an_alarm(reference):
    frame = world(np.random.default_rng(9), 300, channels=("web", "tv"))
    assert alarms(reference, frame, ignored=("channel",)) == set()


def test_a_small_change_beyond_chance_is_no_alarm(reference):
    frame = world(np.random.default_rng(10), 100_000, mean=2.1)
    table = drift_table(reference, {"leads": frame}, {}, Thresholds(volume_alarm=1e6))
    calls = table[(table["column"] == "calls") & (table["check"] == "distribution")].iloc[0]
    assert calls["size"] < 0.4
    assert calls["level"] == ""


def test_rows_in_any_order_give_the_same_table(reference):
    frame = world(np.random.default_rng(11), 250)
    tables = [
        drift_table(reference, {"leads": one}, {"30d": 0.8}, Thresholds())
        for one in (frame, frame.sample(frac=1.0, random_state=1))
    ]
    pd.testing.assert_frame_equal(*tables)


def test_a_reference_is_kept_as_text_and_read_back(reference):
    again = Reference.from_dict(json.loads(json.dumps(reference.to_dict())))
    assert again.to_dict() == reference.to_dict()
    frame = world(np.random.default_rng(12), 250)
    tables = [drift_table(one, {"leads": frame}, {"30d": 0.8}, Thresholds()) for one in (reference, again)]
    pd.testing.assert_frame_equal(*tables)


def test_a_reference_whose_counts_do_not_fit_is_refused(reference):
    state = reference.sources["leads"].columns["calls"].to_dict()
    with pytest.raises(ValueError, match="do not fit"):
        Profile.from_dict({**state, "by_instant": ["1 2"]})


def test_times_apart_is_the_same_both_ways():
    assert times_apart(3.0, 1.0, 1.5) == pytest.approx(times_apart(1.0, 3.0, 1.5))


def test_an_alarm_is_corrected_for_all_the_checks_of_a_look(reference):
    table = drift_table(
        reference, {"leads": world(np.random.default_rng(5), 900, mean=2.2)}, {}, Thresholds()
    )
    assert table["p_corrected"].tolist() == pytest.approx(shift_tests.holm(table["p"]).tolist())
    changed = table.loc[table["p"].idxmin()]
    assert changed["p"] < changed["p_corrected"]
    # Beyond chance alone, but not among so many: the risk of any false alarm is what is kept.
    between = math.sqrt(changed["p"] * changed["p_corrected"])
    alone = drift_table(
        reference,
        {"leads": world(np.random.default_rng(5), 900, mean=2.2)},
        {},
        Thresholds(family_error=between, watch_at=0.0),
    )
    assert set(alone.loc[alone["check"] == changed["check"], "level"]) == {QUIET}


def test_people_come_and_go_without_an_alarm(reference):
    source = dataclasses.replace(reference.sources["leads"], steady=False)
    people = dataclasses.replace(reference, sources={"leads": source})
    few = world(np.random.default_rng(6), 31)
    assert ("rows", "rows") in alarms(reference, few)
    assert ("rows", "rows") not in alarms(people, few)
    table = drift_table(people, {"leads": few}, {}, Thresholds())
    assert (table["check"] == "rows").any()  # shown all the same


def test_a_column_that_turns_over_by_nature_is_shown_without_an_alarm(reference):
    """Its values come and go in the reference itself; that it is no longer filled in is an alarm still."""
    rng = np.random.default_rng(14)

    def month(number, filled=1.0):
        names = np.where(rng.random(300) < 0.8, f"campaign {number}", "hearsay").astype(object)
        names[rng.random(300) >= filled] = None
        return pd.DataFrame({"campaign": names, "channel": rng.choice(["web", "fair"], 300)})

    source = SourceProfile.learn([month(number) for number in range(6)])
    assert {name: one.turns_over for name, one in source.columns.items()} == {
        "campaign": True,
        "channel": False,
    }
    again = SourceProfile.from_dict(json.loads(json.dumps(source.to_dict())))
    turning = dataclasses.replace(reference, sources={"leads": again})
    assert alarms(turning, month(7)) == set()
    assert ("campaign", "filled") in alarms(turning, month(7, filled=0.2))
    steady = dataclasses.replace(
        source,
        columns={name: dataclasses.replace(one, turns_over=False) for name, one in source.columns.items()},
    )
    assert ("campaign", "new values") in alarms(
        dataclasses.replace(reference, sources={"leads": steady}), month(7)
    )
    assert "turns_over" not in source.columns["channel"].to_dict()
