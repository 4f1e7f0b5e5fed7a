"""What is said where windows never ripen: the date that is named leaves leads for the periods after it."""

import re
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import polars as pl
import pytest

from pipeline.errors import TrainingError
from pipeline.fitting.enough import check_enough
from pipeline.fitting.split import Periods, assign_periods

DAY = timedelta(days=1)
START = datetime(2025, 1, 1, tzinfo=UTC)


def at(day):
    return START + day * DAY


def told(days, calibrate, test, horizon=30, until=400, leads=120):
    """What is said of as-ofs on some days, with so many leads each, every third of which closes."""
    config = SimpleNamespace(path="team.yaml", timezone="UTC", flat=False, horizons_days=(horizon,))
    rows = pl.DataFrame(
        {
            "lead_id": [f"L{day}-{n}" for day in days for n in range(leads)],
            "as_of": [at(day) for day in days for _ in range(leads)],
        }
    )
    known = pl.col("as_of") + pl.duration(days=horizon) <= at(until)
    won = pl.when(known).then(pl.int_range(pl.len()) % 3 == 0).cast(pl.Float64)
    rows = rows.with_columns(won.alias(f"window_{horizon}d"), won.alias(f"closed_{horizon}d"))
    periods = Periods(at(calibrate), at(test))
    frame = assign_periods(rows, periods, (horizon,), 0).to_pandas()
    try:
        check_enough(config, frame, (f"{horizon}d",), periods)
    except TrainingError as error:
        return str(error)
    return ""


def named(message):
    found = re.search(r"it would with split\.(\w+): (\S+) or later(, with a later split.test_from)?", message)
    if found is None:
        return None
    day = datetime.fromisoformat(found[2]).replace(tzinfo=UTC) - START
    return found[1], day.days, bool(found[3])


def test_enough_is_no_fault():
    assert told([0, 30, 60, 90, 120], 60, 100) == ""


@pytest.mark.parametrize("days", [[0, 20, 40, 60, 80, 100], [0, 7, 14, 100, 107, 200, 300], [0, 31, 200]])
@pytest.mark.parametrize("horizon", [10, 30, 90])
@pytest.mark.parametrize(("calibrate", "test"), [(5, 15), (5, 150), (25, 45), (40, 60), (120, 210)])
def test_a_date_that_is_named_leaves_leads_for_the_periods_after_it(days, horizon, calibrate, test):
    message = told(days, calibrate, test, horizon)
    advice = named(message)
    if advice is None:
        return
    key, day, test_too = advice
    if key == "test_from":
        again = told(days, calibrate, day, horizon)
        assert any(one >= day for one in days)
    elif test_too:
        later = [one for one in days if one >= day]
        assert day >= test or not any(day <= one < test for one in days)
        again = told(days, day, later[-1], horizon)
        assert len(later) > 1
    else:
        assert any(day <= one < test for one in days)
        again = told(days, day, test, horizon)
    # What was said of that period is not said again.
    assert named(again) is None or named(again)[0] != key
    assert "must be later" not in again


def test_no_date_is_named_that_has_no_lead():
    message = told([0, 20, 40], 30, 35, horizon=60)
    assert named(message) is None
    assert "never ripens in the train period" in message
    assert "with no split.calibrate_from that leaves leads after it" in message
