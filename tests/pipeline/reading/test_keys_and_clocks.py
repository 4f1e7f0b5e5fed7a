"""Tables without a key of their own, and times whose date and time of day stand apart."""

from datetime import UTC, date, datetime, time

import polars as pl
import pytest
import xlsxwriter
from support.on_the_road import read_tables
from support.reading import LEADS, NOW, make_config, read, refusal

from pipeline.errors import SourceError
from pipeline.reading.ingest import describe_reading

HEAD = "Call Time,Lead,Status,Talking\n"
MAPPED = {"started_at": "Call Time", "lead_id": "Lead", "status": "Status", "duration": "Talking"}
ROWS = "2024-05-01 10:00:01,L1,Answered,00:05:12\n2024-05-01 10:10:01,L2,Answered,00:00:00\n"
TOTALS = "Totals,,,00:05:12\n"


def taken(tmp_path, content, table="calls", **settings):
    config = make_config(tmp_path, table, top={"tolerance": 1.0}, **settings)
    (tmp_path / "leads.csv").write_text(LEADS, encoding="utf-8")
    (tmp_path / f"{table}.csv").write_text(content, encoding="utf-8")
    return read_tables(config, now=NOW)


def test_the_row_number_is_the_key_of_a_call_log_without_one(tmp_path):
    found = taken(tmp_path, HEAD + ROWS + TOTALS, duration_unit="clock", columns=MAPPED)
    assert found.tables["calls"]["call_id"].to_list() == ["1", "2"]
    assert found.counts["calls"].rows_quarantined == 1
    assert set(found.quarantine["row_number"]) == {3}
    (note,) = (note for note in found.notes if note.startswith("calls"))
    assert "no call_id: the row number is the key, repeated rows are not told" in note


@pytest.mark.parametrize("copies", [2, 3])
def test_equal_rows_without_a_key_are_rows_of_their_own(tmp_path, copies):
    line = "2024-05-01 10:00:01,L1,Answered,00:05:12\n"
    found = taken(tmp_path, HEAD + line * copies, duration_unit="clock", columns=MAPPED)
    assert found.tables["calls"].height == copies


def test_orders_without_a_key(tmp_path):
    found = taken(tmp_path, "ordered_at,lead_id\n2024-05-03,L1\n2024-05-03,L1\n", "orders")
    assert found.tables["orders"]["order_id"].to_list() == ["1", "2"]


def test_a_key_that_the_configuration_names_must_be_there(tmp_path):
    told = refusal(tmp_path, HEAD + ROWS, "calls", columns={**MAPPED, "call_id": "Call Id"})
    assert "no column 'Call Id'" in told
    assert "sources.calls.columns.call_id" in told


def test_a_log_with_its_key_says_nothing_of_it(tmp_path):
    raw = read(tmp_path, "call_id,lead_id,started_at\nC1,L1,2024-05-01\n", "calls")
    assert "row number" not in describe_reading("calls", raw.path, [raw.account])


def starts(raw):
    return raw.frame["started_at"].to_list()


SPLIT = {"started_at": ["Date", "Time"]}


@pytest.mark.parametrize(
    ("line", "formats"),
    [
        ("2024-05-01,08:15", []),
        ("2024-05-01 00:00:00,1899-12-31 08:15:00", []),
        ("2024-05-01T00:00:00.000,08:15:00", []),
        ("01/05/2024,08:15 AM", ["%d/%m/%Y %I:%M %p"]),
    ],
)
def test_a_date_and_its_time_of_day_are_one_time(tmp_path, line, formats):
    text = f"call_id,lead_id,Date,Time\nC1,L1,{line}\n"
    raw = read(tmp_path, text, "calls", columns=SPLIT, time_formats=formats)
    assert starts(raw) == [datetime(2024, 5, 1, 0, 15, tzinfo=UTC)]
    assert raw.bad_cells.is_empty()
    assert raw.ignored_columns == ()


def test_half_a_time_is_a_bad_cell_and_no_midnight(tmp_path):
    text = "call_id,lead_id,Date,Time\nC1,L1,2024-05-01,\nC2,L1,,08:15\nC3,L1,,\nC4,L1,soon,08:15\n"
    raw = read(tmp_path, text, "calls", columns=SPLIT)
    assert starts(raw) == [None] * 4
    told = raw.bad_cells.select("row_number", "value", "reason").rows()
    assert told[0] == (1, "2024-05-01", "has a date and no time of day")
    assert told[1] == (2, "08:15", "has a time of day and no date")
    assert told[2][:2] == (4, "soon 08:15")
    assert [row[0] for row in told] == [1, 2, 4]


def test_null_words_of_a_time_of_day_are_no_time(tmp_path):
    text = "call_id,lead_id,Date,Time\nC1,L1,2024-05-01,-\n"
    raw = read(tmp_path, text, "calls", columns=SPLIT, null_values=["-"])
    assert raw.bad_cells["reason"].to_list() == ["has a date and no time of day"]


def test_typed_dates_and_times_of_day(tmp_path):
    rows = {"call_id": ["C1"], "lead_id": ["L1"], "Date": [date(2024, 5, 1)], "Time": [time(8, 15)]}
    pl.DataFrame(rows).write_parquet(tmp_path / "calls.parquet")
    raw = read(tmp_path, None, "calls", path="calls.parquet", columns=SPLIT)
    assert starts(raw) == [datetime(2024, 5, 1, 0, 15, tzinfo=UTC)]


def test_dates_and_times_of_day_of_a_workbook(tmp_path):
    book = xlsxwriter.Workbook(tmp_path / "calls.xlsx")
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, ["call_id", "lead_id", "Date", "Time"])
    sheet.write_row(1, 0, ["C1", "L1"])
    sheet.write_datetime(1, 2, datetime(2024, 5, 1), book.add_format({"num_format": "yyyy-mm-dd"}))
    sheet.write_datetime(1, 3, time(8, 15), book.add_format({"num_format": "hh:mm"}))
    book.close()
    raw = read(tmp_path, None, "calls", path="calls.xlsx", columns=SPLIT)
    assert starts(raw) == [datetime(2024, 5, 1, 0, 15, tzinfo=UTC)]


def test_a_time_of_day_that_is_not_in_the_file(tmp_path):
    text = "call_id,lead_id,Date,Time\nC1,L1,2024-05-01,08:15\n"
    told = refusal(tmp_path, text, "calls", columns={"started_at": ["Date", "Clock"]})
    assert "sources.calls.columns.started_at" in told
    assert "'Clock'" in told


def test_only_a_time_stands_in_two_columns(tmp_path):
    with pytest.raises(SourceError, match="only a time may stand in two columns"):
        read(tmp_path, LEADS, columns={"lead_id": ["lead_id", "created_at"]})


@pytest.mark.parametrize("columns", [{}, {"status": "Customer status"}])
def test_a_list_to_be_scored_need_not_have_what_is_only_shown(tmp_path, columns):
    attributes = {"region": {}, "status": {"known": "snapshot"}}
    settings = {"top": {"attributes": attributes}, "columns": columns}
    text = "lead_id,created_at,region\nL1,2024-05-01,north\n"
    assert read(tmp_path, text, outcome=False, **settings).frame.columns[-1] == "region"
    assert "no column" in refusal(tmp_path, text, **settings)
    without = "lead_id,created_at\nL1,2024-05-01\n"
    assert "no column 'region'" in refusal(tmp_path, without, outcome=False, **settings)
