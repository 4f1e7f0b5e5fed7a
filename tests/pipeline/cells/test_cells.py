"""Columns of cells that repeat are read by their different words, and mean the same."""

import polars as pl
import pytest

from pipeline.cells.cells import _SAMPLE, Reading, read_cells
from pipeline.config.data import Source

KIND = pl.Enum(["answered", "busy"])


def reading(coded=None, **source):
    return Reading("sources.calls", "status", "word", Source(path="calls.csv", **source), "UTC", coded=coded)


def repeated(word, then):
    return pl.Series([word] * (_SAMPLE + 1) + then)


def test_a_word_that_comes_late_is_read_like_the_others():
    cells = repeated("接通", ["占线", " ", None, "占线 "])
    values, problems = read_cells(cells, reading(values={"status": {"接通": "answered", "占线": "busy"}}))
    assert problems is None
    assert values.tail(5).to_list() == ["answered", "busy", None, None, "busy"]
    assert values.head(_SAMPLE).unique().to_list() == ["answered"]


def test_a_broken_word_is_told_in_its_row_alone():
    values, problems = read_cells(repeated("busy", ["a\nb"]), reading())
    assert problems.is_not_null().arg_true().to_list() == [_SAMPLE + 1]
    assert values.null_count() == 0


@pytest.mark.parametrize(("last", "dtype"), [("answered", KIND), ("engaged", pl.String), (None, KIND)])
def test_words_are_coded_only_where_all_of_them_can_be(last, dtype):
    values, _ = read_cells(repeated("busy", [last]), reading(coded=KIND))
    assert values.dtype == dtype
    assert values.cast(pl.String).tail(2).to_list() == ["busy", last]
