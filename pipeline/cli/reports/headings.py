"""The headings of the reports' columns, in the reader's language."""

from collections.abc import Callable, Mapping

import polars as pl

from pipeline.language.catalogue import Language, translate
from pipeline.terminal import say, show

_HEADINGS: Mapping[str, Callable[[Language], str]] = {
    "agent": lambda to: translate("agent", to),
    "calls": lambda to: translate("calls", to),
    "promised": lambda to: translate("promised", to),
    "missed": lambda to: translate("missed", to),
    "later": lambda to: translate("call later", to),
    "new": lambda to: translate("new", to),
    "retry": lambda to: translate("again", to),
    "due": lambda to: translate("due", to),
    "lot": lambda to: translate("by lot", to),
    "at": lambda to: translate("at", to),
    "lead_id": lambda to: translate("lead", to),
    "grade": lambda to: translate("grade", to),
    "why": lambda to: translate("why", to),
    "held": lambda to: translate("not called, because", to),
    "leads": lambda to: translate("leads", to),
}


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
    told = shown.head(most).rename({name: _HEADINGS[head](language) for name, head in heads.items()})
    show(told.to_pandas(), title)
    if len(frame) > most:
        say(translate("... and {count} more in the file", language, count=len(frame) - most))
