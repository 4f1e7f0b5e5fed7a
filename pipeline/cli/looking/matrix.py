"""``leadgrade matrix``."""

from pathlib import Path
from typing import Annotated

import typer

from pipeline.cli.options import AsOf, ConfigPath, Pseudonymise, instant


def matrix(
    config: ConfigPath,
    out: Annotated[Path, typer.Option(help="A folder of Parquet files, one a bucket: NAME.parquet.")],
    as_of: AsOf = None,
    features: Annotated[
        str | None, typer.Option(metavar="NAMES", help="Only these features, separated by commas.")
    ] = None,
    cohort: Annotated[
        bool, typer.Option("--cohort", help="The rows that training reads, with their labels.")
    ] = False,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace the matrix if it exists.")] = False,
    pseudonymise: Pseudonymise = None,
) -> None:
    """Write the as-of matrix itself: one row per open lead, or per row of the training cohort."""
    from pipeline import terminal
    from pipeline.cli.screens import sources as sources_screen
    from pipeline.commands.matrix import run_matrix
    from pipeline.commands.sources import count_table
    from pipeline.config.config import read_config
    from pipeline.language.sentence import Sentence

    settings = read_config(config)
    columns = None if features is None else tuple(name.strip() for name in features.split(","))
    built = run_matrix(
        settings,
        instant(as_of, settings.timezone),
        out,
        columns=columns,
        cohort=cohort,
        overwrite=overwrite,
        pseudonymise=pseudonymise,
    )
    sources_screen.counts(count_table(built.validated), built.validated.hearing)
    terminal.say(
        Sentence(
            "{rows} rows up to {as_of:%Y-%m-%d %H:%M}Z in {out}", rows=built.rows, as_of=built.as_of, out=out
        )
    )
