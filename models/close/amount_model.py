"""What a lead is worth: the amount of its closing order given that it closes, learned from those that did.

LightGBM on ``log(1 + amount)``, so that a large order pulls no further than its logarithm. The mean of
amounts is not the exponential of the mean logarithm: it is brought back by the mean exponential of the
residuals (smearing), those of leads that the trees had not seen.

Source: Duan, Smearing estimate, JASA 78 (1983).
"""

import math
from functools import partial
from typing import Any, Self

import lightgbm as lgb
import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.special import expm1

from models.arrays import Floats
from models.close.blunt_trees import blunted
from models.close.close_model import CloseModel
from models.close.inputs import Inputs
from models.close.tree_text import check_threads, read_booster

# With fewer leads than this whose amount is known, all leads are expected to bring the mean.
MIN_AMOUNT_LEADS = 200
FOLDS = 5


class ValueModel:
    """Expected amount of a lead's closing order, in units of the currency.

    Args:
        parameters: of the trees, as of ``CloseModel``.

    After ``fit``: ``leads_`` (whose amounts were known), ``mean_`` (each lead counted once), and, with at
    least 200 leads, ``text_`` (LightGBM's model as text), ``trees_`` and ``smear_``; else ``text_`` is
    empty and every lead is expected to bring the mean.

    >>> model = ValueModel().fit(pd.DataFrame({"budget": [1.0, 2.0]}), [100.0, 300.0], ["L1", "L2"])
    >>> model.predict(pd.DataFrame({"budget": [5.0]}))
    array([200.])
    """

    inputs_: Inputs
    leads_: int
    mean_: float
    trees_: int = 0
    smear_: float = 1.0
    text_: str = ""
    booster_: lgb.Booster

    def __init__(self, **parameters: float) -> None:
        self.settings = CloseModel(**parameters)  # type: ignore[arg-type]  # whole and broken numbers alike

    def fit(self, X: pd.DataFrame, amount: npt.ArrayLike, lead_ids: npt.ArrayLike) -> Self:
        """Learn from the rows of leads that closed with a known amount.

        The number of trees is the one that serves five parts of the leads best, each by the other four's
        trees; the trees are then learned from all rows.

        Args:
            X: feature columns only.
            amount: of each row's closing order, in units of the currency; at least 0.
            lead_ids: whose rows these are.

        Raises:
            ValueError: no row, lengths differ, or an amount is missing or below 0.
        """
        amounts, leads = np.asarray(amount, dtype=np.float64), np.asarray(lead_ids)
        if not len(X) or len(X) != len(amounts) or len(X) != len(leads):
            raise ValueError(f"{len(X)} rows, {len(amounts)} amounts and {len(leads)} leads to learn from")
        if not (np.isfinite(amounts) & (amounts >= 0.0)).all():
            raise ValueError("an amount is missing or below 0")
        self.inputs_ = Inputs.learn(X)
        of_lead = pd.Series(amounts).groupby(leads, sort=True).mean()
        self.leads_, self.mean_ = len(of_lead), math.fsum(of_lead) / len(of_lead)
        if self.leads_ >= MIN_AMOUNT_LEADS:
            self._learn_trees(self.inputs_.encode(X), np.log1p(amounts), leads)
            self._hold(blunted(self.text_, partial(self.inputs_.numbers, X)))
        return self

    def predict(self, X: pd.DataFrame) -> Floats:
        """Expected amount of each row; a row's answer does not depend on the other rows.

        Raises:
            ValueError: a column is missing, unknown or of another kind; the message names it.
        """
        x = self.inputs_.encode(X)
        if not self.text_ or not len(x):
            return np.full(len(x), self.mean_)
        # scipy's expm1 works element by element; see calibration on numpy's exp.
        log_amount = self.booster_.predict(x, num_threads=self.settings.threads)
        amount: Floats = np.maximum(self.smear_ * (expm1(log_amount) + 1.0) - 1.0, 0.0)
        return amount

    def to_dict(self) -> dict[str, Any]:
        """Everything but ``text_``, as JSON knows it."""
        return {
            "threads": self.settings.threads,
            "leads": self.leads_,
            "mean": self.mean_,
            "trees": self.trees_,
            "smear": self.smear_,
            **self.inputs_.to_dict(),
        }

    @classmethod
    def from_dict(cls, state: dict[str, Any], text: str) -> Self:
        """Read back ``to_dict`` and ``text_``.

        Raises:
            ValueError: the text is not a LightGBM model, or one with other inputs, or a number is wrong.
        """
        model = cls(threads=check_threads(state["threads"]))
        model.inputs_ = Inputs.from_dict(state)
        model.leads_, model.trees_ = int(state["leads"]), int(state["trees"])
        model.mean_, model.smear_ = float(state["mean"]), float(state["smear"])
        if not (0.0 <= model.mean_ < math.inf and 0.0 < model.smear_ < math.inf):
            raise ValueError("the mean amount or its smearing is no amount")
        if bool(text) != (model.trees_ > 0):
            raise ValueError("the value model's trees and its text do not fit")
        model._hold(text)
        return model

    def _hold(self, text: str) -> None:
        self.text_ = text
        if text:
            self.booster_ = read_booster(text, len(self.inputs_.columns))

    def _learn_trees(self, x: Floats, log_amount: Floats, leads: npt.NDArray[Any]) -> None:
        parameters = self.settings.tree_parameters(
            max(1, round(self.settings.min_leads_in_leaf * len(x) / self.leads_))
        ) | {"objective": "regression", "metric": "l2"}
        self.trees_, residuals = self._cross_fit(x, log_amount, leads, parameters)
        self.smear_ = _rounded(math.fsum(np.exp(residuals)) / len(residuals))
        booster = lgb.train(parameters, self._dataset(x, log_amount, parameters), self.trees_)
        self._hold(booster.model_to_string())

    def _cross_fit(
        self, x: Floats, log_amount: Floats, leads: npt.NDArray[Any], parameters: dict[str, Any]
    ) -> tuple[int, Floats]:
        """The best number of trees, and each row's residual by trees that had not seen its lead."""
        part = pd.factorize(leads, sort=True)[0] % FOLDS
        folds = [(np.flatnonzero(part != k), np.flatnonzero(part == k)) for k in range(FOLDS)]
        found = lgb.cv(
            parameters,
            self._dataset(x, log_amount, parameters),
            self.settings.max_trees,
            folds=folds,
            callbacks=[lgb.early_stopping(self.settings.early_stopping_trees, verbose=False)],
            return_cvbooster=True,
        )
        boosters = found["cvbooster"]
        trees, residuals = max(1, int(boosters.best_iteration)), np.empty(len(x))
        for (_, unseen), booster in zip(folds, boosters.boosters, strict=True):
            log_expected = booster.predict(x[unseen], num_iteration=trees, num_threads=self.settings.threads)
            residuals[unseen] = log_amount[unseen] - log_expected
        return trees, residuals

    def _dataset(self, x: Floats, log_amount: Floats, parameters: dict[str, Any]) -> lgb.Dataset:
        return lgb.Dataset(x, log_amount, categorical_feature=self.inputs_.category_places, params=parameters)


def _rounded(number: float) -> float:
    # Its last bits depend on the machine's arithmetic; the artefact shall not.
    return round(number, 6)
