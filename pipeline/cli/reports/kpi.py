"""``leadgrade kpi``."""

from typing import Annotated

import typer

from pipeline.cli.options import AsOf, ConfigPath, ModelChoice, instant


def kpi(
    config: ConfigPath,
    month: Annotated[
        str | None, typer.Option(help="Count this month (2026-06); the last whole one when left out.")
    ] = None,
    as_of: AsOf = None,
    model: ModelChoice = None,
) -> None:
    """Count a month: each agent's A and B leads against targets, coefficient and pay, calls per weekday."""
    from pipeline.cli.reports.kpi_screen import counted
    from pipeline.commands.reports.kpi import run_kpi
    from pipeline.config.config import read_config
    from pipeline.language.reader import reader

    settings = read_config(config)
    counted(settings, run_kpi(settings, month, instant(as_of, settings.timezone), model), reader())
