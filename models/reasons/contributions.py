"""Contributions: what each feature adds to a model's answer, exactly, whatever the size of its trees.

What is explained is the log-odds of the close hazard, averaged over the windows by the closes that fall into
each: to first order that is what moves P(closed within the longest horizon). A row's contributions and its
base sum to it. The window's own part belongs to the base: it is the model's clock, and no lead's merit.
"""

from collections.abc import Sequence

import numpy as np

from models.arrays import Floats
from models.close.close_model import CloseModel
from models.close.training_pairs import with_window
from models.reasons.tree_shapley import TreeShapley


class Contributions:
    """Shapley values of a fitted model; made once, it explains any number of rows.

    Args:
        model: the fitted model.
        weights: of its windows; they sum to 1.
    """

    def __init__(self, model: CloseModel, weights: Sequence[float]) -> None:
        self._model, self._weights = model, weights
        self._features = len(model.inputs_.columns)
        clock = self._features if model.windows_ > 1 else None
        self._level = sum(w * level for w, level in zip(weights, model.levels_, strict=True))
        self._tables = TreeShapley.of(model.booster_.dump_model(), clock, weights)

    def of(self, x: Floats) -> tuple[Floats, Floats]:
        """Contributions of the features, (features, rows), and the base of each row.

        Args:
            x: encoded rows, (rows, features), without the window.
        """
        values, expected = self._tables.values(x) if self._tables else self._by_lightgbm(x)
        return values[: self._features], values[self._features :].sum(axis=0) + expected + self._level

    def _by_lightgbm(self, x: Floats) -> tuple[Floats, float]:
        """The same by LightGBM itself, for trees too large for tables: exact, and slow."""
        values = np.zeros((self._features + (self._model.windows_ > 1), len(x)))
        expected = 0.0
        for window, weight in enumerate(self._weights if len(x) else ()):
            told = self._model.booster_.predict(
                with_window(x, window, self._model.windows_),
                num_threads=self._model.threads,
                pred_contrib=True,
            )
            values += weight * told[:, :-1].T
            expected += weight * float(told[0, -1])
        return values, expected
