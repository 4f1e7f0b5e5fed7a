"""A rule scheme as an estimator: label -> close rate learned, so that rules and model face one evaluation."""

from typing import Self

import numpy as np
import numpy.typing as npt
import pandas as pd

from models.arrays import Floats
from models.hazards import check_events, compose

NO_GRADE = "ungraded"


class RuleGrades:
    """Label -> hazard to close within each window.

    A label's hazard is drawn towards that of all leads: ``(closes + m * overall) / (at_risk + m)``, so
    a label with few leads promises little of its own. A missing label is ``ungraded``, a label like any
    other; one that was not seen at fit gets the overall hazard. The order of the labels plays no part.

    Args:
        m: leads' worth of the overall rate that each label starts with.

    After ``fit``: ``hazards_`` (a row per label, a column per window) and ``overall_``.

    Source: the m-estimate of Cestnik, ECAI (1990).

    >>> rules = RuleGrades(m=2).fit(["A", "A", None, None], np.array([[1.0], [1.0], [0.0], [0.0]]))
    >>> rules.predict_proba(["A", None, "Z"])
    array([[0.75],
           [0.25],
           [0.5 ]])
    """

    hazards_: pd.DataFrame
    overall_: Floats

    def __init__(self, m: float = 10.0) -> None:
        self.m = m

    def fit(self, labels: npt.ArrayLike, events: Floats) -> Self:
        """Learn from each row's label and its events, (rows, windows) of 1, 0 and NaN.

        Raises:
            ValueError: shapes do not fit, or a window has no row at risk.
        """
        names = label_names(labels)
        check_events(events, len(names))
        by_label = pd.DataFrame(events).groupby(names.to_numpy(), sort=True)
        self.overall_ = np.nanmean(events, axis=0)
        self.hazards_ = (by_label.sum() + self.m * self.overall_) / (by_label.count() + self.m)
        return self

    def predict_proba(self, labels: npt.ArrayLike) -> Floats:
        """Probability to have closed by the end of each window, (rows, windows)."""
        places = self.hazards_.index.get_indexer(label_names(labels))
        hazards = np.vstack([self.hazards_.to_numpy(dtype=np.float64), self.overall_])
        return compose(hazards[places])  # place -1, a label not seen, is the last row: overall


def label_names(labels: npt.ArrayLike) -> "pd.Index[str]":
    """Labels as text, a missing one as ``ungraded``."""
    names: pd.Index[str] = pd.Index(np.asarray(labels, dtype=object), dtype="str")
    return names.fillna(NO_GRADE)
