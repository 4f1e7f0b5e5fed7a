"""``leadgrade rollback``."""

from typing import Annotated

import typer

from pipeline.cli.options import ConfigPath


def rollback(
    config: ConfigPath,
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why; it is kept in the registry.")],
) -> None:
    """Make the champion before the present one the champion again."""
    from pipeline import terminal
    from pipeline.commands.promote import run_rollback
    from pipeline.config.config import read_config
    from pipeline.language.sentence import Sentence

    if not reason.strip():
        raise typer.BadParameter("--reason needs words: a rollback says why")
    left, restored = run_rollback(read_config(config), reason)
    terminal.say(
        Sentence(
            "{restored} is the champion again; {left} was taken back: {reason}",
            restored=restored,
            left=left,
            reason=reason,
        )
    )
