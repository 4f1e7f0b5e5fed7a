"""Capacity curve: share of the closes that are caught by so many calls, in each system's own order."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from models.arrays import Floats
from models.metrics.scores import capture_at
from pipeline.comparison.sides import Sides

CALL_SHARES = (0.05, 0.1, 0.2, 0.3, 0.5)
MODEL, RANDOM = "model", "random order"


def capacity_curve(sides: Sequence[Sides]) -> pd.DataFrame:
    """Closes caught by calling the best 5 to 50 % of the rows, by each system; leads of one label by chance.

    A system's labels are taken in their own order, not in that of the close rates learned for them.

    Returns:
        ``system``, ``calls`` (share of the rows called) and ``caught`` (share of the closes among them).
    """
    ripe = sides[0].rows["closed"].notna().to_numpy()
    closed = sides[0].rows["closed"].to_numpy(dtype=np.float64)[ripe]
    orders: Mapping[str, Floats] = {
        MODEL: sides[0].rows["chance"].to_numpy(dtype=np.float64),
        **{one.name: one.its_order for one in sides},
        RANDOM: np.zeros(len(ripe)),
    }
    records = [
        {
            "system": name,
            "calls": share,
            "caught": capture_at.with_options(share=share)(closed, order[ripe]) if closed.any() else np.nan,
        }
        for name, order in orders.items()
        for share in CALL_SHARES
    ]
    return pd.DataFrame(records)
