"""A file read span by span reads each column in one way, or is refused with both ways and what settles it."""

import json
from datetime import UTC, datetime

import polars as pl
import pytest
from support.on_the_road import read_tables

from pipeline.config.config import Config
from pipeline.errors import SourceError
from pipeline.files import source_file

NOW = datetime(2026, 11, 1, tzinfo=UTC)
LEADS = "lead_id,created_at\nL1,2026-01-01\n"
HEADERS = {
    "orders": ("order_id,lead_id,ordered_at,amount", "O{n},L1,2026-02-01,{cell}"),
    "calls": ("call_id,lead_id,started_at,duration", "C{n},L1,2026-02-01,{cell}"),
    "stages": ("stage,lead_id,entered_at", "S{n},L1,{cell}"),
    "facts": ("lead_id,known_at,field,value", "L1,2026-02-01 10:00:{n:02},budget,{cell}"),
}


def taken(folder, monkeypatch, table, cells, each=3, top=None, **source):
    """Read a table whose spans have so many rows each."""
    head, row = HEADERS[table]
    rows = [row.format(n=n, cell=f'"{cell}"') for n, cell in enumerate(cells)]
    (folder / "leads.csv").write_text(LEADS, encoding="utf-8")
    (folder / f"{table}.csv").write_text("\n".join([head, *rows, ""]), encoding="utf-8")
    spans = [rows[start : start + each] for start in range(0, len(rows), each)]
    size = max(len("\n".join([*span, ""]).encode()) for span in spans)
    monkeypatch.setattr(source_file, "PART_BYTES", size)
    sources = {"leads": {"path": "leads.csv"}, table: {"path": f"{table}.csv", **source}}
    raw = {"name": "test", "sources": sources, "label": {"close": "first_order"}, "tolerance": 1.0}
    config = Config.model_validate_json(json.dumps(raw | (top or {})))
    return read_tables(config.model_copy(update={"path": folder / "team.yaml"}), now=NOW)


def refused(*args, **settings):
    with pytest.raises(SourceError) as caught:
        taken(*args, **settings)
    assert "\n" not in str(caught.value)
    return str(caught.value)


BUDGET = {"attributes": {"budget": {"kind": "numeric", "known": "dated"}}}
POINT, COMMA = ["1,234", "0.55", "7.25"], ["1.234", "0,55", "7,25"]


@pytest.mark.parametrize(
    ("table", "column", "top"),
    [("orders", "amount", None), ("calls", "duration", None), ("facts", "value of budget", BUDGET)],
)
def test_two_decimal_marks(tmp_path, monkeypatch, table, column, top):
    told = refused(tmp_path, monkeypatch, table, POINT + COMMA, top=top)
    assert f"the column {column!r} has the decimal mark '.' in rows 1 to 3 and ',' in rows 4 to 6" in told
    assert told.endswith(f"set sources.{table}.decimal")
    found = taken(tmp_path, monkeypatch, table, POINT + COMMA, top=top, decimal=".")
    assert found.quarantine["row_number"].to_list() == [5, 6]


def test_two_decimal_marks_of_a_column_of_parquet(tmp_path, monkeypatch):
    monkeypatch.setattr(source_file, "ROWS_PER_SPAN", 3)
    pl.DataFrame({"lead_id": ["L1"], "created_at": ["2026-01-01"]}).write_csv(tmp_path / "leads.csv")
    ids = [f"O{n}" for n in range(6)]
    orders = pl.DataFrame({"order_id": ids, "ordered_at": "2026-02-01", "amount": POINT + COMMA})
    orders.with_columns(pl.lit("L1").alias("lead_id")).write_parquet(tmp_path / "orders.parquet")
    sources = {"leads": {"path": "leads.csv"}, "orders": {"path": "orders.parquet"}}
    raw = {"name": "test", "sources": sources, "label": {"close": "first_order"}}
    config = Config.model_validate_json(json.dumps(raw)).model_copy(update={"path": tmp_path / "team.yaml"})
    with pytest.raises(SourceError, match=r"'\.' in rows 1 to 3 and ',' in rows 4 to 6"):
        read_tables(config, now=NOW)


@pytest.mark.parametrize(
    "cells",
    [
        # Each tells itself: nothing is read by its span.
        ["0.55", "7.25", "1234.5", "0,55", "7,25", "1234,5"],
        # What the second span does not tell is a bad cell, and is said so.
        [*POINT, "1,234", "12", "13"],
        ["1,234", "0.55", "7.25", "5.5", "1,000", "2.25"],
    ],
)
def test_marks_that_do_not_part_the_spans(tmp_path, monkeypatch, cells):
    whole = taken(tmp_path, monkeypatch, "orders", cells, each=6)
    cut = taken(tmp_path, monkeypatch, "orders", cells)
    read = dict(cut.tables["orders"].select("row_number", "amount_minor").rows())
    assert read.items() <= dict(whole.tables["orders"].select("row_number", "amount_minor").rows()).items()


def test_two_currencies(tmp_path, monkeypatch):
    told = refused(tmp_path, monkeypatch, "orders", ["$5", "6", "7", "8", "€9", "10"])
    assert "is in '$' in rows 1 to 3 and in '€' in rows 4 to 6: set currency" in told
    found = taken(tmp_path, monkeypatch, "orders", ["$5", "6", "€7"] * 2, top={"currency": "USD"})
    assert found.quarantine["row_number"].to_list() == [3, 6]
    assert taken(tmp_path, monkeypatch, "orders", ["¥5", "6", "7", "CNY 8", "9", "10"]).quarantine.is_empty()


def test_per_cents_and_plain_numbers(tmp_path, monkeypatch):
    told = refused(tmp_path, monkeypatch, "facts", ["5%", "6%", "0", "5", "6", "7"], top=BUDGET)
    assert "holds per cents in rows 1 to 3 and plain numbers in rows 4 to 6" in told
    cells = ["5%", "6%", "0", "0", "0", "7%"]
    assert taken(tmp_path, monkeypatch, "facts", cells, top=BUDGET).quarantine.is_empty()


def test_ids_with_a_point(tmp_path, monkeypatch):
    (tmp_path / "orders.csv").touch()
    rows = ["L1,5.0", "L1,6.0", "L1,7.0", "L1,8.0", "L1,9.1", "L1,10.0"]
    monkeypatch.setitem(HEADERS, "calls", ("started_at,call_id,lead_id", "2026-02-0{n},{cell}"))
    cells = [row.split(",")[1] + '","L1' for row in rows]
    told = refused(tmp_path, monkeypatch, "calls", cells)
    assert "has ids that end in .0 and loses it in rows 1 to 3, and keeps it in rows 4 to 6" in told


MONTH_FIRST = {"time_formats": ["%m/%d/%Y"]}


def test_two_orders_of_day_and_month(tmp_path, monkeypatch):
    cells = ["05/06/2026", "06/07/2026", "07/08/2026", "13/06/2026", "14/06/2026", "05/06/2026"]
    told = refused(tmp_path, monkeypatch, "stages", cells, **MONTH_FIRST)
    assert "is read by '%m/%d/%Y' in rows 1 to 3, and rows 4 to 6 have dates that read only as" in told
    assert told.endswith("'%d/%m/%Y': mend sources.stages.time_formats")
    whole = taken(tmp_path, monkeypatch, "stages", cells, each=6, **MONTH_FIRST)
    assert whole.tables["stages"].is_empty()


def test_a_slip_of_the_pen_in_a_short_span_parts_nothing(tmp_path, monkeypatch):
    cells = [f"0{1 + n % 9}/{13 + n % 9}/2026" for n in range(150)] + ["05/06/2026", "13/06/2026"]
    cells[0] = "05/06/2026"
    found = taken(tmp_path, monkeypatch, "stages", cells, each=75, **MONTH_FIRST)
    assert found.quarantine["row_number"].to_list() == [151, 152]


def test_dates_half_converted_by_a_spreadsheet(tmp_path, monkeypatch):
    cells = ["2026-05-06", "2026-06-07", "2026-07-08", "13/06/2026", "14/06/2026", "15/06/2026"]
    told = refused(tmp_path, monkeypatch, "stages", cells, time_formats=["%d/%m/%Y"])
    assert "has converted dates in rows 1 to 3 beside dates as text in rows 4 to 6" in told
    good = ["2026-05-20", *cells[1:]]
    assert taken(tmp_path, monkeypatch, "stages", good, time_formats=["%d/%m/%Y"]).quarantine.is_empty()


def test_a_column_that_only_a_condition_reads(tmp_path, monkeypatch):
    monkeypatch.setitem(HEADERS, "calls", ("call_id,lead_id,started_at,Score", "C{n},L1,2026-02-01,{cell}"))
    told = refused(tmp_path, monkeypatch, "calls", POINT + COMMA, where="Score > 1")
    assert "the column 'Score' has the decimal mark" in told
