"""Files as odd programs write them: carriage returns, line breaks in the header, headers without end."""

import time

import polars as pl
import pytest
from support.reading import CALLS, read, refusal

from pipeline.transcripts.reader import Reader

ROWS = "L1,2024-05-01,one\nL2,2024-05-02,two\n"


@pytest.mark.parametrize("end", ["\r", "\n", "\r\n", "\r\r\n", "\n\r"])
def test_a_file_is_read_alike_whatever_ends_its_lines(tmp_path, end):
    text = f'\nlead_id,created_at,"a ""b"" note"\n{ROWS}'.replace("\n", end)
    raw = read(tmp_path, text, top={"attributes": {"note": {}}}, columns={"note": 'a "b" note'})
    assert raw.frame.select("lead_id", "note").rows() == [("L1", "one"), ("L2", "two")]
    assert raw.bad_cells.is_empty()


@pytest.mark.parametrize("end", ["\r", "\n", "\r\n"])
@pytest.mark.parametrize("column", ["lead_id", "extra"])
@pytest.mark.parametrize("declared", ["auto", ","])
def test_a_line_break_in_a_header_cell_is_a_space(tmp_path, end, column, declared):
    """In an unused column too, and beside the marks that might have been the delimiter."""
    header = "lead_id,created_at,extra".replace(column, f'"what;{end}we | call"')
    names = {"lead_id": "what;\nwe | call"} if column == "lead_id" else {}
    raw = read(tmp_path, f"{header}{end}{ROWS}", delimiter=declared, columns=names)
    assert raw.frame["lead_id"].to_list() == ["L1", "L2"]
    assert raw.ignored_columns == (("extra",) if column == "lead_id" else ("what; we | call",))


def test_a_sign_of_inches_in_the_header_opens_no_quote(tmp_path):
    raw = read(tmp_path, f'lead_id,created_at,5" pipe\n{ROWS}L3,2024-05-03,a 6" one\n')
    assert raw.ignored_columns == ('5" pipe',)
    assert raw.rows_in == 3


def test_a_carriage_return_within_a_cell_splits_no_row(tmp_path):
    names = {"note": {"kind": "text"}}
    text = "lead_id,created_at,note\nL1,2024-05-01,one\rtwo\nL2,2024-05-02,a\rL3,2024-05-03,b\n"
    raw = read(tmp_path, text, top={"attributes": names})
    assert raw.frame["note"].to_list() == ["one two", "a", "b"]
    assert raw.bad_cells.is_empty()


@pytest.mark.parametrize("end", ["\r", "\n", "\r\n"])
def test_turns_are_told_apart_whatever_ends_their_lines(tmp_path, end):
    cell = f'"agent: hello{end}customer: how much"'
    raw = read(tmp_path, f"{CALLS},transcript{end}C1,L1,2024-05-01,{cell}{end}", "calls")
    turns = Reader().read(raw.frame.with_row_index("call").select("call", text=pl.col("transcript"))).turns
    assert turns.select("ours", "said").rows() == [(True, "hello"), (False, "how much")]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            '"lead_id,created_at\n' + ROWS * 50_000,
            "no columns 'lead_id', 'created_at' (found: lead_id,created_at)",
        ),
        ("a," * 5_000_000, "the header has 5,000,001 columns, more than 10,000"),
        ("a" * 10_000_000, "a name of 10,000,000 characters, more than 131,072"),
        ("created_at," + "b" * 200_000 + "\n" + ROWS, "a name of 200,000 characters"),
        ("created_at," + "b," * 5_000 + "\n" + ROWS, "and 4901 more"),
    ],
    ids=range(5),
)
def test_a_header_without_end_is_refused_at_once_and_in_short(tmp_path, text, said):
    began = time.process_time()
    told = refusal(tmp_path, text)
    assert time.process_time() - began < 3.0
    assert said in told
    assert len(told) < 1_000


def test_an_open_quote_in_a_large_files_header_is_looked_for_once(tmp_path):
    began = time.process_time()
    raw = read(tmp_path, 'lead_id,created_at,"open\n' + ROWS * 200_000)
    assert time.process_time() - began < 5.0
    assert raw.rows_in == 400_000


@pytest.mark.parametrize("delimiter", ["，", "§", "\u3000", "ab", ""])
def test_a_delimiter_that_no_file_is_read_by(tmp_path, delimiter):
    with pytest.raises(ValueError, match="one ASCII character"):
        read(tmp_path, ROWS, delimiter=delimiter)
