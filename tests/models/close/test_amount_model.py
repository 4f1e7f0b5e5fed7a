"""Expected amounts and value tiers on amounts whose law is known."""

import json

import numpy as np
import pandas as pd
import pytest

from models.close.amount_model import MIN_AMOUNT_LEADS, ValueModel
from models.grades.value_tiers import Valuation

QUICK = {"threads": 1, "min_leads_in_leaf": 20, "learning_rate": 0.1, "feature_fraction": 1.0, "l2": 1.0}


def sold(leads=1500, seed=0):
    """One to three rows per lead; the amount is lognormal about a multiple of the budget."""
    rng = np.random.default_rng(seed)
    rows = rng.integers(1, 4, leads)
    budget, region = rng.uniform(1e4, 1e5, leads), rng.choice(["east", "north"], leads)
    mean = 0.5 * budget * np.where(region == "east", 2.0, 1.0)
    amount = mean * np.exp(rng.normal(-0.32, 0.8, leads))  # its mean is the mean: 0.8 ** 2 / 2 = 0.32
    frame = pd.DataFrame({"budget": budget, "region": region, "calls": rng.poisson(3.0, leads).astype(float)})
    ids = np.repeat([f"L{i}" for i in range(leads)], rows)
    return frame.loc[np.repeat(np.arange(leads), rows)].reset_index(drop=True), np.repeat(amount, rows), ids


@pytest.fixture(scope="module")
def model():
    return ValueModel(**QUICK).fit(*sold())


@pytest.fixture(scope="module")
def later():
    return sold(leads=1500, seed=1)


def test_expected_amounts_are_means_not_medians(model, later):
    frame, amount, _ = later
    expected = model.predict(frame)
    assert expected.mean() == pytest.approx(amount.mean(), rel=0.06)
    assert model.smear_ == pytest.approx(np.exp(0.32), rel=0.1)
    for region in ("east", "north"):
        here = (frame["region"] == region).to_numpy()
        assert expected[here].mean() == pytest.approx(amount[here].mean(), rel=0.1)
    true = 0.5 * frame["budget"] * np.where(frame["region"] == "east", 2.0, 1.0)
    assert np.corrcoef(expected, true)[0, 1] > 0.95


def test_a_lead_alone_is_valued_as_among_others_to_the_last_bit(model, later):
    frame = later[0].head(60)
    among = model.predict(frame)
    assert [model.predict(frame.iloc[[i]])[0] for i in range(60)] == among.tolist()
    assert model.predict(frame.iloc[:0]).tolist() == []


def test_the_same_data_give_the_same_text_and_another_seed_another(model):
    again = ValueModel(**QUICK).fit(*sold())
    assert (again.text_, again.to_dict()) == (model.text_, model.to_dict())
    assert ValueModel(**QUICK).fit(*sold(seed=3)).text_ != model.text_


def test_few_leads_bring_the_mean_of_one_amount_each():
    frame, amount, ids = sold(leads=MIN_AMOUNT_LEADS - 1)
    model = ValueModel(**QUICK).fit(frame, amount, ids)
    mean = pd.Series(amount).groupby(ids).first().mean()
    assert (model.text_, model.trees_) == ("", 0)
    assert model.predict(frame.head(2)).tolist() == pytest.approx([mean, mean])
    assert ValueModel(**QUICK).fit(*sold(leads=MIN_AMOUNT_LEADS)).text_


def test_free_orders_are_orders_and_no_expectation_is_below_zero():
    frame, amount, ids = sold(leads=400)
    amount = np.where(pd.factorize(ids)[0] % 2 == 0, 0.0, amount)
    model = ValueModel(**QUICK).fit(frame, amount, ids)
    expected = model.predict(frame)
    assert (expected >= 0.0).all()
    assert np.isfinite(expected).all()


@pytest.mark.parametrize("amount", [[1.0], [1.0, np.nan], [1.0, -1.0], [1.0, np.inf]])
def test_wrong_amounts_are_refused(amount):
    with pytest.raises(ValueError, match="amount"):
        ValueModel().fit(pd.DataFrame({"x": [1.0, 2.0]}), amount, ["a", "b"])
    with pytest.raises(ValueError, match="0 rows"):
        ValueModel().fit(pd.DataFrame({"x": []}), [], [])


def test_a_valuation_survives_text_and_json(model, later):
    frame, _, _ = later
    chance = np.linspace(0.0, 1.0, len(frame))
    valuation = Valuation.learn(model, chance * model.predict(frame))
    again = Valuation.from_dict(json.loads(json.dumps(valuation.to_dict(), allow_nan=False)), model.text_)
    valued = again.value(frame, chance)
    pd.testing.assert_frame_equal(valued, valuation.value(frame, chance), check_exact=True)
    shares = valued["value_tier_learned"].value_counts(normalize=True)
    assert shares.to_dict() == pytest.approx({"high": 0.2, "medium": 0.3, "low": 0.5}, abs=1e-3)
    assert valued.groupby("value_tier_learned")["expected_value"].min()["high"] == again.edges["high"]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"smear": 0.0}, "smearing"),
        ({"mean": -1.0}, "mean amount"),
        ({"trees": 0}, "do not fit"),
        ({"columns": ["budget"], "categories": {}}, "inputs"),
    ],
)
def test_wrong_content_is_refused(model, change, message):
    with pytest.raises(ValueError, match=message):
        ValueModel.from_dict(model.to_dict() | change, model.text_)
    with pytest.raises(ValueError, match="finite edges"):
        Valuation(model, {"high": float("nan"), "medium": 1.0})
