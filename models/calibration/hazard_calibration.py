"""Calibration of each window's hazard among the leads at risk, stored as numbers.

Which family a window gets is chosen in `models.calibration.choice`, or configured; its numbers come from
all rows, and its level from the newest (`models.calibration.newest_level`). Beside it every window keeps its
Venn-Abers table, which gives each hazard an interval.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Self

import numpy as np
import numpy.typing as npt
from scipy.special import expit, logit

from models.arrays import Floats
from models.calibration.calibrators import WindowCalibration
from models.calibration.choice import Choice, choose_calibration, family, only
from models.calibration.newest_level import NewestLevel, newest_level
from models.calibration.venn_abers import VennAbersCalibration
from models.hazards import Bools, compose

AUTO = "auto"
# A hazard that is certain has no log-odds.
_EDGE = 1e-12


@dataclass(frozen=True)
class HazardCalibration:
    """One calibration and one table of intervals per window.

    Attributes:
        windows: what calibrates each.
        bounds: the interval of each, whatever calibrates it.
        choices: every family's log-loss per window, and which was chosen.
        levels: by how much the newest rows of each window are above all rows; empty of scorers that were
            learned before there were such levels.
    """

    windows: tuple[WindowCalibration, ...]
    bounds: tuple[VennAbersCalibration, ...]
    choices: tuple[Choice, ...] = ()
    levels: tuple[NewestLevel, ...] = ()

    def __post_init__(self) -> None:
        if len(self.bounds) != len(self.windows):
            raise ValueError(f"{len(self.windows)} calibrated windows, but {len(self.bounds)} with intervals")
        if self.levels and len(self.levels) != len(self.windows):
            raise ValueError(f"{len(self.windows)} calibrated windows, but {len(self.levels)} with a level")

    @classmethod
    def fit(
        cls,
        hazards: Floats,
        events: Floats,
        instants: npt.ArrayLike,
        lead_ids: npt.ArrayLike,
        method: str = AUTO,
        latest: Bools | None = None,
    ) -> Self:
        """Choose and learn each window's calibration on the leads at risk in it; rows count alike.

        Args:
            hazards: raw hazards, (rows, windows), by trees that had not seen the rows' leads.
            events: of the same shape: 1, 0 or NaN (not at risk).
            instants: as-of of each row, of any kind that has an order.
            lead_ids: whose rows these are.
            method: a family for all windows, or ``auto``: chosen per window.
            latest: the rows that families are chosen on; all when left out.

        Raises:
            ValueError: hazards and events have different shapes, or there is no such method.
        """
        if hazards.shape != events.shape:
            raise ValueError(f"hazards has shape {hazards.shape}, events {events.shape}")
        times, leads = np.asarray(instants), np.asarray(lead_ids)
        some = np.ones(len(events), dtype=np.bool_) if latest is None else latest
        columns = list(zip(hazards.T, events.T, strict=True))
        choices = [
            choose_calibration(k, hazard[some], event[some], times[some], leads[some])
            if method == AUTO
            else only(k, method, "configured")
            for k, (hazard, event) in enumerate(columns, start=1)
        ]
        chosen = [family(next(one.method for one in told if one.chosen)) for told in choices]
        windows = tuple(one.fit(*column) for one, column in zip(chosen, columns, strict=True))
        bounds = tuple(VennAbersCalibration.fit(*column) for column in columns)
        told = tuple(one for told in choices for one in told)
        levels = tuple(
            _level_now(window, *column, times, leads) for window, column in zip(windows, columns, strict=True)
        )
        return cls(windows, bounds, told, levels)

    @property
    def of_all_rows(self) -> Self:
        """The same at the level of all rows that it was learned from, not at that of the newest."""
        return replace(self, levels=())

    def level_error(self, hazards: Floats) -> Floats:
        """Standard error of some rows' mean probability by each horizon that comes from the newest level.

        Windows' levels count as independent of one another.
        """
        if not self.levels:
            return np.zeros(hazards.shape[1])
        now = self.transform(hazards)
        # How fast 1 - (1 - h1) ... (1 - hk) moves with the log-odds of one of them: its h times what is left.
        left = 1.0 - compose(now)
        errors = [
            np.array([float((left[:, k] * now[:, j]).mean()) for k in range(now.shape[1])]) * level.error
            for j, level in enumerate(self.levels)
        ]
        return np.array([np.sqrt(sum(one[k] ** 2 for one in errors[: k + 1])) for k in range(now.shape[1])])

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
        shifts = [level.shift for level in self.levels] or [0.0] * len(answers)
        found = [_moved(answer(hazards[:, k]), shifts[k]) for k, answer in enumerate(answers)]
        return np.column_stack(found)

    def to_dict(self) -> dict[str, Any]:
        """The numbers of every window, and how they were chosen."""
        return {
            "windows": [window.to_dict() for window in self.windows],
            "bounds": [one.to_dict() for one in self.bounds],
            "choices": [choice.to_dict() for choice in self.choices],
            **({"levels": [level.to_dict() for level in self.levels]} if self.levels else {}),
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
            tuple(NewestLevel.from_dict(level) for level in state.get("levels", [])),
        )


def _moved(hazard: Floats, shift: float) -> Floats:
    """Hazards whose log-odds are so much higher; scipy's functions work element by element."""
    moved: Floats = expit(logit(hazard) + shift) if shift else hazard
    return moved


def _level_now(
    window: WindowCalibration,
    hazard: Floats,
    event: Floats,
    instants: npt.NDArray[Any],
    lead_ids: npt.NDArray[Any],
) -> NewestLevel:
    known = ~np.isnan(event)
    odds = logit(np.clip(window.transform(hazard[known]), _EDGE, 1.0 - _EDGE))
    return newest_level(odds, event[known], instants[known], lead_ids[known])
