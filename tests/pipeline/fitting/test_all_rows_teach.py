"""All rows before the test period teach, and are told by trees that had not seen the lead."""

from dataclasses import replace

import numpy as np
import polars as pl
import pytest
from support.planted_rows import MODEL, config_of, flat_rows, with_frame

from models.calibration.hazard_calibration import HazardCalibration
from models.grades.newest_promises import newest_promises
from models.metrics.scores import auc
from pipeline.config.data import Split
from pipeline.evaluation.baselines import fit_baselines
from pipeline.fitting import fit as fitting
from pipeline.fitting.fit import Learned, fit_scorer, in_periods, label_array, lead_parts, of_periods
from pipeline.fitting.split import find_periods
from pipeline.training.train import train_rows

# So free that a lead's own rows are known again.
FREE = MODEL.model_copy(update={"num_leaves": 63, "min_leads_in_leaf": 1, "l2": 0.0, "extra_trees": False})
SPLIT = Split(shares=(0.5, 0.3, 0.2))


def learned_from(rows, **changes):
    config = config_of(flat=True, split=SPLIT, **changes)
    frame = in_periods(config, rows, find_periods(rows.frame, config.split))
    return fit_scorer(config, rows, frame, ()), of_periods(frame, "train", "calibrate"), frame


@pytest.fixture(scope="module")
def free():
    return learned_from(flat_rows(1500), model=FREE)


def turned(rows, first, last):
    inside = pl.int_range(pl.len()).is_between(first, last)
    labels = [
        pl.when(inside).then(1 - pl.col(name)).otherwise(name).alias(name)
        for name in ("closed_outcome", "window_outcome")
    ]
    return with_frame(rows, rows.frame.with_columns(labels))


def test_the_newest_rows_reach_the_trees_and_the_test_period_does_not():
    rows = flat_rows(1000)
    plain, newest, tested = (
        learned_from(one)[0] for one in (rows, turned(rows, 780, 799), turned(rows, 800, 999))
    )
    assert newest.scorer.model.text_ != plain.scorer.model.text_
    assert tested.scorer.fingerprint == plain.scorer.fingerprint
    np.testing.assert_array_equal(tested.unseen, plain.unseen)


def test_calibration_and_promises_stand_on_trees_that_had_not_seen_the_lead(free):
    learned, rows, _ = free
    scorer, closed = learned.scorer, label_array(rows, ("outcome",), "fit_closed")
    leads = rows["lead_id"].to_numpy(dtype=object)
    own = scorer.raw_hazards(rows)
    assert auc(closed[:, 0], own[:, 0]) > auc(closed[:, 0], learned.unseen[:, 0]) + 0.02
    latest = (rows["period"] == "calibrate").to_numpy()

    def again(hazards):
        found = HazardCalibration.fit(hazards, closed, rows["as_of"].to_numpy(), leads, "auto", latest)
        policy = replace(scorer.policy, promises=())
        return found, newest_promises(policy, found, hazards, None, closed, leads, MODEL.seed)

    assert again(learned.unseen) == (scorer.calibration, scorer.policy)
    assert again(own)[0] != scorer.calibration


def test_the_figures_of_the_earlier_periods_are_those_of_such_trees(free):
    learned, rows, _ = free
    training = train_rows(config_of(flat=True, split=SPLIT, model=FREE), flat_rows(1500), ())
    told = training.fitted.set_index(["period", "metric"])["value"]
    for period in ("train", "calibrate"):
        inside = (rows["period"] == period).to_numpy()
        closed = label_array(rows, ("outcome",), "fit_closed")[inside, 0]
        assert told[period, "auc"] == pytest.approx(auc(closed, learned.unseen[inside, 0]), abs=1e-9)
    np.testing.assert_array_equal(training.unseen, learned.unseen)


def test_a_refit_is_the_same_moved_forward():
    rows = flat_rows(1000)
    config = config_of(flat=True, split=SPLIT, refit=True)
    training = train_rows(config, rows, ())
    assert len(training.shipped_unseen) == 1000
    assert len(training.unseen) == 800
    newest = train_rows(config, turned(rows, 980, 999), ())
    assert newest.scorer.fingerprint == training.scorer.fingerprint
    assert newest.shipped.model.text_ != training.shipped.model.text_


def test_rows_of_one_lead_and_of_one_customer_are_in_one_part():
    rows = flat_rows(1200)
    owners = [f"K{place // 6}" for place in range(1200)]
    leads = [f"L{place // 2}" for place in range(1200)]
    frame = rows.frame.with_columns(pl.Series("lead_id", leads), pl.Series("owner_id", owners)).to_pandas()
    events = frame[["window_outcome"]].to_numpy(dtype=np.float64)
    by_customer = frame.assign(part=lead_parts(frame, events))
    assert (by_customer.groupby("owner_id")["part"].nunique() == 1).all()
    assert by_customer["part"].nunique() == 4
    by_lead = frame.drop(columns="owner_id").assign(part=lead_parts(frame.drop(columns="owner_id"), events))
    assert (by_lead.groupby("lead_id")["part"].nunique() == 1).all()
    one_name = frame.assign(owner_id="K0")
    assert (lead_parts(one_name, events) == by_lead["part"]).all()


def test_a_figure_that_moves_with_the_calendar_is_held_where_the_newest_rows_have_it():
    """The newest twentieth of the 800 rows that teach have 15; the rows of the test go on to 19."""
    rows = flat_rows(1000)
    rows = with_frame(
        rows, rows.frame.with_columns((pl.int_range(pl.len()) // 50).cast(pl.Float64).alias("z"))
    )
    learned, _, frame = learned_from(rows)
    assert learned.scorer.model.inputs_.ranges == {"z": (15.0, 15.0)}
    tested, columns = of_periods(frame, "test"), ["x", "z"]
    held = tested.assign(z=15.0)
    np.testing.assert_array_equal(
        learned.scorer.raw_hazards(tested[columns]), learned.scorer.raw_hazards(held[columns])
    )
    assert learned_from(flat_rows(1000))[0].scorer.model.inputs_.ranges == {}


def test_where_leads_cannot_be_judged_by_others_nothing_is_learned(monkeypatch):
    monkeypatch.setattr(fitting, "lead_parts", lambda learn, _: np.zeros(len(learn), dtype=np.intp))
    with pytest.raises(ValueError, match="too few leads to judge each by trees of the others"):
        learned_from(flat_rows(600))


def test_plain_models_learn_from_the_same_rows(free):
    learned, _, _ = free
    rows = flat_rows(1500)
    config = config_of(flat=True, split=SPLIT, model=MODEL)

    def chances(listed):
        frame = in_periods(config, listed, find_periods(listed.frame, config.split))
        return {
            one.name: one.probabilities for one in fit_baselines(config, listed, frame, learned.scorer.policy)
        }

    plain, newest = chances(rows), chances(turned(rows, 1100, 1199))
    for name, probabilities in plain.items():
        assert not np.array_equal(probabilities, newest[name]), name


def test_learned_holds_a_row_of_hazards_for_each_row_learned_from(free):
    learned, rows, _ = free
    assert isinstance(learned, Learned)
    assert learned.unseen.shape == (len(rows), 1)
    assert not np.isnan(learned.unseen).any()
