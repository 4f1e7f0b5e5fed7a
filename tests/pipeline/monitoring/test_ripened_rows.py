"""When the calibration period is looked at, for a monitor to compare with."""

from datetime import UTC, datetime

import polars as pl
import pytest

from features.tables import UTC_DATETIME
from pipeline.config.config import Config
from pipeline.fitting.split import Periods
from pipeline.monitoring.ripened_rows import instants_of, lists_of


def looked_at(since, until, as_ofs, days=30):
    """The instants, and the rows that each holds."""
    raw = {"name": "t", "sources": {"leads": {"path": "l.csv"}, "orders": {"path": "o.csv"}}}
    raw |= {"label": {"close": "first_order"}, "cohort": {"at": "after_creation", "days": (1,)}}
    config = Config(**raw, monitor={"period_days": days})
    frame = pl.DataFrame({"as_of": [day(text) for text in as_ofs]}, schema={"as_of": UTC_DATETIME})
    instants = instants_of(config, frame, Periods(day(since), day(until)))
    return instants, [one.height for one in lists_of(config, frame, instants, days)]


def day(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def test_a_period_is_looked_at_where_its_months_begin():
    instants, rows = looked_at("2025-02-15", "2025-04-15", ["2025-02-20", "2025-03-20", "2025-04-02"])
    assert instants == [day("2025-03-01"), day("2025-04-01")]
    assert rows == [1, 1]


@pytest.mark.parametrize(
    ("since", "until", "as_ofs", "rows"),
    [
        ("2025-03-02", "2025-03-31", ["2025-03-03", "2025-03-10", "2025-03-10"], 3),  # no month begins in it
        ("2025-03-02", "2025-03-03", ["2025-03-02"], 1),  # a day
        ("2025-03-20", "2025-04-20", ["2025-04-05"], 1),  # a month begins before the first row
    ],
)
def test_a_period_without_one_is_looked_at_after_its_last_row(since, until, as_ofs, rows):
    instants, held = looked_at(since, until, as_ofs)
    assert [instant.date() for instant in instants] == [day(as_ofs[-1]).date()]
    assert held == [rows]
