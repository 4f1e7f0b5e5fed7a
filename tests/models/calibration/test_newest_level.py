import json

import numpy as np
import pytest
from scipy.special import expit, logit

from models.calibration.hazard_calibration import HazardCalibration
from models.calibration.newest_level import LEAST_FATES, NewestLevel, newest_level
from models.grades.newest_promises import newest_promises
from models.grades.policy import GradePolicy
from models.hazards import compose

ROWS = 6000


def listed(shift_of_place, seed=0, rows=ROWS, leads=None):
    """Log-odds, closes and instants of a list whose level is shifted place by place."""
    rng = np.random.default_rng(seed)
    places = np.arange(rows)
    odds = rng.normal(-1.2, 0.8, rows)
    closed = (rng.random(rows) < expit(odds + shift_of_place(places))).astype(float)
    return odds, closed, places, places if leads is None else leads


def test_a_step_is_followed_from_the_rows_after_it_and_its_error_told():
    odds, closed, instants, leads = listed(lambda place: np.where(place < 4500, -0.3, 0.9))
    found = newest_level(odds, closed, instants, leads)
    assert found.shift == pytest.approx(0.9, abs=0.2)
    assert 300 < found.rows <= 2000
    assert 0.03 < found.error < 0.15
    assert found.leads == found.rows


@pytest.mark.parametrize("seed", range(6))
def test_where_nothing_shifts_little_is_moved(seed):
    found = newest_level(*listed(np.zeros_like, seed))
    assert abs(found.shift) < 0.3
    if found.rows == ROWS:
        assert (found.shift, found.error) == (0.0, 0.0)


def test_it_is_mostly_nothing_that_is_moved_where_nothing_shifts():
    found = [newest_level(*listed(np.zeros_like, seed)) for seed in range(40)]
    assert np.mean([one.rows == ROWS for one in found]) >= 0.5
    # The 100 newest closes alone would be off by .12.
    assert np.sqrt(np.mean([one.shift**2 for one in found])) < 0.1


def test_a_step_in_the_last_rows_is_followed_once_they_hold_enough():
    def late(rows):
        return newest_level(*listed(lambda place: np.where(place < ROWS - rows, 0.0, 1.5))).shift

    assert late(500) == pytest.approx(1.5, abs=0.4)
    assert abs(late(20)) < 0.4


def test_too_few_closes_move_nothing():
    odds, closed, instants, leads = listed(lambda place: np.where(place < 4500, -0.3, 0.9))
    few = np.flatnonzero(closed)[LEAST_FATES - 1 :]
    closed[few] = 0.0
    found = newest_level(odds, closed, instants, leads)
    assert found == NewestLevel(rows=ROWS, leads=ROWS)
    closed[few[0]] = 1.0
    assert newest_level(odds, closed, instants, leads).rows < ROWS
    assert newest_level(odds[:0], closed[:0], instants[:0], leads[:0]).shift == 0.0


def test_rows_of_one_instant_stay_together_and_their_order_plays_no_part():
    odds, closed, instants, leads = listed(lambda place: np.where(place < 4500, -0.3, 0.9))
    months = instants // 700
    found = newest_level(odds, closed, months, leads)
    assert (ROWS - found.rows) % 700 == 0
    order = np.random.default_rng(1).permutation(ROWS)
    assert newest_level(odds[order], closed[order], months[order], leads[order]) == found


def test_a_lead_counts_once_however_many_rows_it_has():
    """Each lead has ten rows with one fate: a tenth of the closes, and errors over leads."""
    leads = np.arange(ROWS) // 10
    rng = np.random.default_rng(3)
    fate = (rng.random(ROWS // 10) < 0.3).astype(float)
    odds, instants = np.full(ROWS, logit(0.3)), np.arange(ROWS)
    found = newest_level(odds - (instants > 2000), fate[leads], instants, leads)
    assert found.rows == pytest.approx(10 * found.leads, abs=10)
    closes = np.unique(leads[ROWS - found.rows :][fate[leads][ROWS - found.rows :] == 1.0])
    assert len(closes) >= 85
    assert found.leads >= 2 * LEAST_FATES
    assert found.error == pytest.approx(1.0 / np.sqrt(0.21 * found.leads), rel=0.4)


def three_windows(shift):
    rng = np.random.default_rng(5)
    odds = rng.normal(-1.0, 0.8, (ROWS, 2))
    late = np.arange(ROWS)[:, None] >= 4000
    hazards = expit(odds)
    closing = rng.random((ROWS, 2)) < expit(odds + shift * late)
    events = closing.astype(float)
    events[closing[:, 0], 1] = np.nan
    return hazards, events, np.arange(ROWS)


def test_the_level_is_part_of_every_answer_and_survives_json():
    hazards, events, places = three_windows(1.0)
    calibration = HazardCalibration.fit(hazards, events, places, places, "sigmoid")
    assert all(level.shift > 0.4 for level in calibration.levels)
    now, before = (one.transform(hazards) for one in (calibration, calibration.of_all_rows))
    np.testing.assert_allclose(
        logit(now) - logit(before), [[level.shift for level in calibration.levels]] * ROWS, atol=1e-9
    )
    assert np.nanmean((now - events)[4000:]) == pytest.approx(0.0, abs=0.03)
    assert np.nanmean((before - events)[4000:]) < -0.05
    point, low, high = calibration.probabilities(hazards)
    assert (low <= point).all()
    assert (point <= high).all()
    assert low.mean() > calibration.of_all_rows.probabilities(hazards)[1].mean()
    again = HazardCalibration.from_dict(json.loads(json.dumps(calibration.to_dict(), allow_nan=False)))
    assert again == calibration
    old = {name: part for name, part in calibration.to_dict().items() if name != "levels"}
    assert HazardCalibration.from_dict(old) == calibration.of_all_rows
    assert "levels" not in calibration.of_all_rows.to_dict()


def test_families_are_chosen_on_the_latest_rows_and_learned_on_all():
    hazards, events, places = three_windows(0.0)
    latest = places >= 3000
    early = np.where(latest[:, None], events, 1.0 - events)
    plain = HazardCalibration.fit(hazards, events, places, places, "auto", latest)
    turned = HazardCalibration.fit(hazards, early, places, places, "auto", latest)
    assert [one.to_dict() for one in turned.choices] == [one.to_dict() for one in plain.choices]
    assert turned.windows != plain.windows


def test_promises_are_those_of_the_newest_level_with_its_error_in_them():
    hazards, events, places = three_windows(1.0)
    closed = np.column_stack([events[:, 0], np.where(events[:, 0] == 1.0, 1.0, events[:, 1])])
    calibration = HazardCalibration.fit(hazards, events, places, places, "sigmoid")
    policy = GradePolicy.from_thresholds({"A": ("30d", 0.5), "B": ("30d", 0.2)}, ("30d", "90d"))
    grades = policy.assign(calibration.chances(hazards))
    late = places >= 4000
    moved = newest_promises(policy, calibration, hazards, None, closed, places)
    still = newest_promises(policy, calibration.of_all_rows, hazards, None, closed, places)
    for promise in moved.promises:
        k = policy.horizons.index(promise.by)
        inside = late & (grades == promise.grade)
        true = compose(expit(logit(hazards[inside]) + 1.0))[:, k].mean()
        assert promise.rate == pytest.approx(true, abs=0.08)
        assert promise.low < true < promise.high
        own = ((grades == promise.grade) & ~np.isnan(closed[:, k])).sum()
        assert promise.effective < own
    best = moved.promises[0]
    assert best.effective < 0.6 * ((grades == "A") & ~np.isnan(closed[:, 0])).sum()
    # Without a level nothing is moved: rates are those of all rows.
    for promise in still.promises:
        k = policy.horizons.index(promise.by)
        inside = policy.assign(calibration.of_all_rows.chances(hazards)) == promise.grade
        assert promise.rate == pytest.approx(np.nanmean(closed[inside, k]))
