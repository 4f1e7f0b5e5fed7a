"""Whether outcomes were recorded from the first cohort on: an export may begin after its leads do."""

import polars as pl

from features.labels import closed_column
from pipeline.config.config import Config
from pipeline.language.sentence import Sentence
from pipeline.matrix.dataset import Rows

# So many closes must be missing, and no more than such a share of them be there, for it to be no chance.
_EXPECTED, _SHARE = 10.0, 0.1


def first_cohorts_note(config: Config, rows: Rows) -> str | None:
    """What is to be said where the first cohorts have almost no closes, and later ones do.

    Args:
        config: the configuration.
        rows: from ``dataset.training_rows``.
    """
    if config.flat:
        return None
    label = closed_column(rows.horizons[0])
    start = _start(rows.frame.drop_nulls(label).sort("as_of"), label, config.timezone)
    if start is None:
        return None
    day, found, expected = start
    return Sentence(
        "cohorts before {day} have {found:,} closes within {horizon}, where later ones would have "
        "{expected:,.0f}: were outcomes recorded by then? If not, set label.observed_from: {day}",
        day=day,
        found=found,
        horizon=rows.horizons[0],
        expected=expected,
    )


def _start(ripe: pl.DataFrame, label: str, timezone: str) -> tuple[str, int, float] | None:
    """The first day from which there are closes, if there are hardly any before."""
    month = pl.col("as_of").dt.convert_time_zone(timezone).dt.strftime("%Y-%m-01").alias("month")
    months = ripe.group_by(month, maintain_order=True).agg(
        pl.len().alias("rows"), pl.col(label).sum().cast(pl.Int64).alias("closes")
    )
    rows, closes = months["rows"].to_list(), months["closes"].to_list()
    for first in range(len(rows) - 1, 0, -1):
        rate = sum(closes[first:]) / sum(rows[first:])
        found, expected = sum(closes[:first]), rate * sum(rows[:first])
        # The month before belongs to them, too, if it has hardly any close of its own.
        own = closes[first - 1] <= _SHARE * rate * rows[first - 1]
        if expected >= _EXPECTED and found <= _SHARE * expected and own:
            return str(months["month"][first]), found, expected
    return None
