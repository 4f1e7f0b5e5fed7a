"""The level of a window's hazards as it is now: learned from the newest rows, the slope being known.

Close rates shift while the causes stay: a price changes, a campaign ends. The slope of a calibration comes
from all rows; of the level the newest tell more, and the fewer they are, the surer is chance to move it. So
stretches of the newest rows are tried, each twice as long as the one before, the first as long as it takes to
hold 100 leads that closed and 100 that did not. The longest is taken whose level no shorter one contradicts;
where that is all rows, nothing is moved.

A stretch and a longer one share rows. Their difference has the spread of what each lead moves it by, and this
is also the error of the level taken against that of all rows.

Source: Lepskii, On a problem of adaptive estimation in Gaussian white noise (1991), for the choice; Hausman,
Econometrica 46 (1978), for estimates of which one holds the other's rows.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Self

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.special import expit

from models.arrays import Floats

# So many leads that closed, and so many that did not, tell a level to about .14 in log-odds.
LEAST_FATES = 100
# Standard errors by which a shorter stretch contradicts a longer one.
CONTRADICTS = 1.5
_STEPS = 50


@dataclass(frozen=True)
class NewestLevel:
    """By how much the newest rows' log-odds are above those of all rows.

    Attributes:
        shift: added to the log-odds of a calibrated hazard.
        error: its standard error, over leads; 0 where nothing is moved.
        rows: of the stretch that it comes from.
        leads: of these rows.
    """

    shift: float = 0.0
    error: float = 0.0
    rows: int = 0
    leads: int = 0

    def to_dict(self) -> dict[str, Any]:
        """Its fields."""
        return asdict(self)

    @classmethod
    def from_dict(cls, state: dict[str, Any]) -> Self:
        """Read back what ``to_dict`` wrote.

        Raises:
            ValueError: a number is not finite, or the error is below 0.
        """
        level = cls(float(state["shift"]), float(state["error"]), int(state["rows"]), int(state["leads"]))
        if not np.isfinite([level.shift, level.error]).all() or level.error < 0.0:
            raise ValueError(f"no level of the newest rows: {state}")
        return level


def newest_level(
    odds: Floats, closed: Floats, instants: npt.ArrayLike, lead_ids: npt.ArrayLike
) -> NewestLevel:
    """The level of the longest stretch of newest rows that no shorter one contradicts.

    Args:
        odds: log-odds of the calibrated hazards of the rows at risk whose outcome is known, by trees that had
            not seen their leads.
        closed: 1 or 0 of each.
        instants: as-of of each row, of any kind that has an order; rows of one instant stay together.
        lead_ids: whose rows these are.
    """
    leads = pd.factorize(np.asarray(lead_ids), sort=True)[0]
    times = pd.factorize(np.asarray(instants), sort=True)[0]
    newest_first = np.lexsort((leads, -times))
    ends = _stretches(closed[newest_first], times[newest_first], leads[newest_first])
    if len(ends) < 2:
        return NewestLevel(rows=len(odds), leads=len(np.unique(leads)))
    found = [
        _level(odds[rows], closed[rows], leads[rows], leads.max() + 1) for rows in _cut(newest_first, ends)
    ]
    place = _longest(found)
    (level, pulls), (_, of_all) = found[place], found[-1]
    rows = newest_first[: ends[place]]
    moved = place < len(ends) - 1
    # The last bits of sums and logarithms differ between machines; the artefact shall not.
    return NewestLevel(
        round(level, 6) if moved else 0.0,
        round(_spread(pulls - of_all), 6) if moved else 0.0,
        len(rows),
        len(np.unique(leads[rows])),
    )


def _cut(rows: npt.NDArray[np.intp], ends: Sequence[int]) -> list[npt.NDArray[np.intp]]:
    return [rows[:end] for end in ends]


def _stretches(closed: Floats, times: npt.NDArray[np.intp], leads: npt.NDArray[np.intp]) -> list[int]:
    """How many of the newest rows each stretch holds, the last all; a lead counts once on either side."""
    seen = pd.DataFrame({"lead": leads, "closed": closed})
    new = ~seen.duplicated().to_numpy()
    counts = np.minimum(np.cumsum(new & (closed == 1.0)), np.cumsum(new & (closed == 0.0)))
    if not len(times):
        return []
    ends = np.append(np.flatnonzero(np.diff(times)) + 1, len(times))
    held, stretches, wanted = counts[ends - 1], [], LEAST_FATES
    while held[-1] >= wanted:
        stretches.append(int(ends[np.searchsorted(held, wanted)]))
        wanted *= 2
    return [*dict.fromkeys([*stretches, len(times)])] if stretches else []


def _level(odds: Floats, closed: Floats, leads: npt.NDArray[np.intp], count: int) -> tuple[float, Floats]:
    """The most probable shift of the rows' log-odds, and by how much each lead pulls it, (leads,)."""
    shift = 0.0
    for _ in range(_STEPS):
        chance = expit(odds + shift)
        step = float((closed - chance).sum() / max((chance * (1.0 - chance)).sum(), 1e-9))
        shift += min(max(step, -1.0), 1.0)
        if abs(step) < 1e-10:
            break
    chance = expit(odds + shift)
    pulls = np.bincount(leads, closed - chance, minlength=count) / (chance * (1.0 - chance)).sum()
    return shift, pulls


def _spread(pulls: Floats) -> float:
    return float(np.sqrt((pulls**2).sum()))


def _longest(found: Sequence[tuple[float, Floats]]) -> int:
    """The place of the last stretch before one that a shorter one contradicts."""
    for place in range(1, len(found)):
        level, pulls = found[place]
        for shorter, its_pulls in found[:place]:
            if abs(shorter - level) > CONTRADICTS * _spread(its_pulls - pulls):
                return place - 1
    return len(found) - 1
