"""Text files in parts: the same rows, numbers and faults as at once, wherever a part or a block ends."""

import gzip

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from pipeline.config.data import Source
from pipeline.errors import SourceError
from pipeline.files import source_file, text_parts
from pipeline.files.dialect import read_header
from pipeline.files.source_file import read_file
from pipeline.files.text_parts import cut

COLUMNS = ["lead_id", "note", "age"]
SOURCE = Source(path="x.csv")
QUICK = settings(max_examples=100, deadline=None, derandomize=True)

TEXT = (
    'lead_id,note,age\r\nL1,"two\nlines, and ""quotes""",5\r\nL2,5" nails,6\nL3,too,many,cells\n'
    ",,\n\nL4,客户说好,7\n"
    'L5,"",8\nL6,"a\r\nb",9\nL7,\'x\'"y",10\nL8,few\nL9, "spaced",11\n'
)


def whole(path, source=SOURCE):
    return read_file(path, source, COLUMNS, ["lead_id"])


def parts(path, size, source=SOURCE):
    """The parts put together again."""
    read = [
        read_file(path, source, COLUMNS, ["lead_id"], part=part)
        for part in source_file.text_parts(path, source, COLUMNS, ["lead_id"], size)
    ]
    return read, pl.concat(one.cells for one in read), pl.concat(one.ragged for one in read)


def check(path, size, source=SOURCE):
    once = whole(path, source)
    read, cells, ragged = parts(path, size, source)
    assert_frame_equal(cells, once.cells)
    assert_frame_equal(ragged, once.ragged)
    assert sum(one.blank_rows for one in read) == once.blank_rows
    assert {one.encoding for one in read} == {once.encoding}
    assert {one.header for one in read} == {once.header}
    return len(read)


@pytest.mark.parametrize("size", [1, 10, 25, 40, 70, 10_000])
@pytest.mark.parametrize("block", [1 << 24, 64])
@pytest.mark.parametrize("ending", ["csv", "csv.gz"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_rows_numbers_and_faults_are_as_at_once(tmp_path, monkeypatch, size, block, ending, encoding):
    monkeypatch.setattr(text_parts, "_BLOCK", block)
    path = tmp_path / f"x.{ending}"
    data = TEXT.encode(encoding)
    path.write_bytes(gzip.compress(data) if ending == "csv.gz" else data)
    n_parts = check(path, size)
    assert (n_parts == 1) == (size == 10_000)
    assert whole(path).ragged["row_number"].to_list() == [3, 9]
    assert whole(path).cells["row_number"].to_list() == [1, 2, 5, 6, 7, 8, 10]
    if encoding == "gb18030":
        check(path, size, SOURCE.model_copy(update={"encoding": "gb18030"}))


cells = st.text('ab," \n\r\t客', max_size=6)
plain = st.sampled_from(
    ["a", "", '5"', '"', '""', '"a"', '"a\nb"', ' "', 'x"y"', '"a"b', '"a,b"', '"""', "客"]
)


@QUICK
@given(
    rows=st.lists(st.lists(plain, min_size=1, max_size=4), min_size=1, max_size=12),
    size=st.integers(1, 60),
    block=st.integers(20, 80),
)
def test_cutting_never_changes_what_is_read(tmp_path_factory, rows, size, block):
    path = tmp_path_factory.mktemp("cut") / "x.csv"
    path.write_text("lead_id,note,age\n" + "\n".join(map(",".join, rows)) + "\n", "utf-8", newline="")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(text_parts, "_BLOCK", block)
        try:
            once = whole(path)
        except SourceError as error:
            if "never closed" in str(error):
                with pytest.raises(SourceError, match="never closed"):
                    parts(path, size)
            return
        _, cells, ragged = parts(path, size)
    assert_frame_equal(cells, once.cells)
    assert_frame_equal(ragged, once.ragged)


@QUICK
@given(
    rows=st.lists(st.lists(cells, min_size=3, max_size=3), min_size=1, max_size=10), size=st.integers(1, 80)
)
def test_quoted_cells_are_never_torn(rows, size):
    quoted = "".join(
        ",".join(f'"{cell.replace(chr(34), chr(34) * 2)}"' for cell in row) + "\n" for row in rows
    )
    text = ("lead_id,note,age\n" + quoted).encode()
    header = read_header(text, ",", COLUMNS, [])
    found = list(cut([text], header, size))
    assert b"".join(part[header.end :] for part in found) == text[header.end :]
    assert all(part.startswith(text[: header.end]) for part in found)
    assert all(part.count(b'"') % 2 == 0 for part in found)
    assert len(found) >= min(len(rows), len(quoted.encode()) // max(size, 500))


def test_a_quote_that_is_never_closed_is_told_with_its_row(tmp_path):
    path = tmp_path / "x.csv"
    path.write_text("lead_id,note,age\n" + "L1,a,1\n" * 50 + 'L2,"open,2\n' + "L3,b,3\n" * 50)
    for read in (whole, lambda path: parts(path, 60)):
        with pytest.raises(SourceError, match="a quote is opened and never closed"):
            read(path)


def test_what_is_no_text_or_mixed_is_refused_as_at_once(tmp_path):
    path = tmp_path / "x.csv"
    for data in (b"\xff\xfea\x00", b"PK\x03\x04..", "客户\n".encode() + "客户说好\n".encode("gb18030")):
        path.write_bytes(b"lead_id,note,age\n" + data if data[:1] == b"\xe5" else data)
        with pytest.raises(SourceError) as once:
            whole(path)
        with pytest.raises(SourceError) as apart:
            parts(path, 5)
        assert str(once.value) == str(apart.value)


def test_a_workbook_beyond_the_bound_is_refused(tmp_path, monkeypatch):
    pl.DataFrame({"lead_id": ["L1"]}).write_excel(tmp_path / "x.xlsx")
    monkeypatch.setattr(source_file, "MOST_EXCEL_BYTES", 1000)
    with pytest.raises(SourceError, match=r"read whole, and only up to .* save it as \.csv or \.parquet"):
        whole(tmp_path / "x.xlsx")
