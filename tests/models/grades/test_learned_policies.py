"""Learned grade policies: the shares that were asked for, up to ties, and frozen."""

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.grades.cut_offs import count_thresholds
from models.grades.learned_policies import capacity_policy, scheme_policy, value_policy
from models.grades.policy import GradePolicy

HORIZONS = ("30d", "90d")
chances = st.lists(st.integers(0, 12).map(lambda n: n / 12) | st.floats(0.0, 1.0), min_size=1, max_size=60)


def graded(policy, chance):
    return policy.assign(np.column_stack([chance, chance]))


@given(chances, st.lists(st.integers(1, 30), min_size=1, max_size=5))
def test_capacity_gives_the_asked_shares_up_to_one_group_of_ties(chance, parts):
    values = np.array(chance)
    shares = {letter: part / 160 for letter, part in zip("ABCDE", parts, strict=False)}
    policy = capacity_policy(values, shares, "90d", HORIZONS)
    letters = graded(policy, values)
    asked = 0.0
    for grade, share in shares.items():
        asked += share
        let_in = int((letters <= grade).sum())
        most = int(asked * len(values) + 1e-9)
        assert let_in <= most
        left_out = values[letters > grade]
        if len(left_out):
            ties = int((values == left_out.max()).sum())
            assert let_in + ties > most
    assert set(letters) <= set(policy.grades)


@given(chances, st.lists(st.integers(0, 60), min_size=1, max_size=5))
def test_thresholds_never_rise_with_the_number_let_in(chance, counts):
    found = count_thresholds(np.array(chance), sorted(counts))
    assert found == sorted(found, reverse=True)
    assert np.isfinite(found).all()


def test_distinct_chances_give_the_shares_exactly_and_stay_frozen():
    chance = np.random.default_rng(0).random(1000)
    policy = capacity_policy(chance, {"A": 0.05, "B": 0.1, "C": 0.2, "D": 0.3}, "30d", HORIZONS)
    letters, counts = np.unique(graded(policy, chance), return_counts=True)
    assert dict(zip(letters.tolist(), counts.tolist(), strict=True)) == {
        "A": 50,
        "B": 100,
        "C": 200,
        "D": 300,
        "E": 350,
    }
    for place in range(0, 1000, 97):
        assert graded(policy, chance[[place]])[0] == graded(policy, chance)[place]
    assert set(graded(policy, np.full(10, 0.999))) == {"A"}  # a batch of the best is all A


def test_ties_beyond_the_capacity_stay_out():
    policy = capacity_policy(np.array([0.5] * 9 + [0.1]), {"A": 0.5, "B": 0.4}, "30d", HORIZONS)
    assert set(graded(policy, np.array([0.5]))) == {"B"}
    assert set(graded(policy, np.array([0.6]))) == {"A"}
    assert set(graded(policy, np.array([0.1]))) == {"C"}
    certain = capacity_policy(np.ones(4), {"A": 0.5}, "30d", HORIZONS)
    assert set(graded(certain, np.ones(2))) == {"B"}


def test_as_many_of_each_grade_as_the_scheme_gives():
    labels = np.array(["hot"] * 5 + ["warm"] * 12 + ["cold"] * 20 + [None] * 3, dtype=object)
    chance = np.random.default_rng(3).random(40)
    policy = scheme_policy(chance, labels, ["hot", "warm", "cold"], "heat", "30d", HORIZONS)
    letters = graded(policy, chance).tolist()
    assert [letters.count(letter) for letter in "ABC"] == [5, 12, 23]
    assert [one.label for one in policy.conditions] == ["hot", "warm"]
    assert (policy.kind, policy.scheme) == ("as_scheme", "heat")


def test_value_is_net_of_the_cost_of_calling():
    policy = value_policy({"A": 900, "B": 0}, 100, HORIZONS)
    probabilities = np.array([[0.1, 0.5], [0.1, 0.5], [0.9, 0.9]])
    assert policy.assign(probabilities, np.array([2000.0, 1999.0, 100.0])).tolist() == ["A", "B", "C"]
    with pytest.raises(ValueError, match="needs the expected amount"):
        policy.assign(probabilities)
    with pytest.raises(ValueError, match="needs the expected amount"):
        policy.assign(probabilities, np.array([1.0, np.nan, 1.0]))


@pytest.mark.parametrize(
    "policy",
    [
        capacity_policy(np.array([0.2, 0.1]), {"A": 0.5}, "30d", HORIZONS),
        scheme_policy(np.array([0.2, 0.1]), ["x", "y"], ["x", "y"], "s", "90d", HORIZONS),
        value_policy({"A": 5.0, "B": -1.0}, 3.0, HORIZONS),
    ],
)
def test_policies_survive_json(policy):
    state = json.loads(json.dumps(policy.to_dict(), allow_nan=False))
    assert GradePolicy.from_dict(state) == policy
    with pytest.raises(ValueError, match="no grade policy"):
        GradePolicy.from_dict(state | {"kind": "whim"})


def test_no_rows_teach_no_thresholds():
    for values in (np.array([]), np.array([0.1, np.nan])):
        with pytest.raises(ValueError, match="need rows"):
            count_thresholds(values, [1])
