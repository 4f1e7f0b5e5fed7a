"""What is shown of sources: rows, absent features, leak suspects."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import pandas as pd

from pipeline.leaks.sentinel import suspect_table
from pipeline.leaks.suspect import Suspect
from pipeline.terminal import say, show

if TYPE_CHECKING:
    pass  # it imports MLflow, which takes seconds


def counts(table: pd.DataFrame, hearing: str = "") -> None:
    """Rows in, used and quarantined per source; and what was heard in transcripts, if anything."""
    if hearing:
        say(hearing)
    show(table, "rows in = rows used + rows quarantined")


def absent(missing: Mapping[str, Sequence[str]]) -> None:
    """The features that are absent, together by what they miss.

    Example:
        >>> absent({"calls_7d": ["calls"], "amount_total": ["orders.amount_minor"], "calls_total": ["calls"]})
        absent for want of calls: calls_7d, calls_total
        absent for want of orders.amount_minor: amount_total
    """
    wants: dict[str, list[str]] = {}
    for name, wanted in missing.items():
        wants.setdefault(", ".join(wanted), []).append(name)
    for want, names in wants.items():
        say(f"absent for want of {want}: {', '.join(names)}")


def suspects(found: Sequence[Suspect], policy: str) -> None:
    """What looks as if it knew the outcome, with its evidence, and why in a sentence each."""
    if not found:
        say("no column or event looks as if it knew the outcome")
        return
    show(
        suspect_table(found)[["name", "kind", "evidence"]],
        f"leak suspects (leaks.policy: {policy}; list the honest ones in leaks.trusted)",
    )
    for suspect in found:
        say(suspect.sentence_en)


def warn_of(found: Sequence[Suspect], dropped: Sequence[str]) -> None:
    """A line for each leak suspect, and what the model was made to do without."""
    for suspect in found:
        say(f"leak suspect: {suspect.sentence_en}")
    if dropped:
        say(f"dropped as leak suspects: {', '.join(dropped)}")
