"""Edges that a scheme learns by itself: fitted once on the training leads, frozen, looked up."""

from collections.abc import Callable, Mapping

import numpy as np
import numpy.typing as npt
import pandas as pd
import polars as pl

from features.feature import ValueKind
from features.schemes.compiled import optional_kinds, rows_read
from features.schemes.declaration import Edge, Scheme
from features.schemes.predicates import compile_condition, compile_term

# What makes a cut of sorted values one that may be kept.
Rounding = Callable[[float, npt.NDArray[np.float64]], float]


def learn_edges(
    scheme: Scheme, kinds: Mapping[str, ValueKind], frame: pd.DataFrame, rounding: Rounding | None = None
) -> dict[str, float]:
    """Learn a scheme's edges from rows of the matrix, each lead counted once by its latest row.

    A top edge has at most the share of the leads above it; a bottom edge has at least the share at or
    below it. Without any lead to learn from an edge is left out.

    Args:
        scheme: its parameters hold the shares.
        kinds: the matrix's columns and their kinds.
        frame: ``lead_id``, ``as_of`` and the columns that the scheme reads.
        rounding: of an edge among the leads' values; as it is when left out.
    """
    latest = frame.sort_values(["lead_id", "as_of"], kind="stable").drop_duplicates("lead_id", keep="last")
    rows = rows_read(scheme, latest)
    kinds = {**optional_kinds(scheme), **kinds}
    found = {name: _edge(edge, scheme, kinds, rows, rounding) for name, edge in scheme.edges.items()}
    return {name: value for name, value in found.items() if value is not None}


def _edge(
    edge: Edge,
    scheme: Scheme,
    kinds: Mapping[str, ValueKind],
    rows: pl.DataFrame,
    rounding: Rounding | None,
) -> float | None:
    among = compile_condition(edge.among, kinds, scheme.parameters)
    value, _ = compile_term(edge.term, kinds, scheme.parameters)
    values = rows.filter(among).select(value=value)["value"].drop_nulls().to_numpy()
    if not len(values):
        return None
    share = float(scheme.parameters[edge.share])
    if not 0.0 < share < 1.0:
        raise ValueError(f"scheme {scheme.id}: {edge.share} is {share}; give a share between 0 and 1")
    cut = 1.0 - share if edge.end == "top" else share
    found = float(np.quantile(values, cut, method="inverted_cdf"))
    return found if rounding is None else rounding(found, np.sort(values.astype(np.float64)))
