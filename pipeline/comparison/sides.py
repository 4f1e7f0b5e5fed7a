"""The two sides of a comparison: each row's learned grade and the label of a scheme or a person."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from features.labels import closed_column
from features.schemes.declaration import Scheme
from models.arrays import Floats
from models.baselines.rule_grades import NO_GRADE
from models.grades.policy import GradePolicy
from pipeline.evaluation.evaluate import Evaluation
from pipeline.evaluation.leaderboard import System, SystemKind

LEARNED_HIGHER, SAME, OTHER_HIGHER, NO_LABEL = "learned higher", "same", "other higher", "no label"


@dataclass(frozen=True)
class Sides:
    """Learned grades and one other system's labels on the rows of the test period.

    Attributes:
        name: of the other system.
        kind: a scheme, dated grades of people, or their grades in hindsight.
        horizon: by which closes are counted.
        rows: ``lead_id``, ``as_of``, ``its_label`` (as given), ``its_grade`` (on the policy's scale, missing
            where there is no label), ``learned_grade``, ``steps`` (by how many grades the model is higher),
            ``part`` (who is higher), ``chance`` and ``its_chance`` (P(closed by the horizon) of either),
            ``closed`` (1, 0, missing where not ripe).
        grades: the policy's, best first.
        labels: the other system's, best first; ungraded last.
        ordered: whether its labels run from best to worst by themselves, not by what was learned of them.
        same_scale: whether its labels are the policy's grades, so that ``its_grade`` is ``its_label``.
    """

    name: str
    kind: SystemKind
    horizon: str
    rows: pd.DataFrame
    grades: tuple[str, ...]
    labels: tuple[str, ...]
    ordered: bool
    same_scale: bool

    @property
    def best_label(self) -> str:
        """The label of those that the other system would call first."""
        return self.labels[0]

    @property
    def its_order(self) -> Floats:
        """A score of each row that runs as the other system's labels do."""
        if not self.ordered:
            return self.rows["its_chance"].to_numpy(dtype=np.float64)
        place = {label: -float(i) for i, label in enumerate(self.labels)}
        return np.array([place[label] for label in self.rows["its_label"]], dtype=np.float64)


def sides_of(
    evaluation: Evaluation, policy: GradePolicy, schemes: Mapping[str, Scheme], horizon: str
) -> list[Sides]:
    """The model beside each scheme and each kind of manual grades, in the evaluation's order.

    Args:
        evaluation: of the test period; its first system is the model.
        policy: the learned grades'.
        schemes: by their ids, for the order of their labels.
        horizon: by which closes are counted.
    """
    learned, *others = evaluation.systems
    place = policy.horizons.index(horizon)
    rivals = [one for one in others if one.kind != "baseline"]
    return [_sides(evaluation.rows, learned, one, policy, schemes.get(one.name), place) for one in rivals]


def _sides(
    rows: pd.DataFrame, learned: System, other: System, policy: GradePolicy, scheme: Scheme | None, place: int
) -> Sides:
    horizon = policy.horizons[place]
    found = [label for label in pd.unique(other.grades) if label != NO_GRADE]
    same_scale = bool(found) and set(found) <= set(policy.grades)
    graded = np.asarray(other.grades != NO_GRADE)
    amount = rows["expected_amount"].to_numpy() if "expected_amount" in rows.columns else None
    worth = other.grades if same_scale else policy.assign(other.probabilities, amount)
    its_grade = pd.Series(worth, index=rows.index, dtype="str").where(graded)
    step = {grade: i for i, grade in enumerate(policy.grades)}
    steps = its_grade.map(step).astype(np.float64) - pd.Series(learned.grades, index=rows.index).map(step)
    frame = pd.DataFrame(
        {
            "lead_id": rows["lead_id"],
            "as_of": rows["as_of"],
            "its_label": other.grades,
            "its_grade": its_grade,
            "learned_grade": learned.grades,
            "steps": steps,
            "part": np.select(
                [steps > 0, steps < 0, steps == 0], [LEARNED_HIGHER, OTHER_HIGHER, SAME], NO_LABEL
            ),
            "chance": learned.probabilities[:, place],
            "its_chance": other.probabilities[:, place],
            "closed": rows[closed_column(horizon)].to_numpy(dtype=np.float64),
        }
    )
    order = _order(found, frame, scheme)
    ordered = scheme is None or scheme.ordered
    return Sides(other.name, other.kind, horizon, frame, policy.grades, order, ordered, same_scale)


def _order(found: Sequence[str], frame: pd.DataFrame, scheme: Scheme | None) -> tuple[str, ...]:
    """Labels from best to worst: as a scheme says, people's by the alphabet, else by learned close rate."""
    if scheme is None:
        named = sorted(found)
    elif scheme.ordered:
        named = [label for label in scheme.label_ids if label in found]
    else:
        rates = frame.groupby("its_label")["its_chance"].first()
        named = sorted(found, key=lambda label: (-rates[label], label))
    return (*named, *([NO_GRADE] if (frame["its_label"] == NO_GRADE).any() else []))
