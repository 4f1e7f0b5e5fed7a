import json

import numpy as np
import pytest
from scipy.special import expit, logit
from support.hazard_world import simulate

from models.calibration.calibrators import SigmoidCalibration
from models.calibration.choice import CALIBRATIONS
from models.calibration.hazard_calibration import HazardCalibration
from models.metrics.scores import log_loss

METHODS = ["auto", *(one.method for one in CALIBRATIONS)]


def distorted(hazards: np.ndarray) -> np.ndarray:
    return expit(1.7 * logit(hazards) + 1.0)


def calibrated(world, method: str = "auto") -> HazardCalibration:
    instants = np.arange(len(world.events)) // 30
    return HazardCalibration.fit(distorted(world.hazards), world.events, instants, world.lead_ids, method)


@pytest.mark.parametrize(
    ("method", "left"),
    [("auto", 0.1), ("sigmoid", 0.1), ("beta", 0.2), ("isotonic", 0.3), ("venn_abers", 0.3)],
)
def test_it_mends_a_distorted_model_and_composes_monotone(method, left):
    old, new = simulate(leads=1500), simulate(leads=1500, seed=1)
    calibration = calibrated(old, method)
    mended = calibration.transform(distorted(new.hazards))
    for window in range(3):
        at_risk = ~np.isnan(new.events[:, window])
        y = new.events[at_risk, window]
        raw = log_loss(y, distorted(new.hazards)[at_risk, window])
        best = log_loss(y, new.hazards[at_risk, window])
        assert log_loss(y, mended[at_risk, window]) < best + left * (raw - best)
    for part in calibration.probabilities(distorted(new.hazards)):
        assert (np.diff(part, axis=1) >= 0.0).all()


@pytest.mark.parametrize("method", METHODS)
def test_intervals_hold_the_probability(method):
    world = simulate()
    point, low, high = calibrated(world, method).probabilities(distorted(world.hazards))
    assert (low >= 0.0).all()
    assert (low <= point).all()
    assert (point <= high).all()
    assert (high <= 1.0).all()
    assert (low < high).all()


@pytest.mark.parametrize("method", METHODS)
def test_it_keeps_the_ranks_of_each_window(method):
    world = simulate()
    raw = distorted(world.hazards)
    mended = calibrated(world, method).transform(raw)
    for window in range(3):
        order = np.argsort(raw[:, window], kind="stable")
        assert (np.diff(mended[order, window]) >= 0.0).all()


@pytest.mark.parametrize("method", METHODS)
def test_a_row_alone_gets_the_same_bits_as_among_others(method):
    world = simulate()
    raw = distorted(world.hazards)
    calibration = calibrated(world, method)
    among = calibration.probabilities(raw)
    for place in range(0, len(raw), 11):
        alone = calibration.probabilities(raw[[place]])
        assert [part.tobytes() for part in alone] == [part[[place]].tobytes() for part in among]


def events(closes: int, others: int) -> np.ndarray:
    return np.concatenate([np.ones(closes), np.zeros(others), [np.nan] * 3])


def test_without_closes_or_rows_a_hazard_stays_as_it_is():
    hazard = np.array([0.01, 0.2, 0.9, 0.5, 0.5])
    calibration = SigmoidCalibration.fit(hazard, np.full(5, np.nan))
    assert calibration == SigmoidCalibration(1.0, 0.0)
    assert np.allclose(calibration.transform(hazard), hazard, rtol=1e-12)


def test_few_closes_move_a_hazard_a_little_and_many_all_the_way():
    def shifted(rows: int) -> float:
        hazard = np.full(rows, 0.1)
        event = np.zeros(rows)
        event[: rows // 5] = 1.0
        return float(SigmoidCalibration.fit(hazard, event).transform(np.array([0.1]))[0])

    assert 0.1 < shifted(10) < 0.13 < shifted(100) < shifted(1_000) < shifted(100_000)
    assert shifted(100_000) == pytest.approx(0.2, abs=0.001)


def test_a_model_that_ranks_backwards_keeps_its_ranks():
    event = events(100, 300)
    hazard = np.where(np.nan_to_num(event) == 1.0, 0.2, 0.4) + np.linspace(0.0, 0.1, len(event))
    calibration = SigmoidCalibration.fit(hazard, event)
    assert 0.0 < calibration.slope < 1.0
    assert (np.diff(calibration.transform(np.array([0.1, 0.2, 0.3]))) > 0.0).all()


def test_extremes_and_perfect_separation_stay_finite():
    event = events(50, 50)
    calibration = SigmoidCalibration.fit(np.where(event == 1.0, 1.0, 0.0), event)
    assert np.isfinite([calibration.slope, calibration.intercept]).all()
    assert np.isfinite(calibration.transform(np.array([0.0, 1.0, 0.5]))).all()


@pytest.mark.parametrize("method", METHODS)
def test_numbers_survive_json(method):
    calibration = calibrated(simulate(), method)
    again = HazardCalibration.from_dict(json.loads(json.dumps(calibration.to_dict(), allow_nan=False)))
    assert again == calibration


def test_what_does_not_fit_is_refused():
    world = simulate()
    fitted = calibrated(world)
    with pytest.raises(ValueError, match="events"):
        HazardCalibration.fit(world.hazards, world.events[:, :2], world.lead_ids, world.lead_ids)
    with pytest.raises(ValueError, match="expected 3 windows"):
        fitted.transform(world.hazards[:, :2])
    with pytest.raises(ValueError, match="expected 3 windows"):
        fitted.probabilities(world.hazards[:, :2])
    with pytest.raises(ValueError, match="3 calibrated windows, but 2 with intervals"):
        HazardCalibration(fitted.windows, fitted.bounds[:2])
