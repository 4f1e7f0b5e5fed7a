"""The sharpest disagreements, with the reasons of both sides."""

from collections.abc import Sequence

import pandas as pd

from models.scorer import LeadScorer
from pipeline.comparison.sides import Sides
from pipeline.schemes.scheme_grades import GradedBy, explanations

MOST_SHARPEST = 20
_OWN = ["lead_id", "as_of", "its_label", "its_grade", "learned_grade", "steps"]
_OWN += ["chance", "its_chance", "closed"]


def sharpest(
    sides: Sides, matrix: pd.DataFrame, scorer: LeadScorer, schemes: Sequence[GradedBy]
) -> pd.DataFrame:
    """The rows whose grades lie furthest apart, one of each lead: its sharpest, of equals the newest.

    Args:
        sides: the two sides.
        matrix: the same rows with their features.
        scorer: whose reasons are told.
        schemes: whose rule is told, if the other side is one of them.

    Returns:
        ``lead_id``, ``as_of``, both grades, ``steps``, both chances, ``closed``; ``for_en`` and ``for_zh``,
        ``against_en`` and ``against_zh`` (the model's reasons), ``rule_en``, ``rule_zh`` and ``because`` (the
        scheme's), ``agent`` (who gave the manual grade), where there is such a thing.
    """
    rows = sides.rows[sides.rows["steps"].abs() > 0]
    far = rows["steps"].abs(), (rows["chance"] - rows["its_chance"]).abs()
    ranked = rows.assign(steps_apart=far[0], chance_apart=far[1]).sort_values(
        ["steps_apart", "chance_apart", "as_of", "lead_id"], ascending=[False, False, False, True]
    )
    told = ranked.drop_duplicates("lead_id").head(MOST_SHARPEST)[_OWN]
    features = matrix.loc[told.index]
    if scorer.reason_book is not None and len(told):
        told = told.join(scorer.reasons(features).rename(columns=_short))
    rules = explanations(features, [one for one in schemes if one.scheme.id == sides.name])
    for name, column in (("rule_en", "why_en"), ("rule_zh", "why_zh"), ("because", "because")):
        if len(rules):
            told[name] = rules[column].to_numpy()
    if sides.kind == "manual" and "manual_grade_agent" in matrix.columns:
        told["agent"] = features["manual_grade_agent"]
    return told.reset_index(drop=True)


def _short(name: str) -> str:
    """``reasons_up_en`` is ``for_en``.

    >>> _short("reasons_down_zh")
    'against_zh'
    """
    return name.replace("reasons_up", "for").replace("reasons_down", "against")
