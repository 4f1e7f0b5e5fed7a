"""Who closed within some days of creation, and who did not, of the leads of which that can be said."""

from collections.abc import Mapping
from datetime import datetime

import polars as pl

from features import asof
from features.closes import UNKNOWN, WON, Outcomes
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
    until = min(as_of, complete_until(config, taken.latest))
    return closed_within(tables["leads"], found, until, days)


def closed_within(leads: pl.DataFrame, found: Outcomes, until: datetime, days: int) -> pl.DataFrame:
    """Of the leads that had so many days until an instant, who closed in them.

    Args:
        leads: ``lead_id`` and ``created_at``.
        found: what became of them.
        until: outcomes are complete up to here.
        days: since creation.

    Returns:
        ``lead_id``, ``closed`` (1 or 0), without leads whose outcome nobody can tell.
    """
    told = leads.select("lead_id", "created_at").join(
        found.leads.filter(~pl.col(UNKNOWN)), on="lead_id", maintain_order="left"
    )
    if WON in told.columns:
        return told.drop_nulls(WON).select("lead_id", pl.col(WON).cast(pl.Int64).alias("closed"))
    if found.again is not None:
        told = _first_order(told.drop("closed_at"), found.again)
    span = pl.duration(days=days)
    ripe = told.filter(~asof.known(pl.lit(until), pl.col("created_at") + span))
    closed = asof.known(pl.col("closed_at"), pl.col("created_at") + span).fill_null(value=False)
    return ripe.select("lead_id", closed.cast(pl.Int64).alias("closed"))


def _first_order(leads: pl.DataFrame, again: pl.DataFrame) -> pl.DataFrame:
    """The first order of each lead's customer since the lead's creation; no lead with unread orders."""
    doubtful = again.filter(~pl.col("usable")).select("lead_id")
    mine = again.filter("usable").join(leads.select("lead_id", "created_at"), on="lead_id")
    since = mine.filter(~asof.known(pl.col("at"), pl.col("created_at")))
    first = since.group_by("lead_id").agg(pl.col("at").min().alias("closed_at"))
    return leads.join(doubtful, on="lead_id", how="anti").join(first, on="lead_id", how="left")
