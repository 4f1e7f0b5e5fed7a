"""Groups of features that say the same thing, so that a reason is not said twice."""

from collections.abc import Mapping, Sequence
from typing import Literal

import numpy as np
import pandas as pd

from models.arrays import Floats

# Two groups are one where their members' rank correlation is at least this on average.
ALIKE = 0.7

# Enough rows for a rank correlation; their doubled ranks are integers whose products sum exactly.
_MOST_ROWS = 20_000


def learn_groups(X: pd.DataFrame, families: Mapping[str, str]) -> tuple[tuple[str, ...], ...]:
    """Group the columns: by declaration first, then by correlation (average linkage).

    Args:
        X: feature columns of the training rows.
        families: of each column, a name for the quantity it measures: columns of one family are a group
            however they correlate. A category correlates with nothing.

    Example:
        >>> X = pd.DataFrame({"calls_7d": [0, 1, 2, 3], "calls_30d": [3, 2, 4, 9], "talk_s": [0, 9, 99, 999]})
        >>> families = {"calls_7d": "calls", "calls_30d": "calls", "talk_s": "talk", "age": "age"}
        >>> learn_groups(X.assign(age=[5, 1, 9, 2]), families)
        (('calls_7d', 'calls_30d', 'talk_s'), ('age',))
    """
    alike = _likeness(X.iloc[:: max(1, -(-len(X) // _MOST_ROWS))])
    declared: dict[str, list[int]] = {}
    for place, name in enumerate(map(str, X.columns)):
        declared.setdefault(families[name], []).append(place)
    groups = _merged(list(declared.values()), alike)
    return tuple(tuple(str(X.columns[place]) for place in sorted(group)) for group in groups)


def _merged(groups: list[list[int]], alike: Floats) -> list[list[int]]:
    """Merge the two groups that are most alike, again and again, down to ``ALIKE``."""
    member = np.zeros((len(groups), len(alike)))
    for number, group in enumerate(groups):
        member[number, group] = 1.0
    sums = member @ alike @ member.T
    size = member.sum(axis=1)
    while True:
        mean = np.tril(sums / np.outer(size, size), -1)
        second, first = np.unravel_index(int(mean.argmax()), mean.shape)
        if mean[second, first] < ALIKE:
            return groups
        groups = [g + groups[second] if i == first else g for i, g in enumerate(groups) if i != second]
        sums[first] += sums[second]
        sums[:, first] += sums[:, second]
        size[first] += size[second]
        sums, size = np.delete(np.delete(sums, second, 0), second, 1), np.delete(size, second)


def _likeness(X: pd.DataFrame) -> Floats:
    """Spearman's correlation without its sign, whether a missing number ranks highest or lowest.

    *Never called* is the longest time since a call, and no amount the least amount: the larger one counts.
    """
    high, low = _ranks(X, "bottom"), _ranks(X, "top")
    mixed = np.abs(_correlation(high, low))
    same = np.maximum(np.abs(_correlation(high, high)), np.abs(_correlation(low, low)))
    return np.maximum(same, np.maximum(mixed, mixed.T))


def _ranks(X: pd.DataFrame, missing: Literal["bottom", "top"]) -> Floats:
    ranks = np.zeros(X.shape)
    for place, name in enumerate(X.columns):
        if pd.api.types.is_numeric_dtype(X[name]):
            ranks[:, place] = 2.0 * X[name].rank(na_option=missing).to_numpy() - (len(X) + 1)
    return ranks


def _correlation(a: Floats, b: Floats) -> Floats:
    scale = np.sqrt(np.outer((a * a).sum(axis=0), (b * b).sum(axis=0)))
    return np.divide(a.T @ b, scale, out=np.zeros_like(scale), where=scale > 0)


def check_groups(groups: Sequence[Sequence[str]], columns: Sequence[str]) -> None:
    """Refuse groups that do not hold each column once.

    Raises:
        ValueError: naming a column that stands twice, is missing or unknown.
    """
    names = [name for group in groups for name in group]
    odd = sorted(set(names) ^ set(columns)) or sorted({name for name in names if names.count(name) > 1})
    if odd:
        raise ValueError(f"the groups of features do not hold each column once: {odd[0]!r}")
