"""``leadgrade score``."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from pipeline.cli.help_in_words import read_as_asked
from pipeline.cli.options import AsOf, ConfigPath, ModelChoice, Pseudonymise, instant


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
    pseudonymise: Pseudonymise = None,
    since: Annotated[
        Path | None,
        typer.Option(
            help="For .xlsx: the graded list (.csv, .parquet) to tell changes from; the last kept one when "
            "left out."
        ),
    ] = None,
    dialect: Annotated[
        str | None,
        typer.Option(
            metavar="CRM",
            help="Write what the CRM's own import takes: salesforce, hubspot, zoho, fxiaoke ...",
        ),
    ] = None,
    language: Annotated[
        Literal["en", "zh", "both"] | None,
        typer.Option(
            callback=read_as_asked,
            is_eager=True,
            help="Of what is shown, and of an .xlsx's headers and words; when left out that of the terminal "
            "(LANG) and of the configuration.",
        ),
    ] = None,
) -> None:
    """Grade a lead list with the champion; leads without a grade go to a quarantine file.

    As .csv or .parquet the list has every column, for machines. As .xlsx it is for salespeople: whom to call
    first, why, what is due and what changed since the last list, in Chinese and English.
    """
    from pipeline import terminal
    from pipeline.cli.screens import lists as lists_screen
    from pipeline.cli.screens import sources as sources_screen
    from pipeline.commands import score as score_run
    from pipeline.commands.sources import count_table
    from pipeline.config.config import read_config
    from pipeline.language.sentence import Sentence
    from pipeline.report.titles import title_of

    settings = read_config(config)
    at = instant(as_of, settings.timezone)
    listed = score_run.run_score(
        settings,
        leads,
        at,
        out,
        overwrite=overwrite,
        reasons=reasons,
        explain=explain,
        model=model,
        pseudonymise=pseudonymise,
        since=since,
        written=language,
        dialect=dialect,
    )
    sources_screen.counts(count_table(listed.validated), listed.validated.hearing)
    lists_screen.leads(listed.best, title_of(settings.name, settings.simulation))
    terminal.say(
        Sentence(
            "{rows} leads graded as of {as_of:%Y-%m-%d %H:%M}Z in {out}; "
            "{left_out} not open, see {quarantine}",
            rows=listed.rows,
            as_of=listed.as_of,
            out=out,
            left_out=listed.left_out,
            quarantine=score_run.quarantine_path(out),
        )
    )
    if listed.without_history:
        count = listed.without_history
        terminal.say(
            Sentence("{count} of them have no history: graded on their attributes alone", count=count)
        )
    lists_screen.outside(listed.outside)
    terminal.say(Sentence("graded by {scorer}", scorer=listed.graded_by))
    if explain:
        rules, scores = score_run.explained_paths(out)
        terminal.say(
            Sentence("why each rule grade: {rules}; why each score: {scores}", rules=rules, scores=scores)
        )
