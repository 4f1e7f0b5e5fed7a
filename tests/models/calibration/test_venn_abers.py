"""Our Venn-Abers intervals against a package of theirs and against their definition."""

import numpy as np
import pytest
from scipy.special import logit
from sklearn.isotonic import IsotonicRegression

from models.calibration.venn_abers import VennAbersCalibration, intervals

with np.errstate():  # the package changes numpy's settings for everybody
    from venn_abers.venn_abers import calc_p0p1, calc_probs


def world(seed, n, decimals):
    rng = np.random.default_rng(seed)
    raw = np.round(rng.random(n), decimals)
    return raw, (rng.random(n) < raw ** rng.choice([0.3, 1.0, 3.0])).astype(float)


def ends(raw, event, asked):
    """The exact interval of each hazard asked for."""
    scores, low, high = intervals(raw, event)
    lows = np.append(0.0, low)[np.searchsorted(scores, asked, "right")]
    return lows, np.append(high, 1.0)[np.searchsorted(scores, asked, "left")]


@pytest.mark.filterwarnings("ignore:All-NaN slice encountered:RuntimeWarning")
@pytest.mark.parametrize("decimals", [1, 2, 9])
@pytest.mark.parametrize("n", [2, 7, 60, 400])
@pytest.mark.parametrize("seed", range(8))
def test_the_intervals_are_the_packages(seed, n, decimals):
    raw, event = world(seed, n, decimals)
    asked = np.concatenate([raw, world(seed + 100, 50, decimals)[0], [0.0, 1.0]])
    with np.errstate(divide="ignore", invalid="ignore"):
        p0, p1, scores = calc_p0p1(np.column_stack([1.0 - raw, raw]), event)
        point, theirs = calc_probs(p0, p1, scores, np.column_stack([1.0 - asked, asked]))
    assert np.allclose(np.column_stack(ends(raw, event, asked)), theirs, rtol=0, atol=1e-12)
    kept = VennAbersCalibration.fit(raw, event)
    # What is stored is rounded outwards, by at most a hundredth in log-odds at either end.
    assert np.abs(kept.transform(asked) - point[:, 1]).max() < 0.0051


@pytest.mark.parametrize("seed", range(6))
def test_the_ends_are_isotonic_curves_with_the_lead_itself_put_in(seed):
    raw, event = world(seed, 40, 2)
    asked = np.random.default_rng(seed).random(15).round(2)
    for outcome, found in zip((0.0, 1.0), ends(raw, event, asked), strict=True):
        for hazard, end in zip(asked, found, strict=True):
            curve = IsotonicRegression().fit(np.append(raw, hazard), np.append(event, outcome))
            assert end == pytest.approx(curve.predict([hazard])[0], abs=1e-12)


def test_what_is_stored_is_thin_and_within_a_hundredth_of_the_log_odds():
    rng = np.random.default_rng(2)
    raw = rng.beta(1.0, 10.0, 50_000)
    event = (rng.random(len(raw)) < raw).astype(float)
    kept = VennAbersCalibration.fit(raw, event)
    assert len(kept.low.values) + len(kept.high.values) < 1000
    inside = raw[(raw > 0.01) & (raw < 0.5)]
    for exact, stored in zip(ends(raw, event, inside), kept.interval(inside), strict=True):
        assert np.abs(logit(exact) - logit(stored)).max() < 0.010001
    exact_low, exact_high = ends(raw, event, inside)
    low, high = kept.interval(inside)
    assert (low <= exact_low + 1e-12).all()
    assert (high >= exact_high - 1e-12).all()


def test_more_rows_make_intervals_narrower():
    widths = []
    for n in (200, 2_000, 20_000):
        rng = np.random.default_rng(3)
        raw = rng.beta(1.0, 6.0, n)
        low, high = VennAbersCalibration.fit(raw, (rng.random(n) < raw).astype(float)).interval(raw)
        assert (low < high).all()
        widths.append(float(np.median(high - low)))
    assert widths[0] > 2.0 * widths[1] > 4.0 * widths[2]


def test_without_rows_nothing_is_known():
    empty = VennAbersCalibration.fit(np.array([0.2]), np.array([np.nan]))
    assert empty == VennAbersCalibration()
    assert [end.tolist() for end in empty.interval(np.array([0.3]))] == [[0.0], [1.0]]


def test_importing_the_package_left_numpys_settings_alone():
    assert np.geterr()["divide"] == "warn"
