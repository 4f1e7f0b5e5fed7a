"""A sheet is written as it is described: names that Excel takes, headers, formats, colours; text is text."""

from datetime import date, datetime

import openpyxl
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import OutputError
from pipeline.output import EXCEL_ROWS
from pipeline.workbook.sheet import Column, Sheet, sheet_name
from pipeline.workbook.writer import write_workbook

GREEN = "#C6E0B4"


def said(en, zh):
    return lambda to: zh if to == "zh" else en


COLUMNS = (
    Column("lead", said("Lead", "线索"), "code", 20),
    Column("grade", said("Grade", "等级"), fills={"A": GREEN}),
    Column("p", said("Chance", "概率"), "share"),
    Column("due", said("Due", "到期"), "day"),
    Column("at", said("At", "时间"), "moment"),
)
FRAME = pd.DataFrame(
    {
        "lead": ["=1+1", "007", "https://example.com"],
        "grade": ["A", "B", None],
        "p": [0.25, float("nan"), float("inf")],
        "due": [date(2026, 7, 1), None, None],
        "at": [datetime(2026, 7, 1, 9, 30), pd.NaT, pd.NaT],
        "not shown": [1, 2, 3],
    }
)


def written(tmp_path, sheets, language="en"):
    write_workbook(tmp_path / "list.xlsx", sheets, language)
    return openpyxl.load_workbook(tmp_path / "list.xlsx")


@pytest.mark.parametrize(
    ("language", "name", "heads"),
    [
        ("en", "Best", ["Lead", "Grade"]),
        ("zh", "最优", ["线索", "等级"]),
        ("both", "最优 Best", ["线索\nLead", "等级\nGrade"]),
    ],
)
def test_names_and_headers_are_in_the_language_asked_for(tmp_path, language, name, heads):
    book = written(tmp_path, [Sheet(said("Best", "最优"), FRAME, COLUMNS)], language)
    assert book.sheetnames == [name]
    assert [cell.value for cell in book[name][1]][:2] == heads


def test_cells_are_what_they_are(tmp_path):
    page = written(tmp_path, [Sheet(said("Best", "最优"), FRAME, COLUMNS, fixed=2)]).active
    assert page.max_column == len(COLUMNS)
    rows = [[cell.value for cell in row] for row in page.iter_rows(min_row=2)]
    assert rows[0] == ["=1+1", "A", 0.25, datetime(2026, 7, 1), datetime(2026, 7, 1, 9, 30)]
    assert rows[1] == ["007", "B", None, None, None]
    assert rows[2] == ["https://example.com", None, "inf", None, None]
    assert {page.cell(row, 1).data_type for row in (2, 3, 4)} == {"s"}
    assert page["C2"].number_format == "0.0%"
    assert page["D2"].number_format == "yyyy-mm-dd"
    assert page["A3"].number_format == "@"
    assert (page["B2"].fill.fgColor.rgb, page["B3"].fill.fill_type) == ("FF" + GREEN[1:], None)
    assert page.freeze_panes == "C2"
    assert page.auto_filter.ref == "A1:E4"
    assert page.column_dimensions["A"].width == pytest.approx(20, abs=1)


def test_the_same_sheets_give_the_same_bytes(tmp_path):
    sheets = [Sheet(said("Best", "最优"), FRAME, COLUMNS)]
    write_workbook(tmp_path / "one.xlsx", sheets, "zh")
    write_workbook(tmp_path / "two.xlsx", sheets, "zh")
    assert (tmp_path / "one.xlsx").read_bytes() == (tmp_path / "two.xlsx").read_bytes()


def test_a_sheet_too_long_for_excel_is_refused_and_nothing_is_written(tmp_path):
    long = pd.DataFrame({"lead": [""]}).loc[[0] * (EXCEL_ROWS + 1)]
    with pytest.raises(OutputError, match="a sheet of Excel holds 1,048,575 rows, this one has 1,048,576"):
        write_workbook(tmp_path / "list.xlsx", [Sheet(said("All", "全部"), long, COLUMNS[:1])], "en")
    assert not list(tmp_path.iterdir())


def test_agents_with_one_name_get_a_sheet_each(tmp_path):
    names = ["王/芳", "王:芳", "'", "History", "x" * 40, "x" * 40]
    sheets = [Sheet(said(name, name), FRAME, COLUMNS) for name in names]
    assert written(tmp_path, sheets).sheetnames == [
        *("王 芳", "王 芳 2", "-", "History 1", "x" * 31, f"{'x' * 29} 2")
    ]


@given(st.lists(st.text(max_size=40), max_size=6))
def test_a_sheets_name_is_one_that_excel_takes(wanted):
    names = []
    for one in wanted:
        names.append(sheet_name(one, names))
    assert len({name.casefold() for name in names}) == len(names)
    for name in names:
        assert 0 < len(name.encode("utf-16-le")) <= 62
        assert not set(name) & set("[]:*?/\\")
        assert not name.startswith("'")
        assert not name.endswith("'")


def test_a_row_is_as_high_as_its_longest_text_wraps(tmp_path):
    columns = (Column("lead", said("Lead", "线索"), width=10), Column("why", said("Why", "原因"), width=20))
    texts = ["short", "one\ntwo\nthree", "字" * 21, "x" * 30_000]
    frame = pd.DataFrame({"lead": "L", "why": texts})
    page = written(tmp_path, [Sheet(said("Best", "最优"), frame, columns)]).active
    heights = [page.row_dimensions[row].height or 15 for row in range(2, 6)]
    # Twenty letters a line, ten Chinese ones; no row is higher than Excel's highest.
    assert heights == [15, 45, 45, 408]


def test_only_the_columns_up_to_the_one_that_is_named_are_printed(tmp_path):
    page = written(tmp_path, [Sheet(said("Best", "最优"), FRAME, COLUMNS, printed="grade")]).active
    assert page.print_area == "'Best'!$A$1:$B$4"
