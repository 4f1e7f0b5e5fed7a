"""``leadgrade features``."""

from pathlib import Path
from typing import Annotated

import typer

from pipeline.cli.options import Json


def features(
    config: Annotated[
        Path | None, typer.Argument(metavar="[CONFIG]", help="Also list this data's attributes.")
    ] = None,
    as_json: Json = False,
    markdown: Annotated[bool, typer.Option("--markdown", help="Print the page docs/features.md.")] = False,
) -> None:
    """List every feature with its unit and meaning."""
    from pipeline import terminal
    from pipeline.commands.catalogue import feature_markdown, feature_table
    from pipeline.language.sentence import Sentence

    if markdown:
        terminal.say(feature_markdown().rstrip())
        return
    table = feature_table(config)
    if as_json:
        terminal.print_json({"features": table})
    else:
        terminal.show(table, Sentence("{count} features", count=len(table)))
