"""Which family a window gets: what is planted where there is much, the sigmoid where there is little."""

import numpy as np
import pytest
from scipy.special import expit, logit

from models.calibration import choice as calibration_choice
from models.calibration.calibrators import NoCalibration, SigmoidCalibration
from models.calibration.choice import Choice, choose_calibration, family, folds
from models.calibration.hazard_calibration import HazardCalibration

PLANTED = {
    "none": lambda raw: raw,
    "sigmoid": lambda raw: expit(0.6 + 0.6 * logit(raw)),
    "beta": lambda raw: expit(0.2 + 0.8 * np.log(raw) - 3.0 * np.log1p(-raw)),
    "isotonic": lambda raw: np.where(raw < 0.12, 0.05, np.where(raw < 0.3, 0.25, 0.6)),
}


def planted(name, leads, rows=2, seed=0, level=3.0):
    """Raw hazards, events, instants and leads of a world that closes by a planted law."""
    rng = np.random.default_rng(seed)
    raw = rng.beta(1.0, level, leads * rows)
    event = (rng.random(len(raw)) < PLANTED[name](raw)).astype(float)
    return (
        raw,
        event,
        np.tile(np.arange(leads) // 10, rows) + np.repeat(np.arange(rows), leads),
        np.tile([f"L{i}" for i in range(leads)], rows),
    )


def chosen(*world):
    (found,) = (choice for choice in choose_calibration(1, *world) if choice.chosen)
    return found


@pytest.mark.parametrize("name", PLANTED)
def test_with_many_rows_the_planted_family_is_found(name):
    found = chosen(*planted(name, 10_000))
    # Where nothing is to mend, a sigmoid that changes nothing is as good.
    as_good = {"none": ["none", "sigmoid"], "isotonic": ["isotonic", "venn_abers"]}
    assert found.method in as_good.get(name, [name])


@pytest.mark.parametrize("name", PLANTED)
@pytest.mark.parametrize("seed", range(3))
def test_with_few_rows_no_curve_is_chosen(name, seed):
    assert chosen(*planted(name, 150, seed=seed)).method not in ("isotonic", "venn_abers")


def test_too_few_closes_get_the_sigmoid_and_say_so():
    raw, event, instants, leads = planted("none", 60, level=20.0)
    (only,) = choose_calibration(2, raw, event, instants, leads)
    assert (only.window, only.method, only.log_loss, only.chosen) == (2, "sigmoid", None, True)
    assert only.because == f"{int(event.sum())} closes, 50 are needed to choose"


def test_one_instant_gets_the_sigmoid_and_says_so():
    raw, event, instants, leads = planted("isotonic", 2_000)
    (only,) = choose_calibration(1, raw, event, np.zeros_like(instants), leads)
    assert (only.method, only.because) == ("sigmoid", "one instant only: nothing to choose by over time")


def test_every_runner_up_is_told_with_its_log_loss():
    choices = choose_calibration(1, *planted("sigmoid", 3_000))
    assert [choice.method for choice in choices] == ["none", "sigmoid", "beta", "isotonic", "venn_abers"]
    losses = {choice.method: choice.log_loss for choice in choices}
    assert losses["sigmoid"] < losses["none"]
    assert [choice.behind for choice in choices if choice.method == "sigmoid"] == [0.0]
    for choice in choices:
        assert choice.behind == pytest.approx(choice.log_loss - losses["sigmoid"], abs=2e-6)
        assert choice.chosen == bool(choice.because)


def test_a_promise_of_exactly_0_or_1_costs_every_family_the_same():
    raw, event, instants, leads = planted("none", 2_000)
    raw[::50], event[::50] = 0.0, 1.0
    choices = choose_calibration(1, raw, event, instants, leads)
    assert all(np.isfinite(choice.log_loss) for choice in choices)
    assert next(c for c in choices if c.chosen).method not in ("none",)


def test_no_lead_and_no_later_row_is_on_both_sides(monkeypatch):
    raw, event, instants, leads = planted("none", 500)
    learned, judged = [], []

    class Spy(NoCalibration):
        @classmethod
        def fit(cls, hazard, event):
            learned.append(hazard)
            return cls()

        def transform(self, hazard):
            judged.append(hazard)
            return hazard

    monkeypatch.setattr(calibration_choice, "CALIBRATIONS", (Spy, SigmoidCalibration))
    choose_calibration(1, raw, event, instants, leads)
    lead_of, instant_of = dict(zip(raw, leads, strict=True)), dict(zip(raw, instants, strict=True))
    assert len(learned) == 15
    for early, late in zip(learned, judged, strict=True):
        assert not {lead_of[h] for h in early} & {lead_of[h] for h in late}
        assert max(instant_of[h] for h in early) < min(instant_of[h] for h in late)
    assert sum(map(len, judged)) > 0.6 * len(raw)


def test_folds_judge_each_later_row_once():
    rng = np.random.default_rng(0)
    blocks, groups = rng.integers(0, 4, 300), rng.integers(0, 5, 300)
    times = sum(judge.astype(int) for _, judge in folds(blocks, groups))
    assert (times == (blocks > 0)).all()


def test_the_choice_depends_neither_on_the_order_of_rows_nor_on_chance():
    world = planted("beta", 2_000)
    order = np.random.default_rng(5).permutation(len(world[0]))
    assert choose_calibration(1, *(part[order] for part in world)) == choose_calibration(1, *world)


def test_a_family_may_be_configured_and_the_choice_says_so():
    raw, event, instants, leads = planted("isotonic", 300)
    two = np.column_stack([raw, raw]), np.column_stack([event, event])
    calibration = HazardCalibration.fit(*two, instants, leads, "beta")
    assert [window.method for window in calibration.windows] == ["beta", "beta"]
    assert [choice.because for choice in calibration.choices] == ["configured", "configured"]
    with pytest.raises(ValueError, match="'platt' is none of none, sigmoid, beta, isotonic, venn_abers"):
        HazardCalibration.fit(*two, instants, leads, "platt")


@pytest.mark.parametrize(
    "change", [{"method": "platt"}, {"log_loss": "much"}, {"behind": float("inf")}, {"window": None}]
)
def test_what_is_no_choice_is_refused(change):
    state = Choice(1, "none", 0.5, 0.0, 0.1, True).to_dict()
    assert Choice.from_dict(state) == Choice(1, "none", 0.5, 0.0, 0.1, True)
    with pytest.raises((ValueError, TypeError)):
        Choice.from_dict(state | change)


def test_the_configuration_knows_the_same_families():
    from typing import get_args

    from models.calibration.choice import CALIBRATIONS
    from pipeline.config.learning import Calibration

    assert set(get_args(Calibration)) == {"auto", *(one.method for one in CALIBRATIONS)}
    assert family("none") is NoCalibration
