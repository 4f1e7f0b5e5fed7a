"""The matrix made ready once for many fits, each of which takes a stretch of its rows."""

from datetime import datetime

import pandas as pd

from features.labels import CLOSING_AMOUNT, closed_column, window_column
from pipeline.config.config import Config
from pipeline.fitting.split import Periods, assign_periods
from pipeline.matrix.dataset import Rows, to_pandas

# When a row is: an instant, or in a flat list its place, counted from 0.
Place = datetime | int


class Slices:
    """Stretches of the matrix with the periods and labels of one fit.

    Args:
        config: the configuration.
        rows: from ``dataset.training_rows``, in time order. Rows of a flat list without an outcome are
            left out: they neither teach nor can be judged.

    Attributes:
        rows: those rows.
        frame: the same for the models.
        clock: when each row is.
    """

    def __init__(self, config: Config, rows: Rows) -> None:
        self.config = config
        labels = [name(horizon) for horizon in rows.horizons for name in (closed_column, window_column)]
        kept = rows.frame.drop_nulls(labels) if config.flat else rows.frame
        self.rows = Rows(kept, rows.features, rows.horizons, rows.observed_until)
        self.frame = to_pandas(kept)
        amounts = [name for name in (CLOSING_AMOUNT,) if name in kept.columns]
        self._labels = kept.select("as_of", *labels, *amounts)
        if config.flat:
            self._labels = self._labels.drop("as_of").with_row_index("as_of")
        self.clock = self._labels["as_of"]

    def position(self, place: Place) -> int:
        """How many rows are before a place."""
        return int(self.clock.search_sorted(place))

    def cut(self, since: Place, periods: Periods, until: Place) -> pd.DataFrame:
        """The rows from ``since`` to before ``until``, with ``period`` and the labels to fit on.

        Labels are told by ``split.assign_periods`` from the periods' starts, so a label is used for
        fitting only if its window ended before the next period began.
        """
        first, last = self.position(since), self.position(until)
        days = () if self.config.flat else self.config.horizons_days
        labels = self._labels.slice(first, last - first)
        assigned = to_pandas(assign_periods(labels, periods, days, self.config.split.gap_rows))
        added = assigned.drop(columns=labels.columns)
        stretch = self.frame.iloc[first:last]
        return pd.concat([stretch.reset_index(drop=True), added], axis=1)
