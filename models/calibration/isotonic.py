"""Isotonic calibration of one window's hazard: the best rising curve, stored as its corners."""

from dataclasses import dataclass
from typing import Any, ClassVar, Self

import numpy as np
from sklearn.isotonic import IsotonicRegression

from models.arrays import Floats


@dataclass(frozen=True)
class IsotonicCalibration:
    """A rising curve through corners: straight between them, level outside.

    The rates stay ``1 / (n + 2)`` away from 0 and 1, n the rows: as many rows without a close do not
    prove that none will ever close (Laplace's rule of succession).

    Source: Zadrozny and Elkan, KDD (2002); scikit-learn's ``IsotonicRegression``.

    Attributes:
        hazards: raw hazards of the corners, rising.
        rates: calibrated hazard at each, never falling.
    """

    method: ClassVar[str] = "isotonic"
    hazards: tuple[float, ...] = (0.0, 1.0)
    rates: tuple[float, ...] = (0.0, 1.0)

    @classmethod
    def fit(cls, hazard: Floats, event: Floats) -> Self:
        """Learn from one window's raw hazards and events (1, 0; NaN rows are left out).

        Without any row a hazard stays as it is.
        """
        at_risk = ~np.isnan(event)
        if not at_risk.any():
            return cls()
        edge = 1.0 / (at_risk.sum() + 2.0)
        curve = IsotonicRegression(y_min=edge, y_max=1.0 - edge).fit(hazard[at_risk], event[at_risk])
        return cls(tuple(curve.X_thresholds_.tolist()), tuple(curve.y_thresholds_.tolist()))

    def transform(self, hazard: Floats) -> Floats:
        """Calibrated hazard of each row.

        >>> IsotonicCalibration((0.1, 0.3), (0.0, 0.4)).transform(np.array([0.0, 0.2, 0.9]))
        array([0. , 0.2, 0.4])
        """
        return np.interp(hazard, self.hazards, self.rates)

    def to_dict(self) -> dict[str, Any]:
        """The corners."""
        return {"method": self.method, "hazards": list(self.hazards), "rates": list(self.rates)}

    @classmethod
    def from_dict(cls, state: dict[str, Any]) -> Self:
        """Read back what ``to_dict`` wrote.

        Raises:
            ValueError: an unknown method, or corners that do not rise within 0 and 1.
        """
        hazards, rates = (tuple(map(float, state[name])) for name in ("hazards", "rates"))
        whole = len(hazards) == len(rates) > 0 and min(rates) >= 0.0 and max(rates) <= 1.0
        if state["method"] != cls.method or not (whole and _rise(hazards, rates)):
            raise ValueError("no isotonic calibration: its corners must rise, with rates from 0 to 1")
        return cls(hazards, rates)


def _rise(hazards: tuple[float, ...], rates: tuple[float, ...]) -> bool:
    finite = np.isfinite([*hazards, *rates]).all()
    return bool(finite and (np.diff(hazards) > 0.0).all() and (np.diff(rates) >= 0.0).all())
