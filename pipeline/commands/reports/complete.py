"""What ``leadgrade complete`` does: how much of the customers is filled in, from the sources to files."""

from dataclasses import dataclass
from datetime import datetime

import polars as pl

from pipeline.commands.reports.report_files import ReportTable, files_of, write_report
from pipeline.commands.reports.team_sources import TeamSources, team_sources
from pipeline.config.config import Config
from pipeline.errors import SourceError
from pipeline.language.catalogue import translate
from pipeline.targets import QUARANTINE, Outputs
from pipeline.team.closers import closers
from pipeline.team.completeness import cells, fields_of, per_column, per_lead

_CSV = ("complete.csv", "complete_leads.csv")

COMPLETE_FILES = files_of("complete", _CSV)

# Written below ``output_dir``.
WRITES = (QUARANTINE, ".complete.work", *COMPLETE_FILES)


@dataclass(frozen=True)
class Filled:
    """What is filled in, counted and written.

    Attributes:
        columns: from ``completeness.per_column``.
        leads: from ``completeness.per_lead``.
    """

    columns: pl.DataFrame
    leads: pl.DataFrame


def run_complete(config: Config, as_of: datetime | None) -> Filled:
    """Count what is filled in and write it.

    Args:
        config: the configuration.
        as_of: what was known at this instant counts; that of the export when left out.

    Raises:
        ConfigError: the list is flat.
        SourceError: there is no field that could be filled in; or as ``check``.
        ToleranceError, OutputError: as ``check``.
    """
    outputs = Outputs(config, WRITES)
    with team_sources(config, "complete", as_of) as team:
        found = _counted(team)
    tables = [
        ReportTable(_CSV[0], lambda to: translate("fields, worst first", to), found.columns),
        ReportTable(_CSV[1], lambda to: translate("leads, worst first", to), found.leads),
    ]
    write_report(config, outputs, "complete", tables)
    return found


def _counted(team: TeamSources) -> Filled:
    config, rules = team.config, team.config.reports.complete
    fields = fields_of(config, team.tables)
    if not fields:
        raise SourceError(
            f"{config.path}: there is no field to look at: declare attributes, or sources.facts"
        )
    told = cells(team.tables, fields)
    closed = closers(config, team.taken, team.tables, team.as_of, rules.within_days)
    return Filled(per_column(told, fields, closed, rules), per_lead(told))
