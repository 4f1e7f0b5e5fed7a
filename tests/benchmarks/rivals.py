"""Rivals in one suit, and how far ours is ahead of each on the same rows."""

from collections.abc import Callable, Mapping

import lightgbm as lgb
import numpy as np
import numpy.typing as npt
import pandas as pd

from models.baselines.naive_bayes import CrmNaiveBayes
from models.baselines.plain_models import histogram_boosting, logistic_regression, random_forest
from models.metrics.bootstrap import interval_of, lead_bootstrap
from models.metrics.scores import Metric

OURS = "leadgrade"
DRAWS = 1000

# Learn from rows and events, answer P(closed by each horizon) of new rows: (rows, horizons).
Method = Callable[[pd.DataFrame, npt.NDArray[np.float64], pd.DataFrame], npt.NDArray[np.float64]]


def plain_lightgbm(learn: pd.DataFrame, events: np.ndarray, new: pd.DataFrame) -> np.ndarray:
    """LightGBM with its defaults, texts as categories; one horizon."""
    known = ~np.isnan(events[:, 0])
    texts = [name for name in learn if not pd.api.types.is_numeric_dtype(learn[name])]
    kinds = {name: pd.CategoricalDtype(sorted(learn[name].dropna().unique())) for name in texts}
    model = lgb.LGBMClassifier(random_state=0, n_jobs=1, verbose=-1, deterministic=True, force_row_wise=True)
    model.fit(learn[known].astype(kinds), events[known, 0])
    return model.predict_proba(new.astype(kinds))[:, 1:]


METHODS: Mapping[str, Method] = {
    "naive Bayes (CRM)": lambda learn, events, new: CrmNaiveBayes().fit(learn, events).predict_proba(new),
    "logistic regression": lambda learn, events, new: (
        logistic_regression().fit(learn, events).predict_proba(new)
    ),
    "random forest": lambda learn, events, new: random_forest().fit(learn, events).predict_proba(new),
    "histogram boosting": lambda learn, events, new: (
        histogram_boosting().fit(learn, events).predict_proba(new)
    ),
    "LightGBM, defaults": plain_lightgbm,
}


def compare(
    y: np.ndarray,
    predictions: Mapping[str, np.ndarray],
    lead_ids: np.ndarray,
    metrics: Mapping[str, Metric],
    lower_is_better: frozenset[str] = frozenset(),
) -> list[dict[str, object]]:
    """A record per method, ours among them: each measure, and how far ours is ahead, with a paired interval.

    The interval is of 95 %, over leads. The difference is above 0 where ours is better, also of measures
    that are better when lower.
    """
    weights = np.concatenate(list(lead_bootstrap(lead_ids, n=DRAWS)))
    draws = {
        name: {label: metric.over(y, p, weights) for label, metric in metrics.items()}
        for name, p in predictions.items()
    }
    records = []
    for name, p in predictions.items():
        record: dict[str, object] = {"method": name}
        for label, metric in metrics.items():
            sign = -1.0 if label in lower_is_better else 1.0
            record[label] = metric(y, p)
            ahead = sign * (metric(y, predictions[OURS]) - metric(y, p))
            gain = interval_of(ahead, sign * (draws[OURS][label] - draws[name][label]))
            text = f"{gain.estimate:+.4f} ({gain.low:+.4f} to {gain.high:+.4f})"
            record[f"ours better, {label}"] = "" if name == OURS else text
        records.append(record)
    return records
