"""Where the learned grade and a rule grade part, and which of them was right."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from features.labels import closed_column
from models.grades.policy import GradePolicy
from pipeline.evaluation.evaluate import Evaluation
from pipeline.evaluation.leaderboard import System

_SUMMARY = ("system", "agree", "model_higher", "closed_model_higher", "rule_higher", "closed_rule_higher")


def differences(evaluation: Evaluation, policy: GradePolicy, horizons: Sequence[str]) -> pd.DataFrame:
    """Every row of the test period on which the model and a rule or a person grade differently.

    A rival's label is put on the model's scale by its own close rates: it is worth the grade that the
    policy gives to the probabilities learned for it in the calibration period, by the lead's own expected
    amount where the policy looks at value.

    Returns:
        ``lead_id``, ``as_of``, ``system``, ``its_label``, ``its_grade`` (what the label is worth),
        ``learned_grade``, ``steps`` (by how many grades the model is better, negative if worse), the
        model's probabilities, and what happened: ``closed_30d`` and so on, missing where not ripe.
    """
    learned, *others = evaluation.systems
    rivals = [one for one in others if one.kind != "baseline"]
    parts = [_parting(evaluation.rows, learned, rival, policy, horizons) for rival in rivals]
    nothing = pd.DataFrame(columns=["lead_id", "as_of", "system", "steps"])
    return pd.concat(parts, ignore_index=True) if parts else nothing


def _parting(
    rows: pd.DataFrame, learned: System, rival: System, policy: GradePolicy, horizons: Sequence[str]
) -> pd.DataFrame:
    place = {grade: i for i, grade in enumerate(policy.grades)}
    amount = rows["expected_amount"].to_numpy() if "expected_amount" in rows.columns else None
    worth = policy.assign(rival.probabilities, amount)
    steps = np.array(
        [place[theirs] - place[ours] for theirs, ours in zip(worth, learned.grades, strict=True)]
    )
    frame = rows[["lead_id", "as_of"]].assign(
        system=rival.name, its_label=rival.grades, its_grade=worth, learned_grade=learned.grades, steps=steps
    )
    told = [f"p_{horizon}" for horizon in horizons] + [closed_column(horizon) for horizon in horizons]
    return pd.concat([frame, rows[told]], axis=1).loc[pd.Series(steps != 0, index=rows.index)]


def summary(parted: pd.DataFrame, rows: int, horizons: Sequence[str]) -> pd.DataFrame:
    """Per rival: how often the grades agree, and the close rate where one of them was the higher.

    Returns:
        ``system``, ``agree`` (share of the rows), ``model_higher`` and ``rule_higher`` (rows), and the
        close rates ``closed_model_higher`` and ``closed_rule_higher`` by the longest horizon. Where the
        model is right, leads that it puts higher close more often.
    """
    closed = closed_column(horizons[-1])
    records = []
    for name, part in parted.groupby("system", sort=False):
        higher, lower = part[part["steps"] > 0], part[part["steps"] < 0]
        records.append(
            {
                "system": name,
                "agree": 1.0 - len(part) / rows,
                "model_higher": len(higher),
                "closed_model_higher": higher[closed].mean(),
                "rule_higher": len(lower),
                "closed_rule_higher": lower[closed].mean(),
            }
        )
    return pd.DataFrame(records, columns=list(_SUMMARY))
