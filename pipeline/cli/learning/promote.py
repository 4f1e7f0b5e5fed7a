"""``leadgrade promote``."""

from typing import Annotated

import typer

from pipeline.cli.options import ConfigPath, Json
from pipeline.errors import PromotionError


def promote(
    config: ConfigPath,
    force: Annotated[
        bool, typer.Option("--force", help="Promote even if the gate does not pass; needs --reason.")
    ] = False,
    reason: Annotated[
        str | None, typer.Option("--reason", metavar="TEXT", help="Why the gate is overruled; it is kept.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Compare the challenger with champion and rules on the newest rows; promote it if the gate passes."""
    from pipeline import terminal
    from pipeline.cli.screens import lists as lists_screen
    from pipeline.commands.promote import run_promote
    from pipeline.config.config import read_config
    from pipeline.language.sentence import Sentence
    from pipeline.report.titles import title_of

    if force != bool(reason and reason.strip()):
        raise typer.BadParameter("--force and --reason TEXT go together: a forced promotion says why")
    settings = read_config(config)
    found = run_promote(settings, reason if force else None)
    if as_json:
        terminal.print_json(
            {
                "challenger": str(found.challenger),
                "champion": None if found.champion is None else str(found.champion),
                "promoted": found.promoted,
                "forced": found.forced,
                "reasons": list(found.decision.reasons),
                "gate": found.decision.table,
                "grade_changes": found.changes,
            }
        )
    else:
        lists_screen.promotion(found, title_of(settings.name, settings.simulation))
    if not found.promoted:
        raise PromotionError(
            Sentence(
                "{version} was not promoted: {why}; train on newer data, "
                "or overrule the gate: leadgrade promote {config} --force --reason TEXT",
                version=found.challenger,
                why=found.decision.reasons[-1],
                config=config,
            )
        )
