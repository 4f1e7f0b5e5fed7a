"""Arguments and options that several verbs share."""

from pathlib import Path
from typing import Annotated

import typer

ConfigPath = Annotated[
    Path, typer.Argument(metavar="CONFIG", help="The YAML configuration.", show_default=False)
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON for a script instead of tables.")]
