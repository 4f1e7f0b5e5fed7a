"""What our features and LightGBM are measured against: a CRM's own scorer, and plain models on our matrix."""

from collections.abc import Sequence

import pandas as pd

from models.arrays import Floats
from models.baselines.naive_bayes import RARE_ROWS, STAGE, CrmNaiveBayes
from models.baselines.plain_models import histogram_boosting, logistic_regression
from models.grades.policy import GradePolicy
from pipeline.config.config import Config
from pipeline.evaluation.leaderboard import System
from pipeline.fitting.fit import label_array, of_periods, some_leads
from pipeline.intake.staged_tables import all_features
from pipeline.matrix.dataset import Rows

_STAGES_SEEN = "stages_total"

# Plain models of some hundred numbers learn nothing more from more leads, and hold them all at once.
MOST_LEADS = 30_000


def fit_baselines(
    config: Config, rows: Rows, frame: pd.DataFrame, policy: GradePolicy, amount: Floats | None = None
) -> list[System]:
    """Baselines fitted on all rows that the model learned from, with their probabilities on the test period.

    ``naive_bayes`` sees what a CRM scores by, the lead's attributes and its stage; the others see the whole
    matrix, of at most ``MOST_LEADS`` leads. They are taken as they come, without a calibration of their own;
    their grades are what the model's policy would give to their probabilities.

    Args:
        config: the configuration.
        rows: from ``dataset.training_rows``.
        frame: those rows, from ``fit.in_periods``.
        policy: the model's.
        amount: expected amount of each row of the test period, where the policy looks at value.
    """
    learn, test = of_periods(frame, "train", "calibrate"), of_periods(frame, "test")
    events = label_array(learn, rows.horizons, "fit_window")
    columns = [feature.name for feature in rows.features]
    told = crm_columns(config, columns)
    systems = []
    if told:
        crm = CrmNaiveBayes(stage_order(learn), RARE_ROWS).fit(learn[told], events)
        systems.append(_system("naive_bayes", crm.predict_proba(test[told]), policy, amount))
    few = some_leads(learn, MOST_LEADS)
    events = label_array(few, rows.horizons, "fit_window")
    for name, model in (
        ("logistic_regression", logistic_regression()),
        ("histogram_boosting", histogram_boosting(config.model.seed, config.model.threads)),
    ):
        model.fit(few[columns], events)
        systems.append(_system(name, model.predict_proba(test[columns]), policy, amount))
    return systems


def stage_order(learn: pd.DataFrame) -> list[str]:
    """The stages from first to last: by how many stages the leads in them have seen so far, on average.

    Example:
        >>> stage_order(pd.DataFrame({"stage": ["offer", "new", "offer"], "stages_total": [3, 1, 2]}))
        ['new', 'offer']
    """
    if not {STAGE, _STAGES_SEEN} <= set(learn.columns):
        return []
    seen = learn.groupby(STAGE)[_STAGES_SEEN].mean()
    return [str(stage) for stage in seen.sort_values(kind="stable").index]


def crm_columns(config: Config, columns: Sequence[str]) -> list[str]:
    """The columns that a CRM scores by: the lead's attributes and its stage."""
    known = {STAGE, *(feature.name for feature in all_features(config)["attributes"])}
    return [name for name in columns if name in known]


def _system(name: str, probabilities: Floats, policy: GradePolicy, amount: Floats | None) -> System:
    return System(name, "baseline", policy.assign(probabilities, amount).astype(object), probabilities)
