"""Close rate of each grade by each horizon, with its interval over leads: of one system, or of several."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from models.arrays import Floats
from models.baselines.rule_grades import label_names
from models.hazards import Bools
from models.metrics.bootstrap import LeadDraws, percentile_bounds
from models.metrics.rates import effective_rows, lead_influence, wilson

_TABLE_COLUMNS = ["grade", "by", "rows", "leads", "share", "rate", "low", "high", "effective"]


def grade_table(
    grades: npt.ArrayLike,
    closed: Floats,
    lead_ids: npt.ArrayLike,
    horizons: Sequence[str],
    *,
    order: Sequence[str] | None = None,
    seed: int = 0,
) -> pd.DataFrame:
    """Close rate of each grade by each horizon: of the learned grades, or of a rule scheme's labels.

    Args:
        grades: label of each row; a missing one is ``ungraded``.
        closed: (rows, horizons) of 1, 0 and NaN (not ripe: left out at that horizon).
        lead_ids: whose rows these are.
        horizons: names of the columns of ``closed``.
        order: labels to list, also those without a row; the labels found, sorted, when left out.
        seed: of the bootstrap over leads.

    Returns:
        One row per grade and horizon: ``grade``, ``by``, ``rows`` and ``leads`` (ripe ones),
        ``share`` (of all rows, ripe or not), ``rate``, ``low``, ``high``, and ``effective``, the number of
        independent rows that the rate is worth. The interval is a bootstrap over leads; where none or all
        of a grade closed, which a bootstrap takes for certain, it is Wilson's on the number of leads.
    """
    return GradeRates(closed, lead_ids, horizons, seed).table(grades, order)


class GradeRates:
    """Makes ``grade_table`` for several systems' grades of the same leads, which are drawn once for all.

    Args:
        closed: (rows, horizons) of 1, 0 and NaN.
        lead_ids: whose rows these are.
        horizons: names of the columns of ``closed``.
        seed: of the bootstrap over leads.
    """

    def __init__(
        self, closed: Floats, lead_ids: npt.ArrayLike, horizons: Sequence[str], seed: int = 0
    ) -> None:
        self.horizons = horizons
        leads = np.asarray(lead_ids)
        self._ripe = [~np.isnan(column) for column in closed.T]
        self._closed = [column[ripe] for column, ripe in zip(closed.T, self._ripe, strict=True)]
        self._draws = [LeadDraws.of(leads[ripe], seed=seed) for ripe in self._ripe]

    def table(self, grades: npt.ArrayLike, order: Sequence[str] | None = None) -> pd.DataFrame:
        """The table of one system's grades; arguments and columns as of ``grade_table``."""
        labels = label_names(grades)
        names = sorted(set(labels)) if order is None else list(order)
        members = np.column_stack([np.asarray(labels == name) for name in names])
        shares = members.mean(axis=0) if len(labels) else np.zeros(len(names))
        records = []
        for horizon, ripe, closed, draws in zip(
            self.horizons, self._ripe, self._closed, self._draws, strict=True
        ):
            records += [
                {"grade": name, "by": horizon, "share": float(share), **rate}
                for name, share, rate in zip(names, shares, _rates(members[ripe], closed, draws), strict=True)
            ]
        table = pd.DataFrame(records, columns=_TABLE_COLUMNS)
        place = table["grade"].map({name: i for i, name in enumerate(names)})
        return table.iloc[np.argsort(place, kind="stable")].reset_index(drop=True)


def _rates(members: Bools, closed: Floats, draws: LeadDraws) -> list[dict[str, float]]:
    """Ripe rows, leads, close rate and its interval, for each column of ``members``."""
    belongs, closes = members.astype(np.float64), members * closed[:, None]
    with np.errstate(invalid="ignore"):  # a grade that a resample does not hold has no rate there
        rates = np.divide(*np.hsplit(draws.sums(np.hstack([closes, belongs])), 2))
    influence = lead_influence(members, closed, draws.leads)
    result = []
    for place, draw in enumerate(rates.T):
        rows, won = int(belongs[:, place].sum()), int(closes[:, place].sum())
        own_leads = len(pd.unique(draws.leads[members[:, place]]))
        rate = won / rows if rows else float("nan")
        low, high = wilson(rate, own_leads) if rows and won in (0, rows) else percentile_bounds(draw)
        worth = effective_rows(rate, rows, own_leads, influence[:, place]) if rows else float("nan")
        told = {"rows": rows, "leads": own_leads, "rate": rate, "low": low, "high": high}
        result.append(told | {"effective": worth})
    return result
