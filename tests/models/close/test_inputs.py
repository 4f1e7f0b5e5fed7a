import json

import numpy as np
import pandas as pd
import pytest

from models.close.inputs import Inputs

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
