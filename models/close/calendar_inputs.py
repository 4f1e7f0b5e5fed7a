"""Inputs that move with the calendar: what they will be tomorrow they were not in the rows learned from.

A figure of the economy is the same for all leads of a month, so trees tell by it when a lead was there, and
with that what the close rate was then. Where the figure moves on, or back to where it was in another year,
they would answer for that year. So a scorer holds such an input within what it was in the newest rows: the
future is answered for as the newest of what is known.
"""

import numpy as np
import numpy.typing as npt
import pandas as pd

from models.arrays import Floats
from models.disclosure import of_each_lead, rounded_cut

# Share of a number's spread (in ranks) that lies between stretches of time, from which on it moves with the
# calendar: figures of the economy have .98 and more, what is told of leads themselves .2 and less. Where half
# of the rows lack it, nothing is said.
MOVES = 0.9
KNOWN = 0.5
STRETCHES = 100
# The newest of the rows, by their share.
NEWEST = 0.05


def calendar_ranges(
    frame: pd.DataFrame, instants: npt.ArrayLike, lead_ids: npt.ArrayLike | None = None, least: int = 1
) -> dict[str, tuple[float, float]]:
    """The numbers that move with the calendar, with their least and largest value in the newest rows.

    Args:
        frame: the inputs of the rows that are learned from.
        instants: as-of of each row, of any kind that has an order; rows of one instant stay together.
        lead_ids: whose rows these are; without them each row counts as a lead.
        least: leads at or beyond each end, which are rounded then; a number of fewer leads has none.

    Example:
        >>> rates, ages = np.repeat([4.9, 1.3, 0.7, 0.8], 100), np.tile([30, 50], 200)
        >>> calendar_ranges(pd.DataFrame({"rate": rates, "age": ages}), np.arange(400))
        {'rate': (0.8, 0.8)}
    """
    if frame.empty:
        return {}
    times = pd.factorize(np.asarray(instants), sort=True)[0]
    ordered = np.sort(times)
    stretch = ordered.searchsorted(times) * STRETCHES // len(times)
    newest = times >= ordered[int(len(times) * (1.0 - NEWEST))]
    numbers = [name for name in frame.columns if pd.api.types.is_numeric_dtype(frame[name].dtype)]
    moving = [name for name in numbers if _between(frame[name], stretch) >= MOVES]
    leads = np.arange(len(frame)) if lead_ids is None else np.asarray(lead_ids)
    known = {name: of_each_lead(frame.loc[newest, name], leads[newest]) for name in moving}
    return {str(name): _ends(values, least) for name, values in known.items() if len(values) >= least}


def _ends(of_leads: Floats, least: int) -> tuple[float, float]:
    low, high = of_leads[least - 1], of_leads[-least]
    if high < of_leads[-1] and len(of_leads) > least:
        high = of_leads[-least - 1]  # so many are beyond
    first, last = (rounded_cut(float(end), of_leads, least) for end in sorted((low, high)))
    return min(first, last), max(first, last)


def _between(values: pd.Series, stretch: npt.NDArray[np.intp]) -> float:
    """Share of the ranks' variance that lies between the stretches."""
    if values.notna().mean() < KNOWN:
        return 0.0
    ranks = values.astype(np.float64).rank()
    total = float(((ranks - ranks.mean()) ** 2).sum())
    if not total > 0.0:
        return 0.0
    means = ranks.groupby(stretch).transform("mean")
    return float(((means - ranks.mean()) ** 2).sum()) / total
