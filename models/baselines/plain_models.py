"""Plain models of other kinds on the same matrix, in the same suit: what LightGBM buys.

One classifier of scikit-learn per window, on the rows at risk in it: logistic regression and random forest
with their defaults, histogram boosting with a setting that suits lists of some thousand leads. A window in
which all or none closed gets one hazard for every row, ``(closes + 1) / (rows + 2)``.

Source: Pedregosa et al., Scikit-learn, JMLR 12 (2011); the rule of succession for a window without contrast.
"""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Protocol, Self

import numpy as np
import pandas as pd
from sklearn.compose import ColumnTransformer, make_column_transformer
from sklearn.dummy import DummyClassifier
from sklearn.ensemble import HistGradientBoostingClassifier, RandomForestClassifier
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler
from threadpoolctl import threadpool_limits

from models.arrays import Floats
from models.close.inputs import Inputs
from models.hazards import check_events, compose

# A column with more different texts than this is cut: the rarest of them count as one.
MOST_CATEGORIES = 50
# Of histogram boosting, for few closes and much noise.
_NOISY: Mapping[str, Any] = {
    "learning_rate": 0.05,
    "max_iter": 150,
    "max_leaf_nodes": 8,
    "min_samples_leaf": 50,
    "l2_regularization": 5.0,
    "max_features": 0.5,
    "early_stopping": False,
}
# Histogram boosting knows no more values of a category.
_MOST_BINS = 255
# One: linear algebra rounds by the number of threads, and those of a forest reset the filters of warnings
# while others read them (1.9).
_ONE_THREAD = {"blas": 1, "openmp": 1}


class Classifier(Protocol):
    """A classifier of scikit-learn."""

    def fit(self, X: Floats, y: Floats) -> Self:
        """Learn from inputs (rows, columns) and outcomes, 1 or 0."""

    def predict_proba(self, X: Floats) -> Floats:
        """Probabilities of outcome 0 and 1, (rows, 2)."""


class PlainModel:
    """A scikit-learn classifier per window.

    Args:
        make: builds the classifier, given the model's inputs.
        threads: of histogram boosting, each of whose sums is one thread's: any number gives the same model.

    After ``fit``: ``inputs_`` and ``windows_`` (a fitted classifier each).

    >>> calls = pd.DataFrame({"calls_30d": [0.0, 1.0, 2.0, 3.0]})
    >>> model = logistic_regression().fit(calls, np.array([[0.0], [0.0], [1.0], [1.0]]))
    >>> model.predict_proba(calls).round(2).ravel().tolist()
    [0.22, 0.4, 0.6, 0.78]
    """

    inputs_: Inputs
    windows_: tuple[Classifier, ...]

    def __init__(self, make: Callable[[Inputs], Classifier], threads: int = 1) -> None:
        self.make = make
        self.limits = _ONE_THREAD | {"openmp": threads}

    def fit(self, X: pd.DataFrame, events: Floats) -> Self:
        """Learn each window's hazard.

        Args:
            X: feature columns only, one row per (lead, as_of): numbers, flags, text.
            events: (rows, windows) of 1, 0 and NaN.

        Raises:
            ValueError: shapes do not fit, or a window has no row at risk.
        """
        check_events(events, len(X))
        self.inputs_ = Inputs.learn(X)
        with threadpool_limits(self.limits):
            self.windows_ = tuple(self._fit_window(X, event) for event in events.T)
        return self

    def predict_proba(self, X: pd.DataFrame) -> Floats:
        """Probability to have closed by the end of each window, (rows, windows).

        Raises:
            ValueError: a column is missing, unknown or of another kind; the message names it.
        """
        x = self.inputs_.encode(X)
        if not len(x):
            return np.empty((0, len(self.windows_)))
        with threadpool_limits(self.limits):
            return compose(np.column_stack([window.predict_proba(x)[:, 1] for window in self.windows_]))

    def _fit_window(self, X: pd.DataFrame, event: Floats) -> Classifier:
        at_risk = ~np.isnan(event)
        # Encoded for each window anew: beside a matrix of all rows, scikit-learn's copies would be too much.
        x, closed = np.ascontiguousarray(self.inputs_.encode(X[at_risk])), event[at_risk]
        # A column without a value tells nothing: as a constant it gets no split and no weight.
        x[:, np.isnan(x).all(axis=0)] = 0.0
        level = closed.min() == closed.max()
        if level:
            # One row of each outcome more: the rule of succession.
            x, closed = np.vstack([x, x[:1], x[:1]]), np.append(closed, [0.0, 1.0])
        model: Classifier = DummyClassifier() if level else self.make(self.inputs_)
        return model.fit(x, closed)


def logistic_regression() -> PlainModel:
    """Logistic regression: categories one-hot, numbers scaled, a missing one at the median and told apart."""
    return PlainModel(_make_logistic)


def histogram_boosting(seed: int = 0, threads: int = 1) -> PlainModel:
    """Scikit-learn's histogram gradient boosting, as one would set it for a noisy list.

    Its defaults are no fair rival: above 10,000 rows they stop early on a tenth drawn by row, where the
    snapshots of one lead stand on either side, and their leaves are large for few closes. On the bank's
    contacts before those judged (three windows of 20,000 rows, four of 5,000) this setting has an AUC of .583
    and .583 where the defaults have .579 and .558, and a log-loss of .530 and .580 where they have .537 and
    .649.
    """
    return PlainModel(partial(_make_boosting, seed=seed), threads)


def random_forest(seed: int = 0) -> PlainModel:
    """A random forest with scikit-learn's defaults, on the inputs of the logistic regression."""
    return PlainModel(partial(_make_forest, seed=seed))


def _make_logistic(inputs: Inputs) -> Classifier:
    # Newton's method converges in a dozen steps where gradients need hundreds.
    model: Classifier = make_pipeline(_numbers(inputs), LogisticRegression(solver="newton-cholesky"))
    return model


def _make_forest(inputs: Inputs, seed: int) -> Classifier:
    model: Classifier = make_pipeline(_numbers(inputs), RandomForestClassifier(random_state=seed))
    return model


def _make_boosting(inputs: Inputs, seed: int) -> Classifier:
    places = [p for p in inputs.category_places if len(inputs.categories[inputs.columns[p]]) <= _MOST_BINS]
    model: Classifier = HistGradientBoostingClassifier(
        categorical_features=places or None, random_state=seed, **_NOISY
    )
    return model


def _numbers(inputs: Inputs) -> ColumnTransformer:
    """The encoded columns as numbers without gaps: categories one-hot, a missing one being a value too."""
    one_hot = OneHotEncoder(
        handle_unknown="infrequent_if_exist", max_categories=MOST_CATEGORIES, sparse_output=False
    )
    # Each step may change its input in place: a matrix of its own, large as it is.
    impute = SimpleImputer(strategy="median", add_indicator=True, keep_empty_features=True, copy=False)
    numbers = [p for p in range(len(inputs.columns)) if p not in inputs.category_places]
    return make_column_transformer(
        (one_hot, inputs.category_places), (make_pipeline(impute, StandardScaler(copy=False)), numbers)
    )
