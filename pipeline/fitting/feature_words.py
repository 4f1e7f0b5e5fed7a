"""What the reason book takes from the catalogue: each feature's meaning, and the quantity it measures."""

from collections.abc import Sequence

import pandas as pd

from features.feature import COUNTING, Feature
from models.arrays import Floats
from models.reasons.book import ReasonBook
from models.reasons.value_words import Meaning
from pipeline.values.synonyms import said_of

_COUNTED = COUNTING - {"sum"}
_TIMES = ("days_since_last", "days_since_first", "days_since_value", "days_until_value", "months_until_value")


def learn_reasons(
    currency: str,
    features: Sequence[Feature],
    horizons: Sequence[str],
    learn: pd.DataFrame,
    events: Floats,
    closed: Floats,
    least: int = 1,
) -> ReasonBook:
    """Learn the reason book from the training rows.

    Args:
        currency: unit of money.
        features: the model's inputs.
        horizons: names of the horizons.
        learn: the rows of the training period.
        events: of those rows by window, as they are fitted on.
        closed: of those rows by horizon.
        least: leads between the edges of a number's bins.
    """
    return ReasonBook.learn(
        learn[[feature.name for feature in features]],
        events,
        closed,
        horizons,
        {feature.name: meaning_of(feature, currency) for feature in features},
        {feature.name: quantity_of(feature) for feature in features},
        learn["lead_id"].to_numpy(dtype=object),
        least,
    )


def meaning_of(feature: Feature, currency: str) -> Meaning:
    """A feature's meaning for reasons.

    Example:
        >>> largest = Feature("n", "orders", "a", "max", "currency", "largest order", "最大订单")
        >>> meaning_of(largest, "CNY").unit
        'CNY'
    """
    coded = feature.kind == "category" and feature.table == "calls"
    return Meaning(
        en=feature.en,
        zh=feature.zh,
        unit=currency if feature.unit == "currency" else feature.unit,
        kind=feature.kind,
        counted=feature.reducer in _COUNTED,
        never=feature.never,
        words=said_of(feature.value or "") if coded else {},
    )


def quantity_of(feature: Feature) -> str:
    """The quantity a feature measures, whatever its window and way of summing up; a time is one of its own.

    Example:
        >>> month = Feature("questions_30d", "calls", "questions", "sum", "", "", "", 30)
        >>> most = Feature("questions_most", "calls", "questions", "max", "", "", "")
        >>> quantity_of(month) == quantity_of(most)
        True
    """
    # That a call was connected goes without saying where something was said in it.
    said = [c for c in feature.where if not (feature.value and c.column == "is_connected")]
    where = ",".join(f"{condition.column}={condition.equals}" for condition in said)
    time = feature.reducer if feature.reducer in _TIMES else ""
    return f"{feature.table} {feature.value or 'rows'} {where} {time}"
