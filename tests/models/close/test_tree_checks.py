"""A text of trees from elsewhere is refused before LightGBM's parser sees it, or is harmless."""

import json
import random
import re
import subprocess
import sys
from pathlib import Path

import lightgbm as lgb
import numpy as np
import pytest

from models.close.tree_checks import check_trees
from models.close.tree_text import check_threads, read_booster

INPUTS = 3


@pytest.fixture(scope="module")
def text() -> str:
    rng = np.random.default_rng(0)
    x = np.c_[rng.normal(size=400), rng.integers(0, 40, 400), rng.normal(size=400)]
    x[::7, 0] = np.nan
    closed = (np.nan_to_num(x[:, 0]) + (x[:, 1] % 3 == 0) > 0.5) * 1.0
    parameters = {
        "objective": "binary",
        "num_leaves": 6,
        "verbosity": -1,
        "min_data_in_leaf": 5,
        "max_cat_to_onehot": 1,
        "min_data_per_group": 2,
        "cat_smooth": 1,
    }
    data = lgb.Dataset(x, closed, categorical_feature=[1], params=parameters)
    return str(lgb.train(parameters, data, 4).model_to_string())


def resized(text: str) -> str:
    """The text with the sizes of its trees as they are: whoever forges a tree mends them too."""
    body = text[text.find("Tree=0\n") : text.find("end of trees\n")]
    sizes = [len(tree) for tree in re.split(r"(?=Tree=\d+\n)", body) if tree]
    return re.sub(r"tree_sizes=.*", f"tree_sizes={' '.join(map(str, sizes))}", text)


def with_line(text: str, name: str, change) -> str:
    found = re.search(rf"^{name}=(.*)$", text, re.MULTILINE)
    return resized(text[: found.start(1)] + change(found[1]) + text[found.end(1) :])


def first(value):
    return lambda line: " ".join([value, *line.split(" ")[1:]])


def test_trees_as_they_were_learned_pass(text):
    assert "cat_boundaries" in text
    check_trees(text, INPUTS)
    assert read_booster(text, INPUTS).num_trees() == 4


FORGED = {
    "more leaves than a tree has": ("num_leaves", lambda _: "2000000000"),
    "more leaves than are listed": ("num_leaves", lambda _: "60"),
    "no leaf": ("num_leaves", lambda _: "0"),
    "fewer sets than are asked for": ("num_cat", lambda _: "0"),
    "more sets than splits": ("num_cat", lambda _: "1000"),
    "an input beyond": ("split_feature", first("3")),
    "a negative input": ("split_feature", first("-1")),
    "a circle": ("left_child", first("0")),
    "a child beyond": ("left_child", first("500")),
    "a leaf beyond": ("right_child", first("-400")),
    "a child twice": ("left_child", lambda line: " ".join([line.split(" ")[0]] * len(line.split(" ")))),
    "a leaf that is no number": ("leaf_value", first("nan")),
    "an endless leaf": ("leaf_value", first("inf")),
    "a leaf beyond all numbers": ("leaf_value", first("1e999")),
    "a threshold that is no number": ("threshold", first("-nan")),
    "a set that is not listed": ("threshold", lambda line: " ".join(["77"] * len(line.split(" ")))),
    "a split of an unknown kind": ("decision_type", first("99")),
    "a set that is too long": ("cat_boundaries", lambda line: "0 999999"),
    "a set that ends before it begins": ("cat_boundaries", lambda line: "0 -1"),
    "a set of no numbers": ("cat_threshold", lambda line: "x"),
    "a set beyond its words": ("cat_threshold", lambda line: "4294967296"),
    "linear leaves": ("is_linear", lambda _: "1"),
    "another number of inputs": ("max_feature_idx", lambda _: "7"),
    "several classes": ("num_class", lambda _: "3"),
    "several trees a round": ("num_tree_per_iteration", lambda _: "1000000"),
    "another objective": ("objective", lambda _: "binary sigmoid:-1"),
    "a range that is none": ("feature_infos", first("[a:b]")),
    "fewer names than inputs": ("feature_names", lambda _: "a"),
    "a long number": ("leaf_weight", first("1" * 400)),
}


@pytest.mark.parametrize("forged", FORGED)
def test_what_is_no_tree_is_refused_before_the_parser_sees_it(text, forged):
    changed = with_line(text, *FORGED[forged])
    assert changed != text
    with pytest.raises(ValueError, match=r"^(?!.*\n)") as refused:
        check_trees(changed, INPUTS)
    assert len(str(refused.value)) < 200


@pytest.mark.parametrize(
    "change",
    [
        lambda text: re.sub(r"tree_sizes=.*", "tree_sizes=9 9 9 9", text),
        lambda text: re.sub(r"tree_sizes=.*", "tree_sizes=", text),
        lambda text: text.replace("Tree=1", "Tree=7"),
        lambda text: resized(text.replace("shrinkage", "shrinkage=1\nshrinkage", 1)),
        lambda text: resized(text.replace("leaf_count", "leaf_const", 1)),
        lambda text: text[: len(text) // 2] + "\nend of trees\n",
        lambda text: text.replace("\n", "\r\n"),
        lambda text: text.replace("Column_0", "Column_\0"),
        lambda text: text.replace("pandas_categorical:null", "pandas_categorical:" + "[" * 100_000),
        lambda text: text.replace("[seed: 0]", "[seed: 0"),
    ],
)
def test_what_is_no_model_text_is_refused(text, change):
    with pytest.raises(ValueError, match="model text"):
        read_booster(change(text), INPUTS)


def test_a_chain_of_splits_is_read_up_to_a_depth():
    check_trees(_chain(300), 1)
    with pytest.raises(ValueError, match="deeper"):
        check_trees(_chain(500), 1)


def _chain(splits: int) -> str:
    """One tree in which every split's left child is the next split."""
    row = " ".join(["1"] * splits)
    tree = "\n".join(
        [
            "Tree=0",
            f"num_leaves={splits + 1}",
            "num_cat=0",
            f"split_feature={' '.join(['0'] * splits)}",
            f"split_gain={row}",
            f"threshold={row}",
            f"decision_type={' '.join(['2'] * splits)}",
            f"left_child={' '.join([*map(str, range(1, splits)), str(-splits - 1)])}",
            f"right_child={' '.join(str(-leaf) for leaf in range(1, splits + 1))}",
            *(f"{name}={row} 1" for name in ("leaf_value", "leaf_weight", "leaf_count")),
            *(f"{name}={row}" for name in ("internal_value", "internal_weight", "internal_count")),
            "is_linear=0",
            "shrinkage=1",
            "\n\n",
        ]
    )
    head = "tree\nversion=v4\nnum_class=1\nnum_tree_per_iteration=1\nlabel_index=0\nmax_feature_idx=0\n"
    head += f"objective=regression\nfeature_names=a\nfeature_infos=none\ntree_sizes={len(tree)}\n\n"
    return f"{head}{tree}end of trees\n\nparameters:\n\nend of parameters\n"


@pytest.mark.parametrize("threads", [0, -1, 10**9, 2.0, "2", None])
def test_a_number_of_threads_that_no_machine_has_is_refused(threads):
    with pytest.raises(ValueError, match="threads"):
        check_threads(threads)


# Forged at random, and run ----------------------------------------------------------------------------------

_RUN = """
import sys, json, numpy as np
from models.close.tree_text import read_booster
x = np.array([[0.3, 5.0, -1.0], [np.nan, np.nan, np.nan], [1e9, 1e9, 1e9], [-3.0, -2.0, 0.0]])
refused = 0
for text in json.load(sys.stdin):
    try:
        booster = read_booster(text, 3)
    except ValueError:
        refused += 1
        continue
    assert np.isfinite(booster.predict(x, raw_score=True, num_threads=1)).all()
    booster.predict(x, pred_contrib=True, num_threads=1)
    booster.dump_model()
print(refused)
"""


def forged_at_random(text: str, draw: random.Random) -> str:
    lines = text.split("\n")
    for _ in range(draw.randint(1, 3)):
        place = draw.randrange(len(lines))
        name, mark, value = lines[place].partition("=")
        words = value.split(" ")
        spot = draw.randrange(len(words))
        odd = draw.choice(["-1", "0", "1", "2", "7", "99", "-99", "2147483648", "1e308", "nan", "", "x"])
        words[spot : spot + draw.randint(0, 2)] = [odd] if draw.random() < 0.8 else []
        lines[place] = name + mark + " ".join(words)
    return resized("\n".join(lines)) if draw.random() < 0.8 else "\n".join(lines)


@pytest.mark.slow
def test_trees_forged_at_random_never_end_the_process(text):
    draw = random.Random(16)
    forged = [forged_at_random(text, draw) for _ in range(3000)]
    root = Path(__file__).parents[3]
    command = [sys.executable, "-c", _RUN]
    told = json.dumps(forged)
    run = subprocess.run(command, input=told, text=True, capture_output=True, cwd=root, check=False)
    assert run.returncode == 0, run.stderr[-2000:]
    assert 1000 < int(run.stdout) < 3000
