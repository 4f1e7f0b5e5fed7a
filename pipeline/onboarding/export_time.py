"""When files were exported, as far as their times tell."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import pairwise

import polars as pl

from pipeline.onboarding.time_settings import chosen_formats
from pipeline.recognition.tables_told import Table
from pipeline.recognition.time_forms import TimeForm

# So many events may lie beyond a gap of so many days: slips of the pen are not the export.
_FEW, _GAP = 3, timedelta(days=45)
_EVENTS = ("created_at", "started_at", "ordered_at", "entered_at", "known_at", "graded_at")


def exported_at(tables: Sequence[Table], zone: str) -> str | None:
    """The midnight after the latest event of all tables."""
    latest = [at for table in tables if (at := _latest(table, zone))]
    if not latest:
        return None
    last = max(latest)
    midnight = last.replace(hour=0, minute=0, second=0, microsecond=0)
    return f"{midnight if midnight == last else midnight + timedelta(days=1):%Y-%m-%d}"


def _latest(table: Table, zone: str) -> datetime | None:
    found = next((table.roles[one] for one in _EVENTS if one in table.roles), None)
    if found is None or found.column.time is None:
        return None
    forms = [one.column.time for one in table.roles.values() if one.column.time]
    formats, _ = chosen_formats(found.column.time, forms, table)
    times = TimeForm(formats).read(found.column.cells, zone).dt.convert_time_zone(zone)
    latest = without_slips(times.drop_nulls())
    # What is dated by its day only may have been at any time of it.
    return latest + timedelta(days=1) if latest and found.column.time.days else latest


def without_slips(times: pl.Series) -> datetime | None:
    """The latest time, but for a few that lie far beyond all others.

    >>> days = [datetime(2026, 1, day) for day in range(1, 20)]
    >>> without_slips(pl.Series([*days, datetime(2062, 1, 1)]))
    datetime.datetime(2026, 1, 19, 0, 0)
    """
    last: list[datetime] = times.sort(descending=True).head(_FEW + 1).to_list()
    if len(times) <= 4 * _FEW:
        return last[0] if last else None
    gaps = [place for place, (later, earlier) in enumerate(pairwise(last), 1) if later - earlier > _GAP]
    return last[gaps[-1]] if gaps else last[0]
