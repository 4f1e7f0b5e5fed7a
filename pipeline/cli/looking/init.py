"""``leadgrade init``."""

from pathlib import Path
from typing import Annotated

import typer


def init(
    files: Annotated[
        list[Path],
        typer.Argument(
            metavar="FILES...",
            help="The files that you have: leads; calls, orders or deals, stages, field history, grades.",
            show_default=False,
        ),
    ],
    out: Annotated[Path, typer.Option(help="The configuration to write.")] = Path("team.yaml"),
    timezone: Annotated[
        str | None,
        typer.Option(help="Of times without an offset; told by the files if left out."),
    ] = None,
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Replace the configuration if it exists.")
    ] = False,
) -> None:
    """Look at the files that you have and propose a configuration; what is unsure is said."""
    from pipeline import terminal
    from pipeline.commands.init import run_init
    from pipeline.config.data import known_zone
    from pipeline.errors import ConfigError
    from pipeline.language.reader import reader
    from pipeline.language.sentence import Sentence

    try:
        zone = None if timezone is None else known_zone(timezone)
    except ValueError as error:
        raise ConfigError(f"--timezone: {error}") from None
    found = run_init(files, out, timezone=zone, language=reader(), overwrite=overwrite)
    for note in found.notes:
        terminal.say(note)
    for one in found.unsure:
        terminal.say(Sentence("unsure: {what}", what=one))
    terminal.say(Sentence("{out} is written; next: leadgrade check {out}", out=out))
