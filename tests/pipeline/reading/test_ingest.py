"""Reading files: dialects, names, words, numbers and times."""

import gzip
from datetime import UTC, date, datetime

import polars as pl
import pytest
import xlsxwriter
from support.reading import CALLS, LEADS, one_column, read, refusal

from pipeline.errors import ConfigError
from pipeline.privacy import mask, mask_id, mask_text
from pipeline.reading.ingest import describe_reading


def test_a_plain_file_becomes_typed_columns_with_row_numbers(tmp_path):
    raw = read(tmp_path, LEADS)
    assert raw.frame.schema == {
        "row_number": pl.Int64,
        "lead_id": pl.String,
        "created_at": pl.Datetime("us", "UTC"),
    }
    assert raw.frame["row_number"].to_list() == [1, 2]
    assert raw.frame["created_at"].to_list() == [
        datetime(2024, 5, 1, tzinfo=UTC),
        datetime(2024, 5, 1, 16, tzinfo=UTC),
    ]
    assert (raw.rows_in, raw.encoding, raw.delimiter) == (2, "utf-8", ",")
    assert raw.bad_cells.is_empty()


@pytest.mark.parametrize(
    ("encode", "encoding"),
    [
        (lambda t: t.encode(), "utf-8"),
        (lambda t: b"\xef\xbb\xbf" + t.encode(), "utf-8-sig"),
        (lambda t: t.encode("gb18030"), "gb18030"),
        (lambda t: t.replace("\n", "\r\n").encode("gb18030"), "gb18030"),
    ],
)
def test_encodings_are_told_apart(tmp_path, encode, encoding):
    content = encode("线索编号,创建时间,城市\n甲1,2024-05-01,上海市\n乙2,2024-05-02,广州市\n")
    raw = read(
        tmp_path,
        content,
        columns={"lead_id": "线索编号", "created_at": "创建时间", "city": "城市"},
        top={"attributes": {"city": {}}},
    )
    assert raw.encoding == encoding
    assert raw.frame["city"].to_list() == ["上海市", "广州市"]
    assert raw.names["city"] == "城市"


def test_mixed_encodings_are_refused_by_line(tmp_path):
    good, bad = "L1,2024-05-01,上海市浦东新区\n", "L2,2024-05-02,广州市天河区\n"
    header = b"lead_id,created_at,city\n"
    odd = header + good.encode() + bad.encode("gb18030")
    assert "line 3" in refusal(tmp_path, odd)
    even = header + "L1,2024-05-01,上海\n".encode() + bad.encode("gb18030")
    even.decode("gb18030")
    assert "mixes encodings: line 2 is UTF-8 but line 3 is not" in refusal(tmp_path, even)


def test_other_encodings_are_refused_not_guessed(tmp_path):
    western = "lead_id,created_at\nMüller,2024-05-01\n".encode("cp1252")
    western.decode("gb18030")
    assert "set encoding to cp1252 or cp1251 or gb18030, whichever it is" in refusal(tmp_path, western)
    assert "UTF-16 text; set encoding: utf-16" in refusal(tmp_path, LEADS.encode("utf-16"), encoding="utf-8")
    assert "not a text file" in refusal(tmp_path, b"PK\x03\x04junk")
    assert "line 2 is not UTF-8" in refusal(
        tmp_path, "lead_id,created_at\n王,2024".encode("gb18030"), encoding="utf-8"
    )
    assert "not GB18030" in refusal(tmp_path, b"lead_id,created_at\n\xff\xff,2024", encoding="gb18030")


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_delimiters_are_told_by_the_header(tmp_path, delimiter):
    content = f'"lead_id"{delimiter}"created_at"\nL1{delimiter}2024-05-01\n'
    assert read(tmp_path, content).delimiter == delimiter
    assert read(tmp_path, content, delimiter=delimiter).frame["lead_id"].to_list() == ["L1"]


def test_a_wrong_declared_delimiter_is_named(tmp_path):
    message = refusal(tmp_path, LEADS.replace(",", ";"), delimiter=",")
    assert "separated by semicolon" in message
    assert "set delimiter: ';'" in message


def test_semicolons_with_decimal_commas(tmp_path):
    raw = read(
        tmp_path,
        "lead_id;created_at;income\nL1;2024-05-01;1.234,5\nL2;2024-05-01;0,25\nL3;2024-05-01;1,2,3\n",
        decimal=",",
        top={"attributes": {"income": {"kind": "numeric"}}},
    )
    assert raw.frame["income"].to_list() == [1234.5, 0.25, None]
    assert raw.bad_cells.drop("kind").row(0) == (
        "leads",
        3,
        "income",
        "1,2,3",
        "is not a number (decimal mark ',')",
    )


def test_gzip_and_parquet_say_the_same_as_csv(tmp_path):
    plain = read(tmp_path, LEADS).frame
    zipped = read(tmp_path, gzip.compress(LEADS.encode()), path="leads.csv.gz").frame
    typed = pl.DataFrame(
        {"lead_id": ["L1", "L2"], "created_at": [datetime(2024, 5, 1, 8), datetime(2024, 5, 2)]}
    )
    typed.write_parquet(tmp_path / "leads.parquet")
    assert zipped.equals(plain)
    assert read(tmp_path, None, path="leads.parquet").frame.equals(plain)


def test_parquet_types_are_read_without_loss(tmp_path):
    pl.DataFrame(
        {
            "lead_id": [101.0, 102.0],
            "created_at": [date(2024, 5, 1)] * 2,
            "points": [1, None],
            "rate": [0.1, float("nan")],
            "city": pl.Series(["x", "y"], dtype=pl.Categorical),
        }
    ).write_parquet(tmp_path / "leads.parquet")
    attributes = {"points": {"kind": "numeric"}, "rate": {"kind": "numeric"}, "city": {}}
    frame = read(tmp_path, None, path="leads.parquet", decimal=",", top={"attributes": attributes}).frame
    assert frame["lead_id"].to_list() == ["101", "102"]
    assert frame["created_at"][0] == datetime(2024, 4, 30, 16, tzinfo=UTC)
    assert frame["rate"].to_list() == [0.1, None]
    assert frame["points"].to_list() == [1.0, None]
    pl.DataFrame({"lead_id": [["a"]], "created_at": ["2024-05-01"]}).write_parquet(tmp_path / "leads.parquet")
    assert "'lead_id' holds List(String)" in refusal(tmp_path, None, path="leads.parquet")


def write_workbook(path):
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("电话")
        stamp = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        clock = book.add_format({"num_format": "[h]:mm:ss"})
        sheet.write_row(0, 0, ["call_id", "lead_id", "started_at", "duration", "questions", "asked_sms"])
        for row, (questions, length) in enumerate([(3, 75 / 1440), ("twelve", 27 / 24)], start=1):
            sheet.write_row(row, 0, [row, "L1"])
            sheet.write_datetime(row, 2, datetime(2024, 5, 28, 16, 3, row), stamp)
            sheet.write(row, 3, length, clock)
            sheet.write(row, 4, questions)
            sheet.write_boolean(row, 5, True)
        sheet.write_row(5, 0, ["last", "L2", "2024/05/28 16:03"])
        book.add_worksheet("empty")


def test_excel_reads_dates_numbers_and_the_odd_text_cell(tmp_path):
    write_workbook(tmp_path / "calls.xlsx")
    raw = read(tmp_path, None, "calls", path="calls.xlsx", duration_unit="clock")
    assert raw.frame["row_number"].to_list() == [1, 2, 5]
    assert raw.frame["call_id"].to_list() == ["1", "2", "last"]
    assert raw.frame["started_at"].to_list() == [
        datetime(2024, 5, 28, 8, 3, s, tzinfo=UTC) for s in (1, 2, 0)
    ]
    assert raw.frame["duration_ms"].to_list() == [75 * 60_000, 27 * 3_600_000, None]
    assert raw.frame["questions"].to_list() == [3, None, None]
    assert raw.frame["asked_sms"].to_list() == [True, True, None]
    assert raw.bad_cells.drop("kind").row(0) == ("calls", 2, "questions", "twelve", "is not a whole number")
    assert (raw.rows_in, raw.blank_rows) == (3, 2)


def test_excel_sheets_that_are_missing_or_empty(tmp_path):
    write_workbook(tmp_path / "calls.xlsx")
    assert '"电话", "empty"' in refusal(tmp_path, None, "calls", path="calls.xlsx", sheet="nope")
    assert "is empty" in refusal(tmp_path, None, "calls", path="calls.xlsx", sheet="empty")


@pytest.mark.parametrize(
    ("path", "content", "what"),
    [
        ("none.csv", None, "no such file"),
        (".", None, "is a folder"),
        ("leads.csv", "", "is empty"),
        ("leads.csv", " \n\n", "is empty"),
        ("leads.csv", "lead_id,created_at\n", "no rows"),
        ("leads.csv", "lead_id,created_at", "no rows"),
        ("leads.csv", "lead_id,created_at\n,\n\n", "no rows"),
        ("leads.doc", "x", "unknown ending"),
        ("leads.csv.gz", "not gzip", "gzip"),
        ("leads.csv.gz", gzip.compress(LEADS.encode() * 100, mtime=0)[:-20], "gzip"),
        ("leads.parquet", "junk", "cannot be read"),
        ("leads.xlsx", "junk", "is text and no workbook; call it .csv"),
        ("leads.xlsx", b"PK\x03\x04junk", "cannot be read"),
    ],
)
def test_broken_files_are_told_in_one_line(tmp_path, path, content, what):
    message = refusal(tmp_path, content, path=path)
    assert what in message
    assert str(tmp_path) in message


def test_a_missing_column_names_what_there_is_and_the_key_to_set(tmp_path):
    message = refusal(tmp_path, "call_id,lead_id,start\nC1,L1,2024-05-01\n", "calls")
    assert "no column 'started_at' (found: call_id, lead_id, start)" in message
    assert "set sources.calls.columns.started_at" in message
    declared = refusal(tmp_path, f"{CALLS}\nC1,L1,2024-05-01\n", "calls", columns={"status": "结果"})
    assert "no column '结果'" in declared
    attribute = refusal(tmp_path, LEADS, top={"attributes": {"city": {}}})
    assert "sources.leads.columns.city" in attribute


def test_outcome_columns_are_needed_for_training_only(tmp_path):
    label = {"close": "outcome", "column": "won", "closed_at": "won_on"}
    assert "columns.won" in refusal(tmp_path, LEADS, label=label)
    assert read(tmp_path, LEADS, label=label, outcome=False).frame.columns[1:] == ["lead_id", "created_at"]
    content = "lead_id,created_at,won,won_on\nL1,2024-05-01,1,2024-05-03 09:00\nL2,2024-05-01,0,\n"
    frame = read(tmp_path, content, label=label).frame
    assert frame["won"].to_list() == ["1", "0"]
    assert frame["won_on"].to_list() == [datetime(2024, 5, 3, 1, tzinfo=UTC), None]


def test_unknown_names_in_the_configuration_are_told(tmp_path):
    with pytest.raises(
        ConfigError, match=r"sources\.leads\.columns\.create_at: .* did you mean 'created_at'"
    ):
        read(tmp_path, LEADS, columns={"create_at": "x"})
    with pytest.raises(ConfigError, match=r"attributes\.customer_id"):
        read(tmp_path, LEADS, top={"attributes": {"customer_id": {}}})


def test_names_match_without_case_and_extra_columns_are_listed(tmp_path):
    raw = read(tmp_path, "Lead_ID, Created_At ,colour,\nL1,2024-05-01,red,\n")
    assert raw.frame.columns == ["row_number", "lead_id", "created_at"]
    assert raw.ignored_columns == ("colour",)
    assert "ignored columns: colour" in describe_reading("calls", raw.path, [raw.account])
    assert "twice" in refusal(tmp_path, "lead_id,lead_id,created_at\nL1,L1,2024-05-01\n")


def test_ragged_rows_are_kept_as_bad_rows(tmp_path):
    raw = read(tmp_path, "lead_id,created_at\nL1,2024-05-01\nL2\nL3,2024-05-03,x\n\nL4,2024-05-04\n")
    assert raw.rows_in == 4
    assert raw.frame["row_number"].to_list() == [1, 4]
    assert raw.bad_cells.select("row_number", "reason").rows() == [
        (2, "has 1 cells, the header has 2"),
        (3, "has 3 cells, the header has 2"),
    ]


def test_quoted_line_breaks_belong_to_the_cell(tmp_path):
    raw = one_column(tmp_path, "transcript", ["hello,\nis it you?", "no"])
    assert raw.frame["transcript"].to_list() == ["hello,\nis it you?", "no"]
    assert raw.rows_in == 2


@pytest.mark.parametrize("row", ['"C2,L1,2024-05-01', 'C2,L1,"2024-05-01'])
def test_a_quote_that_is_never_closed_swallows_nothing_silently(tmp_path, row):
    content = f"{CALLS}\nC1,L1,2024-05-01\n{row}\nC3,L1,2024-05-01\nC4,L1,2024-05-01\n"
    assert "row 2: a quote is opened and never closed" in refusal(tmp_path, content, "calls")


def test_shipped_words_in_both_languages_and_the_configurations_first(tmp_path):
    words = [
        "已接通",
        "No Answer",
        "用户正忙",
        "关机",
        "停机",
        "空号",
        "不在服务区",
        "语音信箱",
        "总机",
        "传真",
        "转接",
        "",
        "--",
    ]
    raw = one_column(
        tmp_path,
        "status",
        words,
        values={"status": {"转接": "switchboard", "总机": "answered"}},
        null_values=["--"],
    )
    assert raw.frame["status"].to_list() == [
        *(
            "answered",
            "no_answer",
            "busy",
            "powered_off",
            "suspended",
            "empty_number",
            "unreachable",
            "voicemail",
        ),
        *("answered", "fax", "switchboard", None, None),
    ]
    assert one_column(tmp_path, "direction", ["呼入", "OUTBOUND"]).frame["direction"].to_list() == [
        "inbound",
        "outbound",
    ]
    parties = one_column(tmp_path, "hung_up_by", ["客户", "坐席", "机器人", "超时"]).frame["hung_up_by"]
    assert parties.to_list() == ["customer", "agent", "robot", "timeout"]
    assert one_column(tmp_path, "invitation", ["接受", "拒绝"]).frame["invitation"].to_list() == [
        "accepted",
        "declined",
    ]


def test_yes_and_no(tmp_path):
    raw = one_column(
        tmp_path,
        "asked_sms",
        ["是", "否", "Yes", "no", "TRUE", "0", "", "maybe", "J"],
        values={"asked_sms": {"j": "true"}},
    )
    assert raw.frame["asked_sms"].to_list() == [True, False, True, False, True, False, None, None, True]
    assert raw.bad_cells.drop("kind").row(0)[1:] == (
        8,
        "asked_sms",
        "maybe",
        "is not a yes/no word; map it in sources.calls.values.asked_sms",
    )


def test_numbers_as_text(tmp_path):
    raw = one_column(
        tmp_path,
        "questions",
        ["12 ", "12.0", "１２", "1,000", "-3", "12.5", "twelve", "", "99999999999999999999"],
    )
    assert raw.frame["questions"].to_list() == [12, 12, 12, 1000, -3, None, None, None, None]
    assert raw.bad_cells["row_number"].to_list() == [6, 7, 9]


@pytest.mark.parametrize(
    ("unit", "cells", "expected"),
    [
        ("s", ["312", "0.0005", "0.0015", "-5", "x"], [312_000, 0, 2, -5000, None]),
        ("ms", ["312", "0.5", "1.5"], [312, 0, 2]),
        ("min", ["1.5", "0.1", "3.3333333333"], [90_000, 6_000, 200_000]),
        (
            "clock",
            ["0:05:12", "75:30", "1:60:00", "5:12.25", "312"],
            [312_000, 4_530_000, None, 312_250, None],
        ),
    ],
)
def test_durations_become_whole_milliseconds(tmp_path, unit, cells, expected):
    raw = one_column(tmp_path, "duration", cells, duration_unit=unit)
    assert raw.frame["duration_ms"].to_list() == expected
    assert raw.names["duration_ms"] == "duration"


def test_the_contracts_own_unit_is_accepted_and_a_mapped_name_wins(tmp_path):
    assert one_column(tmp_path, "duration_ms", ["312"]).frame["duration_ms"].to_list() == [312]
    content = f"{CALLS},duration_ms,secs\nC1,L1,2024-05-01,7,7\n"
    assert read(tmp_path, content, "calls", columns={"duration": "secs"}).frame["duration_ms"].to_list() == [
        7000
    ]


@pytest.mark.parametrize(
    ("decimal", "cells", "expected"),
    [
        (".", ["1,234.50", "￥12", "CNY 0.125", "1,23", "12元"], [123_450, 1_200, 12, None, 1_200]),
        (",", ["1.234,50", "€ 12", "0,135", "1.23"], [123_450, 1_200, 14, None]),
    ],
)
def test_amounts_become_exact_minor_units(tmp_path, decimal, cells, expected):
    rows = "".join(f'O{i},2024-05-01,"{cell}"\n' for i, cell in enumerate(cells))
    raw = read(tmp_path, f"order_id,ordered_at,amount\n{rows}", "orders", decimal=decimal)
    assert raw.frame["amount_minor"].to_list() == expected


def test_flow_completion_becomes_parts_per_million(tmp_path):
    raw = one_column(tmp_path, "flow_completion", ["0.7", "70%", "７０％", "1", "half"])
    assert raw.frame["flow_completion_ppm"].to_list() == [700_000, 700_000, 700_000, 1_000_000, None]


def test_times_as_people_write_them(tmp_path):
    cells = [
        "2024-05-28 16:03",
        "2024/5/28 16:03",
        "28.05.2024 16:03",
        "2024年5月28日 16:03",
        "2024-05-28T16:03:00",
        "2024-05-28T10:03:00+02:00",
        "2024-05-28T08:03Z",
        "2024-05-28 16:03:00 +08",
    ]
    rows = "".join(f"C{i},L1,{cell}\n" for i, cell in enumerate(cells))
    raw = read(tmp_path, f"{CALLS}\n{rows}", "calls")
    assert raw.frame["started_at"].to_list() == [datetime(2024, 5, 28, 8, 3, tzinfo=UTC)] * len(cells)


def test_declared_formats_come_first_and_epochs_must_be_declared(tmp_path):
    content = f"{CALLS}\nC1,L1,05/06/2024 16:03\n"
    frame = read(tmp_path, content, "calls", time_formats=["%m/%d/%Y %H:%M"]).frame
    assert frame["started_at"].item() == datetime(2024, 5, 6, 8, 3, tzinfo=UTC)
    epoch = f"{CALLS}\nC1,L1,1716880000\n"
    assert read(tmp_path, epoch, "calls", time_formats=["epoch_s"]).frame["started_at"].item() == datetime(
        2024, 5, 28, 7, 6, 40, tzinfo=UTC
    )
    undeclared = read(tmp_path, epoch, "calls").bad_cells.row(0, named=True)
    assert undeclared["value"] == "171*****00"
    assert "sources.calls.time_formats" in undeclared["reason"]


@pytest.mark.parametrize("fmt", ["%-d/%-m/%Y %-I:%M %p", "%d/%m/%Y %r", "%_d/%_m/%Y %_I:%M:%S %p"])
def test_a_declared_format_keeps_the_time_of_day(tmp_path, fmt):
    cell = (
        "5/3/2024 4:07 PM"
        if "-d" in fmt
        else " 5/ 3/2024  4:07:00 PM"
        if "_d" in fmt
        else "05/03/2024 04:07:00 PM"
    )
    frame = read(tmp_path, f"{CALLS}\nC1,L1,{cell}\n", "calls", time_formats=[fmt]).frame
    assert frame["started_at"].item() == datetime(2024, 3, 5, 8, 7, tzinfo=UTC)


def test_bad_times_say_why(tmp_path):
    cells = ["soon", "2024-13-01", "1989-12-31 12:00", "2024-08-01", "2024-05-01"]
    content = f"{CALLS}\n" + "".join(f"C{i},L1,{cell}\n" for i, cell in enumerate(cells))
    reasons = read(tmp_path, content, "calls").bad_cells["reason"].to_list()
    assert [r[:16] for r in reasons] == [
        "is not a date or",
        "is not a date or",
        "is before 1990",
        "is in the future",
    ]
    exported = read(tmp_path, content, "calls", exported_at="2024-04-30 12:00").bad_cells
    assert exported["reason"].to_list()[-1] == "is after the export (2024-04-30 04:00 UTC)"
    assert exported["row_number"].to_list() == [1, 2, 3, 4, 5]


def test_clock_changes(tmp_path):
    cells = ["2024-03-31 02:30", "2023-10-29 02:30", "2023-10-29 02:30+01:00", "2024-03-31 03:30"]
    content = f"{CALLS}\n" + "".join(f"C{i},L1,{cell}\n" for i, cell in enumerate(cells))
    raw = read(tmp_path, content, "calls", timezone="Europe/Amsterdam")
    assert raw.frame["started_at"].to_list() == [
        None,
        datetime(2023, 10, 29, 0, 30, tzinfo=UTC),
        datetime(2023, 10, 29, 1, 30, tzinfo=UTC),
        datetime(2024, 3, 31, 1, 30, tzinfo=UTC),
    ]
    assert raw.bad_cells["reason"].to_list() == ["does not exist in Europe/Amsterdam: clocks went forward"]


def test_attributes_have_their_kinds(tmp_path):
    attributes = {
        "city": {},
        "income": {"kind": "numeric"},
        "born": {"kind": "date"},
        "note": {"kind": "text"},
        "mood": {"known": "dated"},
    }
    content = (
        "lead_id,created_at,city,income,born,note\n"
        'L1,2024-05-01,X,1e3,1960-02-03,"a\nb"\n'
        "L2,2024-05-01,,rich,x,\n"
    )
    raw = read(tmp_path, content, top={"attributes": attributes})
    assert raw.frame.select("city", "income", "note").row(0) == ("X", 1000.0, "a\nb")
    assert raw.frame["born"].to_list() == [datetime(1960, 2, 2, 16, tzinfo=UTC), None]
    assert raw.bad_cells["column"].to_list() == ["income", "born"]


def test_dated_numbers_and_dates_are_written_in_one_way(tmp_path):
    attributes = {
        "income": {"kind": "numeric", "known": "dated"},
        "visit": {"kind": "date", "known": "dated"},
    }
    rows = ["01;income;1.234,5", "02;visit;2024-06-01 08:00", "03;income;rich", "03;mood;1,5"]
    content = "lead_id;known_at;field;value\n" + "".join(f"L1;2024-05-{row}\n" for row in rows)
    raw = read(tmp_path, content, "facts", decimal=",", top={"attributes": attributes})
    assert raw.frame["value"].to_list() == ["1234.5", "2024-06-01T00:00:00Z", None, "1,5"]
    assert raw.bad_cells.drop("kind").row(0)[1:] == (3, "value", "rich", "is not a number (decimal mark ',')")


def test_a_flat_list_needs_no_key_and_no_dates(tmp_path):
    label = {"close": "outcome", "column": "y"}
    raw = read(
        tmp_path,
        "age;y\n56;no\n56;no\n37;yes\n",
        flat=True,
        label=label,
        top={"attributes": {"age": {"kind": "numeric"}}, "grades": {"A": {"at_least": 0.3}}},
    )
    assert raw.frame.columns == ["row_number", "lead_id", "age", "y"]
    assert raw.frame["lead_id"].to_list() == ["1", "2", "3"]
    assert not raw.keyed


def test_a_line_break_in_a_short_column_is_suspicious(tmp_path):
    raw = one_column(tmp_path, "status", ["busy", "answered\nC9,L1"])
    assert raw.bad_cells["reason"].to_list() == ["holds a line break; is a quote not closed?"]


def test_masks():
    assert mask("13800138021") == "138******21"
    assert mask("tel 138 0013 8021.") == "tel 138******21."
    assert mask("2024-05-28 13800138021") == "2024-05-28 138******21"
    assert mask("123456") == "123456"
    assert mask("a.b@example.com") == "a**@example.com"
    assert len(mask("x" * 100)) == 40
    assert mask_id("李雷") == "李**"
    assert mask_id("13800138021") == "138******21"
    assert mask_text("secret words") == "<text, 12 chars>"
