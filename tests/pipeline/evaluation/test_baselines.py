"""The baselines stand in every leaderboard; where grades part, lead by lead, they take no part."""

import numpy as np
import polars as pl
import pytest
from support.on_the_road import training_rows
from support.trained_world import trained

from pipeline.cli.screens import evaluation as screen
from pipeline.comparison.sides import sides_of
from pipeline.config.config import Config
from pipeline.evaluation import baselines
from pipeline.evaluation.baselines import fit_baselines, stage_order
from pipeline.fitting.fit import in_periods
from pipeline.fitting.split import find_periods
from pipeline.training.train import train_rows

BASELINES = ["naive_bayes", "logistic_regression", "histogram_boosting"]


@pytest.fixture(scope="module")
def world():
    return trained()


def test_every_leaderboard_has_the_baselines_with_an_interval(world):
    board = world.training.evaluation.board
    lines = board[(board["kind"] == "baseline") & (board["metric"] == "auc") & (board["leads_in"] == "all")]
    assert lines.groupby("horizon")["system"].apply(list).to_dict() == dict.fromkeys(
        board["horizon"], BASELINES
    )
    assert (lines["value"] > 0.6).all()
    assert (lines["gain_low"] < lines["gain"]).all()


def again(world, **columns) -> dict[str, bool]:
    """Which baselines say the same to the last bit when columns of the rows are others."""
    frame = in_periods(world.config, world.rows, find_periods(world.rows.frame, world.config.split))
    changed = fit_baselines(world.config, world.rows, frame.assign(**columns), world.training.scorer.policy)
    said = {one.name: one.probabilities for one in world.training.evaluation.systems}
    return {one.name: bool((one.probabilities == said[one.name]).all()) for one in changed}


def test_a_crm_sees_attributes_and_stage_and_no_calls(world):
    calls = [name for name in world.rows.frame.columns if name.startswith(("calls_", "days_since_call"))]
    same = again(world, **dict.fromkeys(calls, 0.0))
    assert calls
    assert same == dict.fromkeys(BASELINES, False) | {"naive_bayes": True}


def test_labels_of_the_test_period_teach_them_nothing(world):
    labels = [name for name in world.rows.frame.columns if name.startswith(("closed_", "window_"))]
    assert again(world, **dict.fromkeys(labels, 0.0)) == dict.fromkeys(BASELINES, True)


def test_of_many_leads_plain_models_learn_from_some_and_the_crm_from_all(world, monkeypatch):
    monkeypatch.setattr(baselines, "MOST_LEADS", 500)
    assert again(world) == {"naive_bayes": True, "logistic_regression": False, "histogram_boosting": False}


def test_stages_come_in_the_order_of_the_road(world):
    order = stage_order(world.rows.frame.to_pandas())
    assert order == ["新线索", "已联系", "有意向", "方案评估", "商务谈判"]


def test_they_are_no_side_of_a_comparison_of_grades(world):
    training = world.training
    told = sides_of(training.evaluation, training.scorer.policy, {}, "30d")
    assert not {one.name for one in told} & set(BASELINES)
    assert {one.name for one in told} >= {"manual_grade"}


def test_the_screen_shows_them_beside_the_best_few(world, capsys):
    screen.results(world.training.evaluation, "demo", whole=False)
    shown = capsys.readouterr().out
    assert all(shown.count(f" {name} ") == 3 for name in BASELINES)


def flat_list(rows: int) -> pl.DataFrame:
    rng = np.random.default_rng(0)
    age = rng.integers(20, 70, rows)
    return pl.DataFrame(
        {
            "lead_id": [f"L{i}" for i in range(rows)],
            "row_number": range(1, rows + 1),
            "age": age.astype(float),
            "job": rng.choice(["clerk", "farmer", None], rows).tolist(),
            "empty": pl.Series([None] * rows, dtype=pl.String),
            "y": np.where(rng.random(rows) < age / 100, "yes", "no"),
        }
    )


def test_a_flat_list_with_a_column_without_values():
    config = Config.model_validate(
        {
            "name": "list",
            "flat": True,
            "sources": {"leads": {"path": "leads.csv"}},
            "attributes": {"age": {"kind": "numeric"}, "job": {}, "empty": {}},
            "label": {"close": "outcome", "column": "y", "won_values": ("yes",)},
            "grades": {"A": {"at_least": 0.5}},
            "model": {"max_trees": 20, "threads": 1},
        }
    )
    rows = training_rows(config, {"leads": flat_list(400)})
    evaluation = train_rows(config, rows, ()).evaluation
    assert [one.name for one in evaluation.systems] == ["model", *BASELINES]
    assert set(evaluation.board["system"]) == {"model", *BASELINES}
    assert set(evaluation.systems[1].grades) == {"A", "B"}
