"""Which calibration a window's hazard gets: chosen by log-loss over time, inside the calibration period.

The leads at risk are cut twice: their rows by time into blocks of about equal size, the leads by lot
into groups. A calibration learns from the earlier blocks of the other groups and is judged on the next
block of one group, so it never sees a later row, nor a lead that it is judged on. (Leaving out whole
leads by when they are last seen would not do: who closes is seen no more.)

The sigmoid is the incumbent: its prior makes it nearly the raw hazard where there is little to learn
from, so it rarely does harm. Another takes its place only if its log-loss is lower by more than two
standard errors of the paired difference, leads being independent and their rows not; of several, the
simplest within two standard errors of the best. Two and not one, since four families try: one in six
of them would pass one standard error by chance, and a curve that got in by chance costs more than one
that belongs there gains (on simulated worlds one raised the worst gap to the true chances from .010 to .015).

Source: the standard-error rule of Breiman, Friedman, Olshen and Stone, CART (1984), paired.
"""

from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from typing import Any, Self

import numpy as np
import numpy.typing as npt
import pandas as pd

from models.arrays import Floats
from models.calibration.calibrators import (
    BetaCalibration,
    NoCalibration,
    SigmoidCalibration,
    WindowCalibration,
)
from models.calibration.isotonic import IsotonicCalibration
from models.calibration.venn_abers import VennAbersCalibration
from models.hazards import Bools
from models.metrics.scores import surprise

# The simplest first.
CALIBRATIONS: tuple[type[WindowCalibration], ...] = (
    NoCalibration,
    SigmoidCalibration,
    BetaCalibration,
    IsotonicCalibration,
    VennAbersCalibration,
)
INCUMBENT = CALIBRATIONS.index(SigmoidCalibration)

BLOCKS = 4
GROUPS = 5
# Fewer closes (or fewer that did not close) than this cannot tell the families apart.
MIN_EVENTS = 50
# Standard errors by which a difference is sure.
SURE = 2.0


@dataclass(frozen=True)
class Choice:
    """How a family did in one window.

    Attributes:
        window: its number, from 1.
        method: the family.
        log_loss: mean over the judged rows; missing where nothing was judged.
        behind: mean log-loss above the incumbent's (below 0: better).
        standard_error: of ``behind``, over leads.
        chosen: whether the window has it.
        because: why, in words; of the runners-up empty.
    """

    window: int
    method: str
    log_loss: float | None
    behind: float | None
    standard_error: float | None
    chosen: bool
    because: str = ""

    def to_dict(self) -> dict[str, Any]:
        """Its fields."""
        return asdict(self)

    @classmethod
    def from_dict(cls, state: dict[str, Any]) -> Self:
        """Read back what ``to_dict`` wrote.

        Raises:
            ValueError: an unknown family, or a number that is none.
        """
        family(state["method"])
        numbers = {name: _number(state[name]) for name in ("log_loss", "behind", "standard_error")}
        window, chosen, because = int(state["window"]), bool(state["chosen"]), str(state["because"])
        return cls(window, str(state["method"]), **numbers, chosen=chosen, because=because)


def family(method: str) -> type[WindowCalibration]:
    """The calibration of a name.

    >>> family("beta").__name__
    'BetaCalibration'

    Raises:
        ValueError: there is none of this name.
    """
    for one in CALIBRATIONS:
        if one.method == method:
            return one
    raise ValueError(f"calibration {method!r} is none of {', '.join(one.method for one in CALIBRATIONS)}")


def choose_calibration(
    window: int, hazard: Floats, event: Floats, instants: npt.ArrayLike, lead_ids: npt.ArrayLike
) -> tuple[Choice, ...]:
    """Judge every family on one window; exactly one is chosen.

    Args:
        window: its number, from 1.
        hazard: raw hazards, (rows,).
        event: 1, 0 or NaN (not at risk: left out).
        instants: as-of of each row, of any kind that has an order.
        lead_ids: whose rows these are.
    """
    at_risk = ~np.isnan(event)
    closes, others = int((event == 1.0).sum()), int((event == 0.0).sum())
    if min(closes, others) < MIN_EVENTS:
        rarer = f"{closes} closes" if closes <= others else f"{others} rows that did not close"
        return only(window, CALIBRATIONS[INCUMBENT].method, f"{rarer}, {MIN_EVENTS} are needed to choose")
    raw, closed = hazard[at_risk], event[at_risk]
    leads = pd.factorize(np.asarray(lead_ids)[at_risk], sort=True)[0]
    blocks = _blocks(np.asarray(instants)[at_risk])
    if not blocks.max():
        return only(
            window, CALIBRATIONS[INCUMBENT].method, "one instant only: nothing to choose by over time"
        )
    judged, losses = _losses(raw, closed, blocks, leads)
    return _choice(window, losses, leads[judged])


def only(window: int, method: str, because: str) -> tuple[Choice, ...]:
    """A method that was not chosen by comparison, and why."""
    return (Choice(window, method, None, None, None, True, because),)


def folds(blocks: npt.NDArray[np.intp], groups: npt.NDArray[np.intp]) -> Iterator[tuple[Bools, Bools]]:
    """Which rows to learn from and which to judge on, a pair per later block and group of leads.

    >>> pairs = list(folds(np.array([0, 0, 1]), np.array([0, 1, 0])))
    >>> [(learn.tolist(), judge.tolist()) for learn, judge in pairs]
    [([False, True, False], [False, False, True])]
    """
    for block in range(1, int(blocks.max()) + 1):
        for group in np.unique(groups[blocks == block]):
            yield (blocks < block) & (groups != group), (blocks == block) & (groups == group)


def _blocks(instants: npt.NDArray[Any]) -> npt.NDArray[np.intp]:
    """Number of each row's block of time; rows of one instant are in one block."""
    places = pd.factorize(instants, sort=True)[0]
    ordered = np.sort(places)
    starts = np.unique([ordered[len(ordered) * k // BLOCKS] for k in range(1, BLOCKS)])
    return np.unique(np.searchsorted(starts, places, "right"), return_inverse=True)[1]


def _losses(
    raw: Floats, closed: Floats, blocks: npt.NDArray[np.intp], leads: npt.NDArray[np.intp]
) -> tuple[Bools, Floats]:
    """Which rows were judged, and the loss of each family on each of them, (rows, families)."""
    lots = np.random.default_rng(0).permutation(int(leads.max()) + 1) % GROUPS
    losses = np.full((len(raw), len(CALIBRATIONS)), np.nan)
    for learn, judge in folds(blocks, lots[leads]):
        for place, one in enumerate(CALIBRATIONS):
            forecast = one.fit(raw[learn], closed[learn]).transform(raw[judge])
            losses[judge, place] = surprise(closed[judge], forecast)
    judged: Bools = ~np.isnan(losses[:, 0])
    return judged, losses[judged]


def _choice(window: int, losses: Floats, leads: npt.NDArray[np.intp]) -> tuple[Choice, ...]:
    behind, error = _paired(losses, INCUMBENT, leads)
    better = np.flatnonzero(behind < -SURE * error)
    place = INCUMBENT
    if better.size:
        best = better[np.argmin(behind[better])]
        to_best, its_error = _paired(losses, int(best), leads)
        place = int(better[(to_best <= SURE * its_error)[better]][0])
    because = "its log-loss is surely lower" if better.size else "no other is surely better"
    # The last bits of sums and logarithms differ between machines; the artefact shall not.
    numbers = np.round(np.column_stack([losses.mean(axis=0), behind, error]), 6).tolist()
    told = [
        Choice(window, one.method, loss, above, its_error, chosen=False)
        for one, (loss, above, its_error) in zip(CALIBRATIONS, numbers, strict=True)
    ]
    told[place] = replace(told[place], chosen=True, because=because)
    return tuple(told)


def _paired(losses: Floats, reference: int, leads: npt.NDArray[np.intp]) -> tuple[Floats, Floats]:
    """Mean loss above a reference's, and its standard error over leads, (families,)."""
    differences = losses - losses[:, [reference]]
    mean = differences.mean(axis=0)
    codes = np.unique(leads, return_inverse=True)[1]
    per_lead = np.array([np.bincount(codes, column) for column in (differences - mean).T])
    count = per_lead.shape[1]
    spread = (per_lead**2).sum(axis=1) * count / max(count - 1, 1)
    return mean, np.sqrt(spread) / len(losses)


def _number(value: object) -> float | None:
    if value is None:
        return None
    number = float(str(value))
    if not np.isfinite(number):
        raise ValueError("a log-loss is not a finite number")
    return number
