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
    assert [w.method for w in calibration.windows] == ["sigmoid"] * 3
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


@pytest.mark.parametrize(
    ("closes", "others", "method"),
    [
        (20, 20, "sigmoid"),
        (19, 500, "shift"),
        (500, 19, "shift"),
        (5, 80, "shift"),
        (4, 80, "none"),
        (0, 0, "none"),
    ],
)
def test_few_closes_fall_back(closes, others, method):
    event = events(closes, others)
    hazard = np.clip(
        0.3 + 0.2 * np.nan_to_num(event) + np.random.default_rng(0).normal(0, 0.1, len(event)), 0.01, 0.9
    )
    calibration = SigmoidCalibration.fit(hazard, event)
    assert calibration.method == method
    if method == "none":
        assert (calibration.transform(hazard) == hazard).all()
    if method == "shift":
        at_risk = ~np.isnan(event)
        assert calibration.slope == 1.0
        assert np.isclose(calibration.transform(hazard)[at_risk].mean(), event[at_risk].mean(), atol=1e-6)


def test_a_model_that_ranks_backwards_is_only_shifted():
    event = events(100, 300)
    hazard = np.where(np.nan_to_num(event) == 1.0, 0.2, 0.4) + np.linspace(0.0, 0.1, len(event))
    calibration = SigmoidCalibration.fit(hazard, event)
    assert calibration.method == "shift"
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
