"""Reasons: how fast, and how near to exact Shapley values, on a simulated world of the default model.

Three ways to contributions are timed in one run: our tables, LightGBM's own ``pred_contrib`` (the reference),
and contributions along the path (Saabas), the usual short cut. Then the whole way to words. Times are of the
clock and of the processor: on a busy machine the latter compare. Run from the project's folder:
``make bench``.
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
from benchmarks.demo_worlds import _world
from support.on_the_road import read_tables, training_rows

from models.close.training_pairs import with_window
from models.scorer import LeadScorer
from pipeline.fitting.fit import fit_scorer, in_periods
from pipeline.fitting.split import find_periods
from pipeline.terminal import say, show

REFERENCE_ROWS = 2_000


def main() -> None:
    """Train, explain, and print speed, agreement and examples."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=11)
    parser.add_argument("--leads", type=int, default=5_000)
    parser.add_argument("--rows", type=int, default=40_000)
    options = parser.parse_args()
    scorer, tested = _trained(options.seed, options.leads)
    many = pd.concat([tested] * (1 + options.rows // len(tested)), ignore_index=True).head(options.rows)
    few = tested.sample(min(len(tested), REFERENCE_ROWS), random_state=0).reset_index(drop=True)
    x = scorer.model.inputs_.encode(few[list(scorer.columns)])
    say(f"{scorer.model.trees_} trees of {scorer.model.num_leaves} leaves, {x.shape[1]} features")
    began = time.perf_counter()
    explainer = scorer.explainer
    say(f"tables made in {time.perf_counter() - began:.1f} s")
    ours, _ = _timed("tables", len(many), lambda: explainer.contributions(many))
    theirs, exact = _timed("pred_contrib", len(few), lambda: _windows(scorer, x, _exact))
    path, along = _timed("along the path", len(few), lambda: _windows(scorer, x, _saabas))
    words, texts = _timed("reasons in words, 3 each way", len(many), lambda: scorer.reasons(many))
    show(pd.DataFrame([ours, theirs, path, words]), "speed")
    told = explainer.contributions(few).to_numpy()
    features = x.shape[1]
    table = [
        _agreement("tables", told[:, :features], exact[:, :features], scorer),
        _agreement("along the path", along[:, :features], exact[:, :features], scorer),
    ]
    show(pd.DataFrame(table), f"agreement with pred_contrib, {len(few)} leads")
    level = np.dot(scorer.reason_book.weights, scorer.model.levels_)
    margin = level + _windows(scorer, x, _margin)[:, 0]
    say(f"contributions and base against the model's log-odds: {np.abs(told.sum(axis=1) - margin).max():.1e}")
    rank = pd.Series(margin).corr(scorer.score(few)["score"], "spearman")
    say(f"rank correlation of what is explained with the score: {rank:.4f}")
    _examples(scorer, tested, texts)


def _trained(seed: int, leads: int) -> tuple[LeadScorer, pd.DataFrame]:
    with tempfile.TemporaryDirectory() as folder:
        config, _ = _world(Path(folder) / "world", leads, seed)
        rows = training_rows(config, read_tables(config).tables)
        frame = in_periods(config, rows, find_periods(rows.frame, config.split))
        scorer = fit_scorer(config, rows, frame, ()).scorer
    return scorer, frame[frame["period"] == "test"].reset_index(drop=True)


def _timed(way: str, rows: int, work: Callable[[], pd.DataFrame]) -> tuple[dict[str, object], pd.DataFrame]:
    clock, processor = time.perf_counter(), time.process_time()
    answer = work()
    clock, processor = time.perf_counter() - clock, time.process_time() - processor
    return {
        "way": way,
        "rows": rows,
        "rows/s": round(rows / clock),
        "rows per processor second": round(rows / processor),
    }, answer


def _windows(
    scorer: LeadScorer, x: np.ndarray, one: Callable[[LeadScorer, np.ndarray], np.ndarray]
) -> np.ndarray:
    weights = scorer.reason_book.weights
    return sum(w * one(scorer, with_window(x, k, len(weights))) for k, w in enumerate(weights))


def _exact(scorer: LeadScorer, x: np.ndarray) -> np.ndarray:
    return scorer.model.booster_.predict(x, pred_contrib=True)


def _margin(scorer: LeadScorer, x: np.ndarray) -> np.ndarray:
    return scorer.model.booster_.predict(x, raw_score=True)[:, None]


def _saabas(scorer: LeadScorer, x: np.ndarray) -> np.ndarray:
    """Each split is credited with the change of the mean answer; from a table by leaf."""
    leaves = scorer.model.booster_.predict(x, pred_leaf=True)
    told = np.zeros(x.shape)
    for number, tree in enumerate(scorer.model.booster_.dump_model()["tree_info"]):
        table = np.zeros((tree["num_leaves"], x.shape[1]))
        _credit(tree["tree_structure"], np.zeros(x.shape[1]), table)
        told += table[leaves[:, number]]
    return told


def _credit(node: dict, credit: np.ndarray, table: np.ndarray) -> None:
    if "split_feature" not in node:
        table[node.get("leaf_index", 0)] = credit
        return
    for side in ("left_child", "right_child"):
        below = credit.copy()
        below[node["split_feature"]] += _mean(node[side]) - _mean(node)
        _credit(node[side], below, table)


def _mean(node: dict) -> float:
    if "split_feature" not in node:
        return node["leaf_value"]
    parts = [node["left_child"], node["right_child"]]
    counts = [part.get("internal_count", part.get("leaf_count")) for part in parts]
    return float(np.average([_mean(part) for part in parts], weights=counts))


def _agreement(way: str, told: np.ndarray, exact: np.ndarray, scorer: LeadScorer) -> dict[str, object]:
    mine, theirs = (_grouped(values, scorer) for values in (told, exact))
    return {
        "way": way,
        "same top feature": np.mean(told.argmax(axis=1) == exact.argmax(axis=1)),
        "same top reason up": np.mean(mine.argmax(axis=1) == theirs.argmax(axis=1)),
        "same top reason down": np.mean(mine.argmin(axis=1) == theirs.argmin(axis=1)),
        "correlation": float(np.corrcoef(told.ravel(), exact.ravel())[0, 1]),
        "largest difference": f"{np.abs(told - exact).max():.1e}",
    }


def _grouped(values: np.ndarray, scorer: LeadScorer) -> np.ndarray:
    places = [[scorer.columns.index(name) for name in group] for group in scorer.reason_book.groups]
    return np.column_stack([values[:, place].sum(axis=1) for place in places])


def _examples(scorer: LeadScorer, tested: pd.DataFrame, texts: pd.DataFrame) -> None:
    order = scorer.score(tested)["score"].sort_values(ascending=False, kind="stable").index
    for place in order[np.linspace(0, len(order) - 1, 5).astype(int)]:
        for way, sign in (("up", "+"), ("down", "-")):
            for language in ("en", "zh"):
                told = texts[f"reasons_{way}_{language}"].iloc[place]
                if isinstance(told, str):  # missing where nothing speaks that way
                    say(f"{sign} {told.split(' | ')[0]}")


if __name__ == "__main__":
    sys.exit(main())
