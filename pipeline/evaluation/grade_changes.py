"""Which leads change grade when another scorer grades them."""

import pandas as pd

from models.scorer import LeadScorer
from pipeline.language.sentence import Sentence
from pipeline.transcripts.heard_as import Scores


def grade_changes(frame: pd.DataFrame, champion: Scores, challenger: LeadScorer) -> pd.DataFrame:
    """How many leads of a list have which grade by the champion and by the challenger.

    Args:
        frame: feature rows that both can score, one per lead.
        champion: what grades now.
        challenger: what would.

    Returns:
        ``from``, ``to`` and ``leads``, a row for each pair that is there, best grades first.
    """
    grades = {"from": champion.score(frame)["grade"], "to": challenger.score(frame)["grade"]}
    return pd.DataFrame(grades).groupby(["from", "to"]).size().rename("leads").reset_index()


def change_sentence(changes: pd.DataFrame) -> Sentence:
    """How many leads change grade, from which to which.

    Example:
        >>> pairs = {"from": ["A", "A", "B"], "to": ["A", "B", "A"], "leads": [5, 2, 1]}
        >>> change_sentence(pd.DataFrame(pairs))
        '3 of 8 leads of the last list change grade: A to B 2, B to A 1'
    """
    moved = changes[changes["from"] != changes["to"]]
    count, total = int(moved["leads"].sum()), int(changes["leads"].sum())
    if not count:
        return Sentence("none of the {total} leads of the last list changes grade", total=total)
    told = tuple(
        Sentence("{former} to {new} {leads}", former=row[0], new=row[1], leads=row[2])
        for row in moved.itertuples(index=False)
    )
    return Sentence(
        "{count} of {total} leads of the last list change grade: {told}", count=count, total=total, told=told
    )
