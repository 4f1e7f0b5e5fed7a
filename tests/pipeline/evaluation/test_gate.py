"""The gate's tests: an equal challenger passes, a worse one does not, and many rivals are no lottery."""

import numpy as np
import pandas as pd
import pytest
from benchmarks import gate as simulated
from scipy.stats import norm

from models.metrics.auc_error import auc_difference_error
from models.metrics.bootstrap import LeadDraws
from models.metrics.holm import holm_intervals
from models.metrics.scores import auc
from pipeline.config.learning import PromotionGate
from pipeline.evaluation.gate import failures
from pipeline.evaluation.gate_tests import COLUMNS, MEAN, NOT_WORSE

WORLDS = range(12)


def test_an_equal_challenger_passes():
    passed = [simulated.passes(250, simulated.NOISE, seed) for seed in WORLDS]
    assert np.mean(passed) >= 0.8


def test_a_much_worse_one_does_not():
    noise = simulated.noise_for(0.03)
    passed = [simulated.passes(1500, noise, seed) for seed in WORLDS]
    assert np.mean(passed) <= 0.2


def test_holm_calls_none_worse_in_nineteen_of_twenty_families_where_all_are_alike():
    rng = np.random.default_rng(0)
    families = rng.normal(size=(3000, 20))
    called = [any(one.high < 0.0 for one in holm_intervals(z, np.ones(20), 0.05)) for z in families]
    assert np.mean(called) == pytest.approx(0.05, abs=0.012)
    each = families < norm.ppf(0.05)
    assert each.any(axis=1).mean() > 0.6  # without a correction


def test_holm_rejects_one_after_another():
    """-2.9 is below -2.13 (a third of the risk), -2.0 below -1.96 (a half), -1.7 below -1.64 (all of it)."""
    told = holm_intervals([-1.7, -2.9, -2.0], [1.0, 1.0, 1.0], 0.05)
    assert [one.high < 0.0 for one in told] == [True, True, True]
    told = holm_intervals([-1.7, -1.9, -2.0], [1.0, 1.0, 1.0], 0.05)
    assert [one.high < 0.0 for one in told] == [False, False, False]
    assert [one.high for one in holm_intervals([0.0, -0.1], [0.0, 0.0], 0.05)] == [0.0, -0.1]
    assert holm_intervals([], [], 0.05) == []


def test_the_error_of_an_auc_difference_is_that_of_resamples_of_leads():
    rng = np.random.default_rng(1)
    leads = np.repeat(np.arange(400), 4)
    x = np.repeat(rng.normal(size=400), 4)
    closed = np.repeat(rng.random(400) < 1.0 / (1.0 + np.exp(1.0 - x[::4])), 4).astype(float)
    one, other = (1.0 / (1.0 + np.exp(-x - np.repeat(rng.normal(0, s, 400), 4))) for s in (0.3, 0.8))
    draws = LeadDraws.of(leads, n=400)
    drawn = [draws.measured({"auc": auc}, closed, p)["auc"] for p in (one, other)]
    found = auc_difference_error(closed, one, other, leads)
    assert found == pytest.approx(np.std(drawn[0] - drawn[1]), rel=0.12)
    assert found > 1.5 * auc_difference_error(closed, one, other, np.arange(len(leads)))
    assert auc_difference_error(closed, one, one, leads) == 0.0


def line(**changes):
    told = {"metric": "log_loss", "horizon": MEAN, "against": "champion", "asked": NOT_WORSE}
    told |= {"challenger": 0.3, "other": 0.3, "better_by": -0.01, "low": -0.03, "high": 0.01}
    return pd.DataFrame([told | {"verdict": "not told apart"} | changes], columns=COLUMNS)


def test_the_mean_log_loss_has_the_slack_of_chance_and_the_configured_one():
    assert failures(PromotionGate(), line()) == []
    (said,) = failures(PromotionGate(), line(high=-0.002))
    assert "log-loss is higher than the champion's, as the mean over horizons: by 0.0100" in said
    assert failures(PromotionGate(log_loss_slack=0.005), line(high=-0.002)) == []


def test_a_baseline_that_is_better_beyond_chance_refuses_and_one_within_chance_does_not():
    worse = line(metric="auc", horizon="30d", against="logistic_regression", verdict="worse", high=-0.001)
    assert "worse than logistic_regression, beyond chance" in failures(PromotionGate(), worse)[0]
    alike = line(metric="auc", horizon="30d", against="logistic_regression")
    assert failures(PromotionGate(), alike) == []
