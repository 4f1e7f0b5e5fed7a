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
from pipeline.errors import TrainingError
from pipeline.evaluate import Kind, System, leaderboard
from pipeline.grading import GradedBy, rule_grades, usable_schemes
from pipeline.split import Periods, assign_periods, find_periods

MIN_LEADS = 100
MIN_CLOSES = 30
MIN_CALIBRATION_CLOSES = 10

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
    """

    scorer: LeadScorer
    evaluation: Evaluation
    shipped: LeadScorer
    shipped_periods: Periods


def train(config: Config, rows: Rows, schemes: Sequence[Scheme], fingerprint: str = "") -> Training:
    """Fit, calibrate, grade and evaluate by time; refit on newer periods where the config asks for it.

    Args:
        config: the configuration.
        rows: from ``dataset.training_rows``.
        schemes: rule schemes to evaluate on the same leads.
        fingerprint: of the data, kept in the scorer.

    Raises:
        TrainingError: too few leads or closes, one class only, or a window that never ripens; the
            message says what was needed, what was found and what would do.
    """
    periods = find_periods(rows.frame, config.split)
    scorer = _fit(config, rows, periods, fingerprint)
    evaluation = evaluate(config, rows, scorer, schemes)
    if not config.refit:
        return Training(scorer, evaluation, scorer, periods)
    later = periods.forward(rows.observed_until or rows.frame.height + 1)
    return Training(scorer, evaluation, _fit(config, rows, later, fingerprint), later)


def evaluate(config: Config, rows: Rows, scorer: LeadScorer, schemes: Sequence[Scheme]) -> Evaluation:
    """Put a scorer and its rivals on one leaderboard, on the test period.

    The rivals' close rate per label is learned on the calibration period, as the scorer's promises are.
    """
    periods = find_periods(rows.frame, config.split)
    graded = usable_schemes(schemes, rows.features, scorer)
    tested, systems = _test_systems(_in_periods(config, rows, periods), scorer, graded)
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


def _fit(config: Config, rows: Rows, periods: Periods, fingerprint: str) -> LeadScorer:
    frame = _in_periods(config, rows, periods)
    learn, adjust = frame[frame["period"] == "train"], frame[frame["period"] == "calibrate"]
    _check_enough(config, rows, learn, adjust, periods)
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
    edges = learn_edges(learn)
    scorer = LeadScorer(
        name=config.name,
        horizons=rows.horizons,
        model=model,
        calibration=calibration,
        policy=GradePolicy.from_thresholds(_thresholds(config, rows.horizons), rows.horizons),
        rfm_edges=edges,
        data_fingerprint=fingerprint,
        simulation=config.simulation,
    )
    return _with_promises(scorer, adjust, config.model.seed)


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
    frame: pd.DataFrame, scorer: LeadScorer, graded: Sequence[GradedBy]
) -> tuple[pd.DataFrame, list[System]]:
    adjust, test = frame[frame["period"] == "calibrate"], frame[frame["period"] == "test"]
    scored = scorer.score(test)
    names = [f"p_{horizon}" for horizon in scorer.horizons]
    probabilities = scored[names].to_numpy(dtype=np.float64)
    systems = [System("model", "model", scored["grade"].to_numpy(dtype=object), probabilities)]
    events = _labels(adjust, scorer.horizons, "fit_window")
    labels = pd.concat([rule_grades(test, graded), _manual(test)], axis=1)
    for name, learned in pd.concat([rule_grades(adjust, graded), _manual(adjust)], axis=1).items():
        rules = RuleGrades().fit(learned, events)
        grades = labels[name].fillna(UNGRADED).to_numpy(dtype=object)
        kind: Kind = KINDS.get(str(name), "scheme")
        systems.append(
            System(str(name).removeprefix("scheme_"), kind, grades, rules.predict_proba(labels[name]))
        )
    return pd.concat([test, scored, labels.drop(columns="manual_grade", errors="ignore")], axis=1), systems


def _manual(frame: pd.DataFrame) -> pd.DataFrame:
    return frame[[name for name in KINDS if name in frame.columns]]


def _grade_tables(
    systems: Sequence[System], closed: Floats, leads: npt.NDArray[np.object_], horizons: Sequence[str]
) -> pd.DataFrame:
    tables = [grade_table(one.grades, closed, leads, horizons).assign(system=one.name) for one in systems]
    return pd.concat(tables, ignore_index=True)


def _check_enough(
    config: Config, rows: Rows, learn: pd.DataFrame, adjust: pd.DataFrame, periods: Periods
) -> None:
    _check_ripe(config, rows, learn, adjust, periods)
    closed = _labels(learn, rows.horizons, "fit_window")
    leads, closes = learn["lead_id"].nunique(), int(np.nansum(closed))
    if leads < MIN_LEADS or closes < MIN_CLOSES:
        raise TrainingError(
            f"too little to train on: {leads} leads and {closes} closes before "
            f"{_date(periods.calibrate_from)}; at least {MIN_LEADS} leads and {MIN_CLOSES} closes are needed: "
            "add history or move split.calibrate_from"
        )
    if closes == int((~np.isnan(closed)).sum()):
        raise TrainingError("every training lead closed: a model needs leads that did not; check label")
    adjusting = int(np.nansum(_labels(adjust, rows.horizons, "fit_window")))
    if adjusting < MIN_CALIBRATION_CLOSES:
        raise TrainingError(
            f"too little to calibrate on: {adjusting} closes between {_date(periods.calibrate_from)} and "
            f"{_date(periods.test_from)}, {MIN_CALIBRATION_CLOSES} are needed: "
            "add history or move split.test_from"
        )


def _check_ripe(
    config: Config, rows: Rows, learn: pd.DataFrame, adjust: pd.DataFrame, periods: Periods
) -> None:
    """Every window must ripen in the training and in the calibration period."""
    for days, horizon in zip(config.horizons_days, rows.horizons, strict=False):
        for period, name, end in ((learn, "train", "calibrate_from"), (adjust, "calibrate", "test_from")):
            if not period.empty and period[f"fit_window_{horizon}"].notna().any():
                continue
            first = rows.frame["as_of"][0] if name == "train" else periods.calibrate_from
            would_do = (
                f": it would from split.{end}: {_date(first + timedelta(days=days))}"
                if isinstance(first, datetime)
                else ""
            )
            raise TrainingError(
                f"horizon {horizon} never ripens in the {name} period, which ends "
                f"{_date(getattr(periods, end))}{would_do}; or shorten horizons_days"
            )


def _date(value: datetime | int) -> str:
    return f"{value:%Y-%m-%d}" if isinstance(value, datetime) else f"row {value}"
