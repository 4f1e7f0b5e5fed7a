"""The verbs that list what there is: features and schemes."""

from pathlib import Path
from typing import Annotated

import typer

from pipeline.cli_options import AsOf, ConfigPath, Json, instant

app = typer.Typer()


@app.command()
def features(
    config: Annotated[
        Path | None, typer.Argument(metavar="[CONFIG]", help="Also list this data's attributes.")
    ] = None,
    as_json: Json = False,
    markdown: Annotated[bool, typer.Option("--markdown", help="Print the page docs/features.md.")] = False,
) -> None:
    """List every feature with its unit and meaning."""
    from pipeline import screen
    from pipeline.listing import feature_markdown, feature_table

    if markdown:
        screen.say(feature_markdown().rstrip())
        return
    table = feature_table(config)
    if as_json:
        screen.print_json({"features": table})
    else:
        screen.show(table, f"{len(table)} features")


@app.command()
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
) -> None:
    """Write the as-of matrix itself: one row per open lead, or per row of the training cohort."""
    from pipeline import runs, screen
    from pipeline.config import read_config
    from pipeline.matrix_run import run_matrix

    settings = read_config(config)
    columns = None if features is None else tuple(name.strip() for name in features.split(","))
    built = run_matrix(
        settings,
        instant(as_of, settings.timezone),
        out,
        columns=columns,
        cohort=cohort,
        overwrite=overwrite,
    )
    screen.counts(runs.count_table(built.validated), built.validated.hearing)
    screen.say(f"{built.rows} rows up to {built.as_of:%Y-%m-%d %H:%M}Z in {out}")


@app.command()
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
    from pipeline import screen
    from pipeline.listing import scheme_parts, scheme_table

    if name is not None:
        parts = scheme_parts(name, config)
        if as_json:
            screen.print_json(dict(parts))
            return
        for title, part in parts.items():
            screen.show(part, f"{name}: {title}")
        return
    table = scheme_table(config)
    if as_json:
        screen.print_json({"schemes": table})
    else:
        screen.show(table, "rule schemes")
