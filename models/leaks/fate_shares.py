"""What a category knows of the outcome: close rates by category, Cramer's V, values that only one fate holds.

Everything is measured against the block of time that a row stands in, from ``models.leaks.suspects``.
"""

import numpy as np
import numpy.typing as npt
import pandas as pd

from models.arrays import Floats, Ints
from models.hazards import Bools
from models.leaks.suspects import MIN_SIDE, Z95

# A value of fewer leads may fall on one fate by chance, the more so as there are many values.
MIN_HOLDERS = 20
FATE_SHARE = 0.8
FATE_ODDS = 5.0

# A column that is filled so many times as often for leads of one fate, at the lower end, is written by it.
FILLED_TIMES = 4.0

_FOLDS = 5
# A category's rate is drawn towards its block's as by so many rows.
_PRIOR_ROWS = 20.0


def rates_of(values: pd.Series, closed: Bools, block: Ints, lead_ids: npt.ArrayLike) -> Floats:
    """For each row, how much more its category closes than its block, as learned from other leads.

    Cross-fitted over leads, so that a category of a few leads cannot tell their own outcome. A missing
    value stays missing.

    >>> kinds = pd.Series(["a", "b", None])
    >>> rates_of(kinds, np.array([True, False, True]), np.zeros(3, np.int64), ["x", "y", "z"])
    array([ 0.,  0., nan])
    """
    codes = pd.factorize(values, sort=True)[0]
    fold = pd.factorize(np.asarray(lead_ids), sort=True)[0] % _FOLDS
    surplus = closed - _block_means(closed.astype(np.float64), block)
    size = int(codes.max(initial=-1)) + 1
    known = codes >= 0
    cell = fold[known] * size + codes[known]
    gain = np.bincount(cell, surplus[known], _FOLDS * size).reshape(_FOLDS, size)
    count = np.bincount(cell, minlength=_FOLDS * size).reshape(_FOLDS, size)
    rate = (gain.sum(axis=0) - gain) / (count.sum(axis=0) - count + _PRIOR_ROWS)
    scores = np.full(len(codes), np.nan)
    scores[known] = rate.ravel()[cell]
    return scores


def _block_means(values: Floats, block: Ints) -> Floats:
    number = block + 1
    means: Floats = np.bincount(number, values) / np.maximum(np.bincount(number), 1)
    return means[number]


def cramers_v(values: pd.Series, closed: Bools, block: Ints) -> float:
    """Cramer's V of a category and the outcome within blocks of time, corrected for bias; a mean over blocks.

    A missing value is left out. NaN where no block has two categories.

    Source: Bergsma, Journal of the Korean Statistical Society 42 (2013).

    >>> y = np.arange(100) % 2 == 0
    >>> round(cramers_v(pd.Series(np.where(y, "won", "open")), y, np.zeros(100, np.int64)), 2)
    1.0
    """
    codes = pd.factorize(values)[0]
    found: list[tuple[float, int]] = []
    for number in range(int(block.max(initial=-1)) + 1):
        inside = (block == number) & (codes >= 0)
        table = np.array(
            [np.bincount(codes[inside & side], minlength=1 + codes.max()) for side in (closed, ~closed)]
        )
        v = _corrected_v(table[:, table.sum(axis=0) > 0])
        if v is not None:
            found.append((v, int(inside.sum())))
    if not found:
        return float("nan")
    return float(np.average([v for v, _ in found], weights=[n for _, n in found]))


def _corrected_v(table: npt.NDArray[np.int64]) -> float | None:
    n, kinds = table.sum(), table.shape[1]
    if n < 2 * MIN_SIDE or kinds < 2 or not table.sum(axis=1).all():
        return None
    expected = np.outer(table.sum(axis=1), table.sum(axis=0)) / n
    phi2 = ((table - expected) ** 2 / expected).sum() / n
    phi2 = max(0.0, phi2 - (kinds - 1) / (n - 1))
    fewer = min(kinds - (kinds - 1) ** 2 / (n - 1), 2.0 - 1.0 / (n - 1))
    return float(min(1.0, np.sqrt(phi2 / (fewer - 1.0)))) if fewer > 1.0 else None


def wilson_low(hits: Ints, n: Ints) -> Floats:
    """Lower end of the 95 % interval of each share ``hits / n``; no ``n`` is 0.

    Source: Wilson, JASA 22 (1927).

    >>> wilson_low(np.array([20]), np.array([20])).round(3)
    array([0.839])
    """
    share, z2 = hits / n, Z95 * Z95
    half = Z95 * np.sqrt(share * (1.0 - share) / n + z2 / (4.0 * n * n))
    return np.asarray((share + z2 / (2.0 * n) - half) / (1.0 + z2 / n))


def one_fate(values: pd.Series, fate: Bools, block: Ints) -> pd.DataFrame:
    """Values that leads of one fate hold, and hardly any other lead.

    A value is named if at least ``MIN_HOLDERS`` hold it, the lower end of the share of the fate among
    them is at least ``FATE_SHARE``, and its odds are ``FATE_ODDS`` times those of the other
    leads in their blocks of time.

    Args:
        values: one per lead; missing ones are held by nobody.
        fate: whether the lead had this fate.
        block: the lead's block of time.

    Returns:
        Columns ``value``, ``holders``, ``share`` (of the fate among them), ``others_share`` (of the fate
        among the other leads of their blocks) and ``share_of_fate`` (of the leads of this fate that hold it).

    >>> fate = np.arange(200) < 40
    >>> status = pd.Series(np.where(fate, "signed", "open"))
    >>> one_fate(status, fate, np.zeros(200, np.int64))["value"].tolist()
    ['signed']
    """
    codes, held = pd.factorize(values, sort=True)
    known, blocks = codes >= 0, int(block.max(initial=-1)) + 2
    holders, hits = (_by_block(codes[rows], len(held), block[rows], blocks) for rows in (known, known & fate))
    everybody, had = (np.bincount(block[rows] + 1, minlength=blocks) for rows in (np.ones_like(fate), fate))
    n, hit = holders.sum(axis=1), hits.sum(axis=1)
    # The others' share in each block, a mean over the blocks in which the holders stand.
    theirs = _ratio(had - hits, everybody - holders)
    others = _ratio(np.nansum(theirs * holders, axis=1), (holders * ~np.isnan(theirs)).sum(axis=1))
    low = wilson_low(hit, np.maximum(n, 1))
    stands_out = low * (1.0 - others) >= FATE_ODDS * others * (1.0 - low)
    named = np.flatnonzero((n >= MIN_HOLDERS) & (low >= FATE_SHARE) & stands_out)
    return pd.DataFrame(
        {
            "value": np.asarray(held, dtype=object)[named],
            "holders": n[named],
            "share": hit[named] / n[named],
            "others_share": others[named],
            "share_of_fate": hit[named] / max(int(fate.sum()), 1),
        }
    )


def filled_times(filled: Bools, fate: Bools, block: Ints) -> tuple[float, float]:
    """How many times as often something is there for leads of a fate as for the others of their time.

    Args:
        filled: whether the lead has it.
        fate: whether the lead had this fate.
        block: the lead's block of time.

    Returns:
        The ratio of the shares, Mantel and Haenszel's over blocks, and the lower end of its 95 % interval;
        NaN where fewer than ``MIN_HOLDERS`` leads have it, or no block holds leads of both kinds.

    Source: Greenland and Robins, Biometrics 41 (1985), with half a lead more among the others that have it.

    >>> fate = np.arange(1000) < 100
    >>> filled = np.where(fate, np.arange(1000) % 2 == 0, np.arange(1000) % 20 == 0)
    >>> [round(one, 1) for one in filled_times(filled, fate, np.zeros(1000, np.int64))]
    [9.9, 7.0]
    """
    blocks = int(block.max(initial=-1)) + 2
    both, others, had, rest = (
        np.bincount(block[rows] + 1, minlength=blocks).astype(np.float64)
        for rows in (filled & fate, filled & ~fate, fate, ~fate)
    )
    total = np.maximum(had + rest, 1.0)
    over, under = (both * rest / total).sum(), (others * had / total).sum()
    if filled.sum() < MIN_HOLDERS or not over:
        return float("nan"), float("nan")
    under += 0.5 * had.sum() / total.sum()
    spread = ((had * rest * (both + others) - both * others * total) / total**2).sum() / (over * under)
    ratio = float(over / under)
    return ratio, ratio * float(np.exp(-Z95 * np.sqrt(max(0.0, spread))))


def _by_block(codes: Ints, values: int, block: Ints, blocks: int) -> Ints:
    """Counts (values, blocks); block -1 is the first."""
    cells = np.bincount(codes * blocks + block + 1, minlength=values * blocks)
    return np.asarray(cells.reshape(values, blocks))


def _ratio(over: npt.NDArray[np.generic], under: npt.NDArray[np.generic]) -> Floats:
    ratio = np.full(over.shape, np.nan)
    np.divide(over, under, out=ratio, where=under != 0)
    return ratio
