"""``leadgrade forget``."""

from pathlib import Path
from typing import Annotated

import typer

from pipeline.cli.options import Json


def forget(
    lead: Annotated[str, typer.Argument(help="The lead's id, as the sources write it.", show_default=False)],
    config: Annotated[
        Path, typer.Option(metavar="CONFIG", help="The YAML configuration.", show_default=False)
    ],
    lists: Annotated[
        list[Path] | None,
        typer.Option("--list", help="A graded list or a matrix elsewhere; may be repeated."),
    ] = None,
    as_json: Json = False,
) -> None:
    """Take a lead out of kept lists, tables and work folders, and say what cannot be reached."""
    from pipeline import terminal
    from pipeline.commands.forget import run_forget
    from pipeline.config.config import read_config
    from pipeline.language.sentence import Sentence

    found = run_forget(read_config(config), lead, lists or ())
    if as_json:
        terminal.print_json({"reached": found.reached, "left": found.left})
        return
    for where, what in found.reached.itertuples(index=False):
        terminal.say(Sentence("taken out: {where}: {what}", where=where, what=what))
    for where, what in found.left.itertuples(index=False):
        terminal.say(Sentence("not reached: {where}: {what}", where=where, what=what))
    if found.reached.empty:
        terminal.say(Sentence("taken out: nothing: no kept list, table or work folder held it"))
