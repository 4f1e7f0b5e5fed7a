"""``leadgrade plan``."""

from typing import Annotated

import typer

from pipeline.cli.options import AsOf, ConfigPath, ModelChoice, instant


def plan(
    config: ConfigPath,
    day: Annotated[
        str | None,
        typer.Option(help="Plan this day (2026-07-01); the next working day when left out."),
    ] = None,
    as_of: AsOf = None,
    model: ModelChoice = None,
) -> None:
    """Plan the next day's calls: promised ones at their hour, then by grade and due date, agent by agent."""
    from pipeline.cli.options import calendar_day
    from pipeline.cli.reports import plan_screen
    from pipeline.commands.reports.plan import run_plan
    from pipeline.config.config import read_config
    from pipeline.language.reader import reader

    settings = read_config(config)
    found = run_plan(settings, instant(as_of, settings.timezone), calendar_day(day), model)
    plan_screen.planned(settings, found, reader())
