"""The work folder: parts of rows come back one by one as they went in."""

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from pipeline.intake.work_folder import Work

ROWS = pl.DataFrame(
    {
        "lead_id": ["L1", "L2", None, "一个很长的客户编号一个很长的客户编号", "L5"],
        "status": pl.Series(
            ["answered", None, "busy", "busy", "answered"], dtype=pl.Enum(["answered", "busy"])
        ),
        "agent_id": pl.Series(["A", "B", "A", None, "C"], dtype=pl.Categorical()),
        "asked": [True, None, False, True, True],
        "duration_ms": [1, None, 3, 4, 5],
    }
)


@pytest.mark.parametrize("sizes", [[5], [2, 0, 3], [0, 5, 0], [1, 1, 1, 1, 1]])
def test_each_part_is_read_alone_and_as_it_was(tmp_path, sizes):
    work = Work(tmp_path)
    work.keep_parts("rows/calls", pl.concat([ROWS.head(3), ROWS.tail(2)]), sizes)
    start = 0
    for number, size in enumerate(sizes):
        assert_frame_equal(work.find_parts(["rows/calls"], number), ROWS.slice(start, size))
        start += size


def test_parts_of_two_spans_are_put_under_one_another(tmp_path):
    work = Work(tmp_path)
    work.keep_parts("rows/a", ROWS.head(2), [1, 1])
    work.keep_parts("rows/b", ROWS.tail(3), [2, 1])
    found = work.find_parts(["rows/a", "rows/b"], 1)
    assert_frame_equal(found, pl.concat([ROWS[1:2], ROWS[4:5]]))


def test_a_part_is_there_whole_or_not_at_all(tmp_path, monkeypatch):
    """A reader never finds half a part, whenever the writer is stopped."""
    work = Work(tmp_path)
    work.keep("graded/0", ROWS)

    def stopped(_frame, file):
        file.write_bytes(b"ARROW1")
        raise KeyboardInterrupt

    monkeypatch.setattr(pl.DataFrame, "write_ipc", stopped)
    for name in ("graded/0", "graded/1"):
        with pytest.raises(KeyboardInterrupt):
            work.keep(name, ROWS)
    monkeypatch.undo()
    assert_frame_equal(work.find("graded/0"), ROWS)
    assert not work.has("graded/1")
