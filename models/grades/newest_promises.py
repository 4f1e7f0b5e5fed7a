"""What grades promise: the close rates of all rows that they would have had, moved to the newest level.

A grade is given by chances at the level of the newest rows, and older rows closed at another. So a grade's
rate among all rows, each judged by trees that had not seen its lead, is moved in log-odds by as much as its
mean chance moves from the level of all rows to the newest; what a move is worth is uncertain, and its error
goes into the promise.
"""

from dataclasses import replace

import numpy as np
import numpy.typing as npt
from scipy.special import expit, logit

from models.arrays import Floats
from models.calibration.hazard_calibration import HazardCalibration
from models.grades.policy import GradePolicy, Promise
from models.hazards import Bools
from models.metrics.rates import wilson


def newest_promises(
    policy: GradePolicy,
    calibration: HazardCalibration,
    hazards: Floats,
    amount: Floats | None,
    closed: Floats,
    lead_ids: npt.ArrayLike,
    seed: int = 0,
) -> GradePolicy:
    """The policy with its promises.

    Args:
        policy: with its thresholds.
        calibration: that the chances come from.
        hazards: raw ones of all rows learned from, by trees that had not seen their leads, (rows, windows).
        amount: expected amount of each, where the policy looks at value.
        closed: (rows, horizons), closed by each horizon: 1, 0, or NaN where it is not ripe.
        lead_ids: whose rows these are.
        seed: of the bootstrap over leads.
    """
    now, before = calibration.chances(hazards), calibration.of_all_rows.chances(hazards)
    grades = policy.assign(now, amount)
    promised = policy.learn_promises(grades, closed, lead_ids, seed)
    if not any(level.error for level in calibration.levels):
        return promised
    ripe = ~np.isnan(closed)

    def moved(one: Promise) -> Promise:
        k = policy.horizons.index(one.by)
        inside: Bools = (grades == one.grade) & ripe[:, k]
        if one.rate is None or one.effective is None or not inside.any():
            return one
        up = float(logit(now[inside, k].mean()) - logit(before[inside, k].mean()))
        error = float(calibration.level_error(hazards[inside])[k])
        return _moved(one, one.rate, one.effective, up, error) if error else one

    return replace(promised, promises=tuple(moved(one) for one in promised.promises))


def _moved(one: Promise, rate: float, effective: float, up: float, error: float) -> Promise:
    """A promise whose rate is moved in log-odds, and is worth fewer independent rows by the move's error.

    Example:
        >>> one = Promise("A", "30d", 400, 100, 0.5, 0.4, 0.6, 100.0)
        >>> moved = _moved(one, 0.5, 100.0, up=0.0, error=0.05)
        >>> moved.rate, round(moved.effective), round(moved.low, 2), round(moved.high, 2)
        (0.5, 50, 0.37, 0.63)
    """
    now = float(expit(logit(rate) + up))
    spread = now * (1.0 - now)
    if spread <= 0.0:  # none or all closed: no log-odds to be moved, and the interval is that of few leads
        return one
    worth = spread / (spread / effective + error**2)
    low, high = wilson(now, worth)
    return replace(one, rate=round(now, 9), low=round(low, 9), high=round(high, 9), effective=round(worth, 6))
