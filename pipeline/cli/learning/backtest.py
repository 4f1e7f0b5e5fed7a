"""The verb that backtests."""

from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli.options import ConfigPath, Json
from pipeline.errors import ConfigError

if TYPE_CHECKING:
    from pipeline.training.calendar_spans import Span


def backtest(
    config: ConfigPath,
    window: Annotated[
        str | None,
        typer.Option(
            metavar="SPAN",
            help="Learn from and calibrate on so much before each origin: 12m, 90d, 4w, 1y, or rows of a "
            "flat list; as long as the configuration's own periods when left out.",
        ),
    ] = None,
    step: Annotated[
        str | None,
        typer.Option(metavar="SPAN", help="From one origin to the next; 1m, or 100 rows, when left out."),
    ] = None,
    last: Annotated[
        int | None,
        typer.Option(min=1, help="Only the last so many origins; of a flat list, the last so many rows."),
    ] = None,
    expanding: Annotated[
        bool, typer.Option("--expanding", help="Windows begin with the first row and grow.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Refit at one origin after another, predict up to the next, and judge all predictions together."""
    from pipeline import terminal
    from pipeline.cli.screens import evaluation as evaluation_screen
    from pipeline.commands.backtest import PREDICTIONS, backtest_tables, run_backtest
    from pipeline.config.config import read_config
    from pipeline.language.sentence import Sentence
    from pipeline.report.titles import title_of
    from pipeline.training.origins import Plan

    plan = Plan(_span("--window", window), _span("--step", step), last, expanding)
    settings = read_config(config)
    found = run_backtest(settings, plan)
    if as_json:
        terminal.print_json(backtest_tables(found))
        return
    evaluation_screen.backtested(found, title_of(settings.name, settings.simulation))
    path = settings.output_path(PREDICTIONS)
    terminal.say(Sentence("{count} predictions: {path}", count=len(found.predictions), path=path))


def _span(option: str, text: str | None) -> "Span | None":
    from pipeline.training.calendar_spans import Span

    try:
        return None if text is None else Span.read(text)
    except ValueError as error:
        raise ConfigError(f"{option} {text!r}: {error}") from None
