"""Columns that turn over by nature, named before anything is learned from them."""

import pandas as pd

from models.close.turnover import TURNED_OVER, turned_over
from pipeline.language.sentence import Sentence
from pipeline.matrix.dataset import Rows

_DATE = r"\D{0,3}\d{1,4}[-/.年]\d{1,2}[-/.月]\d{1,4}"
# From such a part of the rows on, different values are free text; and of the values on, dates are dates.
_FREE, _DATES = 0.5, 0.8


def turnover_notes(rows: Rows) -> tuple[str, ...]:
    """A line for each column whose newest rows hold values that no row before had, and what is done about it.

    Args:
        rows: from ``dataset.training_rows``, in time order.
    """
    told = []
    for feature in rows.features:
        if feature.kind != "category" or feature.name not in rows.frame.columns:
            continue
        values = rows.frame[feature.name].cast(str).to_pandas()
        share = turned_over(values)
        if share >= TURNED_OVER:
            told.append(
                Sentence(
                    "{column} turns over: {share:.0%} of the newest rows hold a value that none before "
                    "had; values that do not last count as one ({advice})",
                    column=feature.name,
                    share=share,
                    advice=_advice(values.dropna()),
                )
            )
    return tuple(told)


def _advice(values: pd.Series) -> str:
    """What such a column may be, and what to declare in its place."""
    different = pd.Series(values.unique(), dtype="str")
    if different.str.match(_DATE).mean() >= _DATES:
        return Sentence("they look like dates: declare it with kind: date")
    if len(different) >= _FREE * len(values):
        return Sentence("free text: declare it with kind: text, or leave it out")
    return Sentence("names that come and go")
