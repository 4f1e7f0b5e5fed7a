"""How many trees are enough: by cross-validation over whole leads.

The leads are dealt into four parts; each part is judged by trees that have not seen it, and the number of
trees with the least log-loss over all parts together is taken. Trees judged on the newest leads alone are
judged by whatever shifts with time: where the close rate has, the level is wrong from the start, and the
first tree that makes it worse ends the learning.

Source: Stone, Cross-validatory choice and assessment of statistical predictions, JRSS B 36 (1974).
"""

from collections.abc import Sequence
from typing import Any
from zlib import crc32

import lightgbm as lgb
import numpy as np
import numpy.typing as npt
import pandas as pd

from models.arrays import Floats
from models.hazards import Bools

PARTS = 4

# Number of trees times learning rate that a model has at the least: 20 trees at the rate of .03. Fewer can
# hardly tell leads apart, and so few small steps do no harm where there is nothing to learn.
LEAST_STEPS = 0.6


def least_trees(learning_rate: float, most: int) -> int:
    """The least number of trees, whatever the parts say.

    Example:
        >>> least_trees(0.03, 2000), least_trees(0.5, 2000), least_trees(0.03, 5)
        (20, 2, 5)
    """
    return min(most, int(np.ceil(round(LEAST_STEPS / learning_rate, 6))))


def deal_parts(owners: npt.ArrayLike, closed: Bools) -> npt.NDArray[np.intp]:
    """The part of each row: all rows of one owner are in one, in whatever order they come.

    Owners with a close, and those without, are each dealt evenly, in the order of a hash of their names: so
    every part has closes to be judged by, and leaves some to learn from.

    Args:
        owners: whose rows these are: leads, or customers with several leads.
        closed: whether a row tells of a close.

    Example:
        >>> deal_parts(["L1", "L2", "L3", "L1"], np.array([True, False, False, False])).tolist()
        [0, 1, 0, 0]
    """
    names = pd.Series(np.asarray(owners, dtype=object)).astype(str)
    of_owner = pd.Series(closed).groupby(names).any().reset_index(name="closed")
    order = of_owner.assign(hash=[crc32(name.encode()) for name in of_owner["index"]])
    order = order.sort_values(["closed", "hash", "index"], ignore_index=True)
    dealt = pd.Series(order.groupby("closed").cumcount().to_numpy() % PARTS, index=order["index"])
    return names.map(dealt).to_numpy(dtype=np.intp)


def count_trees(
    parameters: dict[str, Any],
    data: lgb.Dataset,
    weight: Floats,
    parts: npt.NDArray[np.intp],
    most: int,
    patience: int,
) -> int:
    """The number of trees with the least log-loss over all parts; 0 where one part holds everything.

    Args:
        parameters: LightGBM's.
        data: all training pairs, in bins.
        weight: of each pair.
        parts: of each pair.
        most: trees.
        patience: so many trees without a lower log-loss end the search.
    """
    judged = [parts == part for part in range(PARTS)]
    judged = [unseen for unseen in judged if unseen.any() and not unseen.all()]
    weights = [float(weight[unseen].sum()) for unseen in judged]
    boosters = [_booster(parameters, data, unseen) for unseen in judged]
    least, best = np.inf, 0
    for trees in range(1, most + 1 if boosters else 1):
        loss = _grown(boosters, weights)
        if loss < least:
            least, best = loss, trees
        elif trees - best >= patience:
            break
    return best


def _grown(boosters: Sequence[lgb.Booster], weights: Sequence[float]) -> float:
    """One more tree each; the log-loss of all of them together, as a sum."""
    for booster in boosters:
        booster.update()
    losses = [float(booster.eval_valid()[0][2]) for booster in boosters]
    return sum(weight * loss for weight, loss in zip(weights, losses, strict=True))


def _booster(parameters: dict[str, Any], data: lgb.Dataset, unseen: Bools) -> lgb.Booster:
    """One that learns from the other parts and is judged by the unseen one; all share their bins."""
    learn, judge = (data.subset(np.flatnonzero(inside).tolist()) for inside in (~unseen, unseen))
    return lgb.Booster(parameters, learn).add_valid(judge, "unseen")
