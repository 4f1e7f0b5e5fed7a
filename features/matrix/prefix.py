"""Reducing many runs of rows at once: each row of a table is read once, however many runs hold it.

A run is half-open, ``low`` up to ``high``, over an array sorted by key and time. Sums are differences
of two prefix sums of integers, hence exact; what is no difference is looked up in a table of its own.
"""

import numpy as np
from numpy.typing import NDArray

from features.asof import Int64Array

BoolArray = NDArray[np.bool_]
Numbers = NDArray[np.number]

_SIGNED_BITS = 64

# Rows looked at at once where runs are walked through.
_WALKED_ROWS = 4_000_000


def prefix_counts(flags: BoolArray) -> Int64Array:
    """How many flags are set before each position, and in all of them.

    Example:
        >>> prefix_counts(np.array([True, False, True])).tolist()
        [0, 1, 1, 2]
    """
    counts = np.zeros(len(flags) + 1, np.int64)
    np.cumsum(flags, out=counts[1:])
    return counts


def prefix_sums(values: Int64Array) -> Int64Array:
    """Sum of the values before each position, and of all of them.

    Sums that overflow wrap around, so that the difference of two is right wherever it fits itself.

    Example:
        >>> prefix_sums(np.array([5, 7])).tolist()
        [0, 5, 12]
    """
    sums = np.zeros(len(values) + 1, np.int64)
    np.cumsum(values, out=sums[1:])
    return sums


def extremes(values: Numbers, low: Int64Array, high: Int64Array, largest: bool) -> Numbers:
    """The largest or the smallest value of each run; any value where the run is empty.

    Runs of 2^k values or more and less than twice as many are two overlapping runs of 2^k, whose
    extremes are those of 2^(k-1) taken pairwise (Bender and Farach-Colton, 2000: a sparse table).

    Example:
        >>> extremes(np.array([3, 1, 2]), np.array([0, 1]), np.array([2, 3]), largest=True).tolist()
        [3, 2]
    """
    better = np.fmax if largest else np.fmin
    found = np.zeros(len(low), values.dtype)
    # The exponent of the largest power of two in each length; -1 for an empty run.
    exponents = np.frexp((high - low).astype(np.float64))[1] - 1
    for k in range(exponents.max(initial=-1) + 1):
        asked = np.flatnonzero(exponents == k)
        found[asked] = better(values[low[asked]], values[high[asked] - (1 << k)])
        values = better(values[: -(1 << k)], values[1 << k :])
    return found


def previous_equal(values: Int64Array, runs: Int64Array) -> Int64Array:
    """Position of the latest earlier row of the same key with the same value; -1 where there is none.

    Args:
        values: whole numbers from 0 up to 2^32.
        runs: of each row, the number of its key, increasing.

    Example:
        >>> previous_equal(np.array([4, 4, 9, 4, 4]), np.array([0, 0, 0, 0, 1])).tolist()
        [-1, 0, -1, 1, -1]
    """
    bits = len(values).bit_length()
    wide = int(values.max(initial=0)).bit_length()
    if int(runs.max(initial=0)).bit_length() + wide + bits < _SIGNED_BITS:
        # Sorted by key, value and place: what belongs together stays close to where it stands.
        values, runs = (runs << wide) | values, np.zeros(1, np.int64)
    # Sorted by value and then by place; the place says the key.
    sorted_places = np.sort((values << bits) | np.arange(len(values)))
    places = sorted_places & ((1 << bits) - 1)
    same = sorted_places[1:] >> bits == sorted_places[:-1] >> bits
    if len(runs) > 1:
        same &= runs[places[1:]] == runs[places[:-1]]
    previous = np.full(len(values), -1, np.int64)
    previous[places[1:][same]] = places[:-1][same]
    return previous


def distinct_counts(previous: Int64Array, first: Int64Array, low: Int64Array, high: Int64Array) -> Int64Array:
    """How many different values each run has.

    A row repeats a value of its run if its previous equal stands in the run too: always in a run from
    the key's first row on; in another one its rows are walked through.

    Args:
        previous: from ``previous_equal``.
        first: of each run, the first row of its key.
        low: of each run, its first row.
        high: of each run, the row after its last one.

    Example:
        >>> first, low, high = np.array([[0, 0, 0], [0, 1, 3], [4, 3, 3]])
        >>> previous = previous_equal(np.array([4, 4, 9, 4]), np.zeros(4, int))
        >>> distinct_counts(previous, first, low, high).tolist()
        [2, 2, 0]
    """
    before = prefix_counts(previous >= 0)
    repeated = before[high] - before[low]
    cut = np.flatnonzero((low > first) & (repeated > 0))
    repeats = previous[previous >= 0]
    repeated[cut] = _walked(repeats, low[cut], before[low[cut]], before[high[cut]])
    return high - low - repeated


def _walked(previous: Int64Array, since: Int64Array, low: Int64Array, high: Int64Array) -> Int64Array:
    """How many rows of each run, which has some, have their previous equal at or after ``since``."""
    lengths = high - low
    counts = np.zeros(len(low), np.int64)
    parts = np.cumsum(lengths) // _WALKED_ROWS
    for part in np.split(np.arange(len(low)), np.flatnonzero(np.diff(parts)) + 1):
        starts = np.cumsum(lengths[part]) - lengths[part]
        rows = np.arange(lengths[part].sum()) + np.repeat(low[part] - starts, lengths[part])
        inside = prefix_counts(previous[rows] >= np.repeat(since[part], lengths[part]))
        counts[part] = inside[starts + lengths[part]] - inside[starts]
    return counts


def trailing_runs(flags: BoolArray, low: Int64Array, high: Int64Array) -> Int64Array:
    """How many of each run's latest rows in a row have the flag.

    Example:
        >>> trailing_runs(np.array([False, True, True]), np.array([0, 2, 0]), np.array([3, 3, 1])).tolist()
        [2, 1, 0]
    """
    after_unset = np.zeros(len(flags) + 1, np.int64)
    np.maximum.accumulate(np.where(flags, 0, np.arange(1, len(flags) + 1)), out=after_unset[1:])
    return high - np.maximum(after_unset[high], low)
