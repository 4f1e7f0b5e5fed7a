"""Columns that turn over by nature: campaign names, dates as text, free terms. Their values come and go.

What is learned of a value that will not come again is no knowledge, and what follows it is a value that
nobody knows. So values that do not last count as one.
"""

import pandas as pd

from models.disclosure import RARE

# The newest part of the rows, and the share of them with values that none before had, from which a column
# turns over.
NEWEST, TURNED_OVER = 0.2, 0.2


def turned_over(values: pd.Series) -> float:
    """Share of the newest rows with a value that none before had; 0 where there are none.

    Args:
        values: texts in the order of time; missing ones are left out.

    >>> turned_over(pd.Series(["spring"] * 8 + ["summer"] * 2))
    1.0
    >>> turned_over(pd.Series(["web", "fair"] * 5))
    0.0
    """
    before, newest = _cut(values)
    return float((~newest.isin(before.unique())).mean()) if len(newest) and len(before) else 0.0


def lasting(values: pd.Series) -> tuple[str, ...]:
    """The values to be told apart, sorted; of a column that turns over those that came before and still come.

    >>> lasting(pd.Series(["web", "fair"] * 5))
    ('fair', 'web')
    >>> lasting(pd.Series(["web", "spring"] * 8 + ["web", "summer"] * 2))
    (' the rest', 'web')
    """
    if turned_over(values) < TURNED_OVER:
        return tuple(sorted(values.dropna().unique()))
    before, newest = _cut(values)
    return tuple(sorted({RARE, *set(before.unique()) & set(newest.unique())}))


def _cut(values: pd.Series) -> tuple[pd.Series, pd.Series]:
    known = values.dropna()
    place = len(known) - int(NEWEST * len(known))
    return known.iloc[:place], known.iloc[place:]
