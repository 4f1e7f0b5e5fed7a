"""In which time zone and which currency files are, as far as they tell."""

from collections.abc import Sequence

from pipeline.recognition.columns_seen import SeenColumn
from pipeline.recognition.dialects import dialects
from pipeline.recognition.tables_told import Table
from pipeline.values.currencies import codes
from pipeline.values.quantities import taken_apart

_WRITTEN: tuple[tuple[str, str, str], ...] = (
    ("\u3040", "\u30ff", "Asia/Tokyo"),
    ("\uac00", "\ud7a3", "Asia/Seoul"),
    ("\u4e00", "\u9fff", "Asia/Shanghai"),
)


def zone_of(tables: Sequence[Table], team: str | None) -> tuple[str, bool]:
    """The time zone of times without an offset, and whether there are none: by script, or the system."""
    times = [one.column.time for table in tables for one in table.roles.values() if one.column.time]
    zoned = all(one.zoned for one in times)
    columns = [column for table in tables for column in table.sheet.columns]
    for texts in (
        [one.name for one in columns],
        [word for one in columns if one.is_words for word in one.counts],
    ):
        for first, last, zone in _WRITTEN:
            if any(first <= sign <= last for text in texts for sign in text):
                return zone, zoned
    told = dialects()[team].timezone if team else None
    return told or "UTC", zoned


def currency_of(tables: Sequence[Table], more: Sequence[SeenColumn]) -> str:
    """The one currency that the signs beside amounts can mean; of several, the system's own; else none."""
    amounts = [table.roles["amount"].column for table in tables if "amount" in table.roles]
    marks = {
        mark
        for one in (*amounts, *more)
        for mark in taken_apart(one.sample, "auto").mark.drop_nulls()
        if mark
    }
    meant = [codes(mark) for mark in sorted(marks)]
    shared = frozenset.intersection(*meant) if meant else frozenset()
    own = [dialects()[table.dialect].currency for table in tables]
    if len(shared) == 1:
        return next(iter(shared))
    chosen = next((one for one in own if one in shared), "")
    return chosen or ("CNY" if "CNY" in shared else "")
