"""Thresholds that cut off the best shares, or the best so many, of the leads they are learned on.

Learned on all rows of a period, not on each lead's latest: a row is a lead as it stood on the list of some
day, so all rows together are the average list, and a share of them is a share of such a list. Latest rows
alone would be leads about to close or to be given up.

Where equal values stand at the cut, all of them stay out: a threshold never lets in more than was asked
for on the rows it was learned on, and fewer by less than one group of equal values.
"""

from collections.abc import Sequence
from itertools import accumulate

import numpy as np

from models.arrays import Floats

# 0.1 + 0.2 of 10 rows are 3 rows, whatever binary fractions say.
_ROUNDING = 1e-9


def share_thresholds(values: Floats, shares: Sequence[float]) -> list[float]:
    """Least value of the best share of the rows, of the next best share, and so on.

    >>> share_thresholds(np.array([0.5, 0.1, 0.4, 0.2, 0.3]), [0.2, 0.4])
    [0.5, 0.3]

    Raises:
        ValueError: as ``count_thresholds``.
    """
    return count_thresholds(values, [int(len(values) * share + _ROUNDING) for share in accumulate(shares)])


def count_thresholds(values: Floats, counts: Sequence[int]) -> list[float]:
    """Least value of the best so many rows, for each count; just above the best where none may be let in.

    >>> count_thresholds(np.array([0.9, 0.7, 0.7, 0.1]), [1, 2, 3])
    [0.9, 0.9, 0.7]

    Raises:
        ValueError: there is no row, or a value is missing.
    """
    if not len(values) or np.isnan(values).any():
        raise ValueError("thresholds need rows, each with a value")
    distinct, sizes = np.unique(values, return_counts=True)
    let_in = np.cumsum(sizes[::-1])[::-1]
    thresholds = np.append(distinct, np.nextafter(distinct[-1], np.inf))
    return [float(thresholds[int((let_in > count).sum())]) for count in counts]
