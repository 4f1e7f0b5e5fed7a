import json

import numpy as np
import pytest

from models.grades.grade_rates import grade_table
from models.grades.policy import GradePolicy

THRESHOLDS = {"A": ("30d", 0.3), "B": ("90d", 0.3), "C": ("180d", 0.3), "D": ("180d", 0.1)}
HORIZONS = ("30d", "90d", "180d")


def policy() -> GradePolicy:
    return GradePolicy.from_thresholds(THRESHOLDS, HORIZONS)


@pytest.mark.parametrize(
    ("probabilities", "grade"),
    [
        ((0.3, 0.3, 0.3), "A"),
        ((0.2999, 0.3, 0.3), "B"),
        ((0.0, 0.1, 0.9), "C"),
        ((0.0, 0.0, 0.1), "D"),
        ((0.0, 0.0, 0.0999), "E"),
    ],
)
def test_the_first_condition_that_holds_gives_the_grade(probabilities, grade):
    assert policy().assign(np.array([probabilities])).tolist() == [grade]


def test_no_rows_and_no_conditions():
    assert policy().assign(np.empty((0, 3))).tolist() == []
    assert GradePolicy.from_thresholds({}, ("30d",)).assign(np.array([[0.9]])).tolist() == ["A"]


@pytest.mark.parametrize(
    ("thresholds", "message"),
    [
        ({"B": ("30d", 0.3), "A": ("90d", 0.3)}, "in order, got B, A"),
        ({"A": ("30d", 0.3), "C": ("90d", 0.3)}, "in order"),
        ({"A": (60, 0.3)}, "grade A"),
        ({"A": ("30d", 1.0)}, "grade A"),
    ],
)
def test_a_wrong_policy_is_refused(thresholds, message):
    with pytest.raises(ValueError, match=message):
        GradePolicy.from_thresholds(thresholds, HORIZONS)


def test_wrong_probabilities_are_refused():
    with pytest.raises(ValueError, match="for horizons"):
        policy().assign(np.zeros((2, 2)))
    with pytest.raises(ValueError, match="missing"):
        policy().assign(np.array([[0.1, np.nan, 0.2]]))


GRADES = ["A"] * 4 + ["B"] * 4 + ["E"] * 4
CLOSED = np.array(
    [[1, 1, 1], [0, 1, 1], [1, 1, np.nan], [0, 0, np.nan]]
    + [[0, 0, 1], [0, 1, 1], [0, 0, 0], [np.nan] * 3]
    + [[0, 0, 0]] * 4,
    dtype=float,
)
LEADS = ["L1", "L1", "L2", "L3", "L4", "L5", "L6", "L7", "L8", "L8", "L9", "L9"]


def test_promises_are_the_ripe_rows_close_rates():
    learned = policy().learn_promises(GRADES, CLOSED, LEADS, seed=3)
    by = {(p.grade, p.by): p for p in learned.promises}
    assert (by["A", "30d"].rate, by["A", "30d"].rows, by["A", "30d"].leads) == (0.5, 4, 3)
    assert (by["A", "180d"].rate, by["A", "180d"].rows, by["A", "180d"].leads) == (1.0, 2, 1)
    assert (by["B", "90d"].rate, by["B", "90d"].rows) == (1 / 3, 3)
    assert (by["C", "30d"].rate, by["C", "30d"].low, by["C", "30d"].rows) == (None, None, 0)
    assert by["A", "30d"].low <= 0.5 <= by["A", "30d"].high
    assert [p.grade for p in learned.promises[::3]] == list("ABCDE")
    assert policy().promises == ()


def test_none_closed_is_no_certainty():
    learned = policy().learn_promises(GRADES, CLOSED, LEADS)
    promise = next(p for p in learned.promises if (p.grade, p.by) == ("E", "180d"))
    assert (promise.rate, promise.low, promise.leads) == (0.0, 0.0, 2)
    assert 0.6 < promise.high < 0.7  # Wilson: 3.84 / (2 + 3.84) = 0.66 for none of 2 leads


def test_promises_do_not_depend_on_the_order_of_rows():
    order = np.random.default_rng(0).permutation(len(GRADES))
    shuffled = policy().learn_promises(np.array(GRADES)[order], CLOSED[order], np.array(LEADS)[order])
    assert shuffled == policy().learn_promises(GRADES, CLOSED, LEADS)


def test_a_policy_survives_json():
    learned = policy().learn_promises(GRADES, CLOSED, LEADS)
    assert GradePolicy.from_dict(json.loads(json.dumps(learned.to_dict(), allow_nan=False))) == learned
    state = learned.to_dict()
    state["horizons"] = ["30d", "90d"]
    with pytest.raises(ValueError, match="grade C"):
        GradePolicy.from_dict(state)


def test_the_table_takes_the_labels_of_any_scheme():
    table = grade_table(["warm", None, "warm"], np.array([[1.0], [0.0], [np.nan]]), ["a", "b", "c"], ("30d",))
    assert table["grade"].tolist() == ["ungraded", "warm"]
    assert table["rows"].tolist() == [1, 1]
    assert np.allclose(table["share"], [1 / 3, 2 / 3])
    assert table["rate"].tolist() == [0.0, 1.0]


def test_a_grade_of_clustered_leads_has_a_wider_interval():
    rng = np.random.default_rng(1)
    closed = np.repeat(rng.random(60) < 0.3, 10).astype(float)[:, None]
    of_leads = grade_table(["A"] * 600, closed, np.repeat(np.arange(60), 10), ("30d",)).iloc[0]
    of_rows = grade_table(["A"] * 600, closed, np.arange(600), ("30d",)).iloc[0]
    assert of_leads["high"] - of_leads["low"] > 2.0 * (of_rows["high"] - of_rows["low"])
