"""The search for parameters, and recency weighting."""

import numpy as np
import polars as pl
import pytest
from pydantic import ValidationError
from support.planted_rows import MODEL, config_of, dated_rows, flat_rows, with_frame

from models.metrics.scores import auc
from pipeline.config.config import Model, Search
from pipeline.config.data import Split
from pipeline.errors import TrainingError
from pipeline.fitting.fit import fit_model, in_periods, recency_weights
from pipeline.fitting.periods import Slices
from pipeline.fitting.search import search
from pipeline.fitting.split import find_periods
from pipeline.training.train import train_rows

# So many leads in a leaf, and so strong a penalty, that hardly anything is learned.
POOR = MODEL.model_copy(update={"min_leads_in_leaf": 400, "max_trees": 10})


@pytest.fixture(scope="module")
def listed():
    return flat_rows(1200)


def searched(rows, **changes):
    budget = Search(trials=changes.pop("trials", 8), seed=changes.pop("seed", 3), **changes)
    config = config_of(flat=True, model=POOR, search=budget, split=Split(shares=(0.6, 0.2, 0.2)))
    return search(Slices(config, rows), 0, 720)


@pytest.fixture(scope="module")
def found(listed):
    return searched(listed)


def test_a_planted_better_set_of_parameters_is_found(found):
    trials = found.trials
    assert found.model.min_leads_in_leaf < 200
    assert trials["log_loss"].min() < trials["log_loss"][0] - 0.03


def test_the_configured_set_is_the_first_trial_and_nothing_worse_is_chosen(found):
    first, chosen = found.trials.iloc[0], found.trials[found.trials["chosen"]].iloc[0]
    assert (first["min_leads_in_leaf"], first["l2"]) == (POOR.min_leads_in_leaf, POOR.l2)
    assert chosen["log_loss"] == found.trials["log_loss"].min()
    assert chosen["num_leaves"] == found.model.num_leaves
    assert found.model.threads == POOR.threads


def test_one_trial_keeps_the_configured_set(listed):
    assert searched(listed, trials=1).model == POOR


def test_the_same_seed_chooses_the_same_and_another_draws_otherwise(found, listed):
    assert searched(listed).trials.equals(found.trials)
    assert not searched(listed, seed=4).trials.equals(found.trials)


def test_nothing_after_the_training_period_is_looked_at(found, listed):
    after = pl.int_range(pl.len()) >= 720
    labels = [
        pl.when(after).then(1 - pl.col(name)).otherwise(name).alias(name)
        for name in ("closed_outcome", "window_outcome")
    ]
    inputs = [pl.when(after).then(99.0).otherwise(name).alias(name) for name in ("x", "z")]
    poisoned = with_frame(listed, listed.frame.with_columns(*labels, *inputs))
    assert searched(poisoned).trials.equals(found.trials)


def test_a_window_that_ended_after_the_training_period_is_not_looked_at():
    rows = dated_rows(24, 60)
    config = config_of(flat=False, search=Search(trials=3), split=Split(shares=(0.5, 0.25, 0.25)))
    until = find_periods(rows.frame, config.split).calibrate_from
    unknown = [
        pl.when(pl.col("as_of") + pl.duration(days=days) > until)
        .then(1 - pl.col(name))
        .otherwise(name)
        .alias(name)
        for days in (30, 60)
        for name in (f"closed_{days}d", f"window_{days}d")
    ]
    clean, poisoned = (
        train_rows(config, one, ()) for one in (rows, with_frame(rows, rows.frame.with_columns(unknown)))
    )
    assert poisoned.searched.trials.equals(clean.searched.trials)
    assert poisoned.scorer.model.text_ != clean.scorer.model.text_, "the poison must bite: all rows teach"


def test_a_label_of_the_training_period_is_looked_at(found, listed):
    some = pl.int_range(pl.len()).is_between(650, 719)
    labels = (
        pl.when(some).then(1 - pl.col("window_outcome")).otherwise("window_outcome").alias("window_outcome")
    )
    assert not searched(with_frame(listed, listed.frame.with_columns(labels))).trials.equals(found.trials)


def test_a_budget_of_time_still_tries_the_configured_set(listed):
    tried = searched(listed, trials=500, timeout_s=0.001)
    assert len(tried.trials) == 1
    assert tried.model == POOR


def test_a_training_period_too_short_for_folds_is_told():
    config = config_of(flat=True, search=Search(trials=2))
    with pytest.raises(TrainingError, match=r"search\.trials"):
        search(Slices(config, flat_rows(300)), 0, 40)


@pytest.mark.parametrize(
    "extreme", [{"num_leaves": 2}, {"num_leaves": 200}, {"l2": 5000.0}, {"feature_fraction": 0.05}]
)
def test_a_configured_value_outside_the_usual_range_is_tried_all_the_same(listed, extreme):
    model = MODEL.model_copy(update={**extreme, "max_trees": 3})
    config = config_of(flat=True, model=model, search=Search(trials=1, folds=1))
    assert search(Slices(config, listed), 0, 720).model == model


def test_training_fits_with_what_was_found(listed):
    config = config_of(
        flat=True, model=POOR, search=Search(trials=8, seed=3), split=Split(shares=(0.6, 0.2, 0.2))
    )
    training = train_rows(config, listed, ())
    fitted = training.scorer.model.to_dict()["parameters"]
    assert fitted == training.searched.model.for_boosting()
    assert fitted != POOR.for_boosting()
    assert train_rows(config_of(flat=True), listed, ()).searched is None


# Recency


def test_weights_halve_with_every_half_life(listed):
    config = config_of(flat=True)
    frame = in_periods(config, listed, find_periods(listed.frame, config.split))
    weights = recency_weights(frame["as_of"], Model(recency_half_life_rows=100))
    assert weights[-1] == 1.0
    np.testing.assert_allclose(weights[:-100], 0.5 * weights[100:])
    assert recency_weights(frame["as_of"], Model()) is None


def test_recent_rows_tell_more_where_the_law_has_turned():
    """The law turns at row 800; the model learns from 1,000 rows and is judged on the rest."""
    rows = flat_rows(2000, turn=800)
    config = config_of(flat=True, split=Split(calibrate_from=1001, test_from=1301))
    frame = in_periods(config, rows, find_periods(rows.frame, config.split))
    learn, later = frame[frame["period"] == "train"], frame[frame["period"] == "test"]

    def judged(half_life):
        settings = MODEL.model_copy(update={"recency_half_life_rows": half_life})
        model = fit_model(settings, learn, ["x", "z"], ("outcome",))
        return auc(later["closed_outcome"], model.predict_hazards(later[["x", "z"]])[:, 0])

    assert judged(50.0) > judged(None) + 0.1


def test_calibration_counts_all_rows_alike(listed):
    """With a half-life beyond all ages the weights are 1: model and calibration stay to the byte."""
    plain, weighted = (
        train_rows(
            config_of(flat=True, model=MODEL.model_copy(update={"recency_half_life_rows": half_life})),
            listed,
            (),
        )
        for half_life in (None, 1e18)
    )
    assert weighted.scorer.calibration == plain.scorer.calibration
    assert weighted.scorer.model.text_ == plain.scorer.model.text_


@pytest.mark.parametrize(
    ("flat", "name"), [(True, "recency_half_life_days"), (False, "recency_half_life_rows")]
)
def test_a_half_life_of_the_other_kind_is_refused(flat, name):
    with pytest.raises(ValidationError, match=name):
        config_of(flat=flat, model=Model(**{name: 30.0}))
