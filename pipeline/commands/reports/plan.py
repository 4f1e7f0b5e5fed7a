"""What ``leadgrade plan`` does: the next working day's calls, from the sources to files."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import polars as pl

from features import asof
from features.schemes.declaration import Scheme
from pipeline import terminal
from pipeline.commands.reports.report_files import ReportTable, files_of, write_report
from pipeline.commands.reports.team_sources import TeamSources, chosen_scorer, team_sources
from pipeline.config.config import Config
from pipeline.config.reports import CallPlan
from pipeline.errors import ConfigError
from pipeline.language.catalogue import Language, translate
from pipeline.language.sentence import Sentence
from pipeline.schemes.scheme_files import read_schemes, schemes_of
from pipeline.scoring.graded_now import graded_now
from pipeline.targets import FETCHED, QUARANTINE, Outputs
from pipeline.team.known import is_robot, rows_of
from pipeline.team.plan.call_plan import Planned, call_plan
from pipeline.team.plan.day_lists import by_agent, call_list, held_list
from pipeline.team.plan.robot_lists import robot_lists
from pipeline.team.plan.standing import standing
from pipeline.team.plan.working_day import WorkingDay, next_working_day

_CSV = ("plan.csv", "plan_held.csv", "plan_redial.csv", "plan_handoff.csv")

PLAN_FILES = files_of("plan", _CSV)

# Written below ``output_dir``.
WRITES = (QUARANTINE, FETCHED, ".plan.work", *PLAN_FILES)

# Whose playbook says what to do next with a lead of a learned grade.
_PLAYBOOK = "close_window"


@dataclass(frozen=True)
class DayPlan:
    """A day that was planned and written.

    Attributes:
        day: the day.
        calls: from ``day_lists.call_list``.
        held: from ``day_lists.held_list``.
        agents: from ``day_lists.by_agent``.
        redial: leads that the robot dials again.
        handoff: leads that the robot hands to a person.
        graded_by: in words, which scorer graded the leads.
        leads: leads that were known at the instant; those that are neither called nor held are not open.
        unread: promised call-backs whose hour could not be read.
        no_robot: why there are no lists of the robot, if so.
    """

    day: date
    calls: pl.DataFrame
    held: pl.DataFrame
    agents: pl.DataFrame
    redial: pl.DataFrame
    handoff: pl.DataFrame
    graded_by: str
    leads: int
    unread: int
    no_robot: str | None


def run_plan(config: Config, as_of: datetime | None, day: date | None, model: str | None = None) -> DayPlan:
    """Plan a day and write it: calls, held leads, and the robot's two lists.

    Args:
        config: the configuration.
        as_of: the instant as of which leads are graded; that of the export when left out.
        day: the day; the first working day after the instant when left out.
        model: names the scorer as ``champion.scorer_for`` reads it.

    Raises:
        ConfigError: the list is flat, the day lies before the instant, or a column that the rules name is
            missing.
        ScoringError, SourceError, ToleranceError, OutputError: as ``score``.
    """
    outputs = Outputs(config, WRITES)
    chosen = chosen_scorer(config, model)
    _check_columns(config)
    with team_sources(config, "plan", as_of, chosen) as team:
        on = _day(team, day)
        with terminal.working(Sentence("grading")):
            graded = graded_now(team.config, team.taken, chosen.scorer, team.as_of, _robot_scheme(config))
        with terminal.working(Sentence("planning")):
            found = _planned(team, graded, on, chosen.graded_by)
    tables = [
        ReportTable(_CSV[0], lambda to: translate("calls of the day", to), found.calls),
        ReportTable(_CSV[1], lambda to: translate("held back", to), found.held),
        ReportTable(_CSV[2], lambda to: translate("robot: dial again", to), found.redial),
        ReportTable(_CSV[3], lambda to: translate("robot: hand to people", to), found.handoff),
    ]
    write_report(config, outputs, "plan", tables)
    return found


def _planned(team: TeamSources, graded: pl.DataFrame, on: date, graded_by: str) -> DayPlan:
    config, rules = team.config, team.config.reports.plan
    day = WorkingDay.of(rules, on, config.timezone)
    leads = standing(graded, team.tables, rules, team.as_of, config.timezone)
    on_duty, away = _roster(team, rules)
    planned: Planned = call_plan(leads, on_duty, rules, day, _called_on(team, leads, day), away)
    calls = call_list(planned, leads, _actions(config), config.timezone)
    label = f"scheme_{rules.robot_scheme}"
    redial, handoff = robot_lists(leads, rules, config.timezone)
    return DayPlan(
        on,
        calls,
        held_list(planned, leads, config.timezone),
        by_agent(calls, on_duty),
        redial,
        handoff,
        graded_by,
        rows_of(team.tables, "leads"),
        int(leads["promise_unread"].sum()),
        None if label in graded.columns else f"the data do not tell the scheme {rules.robot_scheme}",
    )


def _actions(config: Config) -> Mapping[str, Mapping[Language, str]]:
    """The next action of each learned grade, by the playbook of the intention grades."""
    (scheme,) = read_schemes([_PLAYBOOK], config.path.parent)
    actions = {label.id: label.playbook.action for label in scheme.labels}
    return {grade: {"en": words.en, "zh": words.zh} for grade, words in actions.items()}


def _robot_scheme(config: Config) -> tuple[Scheme, ...]:
    """The robot's scheme with the team's thresholds, or as it is shipped."""
    name = config.reports.plan.robot_scheme
    named = tuple(scheme for scheme in schemes_of(config) if scheme.id == name)
    return named or read_schemes([name], config.path.parent)


def _check_columns(config: Config) -> None:
    rules = config.reports.plan
    for key, name in (("number", rules.number), ("own_agent", rules.own_agent)):
        if name is not None and name not in config.attributes:
            raise ConfigError(
                f"{config.path}: reports.plan.{key}: {name} is no attribute: declare it under attributes, "
                "known: snapshot where it must not be learned from"
            )


def _day(team: TeamSources, day: date | None) -> date:
    config = team.config
    # At midnight the day that begins is the next one.
    today = (team.as_of.astimezone(ZoneInfo(config.timezone)) - timedelta(microseconds=1)).date()
    if day is not None and day < today:
        raise ConfigError(f"--day {day} is before {today}, as of which leads are graded: choose a later one")
    try:
        return day or next_working_day(config.reports.plan, today)
    except ValueError as error:
        raise ConfigError(f"{config.path}: reports.plan: {error}") from None


def _roster(team: TeamSources, rules: CallPlan) -> tuple[list[str], list[str]]:
    """Who is on duty, and who is away and keeps the own leads."""
    calls = team.tables.get("calls")
    if calls is None or "agent_id" not in calls.columns:
        return list(rules.agents), []
    recent = calls.filter(asof.known_within(pl.col("known_at"), pl.lit(team.as_of), rules.roster_days))
    people = recent.filter(~is_robot("agent_id", rules.robots, recent["agent_id"]))["agent_id"]
    seen = sorted(people.cast(pl.String).drop_nulls().unique().to_list())
    if not rules.agents:
        return seen, []
    return list(rules.agents), [name for name in seen if name not in rules.agents]


def _called_on(team: TeamSources, leads: pl.DataFrame, day: WorkingDay) -> dict[str, int]:
    """Calls that were already made to each number on the day."""
    calls = team.tables.get("calls")
    if calls is None:
        return {}
    begin, end = (pl.lit(bound) for bound in day.whole)
    that_day = calls.filter(~asof.known(pl.col("started_at"), begin) & asof.known(pl.col("started_at"), end))
    numbers = that_day.join(leads.select("lead_id", "number"), on="lead_id")["number"]
    return dict(numbers.value_counts().iter_rows())
