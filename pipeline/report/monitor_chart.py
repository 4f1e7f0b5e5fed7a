"""The picture of a look at a scorer: what changed, the grades, and outcomes against what was promised."""

from collections.abc import Hashable, Mapping
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from models.drift.report import ALARM, WATCH
from models.grades.promises import TOO_FEW
from pipeline.language.catalogue import Language, look_up_word, translate
from pipeline.language.sentence import in_language
from pipeline.monitoring.monitor import Monitoring
from pipeline.report.lettering import AS_PERCENT, drawable, drawn_language, lettering

# The checks with the largest effects that are drawn.
LARGEST = 15

_COLOURS = {ALARM: "tab:red", WATCH: "tab:orange", "": "tab:blue"}
_BEFORE, _NOW = "lightsteelblue", "tab:blue"


def monitor_chart(found: Monitoring, title: str, language: Language = "en") -> Figure:
    """Changes beyond chance as multiples of an alarm's size, grade mix, expected AUC, closes and promises.

    Args:
        found: from ``monitor.watch``; its values are masked.
        title: of the configuration.
        language: of the words, if a font of this machine knows them.
    """
    language = drawn_language(language)
    with lettering():
        figure = Figure(figsize=(13, 8.5), dpi=100, layout="constrained")
        figure.suptitle(drawable(_heading(found, title, language)), fontsize=12)
        axes = figure.subplot_mosaic("ABC;ADE", width_ratios=[1.4, 1, 1.2])
        _changes(axes["A"], found, language)
        heading = translate("Share of the open leads by grade", language)
        _pair(axes["B"], heading, found.grades, "grade", language)
        heading = translate("AUC that the chances promise (0.5: a coin)", language)
        _pair(axes["C"], heading, found.expected, "by", language)
        axes["B"].yaxis.set_major_formatter(AS_PERCENT)
        axes["C"].set_ylim(0.5, 1.0)
        _closes(axes["D"], found, language)
        _promises(axes["E"], found, language)
    return figure


def _heading(found: Monitoring, title: str, language: Language) -> str:
    alarms = len(found.alarms)
    state = (
        translate("alarms: {count}", language, count=alarms) if alarms else translate("no alarm", language)
    )
    as_of = f"{found.as_of:%Y-%m-%d %H:%M}"
    return translate(
        "{title}: as of {as_of} UTC, {state}",
        language,
        title=in_language(title, language),
        as_of=as_of,
        state=state,
    )


def _changes(axis: Axes, found: Monitoring, language: Language) -> None:
    """What changed beyond chance, alarms first; what is within chance is none, whatever its size."""
    beyond = found.drift[found.drift["level"] != ""]
    told = beyond.head(LARGEST)[::-1]
    axis.set_title(translate("Changes beyond chance; an alarm lies right of the line", language), fontsize=10)
    if told.empty:
        said = translate(
            "none in {count} checks of inputs, scores and grades", language, count=len(found.drift)
        )
        _say(axis, said)
        return
    names = [drawable(_named(row, language)) for row in told.to_dict("records")]
    colours = [_COLOURS[level] for level in told["level"]]
    axis.barh(range(len(told)), told["size"].clip(lower=0.0), color=colours, height=0.7)
    axis.set_yticks(range(len(told)), names, fontsize=7)
    axis.axvline(1.0, color="tab:red", linewidth=1, linestyle="--")
    axis.set_xlabel(translate("size of the change, as a multiple of an alarm's", language))
    # A few bars stay bars, and do not fill the panel.
    axis.set(xlim=(0, None), ylim=(len(told) - 0.5 - LARGEST, len(told) - 0.5))


def _named(row: Mapping[Hashable, object], language: Language) -> str:
    """Where and what a check looks at; columns keep their names."""
    source, check = (look_up_word(str(row[name]), language) for name in ("source", "check"))
    return f"{source}: {check}" if row["column"] == row["check"] else f"{source}, {row['column']}: {check}"


def _pair(axis: Axes, title: str, table: pd.DataFrame, name: str, language: Language) -> None:
    places, now = range(len(table)), translate("now", language)
    before = translate("in training", language)
    axis.bar([place - 0.2 for place in places], table["before"], 0.4, color=_BEFORE, label=before)
    axis.bar([place + 0.2 for place in places], table["now"], 0.4, color=_NOW, label=now)
    axis.set_xticks(list(places), [drawable(str(one)) for one in table[name]])
    axis.set_title(title, fontsize=10)
    axis.legend(fontsize=8)


def _closes(axis: Axes, found: Monitoring, language: Language) -> None:
    told = found.realised[found.realised["p"].notna()]
    axis.set_title(translate("Newest ripe leads: closed less promised", language), fontsize=10)
    if told.empty:
        _say(axis, translate("none yet", language))
        return
    axis.axhline(0.0, color="grey", linewidth=1, linestyle="--")
    for place, row in enumerate(told.to_dict("records")):
        colour = _COLOURS[row["level"]]
        axis.vlines(place, 100.0 * row["gap_low"], 100.0 * row["gap_high"], color=colour)
        axis.plot(place, 100.0 * row["gap"], marker="o", color=colour)
    words = [_counted(row, language) for row in told.to_dict("records")]
    axis.set_xticks(range(len(told)), [drawable(one) for one in words])
    axis.set_xlim(-0.6, len(told) - 0.4)
    axis.set_ylabel(translate("percentage points, 95% interval", language))


def _counted(row: Mapping[Hashable, Any], language: Language) -> str:
    return translate(
        "{by}\n{closes} closed,\n{expected} promised",
        language,
        by=row["by"],
        closes=row["closes"],
        expected=f"{row['expected']:.0f}",
    )


def _promises(axis: Axes, found: Monitoring, language: Language) -> None:
    """A line per promise, so that none lies on another, whatever their rates."""
    told = found.promises[(found.promises["verdict"] != TOO_FEW) & found.promises["realised"].notna()]
    axis.set_title(translate("Promises since fitting: was each kept?", language), fontsize=10)
    if told.empty:
        _say(axis, translate("too few leads yet", language))
        return
    for place, row in enumerate(told.to_dict("records")):
        colour = _COLOURS[row["level"]]
        axis.hlines(place, row["low"], row["high"], color=colour, linewidth=1.5)
        axis.plot(row["realised"], place, marker="o", markersize=5, color=colour)
        axis.plot(row["promised"], place, marker="|", markersize=11, markeredgewidth=2, color="black")
    names = [f"{row.grade}, {row.by}" for row in told.itertuples()]
    axis.set_yticks(range(len(told)), [drawable(one) for one in names], fontsize=8)
    axis.invert_yaxis()
    axis.plot(
        [],
        [],
        marker="|",
        markersize=11,
        markeredgewidth=2,
        color="black",
        linestyle="",
        label=translate("promised rate", language),
    )
    axis.plot([], [], marker="o", markersize=5, color=_NOW, label=translate("closed, 95% interval", language))
    axis.legend(fontsize=8, loc="lower right")  # the lowest grades leave room there
    axis.set_xlabel(translate("close rate", language))
    axis.xaxis.set_major_formatter(AS_PERCENT)
    axis.set_xlim(0.0, None)
    axis.grid(axis="x", alpha=0.3)


def _say(axis: Axes, text: str) -> None:
    axis.text(0.5, 0.5, drawable(text), transform=axis.transAxes, ha="center", wrap=True)
    axis.set_xticks([])
    axis.set_yticks([])
