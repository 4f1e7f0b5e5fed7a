"""Close rates of groups of rows, and by how much one group's lies above another's."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from models.arrays import Floats
from models.grades.grade_rates import grade_table
from models.metrics.bootstrap import Interval, LeadDraws, interval_of

RATES = ["rows", "leads", "rate", "low", "high"]


def rates_by_group(
    groups: npt.ArrayLike, closed: Floats, lead_ids: npt.ArrayLike, order: Sequence[str], seed: int = 0
) -> pd.DataFrame:
    """Rows, leads and close rate of each group, with its interval over leads.

    Args:
        groups: name of each row's group.
        closed: 1, 0 and NaN (not ripe: counted in ``rows``, not in ``rate``).
        lead_ids: whose rows these are.
        order: the groups to list, also those without a row.
        seed: of the bootstrap.

    Returns:
        ``group``, ``rows``, ``leads`` (ripe ones), ``rate``, ``low``, ``high``.

    Example:
        >>> closed = np.array([1.0, 0.0, np.nan])
        >>> table = rates_by_group(["in", "in", "out"], closed, ["a", "b", "c"], ["in", "out"])
        >>> table[["group", "rows", "leads", "rate"]].to_numpy().tolist()
        [['in', 2, 2, 0.5], ['out', 1, 0, nan]]
    """
    table = grade_table(groups, closed[:, None], lead_ids, ("closed",), order=order, seed=seed)
    names = pd.Series(np.asarray(groups, dtype=object))
    counts = names.value_counts()
    rows = [int(counts.get(name, 0)) for name in table["grade"]]
    return table.assign(rows=rows).rename(columns={"grade": "group"})[["group", *RATES]]


def rate_gap(
    groups: npt.ArrayLike,
    closed: Floats,
    lead_ids: npt.ArrayLike,
    first: str,
    second: str,
    seed: int = 0,
) -> Interval:
    """Close rate of one group less that of another, with its interval over leads drawn for both at once.

    Arguments as of ``rates_by_group``; what is not ripe is left out.
    """
    ripe = ~np.isnan(closed)
    names, y = np.asarray(groups, dtype=object)[ripe], closed[ripe]
    members = np.column_stack([names == first, names == second]).astype(np.float64)
    values = np.hstack([members * y[:, None], members])
    draws = LeadDraws.of(np.asarray(lead_ids)[ripe], seed=seed)
    with np.errstate(invalid="ignore", divide="ignore"):  # a group without a row has no rate
        own = np.divide(*np.split(values.sum(axis=0), 2))
        drawn = np.divide(*np.hsplit(draws.sums(values), 2))
    return interval_of(float(own[0] - own[1]), drawn[:, 0] - drawn[:, 1])
