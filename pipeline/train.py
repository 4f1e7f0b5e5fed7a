"""Training as a pure value: rows in, scorer and evaluation out; nothing is written here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
import numpy.typing as npt
import pandas as pd

from features.labels import horizon_name
from features.scheme import Scheme
from models.boosting import CloseModel
from models.calibration import HazardCalibration
from models.grades import GradePolicy, grade_table
from models.hazards import Floats
from models.rfm import learn_edges
from models.rule_grades import UNGRADED, RuleGrades
from models.scorer import LeadScorer
from pipeline.config import Config
from pipeline.dataset import Rows, to_pandas
from pipeline.enough import check_enough, check_tested
from pipeline.errors import TrainingError
from pipeline.evaluate import Kind, System, leaderboard, period_metrics
from pipeline.grading import GradedBy, learn_scheme_edges, ranked_grades, rule_grades, usable_schemes
from pipeline.split import Periods, assign_periods, find_periods

# The latest part of the training rows tells how many trees are enough.
EARLY_STOPPING_SHARE = 0.2


# Grades that people gave, and how they stand on the leaderboard.
KINDS: Mapping[str, Kind] = {"manual_grade": "manual", "manual_grade_hindsight": "hindsight"}


@dataclass(frozen=True)
class Evaluation:
    """A scorer and its rivals on the test period.

    Attributes:
        rows: the matrix with ``period``, ``seen`` (lead known from an earlier period), the scorer's
            columns and each scheme's grade.
        periods: first as-ofs of the calibration and test periods.
        systems: the model, then the schemes and the manual grades.
        board: the leaderboard, from ``evaluate.leaderboard``.
        grades: close rate per grade and horizon, by system.
        schemes: each scheme, and why it could not be used if so.
    """

    rows: pd.DataFrame
    periods: Periods
    systems: tuple[System, ...]
    board: pd.DataFrame
    grades: pd.DataFrame
    schemes: tuple[GradedBy, ...]


@dataclass(frozen=True)
class Training:
    """What a training run found.

    Attributes:
        scorer: the scorer that was evaluated.
        evaluation: on the test period.
        shipped: the scorer to use: the evaluated one, or one fitted again on later periods.
        shipped_periods: the periods that ``shipped`` was fitted on.
        fitted: measures of ``scorer`` on its own training and calibration periods, from
            ``evaluate.period_metrics``.
    """

    scorer: LeadScorer
    evaluation: Evaluation
    shipped: LeadScorer
    shipped_periods: Periods
    fitted: pd.DataFrame


def train(
    config: Config, rows: Rows, schemes: Sequence[Scheme], fingerprint: str = "", recogniser: str = ""
) -> Training:
    """Fit, calibrate, grade and evaluate by time; refit on newer periods where the config asks for it.

    Args:
        config: the configuration.
        rows: from ``dataset.training_rows``.
        schemes: rule schemes to evaluate on the same leads.
        fingerprint: of the data, kept in the scorer.
        recogniser: fingerprint of what heard the transcripts, kept in the scorer.

    Raises:
        TrainingError: too few leads or closes, one class only, or a window that never ripens; the
            message says what was needed, what was found and what would do.
    """
    periods = find_periods(rows.frame, config.split)
    frame = _in_periods(config, rows, periods)
    check_enough(config, frame, rows.horizons, periods)
    check_tested(config, frame, periods)
    scorer = _fit(config, rows, frame, schemes).with_origin(fingerprint, recogniser)
    evaluation = evaluate(config, rows, scorer, schemes)
    fitted = _fitted(frame, scorer)
    if not config.refit:
        return Training(scorer, evaluation, scorer, periods, fitted)
    later = periods.forward(rows.observed_until or _after_the_last(rows))
    later_frame = _in_periods(config, rows, later)
    try:
        check_enough(config, later_frame, rows.horizons, later)
    except TrainingError as error:
        raise TrainingError(f"refit, all periods moved forward by one: {error}; or leave out refit") from None
    shipped = _fit(config, rows, later_frame, schemes).with_origin(fingerprint, recogniser)
    return Training(scorer, evaluation, shipped, later, fitted)


def _after_the_last(rows: Rows) -> datetime | int:
    last: datetime | int = rows.frame["as_of"][-1]
    return last + timedelta(microseconds=1) if isinstance(last, datetime) else last + 1


def evaluate(config: Config, rows: Rows, scorer: LeadScorer, schemes: Sequence[Scheme]) -> Evaluation:
    """Put a scorer and its rivals on one leaderboard, on the test period.

    The rivals' close rate per label is learned on the calibration period, as the scorer's promises are.
    """
    periods = find_periods(rows.frame, config.split)
    frame = _in_periods(config, rows, periods)
    check_tested(config, frame, periods)
    graded = usable_schemes(schemes, rows.features, scorer)
    orders_close = config.label.close == "first_order"
    tested, systems = _test_systems(frame, scorer, graded, orders_close)
    closed = _labels(tested, rows.horizons, "closed")
    leads, seen = tested["lead_id"].to_numpy(dtype=object), tested["seen"].to_numpy(dtype=bool)
    return Evaluation(
        rows=tested,
        periods=periods,
        systems=tuple(systems),
        board=leaderboard(systems, closed, leads, rows.horizons, seen, config.model.seed),
        grades=_grade_tables(systems, closed, leads, rows.horizons),
        schemes=graded,
    )


def _in_periods(config: Config, rows: Rows, periods: Periods) -> pd.DataFrame:
    days = () if config.flat else config.horizons_days
    frame = to_pandas(assign_periods(rows.frame, periods, days, config.split.gap_rows))
    earlier = set(frame.loc[frame["period"] != "test", "lead_id"])
    return frame.assign(seen=frame["lead_id"].isin(earlier))


def _fit(config: Config, rows: Rows, frame: pd.DataFrame, schemes: Sequence[Scheme]) -> LeadScorer:
    learn, adjust = frame[frame["period"] == "train"], frame[frame["period"] == "calibrate"]
    columns = [feature.name for feature in rows.features]
    model = CloseModel(**config.model.model_dump()).fit(
        learn[columns],
        _labels(learn, rows.horizons, "fit_window"),
        valid=_latest(learn, rows.horizons),
        lead_ids=learn["lead_id"].to_numpy(dtype=object),
    )
    calibration = HazardCalibration.fit(
        model.predict_hazards(adjust[columns]), _labels(adjust, rows.horizons, "fit_window")
    )
    edges = learn_edges(learn) | learn_scheme_edges(schemes, rows.features, learn)
    scorer = LeadScorer(
        name=config.name,
        horizons=rows.horizons,
        model=model,
        calibration=calibration,
        policy=GradePolicy.from_thresholds(_thresholds(config, rows.horizons), rows.horizons),
        rfm_edges=edges,
        simulation=config.simulation,
    )
    return _with_promises(scorer, adjust, config.model.seed)


def _fitted(frame: pd.DataFrame, scorer: LeadScorer) -> pd.DataFrame:
    early = frame[frame["period"] != "test"]
    names = [f"p_{horizon}" for horizon in scorer.horizons]
    closed, periods = _labels(early, scorer.horizons, "fit_closed"), early["period"].to_numpy(dtype=object)
    return period_metrics(scorer.score(early)[names].to_numpy(), closed, periods, scorer.horizons)


def _with_promises(scorer: LeadScorer, adjust: pd.DataFrame, seed: int) -> LeadScorer:
    closed = _labels(adjust, scorer.horizons, "fit_closed")
    grades = scorer.score(adjust)["grade"].to_numpy(dtype=object)
    return scorer.with_policy(
        scorer.policy.learn_promises(grades, closed, adjust["lead_id"].to_numpy(dtype=object), seed)
    )


def _thresholds(config: Config, horizons: tuple[str, ...]) -> dict[str, tuple[str, float]]:
    return {
        grade: (horizon_name(threshold.by_days) if threshold.by_days else horizons[-1], threshold.at_least)
        for grade, threshold in config.grades.items()
    }


def _labels(frame: pd.DataFrame, horizons: Sequence[str], what: str) -> Floats:
    columns = [f"{what}_{horizon}" for horizon in horizons]
    return frame[columns].to_numpy(dtype=np.float64, na_value=np.nan)


def _latest(learn: pd.DataFrame, horizons: Sequence[str]) -> npt.NDArray[np.bool_]:
    """The latest part of the rows that have any label to learn from."""
    usable = ~np.isnan(_labels(learn, horizons, "fit_window")).all(axis=1)
    as_of = learn["as_of"].to_numpy()
    instants = np.sort(as_of[usable])
    return np.asarray(as_of >= instants[int(len(instants) * (1.0 - EARLY_STOPPING_SHARE))])


def _test_systems(
    frame: pd.DataFrame, scorer: LeadScorer, graded: Sequence[GradedBy], orders_close: bool
) -> tuple[pd.DataFrame, list[System]]:
    adjust, test = frame[frame["period"] == "calibrate"], frame[frame["period"] == "test"]
    scored = scorer.score(test)
    names = [f"p_{horizon}" for horizon in scorer.horizons]
    probabilities = scored[names].to_numpy(dtype=np.float64)
    systems = [System("model", "model", scored["grade"].to_numpy(dtype=object), probabilities)]
    events = _labels(adjust, scorer.horizons, "fit_window")
    labels = pd.concat([ranked_grades(test, graded, orders_close), _manual(test)], axis=1)
    early = pd.concat([ranked_grades(adjust, graded, orders_close), _manual(adjust)], axis=1)
    for name, learned in early.items():
        rules = RuleGrades().fit(learned, events)
        grades = labels[name].fillna(UNGRADED).to_numpy(dtype=object)
        kind: Kind = KINDS.get(str(name), "scheme")
        systems.append(
            System(str(name).removeprefix("scheme_"), kind, grades, rules.predict_proba(labels[name]))
        )
    return pd.concat([test, scored, rule_grades(test, graded)], axis=1), systems


def _manual(frame: pd.DataFrame) -> pd.DataFrame:
    return frame[[name for name in KINDS if name in frame.columns]]


def _grade_tables(
    systems: Sequence[System], closed: Floats, leads: npt.NDArray[np.object_], horizons: Sequence[str]
) -> pd.DataFrame:
    tables = [grade_table(one.grades, closed, leads, horizons).assign(system=one.name) for one in systems]
    return pd.concat(tables, ignore_index=True)
