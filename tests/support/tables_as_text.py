"""Tables drawn as text, so that a test shows its rows and its answer side by side.

``polars.from_repr`` reads only its own box drawings, with a line of types; ``read_csv`` does the
rest. Cells are parted by ``|``, an empty cell is missing, and an instant is written in UTC as
``2024-05-01``, ``2024-05-01 09:00`` or ``2024-05-01 09:00:00.000001``.
"""

from datetime import UTC, datetime

import polars as pl

from features.tables import CONTRACTS, UTC_DATETIME

NAME = pl.String
NUMBER = pl.Float64
WHOLE = pl.Int64
FLAG = pl.Boolean
INSTANT = UTC_DATETIME


def instant(text):
    """``2024-05-01 09:00`` as an instant in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def parse(text, types):
    """A drawn table as a frame; ``types`` has a type for each of its columns."""
    drawn = "\n".join(line.strip() for line in text.strip().splitlines())
    cells = pl.read_csv(drawn.encode(), separator="|", infer_schema=False, quote_char=None)
    cells = cells.rename(str.strip).with_columns(pl.all().str.strip_chars().replace("", None))
    return pl.DataFrame([typed(cells[name], types[name]) for name in cells.columns])


def typed(cells, dtype):
    if dtype == INSTANT:
        times = [None if cell is None else instant(cell) for cell in cells]
        return pl.Series(cells.name, times, INSTANT)
    if dtype == FLAG:
        return (cells == "true").rename(cells.name)
    return cells.cast(dtype)


def canonical(table, text, **attributes):
    """A drawn canonical table: types from its contract, and from ``attributes`` for further columns."""
    columns = CONTRACTS[table].model.to_schema().columns
    return parse(text, {name: column.dtype.type for name, column in columns.items()} | attributes)
