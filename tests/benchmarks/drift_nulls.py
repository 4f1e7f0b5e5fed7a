"""How often the monitor cries where nothing changed: rows that come together, few instants to know it by.

For each number of instants a reference and one period more are drawn from one law: bins of a column by a
Dirichlet-multinomial whose counts vary so many times more than independent rows', and numbers of rows by a
negative binomial. Told is the share of chances below 1e-2, 1e-3 and 1e-4: that of ``pearson_p`` and of
``count_p``, and in brackets what it would be if the dispersion were taken for known. Run from the project's
folder: ``PYTHONPATH=tests python -m benchmarks.drift_nulls``.
"""

import argparse
import math
import sys

import numpy as np
import pandas as pd
from scipy import stats

from models.drift.shift_tests import Dispersion, count_p, dispersion, pearson_p
from pipeline.terminal import show

LEVELS = (1e-2, 1e-3, 1e-4)
INSTANTS, BINS, DISPERSIONS, ROWS = (6, 8, 12), (2, 6), (1.0, 5.0), 1000


def main() -> None:
    """Print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--trials", type=int, default=10_000)
    options = parser.parse_args()
    rng = np.random.default_rng(2026)
    records = [
        {"check": f"{bins} bins", "instants": instants, "dispersion": scale, **_told(*pair)}
        for bins in BINS
        for scale in DISPERSIONS
        for instants in INSTANTS
        for pair in [_columns(rng, instants, bins, scale, options.trials)]
    ]
    records += [
        {"check": "rows", "instants": instants, "dispersion": scale, **_told(*pair)}
        for scale in DISPERSIONS
        for instants in INSTANTS
        for pair in [_counts(rng, instants, scale, options.trials)]
    ]
    show(pd.DataFrame(records), f"share of chances below a level, {options.trials:,} periods without drift")


def _told(estimated: np.ndarray, known: np.ndarray) -> dict[str, str]:
    return {
        f"below {level:g}": f"{(estimated < level).mean():.2%} ({(known < level).mean():.2%})"
        for level in LEVELS
    }


def drawn_columns(rng: np.random.Generator, instants: int, bins: int, scale: float) -> np.ndarray:
    """Counts by instant, and of one period more in the last row."""
    law = np.full(bins, 1.0 / bins)
    if scale > 1.0:
        weight = (ROWS - 1) / (scale - 1) - 1  # of the Dirichlet law with that dispersion
        laws = rng.dirichlet(law * weight, size=instants + 1)
    else:
        laws = np.tile(law, (instants + 1, 1))
    return np.array([rng.multinomial(ROWS, one) for one in laws])


def _columns(
    rng: np.random.Generator, instants: int, bins: int, scale: float, trials: int
) -> tuple[np.ndarray, np.ndarray]:
    estimated, known = [], []
    for _ in range(trials):
        counts = drawn_columns(rng, instants, bins, scale)
        found = dispersion(counts[:-1])
        told = counts[:-1].sum(axis=0).astype(float), counts[-1].astype(float)
        estimated.append(pearson_p(*told, found))
        known.append(pearson_p(*told, Dispersion(found.scale, math.inf)))
    return np.array(estimated), np.array(known)


def _counts(
    rng: np.random.Generator, instants: int, scale: float, trials: int
) -> tuple[np.ndarray, np.ndarray]:
    mean = 200.0
    size = (trials, instants + 1)
    if scale > 1.0:
        rows = rng.negative_binomial(mean / (scale - 1.0), 1.0 / scale, size)
    else:
        rows = rng.poisson(mean, size)
    before, now = rows[:, :-1], rows[:, -1]
    spread = np.sqrt(np.maximum(before.var(axis=1, ddof=1), before.mean(axis=1)) * (1 + 1 / instants))
    known = 2 * stats.norm.sf(np.abs(now - before.mean(axis=1)) / spread)
    return np.array([count_p(one, int(last)) for one, last in zip(before, now, strict=True)]), known


if __name__ == "__main__":
    sys.exit(main())
