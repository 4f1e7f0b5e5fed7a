"""Values as real exports write them: read as they were meant, or named as bad cells, never read wrongly."""

from datetime import UTC, datetime

import polars as pl
import pytest
from support.reading import CALLS, one_column, read

LEADS = "lead_id,created_at"


def attribute(tmp_path, cells, kind="numeric", top=None, **source):
    """Read one attribute's cells; the values, and the reasons of those that are none."""
    rows = "".join(f'L{i},2024-05-01,"{cell}"\n' for i, cell in enumerate(cells, 1))
    top = {"attributes": {"field": {"kind": kind}}, **(top or {})}
    raw = read(tmp_path, f"{LEADS},field\n{rows}", top=top, **source)
    reasons = dict(zip(raw.bad_cells["row_number"], raw.bad_cells["reason"], strict=True))
    return raw.frame["field"].to_list(), [reasons.get(i) for i in range(1, len(cells) + 1)]


def amounts(tmp_path, cells, **settings):
    rows = "".join(f'O{i},2024-05-01,"{cell}"\n' for i, cell in enumerate(cells, 1))
    raw = read(tmp_path, f"order_id,ordered_at,amount\n{rows}", "orders", **settings)
    return raw.frame["amount_minor"].to_list(), raw.bad_cells["reason"].to_list()


def local(times):
    return [t and t.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S") for t in times]


@pytest.mark.parametrize(
    ("currency", "cells", "expected"),
    [
        ("CNY", ["12.5万", "30万元", "１２０００", "0.35亿"], [125e3, 300e3, 12e3, 35e6]),
        ("CNY", ["￥500", "8,000.00元", "人民币5,000元", "RMB 7"], [500, 8e3, 5e3, 7]),
        ("CNY", ["1.5千", "3百万", "2萬", "$7元"], [1500, 3e6, 2e4, None]),
        ("INR", ["Rs. 1,25,000.00", "₹2,500", "INR 7", "Rs 12,34,567"], [125e3, 2500, 7, 1_234_567]),
        ("EUR", ["€ 3.500,00", "1.250 €", "12,5", "EUR 7"], [3500, 1250, 12.5, 7]),
        ("CHF", ["CHF 1'234'567.50", "1’000.50", "2 000.25", "12"], [1_234_567.5, 1000.5, 2000.25, 12]),
        ("USD", ["$ 9,500.5", "US$1,000.00", "-$5.5"], [9500.5, 1000, -5.5]),
        ("USD", ["($120.00)", "12-", "−3.5"], [-120, -12, -3.5]),
        ("SEK", ["1 234 567,50 kr", "kr 5,5", "12"], [1_234_567.5, 5.5, 12]),
    ],
)  # fmt: skip
def test_money_in_an_attribute_is_read_as_in_orders(tmp_path, currency, cells, expected):
    values, reasons = attribute(tmp_path, cells, top={"currency": currency})
    assert values == expected
    assert [value is None for value in values] == [reason is not None for reason in reasons]
    minor, _ = amounts(tmp_path, cells, top={"currency": currency})
    assert minor == [value if value is None else round(100 * value) for value in expected]


@pytest.mark.parametrize(
    "cell", ["约20万", "10-20万", "十二万", "12.5k", "1.2.3", "--5", "(5", "5)", "万", "¥", "1万2"]
)
def test_what_is_no_single_number_is_a_bad_cell(tmp_path, cell):
    values, reasons = attribute(tmp_path, [cell, "1"], top={"currency": "CNY"})
    assert values == [None, 1]
    assert "is not a number" in reasons[0]


@pytest.mark.parametrize(
    ("currency", "cells", "good"),
    [
        ("INR", ["Rs. 5", "$ 9,500.00", "USD 100", "7"], [5, None, None, 7]),
        ("CNY", ["¥5", "€ 5", "元 7", "5 円"], [5, None, 7, None]),
        ("USD", ["$5", "HK$5", "5 USD", "£5"], [5, None, 5, None]),
        ("", ["$5", "€5", "7"], [None, None, 7]),
        ("", ["¥5", "CNY 5", "7"], [5, 5, 7]),
    ],
)
def test_another_currency_is_a_bad_cell(tmp_path, currency, cells, good):
    values, reasons = attribute(tmp_path, cells, top={"currency": currency})
    assert values == good
    assert all("another currency" in reason for reason in reasons if reason)
    minor, _ = amounts(tmp_path, cells, top={"currency": currency})
    assert minor == [value and 100 * value for value in good]


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (["1.234", "12"], [None, 12]),
        (["1,234", "12"], [None, 12]),
        (["1.234", "1,234.5"], [1.234, 1234.5]),
        (["1.234", "12,5"], [1234, 12.5]),
        (["1,234", "0.5"], [1234, 0.5]),
        (["1,234", "1,234,567"], [1234, 1_234_567]),
        (["1.234", "1.234.567"], [1234, 1_234_567]),
        # Both in a column: each that tells itself is read, the others are not.
        (["1.234,5", "1,234.5", "1.234"], [1234.5, 1234.5, None]),
        # One slip of the pen among many does not turn the column.
        ([*(f"{n}.25" for n in range(40)), "7,5", "1,234"], [*(n + 0.25 for n in range(40)), None, 1234]),
        (["１,２３４", "1万"], [1234, 10_000]),
    ],
)
def test_a_mark_that_could_be_either_is_told_by_the_column_or_is_a_bad_cell(tmp_path, cells, expected):
    values, reasons = attribute(tmp_path, cells)
    assert values == expected
    if "1.234" in cells and values[cells.index("1.234")] is None:
        assert "sources.leads.decimal to '.' or ','" in reasons[cells.index("1.234")]


def test_a_set_decimal_mark_is_not_argued_with(tmp_path):
    assert attribute(tmp_path, ["1.234", "1,234"], decimal=".")[0] == [1.234, 1234]
    assert attribute(tmp_path, ["1.234", "1,234"], decimal=",")[0] == [1234, 1.234]


def test_per_cents_are_shares_and_do_not_mix_with_plain_numbers(tmp_path):
    values, reasons = attribute(tmp_path, ["70%", "12.5 %", "５％", "0"])
    assert (values, set(reasons)) == ([0.7, 0.125, 0.05, 0], {None})
    values, reasons = attribute(tmp_path, ["70%", "5"])
    assert values == [0.7, None]
    assert "beside per cents" in reasons[1]


@pytest.mark.parametrize("unit", ["s", "ms", "min", "clock"])
def test_durations_that_name_their_units_are_read_in_any_setting(tmp_path, unit):
    cells = [
        "5m 12s", "312s", "00:05:12", "5分12秒", "312秒", "5 min 12 sec", "PT5M12S", "312 s", "5'12''",
        "5 minutes, 12 seconds", "5분 12초", "0h 5m 12s", "5.2 min", "312000 ms", "５分１２秒", "PT312S",
        "5мин 12сек",
    ]  # fmt: skip
    raw = one_column(tmp_path, "duration", cells, duration_unit=unit)
    assert raw.frame["duration_ms"].to_list() == [312_000] * len(cells)
    more = {"1h 2m 3s": 3_723_000, "1小时2分3秒": 3_723_000, "1:02:03": 3_723_000, "PT1H2M3S": 3_723_000}
    raw = one_column(tmp_path, "duration", list(more), duration_unit=unit)
    assert raw.frame["duration_ms"].to_list() == list(more.values())


def test_a_duration_that_does_not_tell_its_unit_follows_the_setting_or_is_bad(tmp_path):
    cells = ["5:12", "45", "1.500 s", "P5M", "PT", "5m12"]
    told = {"s": [None, 45_000], "ms": [None, 45], "min": [None, 2_700_000], "clock": [312_000, None]}
    for unit, expected in told.items():
        raw = one_column(tmp_path, "duration", cells, duration_unit=unit)
        assert raw.frame["duration_ms"].to_list() == [*expected, None, None, None, None]
        assert "set sources.calls.duration_unit" in raw.bad_cells["reason"][0]


def test_parts_of_the_day_are_read(tmp_path):
    told = {
        "2026年3月5日 下午3:05": "07:05:00",
        "2026年3月6日 上午9:30:15": "01:30:15",
        "2026-03-08 下午 12:05": "04:05:00",
        "2026年6月1日 凌晨1:05": "17:05:00",
        "2026年6月2日 晚上8:05": "12:05:00",
        "2026年6月3日 中午12:30": "04:30:00",
        "2026年3月5日下午3点05分": "07:05:00",
        "2026年3月5日 下午3点半": "07:30:00",
        "2026/3/5 3:05 PM": "07:05:00",
        "2026-03-05 12:05 a.m.": "16:05:00",
        "2026-3-5 오후 3:05": "07:05:00",
        "Mar 5, 2026 3:05 PM": "07:05:00",
    }
    values, reasons = attribute(tmp_path, list(told), "date")
    assert reasons == [None] * len(told)
    assert [f"{value:%H:%M:%S}" for value in values] == list(told.values())
    assert {f"{value:%Y}" for value in values} == {"2026"}


@pytest.mark.parametrize(
    "cell", ["2026-03-05 上午15:05", "2026-03-05 晚上12:05", "2026-03-05 中午8:00", "2026-03-05 0:30 PM"]
)
def test_an_hour_outside_its_part_of_the_day_is_a_bad_cell(tmp_path, cell):
    values, reasons = attribute(tmp_path, [cell], "date")
    assert values == [None]
    assert "is not a date or time" in reasons[0]


def test_dates_without_marks_and_times_in_words(tmp_path):
    told = {
        "19970101": "1996-12-31 16:00:00",
        "20260305091205": "2026-03-05 01:12:05",
        "20260305T091205": "2026-03-05 01:12:05",
        "Tue, 31 Mar 2026 21:15:04 +0000": "2026-03-31 21:15:04",
        "2026-03-31 21:16:04 UTC": "2026-03-31 21:16:04",
        "31 Mar 2026": "2026-03-30 16:00:00",
    }
    values, _ = attribute(tmp_path, list(told), "date")
    assert local(values) == list(told.values())


def test_a_year_of_two_digits_is_read_by_a_format_only(tmp_path):
    cells = ["26/03/31", "26-03-31", "26/03/31 15:05", "2026/3/31"]
    values, reasons = attribute(tmp_path, cells, "date")
    assert local(values) == [None, None, None, "2026-03-30 16:00:00"]
    assert "such as ['%y/%m/%d', " in reasons[0]
    values, _ = attribute(tmp_path, cells[:2], "date", time_formats=["%y/%m/%d", "%y-%m-%d"])
    assert local(values) == ["2026-03-30 16:00:00"] * 2
    for fmt, cell in (
        ("%Y-%m-%d", "26-03-05"),
        ("%d/%m/%Y", "05/03/26"),
        ("%Y/%m/%d %H:%M", "26/03/05 15:05"),
    ):
        assert attribute(tmp_path, [cell], "date", time_formats=[fmt])[0] == [None]


def test_the_names_of_zones_are_not_guessed(tmp_path):
    values, reasons = attribute(tmp_path, ["2026-03-31 21:15:04 PDT", "2026-01-31 21:16:04 CST"], "date")
    assert values == [None, None]
    assert "is not a date or time" in reasons[0]


def test_days_since_excels_day_zero_are_read_by_a_named_format_that_the_message_names(tmp_path):
    cells = ["46086.383333333", "46087.75", "46088"]
    _, reasons = attribute(tmp_path, cells, "date")
    assert "sources.leads.time_formats, such as ['excel_serial']" in reasons[0]
    values, _ = attribute(tmp_path, cells, "date", time_formats=["excel_serial"])
    assert local(values) == ["2026-03-05 01:12:00", "2026-03-06 10:00:00", "2026-03-06 16:00:00"]


@pytest.mark.parametrize(
    ("cells", "advice"),
    [
        (["05/06/2026 03:15 PM", "13/06/2026 12:05 AM"], "['%d/%m/%Y %I:%M %p']"),
        (["05/06/2026", "06/06/2026"], "['%d/%m/%Y', '%m/%d/%Y']"),
        (["12/18/2025, 1:59:55 PM"], "['%m/%d/%Y, %I:%M:%S %p']"),
        (["1772701964000"], "['epoch_ms']"),
        (["1772701964"], "['epoch_s']"),
        (["5-Mar-26"], "['%d-%b-%y']"),
    ],
)
def test_times_that_nothing_reads_are_told_with_the_format_that_would(tmp_path, cells, advice):
    _, reasons = attribute(tmp_path, cells, "date")
    assert f"sources.leads.time_formats, such as {advice}" in reasons[0]


@pytest.mark.parametrize(
    ("zone", "day", "first"),
    [
        ("America/Sao_Paulo", "2018-11-04", "2018-11-04 03:00:00"),
        ("America/Santiago", "2022-09-11", "2022-09-11 04:00:00"),
        ("Asia/Beirut", "2023-03-26", "2023-03-25 22:00:00"),
        ("Africa/Cairo", "2024-04-26", "2024-04-25 22:00:00"),
        ("Europe/Amsterdam", "2024-03-31", "2024-03-30 23:00:00"),
    ],
)
def test_a_day_without_midnight_begins_with_its_first_instant(tmp_path, zone, day, first):
    assert local(attribute(tmp_path, [day], "date", timezone=zone)[0]) == [first]


@pytest.mark.parametrize(
    ("zone", "time"),
    [
        ("America/Sao_Paulo", "2018-11-04 00:30"),
        ("Pacific/Apia", "2011-12-30"),
        ("Europe/Amsterdam", "2024-03-31 02:00"),
    ],
)
def test_a_time_or_day_that_never_was_is_a_bad_cell(tmp_path, zone, time):
    values, reasons = attribute(tmp_path, [time], "date", timezone=zone)
    assert values == [None]
    assert "does not exist" in reasons[0]


def test_two_orders_of_day_and_month_are_not_both_believed(tmp_path):
    cells = ["5/6/2026 15:15", "6/6/2026 9:00", "13/06/2026 00:05", "06/13/2026 23:59"]
    formats = ["%m/%d/%Y %H:%M", "%d/%m/%Y %H:%M"]
    values, reasons = attribute(tmp_path, cells, "date", time_formats=formats)
    assert [value is None for value in values] == [True, False, False, False]
    assert "is one day by '%m/%d/%Y %H:%M' and another by '%d/%m/%Y %H:%M'" in reasons[0]


@pytest.mark.parametrize(
    ("fmt", "other"), [("%m/%d/%Y", "%d/%m/%Y"), ("%m-%d-%Y", "%d-%m-%Y"), ("%m.%d.%Y", "%d.%m.%Y")]
)
def test_an_order_of_day_and_month_that_the_column_denies_reads_nothing_in_silence(tmp_path, fmt, other):
    mark = fmt[2]
    cells = [f"05{mark}06{mark}2026", f"06{mark}06{mark}2026", f"01{mark}12{mark}2026"]
    denial = f"13{mark}06{mark}2026"
    assert all(attribute(tmp_path, cells, "date", time_formats=[fmt])[0])
    values, reasons = attribute(tmp_path, [*cells, denial], "date", time_formats=[fmt])
    # A date with dots and the day first needs no format.
    assert [value is None for value in values] == [True, False, True, fmt[2] != "."]
    assert f"1 of the column's dates read only as {other!r}" in reasons[0]


def test_one_slip_among_many_dates_denies_nothing(tmp_path):
    good = [f"{month:02}/{day:02}/2026" for month in range(1, 13) for day in range(13, 28)]
    values, _ = attribute(tmp_path, [*good, "05/06/2026", "13/06/2026"], "date", time_formats=["%m/%d/%Y"])
    assert [value is None for value in values[-2:]] == [False, True]


@pytest.mark.parametrize("formats", [["%d/%m/%Y %H:%M"], []])
def test_dates_half_converted_by_a_spreadsheet_are_named(tmp_path, formats):
    cells = ["2026-05-06 15:15:00", "2026-06-06 09:00:00", "13/06/2026 00:05", "14/06/2026 23:59"]
    values, reasons = attribute(tmp_path, cells, "date", time_formats=formats)
    assert values[0] is None
    assert "converted date beside dates as text" in reasons[0]
    # Dates with a day above 12 were not swapped: nothing tells that the others were.
    good = [*cells, "2026-05-20 10:00:00"]
    assert attribute(tmp_path, good, "date", time_formats=formats)[0][0] is not None


@pytest.mark.parametrize(
    "cell", ["1.23457E+18", "1.61E13", "1.6147805824397E13", "5E+11", "1.23457e+18", "12345678901234567.0"]
)
def test_an_id_that_lost_digits_is_a_bad_cell(tmp_path, cell):
    raw = read(tmp_path, f"{LEADS}\n{cell},2024-05-01\nL2,2024-05-01\n")
    assert raw.frame["lead_id"].to_list() == [None, "L2"]
    assert "digits of the id are lost: format the column as text" in raw.bad_cells["reason"].item()


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ('"=""00123"""', "00123"),
        ("'00124", "00124"),
        ("00125", "00125"),
        ("1234567890123456789", "1234567890123456789"),
        ("12E10", "12E10"),
        ("1E5", "1E5"),
        ("２０２３", "2023"),
        ("L\u200b1", "L1"),
        ("\ufeffL1", "L1"),
        ("5e3f", "5e3f"),
        ("O'Neil", "O'Neil"),
        ("v1.0", "v1.0"),
    ],
)
def test_an_id_that_lost_nothing_is_itself(tmp_path, cell, expected):
    raw = read(tmp_path, f"{LEADS}\n{cell},2024-05-01\nL2,2024-05-01\n")
    assert raw.bad_cells.is_empty()
    assert raw.frame["lead_id"][0] == expected


def test_ids_that_a_program_wrote_as_numbers_with_a_point_are_whole(tmp_path):
    content = f"{CALLS}\n1.0,7.0,2024-05-01\n2.0,8.0,2024-05-01\n"
    assert read(tmp_path, content, "calls").frame["lead_id"].to_list() == ["7", "8"]
    mixed = f"{CALLS}\n1.0,7.0,2024-05-01\n2.1,8,2024-05-01\n"
    assert read(tmp_path, mixed, "calls").frame["lead_id"].to_list() == ["7.0", "8"]


def test_ids_kept_as_floating_numbers_lose_digits_beyond_fifteen(tmp_path):
    ids = pl.Series([1234567890123456789.0, 16147805824397.0])
    pl.DataFrame({"lead_id": ids, "created_at": [datetime(2024, 5, 1)] * 2}).write_parquet(
        tmp_path / "leads.parquet"
    )
    raw = read(tmp_path, None, path="leads.parquet")
    assert raw.frame["lead_id"].to_list() == [None, "16147805824397"]
    assert "digits of the id are lost" in raw.bad_cells["reason"].item()


@pytest.mark.parametrize("kind", ["numeric", "categorical", "date"])
@pytest.mark.parametrize("error", ["#N/A", "#REF!", "#DIV/0!", "#VALUE!", "#NAME?", "########"])
def test_a_spreadsheets_error_is_a_bad_cell_in_every_kind_of_column(tmp_path, kind, error):
    good = {"numeric": "5", "categorical": "Web", "date": "2024-05-01"}[kind]
    values, reasons = attribute(tmp_path, [error, good], kind)
    assert values[0] is None
    assert values[1] is not None
    assert "is a spreadsheet's error" in reasons[0]
    assert attribute(tmp_path, [error, good], kind, null_values=[error])[1] == [None, None]


def test_a_formula_is_no_value_and_a_text_that_begins_like_one_is_itself(tmp_path):
    for kind in ("numeric", "date"):
        values, reasons = attribute(tmp_path, ["=B2*2", ""], kind)
        assert (values, reasons[1]) == ([None, None], None)
        assert "is not a" in reasons[0]
    assert attribute(tmp_path, ["=B2*2", "#1"], "categorical") == (["=B2*2", "#1"], [None, None])


def test_what_odoo_writes_for_empty_is_missing_but_in_columns_of_yes_and_no(tmp_path):
    assert attribute(tmp_path, ["1500.0", "False"]) == ([1500.0, None], [None, None])
    assert attribute(tmp_path, ["2024-05-01", "False"], "date")[0][1] is None
    assert attribute(tmp_path, ["Web", "False"], "categorical") == (["Web", None], [None, None])
    assert attribute(tmp_path, ["True", "False"], "categorical")[0] == ["True", "False"]
    assert attribute(tmp_path, ["False", "False"], "categorical")[0] == ["False", "False"]
    assert one_column(tmp_path, "asked_wechat", ["False", "True"]).frame["asked_wechat"].to_list() == [
        False,
        True,
    ]


def test_yes_and_no_in_the_usual_languages(tmp_path):
    yes = ["是", "yes", "Ja", "oui", "Sí", "sim", "да", "はい", "예", "tak", "1", "1.0", "✓", "TRUE", "真"]
    no = [
        "否",
        "no",
        "Nein",
        "non",
        "não",
        "нет",
        "いいえ",
        "아니오",
        "nie",
        "0",
        "0.0",
        "×",
        "FALSE",
        "假",
        "nee",
    ]
    raw = one_column(tmp_path, "asked_wechat", [*yes, *no])
    assert raw.bad_cells.is_empty()
    assert raw.frame["asked_wechat"].to_list() == [True] * len(yes) + [False] * len(no)
