"""``leadgrade serve``."""

from typing import Annotated

import typer

from pipeline.cli.options import ConfigPath, ModelChoice


def serve(
    config: ConfigPath,
    model: ModelChoice = None,
    host: Annotated[str, typer.Option(help="The address to listen at; 0.0.0.0 for all.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535, help="The port to listen at.")] = 5001,
    most_rows: Annotated[int, typer.Option(min=1, help="Rows of a request.")] = 10_000,
    most_mib: Annotated[int, typer.Option(min=1, max=1024, help="MiB of a request.")] = 64,
) -> None:
    """Answer requests of feature rows with the champion, until stopped; no list is read or written."""
    from pipeline import terminal
    from pipeline.commands.serve import chosen_to_serve, run_serve
    from pipeline.config.config import read_config
    from pipeline.language.sentence import Sentence

    chosen = chosen_to_serve(read_config(config), model)
    where = f"http://{host}:{port}/invocations"
    terminal.say(Sentence("answering by {scorer} at {where}", scorer=chosen.graded_by, where=where))
    run_serve(chosen, host, port, most_rows=most_rows, most_mib=most_mib)
