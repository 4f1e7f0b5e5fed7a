"""What calibrating changed on the test period, measure by measure."""

import numpy as np
import pytest
from support.trained_world import trained

from models.metrics.scores import brier, calibration_error, log_loss
from pipeline.evaluation.calibration_effect import before_and_after, change_summary, choice_table

LEADS = np.repeat([f"L{i}" for i in range(400)], 2).astype(object)


def world(seed=0):
    rng = np.random.default_rng(seed)
    true = np.sort(rng.beta(1, 5, (800, 2)), axis=1)
    closed = (rng.random((800, 1)) < true).astype(float)
    closed[500:, 1] = np.nan
    return true, closed


def test_every_measure_is_that_of_the_ripe_rows():
    true, closed = world()
    table = before_and_after(true / 2.0, true, closed, LEADS, ("30d", "90d")).set_index(["horizon", "metric"])
    for k, (horizon, ripe) in enumerate({"30d": slice(None), "90d": slice(500)}.items()):
        for metric in (log_loss, brier, calibration_error):
            line = table.loc[(horizon, metric.__name__)]
            assert line["raw"] == metric(closed[ripe, k], true[ripe, k] / 2.0)
            assert line["calibrated"] == metric(closed[ripe, k], true[ripe, k])
            assert line["gain"] == pytest.approx(line["raw"] - line["calibrated"])
            assert line["gain_low"] <= line["gain"] <= line["gain_high"]
            assert line["closes"] == closed[ripe, k].sum()


def test_a_gain_beyond_chance_and_a_harm_beyond_chance_are_told_apart():
    true, closed = world()
    wrong = np.clip(true * 3.0, 0.0, 0.99)
    better = before_and_after(wrong, true, closed, LEADS, ("30d", "90d"))
    worse = before_and_after(true, wrong, closed, LEADS, ("30d", "90d"))
    assert (better["gain_low"] > 0.0).all()
    assert (worse["gain_high"] < 0.0).all()
    assert set(change_summary(better)["verdict"]) == {"better"}
    assert set(change_summary(worse)["verdict"]) == {"hurt"}
    none = before_and_after(true, true, closed, LEADS, ("30d", "90d"))
    assert (none[["gain", "gain_low", "gain_high"]] == 0.0).all(axis=None)
    assert set(change_summary(none)["verdict"]) == {"no difference beyond chance"}


def test_a_horizon_without_ripe_rows_is_left_out():
    true, closed = world()
    closed[:, 1] = np.nan
    assert set(before_and_after(true, true, closed, LEADS, ("30d", "90d"))["horizon"]) == {"30d"}


def test_an_evaluation_tells_the_choice_and_what_it_changed():
    training = trained().training
    evaluation = training.evaluation
    table = choice_table(training.scorer)
    assert evaluation.choices.equals(table)
    assert table.loc[table["chosen"], "window"].tolist() == list(training.scorer.horizons)
    chosen = [window.method for window in training.scorer.calibration.windows]
    assert table.loc[table["chosen"], "method"].tolist() == chosen
    board = evaluation.board.set_index(["horizon", "leads_in", "system", "metric"])["value"]
    for _, line in evaluation.calibration.iterrows():
        assert board[(line["horizon"], "all", "model", line["metric"])] == line["calibrated"]
    assert evaluation.raw[:, -1].tolist() == evaluation.rows["score"].tolist()
