"""When leads closed and were lost by the configuration's label, and up to when that is known."""

from collections.abc import Mapping
from datetime import datetime

import polars as pl

from features.closes import CloseRule, Outcomes, is_won, outcomes
from features.tables import TableName
from pipeline.config.config import Config
from pipeline.config.undated import has_final_outcome
from pipeline.errors import ConfigError, TrainingError
from pipeline.intake.staged_tables import Tables, stage
from pipeline.reading.ingest import latest_event

LABEL_SOURCE: Mapping[str, TableName] = {
    "first_order": "orders",
    "next_order": "orders",
    "won_stage": "stages",
    "outcome": "leads",
}


def latest_known(config: Config, tables: Tables) -> datetime | None:
    """The latest instant at which a row of the label's source became known."""
    source = LABEL_SOURCE[config.label.close]
    told = {name: frame for name, frame in tables.items() if name in ("leads", source)}
    latest = stage(config, told)[source]["known_at"].max() if source in tables else None
    return latest if isinstance(latest, datetime) else None


def complete_until(config: Config, latest: datetime | None) -> datetime:
    """Up to when outcomes are complete, given the latest row of the label's source.

    Raises:
        ConfigError: the declared instant is later than the export.
        TrainingError: nothing says it.
    """
    source = LABEL_SOURCE[config.label.close]
    exported_at = config.sources[source].exported_at if source in config.sources else None
    until = config.label.observed_until or exported_at or latest
    if config.label.observed_until and config.label.observed_until > (exported_at or latest_event(config)):
        raise ConfigError(
            f"{config.path}: label.observed_until is later than the export of {source}, or in the future: "
            "move it back, or leave it out"
        )
    if until is None:
        raise TrainingError(
            f"{config.path}: set label.observed_until: source {source} has no rows that tell it"
        )
    return until


def close_rule(config: Config) -> CloseRule:
    """What counts as a close and as a loss by the configuration."""
    label = config.label
    won = None
    if label.close == "outcome" and label.column:
        won = is_won(label.column, label.won_values)
    return CloseRule(
        label.close,
        label.won_stages,
        label.lost_stages,
        label.closed_at,
        won,
        undone=label.undone,
        final=has_final_outcome(config),
    )


def outcomes_of(config: Config, staged: Tables, unused: pl.DataFrame | None = None) -> Outcomes:
    """What became of leads by the configuration's label, from ``features.closes.outcomes``.

    Args:
        config: the configuration.
        staged: staged tables.
        unused: rows of the label's source that could not be used, of the same leads.

    Raises:
        ConfigError: the tables lack what the label needs.
    """
    try:
        return outcomes(staged, close_rule(config), unused)
    except ValueError as error:
        raise ConfigError(f"{config.path}: label: {error}") from None


def label_tables(config: Config, tables: Tables) -> Tables:
    """Of a bucket's tables those that tell what became of leads."""
    read = ("leads", "stages", LABEL_SOURCE[config.label.close])
    return {name: frame for name, frame in tables.items() if name in read}


def tells_outcome(config: Config, staged: Tables) -> bool:
    """Whether the tables say who was won; a list to be scored need not have the outcome's columns."""
    label = config.label
    columns = {label.column, label.closed_at} - {None} if label.close == "outcome" else set()
    source = staged.get(LABEL_SOURCE[label.close])
    return source is not None and columns <= set(source.columns)
