"""What ``leadgrade audit`` does: agents' grades beside the learned expectation, from the sources to files."""

from dataclasses import dataclass
from datetime import datetime

import polars as pl

from features.labels import closed_column, horizon_name
from pipeline import terminal
from pipeline.commands.reports.report_files import ReportTable, files_of, write_report
from pipeline.commands.reports.team_sources import TeamSources, chosen_scorer, team_sources
from pipeline.config.config import Config
from pipeline.errors import ConfigError, SourceError
from pipeline.intake.outcomes import complete_until
from pipeline.language.catalogue import translate
from pipeline.language.sentence import Sentence
from pipeline.output import to_arrow
from pipeline.scoring.graded_then import graded_then
from pipeline.targets import FETCHED, QUARANTINE, Outputs
from pipeline.team.known import on_the_clock
from pipeline.team.month import NO_AGENT, gradings
from pipeline.team.standards import standards
from pipeline.team.support import by_agent_unsupported, claims, supported

_CSV = ("audit.csv", "audit_support.csv", "audit_without_call.csv")

AUDIT_FILES = files_of("audit", _CSV)

# Written below ``output_dir``.
WRITES = (QUARANTINE, FETCHED, ".audit.work", *AUDIT_FILES)


@dataclass(frozen=True)
class Audited:
    """Agents' grades that were looked at and written.

    Attributes:
        standards: from ``standards.standards``.
        support: from ``support.by_agent_unsupported``.
        without_call: the claims that no call supports.
        claims: how many claims there were.
        graded_by: in words, which scorer told the chances.
    """

    standards: pl.DataFrame
    support: pl.DataFrame
    without_call: pl.DataFrame
    claims: int
    graded_by: str


def run_audit(config: Config, as_of: datetime | None, model: str | None = None) -> Audited:
    """Look at agents' grades and write what was seen.

    Args:
        config: the configuration.
        as_of: what was known at this instant counts; that of the export when left out.
        model: names the scorer as ``champion.scorer_for`` reads it.

    Raises:
        ConfigError: the list is flat, or a grade's horizon is none of the configuration's.
        SourceError: there are no dated manual grades; or as ``score``.
        ScoringError, ToleranceError, OutputError: as ``score``.
    """
    outputs = Outputs(config, WRITES)
    _check_horizons(config)
    chosen = chosen_scorer(config, model)
    with team_sources(config, "audit", as_of, chosen) as team:
        found = _audited(team)
    tables = [
        ReportTable(_CSV[0], lambda to: translate("agents' grades", to), found.standards),
        ReportTable(_CSV[1], lambda to: translate("calls behind grades", to), found.support),
        ReportTable(
            _CSV[2],
            lambda to: translate("grades and losses without a call behind them", to),
            found.without_call,
        ),
    ]
    write_report(config, outputs, "audit", tables)
    return found


def _audited(team: TeamSources) -> Audited:
    config, rules, robots = team.config, team.config.reports.audit, team.config.reports.plan.robots
    given = gradings(team.tables, robots)
    if given.is_empty():
        raise SourceError(
            f"{config.path}: audit reads manual grades with their dates, and there are none: "
            "name sources.manual_grades with graded_at"
        )
    told = supported(claims(given, team.tables, config.label.lost_stages, robots), team.tables, robots, rules)
    without = told.filter(~pl.col("supported")).sort("agent", "at", "lead_id")
    times = [on_the_clock(name, config.timezone) for name in ("at", "called_at")]
    return Audited(
        pl.DataFrame(to_arrow(standards(_with_chances(team, given).to_pandas(), rules))),
        by_agent_unsupported(told),
        without.select("agent", "lead_id", "kind", "value", "at", "called_at").with_columns(times),
        told.height,
        "" if team.chosen is None else team.chosen.graded_by,
    )


def _with_chances(team: TeamSources, given: pl.DataFrame) -> pl.DataFrame:
    """Each grade of a known agent with the learned chance of that moment, and what became of the lead."""
    config = team.config
    if team.chosen is None:
        return given
    asked = given.filter(pl.col("agent") != NO_AGENT).with_columns(
        (pl.col("at") + pl.duration(microseconds=1)).alias("as_of")
    )
    until = min(team.as_of, complete_until(config, team.taken.latest))
    with terminal.working(Sentence("grading")):
        then = graded_then(config, team.taken, team.chosen.scorer, asked, until)
    named = {grade: horizon_name(days) for grade, days in config.reports.audit.horizons_days.items()}
    columns = [pl.col(f"p_{horizon}").alias(f"chance_{grade}") for grade, horizon in named.items()]
    columns += [pl.col(closed_column(horizon)).alias(f"closed_{grade}") for grade, horizon in named.items()]
    told = asked.join(then.select("lead_id", "as_of", *columns), on=["lead_id", "as_of"], how="left")
    return told.with_columns(on_the_clock("at", "UTC")).drop("as_of")


def _check_horizons(config: Config) -> None:
    for grade, days in config.reports.audit.horizons_days.items():
        if not config.flat and days not in config.horizons_days:
            known = ", ".join(map(str, config.horizons_days))
            raise ConfigError(
                f"{config.path}: reports.audit.horizons_days.{grade}: {days} is none of the horizons_days: "
                f"{known}"
            )
