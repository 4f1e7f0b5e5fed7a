"""How close the learned model comes to the truth, on simulated worlds whose true probabilities are known.

For each seed: worlds of 5,000 (the demo's default) and of 20,000 leads to train on, and 20,000 fresh
leads of another world with the same laws, each once, at an as-of of the test period. The oracle is the
exact probability given what the log shows. Run from the project's folder: ``make bench``.
"""

import argparse
import json
import shutil
import sys
import tempfile
from pathlib import Path

import numpy as np
import pandas as pd
from support.on_the_road import read_tables, training_rows

from models.metrics.scores import auc, capture_at
from pipeline.commands.train import run_train
from pipeline.config.config import Config, read_config
from pipeline.config.shipped import shipped
from pipeline.fitting.split import assign_periods, find_periods
from pipeline.matrix import dataset
from pipeline.simulation.truth import truth
from pipeline.simulation.world import World, simulate
from pipeline.terminal import show
from pipeline.training.train import Training

BINS = 10
FRESH_LEADS = 20_000


def main() -> None:
    """Train and judge on each seed; print a table and write JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3, 4, 5])
    parser.add_argument("--leads", type=int, nargs="+", default=[5_000, 20_000])
    parser.add_argument("--fresh", type=int, default=FRESH_LEADS)
    parser.add_argument("--out", type=Path, default=Path("out/bench/demo_worlds.json"))
    options = parser.parse_args()
    records = [record for seed in options.seeds for record in one_seed(seed, options.leads, options.fresh)]
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_text(json.dumps(records, indent=2) + "\n", encoding="utf-8")
    table = pd.DataFrame(records).sort_values(["trained on", "seed"], kind="stable")
    show(table, f"demo worlds (simulation): {options.fresh} fresh leads to judge")
    worst = table.groupby(["trained on", "horizon"], sort=False).agg(
        {"share of oracle": "min", "mean gap": "max", "of oracle's catch": "min", "least gain": "min"}
    )
    aims = "aims: share >= .97, gap <= .01, catch >= .97, least gain over a rule > 0"
    show(worst.reset_index(), f"the worst of the seeds ({aims})")
    told = table.drop_duplicates(["trained on", "seed"])
    show(told[["trained on", "seed", "promises"]], "promises of grades on the test period")


def one_seed(seed: int, sizes: list[int], n_fresh: int) -> list[dict[str, object]]:
    """Figures of one seed, a record per size of the training world and horizon."""
    with tempfile.TemporaryDirectory() as folder:
        fresh_config, fresh = _world(Path(folder) / "fresh", 4 * n_fresh, 1_000 + seed)
        rows = _test_rows(fresh_config, n_fresh)
        true = truth(fresh, rows, fresh_config.horizons_days)
        records = []
        for size in sizes:
            config, _ = _world(Path(folder) / str(size), size, seed)
            training, _ = run_train(config, tracked=False)
            scored = training.shipped.score(rows)
            records += [
                {"trained on": size, "seed": seed} | _judged(training, scored, true, days)
                for days in config.horizons_days
            ]
    return records


def _judged(training: Training, scored: pd.DataFrame, true: pd.DataFrame, days: int) -> dict[str, object]:
    board, verdicts = training.evaluation.board, training.evaluation.promises["verdict"]
    promised, oracle = scored[f"p_{days}d"].to_numpy(), true[f"true_close_{days}d"].to_numpy()
    rivals = board[
        (board["horizon"] == f"{days}d")
        & (board["metric"] == "auc")
        & (board["leads_in"] == "all")
        & (board["kind"] == "scheme")
    ]
    model_auc, oracle_auc = expected_auc(promised, oracle), expected_auc(oracle, oracle)
    return {
        "horizon": f"{days}d",
        "AUC": model_auc,
        "oracle's AUC": oracle_auc,
        "share of oracle": (model_auc - 0.5) / (oracle_auc - 0.5),
        "mean gap": mean_gap(promised, oracle),
        "top 20% catch": expected_capture(promised, oracle),
        "of oracle's catch": expected_capture(promised, oracle) / expected_capture(oracle, oracle),
        "least gain": float(rivals["gain_low"].min()),
        "promises": ", ".join(f"{n} {what}" for what, n in verdicts.value_counts().items()),
    }


def expected_auc(score: np.ndarray, true: np.ndarray) -> float:
    """AUC that a score can expect where each lead closes with its true probability."""
    return _expected(auc, score, true)


def expected_capture(score: np.ndarray, true: np.ndarray) -> float:
    """Closes caught by the top 20 % that a score can expect."""
    return _expected(capture_at, score, true)


def _expected(metric, score: np.ndarray, true: np.ndarray) -> float:
    # Each lead stands once as a close with weight p and once as none with weight 1 - p.
    closed = np.repeat([1.0, 0.0], len(true))
    return metric(closed, np.tile(score, 2), np.concatenate([true, 1.0 - true]))


def mean_gap(promised: np.ndarray, true: np.ndarray) -> float:
    """Mean distance of promised and true probability over ten bins of equal size, by promise."""
    order = np.argsort(promised, kind="stable")
    parts = zip(np.array_split(promised[order], BINS), np.array_split(true[order], BINS), strict=True)
    return float(np.mean([abs(p.mean() - t.mean()) for p, t in parts]))


def _world(folder: Path, n_leads: int, seed: int) -> tuple[Config, World]:
    world = simulate(n_leads, seed)
    world.write(folder / "data")
    shutil.copyfile(shipped("demo.yaml"), folder / "demo.yaml")
    return read_config(folder / "demo.yaml"), world


def _test_rows(config: Config, n_leads: int) -> pd.DataFrame:
    rows = training_rows(config, read_tables(config).tables)
    frame = assign_periods(rows.frame, find_periods(rows.frame, config.split), config.horizons_days, 0)
    tested = dataset.to_pandas(frame)
    tested = tested[tested["period"] == "test"].sample(frac=1.0, random_state=0)
    return tested.drop_duplicates("lead_id").head(n_leads).reset_index(drop=True)


if __name__ == "__main__":
    sys.exit(main())
