"""What ``leadgrade kpi`` does: a month's leads, sales and pay of each agent, from the sources to files."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import polars as pl

from pipeline import terminal
from pipeline.commands.reports.report_files import ReportTable, files_of, write_report
from pipeline.commands.reports.team_sources import TeamSources, chosen_scorer, team_sources
from pipeline.config.config import Config
from pipeline.errors import ConfigError, ScoringError
from pipeline.language.catalogue import translate
from pipeline.language.sentence import Sentence
from pipeline.scoring.graded_then import graded_then
from pipeline.targets import FETCHED, QUARANTINE, Outputs
from pipeline.team.month import NO_AGENT, accounted, calls_by_weekday, gradings, paid, sales
from pipeline.tracking.champion import Chosen

_CSV = ("kpi.csv", "kpi_calls.csv", "kpi_account.csv")

KPI_FILES = files_of("kpi", _CSV)

# Written below ``output_dir``.
WRITES = (QUARANTINE, FETCHED, ".kpi.work", *KPI_FILES)

# After a call its grade is known, and so is the call.
_AFTER = pl.duration(microseconds=1)


@dataclass(frozen=True)
class TeamMonth:
    """A month that was counted and written.

    Attributes:
        month: as ``2026-06``.
        agents: from ``month.paid``.
        calls: from ``month.calls_by_weekday``.
        account: what became of each manual grade and order: ``source``, ``became`` and ``rows``.
        graded_by: in words, which scorer stands beside the manual grades, or why none does.
    """

    month: str
    agents: pl.DataFrame
    calls: pl.DataFrame
    account: pl.DataFrame
    graded_by: str


def run_kpi(config: Config, month: str | None, as_of: datetime | None, model: str | None = None) -> TeamMonth:
    """Count a month and write it.

    Args:
        config: the configuration.
        month: as ``2026-06``; the last whole one when left out.
        as_of: what was known at this instant counts; that of the export when left out.
        model: names the scorer as ``champion.scorer_for`` reads it. Without any scorer the manual grades
            stand alone.

    Raises:
        ConfigError: the list is flat, or the month is none.
        ScoringError: there is no such scorer, or it does not fit the data.
        SourceError, ToleranceError, OutputError: as ``score``.
    """
    outputs = Outputs(config, WRITES)
    _check_month(month)
    chosen, graded_by = _scorer(config, model)
    with team_sources(config, "kpi", as_of, chosen) as team:
        found = _counted(team, month or _last_month(team), graded_by)
    tables = [
        ReportTable(_CSV[0], lambda to: translate("leads and pay", to), found.agents),
        ReportTable(_CSV[1], lambda to: translate("calls by weekday", to), found.calls),
        ReportTable(_CSV[2], lambda to: translate("what became of the rows", to), found.account),
    ]
    write_report(config, outputs, "kpi", tables)
    return found


def _counted(team: TeamSources, month: str, graded_by: str) -> TeamMonth:
    config, robots = team.config, team.config.reports.plan.robots
    manual = gradings(team.tables, robots)
    counted = {"manual": accounted(manual, month, config.timezone)}
    if team.chosen is not None:
        with terminal.working(Sentence("grading")):
            learned = _learned(team, team.chosen, counted["manual"])
        counted["learned"] = accounted(learned, month, config.timezone)
    sold = sales(team.tables, manual, robots, month, config.timezone)
    return TeamMonth(
        month,
        paid(counted, sold, config.reports.kpi, 10**config.currency_digits),
        calls_by_weekday(team.tables, month, config.timezone),
        _account(team, counted["manual"], sold),
        graded_by,
    )


def _learned(team: TeamSources, chosen: Chosen, manual: pl.DataFrame) -> pl.DataFrame:
    """The same gradings with the learned grade in the place of the manual one."""
    asked = manual.filter(pl.col("became") != "other_month").with_columns(
        (pl.col("at") + _AFTER).alias("as_of")
    )
    told = graded_then(team.config, team.taken, chosen.scorer, asked)
    joined = asked.drop("grade", "became").join(
        told.select("lead_id", "as_of", "grade"), on=["lead_id", "as_of"], how="left"
    )
    return joined.drop("as_of")


def _account(team: TeamSources, manual: pl.DataFrame, sold: pl.DataFrame) -> pl.DataFrame:
    used = {name: counts.rows_used for name, counts in team.taken.validated.counts.items()}
    became = manual.group_by("became").agg(pl.len().alias("rows")).sort("became").iter_rows()
    rows = [("manual_grades", name, count) for name, count in became]
    rows.append(("manual_grades", "undated_or_later", used.get("manual_grades", 0) - manual.height))
    nobody = pl.col("agent") == NO_AGENT
    for name, told in (("sold", sold.filter(~nobody)), ("nobody", sold.filter(nobody))):
        rows.append(("orders", name, int(told["orders"].sum())))
    rows.append(("orders", "other_month_or_later", used.get("orders", 0) - int(sold["orders"].sum())))
    return pl.DataFrame(rows, schema=["source", "became", "rows"], orient="row")


def _scorer(config: Config, model: str | None) -> tuple[Chosen | None, str]:
    try:
        chosen = chosen_scorer(config, model)
    except ScoringError as error:
        if model is not None:
            raise
        return None, str(error)
    return chosen, chosen.graded_by


def _check_month(month: str | None) -> None:
    try:
        if month is not None:
            datetime.strptime(month, "%Y-%m").replace(tzinfo=ZoneInfo("UTC"))
    except ValueError:
        raise ConfigError(f"--month {month!r} is no month: write it as 2026-06") from None


def _last_month(team: TeamSources) -> str:
    local = team.as_of.astimezone(ZoneInfo(team.config.timezone))
    return f"{local.replace(day=1) - timedelta(days=1):%Y-%m}"
