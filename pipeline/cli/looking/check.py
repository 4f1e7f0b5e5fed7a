"""``leadgrade check``."""

from typing import Annotated

import typer

from pipeline.cli.options import ConfigPath, Json


def check(
    config: ConfigPath,
    verbose: Annotated[bool, typer.Option("--verbose", help="Name each absent feature.")] = False,
    as_json: Json = False,
) -> None:
    """Read the sources against their contracts; count rows; name what looks as if it knew the outcome."""
    from pipeline import terminal
    from pipeline.cli.screens import sources as sources_screen
    from pipeline.commands.check import run_check
    from pipeline.commands.sources import outcome_table
    from pipeline.config.config import read_config
    from pipeline.language.sentence import Sentence
    from pipeline.leaks.sentinel import suspect_table

    settings = read_config(config)
    found = run_check(settings)
    if as_json:
        terminal.print_json(
            {
                "outcomes": outcome_table(found.outcomes),
                "said": found.outcomes.sentences(),
                "sources": found.sources,
                "labels": found.labels,
                "absent": found.absent,
                "notes": found.notes,
                "suspects": suspect_table(found.suspects),
            }
        )
        return
    sources_screen.outcome_lines(found.outcomes)
    for note in found.notes:
        terminal.say(note)
    sources_screen.counts(found.sources)
    sources_screen.absent(found.absent, verbose=verbose)
    if found.observed_until is not None:
        terminal.say(
            Sentence("outcomes are complete until {until:%Y-%m-%d %H:%M}Z", until=found.observed_until)
        )
    terminal.show(found.labels, Sentence("labels"))
    sources_screen.suspects(found.suspects, settings.leaks.policy)
    terminal.say(Sentence("quarantined rows: {path}", path=settings.output_path("quarantine.csv")))
