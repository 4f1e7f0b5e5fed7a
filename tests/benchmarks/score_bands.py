"""Whether the interval of a lead's score band holds the mean true chance of such leads, on simulated worlds.

For each seed a scorer is trained on a world as configured, with quick trees. Its test period's rows are
scored, and each band's 95 % interval put beside the mean of their true probabilities, which the world knows.
Beside it stand the Venn-Abers ends of each single lead, which are no interval for its chance. Run from the
project's folder: ``PYTHONPATH=tests python -m benchmarks.score_bands``.
"""

import argparse
import sys
import tempfile
from pathlib import Path

import numpy as np
import pandas as pd
from benchmarks.demo_worlds import _world
from benchmarks.monitor import QUICK
from support.on_the_road import read_tables, training_rows

from pipeline.config.config import read_config
from pipeline.fitting.fit import fit_scorer, in_periods
from pipeline.fitting.split import find_periods
from pipeline.simulation.truth import truth
from pipeline.terminal import show

# A band of fewer rows says little.
LEAST_ROWS = 30


def main() -> None:
    """Print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, nargs="+", default=[21, 22, 23, 24, 25])
    parser.add_argument("--leads", type=int, default=5_000)
    options = parser.parse_args()
    table = pd.concat([one_seed(seed, options.leads) for seed in options.seeds], ignore_index=True)
    told = table.groupby("horizon", sort=False).agg(
        bands=("held", "size"), held=("held", "mean"), of_leads=("held_of_leads", "mean")
    )
    show(told.reset_index(), f"bands whose interval holds the mean true chance, {len(options.seeds)} worlds")
    sys.stdout.write(f"all: {table['held'].sum()} of {len(table)} ({table['held'].mean():.1%})\n")


def one_seed(seed: int, n_leads: int) -> pd.DataFrame:
    """A row per band and horizon of one world."""
    with tempfile.TemporaryDirectory() as folder:
        _, world = _world(Path(folder), n_leads, seed)
        config = read_config(Path(folder) / "demo.yaml", QUICK)
        rows = training_rows(config, read_tables(config).tables)
        frame = in_periods(config, rows, find_periods(rows.frame, config.split))
        scorer = fit_scorer(config, rows, frame, ()).scorer
        tested = frame[frame["period"] == "test"].reset_index(drop=True)
        scored, true = scorer.score(tested), truth(world, tested, config.horizons_days)
    records = []
    for days in config.horizons_days:
        chance = true[f"true_close_{days}d"].to_numpy()
        ends = [scored[f"p_{days}d_sensitivity_{end}"].to_numpy() for end in ("low", "high")]
        single = (ends[0] <= chance) & (chance <= ends[1])
        for _, part in scored.groupby("band"):
            if len(part) >= LEAST_ROWS:
                low, high = (part[f"band_{days}d_{end}"].iloc[0] for end in ("low", "high"))
                mean = float(np.mean(chance[part.index]))
                told = {"held": low <= mean <= high, "held_of_leads": single[part.index].mean()}
                records.append({"seed": seed, "horizon": f"{days}d", **told})
    sys.stderr.write(f"seed {seed} ...\n")
    return pd.DataFrame(records)


if __name__ == "__main__":
    sys.exit(main())
