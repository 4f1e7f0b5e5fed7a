"""What a workbook's cells are: numbers, errors, formulas that were never worked out, and files misnamed."""

import zipfile
from datetime import UTC, datetime

import openpyxl
import pytest
import xlsxwriter
from support.reading import read, refusal

from pipeline.files.workbook import sheet_cells
from pipeline.reading.ingest import describe_reading

TOP = {"attributes": {"channel": {}, "budget": {"kind": "numeric"}}}
AT = datetime(2024, 5, 1)


def workbook(path, rows, corner="A1", sheet=None, **formats):
    book = openpyxl.Workbook()
    page = book.active
    if sheet:
        page.title = sheet
    first = page[corner]
    for down, row in enumerate([("lead_id", "created_at", "channel", "budget"), *rows]):
        for right, value in enumerate(row):
            cell = page.cell(first.row + down, first.column + right, value)
            cell.number_format = formats.get("number_format", cell.number_format)
    book.save(path)


def leads(tmp_path, rows, **settings):
    corner = settings.pop("corner", "A1")
    workbook(tmp_path / "leads.xlsx", rows, corner)
    return read(tmp_path, None, path="leads.xlsx", top=TOP, **settings)


@pytest.mark.parametrize("corner", ["A1", "B3", "AA2"])
@pytest.mark.parametrize("error", ["#N/A", "#REF!", "#DIV/0!", "#VALUE!", "#NAME?", "#NUM!", "#NULL!"])
def test_an_error_is_a_bad_cell_and_no_missing_one(tmp_path, corner, error):
    raw = leads(
        tmp_path, [("L1", AT, error, 5), ("L2", AT, "Web", error), ("L3", AT, None, None)], corner=corner
    )
    assert raw.bad_cells.select("row_number", "column", "value").rows() == [
        (1, "channel", error),
        (2, "budget", error),
    ]
    assert raw.frame["budget"].to_list() == [5, None, None]


@pytest.mark.parametrize("corner", ["A1", "B3", "AA2"])
def test_a_formula_that_was_never_worked_out_is_a_bad_cell(tmp_path, corner):
    raw = leads(
        tmp_path, [("L1", AT, "Web", "=600*2"), ("L2", AT, "=C2", 5), ("L3", AT, None, None)], corner=corner
    )
    assert raw.bad_cells.select("row_number", "column").rows() == [(2, "channel"), (1, "budget")]
    assert set(raw.bad_cells["reason"]) == {
        "is a formula without a value; save the workbook once more by the spreadsheet program"
    }


def test_a_formula_with_a_value_is_its_value_and_an_empty_text_is_missing(tmp_path):
    book = xlsxwriter.Workbook(tmp_path / "leads.xlsx")
    page = book.add_worksheet("Leads & more")
    page.write_row(0, 0, ["lead_id", "created_at", "channel", "budget"])
    page.write_row(1, 0, ["L1", "2024-05-01"])
    page.write_formula(1, 2, '=""', None, "")
    page.write_formula(1, 3, "=600*2", None, 1200)
    book.close()
    raw = read(tmp_path, None, path="leads.xlsx", sheet="Leads & more", top=TOP)
    assert raw.bad_cells.is_empty()
    assert raw.frame.select("channel", "budget").row(0) == (None, 1200)


def test_ids_of_more_than_fifteen_digits_are_right_as_text_and_bad_as_numbers(tmp_path):
    ids = [1234567890123456789, "1234567890123456789", 16147805824397, "00017", 17]
    raw = leads(tmp_path, [(one, AT, "Web", 1) for one in ids])
    assert raw.frame["lead_id"].to_list() == [None, "1234567890123456789", "16147805824397", "00017", "17"]
    assert raw.bad_cells["row_number"].to_list() == [1]
    assert "digits of the id are lost" in raw.bad_cells["reason"][0]
    numbers = leads(tmp_path, [(one, AT, "Web", 1) for one in (1234567890123456789, 12345678901234567)])
    assert numbers.frame["lead_id"].to_list() == [None, None]


@pytest.mark.parametrize("decimal", ["auto", ".", ","])
def test_a_number_has_no_decimal_mark_whatever_the_texts_beside_it_have(tmp_path, decimal):
    alone = leads(tmp_path, [("L1", AT, "Web", 1.234), ("L2", AT, "Web", 12.5)], decimal=decimal)
    assert alone.frame["budget"].to_list() == [1.234, 12.5]
    texts = leads(tmp_path, [("L1", AT, "Web", 1.234), ("L2", AT, "Web", "1,5")], decimal=decimal)
    assert texts.frame["budget"].to_list() == [1.234, None if decimal == "." else 1.5]
    tens = leads(tmp_path, [("L1", AT, "Web", "2,000.5"), ("L2", AT, "Web", 12)], decimal=decimal)
    assert tens.frame["budget"].to_list() == [None if decimal == "," else 2000.5, 12]


def test_days_since_day_zero_are_read_by_the_format_that_the_message_names(tmp_path):
    rows = [("L1", 45413.5, "Web", 1), ("L2", "45414", "Web", 1)]
    assert "such as ['excel_serial']" in leads(tmp_path, rows).bad_cells["reason"][0]
    raw = leads(tmp_path, rows, time_formats=["excel_serial"])
    assert raw.frame["created_at"].to_list() == [
        datetime(2024, 5, 1, 4, tzinfo=UTC),
        datetime(2024, 5, 1, 16, tzinfo=UTC),
    ]


def test_rows_above_the_header_are_counted_by_nobody(tmp_path):
    raw = leads(
        tmp_path, [("L1", AT, "Web", 1), (None, None, None, None), ("L3", AT, "Web", "x")], corner="C4"
    )
    assert raw.frame["row_number"].to_list() == [1, 3]
    assert (raw.rows_in, raw.blank_rows) == (2, 1)
    assert raw.bad_cells["row_number"].to_list() == [3]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("mark", ["\t", ",", ";"])
def test_text_that_is_called_a_workbook_is_read(tmp_path, encoding, mark):
    text = mark.join(["lead_id", "created_at", "channel"]) + "\r\n" + mark.join(["L1", "2024-05-01", "展会"])
    raw = read(tmp_path, text.encode(encoding), path="leads.xls", top={"attributes": {"channel": {}}})
    assert raw.frame["channel"].to_list() == ["展会"]
    assert raw.delimiter == mark


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        ("<html><body><table><tr><th>lead_id</th></tr></table></body></html>", "a web page (HTML)"),
        ("\ufeff\r\n<!DOCTYPE html><table>", "a web page (HTML)"),
        ("<meta charset=utf-8><table>", "a web page (HTML)"),
        ('<?xml version="1.0"?><Workbook xmlns="urn:x:office:spreadsheet">', "an XML spreadsheet"),
        ('<?xml version="1.0"?><rows/>', "an XML file"),
        ("MIME-Version: 1.0\nContent-Type: multipart/related", "a web archive"),
    ],
)  # fmt: skip
def test_what_is_called_a_workbook_and_is_none_is_named(tmp_path, content, kind):
    message = refusal(tmp_path, content, path="leads.xls")
    assert f"is {kind}" in message
    assert "save it as .xlsx" in message


def test_signs_that_nobody_sees_are_dropped_and_said(tmp_path):
    header = "\u200blead_id,created_at\u00a0,channel\u200e"
    text = f"{header}\nL1\u200b,2024-05-01\u00a0 10:00,We\u00adb\nL2,2024-05-02,\u2060Web\n"
    raw = read(tmp_path, text, top={"attributes": {"channel": {}}})
    assert raw.frame["lead_id"].to_list() == ["L1", "L2"]
    assert raw.frame["channel"].to_list() == ["Web", "Web"]
    told = describe_reading("leads", tmp_path / "leads.csv", [raw.account, raw.account])
    assert "invisible characters dropped in: lead_id, channel" in told
    plain = read(tmp_path, "lead_id,created_at\nL1,2024-05-01\n")
    assert "invisible" not in describe_reading("leads", tmp_path / "leads.csv", [plain.account])


def test_sheets_are_found_by_their_names_whatever_their_parts_are_called(tmp_path):
    book = openpyxl.Workbook()
    for name in ("Notes <1>", "线索"):
        page = book.create_sheet(name)
        page.append(["lead_id", name])
        page.append(["L1", "=1+1"])
    book.remove(book.worksheets[0])
    book.save(tmp_path / "leads.xlsx")
    import fastexcel

    reader = fastexcel.read_excel(tmp_path / "leads.xlsx")
    for sheet in ("Notes <1>", "线索", 1):
        assert sheet_cells(tmp_path / "leads.xlsx", reader, sheet).text.item(1, 1) == "#FORMULA!"
    assert zipfile.is_zipfile(tmp_path / "leads.xlsx")
