import json

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.reasons.value_rates import LEAST_LEADS, ClosedRows, Rates, learn_rates

numbers = st.lists(
    st.sampled_from([np.nan, 0.0, 1.0, 2.0, -1.0]) | st.floats(-1e9, 1e9), min_size=1, max_size=200
)


def learn(values, closed, rows_per_lead=1.0):
    return learn_rates(pd.Series(values), False, ClosedRows(np.asarray(closed, dtype=float), rows_per_lead))


def test_a_rate_is_that_of_the_bin_drawn_to_the_average():
    values = np.repeat([0.0, 5.0, np.nan], 100)
    closed = np.concatenate([np.arange(100) < 5, np.arange(100) < 30, np.arange(100) < 10])
    told = learn(values, closed).ratios(np.array([0.0, 5.0, np.nan]))
    rate = 45 / 300
    expected = [(closes + LEAST_LEADS * rate) / (100 + LEAST_LEADS) / rate for closes in (5, 30, 10)]
    assert told == pytest.approx(expected, abs=0.0005)


def test_zero_stands_apart_and_quantiles_part_the_rest():
    rng = np.random.default_rng(0)
    values = np.where(rng.random(2000) < 0.5, 0.0, rng.exponential(size=2000))
    rates = learn(values, rng.random(2000) < 0.2)
    assert rates.edges[0] == 0.0
    assert len(rates.bins) == 6
    assert None not in rates.bins
    assert set(rates.edges) <= set(values)
    negative = learn(np.where(values > 1, -values, values), rng.random(2000) < 0.2)
    assert 0.0 in negative.edges
    assert max(edge for edge in negative.edges if edge < 0) == max(-values[values > 1])


def test_few_leads_tell_no_rate_and_rows_are_counted_by_leads():
    closed = np.arange(80) % 2
    for few in (5.0, -5.0, np.nan):
        told = learn(np.repeat([0.0, few], [61, 19]), closed).ratios(np.array([0.0, few]))
        assert list(np.isnan(told)) == [False, True]
        values, asked = np.repeat([0.0, few], [60, 20]), np.array([0.0, few])
        assert not np.isnan(learn(values, closed).ratios(asked)).any()
        assert list(np.isnan(learn(values, closed, rows_per_lead=1.5).ratios(asked))) == [False, True]


def test_a_thin_bin_joins_its_neighbour():
    values = np.repeat([1.0, 2.0, 3.0, 9.0], [90, 5, 90, 5])
    assert learn(values, np.arange(190) % 2).edges == (1.0,)


def test_a_category_tells_the_rate_of_values_with_enough_leads():
    values = pd.Series(["fair"] * 50 + ["web"] * 50 + ["rare"] * 3 + [None] * 40, dtype="str")
    closed = np.concatenate([np.ones(25), np.zeros(25), np.ones(5), np.zeros(48), np.zeros(40)])
    rates = learn_rates(values, True, ClosedRows(closed, 1.0))
    told = rates.ratios(np.array(["fair", "web", "rare", None, "unseen"], dtype=object))
    assert told[0] > 1 > told[1] > told[3]
    assert np.isnan(told[[2, 4]]).all()
    assert "rare" not in rates.values


@given(numbers, st.randoms(use_true_random=False))
def test_any_numbers_have_rates_that_survive_json(values, random):
    closed = [random.random() < 0.3 for _ in values]
    rates = learn(values, closed, rows_per_lead=0.1)
    again = Rates.from_dict(json.loads(json.dumps(rates.to_dict(), allow_nan=False)))
    assert again == rates
    asked = np.array([*values, np.nan, 1e300, -1e300])
    told = rates.ratios(asked)
    assert (np.isnan(told) | (told > 0)).all()
    for place, value in enumerate(asked):
        assert np.array_equal(rates.ratios(np.array([value])), told[[place]], equal_nan=True)


@pytest.mark.parametrize(
    "wrong",
    [
        {"edges": [1.0, 1.0]},
        {"edges": [0.0]},
        {"edges": [0.0, float("inf")]},
        {"bins": [1.0, -1.0, 2.0]},
        {"bins": [1.0, "2", None]},
        {"missing": True},
        {"values": {"a": "x"}},
    ],
)
def test_rates_of_another_form_are_refused(wrong):
    state = Rates((0.0, 1.0), (1.0, None, 2.0), missing=0.5).to_dict()
    with pytest.raises(ValueError, match="close rate"):
        Rates.from_dict(state | wrong)
