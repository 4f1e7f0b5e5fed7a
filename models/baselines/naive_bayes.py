"""What a CRM scores leads with: naive Bayes on a frequency table, as a baseline to beat.

Per window of the close hazard there is one table over the rows at risk: for each value of each column,
how many of them closed in the window (won) and how many did not (lost), 0.1 added to both. Then

    S(won)  = won / all  * product over the row's values of  won(value) / won of the column
    S(lost) = lost / all * product over the row's values of  lost(value) / lost of the column
    hazard  = S(won) / (S(won) + S(lost))

A column's won and lost are summed over its values, so missing values weigh nothing; at prediction missing
values are passed over, and those not in the table where no value is rare. The stage is a road, not a value:
a won lead counts in all stages, a lost one in its own and those before it, and the first stage's counts
stand for the column's. Hazards are composed to P(closed by each horizon) and clamped to 0.01 % - 99.99 %.

A value that few rows have says much by accident: a CRM passes over tags that fewer than 50 leads have. Here
such values of any column count as one, and so does a value that the table does not know.

What differs from a CRM's own: every row of the as-of matrix counts, with its stage as of that instant (a
CRM counts each closed lead once, by its last stage); the target is a close within each window; there are
no teams; and numbers, which a CRM leaves out, enter as fifths, which makes the baseline stronger.

Source: Odoo CRM, predictive lead scoring (Odoo 17 documentation, Sales, CRM, "Assign leads with
predictive lead scoring", and its scoring frequency table in ``addons/crm``).
"""

import math
from collections.abc import Sequence
from typing import Self

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.special import expit

from models.arrays import Floats
from models.close.inputs import Inputs
from models.hazards import check_events, compose

SMOOTHING = 0.1
LEAST, MOST = 0.0001, 0.9999
# A value that fewer rows have counts as one with all such, as a CRM's tags do not count.
RARE_ROWS = 50
STAGE = "stage"
_FIFTHS = (0.2, 0.4, 0.6, 0.8)
# No value of a cell begins with a space.
_REST = " the rest"


class CrmNaiveBayes:
    """P(closed by each horizon) from a CRM's frequency table.

    Args:
        stages: values of the column ``stage`` from first to last; without them it is a column like others.
        rare: values of a text column that fewer rows have count as one.

    After ``fit``: ``prior_`` (log-odds to close, by window), ``edges_`` (fifths of each number) and
    ``tables_`` (per column a frame value x window of log of the won share over the lost share).

    Of two leads from the web one closed, of two from a fair none: the odds of a lead from the web are
    1.1 / 3.1, times 1.1 / 1.2 over 1.1 / 3.2, that is .946; its probability is .946 / 1.946.

    >>> leads = pd.DataFrame({"channel": ["web", "web", "fair", "fair"]})
    >>> crm = CrmNaiveBayes().fit(leads, np.array([[1.0], [0.0], [0.0], [0.0]]))
    >>> crm.predict_proba(pd.DataFrame({"channel": ["web", "fair", None]})).round(3).tolist()
    [[0.486], [0.043], [0.262]]
    """

    inputs_: Inputs
    prior_: Floats
    edges_: dict[str, Floats]
    tables_: dict[str, pd.DataFrame]

    def __init__(self, stages: Sequence[str] = (), rare: int = 0) -> None:
        self.stages = tuple(stages)
        self.rare = rare

    def fit(self, X: pd.DataFrame, events: Floats) -> Self:
        """Count values.

        Args:
            X: columns to count, one row per (lead, as_of): text, and numbers to be cut into fifths.
            events: (rows, windows) of 1, 0 and NaN.

        Raises:
            ValueError: shapes do not fit, or a window has no row at risk.
        """
        check_events(events, len(X))
        self.inputs_ = Inputs.learn(X)
        won, lost = (events == 1.0).astype(np.float64), (events == 0.0).astype(np.float64)
        self.prior_ = np.log(won.sum(axis=0) + SMOOTHING) - np.log(lost.sum(axis=0) + SMOOTHING)
        numbers = [name for name in self.inputs_.columns if name not in self.inputs_.categories]
        self.edges_ = {name: _fifths(X[name]) for name in numbers}
        self.tables_ = {name: self._table(name, X[name], won, lost) for name in self.inputs_.columns}
        return self

    def predict_proba(self, X: pd.DataFrame) -> Floats:
        """Probability to have closed by the end of each window, (rows, windows).

        Raises:
            ValueError: a column is missing or of another kind; the message names it.
        """
        self.inputs_.check(X)
        odds = np.tile(self.prior_, (len(X), 1))
        for name, table in self.tables_.items():
            places = self._places(table, self._values(name, X[name]))
            # Place -1, a value that is missing or told by nothing in the table, is the last row: no evidence.
            odds += np.vstack([table.to_numpy(), np.zeros_like(self.prior_)])[places]
        return np.clip(compose(expit(odds)), LEAST, MOST)

    def _places(self, table: pd.DataFrame, values: "pd.Index[str]") -> npt.NDArray[np.intp]:
        """Where values stand in a table; those that it does not know stand with the rare, if any are."""
        places = table.index.get_indexer(values)
        rest = table.index.get_indexer(pd.Index([_REST]))[0]
        return np.where((places < 0) & np.asarray(values.notna(), dtype=bool), rest, places)

    def _values(self, name: str, column: pd.Series) -> "pd.Index[str]":
        """A column's values as they stand in its table: text, or the fifth that a number lies in."""
        texts = column
        if name in self.edges_:
            numbers = column.to_numpy(dtype=np.float64, na_value=np.nan)
            fifths = np.searchsorted(self.edges_[name], numbers, side="left") + 1
            texts = pd.Series(fifths).astype("str").mask(np.isnan(numbers))
        values: pd.Index[str] = pd.Index(texts, dtype="str")
        return values

    def _table(self, name: str, column: pd.Series, won: Floats, lost: Floats) -> pd.DataFrame:
        values = self._values(name, column)
        if name == STAGE and self.stages:
            return _stage_table(values, self.stages, won, lost)
        own = values.to_numpy(dtype=object)
        if name not in self.edges_:
            own = _rest_as_one(own, self.rare)
        won_of, lost_of = (pd.DataFrame(rows).groupby(own).sum() + SMOOTHING for rows in (won, lost))
        evidence: pd.DataFrame = won_of.div(won_of.sum()) / lost_of.div(lost_of.sum())
        return evidence.map(math.log)


def _rest_as_one(values: npt.NDArray[np.object_], rare: int) -> npt.NDArray[np.object_]:
    """Values with those that fewer rows have as one; missing ones stay missing."""
    counts = pd.Series(values).value_counts()
    few = pd.Index(counts.index[counts < rare])
    return np.where(few.get_indexer(values) >= 0, _REST, values)


def _fifths(column: pd.Series) -> Floats:
    numbers = column.to_numpy(dtype=np.float64, na_value=np.nan)
    known = numbers[~np.isnan(numbers)]
    return np.unique(np.quantile(known, _FIFTHS, method="inverted_cdf")) if len(known) else np.empty(0)


def _stage_table(values: "pd.Index[str]", stages: Sequence[str], won: Floats, lost: Floats) -> pd.DataFrame:
    """A won lead counts in every stage, a lost one in its own and those before; the first holds them all."""
    reached = pd.Index(stages).get_indexer(values)[:, None] >= np.arange(len(stages))
    won_of = np.tile(won[reached[:, 0]].sum(axis=0), (len(stages), 1)) + SMOOTHING
    lost_of = reached.T.astype(np.float64) @ lost + SMOOTHING
    return pd.DataFrame(np.log(won_of / won_of[0]) - np.log(lost_of / lost_of[0]), index=list(stages))
