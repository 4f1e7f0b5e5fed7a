"""The verbs that fit and test what tells intents in transcripts."""

from pathlib import Path
from typing import Annotated

import typer

from pipeline.cli.help_in_words import ReadableCommand, ReadableGroup, readable
from pipeline.cli.options import Json
from pipeline.language.sentence import Sentence

intents_app = typer.Typer(
    help="Fit and test what tells intents in transcripts.",
    no_args_is_help=True,
    rich_markup_mode=None,
    cls=ReadableGroup,
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


@intents_app.command("train", cls=ReadableCommand)
@readable
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
    terminal.show(counts.reset_index(), Sentence("labels by the family they count as"))
    fit = Sentence("fitted on {count} utterances", count=len(labelled.rows))
    if labelled.left_out:
        fit = Sentence("{fit}, {count} left out for want of text or label", fit=fit, count=labelled.left_out)
    named = fitted.fingerprint[:12]
    terminal.say(Sentence("{fit}: {out} ({recogniser})", fit=fit, out=out, recogniser=named))


@intents_app.command("test", cls=ReadableCommand)
@readable
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
        count = len(labelled.rows)
        terminal.show(
            table, Sentence("{recogniser} on {count} utterances", recogniser=recogniser, count=count)
        )


@intents_app.command("hear", cls=ReadableCommand)
@readable
def intents_hear(
    file: Annotated[
        Path,
        typer.Argument(
            metavar="FILE", help="A call's text, or a table with a call in each row.", show_default=False
        ),
    ],
    row: Annotated[
        int, typer.Option(min=1, help="Which row of a table; 1 is the first below the header.")
    ] = 1,
    column: Annotated[str, typer.Option(help="The column with the transcripts.")] = "transcript",
    customer: Annotated[
        list[str] | None, typer.Option(help="A label of the customer; may be repeated.")
    ] = None,
    agent: Annotated[list[str] | None, typer.Option(help="A label of ours; may be repeated.")] = None,
    recogniser: Annotated[
        str, typer.Option("--recogniser", help="lexicon, or the folder of a trained one.")
    ] = "lexicon",
    as_json: Json = False,
) -> None:
    """Show a call with what is heard in each turn, by which words, and the counts that come of it."""
    from pipeline import terminal
    from pipeline.commands import hear, intents

    call = hear.hear_file(
        file, intents.load(recogniser), row=row, column=column, customer=customer or (), agent=agent or ()
    )
    turns = hear.turn_table(call)
    if as_json:
        terminal.print_json({"turns": turns, "counts": dict(call.counts), "sides": call.note})
        return
    terminal.say(call.note)
    if len(turns):
        terminal.show(turns, Sentence("{file}: what was heard", file=file))
    counts = (f"{name} {'missing' if value is None else value}" for name, value in call.counts.items())
    terminal.say(", ".join(counts))
