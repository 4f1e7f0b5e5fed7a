"""The rows of a staged table that features count by one condition, and the reducers over them.

Features that count the same rows share a selection: its rows are chosen once, its runs are found once
for each window, and each value is added up once, however many windows it is asked for in.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
import polars as pl

from features import asof
from features.asof import Int64Array
from features.exact import divided, ratio
from features.feature import Feature
from features.matrix import prefix
from features.matrix.positions import Bounds, KnownRuns, present


class Selection:
    """Rows of one staged table, and for each row that asks the run of them that it knows."""

    def __init__(self, events: pl.DataFrame, known: KnownRuns, chosen: pl.Series | None = None) -> None:
        """Choose rows.

        Args:
            events: the staged table.
            known: the runs of its rows.
            chosen: for each of its rows whether it is selected; all of them when left out.
        """
        self._events, self._known, self._chosen = events, known, chosen
        flags = None if chosen is None else chosen.to_numpy()
        self._rows = None if flags is None else np.flatnonzero(flags)
        self._before = None if flags is None else prefix.prefix_counts(flags)
        self._made: dict[tuple[object, ...], Any] = {}

    def reduced(self, feature: Feature, as_of: pl.Series) -> pl.Series:
        """The feature's value for each row that asks, not yet of its kind; missing without any row.

        Args:
            feature: its table and its conditions are the selection's.
            as_of: of each row that asks.
        """
        bounds, value = self._bounds(feature.window_days), feature.value or "known_at"
        match feature.reducer:
            case "count":
                return pl.Series(bounds.counts)
            case "sum":
                return pl.Series(divided(self._sum(value, bounds), feature.per))
            case "mean":
                # An integer sum and one division: exact, whatever the order.
                parts = np.maximum(bounds.counts, 1) * feature.per
                return present(divided(self._sum(value, bounds), parts), bounds.counts > 0)
            case "min" | "max":
                found = prefix.extremes(
                    self._numbers(value), bounds.low, bounds.high, largest=feature.reducer == "max"
                )
                return _scaled(present(found, bounds.counts > 0), feature)
            case "last":
                return _scaled(self._last(value, feature), feature)
            case "n_unique":
                previous = self._once(self._previous_equal, value)
                first = self._mapped(self._known.first)
                return pl.Series(prefix.distinct_counts(previous, first, bounds.low, bounds.high))
            case "trailing_run":
                flags = self._values(value).fill_null(value=False).to_numpy()
                return pl.Series(prefix.trailing_runs(flags, bounds.low, bounds.high))
            case "days_since_last":
                return self._days_since(bounds.high - 1, bounds)
            case "days_since_first":
                return self._days_since(bounds.low, bounds)
            case "days_since_value":
                return _days(self._last(value, feature), as_of)
            case "days_until_value":
                return _days(as_of, self._last(value, feature))
            case "months_until_value":
                return _months(as_of, self._last(value, feature))

    def _once(self, make: Callable[..., Any], *of: object) -> Any:  # noqa: ANN401 - what ``make`` makes
        key = (make.__name__, *of)
        if key not in self._made:
            self._made[key] = make(*of)
        return self._made[key]

    def _bounds(self, window_days: int | None) -> Bounds:
        bounds: Bounds = self._once(self._found, window_days)
        return bounds

    def _found(self, window_days: int | None) -> Bounds:
        rows = self._known.within(window_days)
        return Bounds(self._mapped(rows.low), self._mapped(rows.high))

    def _mapped(self, positions: Int64Array) -> Int64Array:
        """Positions among all rows as positions among the selected ones."""
        return positions if self._before is None else self._before.take(positions)

    def _values(self, column: str) -> pl.Series:
        values = self._events[column]
        return values if self._chosen is None else values.filter(self._chosen)

    def _numbers(self, column: str) -> np.ndarray:
        values = self._values(column).to_physical()
        return (values.cast(pl.Int8) if values.dtype == pl.Boolean else values).to_numpy()

    def _prefix_sums(self, column: str) -> Int64Array:
        return prefix.prefix_sums(self._values(column).cast(pl.Int64).to_numpy())

    def _sum(self, column: str, bounds: Bounds) -> Int64Array:
        sums: Int64Array = self._once(self._prefix_sums, column)
        return sums.take(bounds.high) - sums.take(bounds.low)

    def _previous_equal(self, column: str) -> Int64Array:
        runs = self._known.runs if self._rows is None else self._known.runs.take(self._rows)
        return prefix.previous_equal(_numbered(self._values(column)), runs)

    def _rows_at(self, positions: Int64Array) -> Int64Array:
        """Positions among the selected rows as positions among all of them."""
        if self._rows is None or not len(self._rows):
            return positions
        return self._rows.take(positions, mode="clip")

    def _days_since(self, positions: Int64Array, bounds: Bounds) -> pl.Series:
        known_at = self._known.times if len(self._known.times) else np.zeros(1, np.int64)
        times = known_at.take(self._rows_at(positions), mode="clip")
        return present(asof.days_between(times, self._known.asked.instants), bounds.counts > 0)

    def _last_rows(self, window_days: int | None) -> pl.Series:
        bounds = self._bounds(window_days)
        return present(self._rows_at(bounds.high - 1), bounds.counts > 0).cast(pl.get_index_type())

    def _last(self, column: str, feature: Feature) -> pl.Series:
        return self._events[column].gather(self._once(self._last_rows, feature.window_days))


def _numbered(values: pl.Series) -> Int64Array:
    """Equal values as equal small numbers."""
    if values.dtype in (pl.String, pl.Categorical):
        return values.cast(pl.Categorical).to_physical().cast(pl.Int64).to_numpy()
    return values.rank("dense").cast(pl.Int64).to_numpy()


def _days(earlier: pl.Series, later: pl.Series) -> pl.Series:
    frame = pl.DataFrame({"earlier": earlier, "later": later})
    return frame.select(asof.days_from(pl.col("earlier"), pl.col("later"))).to_series()


def _months(earlier: pl.Series, later: pl.Series) -> pl.Series:
    """Calendar months, as the zone of the later times has them."""
    zone = later.dtype.time_zone if isinstance(later.dtype, pl.Datetime) else None
    frame = pl.DataFrame({"earlier": earlier.dt.convert_time_zone(zone or "UTC"), "later": later})
    return frame.select(asof.months_from(pl.col("earlier"), pl.col("later"))).to_series()


def _scaled(value: pl.Series, feature: Feature) -> pl.Series:
    return (
        value
        if feature.per == 1
        else value.to_frame("value").select(ratio(pl.col("value"), feature.per)).to_series()
    )
