"""Pictures of an evaluation: reliability of the probabilities, and closes found by calling order."""

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from sklearn.calibration import calibration_curve

from models.hazards import Floats
from pipeline.evaluate import System

BINS = 10


def reliability_chart(model: System, closed: Floats, horizons: Sequence[str], title: str) -> Figure:
    """Promised against actual close rate, ten bins of equal size per horizon."""
    figure, axis = _figure(title)
    top = 0.0
    for k, horizon in enumerate(horizons):
        ripe = ~np.isnan(closed[:, k])
        if ripe.any():
            actual, promised = calibration_curve(
                closed[ripe, k], model.probabilities[ripe, k], n_bins=BINS, strategy="quantile"
            )
            axis.plot(promised, actual, marker="o", label=f"closed within {horizon}")
            top = max(top, float(actual.max()), float(promised.max()))
    axis.plot([0, top], [0, top], color="grey", linewidth=1, linestyle="--", label="promise kept exactly")
    axis.set_xlabel("promised close rate")
    axis.set_ylabel("actual close rate")
    axis.legend()
    return figure


def gains_chart(systems: Sequence[System], closed: Floats, place: int, horizon: str, title: str) -> Figure:
    """Share of closes found when leads are called in each system's order; tied leads in proportion."""
    figure, axis = _figure(title)
    ripe = ~np.isnan(closed[:, place])
    for system in systems:
        called, found = _gains(closed[ripe, place], system.probabilities[ripe, place])
        axis.plot(called, found, label=system.name)
    axis.plot([0, 1], [0, 1], color="grey", linewidth=1, linestyle="--", label="any order")
    axis.set_xlabel("share of leads called")
    axis.set_ylabel(f"share of closes within {horizon} found")
    axis.legend()
    return figure


def _gains(y: Floats, p: Floats) -> tuple[Floats, Floats]:
    scores, group = np.unique(-p, return_inverse=True)
    rows = np.bincount(group, minlength=len(scores))
    closes = np.bincount(group, weights=y, minlength=len(scores))
    return np.cumsum([0, *rows]) / len(y), np.cumsum([0, *closes]) / max(1.0, y.sum())


def _figure(title: str) -> tuple[Figure, Axes]:
    figure = Figure(figsize=(6.4, 5.0), layout="constrained")
    axis = figure.add_subplot()
    axis.set_title(title)
    return figure, axis
