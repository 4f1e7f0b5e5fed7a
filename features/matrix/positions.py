"""Where the rows that a lead's as-of knows stand in a table sorted by key and by time.

Rows of one key stand together and in the order of time, so what an as-of knows of a lead, and what of
it lies in a window, is a run of rows: two positions say all of it.
"""

from dataclasses import dataclass, field

import numpy as np
import polars as pl

from features import asof
from features.asof import Int64Array


@dataclass(frozen=True, slots=True)
class AskedInstants:
    """The rows that ask: whose rows, and as of when.

    Attributes:
        keys: the distinct keys, in a column named as the key.
        codes: of each asked row, the place of its key among ``keys``.
        instants: of each asked row, its as-of, from ``asof.instants``.
    """

    keys: pl.DataFrame
    codes: Int64Array
    instants: Int64Array


def asked_by(spine: pl.DataFrame, key: str) -> AskedInstants:
    """Number the keys of a spine.

    Args:
        spine: ``as_of`` and the key.
        key: the key's column.
    """
    keys, instants = spine.select(key).unique(maintain_order=True), asof.instants(spine["as_of"])
    if keys.height == spine.height:
        return AskedInstants(keys, np.arange(spine.height), instants)
    numbered = spine.select(key).join(
        keys.with_row_index("code"), on=key, how="left", maintain_order="left", nulls_equal=True
    )
    return AskedInstants(keys, numbered["code"].cast(pl.Int64).to_numpy(), instants)


@dataclass(frozen=True, slots=True)
class Bounds:
    """Half-open runs of rows, one for each asked row: from ``low`` up to, and without, ``high``."""

    low: Int64Array
    high: Int64Array

    @property
    def counts(self) -> Int64Array:
        """How many rows each run has."""
        return self.high - self.low


def present(values: np.ndarray, there: np.ndarray) -> pl.Series:
    """Values as a column that misses those that are not there.

    Example:
        >>> present(np.array([1.5, 2.0]), np.array([True, False])).to_list()
        [1.5, None]
    """
    return pl.select(pl.when(pl.Series(there)).then(pl.Series(values))).to_series()


@dataclass(slots=True)
class KnownRuns:
    """The runs of a staged table's rows that each asked row knows.

    Attributes:
        first, last: from the first row of the asked key to the end of its rows, known or not.
        times: when each row of the table was known, from ``asof.instants``.
        asked: the rows that ask.
        dated: whether only rows known strictly before the as-of count where there is no window.
        runs: number of the key that each row of the table belongs to.
    """

    first: Int64Array
    last: Int64Array
    times: Int64Array
    asked: AskedInstants
    dated: bool
    runs: Int64Array
    _within: dict[int | None, Bounds] = field(default_factory=dict)

    def within(self, window_days: int | None) -> Bounds:
        """The rows known at each as-of and not older than the window, each window found once."""
        if window_days not in self._within:
            self._within[window_days] = self._found(window_days)
        return self._within[window_days]

    def _found(self, window_days: int | None) -> Bounds:
        if window_days is None:
            return Bounds(self.first, self._ends() if self.dated else self.last)
        high = self.within(None).high if self.dated else self._ends()
        since = asof.days_before(self.asked.instants, window_days)
        return Bounds(asof.known_until(self.times, since, self.first, high), high)

    def _ends(self) -> Int64Array:
        return asof.known_until(self.times, self.asked.instants, self.first, self.last)


def known_rows(events: pl.DataFrame, key: str, asked: AskedInstants, dated: bool = True) -> KnownRuns:
    """Find the rows of each asked key.

    Args:
        events: a staged table: ``known_at`` and the key, sorted by both.
        key: the key's column.
        asked: who asks, by the same key.
        dated: false for a table of which each row counts whenever it was known.

    Raises:
        ValueError: the table is not sorted, so no run of rows would be what was known.
    """
    times = asof.instants(events["known_at"])
    starts = _starts(events[key])
    ends = np.append(starts[1:], events.height)[: len(starts)]
    runs = pl.DataFrame({key: events[key].gather(starts), "first": starts, "last": ends})
    goes_back = np.flatnonzero(times[1:] < times[:-1]) + 1
    if runs[key].n_unique() < runs.height or not np.isin(goes_back, starts).all():
        raise ValueError(f"stage the table first: its rows are not sorted by {key} and known_at")
    found = asked.keys.join(runs, on=key, how="left", maintain_order="left").fill_null(0)
    first, last = (found[name].to_numpy().take(asked.codes) for name in ("first", "last"))
    return KnownRuns(first, last, times, asked, dated, np.repeat(np.arange(len(starts)), ends - starts))


def _starts(keys: pl.Series) -> Int64Array:
    return np.flatnonzero(keys.ne_missing(keys.shift()).to_numpy() | (np.arange(len(keys)) == 0))
