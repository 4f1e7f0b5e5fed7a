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
    from pipeline.language.sentence import Sentence

    recorded = run_record(read_config(config), scorer)
    terminal.say(Sentence("scorer {scorer} is recorded", scorer=recorded[:12]))
    terminal.say(
        Sentence(
            "it is the challenger now: leadgrade promote {config} compares it with the champion",
            config=config,
        )
    )
