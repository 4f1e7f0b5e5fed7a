"""Which columns know the outcome: how well each one alone orders closes before others, and which stand out.

Everything is measured within blocks of time and averaged over them, so that a column that merely
moves with the close rate over the years does not pass for a leak. Intervals are over leads: the
snapshots of one lead count as one.

A column is out of line when the lower end of its interval lies above two bounds: ``AUC_FLOOR``, and
``fence`` of its peers, the median plus 3.5 robust standard deviations on the probit's scale (Iglewicz
and Hoaglin, How to Detect and Handle Outliers, 1993). The fence lets a strong column stand among
strong ones; the floor lets an honest strong column stand in a weak set.

Source: Kaufman et al., Leakage in Data Mining, ACM TKDD 6 (2012), for the idea to look for columns
that predict too well; the floor was chosen on simulated worlds other than those that are judged.
"""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.special import ndtr, ndtri
from scipy.stats import rankdata

from models.arrays import Floats, Ints
from models.hazards import Bools

AUC_FLOOR = 0.8
FENCE = 3.5
# A median of fewer peers says little.
MIN_PEERS = 8
MIN_CLOSES_IN_BLOCK = 50
MAX_BLOCKS = 20
# A handful of leads may be in perfect order by chance, and then no interval says so.
MIN_SUSPECT_LEADS = 30

Z95 = 1.959964
# The median absolute deviation of a standard normal.
_NORMAL_MAD = 0.674490
# Fewer of either kind in a block order nothing.
MIN_SIDE = 5
_COLUMNS = 16


@dataclass(frozen=True)
class Association:
    """How columns order closes before others within blocks: AUC with the bounds of its 95 % interval.

    One entry per column; NaN where fewer than ``MIN_SUSPECT_LEADS`` leads have a value on either side.
    """

    auc: Floats
    low: Floats
    high: Floats

    @property
    def strength(self) -> Floats:
        """The AUC whichever way round: a column that orders closes last knows as much.

        >>> Association(np.array([0.2]), np.array([0.1]), np.array([0.3])).strength
        array([0.8])
        """
        return np.maximum(self.auc, 1.0 - self.auc)

    @property
    def least(self) -> Floats:
        """The end of the interval that is nearer to no association, on the scale of ``strength``."""
        return np.where(self.auc >= 0.5, self.low, 1.0 - self.high)


def time_blocks(at: npt.NDArray[np.int64], closed: Bools, kind: Ints | None = None) -> Ints:
    """Number of each row's block of time: consecutive instants with enough closes and enough others.

    Args:
        at: when each row stands, in any unit.
        closed: whether it closed.
        kind: rows of different kinds (such as of different horizons) never share a block.

    Returns:
        Numbers from 0; a kind without enough closes for one block is -1.

    >>> time_blocks(np.arange(400), np.arange(400) % 2 == 0).max()
    np.int64(3)
    """
    kinds = np.zeros(len(at), dtype=np.int64) if kind is None else kind
    blocks = np.full(len(at), -1, dtype=np.int64)
    for one in np.unique(kinds):
        rows = kinds == one
        blocks[rows] = _cut(at[rows], closed[rows], blocks.max() + 1)
    return blocks


def _cut(at: npt.NDArray[np.int64], closed: Bools, first: int) -> Ints:
    instants, place = np.unique(at, return_inverse=True)
    closes = np.bincount(place, closed, len(instants))
    others = np.bincount(place, ~closed, len(instants))
    need = max(MIN_CLOSES_IN_BLOCK, closes.sum() / MAX_BLOCKS)
    numbers = np.empty(len(instants), dtype=np.int64)
    block, won, left = 0, 0.0, 0.0
    for i in range(len(instants)):
        numbers[i] = block
        won, left = won + closes[i], left + others[i]
        if won >= need and left >= MIN_CLOSES_IN_BLOCK:
            block, won, left = block + 1, 0.0, 0.0
    # The rest at the end is too small for a block of its own.
    numbers = np.minimum(numbers, block - 1)
    return np.where(numbers < 0, -1, first + numbers)[place]


def association(values: Floats | Bools, closed: Bools, block: Ints, lead_ids: npt.ArrayLike) -> Association:
    """AUC of each column within blocks of time, averaged over them, with an interval over leads.

    Blocks weigh by ``closes * others / (closes + others)`` of the rows that have the value; a missing
    value takes no part.

    Args:
        values: (rows, columns), missing as NaN; or flags.
        closed: whether each row closed.
        block: from ``time_blocks``; rows of block -1 are left out.
        lead_ids: whose row it is.

    Source: Hanley and McNeil, Radiology 143 (1982); Obuchowski, Biometrics 53 (1997), for the variance
    of an AUC of rows that come in clusters.

    >>> y = np.arange(60) % 2 == 0
    >>> association(y[:, None] * 1.0, y, np.zeros(60, np.int64), np.arange(60)).auc
    array([1.])
    """
    codes = pd.factorize(np.asarray(lead_ids))[0]
    # What each row pulls would be as large as the matrix: some columns at a time.
    columns = [slice(first, first + _COLUMNS) for first in range(0, max(1, values.shape[1]), _COLUMNS)]

    def found(some: slice) -> tuple[Floats, Floats, Floats]:
        part = np.ascontiguousarray(values[:, some], dtype=np.float64)
        return _association(part, closed, block, codes)

    with ThreadPoolExecutor() as pool:
        auc, low, high = (np.concatenate(one) for one in zip(*pool.map(found, columns), strict=True))
    return Association(auc, low, high)


def _association(
    values: Floats, closed: Bools, block: Ints, codes: npt.NDArray[np.intp]
) -> tuple[Floats, Floats, Floats]:
    """AUC of each column with the bounds of its interval; ``codes`` numbers each row's lead."""
    rows, columns = values.shape
    total, weights = np.zeros(columns), np.zeros(columns)
    influence = np.zeros((rows, columns))
    for number in range(int(block.max(initial=-1)) + 1):
        inside = np.flatnonzero(block == number)
        auc, weight, pulls = _block_auc(values[inside], closed[inside])
        total += weight * auc
        weights += weight
        influence[inside] = weight * pulls
    with np.errstate(invalid="ignore", divide="ignore"):
        auc, influence = total / weights, influence / weights
    enough = _leads_with(values, closed, block, codes) & _leads_with(values, ~closed, block, codes)
    auc = np.where(enough, auc, np.nan)
    order = np.argsort(codes, kind="stable")
    starts = np.searchsorted(codes[order], np.arange(codes.max(initial=-1) + 1))
    by_lead = np.add.reduceat(influence[order], starts, axis=0) if rows else influence
    half = Z95 * np.sqrt((by_lead**2).sum(axis=0))
    return auc, np.maximum(auc - half, 0.0), np.minimum(auc + half, 1.0)


def _leads_with(values: Floats, side: Bools, block: Ints, codes: Ints) -> Bools:
    """Whether ``MIN_SUSPECT_LEADS`` leads of one side have the value in some block, per column."""
    rows = side & (block >= 0)
    there = pd.DataFrame(~np.isnan(values[rows])).groupby(codes[rows]).any()
    return np.asarray(there.to_numpy(dtype=bool).sum(axis=0) >= MIN_SUSPECT_LEADS)


def _block_auc(values: Floats, closed: Bools) -> tuple[Floats, Floats, Floats]:
    """AUC and weight per column, and how far each row pulls its column's AUC (rows, columns)."""
    there = ~np.isnan(values)
    # Missing values rank above all others and are then left out.
    ranked = np.where(there, values, np.inf)
    closes, others = there[closed].sum(axis=0), there[~closed].sum(axis=0)
    enough = (closes >= MIN_SIDE) & (others >= MIN_SIDE)
    ranks, below = rankdata(ranked, axis=0), np.empty(values.shape)
    for side, opposite in ((closed, others), (~closed, closes)):
        below[side] = (ranks[side] - rankdata(ranked[side], axis=0)) / np.maximum(opposite, 1)
    placed = np.where(closed[:, None], below, 1.0 - below)
    counts = np.where(closed[:, None], np.maximum(closes, 1), np.maximum(others, 1))
    auc = np.where(there & closed[:, None], placed, 0.0).sum(axis=0) / np.maximum(closes, 1)
    weight = np.where(enough, closes * others / np.maximum(closes + others, 1), 0.0)
    return auc, weight, np.where(there, (placed - auc) / counts, 0.0)


def fence(strengths: Floats) -> float:
    """The AUC above which a column is out of line with these; a half where they are too few to tell.

    The median plus ``FENCE`` robust standard deviations, on the probit's scale, where the AUC of two
    normals is linear in their distance.

    >>> round(fence(np.array([0.5, 0.52, 0.55, 0.56, 0.58, 0.6, 0.61, 0.62, np.nan])), 2)
    0.74
    """
    known = strengths[~np.isnan(strengths)]
    if len(known) < MIN_PEERS:
        return 0.5
    scale = ndtri(np.minimum(known, 1.0 - 1e-9))
    middle = np.median(scale)
    spread = np.median(np.abs(scale - middle)) / _NORMAL_MAD
    return float(ndtr(middle + FENCE * spread))


def out_of_line(found: Association, peers: Sequence[str]) -> tuple[Bools, Floats]:
    """Which columns order closes so well, against their peers and by themselves, that they may know them.

    Args:
        found: the association of each column.
        peers: what each column is compared within, such as its source table; where these are no more
            than ``MIN_PEERS``, it is compared with all columns.

    Returns:
        For each column whether it is out of line, and the median strength of its peers.
    """
    groups, known = np.asarray(peers, dtype=object), ~np.isnan(found.auc)
    bounds, middles = np.full(len(groups), 0.5), np.full(len(groups), np.nan)
    for group in sorted(set(peers)):
        own = groups == group
        compared = known & own if (known & own).sum() > MIN_PEERS else known
        if compared.any():
            bounds[own] = fence(found.strength[compared])
            middles[own] = np.median(found.strength[compared])
    return np.asarray(np.nan_to_num(found.least) > np.maximum(bounds, AUC_FLOOR)), middles
