"""A scorer and its rivals on the test period."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from features.schemes.declaration import Scheme
from models.arrays import Floats
from models.baselines.rule_grades import NO_GRADE, RuleGrades
from models.grades.grade_rates import GradeRates
from models.grades.promises import adjacent_grades, check_promises
from models.hazards import compose
from models.scorer import LeadScorer
from pipeline.config.config import Config
from pipeline.evaluation.baselines import fit_baselines
from pipeline.evaluation.calibration_effect import before_and_after, choice_table
from pipeline.evaluation.leaderboard import System, SystemKind, leaderboard
from pipeline.evaluation.value_catch import Worth, judge_value_tiers
from pipeline.fitting.enough import check_tested
from pipeline.fitting.fit import in_periods, label_array, of_periods
from pipeline.fitting.split import Periods, find_periods
from pipeline.matrix.dataset import Rows
from pipeline.schemes.scheme_grades import GradedBy, ranked_grades, rule_grades, usable_schemes

# Grades that people gave, and how they stand on the leaderboard.
SYSTEM_KINDS: Mapping[str, SystemKind] = {"manual_grade": "manual", "manual_grade_hindsight": "hindsight"}


@dataclass(frozen=True)
class Evaluation:
    """A scorer and its rivals on the test period.

    Attributes:
        rows: the matrix with ``period``, ``seen`` (lead known from an earlier period), the scorer's
            columns and each scheme's grade.
        periods: first as-ofs of the calibration and test periods.
        systems: the model, then the schemes, the manual grades and the baselines.
        board: the leaderboard, from ``leaderboard.leaderboard``.
        grades: close rate per grade and horizon, by system.
        raw: the model's probabilities before calibration, (rows, horizons).
        calibration: what calibrating changed, from ``calibration_effect.before_and_after``.
        choices: how the calibration was chosen, from ``calibration_effect.choice_table``.
        promises: the scorer's promises beside what happened, from ``promises.check_promises``.
        adjacent: whether each of its grades closed more often than the next, from
            ``promises.adjacent_grades``.
        worth: the value tiers, from ``value_catch.judge_value_tiers``.
        schemes: each scheme, and why it could not be used if so.
    """

    rows: pd.DataFrame
    periods: Periods
    systems: tuple[System, ...]
    board: pd.DataFrame
    grades: pd.DataFrame
    raw: Floats
    calibration: pd.DataFrame
    choices: pd.DataFrame
    promises: pd.DataFrame
    adjacent: pd.DataFrame
    worth: Worth
    schemes: tuple[GradedBy, ...]

    @property
    def tables(self) -> dict[str, pd.DataFrame]:
        """All tables, by the name that their files and a script know them by."""
        return {
            "leaderboard": self.board,
            "grades": self.grades,
            "calibration": self.calibration,
            "calibration_choice": self.choices,
            "promises": self.promises,
            "adjacent_grades": self.adjacent,
            "value_tiers": self.worth.tiers,
            "value_catch": self.worth.catch,
        }


def evaluate(config: Config, rows: Rows, scorer: LeadScorer, schemes: Sequence[Scheme]) -> Evaluation:
    """Put a scorer and its rivals on one leaderboard, on the test period.

    The schemes' close rate per label is learned on the calibration period; the baselines are fitted on the
    rows that the model learns from, those of both earlier periods.
    """
    periods = find_periods(rows.frame, config.split)
    frame = in_periods(config, rows, periods)
    check_tested(config, frame, periods)
    return evaluate_on(config, rows, periods, frame, scorer, schemes)


def evaluate_on(
    config: Config,
    rows: Rows,
    periods: Periods,
    frame: pd.DataFrame,
    scorer: LeadScorer,
    schemes: Sequence[Scheme],
) -> Evaluation:
    """The same on rows that are cut into their ``periods`` already: ``frame``, from ``fit.in_periods``."""
    graded = usable_schemes(schemes, rows.features, scorer.rfm_edges)
    orders_close = config.label.by_orders
    hazards = scorer.raw_hazards(of_periods(frame, "test"))
    tested, systems = tested_systems(frame, scorer, graded, orders_close, hazards)
    amount = tested["expected_amount"].to_numpy() if "expected_amount" in tested.columns else None
    systems += fit_baselines(config, rows.without(scorer.dropped), frame, scorer.policy, amount)
    closed = label_array(tested, rows.horizons, "closed")
    # As numbers in their order: leads are told apart and sorted again and again.
    leads, seen = pd.factorize(tested["lead_id"], sort=True)[0], tested["seen"].to_numpy(dtype=bool)
    raw, model = compose(hazards), systems[0]
    grades = _grade_tables(systems, closed, leads, rows.horizons)
    return Evaluation(
        rows=tested,
        periods=periods,
        systems=tuple(systems),
        board=leaderboard(systems, closed, leads, rows.horizons, seen, config.model.seed),
        grades=grades,
        raw=raw,
        calibration=before_and_after(
            raw, model.probabilities, closed, leads, rows.horizons, config.model.seed
        ),
        choices=choice_table(scorer),
        promises=check_promises(scorer.policy, grades[grades["system"] == model.name]),
        adjacent=adjacent_grades(model.grades, closed, leads, rows.horizons, scorer.policy.grades),
        worth=judge_value_tiers(tested, rows.horizons[-1], config.model.seed),
        schemes=graded,
    )


def tested_systems(
    frame: pd.DataFrame,
    scorer: LeadScorer,
    graded: Sequence[GradedBy],
    orders_close: bool,
    hazards: Floats,
) -> tuple[pd.DataFrame, list[System]]:
    """The model, the schemes and the manual grades on the rows of the test period.

    Args:
        frame: the matrix with ``period`` and the labels to fit on.
        scorer: fitted on its earlier periods.
        graded: the schemes; their close rate per label is learned on the calibration period.
        orders_close: whether a lead closes by its order, not by its contract.
        hazards: the scorer's ``raw_hazards`` of the test rows.

    Returns:
        The test rows with the scorer's columns and each scheme's grade, and the systems, model first.
    """
    adjust, test = of_periods(frame, "calibrate"), of_periods(frame, "test")
    scored = scorer.score(test, hazards)
    names = [f"p_{horizon}" for horizon in scorer.horizons]
    probabilities = scored[names].to_numpy(dtype=np.float64)
    systems = [System("model", "model", scored["grade"].to_numpy(dtype=object), probabilities)]
    events = label_array(adjust, scorer.horizons, "fit_window")
    labels = pd.concat([ranked_grades(test, graded, orders_close), _manual(test)], axis=1)
    early = pd.concat([ranked_grades(adjust, graded, orders_close), _manual(adjust)], axis=1)
    for name, learned in early.items():
        rules = RuleGrades().fit(learned, events)
        grades = labels[name].fillna(NO_GRADE).to_numpy(dtype=object)
        kind: SystemKind = SYSTEM_KINDS.get(str(name), "scheme")
        systems.append(
            System(str(name).removeprefix("scheme_"), kind, grades, rules.predict_proba(labels[name]))
        )
    return pd.concat([test, scored, rule_grades(test, graded)], axis=1), systems


def _manual(frame: pd.DataFrame) -> pd.DataFrame:
    return frame[[name for name in SYSTEM_KINDS if name in frame.columns]]


def _grade_tables(
    systems: Sequence[System], closed: Floats, leads: npt.NDArray[np.intp], horizons: Sequence[str]
) -> pd.DataFrame:
    rates = GradeRates(closed, leads, horizons)
    tables = [rates.table(one.grades).assign(system=one.name) for one in systems]
    return pd.concat(tables, ignore_index=True)
