"""What all reports show alike: the first rows of a table, and which files were written."""

from collections.abc import Iterable

import polars as pl

from pipeline.commands.reports.headings import heading
from pipeline.config.config import Config
from pipeline.language.catalogue import Language, translate
from pipeline.terminal import say, show


def show_report(frame: pl.DataFrame, title: str, language: Language, most: int = 10) -> None:
    """Show the first rows of a table under headings in the reader's language; says how many more there are.

    Args:
        frame: a column per heading that is known here; of columns in both languages the reader's is shown.
        title: in the reader's language.
        language: the reader's.
        most: rows to show.
    """
    other = "_zh" if language == "en" else "_en"
    shown = frame.select(name for name in frame.columns if not name.endswith(other))
    heads = {name: name.removesuffix(f"_{language}") for name in shown.columns}
    told = shown.head(most).rename({name: heading(head, language) for name, head in heads.items()})
    show(told.to_pandas(), title)
    if len(frame) > most:
        say(translate("... and {count} more in the file", language, count=len(frame) - most))


def files_told(config: Config, names: Iterable[str], language: Language) -> None:
    """Say which files a report has written."""
    told = ", ".join(names)
    say(translate("files in {folder}: {names}", language, folder=config.output_path(), names=told))
