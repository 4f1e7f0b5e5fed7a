"""Calibration of each window's hazard among the leads at risk, stored as numbers.

A calibration of a window is anything with ``transform`` and ``to_dict``; so far the sigmoid, which
falls back to a shift and to none as the closes become few.
"""

from dataclasses import dataclass
from typing import Any, Literal, Protocol, Self

import numpy as np
from scipy.optimize import brentq
from scipy.special import expit, logit
from sklearn.linear_model import LogisticRegression

from models.hazards import Floats

MIN_FOR_SIGMOID = 20
MIN_FOR_SHIFT = 5
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

    Attributes:
        method: ``sigmoid`` (both learned; 20 closes and 20 rows without one at least), ``shift``
            (slope 1; the mean hazard is set right; 5 of each) or ``none``.

    Source: Platt, Probabilistic outputs for support vector machines (1999), on the log-odds.
    """

    slope: float = 1.0
    intercept: float = 0.0
    method: Literal["sigmoid", "shift", "none"] = "none"

    @classmethod
    def fit(cls, hazard: Floats, event: Floats) -> Self:
        """Learn from one window's raw hazards and events (1, 0; NaN rows are left out)."""
        at_risk = ~np.isnan(event)
        score, closed = _log_odds(hazard[at_risk]), event[at_risk]
        fewest = min(int(closed.sum()), int((1.0 - closed).sum()))
        if fewest >= MIN_FOR_SIGMOID:
            slope, intercept = _logistic(score, closed)
            if slope > 0.0:
                return cls(slope, intercept, "sigmoid")
        if fewest >= MIN_FOR_SHIFT:
            return cls(1.0, _shift(score, float(closed.mean())), "shift")
        return cls()

    def transform(self, hazard: Floats) -> Floats:
        """Calibrated hazard of each row.

        >>> SigmoidCalibration(slope=1.0, intercept=1.0, method="shift").transform(np.array([0.5])).round(3)
        array([0.731])
        """
        if self.method == "none":
            return hazard.copy()
        calibrated: Floats = expit(self.intercept + self.slope * _log_odds(hazard))
        return calibrated

    def to_dict(self) -> dict[str, Any]:
        """The calibration's numbers."""
        return {"method": self.method, "slope": self.slope, "intercept": self.intercept}

    @classmethod
    def from_dict(cls, state: dict[str, Any]) -> Self:
        """Read back what ``to_dict`` wrote.

        Raises:
            ValueError: an unknown method, or a slope that is not positive.
        """
        slope, intercept = float(state["slope"]), float(state["intercept"])
        if state["method"] not in ("sigmoid", "shift", "none") or not (
            slope > 0.0 and np.isfinite(intercept)
        ):
            raise ValueError(f"no sigmoid calibration: {state}")
        return cls(slope, intercept, state["method"])


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


def _logistic(score: Floats, closed: Floats) -> tuple[float, float]:
    # A hair of ridge instead of none: data that the score separates perfectly has no finite slope.
    learned = LogisticRegression(C=1e4, solver="newton-cholesky", tol=1e-8).fit(score[:, None], closed)
    return _rounded(learned.coef_[0, 0]), _rounded(learned.intercept_[0])


def _shift(score: Floats, rate: float) -> float:
    return _rounded(brentq(lambda shift: expit(score + shift).mean() - rate, -60.0, 60.0, xtol=1e-12))


def _rounded(number: float) -> float:
    # The last bits of linear algebra differ between machines and numbers of threads; the artefact shall not.
    return round(float(number), 9)
