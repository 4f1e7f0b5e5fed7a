"""Grade policies whose thresholds are learned: by capacity, by a scheme's counts; and by value.

All thresholds are frozen when the scorer is fitted, on the calibration period: neither the leads that are
scored nor the test period move them. The last letter is never asked for: it gets the rest.
"""

from collections.abc import Mapping, Sequence
from string import ascii_uppercase

import numpy as np
import numpy.typing as npt

from models.arrays import Floats
from models.baselines.rule_grades import label_names
from models.grades.cut_offs import count_thresholds, share_thresholds
from models.grades.policy import GradePolicy, GradeThreshold


def capacity_policy(
    chance: Floats, shares: Mapping[str, float], by: str, horizons: Sequence[str]
) -> GradePolicy:
    """Grades for the best so many of every hundred leads: what a team has the time to call.

    Args:
        chance: P(close within ``by``) of each calibration row.
        shares: part of the leads for each grade, best first; what is left over gets the letter after.
        by: name of the horizon.
        horizons: names of all horizons.

    >>> policy = capacity_policy(np.array([0.5, 0.1, 0.4, 0.2]), {"A": 0.25, "B": 0.5}, "30d", ["30d"])
    >>> [(c.grade, c.at_least) for c in policy.conditions]
    [('A', 0.5), ('B', 0.2)]

    Raises:
        ValueError: there is no row.
    """
    edges = share_thresholds(chance, list(shares.values()))
    conditions = [
        GradeThreshold(grade, by, edge, share=share)
        for (grade, share), edge in zip(shares.items(), edges, strict=True)
    ]
    return GradePolicy(tuple(conditions), tuple(horizons), kind="capacity")


def scheme_policy(
    chance: Floats,
    labels: npt.ArrayLike,
    order: Sequence[str],
    scheme: str,
    by: str,
    horizons: Sequence[str],
) -> GradePolicy:
    """As many leads of each grade as a rule scheme gives of each label, for an even comparison.

    Args:
        chance: P(close within ``by``) of each calibration row.
        labels: the scheme's label of each of these rows.
        order: its labels, best first: they become A, B, C and so on. The last one's leads are the rest,
            with all that have none of these labels.
        scheme: the scheme's id.
        by: name of the horizon.
        horizons: names of all horizons.

    >>> chance, labels = np.array([0.5, 0.1, 0.4]), ["cold", "hot", "cold"]
    >>> scheme_policy(chance, labels, ["hot", "cold"], "temperature", "30d", ["30d"]).conditions
    (Condition(grade='A', by='30d', at_least=0.5, share=None, label='hot'),)

    Raises:
        ValueError: there is no row.
    """
    names = label_names(labels)
    asked = list(order[:-1])
    counts = np.cumsum([int((names == label).sum()) for label in asked], dtype=np.int64)
    edges = count_thresholds(chance, counts.tolist())
    conditions = [
        GradeThreshold(grade, by, edge, label=label)
        for grade, edge, label in zip(ascii_uppercase, edges, asked, strict=False)
    ]
    return GradePolicy(tuple(conditions), tuple(horizons), kind="as_scheme", scheme=scheme)


def value_policy(at_least: Mapping[str, float], cost_per_lead: float, horizons: Sequence[str]) -> GradePolicy:
    """Grades by expected value within the longest horizon less the cost of calling, in the currency.

    >>> policy = value_policy({"A": 500, "B": 0}, 80, ["30d"])
    >>> policy.assign(np.array([[0.5], [0.5], [0.5]]), np.array([2000.0, 1000.0, 100.0])).tolist()
    ['A', 'B', 'C']
    """
    conditions = [GradeThreshold(grade, horizons[-1], float(least)) for grade, least in at_least.items()]
    return GradePolicy(tuple(conditions), tuple(horizons), kind="value", cost_per_lead=float(cost_per_lead))
