"""Which columns of two sheets hold the same keys."""

from collections.abc import Iterable
from dataclasses import dataclass

from pipeline.recognition.columns_seen import SeenColumn
from pipeline.recognition.sheets_seen import SeenSheet

# Of a child's keys or of the list's, so many are shared by columns that join.
_LEAST_SHARE = 0.2
_LEAST_SHARED = 2
SEPARATORS = (";", "|", "、", ",")
_SHORT_ID = 15


@dataclass(frozen=True)
class Join:
    """A column that names the rows of another sheet.

    Attributes:
        column: the one that names them.
        share: of its different values, how many are there.
        separator: what stands between several of them in a cell.
    """

    column: SeenColumn
    share: float
    separator: str | None = None


def joined_by(sheet: SeenSheet, key: SeenColumn, without: Iterable[str] = ()) -> Join | None:
    """The column of a sheet that shares the most of its values with a key.

    Args:
        sheet: the one that refers.
        key: the column that is referred to.
        without: columns that are something else.
    """
    keys = set(key.counts)
    short = {value[:_SHORT_ID] for value in keys if len(value) == _SHORT_ID + 3}
    best: tuple[float, Join] | None = None
    for column in sheet.columns:
        if column.name in set(without) or not _may_refer(column, key):
            continue
        found = _shared(column, keys, short)
        if found and (best is None or found.share > best[0] + 1e-9):
            best = found.share, found
    return best[1] if best else None


def _may_refer(column: SeenColumn, key: SeenColumn) -> bool:
    """Whether it holds keys: no times or sentences, and more than a few, as small numbers match anything."""
    if column.is_text or (column.time and not column.time.numbers):
        return False
    return len(column.counts) >= max(_LEAST_SHARED, min(20, len(key.counts) // 50))


def _shared(column: SeenColumn, keys: set[str], short: set[str]) -> Join | None:
    values = set(column.counts)
    for own in (keys, short):
        share = _share(values, own)
        if share:
            return Join(column, share)
    for mark in SEPARATORS:
        if not any(mark in value for value in values):
            continue
        parts = {part.strip() for value in values for part in value.split(mark)}
        if share := _share(parts, keys):
            return Join(column, share, mark)
    return None


def _share(values: set[str], keys: set[str]) -> float:
    shared = len(values & keys)
    if shared < min(_LEAST_SHARED, len(keys)) or not values:
        return 0.0
    share = max(shared / len(values), shared / max(len(keys), 1) if shared / len(values) > 0.05 else 0.0)
    return shared / len(values) if share >= _LEAST_SHARE else 0.0
