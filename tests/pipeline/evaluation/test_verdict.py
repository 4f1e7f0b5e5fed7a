"""What is said of a model before its figures, and that nobody is promoted for being alone."""

import numpy as np
import pandas as pd
import polars as pl
import pytest
from support.command import leadgrade
from support.planted_rows import config_of, flat_rows
from support.trained_world import trained

from pipeline.config.learning import PromotionGate
from pipeline.evaluation.gate import judge_challenger
from pipeline.evaluation.verdict import first_words
from pipeline.training.train import train_rows


@pytest.fixture
def constant(tmp_path, untracked):
    """A flat list whose only number is the same for everybody."""
    closed = np.where(np.random.default_rng(3).random(1000) < 0.2, "yes", "no")
    pd.DataFrame({"lead_id": [f"L{i}" for i in range(1000)], "x": 1, "y": closed}).to_csv(
        tmp_path / "list.csv", index=False
    )
    path = tmp_path / "list.yaml"
    path.write_text(
        "name: list\nflat: true\nsources: {leads: {path: list.csv}}\nattributes: {x: {kind: numeric}}\n"
        "label: {close: outcome, column: y}\ngrades: {A: {at_least: 0.5}}\nmodel: {threads: 1}\n",
        encoding="utf-8",
    )
    return path


def test_a_constant_model_is_called_so_in_the_first_line_and_keeps_no_promise(constant):
    told = leadgrade("train", constant)
    assert told.code == 0, told.err
    assert told.out.splitlines()[0].startswith("the model is constant")
    assert " kept" not in told.out
    assert "one grade for all" in told.out


def test_a_model_that_orders_leads_is_shown_without_further_words(told_once):
    assert told_once["warnings"] == []


def test_the_gate_never_passes_for_want_of_rivals():
    rows, config = flat_rows(1500), config_of(flat=True)
    blind = rows.frame.with_columns(x=1.0, z=1.0)
    poor = train_rows(config, rows.__class__(blind, rows.features, rows.horizons), ())
    found = judge_challenger(
        config, rows.__class__(blind, rows.features, rows.horizons), (), poor.shipped, None, 1201
    )
    assert not found.passed
    assert "not better than the same chance for every lead" in found.reasons[-1]
    good = train_rows(config, rows, ()).shipped
    assert judge_challenger(config, rows, (), good, None, 1201).passed


def test_a_horizon_decides_from_the_least_closes_on_and_not_below():
    rows, config = flat_rows(1500), config_of(flat=True)
    good = train_rows(config, rows, ()).shipped
    closes = int(rows.frame.filter(pl.col("as_of") >= 1201)["closed_outcome"].sum())
    for least, judged in ((closes, True), (closes + 1, False)):
        asked = config.model_copy(update={"promotion": PromotionGate(min_closes=least, beat_rules=False)})
        found = judge_challenger(asked, rows, (), good, None, 1201)
        assert found.passed == judged
        assert found.table.empty != judged


def test_a_model_behind_logistic_regression_says_so_and_one_within_chance_does_not():
    evaluation = trained().training.evaluation
    plain = (evaluation.board["system"] == "logistic_regression") & (evaluation.board["metric"] == "auc")
    for high, said in ((-0.01, True), (0.01, False)):
        board = evaluation.board.copy()
        board.loc[plain, ["gain", "gain_low", "gain_high"]] = [-0.05, -0.09, high]
        changed = evaluation.__class__(**{**vars(evaluation), "board": board})
        assert bool(first_words(changed)) == said
