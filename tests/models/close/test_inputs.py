import json

import numpy as np
import pandas as pd
import pytest

from models.close.inputs import Inputs
from models.close.turnover import turned_over

SEEN = pd.DataFrame(
    {"calls_30d": [2.0, np.nan, 0.0], "region": ["west", None, "east"], "asked_sms": [1.0, 0.0, np.nan]}
)


def test_values_become_their_place_in_the_sorted_table():
    inputs = Inputs.learn(SEEN)
    assert inputs.columns == ("calls_30d", "region", "asked_sms")
    assert inputs.categories == {"region": ("east", "west")}
    assert inputs.category_places == [1]
    expected = [[2.0, 1.0, 1.0], [np.nan, np.nan, 0.0], [0.0, 0.0, np.nan]]
    np.testing.assert_array_equal(inputs.encode(SEEN), expected)


def test_an_unseen_value_is_missing():
    codes = Inputs.learn(SEEN).encode(SEEN.assign(region=["north", "west", ""]))[:, 1]
    np.testing.assert_array_equal(codes, [np.nan, 1.0, np.nan])


@pytest.mark.parametrize("dtype", ["str", "object", "string"])
def test_texts_of_any_dtype_encode_alike(dtype):
    inputs = Inputs.learn(SEEN)
    np.testing.assert_array_equal(inputs.encode(SEEN.astype({"region": dtype})), inputs.encode(SEEN))
    assert Inputs.learn(SEEN.astype({"region": dtype})) == inputs


@pytest.mark.parametrize("dtype", ["Float64", "float32"])
def test_numbers_of_any_dtype_encode_alike(dtype):
    inputs = Inputs.learn(SEEN)
    np.testing.assert_array_equal(inputs.encode(SEEN.astype({"calls_30d": dtype})), inputs.encode(SEEN))


def test_a_column_without_values_fits_either_kind():
    empty = pd.DataFrame({"calls_30d": [None], "region": [np.nan], "asked_sms": [None]})
    assert np.isnan(Inputs.learn(SEEN).encode(empty)).all()


def test_every_wrong_column_is_named():
    inputs = Inputs.learn(SEEN)
    with pytest.raises(ValueError, match="columns missing: calls_30d, asked_sms"):
        inputs.check(SEEN[["region"]])
    with pytest.raises(ValueError, match="numbers expected in: calls_30d, asked_sms"):
        inputs.check(SEEN.assign(calls_30d="x", asked_sms=["yes", None, None]))
    with pytest.raises(ValueError, match="columns unknown to the model: a, b"):
        inputs.encode(SEEN.assign(a=1, b=2))
    with pytest.raises(ValueError, match="no feature columns"):
        Inputs.learn(SEEN[[]])
    with pytest.raises(ValueError, match="neither numbers nor text in: when"):
        Inputs.learn(SEEN.assign(when=pd.Timestamp("2024-06-01", tz="UTC")))


def test_tables_survive_json():
    inputs = Inputs.learn(SEEN)
    state = json.loads(json.dumps(inputs.to_dict()))
    assert Inputs.from_dict(state) == inputs
    for wrong in (
        {"columns": ["a", "a"]},
        {"columns": "region"},
        {"columns": []},
        {"categories": {"other": ["x"]}},
    ):
        with pytest.raises(ValueError, match=r"columns|texts"):
            Inputs.from_dict(state | wrong)


# Columns that turn over ------------------------------------------------------------------------------------


def campaigns(rows, each=50):
    """A campaign after the other, and a channel that stays; every fifth lead comes from hearsay."""
    names = np.array([f"campaign {i // each:02d}" for i in range(rows)], dtype=object)
    names[::5] = "hearsay"
    return pd.DataFrame(
        {"campaign": names, "channel": np.resize(["web", "fair", "radio"], rows)}, dtype="str"
    )


def test_of_a_column_that_turns_over_what_does_not_last_is_one_value():
    inputs = Inputs.learn(campaigns(500))
    assert inputs.categories == {"campaign": (" the rest", "hearsay"), "channel": ("fair", "radio", "web")}
    told = pd.DataFrame(
        {
            "campaign": ["campaign 00", "campaign 09", "campaign 77", "hearsay", None],
            "channel": ["web", "web", "tv", "fair", None],
        }
    )
    found = inputs.encode(told)
    np.testing.assert_array_equal(found[:, 0], [0.0, 0.0, 0.0, 1.0, np.nan])
    np.testing.assert_array_equal(found[:, 1], [2.0, 2.0, np.nan, 0.0, np.nan])
    again = Inputs.from_dict(json.loads(json.dumps(inputs.to_dict())))
    np.testing.assert_array_equal(again.encode(told), found)


def test_a_column_of_many_values_that_stay_keeps_them_all():
    rng = np.random.default_rng(1)
    towns = pd.DataFrame({"town": rng.choice([f"town {i}" for i in range(40)], 2000)}, dtype="str")
    assert len(Inputs.learn(towns).categories["town"]) == 40


def test_dates_as_text_and_free_terms_turn_over():
    days = pd.Series(pd.date_range("2026-01-01", periods=300).strftime("%Y-%m-%d"), dtype="str")
    terms = pd.Series([f"please call {i}" for i in range(300)], dtype="str")
    assert turned_over(days) == turned_over(terms) == 1.0
    assert Inputs.learn(pd.DataFrame({"visit": days})).categories == {"visit": (" the rest",)}
