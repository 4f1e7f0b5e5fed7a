"""What every report of the team begins with: every lead of the sources, and what was known at an instant."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

import polars as pl

from pipeline import terminal
from pipeline.config.config import Config
from pipeline.errors import ConfigError
from pipeline.intake.taken_in import TakenIn
from pipeline.jobs import sources
from pipeline.language.sentence import Sentence
from pipeline.matrix.as_of import check_as_of, export_time
from pipeline.outcomes.lacking_dates import asked_as
from pipeline.reading.ingest import latest_event
from pipeline.team.known import known_tables
from pipeline.tracking.champion import Chosen, scorer_for
from pipeline.tracking.saved_scorer import check_recogniser, load_scorer
from pipeline.transcripts.heard_as import heard_as


@dataclass(frozen=True)
class TeamSources:
    """The sources of a report.

    Attributes:
        config: the configuration, as the scorer was taught where there is one.
        taken: every lead.
        as_of: the instant.
        tables: what was known then, from ``known.known_tables``.
        chosen: the scorer, if the report reads one.
    """

    config: Config
    taken: TakenIn
    as_of: datetime
    tables: Mapping[str, pl.DataFrame]
    chosen: Chosen | None


def chosen_scorer(config: Config, model: str | None) -> Chosen:
    """The scorer that grades, as ``champion.scorer_for`` reads its name."""
    return scorer_for(config, model, lambda: load_scorer(config))


@contextmanager
def team_sources(
    config: Config, verb: str, as_of: datetime | None, chosen: Chosen | None = None
) -> Iterator[TeamSources]:
    """Take every lead in, and tell what was known at the instant.

    Args:
        config: the configuration.
        verb: the report.
        as_of: the instant; that of the export when left out.
        chosen: the scorer, if the report reads one.

    Raises:
        ConfigError: the list is flat, or nothing is known at the instant.
        SourceError, ToleranceError, OutputError: as ``sources.taken_in``.
    """
    if config.flat:
        raise ConfigError(
            f"{config.path}: {verb} tells what a team does from day to day, and a flat list has no dates; "
            "name calls and other dated sources"
        )
    if as_of is not None:
        check_as_of(config, as_of)
    speakers = None
    if chosen is not None:
        scorer = chosen.scorer
        config, speakers = asked_as(heard_as(config, scorer.recogniser), scorer.horizons), scorer.speakers
    with sources.taken_in(config, verb, speakers, sampled=False) as taken:
        if chosen is not None:
            check_recogniser(config, chosen.scorer, taken.validated)
        instant = as_of or export_time(config, taken.latest, latest_event(config))
        with terminal.working(Sentence("counting")):
            tables = known_tables(config, taken, instant)
        yield TeamSources(config, taken, instant, tables, chosen)
