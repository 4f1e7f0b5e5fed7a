"""The as-of matrix: one row per (lead, as-of), the same call for training and for scoring.

Each staged table stands sorted by key and time, so that what a row knows of it is a run of rows, found
once and reduced by differences of prefix sums (``features.matrix.reduce``). Every sum is a sum of integers
and every *latest* has a declared order, so the answer does not depend on the order of the rows, on the
other leads, or on how leads are split.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import reduce
from typing import TypeVar

import polars as pl

from features.feature import Condition, Feature, Reducer
from features.matrix.positions import KnownRuns, asked_by, known_rows
from features.matrix.reduce import Selection
from features.tables import CONTRACTS

KEYS = ("lead_id", "owner_id", "as_of")

# What reduces the values that are there, and leaves rows without one out.
_OF_VALUES: frozenset[Reducer] = frozenset({"sum", "mean", "min", "max", "n_unique"})

_G = TypeVar("_G")


def build_matrix(
    staged: Mapping[str, pl.DataFrame], spine: pl.DataFrame, features: Sequence[Feature]
) -> pl.DataFrame:
    """Compute the features of every row of the spine.

    Args:
        staged: tables from ``features.staging.staging``, all rows of the spine's leads and their customers.
        spine: ``lead_id``, ``owner_id``, ``as_of``; any further columns are kept.
        features: what to compute; each must be available in ``staged``.

    Returns:
        The spine's rows and columns in their order, then one column per feature: numbers as
        Float64, flags as Boolean, categories as String.
    """
    asked = {key: asked_by(spine, key) for key in sorted({CONTRACTS[f.table].joined_by for f in features})}
    columns: dict[str, pl.Series] = {}
    for (table, name), declared in _grouped(features, lambda one: (one.table, _rows_of(one, staged))):
        key = CONTRACTS[table].joined_by
        # A lead's own row is what it was created with; everything else must have been known.
        known = known_rows(staged[name], key, asked[key], dated=table != "leads")
        for feature, value in _reduced(staged[name], known, spine["as_of"], declared):
            columns[feature.name] = _typed(feature, value)
    return spine.with_columns(columns[feature.name] for feature in features)


def _rows_of(feature: Feature, staged: Mapping[str, pl.DataFrame]) -> str:
    """The staged rows that a feature reads: those of a table, or with what fields held before their first."""
    held = f"held_{feature.table}"
    return held if feature.held and held in staged else feature.table


def _reduced(
    events: pl.DataFrame, known: KnownRuns, as_of: pl.Series, features: Iterable[Feature]
) -> Iterator[tuple[Feature, pl.Series]]:
    for where, of_where in _grouped(features, lambda feature: feature.where):
        matching = _matching(events, where)
        for column, group in _grouped(of_where, lambda feature: _needed(feature, events)):
            selection = Selection(events, known, _with_value(matching, events, column))
            yield from ((feature, selection.reduced(feature, as_of)) for feature in group)


def _grouped(features: Iterable[Feature], by: Callable[[Feature], _G]) -> list[tuple[_G, list[Feature]]]:
    groups: dict[_G, list[Feature]] = {}
    for feature in features:
        groups.setdefault(by(feature), []).append(feature)
    return list(groups.items())


def _matching(events: pl.DataFrame, where: Sequence[Condition]) -> pl.Series | None:
    if not where:
        return None
    equal = (pl.col(condition.column) == condition.equals for condition in where)
    # What a missing value equals is missing, and counts as no match.
    return events.select(reduce(lambda a, b: a & b, equal).fill_null(value=False)).to_series()


def _needed(feature: Feature, events: pl.DataFrame) -> str | None:
    """The column without whose value a row does not count, if it has any such row."""
    if feature.reducer not in _OF_VALUES or feature.value is None:
        return None
    return feature.value if events[feature.value].has_nulls() else None


def _with_value(matching: pl.Series | None, events: pl.DataFrame, column: str | None) -> pl.Series | None:
    if column is None:
        return matching
    there = events[column].is_not_null()
    return there if matching is None else matching & there


def _typed(feature: Feature, value: pl.Series) -> pl.Series:
    if feature.kind == "category":
        return value.cast(pl.String).alias(feature.name)
    if feature.kind == "flag":
        return value.cast(pl.Boolean).alias(feature.name)
    number = value.cast(pl.Float64).alias(feature.name)
    return number.fill_null(feature.empty) if feature.empty is not None else number
