"""Several paired differences tested at once: which are below 0 beyond chance.

Of many tests of two things that are alike, one is soon called worse by chance. By Holm's method the risk that
any is holds for all of them together; the intervals say the same: one wholly below 0 is worse.

Source: Holm, A simple sequentially rejective multiple test procedure, Scand. J. Statist. 6 (1979).
"""

from collections.abc import Sequence

import numpy as np
from scipy.special import ndtr, ndtri

from models.metrics.bootstrap import Interval


def holm_intervals(estimates: Sequence[float], errors: Sequence[float], risk: float) -> list[Interval]:
    """An interval of each difference; its upper end is below 0 exactly where Holm's method rejects.

    Args:
        estimates: the differences.
        errors: their standard errors; a difference of 0 without error is no difference.
        risk: that any difference that is not below 0 is called so, one-sided.

    Example:
        >>> [round(one.high, 2) for one in holm_intervals([-3.0, -1.9, 0.5], [1.0, 1.0, 1.0], 0.05)]
        [-0.87, 0.06, 2.46]
    """
    values, spreads = np.asarray(estimates, dtype=np.float64), np.asarray(errors, dtype=np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        p = np.where(spreads > 0.0, ndtr(values / spreads), np.where(values < 0.0, 0.0, 1.0))
    levels, left, rejecting = np.empty(len(values)), len(values), True
    for place in np.argsort(p, kind="stable"):
        levels[place] = risk / left
        rejecting = rejecting and bool(p[place] < levels[place])
        left -= rejecting
    reach = -ndtri(levels) * spreads
    return [
        Interval(value, value - far, value + far)
        for value, far in zip(values.tolist(), reach.tolist(), strict=True)
    ]
