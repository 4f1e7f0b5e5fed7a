"""Rows with one score as one group, best first: all that a measure of a score is computed from."""

from dataclasses import dataclass
from functools import cached_property
from typing import Self

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array

from models.arrays import Floats


@dataclass(frozen=True)
class Groups:
    """Rows with tied scores as one group, for one weight of the rows or many.

    Attributes:
        score: of each group, falling.
        mass: weight of its rows, (resamples, groups).
        closes: weight of its closes, likewise.
    """

    score: Floats
    mass: Floats
    closes: Floats

    @cached_property
    def reach(self) -> Floats:
        """Weight of the rows down to each group, the group with them."""
        return np.cumsum(self.mass, axis=1)

    @cached_property
    def found(self) -> Floats:
        """Weight of the closes down to each group, the group with them."""
        return np.cumsum(self.closes, axis=1)

    @classmethod
    def of(cls, y: Floats, p: Floats, weights: Floats) -> Self:
        """Group rows by score.

        Args:
            y: 1 (closed) or 0 of each row, or the amount that it sold.
            p: the score.
            weights: (resamples, rows).

        >>> groups = Groups.of(np.array([1.0, 0.0, 1.0]), np.array([0.2, 0.7, 0.2]), np.ones((1, 3)))
        >>> groups.score.tolist(), groups.mass.tolist(), groups.closes.tolist()
        ([0.7, 0.2], [[1.0, 2.0]], [[0.0, 2.0]])
        """
        order = np.argsort(-p, kind="stable")
        mass = weights[:, order]
        closes = mass * y[order]
        starts = np.flatnonzero(np.diff(p[order], prepend=np.nan) != 0.0)
        if len(starts) == len(p):
            return cls(p[order], mass, closes)
        return cls(
            p[order][starts], np.add.reduceat(mass, starts, axis=1), np.add.reduceat(closes, starts, axis=1)
        )


class LeadGroups:
    """The same for rows that weigh as their lead does: a lead's rows of one score are counted once for all.

    Args:
        y: as of ``Groups.of``.
        p: the score.
        leads: number of each row's lead, from 0.
        n_leads: how many leads there are.

    >>> rows = LeadGroups(np.array([1.0, 0.0]), np.array([0.2, 0.2]), np.array([0, 0]), 2)
    >>> rows.weighted(np.array([[3.0, 1.0]])).mass.tolist()
    [[6.0]]
    """

    def __init__(self, y: Floats, p: Floats, leads: npt.NDArray[np.intp], n_leads: int) -> None:
        score, group = np.unique(-p, return_inverse=True)
        shape = (n_leads, len(score))
        self.score: Floats = -score
        self._rows = csr_array((np.ones(len(p)), (leads, group)), shape=shape)
        some = np.flatnonzero(y)
        self._closes = csr_array((y[some], (leads[some], group[some])), shape=shape)

    def weighted(self, times: npt.NDArray[np.generic]) -> Groups:
        """The groups for weights of the leads, (resamples, leads)."""
        times = times.astype(np.float64)
        # By rows again: the sums that follow run along them.
        mass, closes = (np.ascontiguousarray(times @ part) for part in (self._rows, self._closes))
        return Groups(self.score, mass, closes)
