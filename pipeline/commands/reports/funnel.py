"""What ``leadgrade funnel`` does: the layers of the team's stages, from the sources to files."""

from dataclasses import dataclass
from datetime import datetime

import polars as pl

from pipeline.commands.reports.report_files import ReportTable, files_of, write_report
from pipeline.commands.reports.team_sources import TeamSources, team_sources
from pipeline.config.config import Config
from pipeline.errors import SourceError
from pipeline.language.catalogue import translate
from pipeline.targets import QUARANTINE, Outputs
from pipeline.team.funnel import funnel, layers_of, stays, weekly_moves

_CSV = ("funnel.csv", "funnel_weeks.csv")

FUNNEL_FILES = files_of("funnel", _CSV)

# Written below ``output_dir``.
WRITES = (QUARANTINE, ".funnel.work", *FUNNEL_FILES)


@dataclass(frozen=True)
class Layered:
    """A funnel that was counted and written.

    Attributes:
        layers: from ``funnel.funnel``.
        weeks: from ``funnel.weekly_moves``.
        as_of: the instant.
    """

    layers: pl.DataFrame
    weeks: pl.DataFrame
    as_of: datetime


def run_funnel(config: Config, as_of: datetime | None) -> Layered:
    """Count the funnel and write it.

    Args:
        config: the configuration.
        as_of: what was known at this instant counts; that of the export when left out.

    Raises:
        ConfigError: the list is flat.
        SourceError: there are no stages; or as ``check``.
        ToleranceError, OutputError: as ``check``.
    """
    outputs = Outputs(config, WRITES)
    if "stages" not in config.sources and not config.flat:
        raise SourceError(f"{config.path}: a funnel is made of stages: name sources.stages")
    with team_sources(config, "funnel", as_of) as team:
        found = _layered(team)
    tables = [
        ReportTable(_CSV[0], lambda to: translate("layers", to), found.layers),
        ReportTable(_CSV[1], lambda to: translate("week by week", to), found.weeks),
    ]
    write_report(config, outputs, "funnel", tables)
    return found


def _layered(team: TeamSources) -> Layered:
    config, rules = team.config, team.config.reports.funnel
    told = stays(team.tables["stages"], team.tables["leads"])
    ends = (*config.label.won_stages, *config.label.lost_stages)
    # A loss is no layer that leads convert to.
    layers = layers_of(told, rules.layers, ends)
    lost = [one for one in layers if one in config.label.lost_stages]
    ordered = [*lost, *(one for one in layers if one not in lost)]
    table = funnel(told, ordered, ends, rules, team.as_of)
    shown = pl.concat([table.filter(~pl.col("layer").is_in(lost)), table.filter(pl.col("layer").is_in(lost))])
    return Layered(shown, weekly_moves(told, config.timezone), team.as_of)
