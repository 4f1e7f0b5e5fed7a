"""Calibrations of one window's hazard with at most three numbers: none, sigmoid and beta.

Every family has ``fit(hazard, event)``, where ``event`` is 1, 0 or NaN (not at risk: left out),
``transform``, ``to_dict`` and ``from_dict``; it keeps ranks and answers each row by itself.
"""

from dataclasses import dataclass
from typing import Any, ClassVar, Protocol, Self

import numpy as np
from scipy.optimize import minimize
from scipy.special import expit, log1p, logit, xlog1py, xlogy

from models.arrays import Floats

# Before any data a raw hazard is taken for about right: its log-odds within a factor e**0.2 in slope and
# 0.3 in level, one standard deviation. Dozens of closes move that; a handful does not throw it about.
LOG_SLOPE_SD = 0.2
INTERCEPT_SD = 0.3
_EDGE = 1e-12


class WindowCalibration(Protocol):
    """What calibrates the hazard of one window."""

    method: ClassVar[str]

    @classmethod
    def fit(cls, hazard: Floats, event: Floats) -> Self:
        """Learn from one window's raw hazards and events (1, 0; NaN rows are left out)."""

    def transform(self, hazard: Floats) -> Floats:
        """Calibrated hazard of each row; a higher raw hazard never gets a lower one."""

    def to_dict(self) -> dict[str, Any]:
        """The calibration's numbers."""

    @classmethod
    def from_dict(cls, state: dict[str, Any]) -> Self:
        """Read back what ``to_dict`` wrote.

        Raises:
            ValueError: it is no calibration of this family.
        """


@dataclass(frozen=True)
class NoCalibration:
    """The raw hazard as it is."""

    method: ClassVar[str] = "none"

    @classmethod
    def fit(cls, hazard: Floats, event: Floats) -> Self:
        """Nothing is learned."""
        return cls()

    def transform(self, hazard: Floats) -> Floats:
        """The raw hazard of each row."""
        return hazard.copy()

    def to_dict(self) -> dict[str, Any]:
        """The method alone."""
        return {"method": self.method}

    @classmethod
    def from_dict(cls, state: dict[str, Any]) -> Self:
        """Read back what ``to_dict`` wrote.

        Raises:
            ValueError: it is another method's.
        """
        if state["method"] != cls.method:
            raise ValueError(f"calibration none: {state}")
        return cls()


@dataclass(frozen=True)
class SigmoidCalibration:
    """``logit(calibrated) = intercept + slope * logit(raw)``, slope above 0: ranks are kept.

    Fitted by the most probable slope and intercept, with a weak prior at slope 1 and intercept 0: with
    few closes it stays near the raw hazard, without any it is the raw hazard.

    Source: Platt, Probabilistic outputs for support vector machines (1999), on the log-odds; the prior
    in place of his smoothed targets.
    """

    method: ClassVar[str] = "sigmoid"
    slope: float = 1.0
    intercept: float = 0.0

    @classmethod
    def fit(cls, hazard: Floats, event: Floats) -> Self:
        """Learn from one window's raw hazards and events (1, 0; NaN rows are left out)."""
        at_risk = ~np.isnan(event)
        odds = logit(_inside(hazard[at_risk]))
        return cls(*_most_probable(odds[:, None], event[at_risk]))

    def transform(self, hazard: Floats) -> Floats:
        """Calibrated hazard of each row.

        >>> SigmoidCalibration(slope=1.0, intercept=1.0).transform(np.array([0.5])).round(3)
        array([0.731])
        """
        # scipy's functions work element by element; numpy's vector exp and log may round the last bit
        # otherwise by an element's place, and then a lead alone would differ from itself among others.
        calibrated: Floats = expit(self.intercept + self.slope * logit(_inside(hazard)))
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
        if state["method"] != cls.method or not (slope > 0.0 and np.isfinite([slope, intercept]).all()):
            raise ValueError(f"no sigmoid calibration: {state}")
        return cls(slope, intercept)


@dataclass(frozen=True)
class BetaCalibration:
    """``logit(calibrated) = c + a * log(raw) - b * log(1 - raw)``, a and b above 0: ranks are kept.

    With a = b it is the sigmoid; with others it bends low and high hazards apart. Fitted as the sigmoid
    is, with the same weak prior at a = b = 1 and c = 0.

    Source: Kull, Silva Filho and Flach, Beta calibration, AISTATS (2017).
    """

    method: ClassVar[str] = "beta"
    a: float = 1.0
    b: float = 1.0
    c: float = 0.0

    @classmethod
    def fit(cls, hazard: Floats, event: Floats) -> Self:
        """Learn from one window's raw hazards and events (1, 0; NaN rows are left out)."""
        at_risk = ~np.isnan(event)
        raw = _inside(hazard[at_risk])
        return cls(*_most_probable(np.column_stack([np.log(raw), -log1p(-raw)]), event[at_risk]))

    def transform(self, hazard: Floats) -> Floats:
        """Calibrated hazard of each row.

        >>> BetaCalibration(a=2.0, b=2.0, c=0.0).transform(np.array([0.2, 0.5])).round(3)
        array([0.059, 0.5  ])
        """
        raw = _inside(hazard)
        calibrated: Floats = expit(self.c + xlogy(self.a, raw) - xlog1py(self.b, -raw))
        return calibrated

    def to_dict(self) -> dict[str, Any]:
        """The calibration's numbers."""
        return {"method": self.method, "a": self.a, "b": self.b, "c": self.c}

    @classmethod
    def from_dict(cls, state: dict[str, Any]) -> Self:
        """Read back what ``to_dict`` wrote.

        Raises:
            ValueError: an unknown method, or an a or b that is not positive.
        """
        a, b, c = (float(state[name]) for name in "abc")
        if state["method"] != cls.method or not (min(a, b) > 0.0 and np.isfinite([a, b, c]).all()):
            raise ValueError(f"no beta calibration: {state}")
        return cls(a, b, c)


def _inside(hazard: Floats) -> Floats:
    return np.clip(hazard, _EDGE, 1.0 - _EDGE)


def _most_probable(scores: Floats, closed: Floats) -> tuple[float, ...]:
    """Slopes above 0, one per column of ``scores``, and the intercept, under the weak prior."""
    sds = np.array([LOG_SLOPE_SD] * scores.shape[1] + [INTERCEPT_SD])

    def cost(parameters: Floats) -> tuple[float, Floats]:
        slopes, intercept = np.exp(parameters[:-1]), parameters[-1]
        odds = intercept + scores @ slopes
        surprise = np.maximum(odds, 0.0) + log1p(np.exp(-np.abs(odds))) - closed * odds
        excess = expit(odds) - closed
        gradient = np.append(slopes * (excess @ scores), excess.sum()) + parameters / sds**2
        return float(surprise.sum() + ((parameters / sds) ** 2).sum() / 2.0), gradient

    found = minimize(cost, np.zeros(len(sds)), jac=True, method="BFGS").x
    # The last bits of linear algebra differ between machines and numbers of threads; the artefact shall not.
    return tuple(round(float(number), 6) for number in (*np.exp(found[:-1]), found[-1]))
