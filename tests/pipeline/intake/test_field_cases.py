"""Rows and values as people of the trade met them: every case that is kept beside the project, read as it is meant."""

# ruff: noqa: E501 - tables of cases read best with one case a line

import shutil
from datetime import UTC
from pathlib import Path

import pytest
from support.on_the_road import read_tables, taken_from_files

from pipeline.config.config import read_config
from pipeline.errors import ConfigError, SourceError
from pipeline.matrix import dataset
from pipeline.matrix.early_calls import early_calls_note

CASES = Path(__file__).resolve().parents[4] / "shared" / "cases"
pytestmark = pytest.mark.skipif(not CASES.is_dir(), reason=f"the cases are not in {CASES}")


def case(folder, name, **changes):
    """A copy of a case, of which single bad rows do not stop the reading."""
    shutil.copytree(CASES / Path(name).parent, folder / "case")
    config = read_config(folder / "case" / Path(name).name)
    sources = {
        table: source.model_copy(update={"tolerance": 1.0} | changes.get(table, {}))
        for table, source in config.sources.items()
    }
    return config.model_copy(update={"tolerance": 1.0, "sources": sources})


def values(found, table, column):
    return [_plain(value) for value in found.tables[table][column].to_list()]


def _plain(value):
    return value.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S") if hasattr(value, "astimezone") else value


EXCEL = ["2026-03-05 09:12:00", "2026-03-06 18:00:00", "2026-03-07 00:00:00"]
DURATIONS = [312, 3723, 20337, 312, 312, 312, 3723, 312, 312, 3723, 312, 45, 312, 312, 86400]


@pytest.mark.parametrize(
    ("name", "table", "column", "expected"),
    [
        ("salesforce/case.yaml", "leads", "created_at", ["2026-03-05 09:12:44", "2026-03-06 10:00:00", "2026-03-07 23:59:59"]),
        ("salesforce/case.yaml", "leads", "note", ['Wants a quote for "blue" doors.\r\nCall back, after 5pm; ask for Kim', "line one\nline two", None]),
        ("salesforce/case.yaml", "leads", "revenue", [12500, None, 9500]),
        ("salesforce/case.yaml", "calls", "lead_id", ["00Q5g00000AbCdEEAV", "00Q5g00000aBcDeEAV", "00Q5g00000XyZ12EAB"]),
        ("utf16/case.yaml", "leads", "lead_id", ["L1", "L2"]),
        ("utf16/nobom.yaml", "leads", "created_at", ["2026-03-05 01:12:00", "2026-03-06 02:00:00"]),
        ("ids_in_exponent_form/apos.yaml", "leads", "lead_id", ["00123", "00124", "00125", "126.0"]),
        ("ids_in_exponent_form/apos.yaml", "stages", "lead_id", ["00123", "00124"]),
        ("zoho/formats.yaml", "leads", "created_at", ["2026-06-05 09:45:00"]),
        ("zoho/formats.yaml", "leads", "revenue", [125000]),
        # Its join: a stage is of the lead that has its id, whole.
        ("zoho/formats.yaml", "stages", "lead_id", ["zcrm_4150868000000225013"]),
        ("chinese_crm/case.yaml", "leads", "created_at", ["2026-03-05 07:05:00", "2026-03-06 01:30:15", "2026-03-07 08:03:00"]),
        ("chinese_crm/case.yaml", "orders", "ordered_at", ["2026-05-31 17:05:00", "2026-06-02 12:05:00", "2026-06-03 04:30:00"]),
        ("chinese_crm/case.yaml", "orders", "amount_minor", [1_200_000, 800_000, 3_500_000_000]),
        ("excel/ods.yaml", "leads", "created_at", EXCEL),
        ("excel/xls.yaml", "leads", "created_at", EXCEL),
        ("excel/date1904.yaml", "leads", "created_at", EXCEL),
        ("excel/hidden_named.yaml", "leads", "created_at", EXCEL),
        ("excel/csv_xls.yaml", "leads", "lead_id", ["L1"]),
        ("excel/sep.yaml", "leads", "lead_id", ["L1"]),
        ("durations/s.yaml", "calls", "duration_ms", [1000 * seconds for seconds in DURATIONS]),
        ("epochs/both.yaml", "leads", "created_at", ["2026-03-05 09:12:44"] * 3),
        ("refunds/case.yaml", "orders", "amount_minor", [50_000, -50_000, -12_000, 0, 8_000]),
        ("csv_quirks/cr.yaml", "leads", "lead_id", ["L1", "L2", "L3"]),
        ("csv_quirks/zw.yaml", "leads", "lead_id", ["L1", "L2", "L3"]),
        ("csv_quirks/stray.yaml", "leads", "lead_id", ["L1", "L2", "L3"]),
        ("csv_quirks/footer.yaml", "leads", "lead_id", ["L1", "L2", "L3"]),
        ("csv_quirks/crcell.yaml", "leads", "lead_id", ["L1", "L2", "L3"]),
        ("csv_quirks/short.yaml", "leads", "lead_id", ["L2", "L3"]),
        ("csv_quirks/backslash.yaml", "leads", "lead_id", ["L2", "L3"]),
        ("csv_quirks/trailing.yaml", "leads", "lead_id", ["L1", "L2", "L3"]),
        ("calls_without_key/case.yaml", "calls", "duration_ms", [312_000, 0]),
        ("twilio/mapped.yaml", "calls", "started_at", ["2026-03-31 21:15:04", *(f"2026-04-01 {t}:03" for t in ("01:02", "01:12", "01:22", "02:22", "03:22"))]),
        ("twilio/mapped.yaml", "calls", "status", ["answered", "no_answer", "busy", "unreachable", "no_answer", "answered"]),
        ("odoo/case.yaml", "leads", "channel", ["Web", None]),
        ("odoo/case.yaml", "leads", "revenue", [1500, 0]),
        ("two_digit_year/case.yaml", "leads", "last_visit", ["2026-03-04 16:00:00"]),
    ],
)  # fmt: skip
def test_values_as_they_are_meant(tmp_path, name, table, column, expected):
    assert values(read_tables(case(tmp_path, name)), table, column) == expected


@pytest.mark.parametrize(
    ("name", "settings", "column", "expected"),
    [
        ("excel/serial.yaml", {"time_formats": ("excel_serial",)}, "created_at", EXCEL),
        ("excel/title.yaml", {"header_row": 2}, "created_at", EXCEL),
        ("excel/twohead.yaml", {"header_row": 2}, "lead_id", ["L1", "L2", "L3"]),
        ("two_digit_year/case.yaml", {"time_formats": ("%y/%m/%d", "%y/%m/%d %H:%M", "%y-%m-%d")}, "last_visit", [*["2026-03-04 16:00:00"] * 2, "2026-03-05 07:05:00", "2026-03-04 16:00:00"]),
        ("encodings/big5.yaml", {"encoding": "big5"}, "lead_id", None),
        ("encodings/big5b.yaml", {"encoding": "big5"}, "lead_id", None),
        ("encodings/euckr.yaml", {"encoding": "euc-kr"}, "lead_id", None),
        ("encodings/sjis.yaml", {"encoding": "shift_jis"}, "lead_id", None),
        ("encodings/cp1251.yaml", {"encoding": "cp1251"}, "lead_id", None),
        ("encodings/cp1252.yaml", {"encoding": "cp1252"}, "lead_id", None),
    ],
)  # fmt: skip
def test_what_the_refusal_names_reads_it(tmp_path, name, settings, column, expected):
    found = read_tables(case(tmp_path, name, leads=settings))
    assert expected is None or values(found, "leads", column) == expected
    # Errors of a spreadsheet, and its row of totals, stay what they are.
    left = {"excel/serial.yaml": 0, "excel/twohead.yaml": 1}
    assert found.counts["leads"].rows_quarantined == left.get(name, 0)


@pytest.mark.parametrize(
    ("name", "error", "told"),
    [
        ("zoho/java.yaml", ConfigError, r"'dd/MM/yyyy hh:mm a' reads no date; write it as '%d/%m/%Y %I:%M %p'"),
        ("chinese_crm/formats.yaml", ConfigError, r"leave it out: 上午, 下午 and the like are understood"),
        ("chinese_crm/one.yaml", ConfigError, r"the format '%Y-%m-%d %H' cannot be read"),
        ("excel/title.yaml", SourceError, r"seem to be in row 2: set the source's header_row: 2"),
        ("excel/twohead.yaml", SourceError, r"seem to be in row 2: set the source's header_row: 2"),
        ("excel/hidden.yaml", SourceError, r"seem to be on the sheet 'Leads'"),
        ("excel/html_xls.yaml", SourceError, r"is a web page \(HTML\) and no workbook"),
        ("asterisk/noheader.yaml", SourceError, r"the first row holds values.* list the names of its 18 columns"),
        ("encodings/big5.yaml", SourceError, r"set encoding to big5 or"),
        ("encodings/big5b.yaml", SourceError, r"set encoding to big5 or"),
        ("encodings/euckr.yaml", SourceError, r"set encoding to euc-kr or"),
        ("encodings/sjis.yaml", SourceError, r"set encoding to .*shift_jis or"),
        ("encodings/cp1251.yaml", SourceError, r"set encoding to .*cp1251"),
        ("encodings/cp1252.yaml", SourceError, r"set encoding to cp1252"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_says_what_to_do(tmp_path, name, error, told):
    with pytest.raises(error, match=told) as caught:
        read_tables(case(tmp_path, name))
    assert "\n" not in str(caught.value)
    assert "5550001" not in str(caught.value)


@pytest.mark.parametrize(
    ("name", "rows", "reason"),
    [
        ("ids_in_exponent_form/case.yaml", [1, 2, 3, 4], "digits of the id are lost: format the column as text"),
        ("ids_in_exponent_form/cli.yaml", [1, 2], "digits of the id are lost: format the column as text"),
        ("zoho/case.yaml", [1, 2, 3], "such as ['%d/%m/%Y %I:%M %p']"),
        ("zoho/formats.yaml", [2, 3], "names another currency than INR"),
        ("zoho/mixed.yaml", [1], "is one day by '%m/%d/%Y %I:%M %p' and another by"),
        ("chinese_crm/case.yaml", [4, 5], "is not a number"),
        ("excel/errors.yaml", [2, 3], "is a spreadsheet's error"),
        ("excel/formulas_nocache.yaml", [1, 2], "is a formula without a value"),
        ("excel/serial.yaml", [1, 2, 3], "such as ['excel_serial']"),
        ("excel/serial_csv.yaml", [1, 2, 3], "such as ['excel_serial']"),
        ("excel/bigids.yaml", [1, 2], "digits of the id are lost: format the column as text"),
        ("half_converted_dates/case.yaml", [1], "is a converted date beside dates as text"),
        ("half_converted_dates/csv_two.yaml", [1], "is one day by"),
        ("odoo/case.yaml", [2, 3], "goes on with the one above"),
        ("odoo_xlsx/case.yaml", [3], "is a formula without a value"),
        ("label_time/case.yaml", [4], "does not exist in America/New_York"),
        ("two_digit_year/case.yaml", [1, 2, 3], "such as ['%y/%m/%d', "),
        ("csv_quirks/footer.yaml", [4, 5, 6], "has 1 cells, the header has 4"),
        ("epochs/plain.yaml", [1, 2, 3, 4, 5], "such as ['epoch_s', 'epoch_ms']"),
    ],
)  # fmt: skip
def test_what_is_not_sure_is_a_bad_cell_and_says_why(tmp_path, name, rows, reason):
    bad = read_tables(case(tmp_path, name)).quarantine
    told = bad.filter(bad["reason"].str.contains(reason, literal=True) & (bad["source"] == "leads"))
    assert sorted(set(told["row_number"])) == rows


@pytest.mark.parametrize(
    ("name", "note"),
    [
        ("encodings/mojibake.yaml", "texts in channel were decoded by a wrong encoding before they were saved"),
        ("csv_quirks/zw.yaml", "invisible characters dropped in: lead_id"),
        ("calls_without_key/case.yaml", "no call_id: the row number is the key"),
        ("asterisk/header.yaml", "calls: Master_h.csv, 6 rows"),
    ],
)  # fmt: skip
def test_what_is_read_in_spite_of_a_doubt_is_said(tmp_path, name, note):
    assert any(note in one for one in read_tables(case(tmp_path, name)).notes)


def test_legs_of_one_call_are_told_and_become_one_by_a_setting(tmp_path):
    bad = read_tables(case(tmp_path / "before", "asterisk/header.yaml")).quarantine
    assert bad.filter(bad["kind"] == "conflict")["row_number"].to_list() == [1, 2]
    found = read_tables(case(tmp_path / "after", "asterisk/header.yaml", calls={"legs": True}))
    assert values(found, "calls", "status")[0] == "answered"
    assert found.counts["calls"].rows_quarantined == 0


def test_rows_that_go_on_with_a_record_are_left_out_as_the_reason_says(tmp_path):
    found = read_tables(case(tmp_path, "odoo/case.yaml", leads={"where": "lead_id IS NOT NULL"}))
    assert (found.counts["leads"].rows_left_out, found.counts["leads"].rows_quarantined) == (2, 0)


def test_a_call_before_creation_is_said(tmp_path):
    with taken_from_files(case(tmp_path, "call_before_creation/case.yaml")) as taken:
        (note,) = early_calls_note(dataset.training_rows(case_config(tmp_path), taken).frame)
    assert "1 of 2 leads were called before they were created, up to 96 hours" in note


def case_config(folder):
    return read_config(folder / "case" / "case.yaml")
