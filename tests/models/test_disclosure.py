"""Laws of disclosure control: groups on either side, no name of few, thresholds that part as before."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.close.blunt_trees import blunted
from models.close.close_model import CloseModel
from models.disclosure import RARE, blunt, blunt_edges, blunt_threshold, shared_values, without_rare
from models.drift.bins import Bins
from models.drift.reference import Profile

NUMBERS = st.lists(st.one_of(st.integers(0, 9).map(float), st.floats(-1e12, 1e12)), min_size=1, max_size=60)
LEAST = 5


@given(NUMBERS, st.data())
def test_a_cut_has_five_leads_at_or_below_it_and_above_it_five_or_none(numbers, data):
    of_leads = np.sort(np.array(numbers))
    edge = blunt(data.draw(st.sampled_from(numbers)), of_leads, LEAST)
    if edge is not None:
        above = int((of_leads > edge).sum())
        assert (of_leads <= edge).sum() >= LEAST
        assert above == 0 or above >= LEAST


@given(NUMBERS)
def test_between_two_edges_lie_five_leads(numbers):
    of_leads = np.sort(np.array(numbers))
    edges = blunt_edges(sorted(set(numbers)), of_leads, LEAST)
    assert list(edges) == sorted(set(edges))
    inside = np.histogram(of_leads, [-np.inf, *np.nextafter(edges, np.inf), np.inf])[0]
    assert all(count >= LEAST for count in inside[:-1])


@given(NUMBERS, st.floats(-1e12, 1e12))
def test_a_rounded_threshold_parts_the_values_as_before(numbers, threshold):
    values = np.unique(np.array(numbers))
    rounded = blunt_threshold(threshold, values)
    assert ((values <= rounded) == (values <= threshold)).all()


def test_a_lead_with_many_rows_makes_no_value_common():
    values = pd.Series(["王小明"] * 9 + ["web"] * 5)
    leads = ["L0"] * 9 + [f"L{i}" for i in range(5)]
    assert shared_values(values, leads, LEAST) == {"web"}
    assert set(without_rare(pd.DataFrame({"x": values}), ["x"], leads, LEAST)["x"]) == {"web", RARE}


def monthly(values, months=4):
    """A column at several instants, each lead at each of them, and whose its rows are."""
    return [pd.Series(values)] * months, [pd.Series([f"L{i}" for i in range(len(values))])] * months


def test_a_reference_counts_the_values_of_few_leads_and_names_none():
    columns, leads = monthly(["web"] * 90 + ["fair"] * 5 + ["Li Lei"] * 4 + ["Han Meimei"])
    profile = Profile.learn(columns, leads, LEAST)
    assert (profile.bins.values, profile.bins.rare) == (("fair", "web"), ())
    assert profile.counts.tolist() == [20, 360, 0, 20, 0]
    # Without its own lead, fair would have no name either.
    assert profile.seen_once == 10
    assert "Li Lei" not in str(profile.to_dict())


def test_edges_of_a_reference_are_no_numbers_of_a_lead():
    rng = np.random.default_rng(2)
    numbers = 13_000_000_000 + rng.integers(0, 10**9, 200)
    columns, leads = monthly(numbers.astype(float))
    bins = Profile.learn(columns, leads, LEAST).bins
    assert len(bins.edges) == 9
    assert not set(bins.edges) & set(numbers.astype(float))
    assert all(edge % 1_000_000 == 0 for edge in bins.edges)


def test_a_mean_of_few_is_not_told():
    few = [pd.Series([5000.0] * 4), pd.Series([5000.0] * 5)]
    leads = [pd.Series(range(4)), pd.Series(range(5))]
    assert np.isnan(Profile.learn(few, leads, LEAST).means[0])
    assert Profile.learn(few, leads, LEAST).means[1] == 5000.0


def test_a_new_value_is_named_only_where_five_leads_have_it():
    bins = Bins.learn(pd.Series(["web"] * 50), "category", None, LEAST)
    now = pd.Series(["web"] * 20 + ["expo"] * 5 + ["Li Lei"] * 6)
    leads = [f"L{i}" for i in range(25)] + ["L99"] * 6
    assert bins.unseen(now, leads, LEAST) == ["expo"]


@pytest.fixture(scope="module")
def world():
    rng = np.random.default_rng(0)
    X = pd.DataFrame(
        {
            "card": 6_222_020_000_000_000_000 + rng.integers(0, 10**15, 600).astype(np.float64),
            "budget": rng.lognormal(9, 1, 600).round(2),
            "channel": rng.choice(["web", "fair"], 600),
        }
    )
    chance = 0.2 + 0.5 * (X["budget"] > 9000) * (X["card"] > X["card"].median())
    return X, (rng.random(600) < chance).to_numpy(dtype=np.float64)[:, None]


def test_trees_tell_no_lead_s_number_and_answer_as_before(world, monkeypatch):
    X, events = world
    model = CloseModel(max_trees=30, min_leads_in_leaf=10, threads=1).fit(X, events)
    numbers = {repr(value) for name in ("card", "budget") for value in X[name]}
    numbers |= {f"{value:.17g}" for name in ("card", "budget") for value in X[name]}
    written = set(model.text_.replace("[", " ").replace("]", " ").replace(":", " ").replace("=", " ").split())
    assert not numbers & written
    monkeypatch.setattr("models.close.close_model.blunted", lambda text, _: text)
    plain = CloseModel(max_trees=30, min_leads_in_leaf=10, threads=1).fit(X, events)
    assert plain.text_ != model.text_
    np.testing.assert_array_equal(model.predict_hazards(X), plain.predict_hazards(X))


def test_a_text_without_trees_stays_as_it_is():
    assert (
        blunted("tree\nversion=v4\n\nend of trees\n", lambda _: None) == "tree\nversion=v4\n\nend of trees\n"
    )
