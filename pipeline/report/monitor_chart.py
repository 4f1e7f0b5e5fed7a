"""The picture of a look at a scorer: what changed, the grades, and outcomes against what was promised."""

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import PercentFormatter

from models.drift.report import ALARM, WATCH
from models.grades.promises import TOO_FEW
from pipeline.monitoring.monitor import Monitoring
from pipeline.report.lettering import drawable, lettering

# The checks with the largest effects that are drawn.
LARGEST = 15

_COLOURS = {ALARM: "tab:red", WATCH: "tab:orange", "": "lightgrey"}
_BEFORE, _NOW = "lightsteelblue", "tab:blue"


def monitor_chart(found: Monitoring, title: str) -> Figure:
    """Largest changes as multiples of an alarm's size, grade mix, expected AUC, closes and promises.

    Args:
        found: from ``monitor.watch``; its values are masked.
        title: of the configuration.
    """
    with lettering():
        figure = Figure(figsize=(13, 8.5), dpi=100, layout="constrained")
        alarms = len(found.alarms)
        state = f"{alarms} alarm{'s' if alarms != 1 else ''}" if alarms else "quiet"
        figure.suptitle(drawable(f"{title}: as of {found.as_of:%Y-%m-%d %H:%M}Z, {state}"), fontsize=12)
        axes = figure.subplot_mosaic("ABC;ADE", width_ratios=[1.5, 1, 1])
        _changes(axes["A"], found)
        _pair(axes["B"], "share of the open leads by grade", found.grades, "grade")
        _pair(axes["C"], "AUC promised by the probabilities", found.expected, "by")
        axes["B"].yaxis.set_major_formatter(PercentFormatter(1.0, decimals=0))
        axes["C"].set_ylim(0.5, 1.0)
        _closes(axes["D"], found)
        _promises(axes["E"], found)
    return figure


def _changes(axis: Axes, found: Monitoring) -> None:
    """Alarms first, then the largest others."""
    told = found.drift.head(LARGEST)[::-1]
    names = [drawable(f"{row.source}, {row.column}: {row.check}") for row in told.itertuples()]
    colours = [_COLOURS[level] for level in told["level"]]
    axis.barh(range(len(told)), told["size"].clip(lower=0.0), color=colours)
    axis.set_yticks(range(len(told)), names, fontsize=7)
    axis.axvline(1.0, color="tab:red", linewidth=1, linestyle="--")
    axis.set(xlabel="size (1: an alarm's); grey: within chance", xlim=(0, None))
    axis.set_title("largest changes of inputs, scores and grades", fontsize=10)


def _pair(axis: Axes, title: str, table: pd.DataFrame, name: str) -> None:
    places = range(len(table))
    axis.bar([place - 0.2 for place in places], table["before"], 0.4, color=_BEFORE, label="in training")
    axis.bar([place + 0.2 for place in places], table["now"], 0.4, color=_NOW, label="now")
    axis.set_xticks(list(places), [drawable(str(one)) for one in table[name]])
    axis.set_title(title, fontsize=10)
    axis.legend(fontsize=8)


def _closes(axis: Axes, found: Monitoring) -> None:
    told = found.realised[found.realised["p"].notna()]
    axis.set_title("newest ripe leads: realised less promised", fontsize=10)
    axis.axhline(0.0, color="grey", linewidth=1, linestyle="--")
    for place, row in enumerate(told.to_dict("records")):
        colour = _COLOURS[row["level"]] if row["level"] else _NOW
        axis.vlines(place, row["gap_low"], row["gap_high"], color=colour)
        axis.plot(place, row["gap"], marker="o", color=colour)
    axis.set_xticks(
        range(len(told)), [f"{row.by}\n{row.closes} of {row.expected:.0f}" for row in told.itertuples()]
    )
    axis.set_xlim(-0.6, max(len(told), 1) - 0.4)
    axis.yaxis.set_major_formatter(PercentFormatter(1.0, decimals=0))
    if told.empty:
        axis.text(0.5, 0.5, "none yet", transform=axis.transAxes, ha="center")


def _promises(axis: Axes, found: Monitoring) -> None:
    told = found.promises[(found.promises["verdict"] != TOO_FEW) & found.promises["realised"].notna()]
    axis.set_title("promises since fitting", fontsize=10)
    marks = dict(zip(dict.fromkeys(found.realised["by"]), "osD^v", strict=False))
    for row in told.to_dict("records"):
        colour = _COLOURS[row["level"]] if row["level"] else _NOW
        axis.vlines(row["promised"], row["low"], row["high"], color=colour, linewidth=1)
        axis.plot(
            row["promised"], row["realised"], marker=marks.get(row["by"], "o"), markersize=5, color=colour
        )
        place = (row["promised"], row["realised"])
        axis.annotate(str(row["grade"]), place, fontsize=8, xytext=(5, -3), textcoords="offset points")
    for horizon, shape in marks.items():
        axis.plot([], [], marker=shape, linestyle="", color=_NOW, label=drawable(horizon))
    axis.legend(fontsize=8, loc="upper left")
    top = max([0.1, *told["high"], *told["promised"]]) * 1.05
    axis.plot([0, top], [0, top], color="grey", linewidth=1, linestyle="--")
    axis.set(xlabel="promised close rate", ylabel="realised", xlim=(0, top), ylim=(0, top))
    for scale in (axis.xaxis, axis.yaxis):
        scale.set_major_formatter(PercentFormatter(1.0, decimals=0))
