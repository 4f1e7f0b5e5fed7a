"""Charts as SVG, drawn by Vega-Lite when the page is written: the page holds the drawing and no library."""

from collections.abc import Mapping

import vl_convert
from markupsafe import Markup

# Of Vega-Lite, so that a later vl-convert draws the same.
_VERSION = "v6.4"

# What fits a telephone; wider screens show charts beside one another.
WIDTH = 350

_INK, _QUIET, _GRID = "var(--ink)", "var(--quiet)", "var(--grid)"

# Colours are the page's variables, so that one drawing serves light, dark and print.
_THEME: Mapping[str, object] = {
    "background": None,
    "view": {"stroke": None},
    "axis": {
        "labelColor": _INK,
        "titleColor": _INK,
        "titleFontWeight": "normal",
        "gridColor": _GRID,
        "domainColor": _QUIET,
        "tickColor": _QUIET,
        "labelFontSize": 12,
        "titleFontSize": 12,
    },
    "legend": {"labelColor": _INK, "titleColor": _INK, "labelFontSize": 12, "symbolOpacity": 1},
    "mark": {"color": "var(--c1)"},
    "point": {"color": "var(--c1)"},
    "rule": {"color": "var(--c1)"},
    "text": {"fontSize": 12},
    "range": {"category": [f"var(--c{number})" for number in range(1, 9)]},
}


def drawn(spec: Mapping[str, object]) -> Markup:
    """The chart as SVG text that is safe to stand in HTML: its words are escaped by Vega."""
    whole = {
        "width": WIDTH,
        "autosize": {"type": "fit-x", "contains": "padding"},
        "config": _THEME,
        **spec,
    }
    # No address is open to it: what a chart shows is in its own data.
    svg = vl_convert.vegalite_to_svg(whole, vl_version=_VERSION, allowed_base_urls=[])
    return Markup(svg)  # noqa: S704 - Vega's own output
