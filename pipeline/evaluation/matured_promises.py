"""Whether as many of the leads that have matured closed as were promised, those without a label counted."""

from collections.abc import Collection

import numpy as np
import pandas as pd

from features.labels import closed_column
from models.metrics.realised import realised_table
from pipeline.config.config import Config
from pipeline.evaluation.evaluate import Evaluation
from pipeline.matrix.dataset import Rows


def promise_note(
    config: Config,
    rows: Rows,
    evaluation: Evaluation,
    learned: tuple[float, float],
    undated: Collection[str],
) -> str | None:
    """What is to be said where the mean promise misses the close rate of matured rows, beyond chance.

    Args:
        config: the configuration.
        rows: from ``dataset.training_rows``.
        evaluation: on the test period.
        learned: the close rate that calibration learned by the longest horizon, and the independent rows
            that it is worth.
        undated: leads that closed, nobody knows when: they have no label, and count as closes.
    """
    tested, horizon = evaluation.rows, rows.horizons[-1]
    if config.flat or rows.observed_until is None:
        return None
    closed = tested[closed_column(horizon)].to_numpy(dtype=np.float64, na_value=np.nan)
    mature = tested["as_of"] + pd.Timedelta(days=config.horizons_days[-1]) <= rows.observed_until
    bought = (mature & tested["lead_id"].isin(list(undated))).to_numpy(dtype=bool)
    closed = np.where(np.isnan(closed) & bought, 1.0, closed)
    promised = tested[f"p_{horizon}"].to_numpy(dtype=np.float64)
    leads = tested["lead_id"].to_numpy(dtype=object)
    table = realised_table(promised[:, None], closed[:, None], leads, [horizon], {horizon: learned})
    [found] = table.to_dict("records")
    if not (found["gap_low"] > 0.0 or found["gap_high"] < 0.0):  # also where too few were to be expected
        return None
    return (
        f"promises miss the close rate of what has matured, beyond chance: of the rows of {found['leads']:,} "
        f"leads of the test period {found['realised']:.1%} closed by {horizon}, and {found['promised']:.1%} "
        "were promised"
    )
