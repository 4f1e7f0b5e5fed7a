"""Laws of every family of calibration, and of each its own."""

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import expit, logit
from sklearn.isotonic import IsotonicRegression

from models.calibration.calibrators import BetaCalibration, NoCalibration, SigmoidCalibration
from models.calibration.choice import CALIBRATIONS
from models.calibration.isotonic import IsotonicCalibration
from models.calibration.venn_abers import Steps, VennAbersCalibration

each_family = pytest.mark.parametrize("one", CALIBRATIONS, ids=[one.method for one in CALIBRATIONS])

hazards = st.one_of(st.sampled_from([0.0, 1.0, 0.1, 0.5]), st.floats(0.0, 1.0))
rows = st.lists(st.tuples(hazards, st.sampled_from([0.0, 1.0, np.nan])), max_size=40)


def arrays(pairs):
    return np.array([p[0] for p in pairs], float), np.array([p[1] for p in pairs], float)


def many(n=20_000, seed=0):
    rng = np.random.default_rng(seed)
    raw = rng.beta(1.0, 6.0, n)
    return raw, rng.random(n)


@each_family
@given(learned=rows, asked=st.lists(hazards, min_size=1, max_size=30))
def test_answers_are_probabilities_keep_ranks_survive_json_and_come_row_by_row(one, learned, asked):
    fitted = one.fit(*arrays(learned))
    raw = np.sort(np.array(asked))
    answers = fitted.transform(raw)
    assert ((answers >= 0.0) & (answers <= 1.0)).all()
    assert (np.diff(answers) >= 0.0).all()
    assert all(fitted.transform(raw[[k]]).tobytes() == answers[[k]].tobytes() for k in range(len(raw)))
    again = one.from_dict(json.loads(json.dumps(fitted.to_dict(), allow_nan=False)))
    assert again == fitted
    assert again.transform(raw).tobytes() == answers.tobytes()


@each_family
def test_the_order_of_rows_plays_no_part(one):
    raw, luck = many(500)
    event = (luck < raw).astype(float)
    order = np.random.default_rng(1).permutation(len(raw))
    first, second = one.fit(raw, event), one.fit(raw[order], event[order])
    assert np.allclose(first.transform(raw), second.transform(raw), rtol=1e-9, atol=0)


@each_family
def test_rows_that_are_not_at_risk_teach_nothing(one):
    raw, luck = many(300)
    event = (luck < raw).astype(float)
    more = one.fit(np.append(raw, [0.9] * 50), np.append(event, [np.nan] * 50))
    assert more == one.fit(raw, event)


@each_family
@pytest.mark.parametrize("outcome", [0.0, 1.0])
def test_one_class_only_never_promises_the_impossible(one, outcome):
    fitted = one.fit(np.linspace(0.1, 0.9, 30), np.full(30, outcome))
    answers = fitted.transform(np.array([0.1, 0.5, 0.9]))
    assert ((answers > 0.0) & (answers < 1.0)).all()


@each_family
def test_a_constant_hazard_is_mended_by_all_but_none(one):
    answer = one.fit(np.full(20_000, 0.2), np.repeat([1.0, 0.0], [8_000, 12_000])).transform(np.array([0.2]))
    assert answer[0] == pytest.approx(0.2 if one is NoCalibration else 0.4, abs=0.005)


BROKEN = [
    (NoCalibration, {"method": "sigmoid"}),
    (SigmoidCalibration, {"method": "beta", "slope": 1.0, "intercept": 0.0}),
    (SigmoidCalibration, {"method": "sigmoid", "slope": -1.0, "intercept": 0.0}),
    (BetaCalibration, {"method": "beta", "a": 1.0, "b": -0.1, "c": 0.0}),
    (BetaCalibration, {"method": "beta", "a": 1.0, "b": 1.0, "c": float("nan")}),
    (IsotonicCalibration, {"method": "isotonic", "hazards": [], "rates": []}),
    (IsotonicCalibration, {"method": "isotonic", "hazards": [0.1, 0.1], "rates": [0.1, 0.2]}),
    (IsotonicCalibration, {"method": "isotonic", "hazards": [0.1, 0.2], "rates": [0.2, 0.1]}),
    (IsotonicCalibration, {"method": "isotonic", "hazards": [0.1, 0.2], "rates": [0.2, 1.1]}),
    (IsotonicCalibration, {"method": "isotonic", "hazards": [0.1, 0.2], "rates": [0.2]}),
]


@pytest.mark.parametrize(("one", "state"), BROKEN)
def test_what_is_no_calibration_is_refused(one, state):
    with pytest.raises(ValueError, match="calibration") as caught:
        one.from_dict(state)
    assert "\n" not in str(caught.value)


def steps(edges=(), values=(0.5,)):
    return {"edges": list(edges), "values": list(values)}


@pytest.mark.parametrize(
    ("low", "high"),
    [
        (steps(values=[]), steps()),
        (steps(edges=[0.1]), steps()),
        (steps([0.2, 0.1], [0.0, 0.1, 0.2]), steps()),
        (steps([0.1], [0.2, 0.1]), steps()),
        (steps(values=[-0.1]), steps()),
        (steps(), steps(values=[1.1])),
        (steps(), steps(values=[0.0])),
        (steps([float("nan")], [0.1, 0.2]), steps()),
    ],
)
def test_steps_that_do_not_rise_within_0_and_1_are_refused(low, high):
    with pytest.raises(ValueError, match="no Venn-Abers calibration"):
        VennAbersCalibration.from_dict({"method": "venn_abers", "low": low, "high": high})


def test_beta_finds_planted_parameters():
    raw, luck = many(200_000)
    true = expit(0.4 + 0.7 * np.log(raw) - 1.6 * np.log1p(-raw))
    found = BetaCalibration.fit(raw, (luck < true).astype(float))
    assert (found.a, found.b, found.c) == pytest.approx((0.7, 1.6, 0.4), abs=0.1)
    assert np.abs(found.transform(raw) - true).max() < 0.02


def test_beta_with_equal_slopes_is_the_sigmoid():
    raw = np.linspace(0.0, 1.0, 50)
    sigmoid, beta = SigmoidCalibration(0.8, -0.3), BetaCalibration(0.8, 0.8, -0.3)
    assert np.allclose(sigmoid.transform(raw), beta.transform(raw), rtol=1e-9, atol=0)


@pytest.mark.parametrize("one", [SigmoidCalibration, BetaCalibration])
def test_few_closes_leave_a_hazard_near_what_it_was(one):
    raw = np.full(20, 0.1)
    event = np.repeat([1.0, 0.0], [4, 16])
    assert 0.1 < one.fit(raw, event).transform(np.array([0.1]))[0] < 0.15


@given(learned=rows)
def test_isotonic_is_scikit_learns(learned):
    raw, event = arrays(learned)
    known = ~np.isnan(event)
    asked = np.linspace(0.0, 1.0, 41)
    answers = IsotonicCalibration.fit(raw, event).transform(asked)
    if not known.any():
        assert (answers == asked).all()
        return
    edge = 1.0 / (known.sum() + 2.0)
    theirs = IsotonicRegression(y_min=edge, y_max=1.0 - edge, out_of_bounds="clip")
    assert np.allclose(answers, theirs.fit(raw[known], event[known]).predict(asked), rtol=0, atol=1e-12)


def test_planted_bends_are_found_by_the_curves_alone():
    raw, luck = many()
    true = np.where(raw < 0.15, 0.05, 0.3)
    event = (luck < true).astype(float)
    gaps = {one.method: np.abs(one.fit(raw, event).transform(raw) - true).mean() for one in CALIBRATIONS}
    assert max(gaps["isotonic"], gaps["venn_abers"]) < 0.01
    assert min(gaps["sigmoid"], gaps["beta"]) > 0.02


def test_the_sigmoid_finds_a_planted_slope_and_level():
    raw, luck = many(200_000)
    found = SigmoidCalibration.fit(raw, (luck < expit(0.5 + 0.6 * logit(raw))).astype(float))
    assert (found.slope, found.intercept) == pytest.approx((0.6, 0.5), abs=0.03)


def test_an_interval_is_a_look_up():
    known = VennAbersCalibration(Steps((0.2,), (0.0, 0.1)), Steps((0.2,), (0.3, 1.0)))
    low, high = known.interval(np.array([0.0, 0.2, 0.200001]))
    assert (low.tolist(), high.tolist()) == ([0.0, 0.1, 0.1], [0.3, 0.3, 1.0])
