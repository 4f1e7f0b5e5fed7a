"""Promises that stand in the wrong order, said."""

from itertools import pairwise

import pandas as pd

from pipeline.language.sentence import Sentence


def out_of_order(promises: pd.DataFrame) -> tuple[Sentence, ...]:
    """A sentence for each promise that is higher than that of a better grade.

    Args:
        promises: ``grade``, ``by`` and ``promised``, as ``check_promises`` tells them.

    >>> told = {"grade": ["A", "B", "C"], "by": ["30d"] * 3, "promised": [0.2, 0.3, 0.1]}
    >>> out_of_order(pd.DataFrame(told))
    ('promises out of order: by 30d B (0.300) promises more than A (0.200)',)
    """
    said = []
    for horizon, part in promises.dropna(subset=["promised"]).groupby("by", sort=False):
        told = part.sort_values("grade", kind="stable")
        pairs = pairwise(zip(told["grade"].astype(str), told["promised"].astype(float), strict=True))
        said += [
            Sentence(
                "promises out of order: by {by} {worse} ({more:.3f}) promises more than "
                "{better} ({less:.3f})",
                by=horizon,
                worse=worse,
                more=more,
                better=better,
                less=less,
            )
            for (better, less), (worse, more) in pairs
            if more > less
        ]
    return tuple(said)
