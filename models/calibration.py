"""Calibration of each window's hazard among the leads at risk, stored as numbers.

A calibration of a window is anything with ``transform`` and ``to_dict``; so far the sigmoid.
"""

from dataclasses import dataclass
from typing import Any, Protocol, Self

import numpy as np
from scipy.optimize import minimize
from scipy.special import expit, log1p, logit

from models.hazards import Floats

# Before any data a raw hazard is taken for about right: its log-odds within a factor e**0.2 in slope and
# 0.3 in level, one standard deviation. Dozens of closes move that; a handful does not throw it about.
LOG_SLOPE_SD = 0.2
INTERCEPT_SD = 0.3
_EDGE = 1e-12


class WindowCalibration(Protocol):
    """What calibrates the hazard of one window."""

    def transform(self, hazard: Floats) -> Floats:
        """Calibrated hazard of each row."""

    def to_dict(self) -> dict[str, Any]:
        """The calibration's numbers."""


@dataclass(frozen=True)
class SigmoidCalibration:
    """``logit(calibrated) = intercept + slope * logit(raw)``, slope above 0: ranks are kept.

    Fitted by the most probable slope and intercept, with a weak prior at slope 1 and intercept 0: with
    few closes it stays near the raw hazard, without any it is the raw hazard.

    Source: Platt, Probabilistic outputs for support vector machines (1999), on the log-odds; the prior
    in place of his smoothed targets.
    """

    slope: float = 1.0
    intercept: float = 0.0

    @classmethod
    def fit(cls, hazard: Floats, event: Floats) -> Self:
        """Learn from one window's raw hazards and events (1, 0; NaN rows are left out)."""
        at_risk = ~np.isnan(event)
        score, closed = _log_odds(hazard[at_risk]), event[at_risk]

        def cost(parameters: Floats) -> tuple[float, Floats]:
            log_slope, intercept = parameters
            slope = np.exp(log_slope)
            odds = intercept + slope * score
            prior = (log_slope / LOG_SLOPE_SD) ** 2 / 2.0 + (intercept / INTERCEPT_SD) ** 2 / 2.0
            surprise = np.maximum(odds, 0.0) + log1p(np.exp(-np.abs(odds))) - closed * odds
            excess = expit(odds) - closed
            by_log_slope = slope * (excess @ score) + log_slope / LOG_SLOPE_SD**2
            by_intercept = excess.sum() + intercept / INTERCEPT_SD**2
            return float(surprise.sum() + prior), np.array([by_log_slope, by_intercept])

        log_slope, intercept = minimize(cost, np.zeros(2), jac=True, method="BFGS").x
        return cls(_rounded(np.exp(log_slope)), _rounded(intercept))

    def transform(self, hazard: Floats) -> Floats:
        """Calibrated hazard of each row.

        >>> SigmoidCalibration(slope=1.0, intercept=1.0).transform(np.array([0.5])).round(3)
        array([0.731])
        """
        calibrated: Floats = expit(self.intercept + self.slope * _log_odds(hazard))
        return calibrated

    def to_dict(self) -> dict[str, Any]:
        """The calibration's numbers."""
        return {"method": "sigmoid", "slope": self.slope, "intercept": self.intercept}

    @classmethod
    def from_dict(cls, state: dict[str, Any]) -> Self:
        """Read back what ``to_dict`` wrote.

        Raises:
            ValueError: an unknown method, or a slope that is not positive.
        """
        slope, intercept = float(state["slope"]), float(state["intercept"])
        if state["method"] != "sigmoid" or not (slope > 0.0 and np.isfinite([slope, intercept]).all()):
            raise ValueError(f"no sigmoid calibration: {state}")
        return cls(slope, intercept)


@dataclass(frozen=True)
class HazardCalibration:
    """One calibration per window."""

    windows: tuple[WindowCalibration, ...]

    @classmethod
    def fit(cls, hazards: Floats, events: Floats) -> Self:
        """Learn each window's calibration on the leads at risk in it; rows count alike.

        Raises:
            ValueError: hazards and events have different shapes.
        """
        if hazards.shape != events.shape:
            raise ValueError(f"hazards has shape {hazards.shape}, events {events.shape}")
        windows = range(hazards.shape[1])
        return cls(tuple(SigmoidCalibration.fit(hazards[:, k], events[:, k]) for k in windows))

    def transform(self, hazards: Floats) -> Floats:
        """Calibrated hazards, (rows, windows).

        Raises:
            ValueError: another number of windows than at fit.
        """
        if hazards.ndim != 2 or hazards.shape[1] != len(self.windows):
            raise ValueError(f"hazards has shape {hazards.shape}; expected {len(self.windows)} windows")
        calibrated = [window.transform(hazards[:, k]) for k, window in enumerate(self.windows)]
        return np.column_stack(calibrated)

    def to_dict(self) -> dict[str, Any]:
        """The numbers of every window."""
        return {"windows": [window.to_dict() for window in self.windows]}

    @classmethod
    def from_dict(cls, state: dict[str, Any]) -> Self:
        """Read back what ``to_dict`` wrote."""
        return cls(tuple(SigmoidCalibration.from_dict(window) for window in state["windows"]))


def _log_odds(hazard: Floats) -> Floats:
    # scipy's logit and expit work element by element; numpy's vector exp may round the last bit otherwise
    # by an element's place in the array, and then a lead alone would differ from itself among others.
    odds: Floats = logit(np.clip(hazard, _EDGE, 1.0 - _EDGE))
    return odds


def _rounded(number: float) -> float:
    # The last bits of linear algebra differ between machines and numbers of threads; the artefact shall not.
    return round(float(number), 6)
