"""When leads closed and were lost by the configuration's label, and up to when that is known."""

from datetime import datetime

import polars as pl

from features import labels
from pipeline.config.config import Config
from pipeline.errors import ConfigError, TrainingError
from pipeline.intake.staged_tables import Tables, stage
from pipeline.reading.ingest import latest_event

LABEL_SOURCE = {"first_order": "orders", "won_stage": "stages", "outcome": "leads"}


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


def outcomes_of(config: Config, staged: Tables) -> pl.DataFrame:
    """When each lead closed and was lost, by the configuration's label, from ``features.labels.outcomes``.

    Raises:
        ConfigError: the tables lack what the label needs.
    """
    label = config.label
    won = None
    if label.close == "outcome" and label.column:
        won = labels.is_won(label.column, label.won_values)
    try:
        return labels.outcomes(
            staged,
            label.close,
            label.won_stages,
            label.lost_stages if "stages" in staged else (),
            label.closed_at,
            won,
        )
    except ValueError as error:
        raise ConfigError(f"{config.path}: label: {error}") from None


def tells_outcome(config: Config, staged: Tables) -> bool:
    """Whether the tables say who was won; a list to be scored need not have the outcome's columns."""
    label = config.label
    columns = {label.column, label.closed_at} if label.close == "outcome" else set()
    source = staged.get(LABEL_SOURCE[label.close])
    return source is not None and columns <= set(source.columns)
