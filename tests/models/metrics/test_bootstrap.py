import time

import numpy as np
import pytest

from models.metrics import scores as metrics
from models.metrics.bootstrap import Interval, LeadDraws, interval, lead_bootstrap, paired_interval


def clustered(leads: int = 150, rows: int = 8, seed: int = 0):
    rng = np.random.default_rng(seed)
    p = np.repeat(rng.uniform(0.05, 0.6, leads), rows)
    y = np.repeat(rng.random(leads) < p[::rows], rows).astype(float)
    return y, p, np.repeat([f"L{i}" for i in range(leads)], rows)


def test_a_lead_is_drawn_with_all_its_rows():
    ids = np.array(["b", "a", "b", "c"])
    weights = np.concatenate(list(lead_bootstrap(ids, n=60, seed=1)))
    assert weights.shape == (60, 4)
    assert (weights[:, 0] == weights[:, 2]).all()
    assert (weights[:, [0, 1, 3]].sum(axis=1) == 3).all()
    assert (weights == weights.astype(int)).all()
    assert len(np.unique(weights, axis=0)) > 5


def test_draws_follow_the_seed_and_not_the_order_of_rows():
    ids = np.array(["b", "a", "b", "c"])
    one, two, three = (
        np.concatenate(list(lead_bootstrap(i, n=30, seed=s))) for i, s in ((ids, 1), (ids[::-1], 1), (ids, 2))
    )
    assert (one == two[:, ::-1]).all()
    assert (one != three).any()


def test_more_resamples_begin_with_the_same_draws_in_blocks():
    ids = np.arange(20)
    many, few = (np.concatenate(list(lead_bootstrap(ids, n=n, seed=4))) for n in (50, 25))
    assert (many[:25] == few).all()


@pytest.mark.parametrize("scores", [7, 10_000], ids=["many ties", "few ties"])
def test_leads_drawn_once_measure_what_weights_of_rows_do(scores):
    rng = np.random.default_rng(8)
    p, ids = rng.integers(1, scores, 3000) / scores, rng.integers(0, 900, 3000)
    y = (rng.random(3000) < p).astype(float)
    draws = LeadDraws.of(ids, n=60, seed=3)
    weights = np.concatenate(list(lead_bootstrap(ids, n=60, seed=3)))
    found = draws.measured({"auc": metrics.auc, "log_loss": metrics.log_loss}, y, p)
    assert found["auc"].tolist() == metrics.auc.over(y, p, weights).tolist()
    assert found["log_loss"] == pytest.approx(metrics.log_loss.over(y, p, weights), rel=1e-12)
    assert draws.sums(np.column_stack([y, p]))[:, 0].tolist() == (weights @ y).tolist()
    assert draws.sums(np.column_stack([y, p]))[:, 1] == pytest.approx(weights @ p, rel=1e-12)


def test_one_resample_at_a_time_measures_as_many_together(monkeypatch):
    y, p, ids = clustered()
    together = LeadDraws.of(ids).measured({"auc": metrics.auc}, y, p)["auc"]
    monkeypatch.setattr("models.metrics.bootstrap._BLOCK_NUMBERS", 1)
    assert LeadDraws.of(ids).measured({"auc": metrics.auc}, y, p)["auc"].tolist() == together.tolist()


def test_clustered_rows_need_wider_intervals():
    y, p, ids = clustered()
    by_lead = interval(metrics.brier, y, p, ids)
    by_row = interval(metrics.brier, y, p, np.arange(len(y)))
    assert by_lead.estimate == by_row.estimate == metrics.brier(y, p)
    assert by_lead.low < by_lead.estimate < by_lead.high
    assert by_lead.high - by_lead.low > 1.8 * (by_row.high - by_row.low)


def test_the_interval_covers_at_about_its_level():
    covered = 0
    for seed in range(60):
        y, p, ids = clustered(seed=seed)
        found = interval(metrics.mean_gap, y, p, ids, seed=seed)
        covered += found.low <= 0.0 <= found.high
    assert 51 <= covered <= 60


def test_a_pair_is_drawn_together():
    y, p, ids = clustered()
    assert paired_interval(metrics.auc, y, p, p, ids) == Interval(0.0, 0.0, 0.0)
    worse = np.random.default_rng(0).permutation(p)
    found = paired_interval(metrics.auc, y, p, worse, ids)
    assert found.estimate == metrics.auc(y, p) - metrics.auc(y, worse)
    assert 0.0 < found.low < found.estimate < found.high
    turned = paired_interval(metrics.auc, y, worse, p, ids)
    assert (turned.low, turned.high) == pytest.approx((-found.high, -found.low))


def test_what_is_not_defined_is_nan():
    found = interval(metrics.auc, [0.0, 0.0], [0.1, 0.2], ["a", "b"])
    assert np.isnan([found.estimate, found.low, found.high]).all()
    empty = interval(metrics.brier, [], [], [])
    assert np.isnan([empty.estimate, empty.low, empty.high]).all()


def test_resamples_without_a_close_are_left_out():
    found = interval(metrics.auc, [1.0, 0.0, 0.0], [0.9, 0.2, 0.1], ["a", "b", "c"])
    assert found == Interval(1.0, 1.0, 1.0)


def test_an_interval_of_fifteen_thousand_rows_takes_a_moment():
    y, p, ids = clustered(leads=3000, rows=5)
    started = time.process_time()
    interval(metrics.average_precision, y, p + np.linspace(0.0, 1e-6, len(p)), ids)
    assert time.process_time() - started < 3.0
