"""A small search for the model's parameters, by time and inside the training period alone."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from models.metrics.scores import log_loss
from pipeline import terminal
from pipeline.config.config import Config, Model
from pipeline.errors import TrainingError
from pipeline.fitting.enough import MIN_CALIBRATION_CLOSES, MIN_TRAINING_CLOSES
from pipeline.fitting.fit import fit_model, label_array
from pipeline.fitting.periods import Place, Slices
from pipeline.fitting.split import Periods
from pipeline.language.sentence import Sentence

if TYPE_CHECKING:
    from optuna.trial import Trial

# The part of the training rows that no fold judges: the first fold learns from them.
FIRST_SHARE = 0.4

HALF_LIVES_DAYS = (180.0, 365.0, 730.0)
HALF_LIVES_SHARES = (0.125, 0.25, 0.5)


@dataclass(frozen=True)
class Searched:
    """What a search found.

    Attributes:
        model: the parameters with the least log-loss; of equals, those tried first.
        trials: a row per trial: ``trial``, ``log_loss``, its parameters, ``chosen``; trial 0 is the
            configured set.
    """

    model: Model
    trials: pd.DataFrame


@dataclass(frozen=True)
class _Fold:
    learn: pd.DataFrame
    judge: pd.DataFrame


def search(slices: Slices, since: Place, until: Place) -> Searched:
    """Try sets of parameters and choose by the log-loss of later windows, learned from earlier ones.

    Every fold learns from windows that ended before it begins; nothing at or after ``until`` is looked
    at. The configured set is the first trial, so none that is worse on the folds is chosen.

    Args:
        slices: the matrix; its configuration says how many trials.
        since: first place of the training period.
        until: end of the training period.

    Raises:
        TrainingError: no part of the training period can be learned from and judged.

    Source: Bergstra et al., Algorithms for Hyper-Parameter Optimization, NeurIPS (2011), by Optuna.
    """
    import optuna  # noqa: PLC0415 - only a search waits for its import

    config, budget = slices.config, slices.config.search
    columns = [feature.name for feature in slices.rows.features]
    folds = _folds(slices, since, until)
    half_lives = _half_lives(config, slices.position(until) - slices.position(since))
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    study = optuna.create_study(sampler=optuna.samplers.TPESampler(seed=budget.seed))
    study.enqueue_trial(_parameters_of(config))
    records: list[dict[str, Any]] = []
    tried: list[Model] = []
    end = time.monotonic() + (budget.timeout_s or np.inf)
    for number in terminal.stepping(range(budget.trials), Sentence("searching")):
        if number and time.monotonic() >= end:
            break
        trial = study.ask()
        model = _suggest(trial, config, half_lives)
        loss = _judge(model, folds, columns, slices.rows.horizons)
        study.tell(trial, loss)
        tried.append(model)
        records.append({"trial": number, "log_loss": loss, **_parameters_of(config.with_model(model))})
    trials = pd.DataFrame(records)
    chosen = int(trials["log_loss"].to_numpy().argmin())
    return Searched(tried[chosen], trials.assign(chosen=trials["trial"] == chosen))


def _folds(slices: Slices, since: Place, until: Place) -> list[_Fold]:
    """Later parts of the training period, each with all that was known before it."""
    horizons, count = slices.rows.horizons, slices.config.search.folds
    whole = slices.cut(since, Periods(until, until), until)
    ripe = np.flatnonzero(~np.isnan(label_array(whole, horizons, "fit_window")).all(axis=1))
    shares = FIRST_SHARE + (1.0 - FIRST_SHARE) * np.arange(count) / count
    places = ripe[(shares * len(ripe)).astype(np.int64)] if len(ripe) else ()
    first = slices.position(since)
    starts = list(dict.fromkeys(slices.clock[first + int(place)] for place in places))
    # What may be learned from was known when the fold begins; what judges it, at the end of all folds.
    folds = [
        _Fold(slices.cut(since, Periods(start, start), start), slices.cut(start, Periods(until, until), end))
        for start, end in zip(starts, [*starts[1:], until], strict=False)
    ]
    usable = [fold for fold in folds if _can_judge(fold, horizons)]
    if not usable:
        raise TrainingError(
            f"{slices.config.path}: search: the training period is too short to be learned from in one part "
            "and judged in a later one: set search.trials to 0, add history or shorten horizons_days"
        )
    return usable


def _can_judge(fold: _Fold, horizons: Sequence[str]) -> bool:
    if fold.learn.empty:
        return False
    learn, judge = (label_array(part, horizons, "fit_window") for part in (fold.learn, fold.judge))
    if np.isnan(learn).all(axis=0).any() or np.nansum(learn) < MIN_TRAINING_CLOSES:
        return False
    return bool((learn == 0.0).any() and np.nansum(judge) >= MIN_CALIBRATION_CLOSES)


def _judge(model: Model, folds: Sequence[_Fold], columns: Sequence[str], horizons: Sequence[str]) -> float:
    """Log-loss over all windows at risk of all folds."""
    closed, hazards = [], []
    for fold in folds:
        events = label_array(fold.judge, horizons, "fit_window")
        known = ~np.isnan(events)
        fitted = fit_model(model, fold.learn, columns, horizons)
        closed.append(events[known])
        hazards.append(fitted.predict_hazards(fold.judge[list(columns)])[known])
    return log_loss(np.concatenate(closed), np.concatenate(hazards))


def _parameters_of(config: Config) -> dict[str, Any]:
    """The searched parameters as configured."""
    model = config.model
    return {
        "num_leaves": model.num_leaves,
        "min_leads_in_leaf": model.min_leads_in_leaf,
        "feature_fraction": model.feature_fraction,
        "l2": model.l2,
        _half_life_name(config): getattr(model, _half_life_name(config)),
    }


def _half_life_name(config: Config) -> str:
    return "recency_half_life_rows" if config.flat else "recency_half_life_days"


def _half_lives(config: Config, rows: int) -> list[float | None]:
    """Half-lives to choose from: none, the configured one, and some of each kind."""
    known = [float(round(share * rows)) for share in HALF_LIVES_SHARES] if config.flat else HALF_LIVES_DAYS
    configured = getattr(config.model, _half_life_name(config))
    return [None, *sorted({*known, *([] if configured is None else [configured])})]


def _suggest(trial: "Trial", config: Config, half_lives: Sequence[float | None]) -> Model:
    """One set of parameters; each range reaches as far as the configured value."""
    model, name = config.model, _half_life_name(config)
    drawn = {
        "num_leaves": trial.suggest_int(
            "num_leaves", min(3, model.num_leaves), max(31, model.num_leaves), log=True
        ),
        "min_leads_in_leaf": trial.suggest_int(
            "min_leads_in_leaf", min(10, model.min_leads_in_leaf), max(200, model.min_leads_in_leaf), log=True
        ),
        "feature_fraction": trial.suggest_float(
            "feature_fraction", min(0.1, model.feature_fraction), max(1.0, model.feature_fraction)
        ),
        "l2": trial.suggest_float("l2", 0.0, max(100.0, model.l2)),
        name: trial.suggest_categorical(name, half_lives),
    }
    return Model(**{**model.model_dump(), **drawn})
