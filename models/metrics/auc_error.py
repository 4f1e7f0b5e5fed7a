"""The standard error of the difference of two AUCs on the same rows, over leads, without a resample.

Each row moves an AUC by how far its own share of pairs in the right order is from the mean; rows of one lead
are moved together.

Source: DeLong, DeLong and Clarke-Pearson, Biometrics 44 (1988); Obuchowski, ibid. 53 (1997), for clusters.
"""

import numpy as np
import numpy.typing as npt
import pandas as pd

from models.arrays import Floats


def auc_pulls(closed: Floats, score: Floats) -> Floats:
    """By how much each row moves the AUC; they add up to nothing.

    Args:
        closed: 1 or 0 of each row, both there.
        score: of each.

    Example:
        >>> auc_pulls(np.array([1.0, 0.0, 0.0]), np.array([0.5, 0.2, 0.7])).tolist()
        [0.0, 0.25, -0.25]
    """
    won = closed == 1.0
    closes, others = int(won.sum()), int((~won).sum())
    ahead = np.empty(len(score))
    ranks = _ranks(score)
    # Of a close, the share of others behind it; of another, the share of closes before it; ties count half.
    ahead[won] = (ranks[won] - _ranks(score[won])) / others
    ahead[~won] = 1.0 - (ranks[~won] - _ranks(score[~won])) / closes
    pulls: Floats = (ahead - ahead[won].mean()) / np.where(won, closes, others)
    return pulls


def _ranks(score: Floats) -> Floats:
    return np.asarray(pd.Series(score).rank(), dtype=np.float64)


def auc_difference_error(closed: Floats, one: Floats, other: Floats, lead_ids: npt.ArrayLike) -> float:
    """Standard error of one score's AUC less another's."""
    leads = pd.factorize(np.asarray(lead_ids))[0]
    pulls = np.bincount(leads, auc_pulls(closed, one) - auc_pulls(closed, other))
    return float(np.sqrt((pulls**2).sum()))
