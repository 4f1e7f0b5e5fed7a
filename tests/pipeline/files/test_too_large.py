"""What is too large, too long or of no calendar ends in one line or in quarantine, in little memory."""

import gzip
import zipfile

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter

from pipeline.config.config import read_config
from pipeline.config.data import Source
from pipeline.errors import SourceError
from pipeline.files.source_file import read_file, text_parts
from pipeline.reading.ingest import read_source

HEADER = "lead_id,created_at,note\n"
ROW = "L{},2026-01-01 00:00,x\n"


def read(path, part=None, **bounds):
    source = Source(path=path.name, bounds=bounds)
    return read_file(path, source, ["lead_id"], ["lead_id"], part=part)


def refused(path, *words, **bounds):
    with pytest.raises(SourceError) as error:
        read(path, **bounds)
    line = str(error.value)
    assert line.startswith(f"{path}: ")
    assert "\n" not in line
    assert len(line) < 400
    for word in words:
        assert word in line
    return line


def packed(path, *texts):
    with gzip.open(path, "wt") as file:
        for text in texts:
            file.write(text)
    return path


@pytest.mark.parametrize("end", ["", "\xff", "\0"])
def test_a_packed_file_is_unpacked_up_to_its_bound(tmp_path, end):
    rows = (ROW.format(place) * 1000 for place in range(60))
    path = packed(tmp_path / "leads.csv.gz", HEADER, *rows)
    with gzip.open(path, "ab") as file:
        file.write(end.encode("latin-1"))
    refused(path, "MiB unpacked", "bounds.unpacked_mb", unpacked_mb=1)
    if not end:
        assert len(read(path, unpacked_mb=2).cells) == 60_000


def test_a_text_that_is_not_packed_is_read_however_long(tmp_path):
    path = tmp_path / "leads.csv"
    path.write_text(HEADER + ROW.format(1) * 60_000)
    assert len(read(path, unpacked_mb=1).cells) == 60_000


def test_a_row_without_end_is_refused(tmp_path):
    path = packed(tmp_path / "leads.csv.gz", HEADER, 'L1,2026-01-01,"', *["x" * (1 << 20)] * 20)
    source = Source(path=path.name, bounds={"row_mb": 2})
    with pytest.raises(SourceError, match=r"MiB in a row.*bounds\.row_mb"):
        list(text_parts(path, source, ["lead_id"], ["lead_id"], 1 << 20))


@pytest.mark.parametrize("kind", ["csv", "parquet"])
def test_a_row_with_a_long_cell_is_quarantined(tmp_path, kind):
    path = tmp_path / f"leads.{kind}"
    frame = pl.DataFrame({"lead_id": ["L1", "L2", "L3"], "note": ["a", "字" * 50, "c"]})
    frame.write_csv(path) if kind == "csv" else frame.write_parquet(path)
    raw = read(path, cell_characters=100)
    assert raw.cells["row_number"].to_list() == [1, 3]
    assert raw.ragged.rows() == [
        (2, "the column 'note' holds more than 100 bytes (the source's bounds.cell_characters)")
    ]
    assert len(read(path, cell_characters=150).cells) == 3


def test_all_rows_may_be_quarantined(tmp_path):
    path = tmp_path / "leads.csv"
    path.write_text(HEADER + f"L1,2026-01-01,{'x' * 500}\n")
    raw = read(path, cell_characters=100)
    assert (len(raw.cells), len(raw.ragged)) == (0, 1)


def test_a_long_name_of_a_column_is_one_line(tmp_path):
    path = tmp_path / "leads.csv"
    path.write_text(f"lead_id,{'x' * 140_000}\nL1,1\n")
    refused(path, "140,000 characters")


def test_columns_are_bounded(tmp_path):
    names = ["lead_id", *(f"c{place}" for place in range(30))]
    (tmp_path / "l.csv").write_text(",".join(names) + "\n" + ",".join(["1"] * 31) + "\n")
    pl.DataFrame({name: ["1"] for name in names}).write_parquet(tmp_path / "l.parquet")
    pl.DataFrame({name: ["1"] for name in names}).write_excel(tmp_path / "l.xlsx")
    for kind in ("csv", "parquet", "xlsx"):
        path = tmp_path / f"l.{kind}"
        refused(path, "31", "columns", "bounds.columns", columns=30)
        assert len(read(path, columns=31).header) == 31


def workbook(path, *cells, sheets=1):
    with xlsxwriter.Workbook(path) as book:
        for _ in range(sheets):
            sheet = book.add_worksheet()
            for place, text in enumerate(["lead_id", "created_at"]):
                sheet.write(0, place, text)
            sheet.write(1, 0, "L1")
            for row, column in cells:
                sheet.write(row, column, "x")
    return path


def test_a_stray_cell_at_the_end_of_a_sheet_is_told_before_it_is_read(tmp_path):
    path = workbook(tmp_path / "l.xlsx", (1_048_575, 16_383))
    refused(path, "17,179,869,184 cells on a sheet (1,048,576 rows by 16,384 columns)", "bounds.cells")
    near = workbook(tmp_path / "near.xlsx", (999, 99))
    refused(near, "100,000 cells", "bounds.cells", cells=99_999)
    assert len(read(near).cells) == 2


def test_a_sheet_under_another_name_is_looked_at_too(tmp_path):
    path, moved = workbook(tmp_path / "l.xlsx", (1_048_575, 16_383)), tmp_path / "moved.xlsx"
    with zipfile.ZipFile(path) as parts, zipfile.ZipFile(moved, "w") as out:
        for name in parts.namelist():
            body = parts.read(name).replace(b"worksheets/sheet1.xml", b"elsewhere/one.xml")
            out.writestr(name.replace("worksheets/sheet1.xml", "elsewhere/one.xml"), body)
    refused(moved, "cells on a sheet")


def test_sheets_are_bounded(tmp_path):
    path = workbook(tmp_path / "l.xlsx", sheets=5)
    refused(path, "5 sheets", "bounds.sheets", sheets=4)
    assert len(read(path, sheets=5).cells) == 1


def test_a_workbook_is_unpacked_up_to_its_bound(tmp_path):
    path = workbook(tmp_path / "l.xlsx")
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr("xl/media/bomb.xml", b"\0" * (3 << 20))
    refused(path, "MiB unpacked", "bounds.unpacked_mb", unpacked_mb=2)
    assert len(read(path, unpacked_mb=4).cells) == 1


def test_a_damaged_part_of_a_workbook_is_one_line(tmp_path):
    path = workbook(tmp_path / "l.xlsx")
    data = bytearray(path.read_bytes())
    place = data.index(b"xl/worksheets/sheet1.xml") + 40
    data[place : place + 20] = b"\xff" * 20
    path.write_bytes(data)
    refused(path)


def test_a_row_group_that_unpacks_to_much_is_refused(tmp_path):
    path = tmp_path / "l.parquet"
    pl.DataFrame({"lead_id": [f"L{place}" * 100 for place in range(20_000)]}).write_parquet(path)
    refused(path, "MiB in a row group", "bounds.unpacked_mb", unpacked_mb=1)


TIMES = {
    "ms": pa.array([1_700_000_000_000, 2**62], pa.timestamp("ms")),
    "before": pa.array([1_700_000_000_000, -(2**62)], pa.timestamp("ms")),
    "year 10000": pa.array([1_700_000_000_000_000, 253_402_300_800_000_000], pa.timestamp("us", "UTC")),
    "date": pa.array([19_700, 2**31 - 1], pa.date32()),
}


@pytest.mark.parametrize("kind", TIMES)
def test_a_time_that_no_calendar_has_is_quarantined(tmp_path, kind):
    table = pa.table({"lead_id": ["L1", "L2"], "created_at": TIMES[kind]})
    pq.write_table(table, tmp_path / "leads.parquet")
    (tmp_path / "c.yaml").write_text(
        "name: x\nsources: {leads: {path: leads.parquet, bounds: {cells: 100}}}\n"
        "label: {close: outcome, column: won}\n"
    )
    found = read_source(read_config(tmp_path / "c.yaml"), "leads", outcome=False)
    assert found.rows_in == 2
    assert found.frame["lead_id"].to_list() == ["L1"]
    assert [(row["row_number"], row["reason"]) for row in found.bad_cells.to_dicts()] == [
        (2, "the column 'created_at' holds a time that no calendar has")
    ]


@pytest.mark.parametrize("unit", ["s", "ms", "us", "ns"])
def test_the_ends_of_the_calendar_and_spans_of_time_are_read(tmp_path, unit):
    seconds = {"s": 1, "ms": 10**3, "us": 10**6, "ns": 10**9}[unit]
    days = [0, 20_000] if unit == "ns" else [-719_162, 2_932_896]
    times = pa.array([day * 86_400 * seconds for day in days], pa.timestamp(unit))
    table = pa.table({"lead_id": ["a", "b"], "at": times, "n": pa.array([5, None], pa.duration(unit))})
    pq.write_table(table, tmp_path / "leads.parquet")
    assert len(read(tmp_path / "leads.parquet").cells) == 2
    (tmp_path / "c.yaml").write_text(
        "name: x\nsources: {leads: {path: leads.parquet, columns: {created_at: at}}}\n"
        "attributes: {n: {kind: categorical}}\nlabel: {close: outcome, column: won}\n"
    )
    found = read_source(read_config(tmp_path / "c.yaml"), "leads", outcome=False)
    assert found.frame["n"].null_count() == 1
