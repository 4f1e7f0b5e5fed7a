"""The command line. Heavy imports happen inside the verb that needs them, so that --help is quick."""

import errno
import io
import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from pipeline import cli_backtest, cli_intents, cli_lifecycle, cli_lists, cli_monitor
from pipeline.cli_options import AsOf, ConfigPath, Json, ModelChoice, instant
from pipeline.engines import hush
from pipeline.errors import LeadgradeError, MachineError

app = typer.Typer(
    help="Grade telesales leads A-E from call logs and attributes, beside the team's own rules.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


@app.command()
def demo(
    folder: Annotated[
        Path, typer.Argument(metavar="DIR", help="A new folder for the world and all results.")
    ],
    leads: Annotated[int, typer.Option(min=500, max=1_000_000, help="How many leads to simulate.")] = 5000,
    seed: Annotated[int, typer.Option(min=0, help="The same seed gives the same world.")] = 7,
) -> None:
    """Write a simulated telesales world, then train, score and compare on it."""
    from pipeline import demo as world
    from pipeline import screen

    shown = world.run_demo(folder, leads, seed)
    screen.counts(shown.counts)
    screen.results(shown.training.evaluation, shown.title, whole=False)
    screen.parting(shown.parting, shown.title, whole=False)
    screen.leads(shown.scored.best, shown.title)
    screen.say(
        f"{shown.scored.rows} leads graded in {shown.out}; the true probabilities are in {shown.truth}"
    )


@app.command()
def check(config: ConfigPath, as_json: Json = False) -> None:
    """Read the sources against their contracts; count rows; name what looks as if it knew the outcome."""
    from pipeline import runs, screen
    from pipeline.config import read_config
    from pipeline.leaks import suspect_table

    settings = read_config(config)
    found = runs.check(settings)
    if as_json:
        screen.print_json(
            {
                "sources": found.sources,
                "labels": found.labels,
                "absent": found.absent,
                "notes": found.notes,
                "suspects": suspect_table(found.suspects),
            }
        )
        return
    for note in found.notes:
        screen.say(note)
    screen.counts(found.sources)
    screen.absent(found.absent)
    if found.observed_until is not None:
        screen.say(f"outcomes are complete until {found.observed_until:%Y-%m-%d %H:%M}Z")
    screen.show(found.labels, "labels")
    screen.suspects(found.suspects, settings.leaks.policy)
    screen.say(f"quarantined rows: {settings.output_path('quarantine.csv')}")


@app.command()
def train(
    config: ConfigPath,
    refit: Annotated[
        bool, typer.Option("--refit", help="After evaluation, fit again on all periods moved forward.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Fit, calibrate, grade and evaluate by time; save the scorer and record the run in MLflow."""
    from pipeline import runs, screen
    from pipeline.config import read_config
    from pipeline.leaks import suspect_table
    from pipeline.verdict import first_words

    settings = read_config(config, {"refit": True} if refit else None)
    training, validated = runs.run_train(settings)
    evaluation = training.evaluation
    warnings = first_words(evaluation, at_least=training.scorer.model.at_least_)
    if as_json:
        screen.print_json(
            {
                "warnings": list(warnings),
                **evaluation.tables,
                "scorer": training.shipped.fingerprint,
                "suspects": suspect_table(training.suspects),
                "dropped": list(training.shipped.dropped),
                "search": None if training.searched is None else training.searched.trials,
            }
        )
        return
    for sentence in warnings:
        screen.say(sentence)
    screen.counts(runs.count_table(validated), validated.hearing)
    screen.warn_of(training.suspects, training.shipped.dropped)
    title = screen.title_of(settings.name, settings.simulation)
    screen.searched(training.searched, title)
    screen.results(evaluation, title, whole=False)
    if settings.refit:
        screen.say(
            "refitted: all periods moved forward by one; the scorer that ships was calibrated on leads from "
            f"{training.shipped_periods.calibrate_from}, which the one above was tested on"
        )
    screen.say(f"scorer {training.shipped.fingerprint[:12]} in {settings.output_path(runs.SCORER)}")
    screen.say(f"it is the challenger now: leadgrade promote {config} compares it with the champion")


@app.command()
def score(
    config: ConfigPath,
    out: Annotated[Path, typer.Option(help="The graded list: .csv, .csv.gz, .parquet or .xlsx.")],
    leads: Annotated[
        Path | None, typer.Option(help="Another lead list, in the dialect of the configured one.")
    ] = None,
    as_of: AsOf = None,
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Replace the graded list if it exists.")
    ] = False,
    reasons: Annotated[
        int, typer.Option(min=0, max=20, help="Reasons for and against a close that each lead is given.")
    ] = 3,
    explain: Annotated[
        bool,
        typer.Option(
            "--explain", help="Also write, beside the list, its reasons one a line and those of rules."
        ),
    ] = False,
    model: ModelChoice = None,
) -> None:
    """Grade a lead list with the champion; leads without a grade go to a quarantine file."""
    from pipeline import runs, score_run, screen
    from pipeline.config import read_config

    settings = read_config(config)
    at = instant(as_of, settings.timezone)
    listed = score_run.run_score(
        settings, leads, at, out, overwrite=overwrite, reasons=reasons, explain=explain, model=model
    )
    screen.counts(runs.count_table(listed.validated), listed.validated.hearing)
    screen.leads(listed.best, screen.title_of(settings.name, settings.simulation))
    screen.say(
        f"{listed.rows} leads graded as of {listed.as_of:%Y-%m-%d %H:%M}Z in {out}; "
        f"{listed.left_out} not open, see {score_run.quarantine_path(out)}"
    )
    if listed.without_history:
        screen.say(f"{listed.without_history} of them have no history: graded on their attributes alone")
    screen.say(f"graded by {listed.graded_by}")
    if explain:
        rules, scores = score_run.explained_paths(out)
        screen.say(f"why each rule grade: {rules}; why each score: {scores}")


@app.command()
def compare(config: ConfigPath, as_json: Json = False) -> None:
    """Put the learned grades and the rule grades side by side on the test period's leads."""
    from pipeline import runs, screen
    from pipeline.config import read_config

    settings = read_config(config)
    evaluation, _, parting = runs.run_compare(settings)
    if as_json:
        screen.print_json({**evaluation.tables, "parting": parting})
        return
    title = screen.title_of(settings.name, settings.simulation)
    screen.results(evaluation, title, whole=True)
    screen.calibration(evaluation, title)
    screen.parting(parting, title, whole=True)
    screen.say(f"lead by lead: {settings.output_path('compare.csv')}")


app.add_typer(cli_backtest.app)
app.add_typer(cli_lifecycle.app)
app.add_typer(cli_monitor.app)
app.add_typer(cli_lists.app)
app.add_typer(cli_intents.app, name="intents")


def main() -> None:
    """Run the command line; what a user can mend ends in one line and a stable exit code."""
    hush()
    # Nothing is reported to anyone.
    os.environ.setdefault("MLFLOW_DISABLE_TELEMETRY", "true")
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a terminal without Chinese is no reason to stop
    try:
        try:
            app()
        finally:
            sys.stdout.flush()
    except LeadgradeError as error:
        _stop(error)
    except OSError as error:
        words = _machine_words(error)
        if words is None:
            raise
        # What could not be written is not tried again when Python ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.__stdout__.fileno() if sys.__stdout__ else 1)
        _stop(MachineError(words))


def _machine_words(error: OSError) -> str | None:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return "the disk is full: make room and run the command again"
    if "libgomp" in str(error):
        return (
            "LightGBM needs the system library libgomp: install it "
            "(Debian and Ubuntu: apt-get install libgomp1; Fedora: dnf install libgomp)"
        )
    return None


def _stop(error: LeadgradeError) -> None:
    line = " ".join(str(error).split())
    sys.stderr.write(f"leadgrade: {line}\n")
    sys.exit(error.exit_code)
