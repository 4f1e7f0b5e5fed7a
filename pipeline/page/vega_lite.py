"""Charts in Vega-Lite's own language: estimates with intervals, curves, promises against what happened.

A point's ``told`` is what the page shows when the reader rests on it.
"""

from collections.abc import Sequence
from typing import Any

import pandas as pd

Spec = dict[str, Any]

# Axes in percent with as many decimals as their steps need: never 0 %, 0 %, 0 %.
PERCENT = "~%"


def interval_chart(
    frame: pd.DataFrame, x_title: str, x_format: str = PERCENT, line_at: float | None = None
) -> Spec:
    """A line per name: its estimate as a point, its 95 % interval as a bar.

    Args:
        frame: ``name`` (in the order to show), ``value``, ``low``, ``high``, ``told``.
        x_title: what is estimated, with its unit.
        x_format: of the axis.
        line_at: where to draw an upright line to compare with, if anywhere.
    """
    names = {"field": "name", "type": "nominal", "sort": None, "title": None, "axis": {"labelLimit": 130}}
    x = {"type": "quantitative", "title": x_title, "axis": {"format": x_format}, "scale": {"zero": False}}
    layers: list[Spec] = [
        {
            "mark": {"type": "rule", "strokeWidth": 2, "opacity": 0.6},
            "encoding": {"x": {"field": "low", **x}, "x2": {"field": "high"}},
        },
        {
            "mark": {"type": "point", "filled": True, "size": 60, "opacity": 1},
            "encoding": {"x": {"field": "value", **x}, "description": {"field": "told"}},
        },
    ]
    if line_at is not None:
        layers.insert(
            0,
            {
                "data": {"values": [{"at": line_at}]},
                "mark": {"type": "rule", "strokeDash": [4, 3], "color": "var(--quiet)"},
                "encoding": {"x": {"field": "at", **x}},
            },
        )
    for layer in layers[-2:]:
        layer["encoding"]["y"] = names
    return {"data": _values(frame), "layer": layers, "height": {"step": 22}}


def curves_chart(frame: pd.DataFrame, x_title: str, y_title: str, order: Sequence[str]) -> Spec:
    """A curve per name, of shares over shares.

    Args:
        frame: ``name``, ``x``, ``y``, ``told``.
        x_title: what is along the curve.
        y_title: what rises.
        order: the names, the one to look at first.
    """
    axis = {"type": "quantitative", "axis": {"format": PERCENT}}
    return {
        "data": _values(frame),
        "height": 260,
        "layer": [
            {"mark": {"type": "line", "strokeWidth": 2}},
            {
                "mark": {"type": "point", "filled": True, "size": 35, "opacity": 1},
                "encoding": {"description": {"field": "told"}},
            },
        ],
        "encoding": {
            "x": {"field": "x", "title": x_title, **axis},
            "y": {"field": "y", "title": y_title, **axis},
            "color": {
                "field": "name",
                "type": "nominal",
                "sort": list(order),
                "scale": {"domain": list(order)},
                "legend": {"title": None, "orient": "bottom", "columns": 3, "labelLimit": 110},
            },
        },
    }


def promise_chart(frame: pd.DataFrame, x_title: str, y_title: str) -> Spec:
    """Promised against realised rates with their intervals; on the dashed line a promise is kept exactly.

    Args:
        frame: ``promised``, ``rate``, ``low``, ``high``, ``told`` and ``name``, which stands at the point.
        x_title: of the promises.
        y_title: of what happened.
    """
    top = float(max(frame[["promised", "rate", "high"]].max().max(), 1e-6)) * 1.05
    axis = {"type": "quantitative", "scale": {"domain": [0.0, top], "nice": False}}
    axis |= {"axis": {"format": PERCENT, "tickCount": 5}}
    x, y = {"field": "promised", "title": x_title, **axis}, {"title": y_title, **axis}
    return {
        "data": _values(frame),
        "height": 250,
        "layer": [
            {
                "data": {"values": [{"a": 0.0, "b": 0.0}, {"a": top, "b": top}]},
                "mark": {"type": "line", "strokeDash": [4, 3], "color": "var(--quiet)", "strokeWidth": 1},
                "encoding": {"x": {"field": "a", **axis, "title": x_title}, "y": {"field": "b", **y}},
            },
            {
                "mark": {"type": "rule", "strokeWidth": 2, "opacity": 0.6},
                "encoding": {"x": x, "y": {"field": "low", **y}, "y2": {"field": "high"}},
            },
            {
                "mark": {"type": "point", "filled": True, "size": 50, "opacity": 1},
                "encoding": {"x": x, "y": {"field": "rate", **y}, "description": {"field": "told"}},
            },
            {
                "mark": {"type": "text", "dx": 9, "dy": -7, "color": "var(--ink)"},
                "encoding": {"x": x, "y": {"field": "rate", **y}, "text": {"field": "name"}},
            },
        ],
    }


def _values(frame: pd.DataFrame) -> Spec:
    """A frame's rows as Vega-Lite's data; what is missing is null."""
    return {"values": frame.astype(object).where(frame.notna(), None).to_dict("records")}
