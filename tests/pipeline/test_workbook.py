"""A graded workbook holds what the list says: text stays text, and what does not fit is told."""

import fastexcel
import openpyxl
import pandas as pd
import pytest
from support.command import leadgrade

from pipeline.output import EXCEL_CHARACTERS, write_table

ALIVE = [
    "=1+1",
    '=HYPERLINK("http://example.com","call")',
    "{=SUM(1)}",
    "mailto:a@example.com",
    "internal:Sheet1!A1",
    "external:other.xlsx",
    "file:///etc/hosts",
    "ftp://example.com",
    f"https://example.com/{'x' * 3000}",
]
PLAIN = ["+1", "-1", "@SUM(1)", "007", "1e5", "nan", "TRUE", "#N/A", "'quoted", " blank ", "_x0041_"]
PLAIN += ["一\n二\t三"]


def sheet_of(frame, path):
    write_table(frame, path)
    return openpyxl.load_workbook(path).active


@pytest.mark.parametrize("dtype", ["str", "object", "category"])
def test_text_stays_the_text_that_it_is(tmp_path, dtype):
    texts = ALIVE + PLAIN
    sheet = sheet_of(pd.DataFrame({"=1+1": pd.Series(texts, dtype=dtype)}), tmp_path / "graded.xlsx")
    cells = [row[0] for row in sheet.iter_rows()]
    assert [cell.value for cell in cells] == ["=1+1", *texts]
    assert {cell.data_type for cell in cells} == {"s"}
    assert not any(cell.hyperlink for cell in cells)


def test_control_characters_break_nothing_and_are_read_back(tmp_path):
    texts = ["".join(map(chr, range(32))), "a\x00b"]
    write_table(pd.DataFrame({"note": texts}), tmp_path / "graded.xlsx")
    assert openpyxl.load_workbook(tmp_path / "graded.xlsx").active.max_row == 3
    assert fastexcel.read_excel(tmp_path / "graded.xlsx").load_sheet(0).to_polars()["note"].to_list() == texts


@pytest.mark.parametrize("character", ["x", "一", "😀"])
def test_a_text_too_long_for_a_cell_is_cut_and_told(tmp_path, capsys, character):
    units = len(character.encode("utf-16-le")) // 2
    fits, long = character * (EXCEL_CHARACTERS // units), character * (EXCEL_CHARACTERS // units + 1)
    notes = [fits, long, None, long]
    frame = pd.DataFrame({"note": notes, "channel": ["web"] * 4})
    sheet = sheet_of(frame, tmp_path / "graded.xlsx")
    assert [sheet.cell(row, 1).value for row in range(2, 6)] == [fits, fits, None, fits]
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("column note: texts cut after 32,767 characters")
    assert "Excel holds: 2;" in line
    write_table(frame, tmp_path / "graded.csv")
    assert capsys.readouterr().err == ""
    assert pd.read_csv(tmp_path / "graded.csv")["note"].dropna().tolist() == [fits, long, long]


def test_numbers_truths_and_instants_stay_what_they_are(tmp_path):
    frame = pd.DataFrame(
        {
            "p": [0.25, float("nan"), float("inf")],
            "closes": pd.array([3, None, 2**40], dtype="Int64"),
            "known": pd.array([True, None, False], dtype="boolean"),
            "as_of": pd.to_datetime(["2026-07-01T10:00+08:00"] * 3).tz_convert("Asia/Shanghai"),
        }
    )
    rows = list(sheet_of(frame, tmp_path / "graded.xlsx").iter_rows(min_row=2, values_only=True))
    ten = pd.Timestamp("2026-07-01 10:00").to_pydatetime()
    assert rows == [(0.25, 3, True, ten), (None, None, None, ten), ("inf", 2**40, False, ten)]


def test_what_a_lead_says_of_itself_is_no_formula_in_the_graded_list(team):
    leads = pd.read_csv(team.path("data/leads.csv"), dtype=str)
    # Of customers and calls that nobody knows: open at the export.
    named = leads.tail(len(ALIVE)).assign(
        lead_id=ALIVE, customer_id=None, created_at="2026-06-20", customer_status="=2+2"
    )
    named.to_csv(team.path("list.csv"), index=False)
    team.configure("", "\nworkbook: {shown: [customer_status], language: en}\n")
    out = team.path("graded.xlsx")
    answer = leadgrade("score", team.config_path, "--leads", team.path("list.csv"), "--out", out)
    assert (answer.code, answer.errors) == (0, [])
    book = openpyxl.load_workbook(out)
    for sheet in book:
        assert not any(cell.data_type == "f" or cell.hyperlink for row in sheet.iter_rows() for cell in row)
    sheet = book["All leads"]
    header = [cell.value for cell in sheet[1]]
    place = header.index("Lead") + 1
    assert sorted(sheet.cell(row, place).value for row in range(2, sheet.max_row + 1)) == sorted(ALIVE)
    assert sheet.cell(2, header.index("customer_status") + 1).value == "=2+2"
