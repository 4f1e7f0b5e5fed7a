import numpy as np
import pandas as pd
import pytest

from models.reasons.groups import check_groups, learn_groups

ROWS = 3_000


def world(seed=0):
    rng = np.random.default_rng(seed)
    calls, talk = rng.poisson(4, ROWS).astype(float), rng.exponential(60, ROWS)
    ordered = rng.random(ROWS) < 0.3
    return pd.DataFrame(
        {
            "calls_30d": calls,
            "calls_total": rng.poisson(9, ROWS).astype(float),
            "talk_s": talk,
            "talk_min": np.exp(talk / 100),
            "hangups": -talk + rng.normal(0, 5, ROWS),
            "days_since_order": np.where(ordered, rng.integers(1, 900, ROWS), np.nan),
            "amount": np.where(ordered, rng.exponential(900, ROWS), np.nan),
            "orders": np.where(ordered, 1.0 + rng.poisson(1, ROWS), 0.0),
            "region": rng.choice(["north", "south"], ROWS),
            "constant": 1.0,
        }
    )


def families(X):
    return {name: "calls" if name.startswith("calls") else name for name in X.columns}


def test_declared_families_and_what_correlates_are_groups():
    X = world()
    assert learn_groups(X, families(X)) == (
        ("calls_30d", "calls_total"),
        ("talk_s", "talk_min", "hangups"),
        ("days_since_order", "amount", "orders"),
        ("region",),
        ("constant",),
    )


def test_the_order_of_the_rows_plays_no_part():
    X = world()
    shuffled = X.sample(frac=1.0, random_state=1)
    assert learn_groups(shuffled, families(X)) == learn_groups(X, families(X))


def test_a_chain_of_likenesses_is_no_group():
    rng = np.random.default_rng(2)
    steps = np.cumsum(rng.normal(size=(ROWS, 8)), axis=1)
    X = pd.DataFrame(steps, columns=[f"step_{i}" for i in range(8)])
    groups = learn_groups(X, {name: name for name in X.columns})
    assert len(groups) > 1
    rho = X.corr("spearman").abs()
    assert all(rho.loc[list(g), list(g)].to_numpy().mean() > 0.7 for g in groups)


@pytest.mark.parametrize("groups", [[["a"]], [["a", "b"], ["b"]], [["a", "b", "c"]]])
def test_groups_hold_each_column_once(groups):
    check_groups([["a"], ["b"]], ["b", "a"])
    with pytest.raises(ValueError, match=r"do not hold each column once: '[bc]'"):
        check_groups(groups, ["a", "b"])
