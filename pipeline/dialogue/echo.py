"""A yes without the word: who answers "have you been there?" with "been there twice" has said yes."""

import re

import polars as pl

from models.intents.plain_text import plain_text

# Whose first words deny or ask do not say yes.
_NO = frozenset("不没未无否别冇几哪谁")
_WITHIN = 8
# What was done, in a question and in its answer.
_DONE = re.compile(r"([^ 经])[了过]")


def echoes(turns: pl.DataFrame) -> pl.Series:
    """Which of the turns that are ``undecided`` say again what ``our_line`` asked, and so say yes."""
    pairs = turns.filter("undecided").select("our_line", "said").unique(maintain_order=True)
    ours, theirs = plain_text(pairs["our_line"].to_list()), plain_text(pairs["said"].to_list())
    same = [_echoes(our, their) for our, their in zip(ours, theirs, strict=True)]
    told = pairs.with_columns(pl.Series("same", same, dtype=pl.Boolean))
    keys = ["our_line", "said"]
    found = turns.join(told, on=keys, how="left", maintain_order="left", nulls_equal=True)
    return (found["same"] & found["undecided"]).fill_null(False)


def _echoes(our: str, their: str) -> bool:
    """Whether an answer opens with two neighbouring characters of the question.

    >>> _echoes("您之前做过光子嫩肤吗", "做过两次"), _echoes("您之前做过光子嫩肤吗", "没做过")
    (True, False)
    """
    start = their[:_WITHIN]
    if _NO & set(start) or start.isascii():
        return False
    if set(_DONE.findall(our)) & set(_DONE.findall(start)):
        return True
    return any(start[at : at + 2] in our for at in range(len(start) - 1) if " " not in start[at : at + 2])
