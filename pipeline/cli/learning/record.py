"""``leadgrade record``."""

from pathlib import Path
from typing import Annotated

import typer

from pipeline.cli.options import ConfigPath


def record(
    config: ConfigPath,
    scorer: Annotated[
        Path | None,
        typer.Option(help="A saved scorer's folder to register instead; its run has no metrics."),
    ] = None,
) -> None:
    """Record the last training in MLflow, where the store did not take it, or register a saved scorer."""
    from pipeline import terminal
    from pipeline.commands.record import run_record
    from pipeline.config.config import read_config

    recorded = run_record(read_config(config), scorer)
    terminal.say(f"scorer {recorded[:12]} is recorded")
    terminal.say(f"it is the challenger now: leadgrade promote {config} compares it with the champion")
