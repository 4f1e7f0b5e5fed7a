"""How often the gate of ``promote`` passes a challenger: as good as the champion, or worse by .02 AUC.

Simulated leads with one row each and three horizons; the champion's log-odds are the true ones with noise,
the challenger's with noise of its own, as strong or so much stronger that its AUC is lower by so much. Beside
them stand a plain model a little worse than the champion, and ten rule schemes of five labels. Closes are
counted by the longest horizon. Aims: an equal challenger passes at least 90 %, a worse one is refused at
least 80 %. Run from the project's folder: ``PYTHONPATH=tests python -m benchmarks.gate``.
"""

import argparse
import json
import sys
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.special import expit, logit

from models.hazards import compose
from models.metrics.scores import auc
from pipeline.config.learning import PromotionGate
from pipeline.evaluation.gate import failures
from pipeline.evaluation.gate_tests import Bench
from pipeline.evaluation.leaderboard import System
from pipeline.terminal import show

HORIZONS = ("30d", "90d", "180d")
LEVELS = (-3.4, -3.1, -3.0)
SPREAD, NOISE, SCHEMES = 1.1, 0.35, 10
CLOSES = (100, 250, 500, 1000, 2000)
WORSE_BY = (0.0, 0.01, 0.02, 0.03)


def main() -> None:
    """Print a table and write JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--worlds", type=int, default=200)
    parser.add_argument("--closes", type=int, nargs="+", default=CLOSES)
    parser.add_argument("--out", type=Path, default=Path("out/bench/gate.json"))
    options = parser.parse_args()
    records = []
    for closes in options.closes:
        for worse_by in WORSE_BY:
            passed = [passes(closes, noise_for(worse_by), seed) for seed in range(options.worlds)]
            records.append({"closes": closes, "AUC worse by": worse_by, "passes": float(np.mean(passed))})
    table = pd.DataFrame(records)
    show(table.pivot(index="closes", columns="AUC worse by", values="passes").reset_index(), "passes")
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_text(json.dumps(records, indent=2) + "\n", encoding="utf-8")


def noise_for(worse_by: float) -> float:
    """The noise in log-odds that lowers the AUC by the longest horizon by so much, on many leads."""
    rng = np.random.default_rng(0)
    true, closed = drawn(rng, 100_000)
    own = rng.normal(size=len(true))
    first = auc(closed[:, -1], chances(true, NOISE * own)[:, -1])
    low, high = NOISE, 3.0
    for _ in range(20 if worse_by else 0):
        middle = (low + high) / 2.0
        found = first - auc(closed[:, -1], chances(true, middle * own)[:, -1])
        low, high = (middle, high) if found < worse_by else (low, middle)
    return low


def passes(closes: int, noise: float, seed: int) -> bool:
    """Whether the gate passes a challenger with such noise, in one world with about so many closes."""
    rng = np.random.default_rng(seed)
    rate = compose(expit(np.array([LEVELS]) + SPREAD**2 / 2.5))[0, -1]
    true, closed = drawn(rng, int(closes / rate))
    champion, challenger, plain = (
        chances(true, own * rng.normal(size=len(true))) for own in (NOISE, noise, 1.5 * NOISE)
    )
    schemes = tuple(scheme(rng, true, place) for place in range(SCHEMES))
    bench = Bench(
        challenger,
        champion,
        (*schemes, System("plain", "baseline", np.full(len(true), "A", object), plain)),
        closed.astype(np.float64),
        np.arange(len(true)).astype(object),
        HORIZONS,
        range(len(HORIZONS)),
        seed,
    )
    gate = PromotionGate()
    return not failures(gate, bench.table(gate.capacity))


def drawn(rng: np.random.Generator, leads: int) -> tuple[np.ndarray, np.ndarray]:
    """True hazards of the windows, and whether each lead has closed by each horizon."""
    true = expit(rng.normal(0.0, SPREAD, leads)[:, None] + np.array(LEVELS))
    return true, np.cumsum(rng.random(true.shape) < true, axis=1) > 0


def chances(true: np.ndarray, noise: np.ndarray) -> np.ndarray:
    """P(closed by each horizon) of a model with so much noise, calibrated about as its spread asks for."""
    spread = SPREAD**2 / (SPREAD**2 + np.var(noise))
    middle = np.array(LEVELS)
    return compose(expit(middle + spread * (logit(true) - middle + noise[:, None])))


def scheme(rng: np.random.Generator, true: np.ndarray, place: int) -> System:
    """A rule scheme of five labels that sees something of the truth."""
    seen = logit(true[:, 0]) + rng.normal(0.0, 1.5 + 0.2 * place, len(true))
    labels = np.searchsorted(np.quantile(seen, [0.2, 0.4, 0.6, 0.8]), seen)
    rates = compose(expit(np.array(LEVELS) + 0.4 * (labels[:, None] - 2.0)))
    return System(f"scheme {place}", "scheme", labels.astype(str).astype(object), rates)


if __name__ == "__main__":
    sys.exit(main())
