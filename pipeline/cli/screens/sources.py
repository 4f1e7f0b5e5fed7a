"""What is shown of sources: rows, absent features, leak suspects."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import pandas as pd

from pipeline.language.reader import reader, told
from pipeline.language.sentence import Sentence
from pipeline.leaks.sentinel import suspect_table
from pipeline.leaks.suspect import Suspect
from pipeline.outcomes.account import OutcomeAccount
from pipeline.terminal import say, show

if TYPE_CHECKING:
    pass  # it imports MLflow, which takes seconds


def outcome_lines(account: OutcomeAccount) -> None:
    """What became of the outcomes, and what of it is to be heard."""
    for sentence in account.sentences():
        say(sentence)
    lines = [(told(what), count) for what, count in account.lines()]
    show(pd.DataFrame(lines, columns=["what", "count"]), Sentence("outcomes"))


def counts(table: pd.DataFrame, hearing: str = "") -> None:
    """Rows in, used and quarantined per source; and what was heard in transcripts, if anything."""
    if hearing:
        say(hearing)
    show(table, Sentence("rows in = rows used + left out by the configuration + quarantined"))


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
            say(Sentence("absent for want of {want}: {names}", want=want, names=tuple(names)))
            continue
        lacks = tuple(sorted({one for name in names for one in missing[name]}))
        if len(names) == 1:
            say(Sentence("absent for want of {want}: 1 feature (named with --verbose)", want=lacks))
            continue
        say(
            Sentence(
                "absent for want of {want}: {count} features (named with --verbose)",
                want=lacks,
                count=len(names),
            )
        )


def suspects(found: Sequence[Suspect], policy: str) -> None:
    """What looks as if it knew the outcome, with its evidence, and why in a sentence each."""
    if not found:
        say(Sentence("no column or event looks as if it knew the outcome"))
        return
    show(
        suspect_table(found)[["name", "kind", "standing"]].assign(
            evidence=[suspect.figures_in(reader()) for suspect in found]
        ),
        Sentence(
            "leak suspects (leaks.policy: {policy}; list the honest ones in leaks.trusted)", policy=policy
        ),
    )
    for suspect in found:
        say(suspect.sentence(reader()))


def warn_of(found: Sequence[Suspect], dropped: Sequence[str]) -> None:
    """A line for each leak suspect, and what the model was made to do without."""
    for suspect in found:
        why = suspect.sentence(reader())
        asked = suspect.is_question
        say(Sentence("leak question: {why}", why=why) if asked else Sentence("leak suspect: {why}", why=why))
    if dropped:
        say(Sentence("dropped as leak suspects: {names}", names=tuple(dropped)))
