"""``leadgrade compare``."""

from typing import Annotated

import typer

from pipeline.cli.options import ConfigPath, Json

Against = Annotated[
    str | None,
    typer.Option(
        metavar="SYSTEM",
        help="What to look at closely: manual_grade or a scheme. People's grades, else the best scheme.",
    ),
]
Horizon = Annotated[
    str | None, typer.Option(metavar="90d", help="By when closes are counted; the longest horizon.")
]
Full = Annotated[bool, typer.Option("--full", help="Print every system, slice and leaderboard line.")]


def compare(
    config: ConfigPath,
    against: Against = None,
    horizon: Horizon = None,
    full: Full = False,
    as_json: Json = False,
) -> None:
    """Put learned grades beside manual or rule grades: where they part, who was right, what it would change.

    All rows are those of the test period, which the model has not seen. Every lead's two grades are written
    to compare.csv, agreements too, each table to compare_*.csv, and all of it to a page, compare.html.
    """
    from pipeline import terminal
    from pipeline.cli.screens import comparison as comparison_screen
    from pipeline.cli.screens import evaluation as evaluation_screen
    from pipeline.commands.compare import run_compare
    from pipeline.config.config import read_config
    from pipeline.language.sentence import Sentence
    from pipeline.report.titles import title_of

    settings = read_config(config)
    evaluation, comparison = run_compare(settings, against, horizon)
    if as_json:
        terminal.print_json({**evaluation.tables, **comparison.tables})
        return
    title = title_of(settings.name, settings.simulation)
    if full:
        evaluation_screen.results(evaluation, title, whole=True)
        evaluation_screen.calibration(evaluation, title)
    comparison_screen.compared(comparison, title, whole=full)
    page = settings.output_path("compare.html")
    terminal.say(
        Sentence("to open: {page}; lead by lead: compare.csv, tables: compare_*.csv beside it", page=page)
    )
