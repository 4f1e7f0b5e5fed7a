"""The best call in a window: what a robot scheme reads instead of the latest connected call.

A robot scheme grades a call. Its ``..._last_call`` columns describe the latest connected call as of an
instant, so a call of the window is graded by building the same columns as of just after that call.
"""

from collections.abc import Mapping, Sequence
from datetime import timedelta

import polars as pl

from features import asof
from features.feature import Condition, Feature
from features.matrix.build import KEYS, build_matrix
from features.schemes.compiled import CompiledScheme, apply
from features.schemes.declaration import BEST_CALL_DAYS

_ROW, _PLACE, _THEN = "__row", "__place", "__then"
_CONNECTED = Condition("is_connected", True)


def best_call_column(scheme_id: str, column: str) -> str:
    """Name of a call's column as a scheme sees it in its best call."""
    return f"scheme_{scheme_id}__{column}"


def with_best_call(
    matrix: pl.DataFrame,
    staged: Mapping[str, pl.DataFrame],
    features: Sequence[Feature],
    compiled: CompiledScheme,
) -> pl.DataFrame:
    """Add the columns of each row's best connected call in the scheme's window.

    The best call is the one with the best label, the latest among equals. Where no call connected in
    the window it is the latest connected call. What is no column of a connected call, such as the
    newest status of the number, stays as it is.

    Args:
        matrix: the as-of matrix.
        staged: the staged tables that it was built from.
        features: the features of its columns.
        compiled: an ordered scheme with the parameter ``best_call_days``.
    """
    read = [feature for feature in features if feature.name in compiled.columns]
    of_call = [f.name for f in read if f.table == "calls" and f.reducer == "last" and _CONNECTED in f.where]
    days = int(compiled.scheme.parameters[BEST_CALL_DAYS])
    asked = matrix.select(*KEYS).with_row_index(_ROW)
    talks = _talks(asked, staged["calls"], days)
    graded = _graded(talks, staged, read, compiled)
    best = (
        talks.join(graded, on=["lead_id", _THEN], how="inner")
        .sort(_ROW, _PLACE, _THEN, descending=[False, False, True])
        .unique(_ROW, keep="first", maintain_order=True)
        .select(_ROW, _PLACE, *(pl.col(name).alias(f"{_THEN}_{name}") for name in of_call))
    )
    joined = matrix.with_row_index(_ROW).join(best, on=_ROW, how="left", maintain_order="left")
    seen = {
        best_call_column(compiled.scheme.id, name): pl.when(pl.col(_PLACE).is_null())
        .then(pl.col(name))
        .otherwise(pl.col(f"{_THEN}_{name}"))
        for name in of_call
    }
    return matrix.hstack(joined.select(**seen))


def _talks(asked: pl.DataFrame, calls: pl.DataFrame, days: int) -> pl.DataFrame:
    """The connected calls that each row knows and that lie in its window, with the instant after each."""
    connected = calls.filter(pl.col("is_connected")).select("lead_id", "known_at")
    joined = asked.join(connected, on="lead_id", how="inner")
    known, as_of = pl.col("known_at"), pl.col("as_of")
    return joined.filter(asof.known_within(known, as_of, days)).select(
        _ROW, "lead_id", "owner_id", (known + timedelta(microseconds=1)).alias(_THEN)
    )


def _graded(
    talks: pl.DataFrame, staged: Mapping[str, pl.DataFrame], read: Sequence[Feature], compiled: CompiledScheme
) -> pl.DataFrame:
    spine = talks.select("lead_id", "owner_id", pl.col(_THEN).alias("as_of")).unique()
    matrix = build_matrix(staged, spine, read)
    order = {label: place for place, label in enumerate(compiled.scheme.order)}
    label = (
        apply(compiled, matrix).to_series().replace_strict(order, default=len(order), return_dtype=pl.Int32)
    )
    return matrix.rename({"as_of": _THEN}).drop("owner_id").with_columns(label.alias(_PLACE))
