"""Cross table: how many rows have each label and each learned grade, and how many of them closed."""

import numpy as np
import pandas as pd

from pipeline.comparison.sides import Sides


def cross_table(sides: Sides) -> pd.DataFrame:
    """Every pair of label and learned grade, whether or not a row has it.

    Returns:
        ``system``, ``its_label``, ``learned_grade``; ``rows`` (all, and together all rows of the test
        period), ``ripe`` (those whose outcome by the horizon is known), ``closes`` and ``rate`` among these.
    """
    pairs = pd.MultiIndex.from_product([sides.labels, sides.grades], names=["its_label", "learned_grade"])
    grouped = sides.rows.groupby(["its_label", "learned_grade"])["closed"]
    counts = pd.DataFrame({"rows": grouped.size(), "ripe": grouped.count(), "closes": grouped.sum()})
    counts = counts.reindex(pairs, fill_value=0).astype(int).reset_index()
    rate = counts["closes"] / counts["ripe"].where(counts["ripe"] > 0, np.nan)
    return counts.assign(rate=rate).assign(system=sides.name)[
        ["system", "its_label", "learned_grade", "rows", "ripe", "closes", "rate"]
    ]
