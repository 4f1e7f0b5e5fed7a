"""The order of a staged table: by key, by the instant at which a row is known, and by the tie-breakers.

Sorting millions of rows by texts is what staging would take longest for. So keys are numbered once,
key and time are mixed into one whole number, and only rows that tie in it are compared in full.
"""

from collections.abc import Collection, Sequence

import numpy as np
import polars as pl

from features.asof import Int64Array, instants
from features.tables import CONTRACTS, TableName

# Mixed numbers stay below it, so that none overflows.
_ROOM = 1 << 62


def in_order(
    name: TableName, rows: pl.LazyFrame, numbers: pl.Series, kept: Collection[str] | None = None
) -> pl.DataFrame:
    """Put a table's rows in their order.

    Args:
        name: which table.
        rows: it, with ``known_at``.
        numbers: of each row, a number that rises with its key.
        kept: the columns to make and keep; all of them when left out.
    """
    key, tie_break = CONTRACTS[name].joined_by, CONTRACTS[name].tie_break
    columns = [column for column in rows.collect_schema().names() if kept is None or column in kept]
    frame = rows.select(list(dict.fromkeys((*columns, key, "known_at", *tie_break)))).collect()
    order = order_of(frame, key, tie_break, numbers)
    staged = frame.select(columns)
    return staged if order is None else staged.rechunk()[order]


def order_of(frame: pl.DataFrame, key: str, tie_break: Sequence[str], numbers: pl.Series) -> pl.Series | None:
    """The row numbers of a table in the order of key, ``known_at`` and the tie-breakers.

    Args:
        frame: ``known_at``, the key and the tie-breakers.
        key: the key's column.
        tie_break: columns that order rows of one key known at one instant.
        numbers: numbers that rise as the keys do; rows without one come last, by key.

    Returns:
        Row numbers, or nothing where the table has that order already.

    Example:
        >>> frame = pl.DataFrame({"id": ["b", "a", "a"], "known_at": [1, 2, 2], "call": ["x", "z", "y"]})
        >>> order_of(frame, "id", ["call"], pl.Series([1, 0, 0])).to_list()
        [2, 1, 0]
    """
    mixed = _mixed(numbers, instants(frame["known_at"]))
    if (mixed[1:] > mixed[:-1]).all():
        return None
    order = np.argsort(mixed)
    ranked = mixed[order]
    tied = np.zeros(len(order), np.bool_)
    tied[1:] = ranked[1:] == ranked[:-1]
    tied[:-1] |= tied[1:]
    if tied.any():
        order[tied] = _untied(frame, [key, "known_at", *tie_break], mixed, np.sort(order[tied]))
    return pl.Series(order).cast(pl.get_index_type())


def _mixed(numbers: pl.Series, times: Int64Array) -> Int64Array:
    """Numbers that rise with the key's number and then with the time, as finely as there is room.

    Rows of keys without a number all tie.
    """
    if not len(times):
        return times
    largest = numbers.max()
    beyond = int(largest) + 1 if isinstance(largest, int) else 0
    since, span = int(times.min()), int(times.max()) - int(times.min()) + 1
    unit = -(-span * (beyond + 1) // _ROOM)
    keys = numbers.cast(pl.Int64).fill_null(beyond).to_numpy()
    return keys * (span // unit + 1) + np.where(keys < beyond, (times - since) // unit, 0)


def _untied(frame: pl.DataFrame, by: Sequence[str], mixed: Int64Array, rows: Int64Array) -> Int64Array:
    chosen = np.zeros(len(mixed), np.bool_)
    chosen[rows] = True
    tied = frame.select(by).filter(pl.Series(chosen))
    tied = tied.with_columns(pl.Series("mixed", mixed[rows]), pl.Series("row", rows))
    return tied.sort("mixed", *by)["row"].to_numpy()
