"""Training as a pure value: rows in, scorer and evaluation out; nothing is written here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import pandas as pd

from features.labels import closed_column
from features.schemes.declaration import Scheme
from models.arrays import Floats
from models.scorer import LeadScorer
from pipeline.config.config import Config
from pipeline.errors import TrainingError
from pipeline.evaluation.evaluate import Evaluation, evaluate_on
from pipeline.evaluation.leaderboard import period_metrics
from pipeline.fitting.enough import check_enough, check_tested
from pipeline.fitting.fit import Learned, fit_scorer, in_periods, label_array, of_periods
from pipeline.fitting.periods import Slices
from pipeline.fitting.search import Searched, search
from pipeline.fitting.split import Periods, find_periods
from pipeline.leaks.sentinel import dropped_features
from pipeline.leaks.suspect import Suspect
from pipeline.matrix.dataset import Rows
from pipeline.outcomes.account import OutcomeAccount


@dataclass(frozen=True)
class Training:
    """What a training run found.

    Attributes:
        scorer: the scorer that was evaluated.
        evaluation: on the test period.
        shipped: the scorer to use: the evaluated one, or one fitted again on later periods.
        shipped_periods: the periods that ``shipped`` was fitted on.
        fitted: measures of ``scorer`` on its own training and calibration periods, from
            ``leaderboard.period_metrics``, each row scored by trees that had not seen its lead.
        unseen: the raw hazards of the rows that ``scorer`` learned from, by such trees, as of
            ``fit.Learned``; ``shipped_unseen`` of those of ``shipped``.
        suspects: columns and events that look as if they knew the outcome.
        searched: the search for the model's parameters, if there was one.
        outcomes: what became of the sources' outcomes, where it was asked.
    """

    scorer: LeadScorer
    evaluation: Evaluation
    shipped: LeadScorer
    shipped_periods: Periods
    fitted: pd.DataFrame
    unseen: Floats
    shipped_unseen: Floats
    suspects: tuple[Suspect, ...] = ()
    searched: Searched | None = None
    outcomes: OutcomeAccount | None = None


def train_rows(
    config: Config,
    rows: Rows,
    schemes: Sequence[Scheme],
    fingerprint: str = "",
    recogniser: str = "",
    suspects: Sequence[Suspect] = (),
    speakers: Mapping[str, str] | None = None,
) -> Training:
    """Fit, calibrate, grade and evaluate by time; search and refit where the config asks for it.

    A refit is the same after the test period has been judged, moved forward: then its rows teach too.

    Args:
        config: the configuration.
        rows: from ``dataset.training_rows``.
        schemes: rule schemes to evaluate on the same leads.
        fingerprint: of the data, kept in the scorer.
        recogniser: fingerprint of what heard the transcripts, kept in the scorer.
        suspects: from ``sentinel.find_suspects``, to be dealt with by the configuration's policy.
        speakers: sides of labels over the log, kept in the scorer.

    Raises:
        TrainingError: too few leads or closes, one class only, or a window that never ripens; the
            message says what was needed, what was found and what would do; or leaks that the policy
            does not suffer.
    """
    periods = find_periods(rows.frame, config.split)
    frame = in_periods(config, rows, periods)
    check_enough(config, frame, rows.horizons, periods)
    check_tested(config, frame, periods)
    dropped = dropped_features(config, rows, suspects)
    searched = _search(config, rows.without(dropped), frame, periods) if config.search.trials else None
    if searched is not None:
        config = config.with_model(searched.model)
    learned = fit_scorer(config, rows, frame, schemes, dropped)
    scorer, unseen = learned.scorer.with_origin(fingerprint, recogniser, speakers), learned.unseen
    evaluation = evaluate_on(config, rows, periods, frame, scorer, schemes)
    fitted, told = _fitted(frame, learned), tuple(suspects)
    if not config.refit:
        return Training(scorer, evaluation, scorer, periods, fitted, unseen, unseen, told, searched)
    later = periods.forward(rows.observed_until or _after_the_last(rows))
    later_frame = in_periods(config, rows, later)
    try:
        check_enough(config, later_frame, rows.horizons, later)
    except TrainingError as error:
        raise TrainingError(f"refit, all periods moved forward by one: {error}; or leave out refit") from None
    again = fit_scorer(config, rows, later_frame, schemes, dropped)
    shipped = again.scorer.with_origin(fingerprint, recogniser, speakers)
    return Training(scorer, evaluation, shipped, later, fitted, unseen, again.unseen, told, searched)


def _search(config: Config, rows: Rows, frame: pd.DataFrame, periods: Periods) -> Searched:
    """Search in the training period; what it finds also serves a refit on later periods."""
    slices = Slices(config, rows)
    learned = frame["period"] == "train"
    if config.flat:
        known = frame.loc[learned, closed_column(rows.horizons[0])].notna()
        return search(slices, 0, int(known.sum()))
    return search(slices, rows.frame["as_of"][0], periods.calibrate_from)


def _after_the_last(rows: Rows) -> datetime | int:
    last: datetime | int = rows.frame["as_of"][-1]
    return last + timedelta(microseconds=1) if isinstance(last, datetime) else last + 1


def _fitted(frame: pd.DataFrame, learned: Learned) -> pd.DataFrame:
    early, horizons = of_periods(frame, "train", "calibrate"), learned.scorer.horizons
    closed, periods = label_array(early, horizons, "fit_closed"), early["period"].to_numpy(dtype=object)
    return period_metrics(learned.scorer.calibration.chances(learned.unseen), closed, periods, horizons)
