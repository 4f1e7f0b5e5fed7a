"""The close hazard over consecutive windows: its arrays, and its composition into probabilities.

``events`` holds, per row and window, 1 (closed in that window), 0 (at risk through it and did not
close) or NaN (closed before, or the window is not ripe). ``hazards`` holds P(closes in that window |
not closed before it). Columns are windows, first to last.
"""

import numpy as np
import numpy.typing as npt

from models.arrays import Floats

Bools = npt.NDArray[np.bool_]


def compose(hazards: Floats) -> Floats:
    """Probability to have closed by the end of each window, from the hazards.

    ``1 - (1 - h_1) ... (1 - h_k)``; never falls from one window to the next, to the last bit.

    >>> compose(np.array([[0.5, 0.5, 0.0]]))
    array([[0.5 , 0.75, 0.75]])
    """
    still_open: Floats = np.cumprod(1.0 - hazards, axis=1, dtype=np.float64)
    return 1.0 - still_open


def check_events(events: Floats, rows: int) -> None:
    """Refuse events that cannot teach a hazard.

    Raises:
        ValueError: the shape does not fit, a value is none of 0, 1 and NaN, or a window has no row
            at risk (its horizon is longer than the data is ripe).
    """
    if events.ndim != 2 or len(events) != rows or events.shape[1] == 0:
        raise ValueError(f"events has shape {events.shape}; expected ({rows}, number of windows)")
    at_risk = ~np.isnan(events)
    if not np.isin(events[at_risk], (0.0, 1.0)).all():
        raise ValueError("events holds a value other than 0, 1 and NaN")
    empty = np.flatnonzero(~at_risk.any(axis=0))
    if empty.size:
        raise ValueError(f"window {empty[0] + 1} has no ripe row at risk: shorten the horizons or add data")
