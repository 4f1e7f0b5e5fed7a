"""What is known of the whole team at an instant: the staged tables of all buckets, without later rows."""

from collections.abc import Mapping
from datetime import datetime
from fnmatch import fnmatchcase

import polars as pl

from features import asof
from pipeline.config.config import Config
from pipeline.intake.staged_tables import stage
from pipeline.intake.taken_in import TakenIn

# Columns of calls that no report of numbers reads: they are most of a log.
_LONG = ("transcript",)


def known_tables(config: Config, taken: TakenIn, as_of: datetime) -> dict[str, pl.DataFrame]:
    """The staged tables (``features.staging``) of all leads, with the rows known at the instant.

    Args:
        config: the configuration, of dated leads.
        taken: the sources.
        as_of: the instant; leads that were created by then are known.
    """
    parts: dict[str, list[pl.DataFrame]] = {}
    for tables in taken.each(lambda tables: stage(config, tables)):
        for name, frame in tables.items():
            parts.setdefault(name, []).append(_known(name, frame.drop(_LONG, strict=False), as_of))
    return {name: pl.concat(frames, how="diagonal_relaxed") for name, frames in parts.items()}


def _known(name: str, frame: pl.DataFrame, as_of: datetime) -> pl.DataFrame:
    at = pl.lit(as_of)
    if name == "leads":
        return frame.filter(asof.exists(pl.col("created_at"), at))
    return frame.filter(asof.known(pl.col("known_at"), at)) if "known_at" in frame.columns else frame


def is_robot(column: str, patterns: tuple[str, ...], agents: pl.Series) -> pl.Expr:
    """Whether an agent is no person, by the patterns of the configuration.

    Args:
        column: that names the agent.
        patterns: as for file names, whatever the case.
        agents: all agents that there are.

    >>> who = pl.Series("agent_id", ["Robot-01", "Li"])
    >>> pl.DataFrame(who).select(is_robot("agent_id", ("*robot*",), who))["agent_id"].to_list()
    [True, False]
    """
    named = agents.cast(pl.String).drop_nulls().unique().to_list()
    robots = [one for one in named if any(fnmatchcase(one.lower(), p.lower()) for p in patterns)]
    return pl.col(column).cast(pl.String).is_in(robots).fill_null(value=False)


def latest_values(facts: pl.DataFrame, field: str) -> pl.DataFrame:
    """The newest value of a dated fact of each lead: ``lead_id``, ``known_at``, ``value``, ``value_time``.

    Args:
        facts: staged, in their order within each lead.
        field: which fact.
    """
    named = facts.filter(pl.col("field").cast(pl.String) == field)
    return named.unique("lead_id", keep="last", maintain_order=True).select(
        "lead_id", "known_at", pl.col("value").cast(pl.String), "value_time"
    )


def column_or_null(frame: pl.DataFrame, name: str, dtype: pl.DataType | type[pl.DataType]) -> pl.Expr:
    """A column of a frame, or nothing of its kind where the sources have none."""
    return pl.col(name).cast(dtype) if name in frame.columns else pl.lit(None, dtype).alias(name)


def on_the_clock(column: str, timezone: str) -> pl.Expr:
    """An instant as a local time without its zone, as a salesperson's clock shows it."""
    return pl.col(column).dt.convert_time_zone(timezone).dt.replace_time_zone(None)


def rows_of(tables: Mapping[str, pl.DataFrame], name: str) -> int:
    """How many rows a table has; none where the sources lack it."""
    return tables[name].height if name in tables else 0
