"""``leadgrade schemes``."""

from pathlib import Path
from typing import Annotated

import typer

from pipeline.cli.options import Json


def schemes(
    name: Annotated[
        str | None, typer.Argument(metavar="[NAME]", help="Show the rules of this scheme, or of a YAML file.")
    ] = None,
    config: Annotated[
        Path | None, typer.Option(help="Take schemes and thresholds from here; say which the data allow.")
    ] = None,
    as_json: Json = False,
) -> None:
    """List the rule schemes and whether the data have what they read, or show one scheme's rules."""
    from pipeline import terminal
    from pipeline.commands.catalogue import scheme_parts, scheme_table
    from pipeline.language.catalogue import look_up_word
    from pipeline.language.reader import reader
    from pipeline.language.sentence import Sentence

    if name is not None:
        parts = scheme_parts(name, config)
        if as_json:
            terminal.print_json(dict(parts))
            return
        for title, part in parts.items():
            part_name = look_up_word(title, reader())
            terminal.show(part, Sentence("{scheme}: {part}", scheme=name, part=part_name))
        return
    table = scheme_table(config)
    if as_json:
        terminal.print_json({"schemes": table})
    else:
        terminal.show(table, Sentence("rule schemes"))
