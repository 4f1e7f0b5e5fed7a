"""Leads that were called before they were created: the hours to their first call are below 0."""

import polars as pl

from pipeline.language.sentence import Sentence

_HOURS = "hours_to_first_call"


def early_calls_note(frame: pl.DataFrame) -> tuple[str, ...]:
    """What is to be said of leads in the matrix whose first call is older than they are.

    Args:
        frame: rows of the matrix.

    Example:
        >>> rows = pl.DataFrame({"lead_id": ["L1", "L1", "L2"], "hours_to_first_call": [-96, -96, 1]})
        >>> early_calls_note(rows)[0].split(":")[1]
        ' 1 of 2 leads were called before they were created, up to 96 hours'
    """
    if _HOURS not in frame.columns:
        return ()
    early = frame.filter(pl.col(_HOURS) < 0)
    if early.is_empty():
        return ()
    leads, most = early["lead_id"].n_unique(), -float(early[_HOURS].to_numpy().min())
    return (
        Sentence(
            "warning: {leads:,} of {all:,} leads were called before they were created, "
            "up to {most:,.0f} hours: is created_at the time of an import? ({feature} is below 0 for them)",
            leads=leads,
            all=frame["lead_id"].n_unique(),
            most=most,
            feature=_HOURS,
        ),
    )
