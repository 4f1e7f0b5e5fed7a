"""Pictures of an evaluation, one panel per horizon: promises kept, closes found by calling order, lift."""

import re
from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from models.arrays import Floats
from models.grades.grade_rates import grade_table
from pipeline.evaluation.leaderboard import System
from pipeline.language.catalogue import Language, translate
from pipeline.report.lettering import AS_PERCENT, drawable, drawn_language, lettering

BINS = 10

# Shares of leads at which lift is drawn: below the first it stands on a handful of closes.
_SHARES = np.linspace(0.02, 1.0, 99)


def reliability_chart(
    model: System,
    closed: Floats,
    lead_ids: npt.NDArray[np.object_],
    horizons: Sequence[str],
    title: str,
    raw: Floats | None = None,
    language: Language = "en",
) -> Figure:
    """Promised against actual close rate, in up to ten bins of equal size per horizon.

    Bars are 95% intervals over leads; on the dashed line a promise is kept exactly.

    Args:
        model: the probabilities.
        closed: (rows, horizons) of 1, 0 and NaN (not ripe: left out of that horizon's panel).
        lead_ids: whose rows these are.
        horizons: names of the columns of ``closed``.
        title: the evaluation's name.
        raw: probabilities before calibration, for a line of their own.
        language: of the words, if a font of this machine knows them.
    """
    language = drawn_language(language)
    uncalibrated, kept = translate("uncalibrated", language), translate("promise kept exactly", language)
    model_line = translate("model, with 95% interval", language)

    def draw(axis: Axes, k: int) -> None:
        bins = rate_bins(model.probabilities[:, k], closed[:, k], lead_ids, horizons[k])
        top = 1.05 * max(bins["high"].max(), bins["promised"].max())
        if raw is not None:
            before = rate_bins(raw[:, k], closed[:, k], lead_ids, horizons[k])
            top = max(top, 1.05 * before[["promised", "rate"]].to_numpy().max())
            axis.plot(before["promised"], before["rate"], color="tab:orange", marker=".", label=uncalibrated)
        axis.plot([0, top], [0, top], color="grey", linewidth=1, linestyle="--", label=kept)
        axis.vlines(bins["promised"], bins["low"], bins["high"], linewidth=1.5)
        axis.plot(bins["promised"], bins["rate"], marker="o", label=model_line)
        axis.set(xlim=(0, top), ylim=(0, top))

    labels = translate("promised close rate", language), translate("close rate that happened", language)
    heading = translate(
        "{title}: was what was promised kept? On the dashed line it was", language, title=title
    )
    return _panels(heading, closed, horizons, labels, draw, language)


def gains_chart(
    systems: Sequence[System],
    closed: Floats,
    horizons: Sequence[str],
    title: str,
    language: Language = "en",
) -> Figure:
    """Share of the closes found when leads are called in each system's order; tied leads in proportion."""
    language = drawn_language(language)
    any_order = translate("any order", language)

    def draw(axis: Axes, k: int) -> None:
        for system, called, found in _curves(systems, closed, k):
            axis.plot(called, found, label=system.name, linewidth=_width(system))
        axis.plot([0, 1], [0, 1], color="grey", linewidth=1, linestyle="--", label=any_order)
        axis.set(xlim=(0, 1), ylim=(0, 1.01))

    labels = (
        translate("share of the leads called", language),
        translate("share of the closes caught", language),
    )
    heading = translate(
        "{title}: whose order catches more closes? The upper line does", language, title=title
    )
    return _panels(heading, closed, horizons, labels, draw, language)


def lift_chart(
    systems: Sequence[System],
    closed: Floats,
    horizons: Sequence[str],
    title: str,
    language: Language = "en",
) -> Figure:
    """Close rate of the leads called first, as a multiple of the rate of all; from 2% called upwards."""
    language = drawn_language(language)
    any_order = translate("any order", language)

    def draw(axis: Axes, k: int) -> None:
        for system, called, found in _curves(systems, closed, k):
            lift = np.interp(_SHARES, called, found) / _SHARES
            axis.plot(_SHARES, lift, label=system.name, linewidth=_width(system))
        axis.axhline(1.0, color="grey", linewidth=1, linestyle="--", label=any_order)
        axis.set(xlim=(0, 1), ylim=(0, None))
        axis.yaxis.set_major_formatter("{x:g}x")

    labels = (
        translate("share of the leads called", language),
        translate("close rate of those called / of all", language),
    )
    heading = translate("{title}: how many times as many closes as in any order", language, title=title)
    return _panels(heading, closed, horizons, labels, draw, language)


def rate_bins(p: Floats, closed: Floats, lead_ids: npt.NDArray[np.object_], horizon: str) -> pd.DataFrame:
    """Mean promise, actual rate and its interval in up to ten bins, of equal size, of the ripe rows.

    Args:
        p: promised chances.
        closed: 1, 0 and NaN (not ripe).
        lead_ids: whose rows these are.
        horizon: by which they closed.

    Returns:
        As ``grade_table`` of the bins, with ``promised``.
    """
    ripe = ~np.isnan(closed)
    promises = pd.Series(p[ripe])
    places = pd.qcut(promises, BINS, labels=False, duplicates="drop").fillna(0).astype(int)
    names = places.map("{:02d}".format).to_numpy(dtype=object)
    table = grade_table(names, closed[ripe, None], lead_ids[ripe], [horizon])
    return table.assign(promised=promises.groupby(names).mean().to_numpy())


def _curves(systems: Sequence[System], closed: Floats, k: int) -> list[tuple[System, Floats, Floats]]:
    ripe = ~np.isnan(closed[:, k])
    return [(one, *_gains(closed[ripe, k], one.probabilities[ripe, k])) for one in systems]


def _gains(y: Floats, p: Floats) -> tuple[Floats, Floats]:
    scores, group = np.unique(-p, return_inverse=True)
    rows = np.bincount(group, minlength=len(scores))
    closes = np.bincount(group, weights=y, minlength=len(scores))
    return np.cumsum([0, *rows]) / len(y), np.cumsum([0, *closes]) / max(1.0, y.sum())


def _width(system: System) -> float:
    return 2.5 if system.kind == "model" else 1.3


def _panels(
    title: str,
    closed: Floats,
    horizons: Sequence[str],
    labels: tuple[str, str],
    draw: Callable[[Axes, int], None],
    language: Language,
) -> Figure:
    with lettering():
        figure = Figure(figsize=(max(6.4, 4.4 * len(horizons)), 5.0), dpi=110, layout="constrained")
        figure.suptitle(drawable(title), fontsize=11, wrap=True)
        axes = figure.subplots(1, len(horizons), squeeze=False)[0]
        for k, (axis, horizon) in enumerate(zip(axes, horizons, strict=True)):
            ripe = closed[~np.isnan(closed[:, k]), k]
            axis.set_title(_panel_title(horizon, ripe, language), fontsize=10)
            axis.set_xlabel(labels[0])
            axis.xaxis.set_major_formatter(AS_PERCENT)
            axis.yaxis.set_major_formatter(AS_PERCENT)
            axis.grid(alpha=0.3)
            if len(ripe):
                draw(axis, k)
        axes[0].set_ylabel(labels[1])
        drawn = [axis.get_legend_handles_labels() for axis in axes]
        lines = {name: line for handles, names in drawn for line, name in zip(handles, names, strict=True)}
        texts = [drawable(name) for name in lines]
        figure.legend(list(lines.values()), texts, loc="outside lower center", ncols=3 + len(horizons))
    return figure


def _panel_title(horizon: str, ripe: Floats, language: Language) -> str:
    days = re.fullmatch(r"(\d+)d", horizon)
    return translate(
        "{by}: {closes} of {rows} rows closed",
        language,
        by=translate("within {days} days", language, days=days[1]) if days else horizon,
        closes=f"{int(ripe.sum()):,}",
        rows=f"{len(ripe):,}",
    )
