"""The verbs that say which trained scorer grades leads."""

from typing import Annotated

import typer

from pipeline.cli_options import ConfigPath, Json
from pipeline.errors import PromotionError

app = typer.Typer()


@app.command()
def record(config: ConfigPath) -> None:
    """Record the last training in MLflow, where the store did not take it, without training again."""
    from pipeline import runs, screen
    from pipeline.config import read_config

    scorer = runs.run_record(read_config(config))
    screen.say(f"scorer {scorer[:12]} is recorded")
    screen.say(f"it is the challenger now: leadgrade promote {config} compares it with the champion")


@app.command()
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
    from pipeline import screen
    from pipeline.config import read_config
    from pipeline.lifecycle import run_promote

    if force != bool(reason and reason.strip()):
        raise typer.BadParameter("--force and --reason TEXT go together: a forced promotion says why")
    settings = read_config(config)
    found = run_promote(settings, reason if force else None)
    if as_json:
        screen.print_json(
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
        screen.promotion(found, screen.title_of(settings.name, settings.simulation))
    if not found.promoted:
        raise PromotionError(
            f"{found.challenger} was not promoted: {found.decision.reasons[-1]}; train on newer data, "
            f"or overrule the gate: leadgrade promote {config} --force --reason TEXT"
        )


@app.command()
def rollback(
    config: ConfigPath,
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why; it is kept in the registry.")],
) -> None:
    """Make the champion before the present one the champion again."""
    from pipeline import screen
    from pipeline.config import read_config
    from pipeline.lifecycle import run_rollback

    if not reason.strip():
        raise typer.BadParameter("--reason needs words: a rollback says why")
    left, restored = run_rollback(read_config(config), reason)
    screen.say(f"{restored} is the champion again; {left} was taken back: {reason}")
