"""The close model: LightGBM on the hazard to close within each of consecutive windows.

It learns from pairs of a row and a window at risk (``models.close.training_pairs``). So a lead whose later
windows are not ripe still teaches the earlier ones, and P(close by 30 days) <= P(by 90) <= P(by 180) by
construction. One booster over all pairs was chosen over one per window: where the windows share their
causes it was closer to the true hazards (excess log-loss per window .0087 and .0074 against .0110 and .0099
in the later two), and as close where they do not.

Source: Tutz and Schmid, Modeling Discrete Time-to-Event Data (2016).
"""

import logging
from collections.abc import Mapping
from functools import partial
from typing import Any, Self

import lightgbm as lgb
import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.special import expit

from models.arrays import Floats
from models.close.blunt_trees import blunted
from models.close.inputs import Inputs
from models.close.pair_inputs import PairInputs
from models.close.training_pairs import Pairs, check_both_outcomes, levels_of, stack, with_window
from models.close.tree_count import Grown, grow_trees, least_trees
from models.close.tree_text import check_threads, read_booster
from models.hazards import check_events

# What LightGBM has to say of a data set it says on standard output, where our tables and JSON stand, whatever
# its parameters are; what matters of it is said by ours.
_LIGHTGBM = logging.getLogger("leadgrade.lightgbm")
_LIGHTGBM.addHandler(logging.NullHandler())
_LIGHTGBM.propagate = False
lgb.register_logger(_LIGHTGBM)


class CloseModel:
    """Close hazards by gradient-boosted trees; the same data and parameters give the same bytes.

    Args:
        learning_rate: shrinkage of each tree.
        num_leaves: leaves of a tree.
        min_leads_in_leaf: least number of leads in a leaf, on average: it is multiplied by the number
            of training pairs a lead has.
        max_trees: most trees; exactly so many when ``fit`` gets no ``parts``.
        early_stopping_trees: trees without a better log-loss on unseen leads before the search for their
            number stops.
        feature_fraction: share of the inputs that a tree may use.
        extra_trees: try one threshold per input, drawn at random (Geurts, Ernst and Wehenkel 2006), instead
            of all: with few closes the trees follow chance less.
        l2: ridge penalty on leaf values.
        seed: of LightGBM's draws.
        threads: for training and prediction.

    After ``fit``: ``inputs_`` (columns and category tables), ``levels_`` (log-odds of each window's own
    close rate, from which the trees start), ``windows_`` (their number), ``trees_``, ``at_least_``
    (whether unseen leads would have had fewer trees than the least number), ``unseen_`` (with ``parts``: the
    hazards of the rows it was fitted on, each by trees of the other parts; not saved), ``text_`` (LightGBM's
    model as text) and ``booster_``.
    """

    inputs_: Inputs
    levels_: tuple[float, ...]
    windows_: int
    trees_: int
    at_least_: bool = False
    unseen_: Floats | None = None
    text_: str
    booster_: lgb.Booster

    def __init__(
        self,
        *,
        learning_rate: float = 0.03,
        num_leaves: int = 7,
        min_leads_in_leaf: int = 50,
        max_trees: int = 2000,
        early_stopping_trees: int = 50,
        feature_fraction: float = 0.3,
        extra_trees: bool = True,
        l2: float = 20.0,
        seed: int = 7,
        threads: int = 2,
    ) -> None:
        self.learning_rate = learning_rate
        self.num_leaves = num_leaves
        self.min_leads_in_leaf = min_leads_in_leaf
        self.max_trees = max_trees
        self.early_stopping_trees = early_stopping_trees
        self.feature_fraction = feature_fraction
        self.extra_trees = extra_trees
        self.l2 = l2
        self.seed = seed
        self.threads = threads

    def fit(
        self,
        X: pd.DataFrame,
        events: Floats,
        *,
        weight: Floats | None = None,
        parts: npt.NDArray[np.intp] | None = None,
        lead_ids: npt.ArrayLike | None = None,
    ) -> Self:
        """Learn the hazards; the number of trees comes from ``parts``, the trees from all rows.

        Args:
            X: feature columns only, one row per (lead, as_of): numbers, flags, text.
            events: (rows, windows) of 1, 0 and NaN.
            weight: of each row.
            parts: of each row, from ``tree_count.deal_parts``: each part is judged by trees of the others
                while the number of trees is sought, and gets its ``unseen_`` hazards from them.
            lead_ids: whose rows these are; without them each row counts as a lead.

        Raises:
            ValueError: shapes do not fit, a window has no row at risk, or the rows to learn from hold
                no close, or nothing but closes.
        """
        check_events(events, len(X))
        self.inputs_ = Inputs.learn(X)
        self.windows_ = events.shape[1]
        weight = np.ones(len(X)) if weight is None else weight
        self.levels_ = levels_of(events, weight)
        pairs = stack(events, weight)
        check_both_outcomes(pairs.closed, "the training rows")
        leads = len(X) if lead_ids is None else len(pd.unique(np.asarray(lead_ids)))
        min_pairs = max(1, round(self.min_leads_in_leaf * len(pairs.closed) / leads))
        # Handed on without a name: encoded rows go once they are in bins.
        data = self._dataset(PairInputs(self.inputs_.encode(X), pairs, self.windows_), pairs, min_pairs)
        self.trees_ = self.max_trees
        if parts is not None:
            self._learn_number(X, data, pairs, parts, min_pairs)
        booster = lgb.train(self.tree_parameters(min_pairs), data, self.trees_)
        # One input after the other: encoded rows went into bins, and are not kept beside them.
        self._hold(blunted(booster.model_to_string(), partial(self.inputs_.numbers, X)))
        return self

    def predict_hazards(self, X: pd.DataFrame) -> Floats:
        """Hazards, (rows, windows); a row's answer does not depend on the other rows.

        Raises:
            ValueError: a column is missing, unknown or of another kind; the message names it.
        """
        return self._hazards(self.booster_, self.inputs_.encode(X), self.trees_)

    def hold(self, ranges: Mapping[str, tuple[float, float]]) -> None:
        """Keep some inputs within ranges from now on, as those that move with the calendar."""
        self.inputs_ = self.inputs_.within(ranges)

    def to_dict(self) -> dict[str, Any]:
        """Everything but ``text_``, as JSON knows it."""
        return {
            "parameters": {name: getattr(self, name) for name in _PARAMETERS},
            "levels": list(self.levels_),
            "trees": self.trees_,
            **self.inputs_.to_dict(),
        }

    @classmethod
    def from_dict(cls, state: dict[str, Any], text: str) -> Self:
        """Read back ``to_dict`` and ``text_``.

        Raises:
            ValueError: the text is not a LightGBM model, has other inputs, or a number is out of range.
        """
        model = cls(**state["parameters"])
        check_threads(model.threads)
        model.inputs_ = Inputs.from_dict(state)
        model.levels_, model.trees_ = _finite(state["levels"]), int(state["trees"])
        model.windows_ = len(model.levels_)
        model._hold(text)
        return model

    def _hold(self, text: str) -> None:
        # The booster in use is always the one read from the text: what is saved is what predicts.
        self.booster_ = read_booster(text, len(self.inputs_.columns) + (self.windows_ > 1))
        self.text_ = text

    def _hazards(self, booster: lgb.Booster, x: Floats, trees: int) -> Floats:
        hazards = np.empty((len(x), self.windows_))
        for window in range(self.windows_ if len(x) else 0):
            inputs = with_window(x, window, self.windows_)
            margin = booster.predict(inputs, raw_score=True, num_iteration=trees, num_threads=self.threads)
            hazards[:, window] = expit(self.levels_[window] + margin)
        return hazards

    def _learn_number(
        self, X: pd.DataFrame, data: lgb.Dataset, pairs: Pairs, parts: npt.NDArray[np.intp], min_pairs: int
    ) -> None:
        parameters = self.tree_parameters(min_pairs)
        grown = grow_trees(parameters, data, pairs, parts, self.max_trees, self.early_stopping_trees)
        least = least_trees(self.learning_rate, self.max_trees)
        self.at_least_, self.trees_ = grown.best < least, max(grown.best, least)
        self.unseen_ = self._unseen(X, grown) if grown.boosters else None

    def _unseen(self, X: pd.DataFrame, grown: Grown) -> Floats:
        """Hazards of the fitted rows, some at a time: all encoded rows at once are large."""
        hazards = np.full((len(X), self.windows_), np.nan)
        for places, booster in grown.answering(self.trees_):
            for first in range(0, len(places), _TOGETHER):
                rows = places[first : first + _TOGETHER]
                hazards[rows] = self._hazards(booster, self.inputs_.encode(X.iloc[rows]), self.trees_)
        return hazards

    def _dataset(self, inputs: PairInputs, pairs: Pairs, min_pairs: int) -> lgb.Dataset:
        data = lgb.Dataset(
            inputs,
            pairs.closed,
            weight=pairs.weight,
            init_score=np.asarray(self.levels_)[pairs.window],
            categorical_feature=self.inputs_.category_places,
            params=self.tree_parameters(min_pairs),
        )
        return data.construct()  # now: then the inputs are kept in bins only

    def tree_parameters(self, min_pairs: int) -> dict[str, Any]:
        """LightGBM's own parameters, for leaves of at least so many training pairs."""
        # No class weights: they spoil probabilities.
        return {
            "objective": "binary",
            "metric": "binary_logloss",
            "learning_rate": self.learning_rate,
            "num_leaves": self.num_leaves,
            "min_data_in_leaf": min_pairs,
            "feature_fraction": self.feature_fraction,
            "extra_trees": self.extra_trees,
            "lambda_l2": self.l2,
            "seed": self.seed,
            "num_threads": self.threads,
            "deterministic": True,
            # Each histogram is summed by one thread, row after row: whatever the number of threads, the same
            # sums; and only the inputs that a tree may use are read.
            "force_col_wise": True,
            "verbose": -1,
        }


# Rows that are encoded together where there may be many.
_TOGETHER = 50_000

_PARAMETERS = (
    "learning_rate",
    "num_leaves",
    "min_leads_in_leaf",
    "max_trees",
    "early_stopping_trees",
    "feature_fraction",
    "extra_trees",
    "l2",
    "seed",
    "threads",
)


def _finite(levels: list[Any]) -> tuple[float, ...]:
    numbers = tuple(float(level) for level in levels)
    if not numbers or not np.isfinite(numbers).all():
        raise ValueError("the windows' levels are not finite numbers")
    return numbers
