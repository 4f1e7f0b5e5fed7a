"""R, F and M levels of the leads with orders, and the frozen edges that rule schemes read too.

Edges are learned once, on the training leads that have at least one order, each lead counted once by
its latest row. They are named parameters, plain floats, computed from four columns of the matrix:

==================== ==================== =================================================
measure              column               parameters
==================== ==================== =================================================
recency              days_since_order     ``recency_edge_1`` ... ``recency_edge_4``
frequency            orders_total         ``frequency_edge_1..4``, ``frequency_low``, ``frequency_high``
monetary             amount_total         ``monetary_edge_1..4``, ``monetary_low``, ``monetary_high``
loyalty              order_months_total   ``loyalty_low``, ``loyalty_high``
==================== ==================== =================================================

``*_edge_i`` is the smallest value at or below which at least i fifths of the leads lie; ``*_low`` and
``*_high`` likewise one and two thirds. A measure without its column, or without a value, has no
parameters.

Levels run from 1 to 5, 5 the best. Frequency and monetary: 1 + the number of edges strictly below the
value. Recency, where fewer days are better: 5 - that number. So level 4 and more, "above the middle
level", is ``days_since_order <= recency_edge_2``, ``orders_total > frequency_edge_3``,
``amount_total > monetary_edge_3``. A value tier's top third is ``value > *_high``, its bottom third
``value <= *_low``.

Source: Hughes, Strategic Database Marketing (1994), quintiles frozen instead of ranked in the batch.
"""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from models.arrays import Floats
from models.disclosure import rounded_cut

_HISTORY = "orders_total"
_FIFTHS = (("recency", "days_since_order"), ("frequency", "orders_total"), ("monetary", "amount_total"))
_THIRDS = (("frequency", "orders_total"), ("monetary", "amount_total"), ("loyalty", "order_months_total"))


def learn_rfm_edges(frame: pd.DataFrame, least: int = 1) -> dict[str, float]:
    """Learn the edges from training rows (``lead_id``, ``as_of`` and the matrix columns above).

    With ``least`` above 1 they are rounded, by at most so many leads (`disclosure.blunt`).

    Empty when no lead has an order. Equal values give equal edges, which is sound: the levels between
    them stay empty.

    >>> rows = pd.DataFrame({"lead_id": ["a", "b", "c"], "as_of": [1, 1, 1], "orders_total": [1.0, 2.0, 3.0]})
    >>> edges = learn_rfm_edges(rows)
    >>> edges["frequency_edge_2"], edges["frequency_low"], edges["frequency_high"]
    (2.0, 1.0, 2.0)
    """
    if _HISTORY not in frame.columns:
        return {}
    latest = frame.sort_values(["lead_id", "as_of"], kind="stable").drop_duplicates("lead_id", keep="last")
    buyers = latest[latest[_HISTORY] > 0.0]
    edges: dict[str, float] = {}
    for measure, column in _FIFTHS:
        edges |= _cuts(buyers, column, [f"{measure}_edge_{i}" for i in (1, 2, 3, 4)], least)
    for measure, column in _THIRDS:
        edges |= _cuts(buyers, column, [f"{measure}_low", f"{measure}_high"], least)
    return edges


def levels(frame: pd.DataFrame, edges: Mapping[str, float]) -> pd.DataFrame:
    """Levels ``rfm_r``, ``rfm_f``, ``rfm_m`` (1 to 5) by frozen edges, on the frame's index.

    NaN for a lead without an order, or without that value. A measure without edges or without its
    column is left out.

    >>> frame = pd.DataFrame({"orders_total": [0.0, 1.0, 3.0, 9.0]})
    >>> edges = {"frequency_edge_1": 1, "frequency_edge_2": 2, "frequency_edge_3": 2, "frequency_edge_4": 8}
    >>> levels(frame, edges)["rfm_f"].tolist()
    [nan, 1.0, 4.0, 5.0]
    """
    result = pd.DataFrame(index=frame.index)
    for measure, column in _FIFTHS:
        names = [f"{measure}_edge_{i}" for i in (1, 2, 3, 4)]
        if {_HISTORY, column} <= set(frame.columns) and edges.keys() >= set(names):
            below = _edges_below(frame[column], [edges[name] for name in names])
            level = 5.0 - below if measure == "recency" else 1.0 + below
            known = (frame[_HISTORY] > 0.0) & frame[column].notna()
            result[f"rfm_{measure[0]}"] = np.where(known, level, np.nan)
    return result


def _cuts(buyers: pd.DataFrame, column: str, names: list[str], least: int) -> dict[str, float]:
    values = buyers[column].dropna() if column in buyers.columns else pd.Series(dtype=np.float64)
    if values.empty:
        return {}
    shares = [i / (len(names) + 1) for i in range(1, len(names) + 1)]
    found = np.quantile(values.to_numpy(dtype=np.float64), shares, method="inverted_cdf")
    of_leads = np.sort(values.to_numpy(dtype=np.float64))
    return {name: rounded_cut(float(cut), of_leads, least) for name, cut in zip(names, found, strict=True)}


def _edges_below(values: pd.Series, edges: list[float]) -> Floats:
    column = values.to_numpy(dtype=np.float64)
    below: Floats = (column[:, None] > np.array(edges)).sum(axis=1, dtype=np.float64)
    return below


def read_edges(state: Mapping[str, float]) -> dict[str, float]:
    """Edges as they were saved.

    Raises:
        ValueError: one is not a finite number.
    """
    edges = {str(name): float(value) for name, value in state.items()}
    if not np.isfinite(list(edges.values())).all():
        raise ValueError("a parameter is not a finite number")
    return edges
