"""What ``leadgrade plan`` shows: the day of each agent, why others are not called, and the first calls."""

import polars as pl

from pipeline.cli.reports.report_screen import files_told, show_report
from pipeline.commands.reports import plan as run
from pipeline.config.config import Config
from pipeline.language.catalogue import Language, translate
from pipeline.report.titles import title_of
from pipeline.terminal import say

_FIRST = ("agent", "at", "lead_id", "grade", "why_en", "why_zh")


def planned(config: Config, found: run.DayPlan, language: Language) -> None:
    """Show a day."""
    title = title_of(config.name, config.simulation)
    show_report(
        found.agents, translate("{name}: calls on {day}", language, name=title, day=found.day), language
    )
    held = found.held.group_by("held_en", "held_zh").agg(pl.len().alias("leads"))
    reasons = held.sort("leads", "held_en", descending=[True, False])
    show_report(reasons, translate("leads that are not called", language), language, most=8)
    first = found.calls.sort("at", "agent").select(_FIRST).with_columns(pl.col("at").dt.strftime("%H:%M"))
    show_report(first, translate("the first calls", language), language, most=5)
    say(
        translate(
            "{called} leads called, {held} not, {closed} not open: {leads} leads in all",
            language,
            called=found.calls.height,
            held=found.held.height,
            closed=found.leads - found.calls.height - found.held.height,
            leads=found.leads,
        )
    )
    _robot(found, language)
    if found.unread:
        say(
            translate(
                "{count} promised call-backs say no time that can be read: called as soon as may be",
                language,
                count=found.unread,
            )
        )
    files_told(config, run.PLAN_FILES, language)
    say(translate("graded by {scorer}", language, scorer=found.graded_by))


def _robot(found: run.DayPlan, language: Language) -> None:
    if found.no_robot is not None:
        say(translate("no lists of the robot: {why}", language, why=found.no_robot))
        return
    say(
        translate(
            "the robot dials {again} leads again and hands {handed} to people",
            language,
            again=found.redial.height,
            handed=found.handoff.height,
        )
    )
