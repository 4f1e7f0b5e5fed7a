"""Calibration of each window's hazard among the leads at risk, stored as numbers.

Which family a window gets is chosen in `models.calibration.choice`, or configured. Beside it every
window keeps its Venn-Abers table, which gives each hazard an interval.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from models.arrays import Floats
from models.calibration.calibrators import WindowCalibration
from models.calibration.choice import Choice, choose_calibration, family, only
from models.calibration.venn_abers import VennAbersCalibration
from models.hazards import compose

AUTO = "auto"


@dataclass(frozen=True)
class HazardCalibration:
    """One calibration and one table of intervals per window.

    Attributes:
        windows: what calibrates each.
        bounds: the interval of each, whatever calibrates it.
        choices: every family's log-loss per window, and which was chosen.
    """

    windows: tuple[WindowCalibration, ...]
    bounds: tuple[VennAbersCalibration, ...]
    choices: tuple[Choice, ...] = ()

    def __post_init__(self) -> None:
        if len(self.bounds) != len(self.windows):
            raise ValueError(f"{len(self.windows)} calibrated windows, but {len(self.bounds)} with intervals")

    @classmethod
    def fit(
        cls,
        hazards: Floats,
        events: Floats,
        instants: npt.ArrayLike,
        lead_ids: npt.ArrayLike,
        method: str = AUTO,
    ) -> Self:
        """Choose and learn each window's calibration on the leads at risk in it; rows count alike.

        Args:
            hazards: raw hazards, (rows, windows).
            events: of the same shape: 1, 0 or NaN (not at risk).
            instants: as-of of each row, of any kind that has an order.
            lead_ids: whose rows these are.
            method: a family for all windows, or ``auto``: chosen per window.

        Raises:
            ValueError: hazards and events have different shapes, or there is no such method.
        """
        if hazards.shape != events.shape:
            raise ValueError(f"hazards has shape {hazards.shape}, events {events.shape}")
        columns = list(zip(hazards.T, events.T, strict=True))
        choices = [
            choose_calibration(k, hazard, event, instants, lead_ids)
            if method == AUTO
            else only(k, method, "configured")
            for k, (hazard, event) in enumerate(columns, start=1)
        ]
        chosen = [family(next(one.method for one in told if one.chosen)) for told in choices]
        windows = (one.fit(*column) for one, column in zip(chosen, columns, strict=True))
        bounds = (VennAbersCalibration.fit(*column) for column in columns)
        return cls(tuple(windows), tuple(bounds), tuple(one for told in choices for one in told))

    def transform(self, hazards: Floats) -> Floats:
        """Calibrated hazards, (rows, windows).

        Raises:
            ValueError: another number of windows than at fit.
        """
        return self._each([window.transform for window in self.windows], hazards)

    def chances(self, hazards: Floats) -> Floats:
        """P(closed by the end of each window), (rows, windows).

        Raises:
            ValueError: as ``transform``.
        """
        return compose(self.transform(hazards))

    def probabilities(self, hazards: Floats) -> tuple[Floats, Floats, Floats]:
        """P(closed by the end of each window), and the lower and upper end of its interval.

        An interval is composed of the windows' own and widened to hold the probability, which another
        family than Venn-Abers may have given. None of the three falls from one window to the next.

        Returns:
            Three arrays (rows, windows).

        Raises:
            ValueError: as ``transform``.
        """
        point = self.chances(hazards)
        low = self._each([one.lowest for one in self.bounds], hazards)
        high = self._each([one.highest for one in self.bounds], hazards)
        return point, np.minimum(compose(low), point), np.maximum(compose(high), point)

    def _each(self, answers: list[Callable[[Floats], Floats]], hazards: Floats) -> Floats:
        if hazards.ndim != 2 or hazards.shape[1] != len(answers):
            raise ValueError(f"hazards has shape {hazards.shape}; expected {len(answers)} windows")
        return np.column_stack([answer(hazards[:, k]) for k, answer in enumerate(answers)])

    def to_dict(self) -> dict[str, Any]:
        """The numbers of every window, and how they were chosen."""
        return {
            "windows": [window.to_dict() for window in self.windows],
            "bounds": [one.to_dict() for one in self.bounds],
            "choices": [choice.to_dict() for choice in self.choices],
        }

    @classmethod
    def from_dict(cls, state: dict[str, Any]) -> Self:
        """Read back what ``to_dict`` wrote.

        Raises:
            ValueError: an unknown method, or numbers that are none of its calibrations.
        """
        return cls(
            tuple(family(window["method"]).from_dict(window) for window in state["windows"]),
            tuple(VennAbersCalibration.from_dict(one) for one in state["bounds"]),
            tuple(Choice.from_dict(choice) for choice in state["choices"]),
        )
