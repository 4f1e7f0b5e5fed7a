"""More members of each kind of value, in one table: what a cell is read as, or by which words refused."""

from collections import Counter
from datetime import UTC, datetime

import pytest
from support.reading import read, refusal

# Of each column: its name, the rows around its cell, and how the table is called.
COLUMNS = {
    "number": ("leads", "lead_id,created_at,field\nL1,2024-05-01,{}\n", "field"),
    "word": ("leads", "lead_id,created_at,field\nL1,2024-05-01,{}\n", "field"),
    "id": ("leads", "lead_id,created_at\n{},2024-05-01\n", "lead_id"),
    "money": ("orders", "order_id,lead_id,ordered_at,amount\nO1,L1,2024-05-01,{}\n", "amount_minor"),
    "duration": ("calls", "call_id,lead_id,started_at,duration\nC1,L1,2024-05-01,{}\n", "duration_ms"),
    "time": ("calls", "call_id,lead_id,started_at\nC1,L1,{}\n", "started_at"),
    "yes_no": ("calls", "call_id,lead_id,started_at,asked_sms\nC1,L1,2024-05-01,{}\n", "asked_sms"),
}
NO_NUMBER, NO_MONEY, NO_TIME = "is not a number", "is not an amount of money", "is not a date or time"
ERROR, LOST = "is a spreadsheet's error", "digits of the id are lost"
NO_DURATION, NO_WORD = "is not a duration", "is not a yes/no word"

# Kind, column, currency or time format, and its cells: what each is read as, or why it is not.
TABLE = [
    (
        *("half days", "time", ""),
        {
            "2024年5月5日下午3时5分": "2024-05-05 15:05",
            "2024年5月5日星期日 上午9:05": "2024-05-05 09:05",
            "2024/5/5 午後3:05": "2024-05-05 15:05",
            "2024. 5. 5. 오후 3:05": "2024-05-05 15:05",
            "2024-05-05 傍晚6:10": "2024-05-05 18:10",
            "2024-05-05 晚上12:10": NO_TIME,
            "2024-05-05 半夜2:10": NO_TIME,
        },
    ),
    (
        *("powers", "number", ""),
        {"3千万": 3e7, "0.5億": 5e7, "３．５万": 35e3, "2w": NO_NUMBER, "12万5千": NO_NUMBER},
    ),
    (
        *("money", "money", "CNY"),
        {
            "CN¥500": 50000,
            "500元整": 50000,
            "￥500.-": 50000,
            "-￥500": -50000,
            "（500）": -50000,
            "500元/月": NO_MONEY,
            "NT$500": "another currency",
        },
    ),
    (
        *("money", "money", "CHF"),
        {"CHF 1234.-": 123400, "1234.— CHF": 123400, "12.50-": -1250, "CHF 1'234.50": 123450},
    ),
    ("money", "money", "EUR", {"1234,- €": 123400, "1\u202f234,56 €": 123456, "500,00-": -50000}),
    ("money", "money", "INR", {"Rs 500/-": 50000, "₹1,25,000/-": 12500000, "5 lakh": NO_MONEY}),
    (
        *("units that are no currency", "number", ""),
        {"70pct": NO_NUMBER, "30min": NO_NUMBER, "5 pcs": NO_NUMBER, "12 yrs": NO_NUMBER, "USD 5": 5.0},
    ),
    (
        *("per cent", "number", ""),
        {"70 %": 0.7, "70％": 0.7, "-5%": -0.05, "百分之七十": NO_NUMBER, "5‰": NO_NUMBER, "%70": NO_NUMBER},
    ),
    (
        *("durations", "duration", ""),
        {
            "2'30\"": 150_000,
            "1 Std. 5 Min.": 3_900_000,
            "1時間2分": 3_720_000,
            "3 mins 2 secs": 182_000,
            "1d 2h": 93_600_000,
            "-5s": NO_DURATION,
            "1h30": NO_DURATION,
            "1分半": NO_DURATION,
        },
    ),
    (
        *("ISO durations", "duration", ""),
        {
            "P0Y0M0DT0H5M12S": 312_000,
            "P0DT1H2M": 3_720_000,
            "PT5,5S": 5_500,
            "P1M": NO_DURATION,
            "-PT5M": NO_DURATION,
            "PT": NO_DURATION,
            "PT5M12": NO_DURATION,
        },
    ),
    (
        *("serial days", "time", "excel_serial"),
        {"45356,38": "2024-03-05 09:07", "45000.5": "2023-03-15 12:00", "60": NO_TIME, "-5": NO_TIME},
    ),
    (
        *("compact dates", "time", ""),
        {
            "20240305151203": "2024-03-05 15:12",
            "20240305 151203": "2024-03-05 15:12",
            "20241305": NO_TIME,
            "240305": NO_TIME,
            "2024-W10-2": NO_TIME,
            "202403051512": NO_TIME,
        },
    ),
    (
        *("yes and no", "yes_no", ""),
        {
            "是的": True,
            "☑": True,
            "☐": False,
            "✅": True,
            "❌": False,
            "evet": True,
            "不要": NO_WORD,
            "x": NO_WORD,
            "on": NO_WORD,
        },
    ),
    (
        *("zones", "time", ""),
        {
            "2024-05-05T10:00:00−08:00": "2024-05-06 02:00",
            "2024-05-05 10:00+0530": "2024-05-05 12:30",
            "2024-05-05 10:00 GMT": "2024-05-05 18:00",
            "2024-05-05 10:00 CST": NO_TIME,
            "2024-05-05 10:00 北京时间": NO_TIME,
        },
    ),
    (
        *("years of two digits", "time", ""),
        {"05-May-24": NO_TIME, "24年5月5日": NO_TIME, "5.5.24": NO_TIME, "0024-05-05": NO_TIME},
    ),
    *(
        (
            *("errors of spreadsheets", column, ""),
            dict.fromkeys(["#WERT!", "#¡VALOR!", "#Н/Д", "#NV", "#BLOCKED!", "#BAŞV!", "Err:502"], ERROR),
        )
        for column in ("word", "number", "time")
    ),
    ("words that only begin so", "word", "", {"#1": "#1", "#NVidia": "#NVidia", "Err: 5": "Err: 5"}),
    (
        *("ids that lost digits", "id", ""),
        {"1,23457E+18": LOST, "1,61e13": LOST, "１.２E+10": LOST, "1.23457E+018": LOST, "12E3": "12E3"},
    ),
    (
        *("signs that nobody sees", "id", ""),
        {"L\u061c1": "L1", "\u180eL1": "L1", "\u2068L1\u2069": "L1", "L1\u3000": "L1", "L\u20601": "L1"},
    ),
    (
        *("signs that nobody sees", "time", ""),
        {"2024-05-05\u202f03:05 PM": "2024-05-05 15:05", "\u200e2024-05-05\u300010:00": "2024-05-05 10:00"},
    ),
]  # fmt: skip


def told(folder, column, setting, cell):
    """What a cell alone in its column is read as, times as clocks in Shanghai show them, or why it is not."""
    table, rows, name = COLUMNS[column]
    kinds = {"number": "numeric", "word": "categorical"}
    top = {"attributes": {"field": {"kind": kinds[column]}}} if column in kinds else {}
    top |= {"currency": setting} if column == "money" else {}
    source = {"time_formats": [setting]} if column == "time" and setting else {}
    quoted = '"' + cell.replace('"', '""') + '"'
    raw = read(folder, rows.format(quoted), table, top=top, **source)
    if raw.bad_cells.height:
        return raw.bad_cells["reason"].item()
    value = raw.frame[name].item()
    if not isinstance(value, datetime):
        return value
    return f"{value.astimezone(UTC).replace(tzinfo=None) + EIGHT_HOURS:%Y-%m-%d %H:%M}"


EIGHT_HOURS = datetime(2024, 1, 1, 8) - datetime(2024, 1, 1)


@pytest.mark.parametrize(
    ("kind", "column", "setting", "cells"), TABLE, ids=[f"{kind} in {column}" for kind, column, *_ in TABLE]
)
def test_each_is_read_as_it_is_meant_or_refused_by_name(tmp_path, kind, column, setting, cells):
    found = {cell: told(tmp_path, column, setting, cell) for cell in cells}
    wrong = {
        cell: (found[cell], expected)
        for cell, expected in cells.items()
        if not (found[cell] == expected or (isinstance(expected, str) and expected in str(found[cell])))
    }
    assert not wrong


def test_there_are_three_of_each_kind_at_least():
    counted = Counter()
    for kind, _, _, cells in TABLE:
        counted[kind] += len(cells)
    assert min(counted.values()) >= 3


@pytest.mark.parametrize(
    ("encoding", "declared", "why"),
    [
        ("iso2022_jp", "auto", "is ISO-2022 text"),
        ("iso2022_jp", "shift_jis", "is ISO-2022 text"),
        ("iso2022_kr", "auto", "is ISO-2022 text"),
        ("utf-8", "cp1252", "is not CP1252; set encoding to"),
        ("euc_jp", "utf-8", "is not UTF-8; set encoding to"),
        ("gb18030", "utf-16", "is not UTF-16"),
    ],
)
def test_encodings_that_are_refused_by_name(tmp_path, encoding, declared, why):
    words = "안녕" if encoding.endswith("kr") else "山田、今日"
    content = f"lead_id,created_at,field\nL1,2024-05-01,{words}\n".encode(encoding)
    assert why in refusal(tmp_path, content, encoding=declared)


@pytest.mark.parametrize(
    ("encoding", "declared"),
    [("utf-16-be", "auto"), ("utf-16-le", "utf-16"), ("utf-8-sig", "auto"), ("cp932", "shift_jis")],
)
def test_encodings_that_are_read(tmp_path, encoding, declared):
    content = "lead_id,created_at,field\r\nL1,2024-05-01,山田 – 5\r\n".replace("–", "-").encode(encoding)
    top = {"attributes": {"field": {}}}
    assert read(tmp_path, content, encoding=declared, top=top).frame["field"].item() == "山田 - 5"
