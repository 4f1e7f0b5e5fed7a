"""What is shown of sources: rows, absent features, leak suspects."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import pandas as pd

from pipeline.leaks.sentinel import suspect_table
from pipeline.leaks.suspect import Suspect
from pipeline.terminal import say, show

if TYPE_CHECKING:
    pass  # it imports MLflow, which takes seconds


def outcome_lines(table: pd.DataFrame, sentences: Sequence[str]) -> None:
    """What became of the outcomes, and what of it is to be heard."""
    for sentence in sentences:
        say(sentence)
    show(table, "outcomes")


def counts(table: pd.DataFrame, hearing: str = "") -> None:
    """Rows in, used and quarantined per source; and what was heard in transcripts, if anything."""
    if hearing:
        say(hearing)
    show(table, "rows in = rows used + left out by the configuration + quarantined")


def absent(missing: Mapping[str, Sequence[str]], *, verbose: bool = False) -> None:
    """The features that are absent: a line for each source with what it lacks and how many want that.

    Args:
        missing: what each absent feature lacks, as ``table`` or ``table.column``.
        verbose: name the features, together by what they lack.

    Example:
        >>> lacking = {"calls_7d": ["calls"], "last": ["orders.b"], "total": ["orders.a", "orders.b"]}
        >>> absent(lacking)
        absent for want of calls: 1 feature (named with --verbose)
        absent for want of orders.a, orders.b: 2 features (named with --verbose)
        >>> absent(lacking, verbose=True)
        absent for want of calls: calls_7d
        absent for want of orders.b: last
        absent for want of orders.a, orders.b: total
    """
    wants: dict[str, list[str]] = {}
    for name, wanted in missing.items():
        key = ", ".join(wanted) if verbose else wanted[0].split(".")[0]
        wants.setdefault(key, []).append(name)
    for want, names in wants.items():
        if verbose:
            say(f"absent for want of {want}: {', '.join(names)}")
            continue
        lacks = ", ".join(sorted({one for name in names for one in missing[name]}))
        several = "" if len(names) == 1 else "s"
        say(f"absent for want of {lacks}: {len(names)} feature{several} (named with --verbose)")


def suspects(found: Sequence[Suspect], policy: str) -> None:
    """What looks as if it knew the outcome, with its evidence, and why in a sentence each."""
    if not found:
        say("no column or event looks as if it knew the outcome")
        return
    show(
        suspect_table(found)[["name", "kind", "standing", "evidence"]],
        f"leak suspects (leaks.policy: {policy}; list the honest ones in leaks.trusted)",
    )
    for suspect in found:
        say(suspect.sentence_en)


def warn_of(found: Sequence[Suspect], dropped: Sequence[str]) -> None:
    """A line for each leak suspect, and what the model was made to do without."""
    for suspect in found:
        say(f"leak {'question' if suspect.is_question else 'suspect'}: {suspect.sentence_en}")
    if dropped:
        say(f"dropped as leak suspects: {', '.join(dropped)}")
