"""Slices: where in the list, and with whom, labels and learned grades part more than elsewhere.

Each slice is compared with all other rows: by how many grades the model is higher there than elsewhere.
Intervals are over leads, and the chances are corrected for the number of slices that are looked at. A person
who calls better leads first makes them close: a slice that stands out is a question, not an answer.
"""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.special import ndtr, ndtri

from models.arrays import Floats
from models.drift.shift_tests import holm
from pipeline.comparison.sides import LEARNED_HIGHER, OTHER_HIGHER, Sides

AGENT, MONTH, LEAD_AGE = "agent", "month", "lead age"
PAIR = " and "

# Of fewer leads nothing is said: one campaign's rows would stand out by themselves.
LEAST_SLICE_LEADS = 20
# More values than this are no slices but names.
MOST_SLICES = 40
AGE_EDGES_DAYS = (0, 30, 90, 180, 365, 10_000)

_COLUMNS = ["by", "value", "rows", "leads", "learned_higher", "other_higher", "apart", "low", "high", "p"]


def slice_keys(matrix: pd.DataFrame, attributes: Sequence[str], zone: str) -> pd.DataFrame:
    """What rows are sliced by: agent, attributes, month of the as-of, age of the lead, agent and attribute.

    Args:
        matrix: the rows of the test period with their features.
        attributes: categorical attributes known when a lead was created.
        zone: whose calendar the months are of.
    """
    keys = pd.DataFrame(index=matrix.index)
    if "manual_grade_agent" in matrix.columns:
        keys[AGENT] = matrix["manual_grade_agent"].astype(object)
    for name in attributes:
        if name in matrix.columns and matrix[name].nunique() <= MOST_SLICES:
            keys[name] = matrix[name].astype(object)
            if AGENT in keys.columns:
                both = keys[AGENT].notna() & keys[name].notna()
                keys[AGENT + PAIR + name] = (keys[AGENT] + ", " + keys[name].astype(str)).where(both)
    if isinstance(matrix["as_of"].dtype, pd.DatetimeTZDtype):
        keys[MONTH] = matrix["as_of"].dt.tz_convert(zone).dt.strftime("%Y-%m")
    if "days_since_created" in matrix.columns:
        names = [f"{low} to {high} days" for low, high in pairwise(AGE_EDGES_DAYS[:-1])]
        names.append(f"over {AGE_EDGES_DAYS[-2]} days")
        age = pd.cut(matrix["days_since_created"], AGE_EDGES_DAYS, labels=names, include_lowest=True)
        keys[LEAD_AGE] = age.astype(object)
    return keys


def slices(sides: Sides, keys: pd.DataFrame) -> pd.DataFrame:
    """Each slice beside all other rows, those that part most from the rest first.

    Args:
        sides: rows without a label are left out.
        keys: from ``slice_keys``, on the same rows.

    Returns:
        ``by``, ``value``, ``rows``, ``leads``; ``learned_higher`` and ``other_higher`` (shares of the rows);
        ``apart``, by how many grades the model is higher in the slice than elsewhere (below 0: the other
        side's grades are higher there) with its 95 % interval ``low``, ``high``; ``p``, corrected by Holm.
    """
    labelled = sides.rows["steps"].notna().to_numpy()
    rows, own = sides.rows[labelled], keys[labelled]
    leads = pd.factorize(rows["lead_id"])[0]
    steps = rows["steps"].to_numpy(dtype=np.float64)
    records = []
    for by in own.columns:
        for value, places in own.groupby(by, sort=True).indices.items():
            inside = np.zeros(len(rows), dtype=bool)
            inside[places] = True
            counted = len(np.unique(leads[inside]))
            if counted < LEAST_SLICE_LEADS or len(np.unique(leads[~inside])) < LEAST_SLICE_LEADS:
                continue
            apart, error = _apart(steps, inside, leads)
            part = rows["part"].to_numpy()[inside]
            shares = [float((part == who).mean()) for who in (LEARNED_HIGHER, OTHER_HIGHER)]
            half = float(ndtri(0.975)) * error
            p = 2.0 * float(ndtr(-abs(apart) / error)) if error > 0 else float(apart == 0)
            told = [by, str(value), int(inside.sum()), counted, *shares, apart, apart - half, apart + half, p]
            records.append(dict(zip(_COLUMNS, told, strict=True)))
    table = pd.DataFrame(records, columns=_COLUMNS)
    size = (table["apart"] / (table["high"] - table["low"]).replace(0.0, np.nan)).abs()
    table["p"] = holm(table["p"]) if len(table) else table["p"]
    return table.iloc[np.argsort(-size.fillna(0.0).to_numpy(), kind="stable")].reset_index(drop=True)


def _apart(steps: Floats, inside: npt.NDArray[np.bool_], leads: npt.NDArray[np.intp]) -> tuple[float, float]:
    """Mean inside less mean outside, and its standard error over leads."""
    influence, means = np.zeros(len(steps)), []
    for sign, members in ((1.0, inside), (-1.0, ~inside)):
        mean = float(steps[members].mean())
        means.append(mean)
        influence[members] = sign * (steps[members] - mean) / members.sum()
    by_lead = np.bincount(leads, influence)
    among = len(by_lead)
    return means[0] - means[1], float(np.sqrt((by_lead**2).sum() * among / (among - 1)))
