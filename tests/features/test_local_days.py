"""Calendar days looked up by quarters of an hour are those that the calendar itself gives."""

from datetime import UTC, datetime

import numpy as np
import polars as pl
import pytest
from polars.testing import assert_series_equal

from features.staging.calls import local_days

# Clocks that change at a minute past midnight, by half an hour, by a whole day; and none at all.
ZONES = ["America/St_Johns", "Australia/Lord_Howe", "Asia/Kathmandu", "Pacific/Apia", "Asia/Shanghai"]


def times(since, until, step_s):
    seconds = np.arange(int(since.timestamp()), int(until.timestamp()), step_s)
    return pl.Series(seconds * 1_000_000).cast(pl.Datetime("us", "UTC"))


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("year", [2006, 2011])
def test_days_are_those_of_the_calendar(zone, year):
    asked = times(datetime(year, 1, 1, tzinfo=UTC), datetime(year + 1, 1, 1, tzinfo=UTC), 53)
    assert_series_equal(local_days(asked, zone), asked.dt.convert_time_zone(zone).dt.date())


def test_few_times_far_apart_and_none():
    few = pl.Series([datetime(1991, 1, 1, 20, tzinfo=UTC), datetime(2024, 5, 28, 3, tzinfo=UTC)])
    assert local_days(few, "Asia/Shanghai").dt.to_string().to_list() == ["1991-01-02", "2024-05-28"]
    assert local_days(few.head(0), "Asia/Shanghai").is_empty()
