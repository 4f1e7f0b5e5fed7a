"""How many trees are enough, and what trees say of leads that they have not seen: by cross-validation.

The leads are dealt into four parts; each part is judged by trees that have not seen it, and the number of
trees with the least log-loss over all parts together is taken. Trees judged on the newest leads alone are
judged by whatever shifts with time: where the close rate has, the level is wrong from the start, and the
first tree that makes it worse ends the learning. The same parts tell what the model makes of leads that it
has not learned from: whatever is judged or calibrated on the training rows themselves stands on that.

Source: Stone, Cross-validatory choice and assessment of statistical predictions, JRSS B 36 (1974).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from zlib import crc32

import lightgbm as lgb
import numpy as np
import numpy.typing as npt
import pandas as pd

from models.close.training_pairs import Pairs
from models.hazards import Bools

PARTS = 4

# Where there are more training pairs than this, two parts do as well as four among fewer, in a third of the
# time: half of so many leads teaches nearly what all do. One part alone would be quicker still, and would
# leave most leads without an answer of trees that have not seen them.
MANY_PAIRS = 500_000
MANY_PAIRS_PARTS = 2

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


@dataclass(frozen=True)
class Grown:
    """Trees of some parts, for each part that they have not seen.

    Attributes:
        unseen: for each of them, which of all rows its trees have not seen.
        boosters: the trees.
        best: the number of trees with the least log-loss over all parts; 0 where one part holds everything.
    """

    unseen: tuple[Bools, ...]
    boosters: tuple[lgb.Booster, ...]
    best: int

    def answering(self, trees: int) -> Iterator[tuple[npt.NDArray[np.intp], lgb.Booster]]:
        """The places of the rows that each booster has not seen, and it, with so many trees at the least."""
        for rows, booster in zip(self.unseen, self.boosters, strict=True):
            for _ in range(trees - booster.current_iteration()):
                booster.update()
            yield np.flatnonzero(rows), booster


def grow_trees(
    parameters: dict[str, Any],
    data: lgb.Dataset,
    pairs: Pairs,
    parts: npt.NDArray[np.intp],
    most: int,
    patience: int,
) -> Grown:
    """Grow trees on all parts but one, for each, until together they get no better on what they left out.

    Of many pairs, two parts each are taken together.

    Args:
        parameters: LightGBM's.
        data: all training pairs, in bins.
        pairs: the same, with the weight of each.
        parts: of each row.
        most: trees.
        patience: so many trees without a lower log-loss end the search.
    """
    of_rows = parts % (PARTS if len(pairs.row) <= MANY_PAIRS else MANY_PAIRS_PARTS)
    unseen = [of_rows == part for part in np.unique(of_rows)]
    judged = [rows[pairs.row] for rows in unseen]
    if not all(inside.any() and not inside.all() for inside in judged):
        return Grown((), (), 0)
    weights = [float(pairs.weight[inside].sum()) for inside in judged]
    boosters = _boosters(parameters, data, judged)
    least, best = np.inf, 0
    for trees in range(1, most + 1):
        loss = _grown(boosters, weights)
        if loss < least:
            least, best = loss, trees
        elif trees - best >= patience:
            break
    return Grown(tuple(unseen), tuple(boosters), best)


def _grown(boosters: Sequence[lgb.Booster], weights: Sequence[float]) -> float:
    """One more tree each; the log-loss of all of them together, as a sum."""
    for booster in boosters:
        booster.update()
    losses = [float(booster.eval_valid()[0][2]) for booster in boosters]
    return sum(weight * loss for weight, loss in zip(weights, losses, strict=True))


def _boosters(parameters: dict[str, Any], data: lgb.Dataset, judged: Sequence[Bools]) -> list[lgb.Booster]:
    """One for each part, which learns from the other parts and is judged by it; all share their bins.

    Of two parts, each is what the other's trees learn from: it is laid out once, since many pairs are large.
    """
    judges = [data.subset(np.flatnonzero(inside).tolist()) for inside in judged]
    if len(judges) == 2:
        learns = judges[::-1]
    else:
        learns = [data.subset(np.flatnonzero(~inside).tolist()) for inside in judged]
    return [
        lgb.Booster(parameters, learn).add_valid(judge, "unseen")
        for learn, judge in zip(learns, judges, strict=True)
    ]
