"""Times that calendars and clocks trap readers with: read for certain, or quarantined with the reason."""

import pytest

from pipeline.config.config import read_config
from pipeline.reading.ingest import read_source
from pipeline.reading.validate import row_problems


def read(folder, times, zone="Europe/Amsterdam", seconds="10", more=""):
    """The instants of calls in UTC, and what is wrong with each row that has one."""
    rows = "".join(f"C{place},L1,{time},{seconds}\n" for place, time in enumerate(times))
    (folder / "calls.csv").write_text(f"call_id,lead_id,started_at,duration\n{rows}")
    (folder / "c.yaml").write_text(
        f"name: x\ntimezone: {zone}\n"
        f"sources: {{leads: {{path: leads.csv}}, calls: {{path: calls.csv{more}}}}}\n"
        "label: {close: outcome, column: won}\n"
    )
    raw = read_source(read_config(folder / "c.yaml"), "calls", outcome=False)
    faults = {row["row_number"]: row["reason"] for row in row_problems(raw, None).all.to_dicts()}
    instants = [None if one is None else f"{one:%Y-%m-%d %H:%M}" for one in raw.frame["started_at"]]
    assert all((instant is None) <= (place in faults) for place, instant in enumerate(instants, 1))
    return instants, faults


def test_an_hour_that_the_clocks_skip_and_one_that_they_repeat(tmp_path):
    times = ["2024-03-31 02:30", "2024-10-27 02:30", "2024-10-27 02:30+01:00", "2024-10-27T02:30:00+02:00"]
    instants, faults = read(tmp_path, times)
    assert instants == [None, "2024-10-27 00:30", "2024-10-27 01:30", "2024-10-27 00:30"]
    assert faults == {1: "does not exist in Europe/Amsterdam: clocks went forward"}


def test_offsets_of_all_kinds_in_one_column(tmp_path):
    times = [
        "2024-06-01T10:00:00Z",
        "2024-06-01 10:00",
        "2024-06-01T10:00:00+0530",
        "2024-06-01T10:00:00+99:00",
    ]
    instants, faults = read(tmp_path, times, "Asia/Shanghai")
    assert instants == ["2024-06-01 10:00", "2024-06-01 02:00", "2024-06-01 04:30", None]
    assert set(faults) == {4}


@pytest.mark.parametrize("day", ["2023-02-29", "2100-02-29", "1900-02-29", "2024-02-30", "2024-04-31"])
def test_days_that_no_calendar_has(tmp_path, day):
    instants, faults = read(tmp_path, ["2024-02-29 10:00", f"{day} 10:00"])
    assert instants == ["2024-02-29 09:00", None]
    assert "is not a date or time that is understood" in faults[2]


def test_clocks_that_run_ahead(tmp_path):
    _, faults = read(tmp_path, ["2024-06-01 10:00", "2999-01-01 00:00"])
    assert faults == {2: "is in the future"}
    _, faults = read(tmp_path, ["2024-06-01 10:00", "2024-06-03 10:00"], more=", exported_at: 2024-06-02")
    assert faults == {2: "is after the export (2024-06-01 22:00 UTC)"}


@pytest.mark.parametrize("seconds", ["-5", "-0.001", "99999999999"])
def test_a_call_that_ends_before_it_starts_or_never(tmp_path, seconds):
    _, faults = read(tmp_path, ["2024-06-01 10:00"], seconds=seconds)
    assert "duration_ms" in faults[1]


@pytest.mark.parametrize(
    ("times", "formats"),
    [
        (["03/04/2024 10:00", "05/06/2024 10:00"], ["%d/%m/%Y %H:%M", "%m/%d/%Y %H:%M"]),
        (["13/04/2024 10:00", "05/16/2024 10:00"], ["%d/%m/%Y %H:%M", "%m/%d/%Y %H:%M"]),
        (["13/04/2024 10:00", "05/06/2024 10:00"], ["%d/%m/%Y %H:%M"]),
    ],
)
def test_a_day_and_a_month_that_could_be_swapped_are_never_guessed(tmp_path, times, formats):
    instants, faults = read(tmp_path, times)
    assert instants == [None, None]
    assert all(reason.endswith(f"such as {formats}") for reason in faults.values())
