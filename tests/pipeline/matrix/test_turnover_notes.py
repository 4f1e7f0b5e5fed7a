"""Columns that turn over by nature are named, with what to declare in their place."""

import polars as pl
import pytest

from features.feature import Feature
from pipeline.matrix.dataset import Rows
from pipeline.matrix.turnover_notes import turnover_notes

CAMPAIGNS = [f"campaign {i // 50}" for i in range(500)]
DAYS = [f"2026-{1 + i // 28 % 12:02d}-{1 + i % 28:02d}" for i in range(300)]


def rows_of(**columns):
    features = tuple(
        Feature(name, "leads", name, "last", "", name, name, kind="category") for name in columns
    )
    return Rows(pl.DataFrame(columns), features, ("outcome",))


@pytest.mark.parametrize(
    ("values", "advice"),
    [
        (CAMPAIGNS, "names that come and go"),
        (DAYS, "they look like dates: declare it with kind: date"),
        ([f"please call {i}" for i in range(300)], "free text: declare it with kind: text, or leave it out"),
    ],
)
def test_it_is_named_with_what_it_may_be(values, advice):
    (note,) = turnover_notes(rows_of(source=values, channel=(["web", "fair"] * 250)[: len(values)]))
    assert note.startswith("source turns over: ")
    assert "values that do not last count as one" in note
    assert note.endswith(f"({advice})")


def test_columns_that_stay_and_empty_ones_are_not():
    assert turnover_notes(rows_of(channel=["web", "fair"] * 250, nothing=[None] * 500)) == ()
