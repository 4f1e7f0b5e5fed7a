"""Outcomes of leads drawn as a table, for tests of what reads them."""

import polars as pl

from features.closes import UNKNOWN, Outcomes
from features.tables import UTC_DATETIME


def drawn_outcomes(closes):
    """From ``lead_id`` and ``closed_at``; with ``lost_at``, lost to this day; with ``UNKNOWN``, those too."""
    missing = {
        "closed_at": pl.lit(None, UTC_DATETIME),
        "lost_at": pl.lit(None, UTC_DATETIME),
        UNKNOWN: pl.lit(value=False),
    }
    leads = closes.with_columns(
        one.alias(name) for name, one in missing.items() if name not in closes.columns
    )
    never = pl.lit(None, UTC_DATETIME).alias("until")
    away = leads.drop_nulls("lost_at").select("lead_id", pl.col("lost_at").alias("since"), never)
    return Outcomes(leads, away)
