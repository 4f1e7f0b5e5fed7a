import numpy as np
import pytest
from sklearn import metrics as reference

from models.metrics import scores

RANKED = [scores.auc, scores.average_precision, scores.lift_at, scores.capture_at, scores.alift]
ALL = [*RANKED, scores.brier, scores.log_loss, scores.calibration_error, scores.mean_gap]
SAME_AS_SKLEARN = [
    (scores.auc, reference.roc_auc_score),
    (scores.average_precision, reference.average_precision_score),
    (scores.brier, reference.brier_score_loss),
    (scores.log_loss, reference.log_loss),
]


def sample(seed: int, n: int = 300, ties: bool = False):
    rng = np.random.default_rng(seed)
    p = rng.uniform(0.01, 0.99, n)
    p = np.round(p, 1).clip(0.05, 0.95) if ties else p
    return (rng.random(n) < p).astype(float), p, rng.integers(0, 4, n).astype(float)


@pytest.mark.parametrize("ties", [False, True])
@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize(("ours", "theirs"), SAME_AS_SKLEARN, ids=lambda f: f.__name__)
def test_equal_to_sklearn(ours, theirs, weighted, ties):
    for seed in range(5):
        y, p, weight = sample(seed, ties=ties)
        weight = weight if weighted else np.ones(len(y))
        assert np.isclose(ours(y, p, weight), theirs(y, p, sample_weight=weight), rtol=1e-12)


@pytest.mark.parametrize("ties", [False, True])
@pytest.mark.parametrize("metric", ALL, ids=lambda f: f.__name__)
def test_a_weight_is_a_number_of_copies(metric, ties):
    y, p, weight = sample(1, ties=ties)
    times = weight.astype(int)
    copied = metric(np.repeat(y, times), np.repeat(p, times))
    assert np.isclose(metric(y, p, weight), copied, rtol=1e-12)


@pytest.mark.parametrize("metric", ALL, ids=lambda f: f.__name__)
def test_many_weights_at_once_equal_one_at_a_time(metric):
    y, p, _ = sample(2, ties=True)
    weights = np.random.default_rng(0).integers(0, 3, (7, len(y))).astype(float)
    assert metric.over(y, p, weights).tolist() == [metric(y, p, weight) for weight in weights]


@pytest.mark.parametrize("ties", [False, True])
@pytest.mark.parametrize("metric", ALL, ids=lambda f: f.__name__)
def test_order_of_rows_plays_no_part(metric, ties):
    y, p, weight = sample(3, ties=ties)
    order = np.random.default_rng(0).permutation(len(y))
    assert np.isclose(metric(y[order], p[order], weight[order]), metric(y, p, weight), rtol=1e-12)


@pytest.mark.parametrize("metric", RANKED, ids=lambda f: f.__name__)
def test_only_the_ranks_count(metric):
    y, p, _ = sample(4)
    assert metric(y, p) == metric(y, 100.0 * p**3 - 5.0)


def test_lift_and_capture_by_hand():
    y = [1, 1, 0, 1, 0, 0, 0, 0, 0, 0]
    p = np.arange(10, 0, -1) / 10
    assert scores.lift_at(y, p) == pytest.approx(1.0 / 0.3)
    assert scores.lift_at(y, p, share=0.4) == pytest.approx(0.75 / 0.3)
    assert scores.capture_at(y, p) == pytest.approx(2 / 3)
    assert scores.capture_at.with_options(share=0.5)(y, p) == 1.0


def test_ties_at_the_cut_count_by_their_part():
    y = [1, 1, 0, 1, 0, 0, 0, 0, 0, 0]
    p = [0.9, 0.5, 0.5, 0.5, 0.5, 0.1, 0.1, 0.1, 0.1, 0.1]
    # the top 3 are the first row and 2 of the 4 tied rows, of which a half closed
    assert scores.capture_at(y, p, share=0.3) == pytest.approx((1 + 1) / 3)
    assert scores.lift_at(y, p, share=0.3) == pytest.approx((2 / 3) / 0.3)
    assert scores.lift_at(y, np.full(10, 0.3)) == pytest.approx(1.0)


@pytest.mark.parametrize("ties", [False, True])
def test_alift_is_the_auc_in_other_words(ties):
    y, p, weight = sample(5, ties=ties)
    rate = np.average(y, weights=weight)
    assert scores.alift(y, p, weight) == pytest.approx(rate / 2 + (1 - rate) * scores.auc(y, p, weight))


def test_alift_is_the_area_under_the_gains_curve():
    y, p, _ = sample(6, ties=True)
    shares = np.linspace(0.0, 1.0, 2001)[1:-1]
    gains = [0.0, *(scores.capture_at(y, p, share=share) for share in shares), 1.0]
    assert scores.alift(y, p) == pytest.approx(np.trapezoid(gains, dx=1 / 2000), abs=1e-6)


def test_calibration_error_by_hand():
    y = np.array([0.0] * 9 + [1.0] + [1.0] * 10)
    p = np.array([0.3] * 10 + [0.8] * 10)
    assert scores.calibration_error(y, p) == pytest.approx(0.5 * abs(0.1 - 0.3) + 0.5 * abs(1.0 - 0.8))
    assert scores.mean_gap(y, p) == pytest.approx(0.55 - 0.55)


def test_calibration_error_has_ten_bins_of_equal_mass():
    rng = np.random.default_rng(0)
    y, p = (rng.random(1000) < 0.4).astype(float), np.sort(rng.random(1000))[::-1]
    bins = [abs(y[i : i + 100].mean() - p[i : i + 100].mean()) for i in range(0, 1000, 100)]
    assert scores.calibration_error(y, p) == pytest.approx(np.mean(bins))


def test_log_loss_is_clipped():
    assert scores.log_loss([1.0], [0.0]) == pytest.approx(-np.log(1e-12))
    assert scores.log_loss([0.0], [1.0]) == pytest.approx(-np.log(1e-12), rel=1e-4)
    assert scores.log_loss([0.0, 1.0], [0.0, 1.0]) == pytest.approx(0.0, abs=1e-11)


@pytest.mark.parametrize("metric", RANKED, ids=lambda f: f.__name__)
def test_no_closes_is_not_defined(metric):
    assert np.isnan(metric([0.0, 0.0], [0.1, 0.2]))
    assert np.isnan(metric([0.0, 1.0], [0.1, 0.2], [1.0, 0.0]))


@pytest.mark.parametrize("metric", ALL, ids=lambda f: f.__name__)
def test_no_rows_are_not_defined(metric):
    assert np.isnan(metric([], []))


def test_wrong_input_is_refused():
    with pytest.raises(ValueError, match="not ripe"):
        scores.auc([1.0, np.nan], [0.1, 0.2])
    with pytest.raises(ValueError, match="p a number"):
        scores.auc([1.0, 0.0], [0.1, np.nan])
    with pytest.raises(ValueError, match="do not fit"):
        scores.auc([1.0, 0.0], [0.1])
    with pytest.raises(ValueError, match="do not fit"):
        scores.auc([1.0, 0.0], [0.1, 0.2], [1.0])


def test_a_tied_group_stays_in_the_bin_of_its_middle():
    # of 100 rows the group of .8 fills places 9 to 18, middle 13: the second bin, apart from the .9s
    p = np.array([0.9] * 8 + [0.8] * 10 + [0.0] * 82)
    y = np.array([1.0] * 8 + [0.0] * 10 + [0.0] * 82)
    assert scores.calibration_error(y, p) == pytest.approx((8 * 0.1 + 10 * 0.8) / 100)
