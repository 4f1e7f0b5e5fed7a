import json

import numpy as np
import pytest
from scipy.special import expit, logit
from test_models_world import simulate

from models.calibration import HazardCalibration, SigmoidCalibration
from models.hazards import compose
from models.metrics import log_loss


def distorted(hazards: np.ndarray) -> np.ndarray:
    return expit(1.7 * logit(hazards) + 1.0)


def test_it_mends_a_distorted_model_and_composes_monotone():
    old, new = simulate(leads=1500), simulate(leads=1500, seed=1)
    calibration = HazardCalibration.fit(distorted(old.hazards), old.events)
    mended = calibration.transform(distorted(new.hazards))
    for window in range(3):
        at_risk = ~np.isnan(new.events[:, window])
        y = new.events[at_risk, window]
        raw = log_loss(y, distorted(new.hazards)[at_risk, window])
        best = log_loss(y, new.hazards[at_risk, window])
        assert log_loss(y, mended[at_risk, window]) < best + 0.1 * (raw - best)
    assert (np.diff(compose(mended), axis=1) >= 0.0).all()


def test_it_keeps_the_ranks_of_each_window():
    world = simulate()
    raw = distorted(world.hazards)
    mended = HazardCalibration.fit(raw, world.events).transform(raw)
    order = np.argsort(raw[:, 0], kind="stable")
    assert (np.diff(mended[order, 0]) >= 0.0).all()


def test_a_row_alone_gets_the_same_bits_as_among_others():
    world = simulate()
    raw = distorted(world.hazards)
    calibration = HazardCalibration.fit(raw, world.events)
    among = calibration.transform(raw)
    for place in range(0, len(raw), 11):
        assert calibration.transform(raw[[place]]).tobytes() == among[[place]].tobytes()


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


def test_numbers_survive_json():
    world = simulate()
    calibration = HazardCalibration.fit(distorted(world.hazards), world.events)
    again = HazardCalibration.from_dict(json.loads(json.dumps(calibration.to_dict())))
    assert again == calibration
    with pytest.raises(ValueError, match="no sigmoid calibration"):
        SigmoidCalibration.from_dict({"method": "sigmoid", "slope": -1.0, "intercept": 0.0})


def test_shapes_must_fit():
    world = simulate()
    with pytest.raises(ValueError, match="events"):
        HazardCalibration.fit(world.hazards, world.events[:, :2])
    with pytest.raises(ValueError, match="expected 3 windows"):
        HazardCalibration.fit(world.hazards, world.events).transform(world.hazards[:, :2])
