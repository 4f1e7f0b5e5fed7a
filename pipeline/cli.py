"""The command line. Heavy imports happen inside the verb that needs them, so that --help is quick."""

import errno
import io
import os
import sys
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from pipeline.errors import ConfigError, LeadgradeError, MachineError

app = typer.Typer(
    help="Grade telesales leads A-E from call logs and attributes, beside the team's own rules.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

intents = typer.Typer(
    help="Fit and test what tells intents in transcripts.", no_args_is_help=True, rich_markup_mode=None
)
app.add_typer(intents, name="intents")

ConfigPath = Annotated[
    Path, typer.Argument(metavar="CONFIG", help="The YAML configuration.", show_default=False)
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON for a script instead of tables.")]


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
    screen.leads(shown.scored.leads.head(5), shown.title)
    screen.say(
        f"{len(shown.scored.leads)} leads graded in {shown.out}; the true probabilities are in {shown.truth}"
    )


@app.command()
def check(config: ConfigPath, as_json: Json = False) -> None:
    """Read the sources against their contracts; count what is used, absent and quarantined."""
    from pipeline import runs, screen
    from pipeline.config import read_config

    settings = read_config(config)
    found = runs.check(settings)
    if as_json:
        screen.print_json(
            {"sources": found.sources, "labels": found.labels, "absent": found.absent, "notes": found.notes}
        )
        return
    for note in found.notes:
        screen.say(note)
    screen.counts(found.sources)
    for missing, names in found.absent.items():
        screen.say(f"absent for want of {missing}: {', '.join(names)}")
    if found.observed_until is not None:
        screen.say(f"outcomes are complete until {found.observed_until:%Y-%m-%d %H:%M}Z")
    screen.show(found.labels, "labels")
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

    settings = read_config(config, {"refit": True} if refit else None)
    training, validated = runs.run_train(settings)
    evaluation = training.evaluation
    if as_json:
        screen.print_json(
            {
                "leaderboard": evaluation.board,
                "grades": evaluation.grades,
                "scorer": training.shipped.fingerprint,
            }
        )
        return
    screen.counts(runs.count_table(validated), validated.hearing)
    title = screen.title_of(settings.name, settings.simulation)
    screen.results(evaluation, title, whole=False)
    if settings.refit:
        screen.say(
            "refitted: all periods moved forward by one; the scorer that ships was calibrated on leads from "
            f"{training.shipped_periods.calibrate_from}, which the one above was tested on"
        )
    screen.say(f"scorer {training.shipped.fingerprint[:12]} in {settings.output_path(runs.SCORER)}")


@app.command()
def score(
    config: ConfigPath,
    out: Annotated[Path, typer.Option(help="The graded list: .csv, .csv.gz, .parquet or .xlsx.")],
    leads: Annotated[
        Path | None, typer.Option(help="Another lead list, in the dialect of the configured one.")
    ] = None,
    as_of: Annotated[
        str | None,
        typer.Option(help="Grade as of this time (the config's zone); the export time when left out."),
    ] = None,
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Replace the graded list if it exists.")
    ] = False,
    explain: Annotated[
        bool, typer.Option("--explain", help="Also write why each lead has its rule grades, beside the list.")
    ] = False,
) -> None:
    """Grade a lead list with the saved scorer; leads without a grade go to a quarantine file."""
    from pipeline import runs, screen
    from pipeline.config import read_config

    settings = read_config(config)
    instant = _instant(as_of, settings.timezone)
    scored, validated, used = runs.run_score(
        settings, leads, instant, out, overwrite=overwrite, explain=explain
    )
    screen.counts(runs.count_table(validated), validated.hearing)
    screen.leads(scored.leads.head(5), screen.title_of(settings.name, settings.simulation))
    screen.say(
        f"{len(scored.leads)} leads graded as of {used:%Y-%m-%d %H:%M}Z in {out}; "
        f"{len(scored.left_out)} not open, see {runs.quarantine_path(out)}"
    )
    if explain:
        screen.say(f"why each rule grade: {runs.explained_path(out)}")


@app.command()
def compare(config: ConfigPath, as_json: Json = False) -> None:
    """Put the learned grades and the rule grades side by side on the test period's leads."""
    from pipeline import runs, screen
    from pipeline.config import read_config

    settings = read_config(config)
    evaluation, _, parting = runs.run_compare(settings)
    if as_json:
        screen.print_json({"leaderboard": evaluation.board, "grades": evaluation.grades, "parting": parting})
        return
    title = screen.title_of(settings.name, settings.simulation)
    screen.results(evaluation, title, whole=True)
    screen.parting(parting, title, whole=True)
    screen.say(f"lead by lead: {settings.output_path('compare.csv')}")


@app.command()
def features(
    config: Annotated[
        Path | None, typer.Argument(metavar="[CONFIG]", help="Also list this data's attributes.")
    ] = None,
    as_json: Json = False,
    markdown: Annotated[bool, typer.Option("--markdown", help="Print the page features/README.md.")] = False,
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


Utterances = Annotated[
    Path,
    typer.Argument(
        metavar="FILE", help="Labelled utterances: CSV, Excel, Parquet or JSONL.", show_default=False
    ),
]
TextColumn = Annotated[str, typer.Option("--text-column", help="The column with what was said.")]
LabelColumn = Annotated[
    str, typer.Option("--label-column", help="The column with the label: a family's name or a fine label.")
]


@intents.command("train")
def intents_train(
    file: Utterances,
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="A new folder for the recogniser.")],
    text_column: TextColumn = "text",
    label_column: LabelColumn = "label",
) -> None:
    """Fit a recogniser on a team's own labelled utterances; name its folder in intents.recogniser."""
    from pipeline import intents as recognisers
    from pipeline import screen

    labelled = recognisers.read_labelled(file, text_column, label_column)
    fitted = recognisers.fit_and_save(file, labelled, out)
    counts = labelled.rows.groupby("family").agg(labels=("label", "nunique"), rows=("text", "size"))
    screen.show(counts.reset_index(), "labels by the family they count as")
    left_out = f", {labelled.left_out} left out for want of text or label" if labelled.left_out else ""
    screen.say(f"fitted on {len(labelled.rows)} utterances{left_out}: {out} ({fitted.fingerprint[:12]})")


@intents.command("test")
def intents_test(
    file: Utterances,
    recogniser: Annotated[
        str, typer.Option("--recogniser", help="lexicon, or the folder of a trained one.")
    ] = "lexicon",
    text_column: TextColumn = "text",
    label_column: LabelColumn = "label",
    as_json: Json = False,
) -> None:
    """Say how well a recogniser tells the families of labelled utterances."""
    from pipeline import intents as recognisers
    from pipeline import screen

    labelled = recognisers.read_labelled(file, text_column, label_column)
    table = recognisers.judge(recognisers.load(recogniser), labelled)
    if as_json:
        screen.print_json({"families": table})
    else:
        screen.show(table, f"{recogniser} on {len(labelled.rows)} utterances")


def _instant(text: str | None, timezone: str) -> datetime | None:
    from pipeline.settings import to_moment

    try:
        return None if text is None else to_moment(text, timezone)
    except ValueError as error:
        raise ConfigError(f"--as-of {text!r}: {error}") from None


def main() -> None:
    """Run the command line; what a user can mend ends in one line and a stable exit code."""
    # Nothing is reported to anyone.
    os.environ.setdefault("MLFLOW_DISABLE_TELEMETRY", "true")
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a terminal without Chinese is no reason to stop
    try:
        app()
    except LeadgradeError as error:
        _stop(error)
    except OSError as error:
        words = _machine_words(error)
        if words is None:
            raise
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
