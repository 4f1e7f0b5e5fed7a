"""Training pairs of the close model: a lead's row once for each window in which it is at risk.

Person-period form: the window's number is one more input, and whether the lead closed within the window is
what is learned.

Source: Tutz and Schmid, Modeling Discrete Time-to-Event Data (2016).
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import logit

from models.arrays import Floats


@dataclass(frozen=True)
class Pairs:
    """Training pairs (row, window at risk), windows one after another.

    Their inputs are the largest thing in a training: they are written out only when they are asked for.

    Attributes:
        closed: 1 where the row closed in the window, else 0.
        weight: of each pair.
        row: which row it is of.
        window: which window, counted from 0.
    """

    closed: Floats
    weight: Floats
    row: npt.NDArray[np.intp]
    window: npt.NDArray[np.intp]

    def some(self, which: slice | list[int]) -> "Pairs":
        """The pairs at some places."""
        return Pairs(self.closed[which], self.weight[which], self.row[which], self.window[which])

    def inputs(self, x: Floats, windows: int) -> Floats:
        """Inputs of each pair: its row of ``x``, and the window's number last where there are more windows.

        Args:
            x: encoded rows.
            windows: how many windows there are.
        """
        columns = x.shape[1]
        inputs = np.empty((len(self.row), columns + (windows > 1)))
        for place in range(columns):
            inputs[:, place] = x[self.row, place]
        if windows > 1:
            inputs[:, columns] = self.window
        return inputs


def stack(events: Floats, weight: Floats) -> Pairs:
    """The pairs of rows with their events, (rows, windows) of 1, 0 and NaN.

    Example:
        >>> events = np.array([[0.0, 1.0], [1.0, np.nan]])
        >>> pairs = stack(events, np.ones(2))
        >>> pairs.closed.tolist(), pairs.row.tolist()
        ([0.0, 1.0, 1.0], [0, 1, 0])
        >>> pairs.inputs(np.array([[5.0], [6.0]]), windows=2).tolist()
        [[5.0, 0.0], [6.0, 0.0], [5.0, 1.0]]
    """
    windows = events.shape[1]
    rows = [np.flatnonzero(~np.isnan(events[:, window])) for window in range(windows)]
    return Pairs(
        np.concatenate([events[row, window] for window, row in enumerate(rows)]),
        np.concatenate([weight[row] for row in rows]),
        np.concatenate(rows),
        np.repeat(np.arange(windows), [len(row) for row in rows]),
    )


def levels_of(events: Floats, weight: Floats) -> tuple[float, ...]:
    """Log-odds of the close rate of each window; half a close more and less keeps them finite."""
    at_risk, closes = weight @ ~np.isnan(events), weight @ np.nan_to_num(events)
    return tuple(round(float(level), 6) for level in logit((closes + 0.5) / (at_risk + 1.0)))


def with_window(x: Floats, window: int, windows: int) -> Floats:
    """Encoded rows with the window's number as the last input, where there is more than one window."""
    return x if windows == 1 else np.column_stack([x, np.full(len(x), float(window))])


def check_both_outcomes(closed: Floats, where: str) -> None:
    """Refuse pairs of one kind alone.

    Raises:
        ValueError: none closed, or all; the message says where.
    """
    closes = int(closed.sum())
    if closes in (0, len(closed)):
        raise ValueError(f"{where} hold {closes} closes among {len(closed)} at risk: nothing to tell apart")
