"""Swap sets: who would be called instead, at the same number of calls.

At each as-of the other system's best label stands for the team's capacity: as many leads as have it are taken
from the top of the model's order instead. Who is in both, who comes in and who goes out is told with what
became of them; as many come in as go out.
"""

import numpy as np
import numpy.typing as npt
import pandas as pd

from pipeline.comparison.rates_by_group import rate_gap, rates_by_group
from pipeline.comparison.sides import Sides

BOTH, COMES_IN, GOES_OUT = "in both", "comes in", "goes out"


def swapped(sides: Sides) -> npt.NDArray[np.object_]:
    """Each row's part in the swap; empty where neither side would call it.

    Leads of one chance are taken in the order of their ids, so that the answer is the same each time.
    """
    rows = sides.rows
    theirs = (rows["its_label"] == sides.best_label).to_numpy()
    order = np.lexsort((rows["lead_id"].to_numpy(dtype=str), -rows["chance"].to_numpy(dtype=np.float64)))
    by_list = rows["as_of"].iloc[order].groupby(rows["as_of"].iloc[order], sort=False).cumcount()
    rank = pd.Series(by_list.to_numpy(), index=order).sort_index().to_numpy()
    room = pd.Series(theirs, index=rows.index).groupby(rows["as_of"]).transform("sum").to_numpy()
    ours = rank < room
    return np.select([ours & theirs, ours, theirs], [BOTH, COMES_IN, GOES_OUT], "").astype(object)


def swap_set(sides: Sides, seed: int = 0) -> pd.DataFrame:
    """What became of those that both would call, that come in and that go out.

    Returns:
        ``system``, ``label`` (that is called), ``group``, ``rows``, ``leads``, ``rate`` by the horizon with
        ``low`` and ``high``; in the line of those that come in ``better_by``, ``better_low`` and
        ``better_high``: their close rate less that of those that go out.
    """
    groups, leads = swapped(sides), sides.rows["lead_id"]
    closed = sides.rows["closed"].to_numpy(dtype=np.float64)
    table = rates_by_group(groups, closed, leads, [BOTH, COMES_IN, GOES_OUT], seed)
    better = rate_gap(groups, closed, leads, COMES_IN, GOES_OUT, seed)
    into = table["group"] == COMES_IN
    for name, value in (("by", better.estimate), ("low", better.low), ("high", better.high)):
        table[f"better_{name}"] = np.where(into, value, np.nan)
    return table.assign(system=sides.name, label=sides.best_label)[
        ["system", "label", *table.columns.drop(["system", "label"], errors="ignore")]
    ]
