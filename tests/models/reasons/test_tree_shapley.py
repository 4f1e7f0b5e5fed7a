"""The tables against LightGBM's own exact Shapley values, and against the definition, summed by hand."""

from itertools import combinations
from math import factorial

import lightgbm as lgb
import numpy as np
import pytest

from models.reasons.tree_shapley import TreeShapley

ROWS = 2_000


def rows(seed, n=ROWS):
    """A number, one with missing values, one mostly 0, a category's codes and a clock of 0, 1, 2."""
    rng = np.random.default_rng(seed)
    x = np.column_stack(
        [
            rng.normal(size=n),
            np.where(rng.random(n) < 0.4, np.nan, rng.exponential(size=n)),
            rng.poisson(0.5, n),
            np.where(rng.random(n) < 0.1, np.nan, rng.integers(0, 9, n)),
            rng.integers(0, 3, n),
        ]
    ).astype(float)
    known = np.nan_to_num(x)
    log_odds = known[:, 0] + known[:, 1] * known[:, 2] - (known[:, 3] % 3 == 1) + 0.5 * known[:, 4]
    return x, (rng.random(n) < 1 / (1 + np.exp(1 - log_odds))).astype(float)


def booster(leaves, trees=40):
    x, y = rows(1)
    parameters = {
        "objective": "binary",
        "num_leaves": leaves,
        "min_data_in_leaf": 20,
        "num_threads": 1,
        "verbose": -1,
        "max_cat_to_onehot": 2,
        "min_data_per_group": 10,
    }
    return lgb.train(parameters, lgb.Dataset(x, y, categorical_feature=[3], params=parameters), trees)


@pytest.mark.parametrize("leaves", [2, 3, 7, 9])
def test_the_tables_give_lightgbms_own_values(leaves):
    model, (x, _) = booster(leaves), rows(2)
    x[:50, 0] = np.nan  # missing where nothing was missing at fit
    x[50:99, 3] = 77.0  # a category unseen at fit
    values, expected = TreeShapley.of(model.dump_model(), None, [1.0]).values(x)
    told = model.predict(x, pred_contrib=True)
    assert np.abs(values.T - told[:, :-1]).max() < 1e-12
    assert expected == pytest.approx(told[0, -1], abs=1e-12)
    kinds = {node["decision_type"] for tree in model.dump_model()["tree_info"] for node in _splits(tree)}
    assert leaves == 2 or kinds == {"<=", "=="}


def test_with_a_clock_they_are_the_weighted_mean_over_its_values():
    model, (x, _), weights = booster(7), rows(3), [0.5, 0.3, 0.2]
    values, expected = TreeShapley.of(model.dump_model(), 4, weights).values(x[:, :4])
    told = sum(
        weight * model.predict(np.column_stack([x[:, :4], np.full(ROWS, float(window))]), pred_contrib=True)
        for window, weight in enumerate(weights)
    )
    assert np.abs(values.T - told[:, :-1]).max() < 1e-12
    assert expected == pytest.approx(told[0, -1], abs=1e-12)
    assert np.abs(told[:, 4]).max() > 0.01


def test_a_small_tree_by_the_definition():
    dump = {"max_feature_idx": 1, "tree_info": [{"tree_structure": _two_questions()}]}
    values, expected = TreeShapley.of(dump, None, [1.0]).values(
        np.array([[0.0, 0.0], [9.0, 0.0], [9.0, 9.0]])
    )
    # A hundred rows: 60 with a <= 1 say 1.0; of the other 40, 10 with b <= 2 say 5.0, and 30 say -3.0.
    left, lower, upper = 1.0, 5.0, -3.0
    b_known = {True: 0.6 * left + 0.4 * lower, False: 0.6 * left + 0.4 * upper}
    mean = 0.6 * left + 0.1 * lower + 0.3 * upper
    for row, (a_low, b_low) in enumerate([(True, True), (False, True), (False, False)]):
        answer = left if a_low else lower if b_low else upper
        a_known = left if a_low else 0.25 * lower + 0.75 * upper
        worth = {(): mean, (0,): a_known, (1,): b_known[b_low], (0, 1): answer}
        assert values[:, row] == pytest.approx(_shapley(worth, 2))
    assert expected == pytest.approx(mean)


def test_larger_trees_have_no_tables():
    assert TreeShapley.of(booster(10, trees=1).dump_model(), None, [1.0]) is None


def test_a_row_alone_has_the_same_bits_and_no_rows_have_no_values():
    tables, (x, _) = TreeShapley.of(booster(7).dump_model(), None, [1.0]), rows(4, 60)
    among, _ = tables.values(x)
    for row in range(0, 60, 7):
        assert (tables.values(x[[row]])[0][:, 0] == among[:, row]).all()
    assert tables.values(x[:0])[0].shape == (5, 0)


def test_a_tree_without_a_split_explains_nothing():
    dump = {"max_feature_idx": 0, "tree_info": [{"tree_structure": {"leaf_value": -2.5}}]}
    values, expected = TreeShapley.of(dump, None, [1.0]).values(np.zeros((3, 1)))
    assert (values == 0).all()
    assert expected == -2.5


def _two_questions():
    split = {"decision_type": "<=", "missing_type": "None", "default_left": True}
    lower = split | {
        "split_feature": 1,
        "threshold": 2.0,
        "internal_count": 40,
        "left_child": {"leaf_value": 5.0, "leaf_count": 10},
        "right_child": {"leaf_value": -3.0, "leaf_count": 30},
    }
    left = {"leaf_value": 1.0, "leaf_count": 60}
    return split | {
        "split_feature": 0,
        "threshold": 1.0,
        "internal_count": 100,
        "left_child": left,
        "right_child": lower,
    }


def _shapley(worth, players):
    told = []
    for player in range(players):
        others = [p for p in range(players) if p != player]
        total = 0.0
        for size in range(players):
            for group in combinations(others, size):
                weight = factorial(size) * factorial(players - size - 1) / factorial(players)
                total += weight * (worth[tuple(sorted((*group, player)))] - worth[group])
        told.append(total)
    return told


def _splits(tree):
    nodes = [tree["tree_structure"]]
    for node in nodes:
        nodes += [node[side] for side in ("left_child", "right_child") if side in node]
    return [node for node in nodes if "split_feature" in node]
