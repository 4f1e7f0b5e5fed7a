"""Who closed within some days of creation, and who did not, of the leads of which that can be said."""

from collections.abc import Mapping
from datetime import datetime

import polars as pl

from features.closes import Outcomes
from features.labels import closed_column, horizon_name, label_rows
from pipeline.config.config import Config
from pipeline.intake.outcomes import complete_until, outcomes_of
from pipeline.intake.taken_in import TakenIn
from pipeline.intake.unused_rows import UNUSED


def closers(
    config: Config, taken: TakenIn, tables: Mapping[str, pl.DataFrame], as_of: datetime, days: int
) -> pl.DataFrame:
    """The leads whose outcome within some days of creation is known.

    Args:
        config: the configuration, whose label says what a close is; with ``next_order`` it is the first order
            since creation.
        taken: the sources.
        tables: from ``known.known_tables``.
        as_of: the instant; leads that had not so many days until then, or until outcomes are complete, are
            left out.
        days: since creation. Where closes have no date they count whenever they were.

    Returns:
        ``lead_id``, ``closed`` (1 or 0).

    Raises:
        ConfigError: the tables lack what the label needs.
    """
    unused = pl.concat(list(taken.each(lambda part: part[UNUSED])), how="diagonal_relaxed")
    found = outcomes_of(config, tables, unused)
    return closed_since_creation(
        tables["leads"], found, min(as_of, complete_until(config, taken.latest)), days
    )


def closed_since_creation(leads: pl.DataFrame, found: Outcomes, until: datetime, days: int) -> pl.DataFrame:
    """Of the leads that had so many days until an instant, who closed in them.

    Args:
        leads: ``lead_id`` and ``created_at``.
        found: what became of them.
        until: outcomes are complete up to here.
        days: since creation.

    Returns:
        ``lead_id``, ``closed`` (1 or 0), without leads whose outcome nobody can tell.
    """
    born = leads.select("lead_id", pl.col("created_at").alias("as_of"))
    column = closed_column(horizon_name(days))
    told = label_rows(born, found, [days], until).drop_nulls(column)
    return told.select("lead_id", pl.col(column).cast(pl.Int64).alias("closed"))
