"""Whether outcomes were recorded from the first cohort on."""

from datetime import UTC, datetime

import polars as pl
import pytest

from pipeline.config.config import Config, LabelSettings, Source
from pipeline.matrix.dataset import Rows
from pipeline.outcomes.first_cohorts import first_cohorts_note

CONFIG = Config(name="x", sources={"leads": Source(path="l.csv")}, label=LabelSettings(close="first_order"))


def noted(closes, rows=100):
    """What is said of months, each with so many rows of which so many close."""
    frame = pl.DataFrame(
        [
            (datetime(2025, month, 1, tzinfo=UTC), int(row < closed))
            for month, closed in enumerate(closes, start=1)
            for row in range(rows)
        ],
        schema={"as_of": pl.Datetime("us", "UTC"), "closed_30d": pl.Int8},
        orient="row",
    )
    return first_cohorts_note(CONFIG, Rows(frame, (), ("30d",)))


def test_the_first_day_with_closes_is_named():
    note = noted([0, 0, 1, 10, 12, 9, 11])
    assert note is not None
    assert note.startswith(
        "cohorts before 2025-04-01 have 1 closes within 30d, where later ones would have 32"
    )
    assert note.endswith("set label.observed_from: 2025-04-01")


@pytest.mark.parametrize(
    "closes", [[10, 12, 9, 11], [0, 12, 9, 1], [5, 5, 10, 10], [0, 2, 1, 0, 1], [0, 0, 0], [10, 0, 0, 0]]
)
def test_chance_and_a_rate_that_rises_or_falls_are_not(closes):
    rows = 50 if closes[0] == 0 and sum(closes) > 10 else 100
    assert noted(closes, rows) is None


def test_labels_that_have_not_ripened_are_no_zeros():
    frame = pl.DataFrame(
        {"as_of": [datetime(2025, 1, 1, tzinfo=UTC)] * 3, "closed_30d": [None, None, None]},
        schema={"as_of": pl.Datetime("us", "UTC"), "closed_30d": pl.Int8},
    )
    assert first_cohorts_note(CONFIG, Rows(frame, (), ("30d",))) is None
