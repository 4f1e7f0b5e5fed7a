"""``leadgrade demo``."""

from pathlib import Path
from typing import Annotated

import typer


def demo(
    folder: Annotated[
        Path, typer.Argument(metavar="DIR", help="A new folder for the world and all results.")
    ],
    leads: Annotated[int, typer.Option(min=500, max=1_000_000, help="How many leads to simulate.")] = 5000,
    seed: Annotated[int, typer.Option(min=0, help="The same seed gives the same world.")] = 7,
) -> None:
    """Write a simulated telesales world, then train, score and compare on it."""
    from pipeline import terminal
    from pipeline.cli.screens import comparison as comparison_screen
    from pipeline.cli.screens import evaluation as evaluation_screen
    from pipeline.cli.screens import lists as lists_screen
    from pipeline.cli.screens import sources as sources_screen
    from pipeline.commands import demo as world
    from pipeline.language.sentence import Sentence

    shown = world.run_demo(folder, leads, seed)
    sources_screen.counts(shown.counts)
    evaluation_screen.results(shown.training.evaluation, shown.title, whole=False)
    comparison_screen.compared(shown.comparison, shown.title, whole=False)
    lists_screen.leads(shown.scored.best, shown.title)
    terminal.say(
        Sentence(
            "{rows} leads graded in {out}; the true probabilities are in {truth}",
            rows=shown.scored.rows,
            out=shown.out,
            truth=shown.truth,
        )
    )
    lists_screen.outside(shown.scored.outside)
