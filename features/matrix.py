"""The as-of matrix: one row per (lead, as-of), the same call for training and for scoring.

Each staged table is joined once to the rows that ask, filtered to what was known, and reduced in
one aggregation. Every sum is a sum of integers and every *latest* has a declared order, so the
answer does not depend on the order of the rows, on the other leads, or on how leads are split.
"""

from collections.abc import Mapping, Sequence
from functools import reduce

import polars as pl

from features import asof
from features.exact import ratio
from features.feature import Feature
from features.staging import JOIN_KEY

KEYS = ("lead_id", "owner_id", "as_of")

_ROW = "__row"


def build_matrix(
    staged: Mapping[str, pl.DataFrame], spine: pl.DataFrame, features: Sequence[Feature]
) -> pl.DataFrame:
    """Compute the features of every row of the spine.

    Args:
        staged: tables from ``features.staging``, all rows of the spine's leads and their customers.
        spine: ``lead_id``, ``owner_id``, ``as_of``; any further columns are kept.
        features: what to compute; each must be available in ``staged``.

    Returns:
        The spine's rows and columns in their order, then one column per feature: numbers as
        Float64, flags as Boolean, categories as String.
    """
    asked = spine.with_row_index(_ROW)
    parts = [
        _reduce_table(table, staged[table], asked, [f for f in features if f.table == table])
        for table in JOIN_KEY
        if any(f.table == table for f in features)
    ]
    joined = reduce(
        lambda left, right: left.join(right, on=_ROW, how="left", maintain_order="left"), parts, asked
    )
    return joined.select(*spine.columns, *(_typed(feature) for feature in features))


def _typed(feature: Feature) -> pl.Expr:
    column = pl.col(feature.name)
    if feature.kind == "category":
        return column.cast(pl.String)
    if feature.kind == "flag":
        return column.cast(pl.Boolean)
    number = column.cast(pl.Float64)
    return number.fill_null(feature.empty) if feature.empty is not None else number


def _reduce_table(
    table: str, events: pl.DataFrame, asked: pl.DataFrame, features: Sequence[Feature]
) -> pl.DataFrame:
    key = JOIN_KEY[table]
    columns = {key, "known_at"}.union(*(feature.reads for feature in features))
    # Staged tables are sorted; keeping the right side's order keeps "last" the latest in each group.
    joined = (
        asked.lazy()
        .select(_ROW, key, "as_of")
        .join(events.lazy().select(sorted(columns)), on=key, how="inner", maintain_order="right")
    )
    if table != "leads":
        # A lead's own row is what it was created with; everything else must have been known.
        joined = joined.filter(asof.known(pl.col("known_at"), pl.col("as_of")))
    return (
        joined.group_by(_ROW).agg(_expression(feature).alias(feature.name) for feature in features).collect()
    )


def _expression(feature: Feature) -> pl.Expr:
    conditions = [pl.col(condition.column) == condition.equals for condition in feature.where]
    if feature.window_days is not None:
        conditions.append(asof.known_within(pl.col("known_at"), pl.col("as_of"), feature.window_days))
    counted = reduce(lambda a, b: a & b, conditions) if conditions else None
    return _reduced(feature, counted)


def _reduced(feature: Feature, counted: pl.Expr | None) -> pl.Expr:
    def kept(column: pl.Expr) -> pl.Expr:
        return column if counted is None else column.filter(counted)

    value = kept(pl.col(feature.value or "known_at"))
    as_of = pl.col("as_of").first()
    match feature.reducer:
        case "count":
            return value.len()
        case "sum":
            return _scaled(value.cast(pl.Int64).sum(), feature)
        case "mean":
            # An integer sum and one division: exact, whatever the order.
            return ratio(value.cast(pl.Int64).sum(), value.count().cast(pl.Int64) * feature.per)
        case "min":
            return _scaled(value.min(), feature)
        case "max":
            return _scaled(value.max(), feature)
        case "last":
            return _scaled(value.last(), feature)
        case "n_unique":
            return value.drop_nulls().n_unique()
        case "trailing_run":
            return value.fill_null(value=False).cast(pl.Int64).reverse().cum_min().sum()
        case "days_since_last":
            return asof.days_from(value.max(), as_of)
        case "days_since_first":
            return asof.days_from(value.min(), as_of)
        case "days_since_value":
            return asof.days_from(value.last(), as_of)
        case "days_until_value":
            return asof.days_from(as_of, value.last())


def _scaled(value: pl.Expr, feature: Feature) -> pl.Expr:
    return value if feature.per == 1 else ratio(value, feature.per)
