"""The verbs that fit and test what tells intents in transcripts."""

from pathlib import Path
from typing import Annotated

import typer

from pipeline.cli.options import Json

intents_app = typer.Typer(
    help="Fit and test what tells intents in transcripts.", no_args_is_help=True, rich_markup_mode=None
)

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


@intents_app.command("train")
def intents_train(
    file: Utterances,
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="A new folder for the recogniser.")],
    text_column: TextColumn = "text",
    label_column: LabelColumn = "label",
) -> None:
    """Fit a recogniser on a team's own labelled utterances; name its folder in intents.recogniser."""
    from pipeline import terminal
    from pipeline.commands import intents

    labelled = intents.read_labelled(file, text_column, label_column)
    fitted = intents.fit_and_save(file, labelled, out)
    counts = labelled.rows.groupby("family").agg(labels=("label", "nunique"), rows=("text", "size"))
    terminal.show(counts.reset_index(), "labels by the family they count as")
    left_out = f", {labelled.left_out} left out for want of text or label" if labelled.left_out else ""
    terminal.say(f"fitted on {len(labelled.rows)} utterances{left_out}: {out} ({fitted.fingerprint[:12]})")


@intents_app.command("test")
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
    from pipeline import terminal
    from pipeline.commands import intents

    labelled = intents.read_labelled(file, text_column, label_column)
    table = intents.judge_recogniser(intents.load(recogniser), labelled)
    if as_json:
        terminal.print_json({"families": table})
    else:
        terminal.show(table, f"{recogniser} on {len(labelled.rows)} utterances")
