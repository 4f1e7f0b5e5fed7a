"""A demo world as a real export has it: won or not as a column, calls by contact; trained by configuration.

Four trainings on the same deals and calls (``tests/support/real_export.py``), some days after creation:

- *dated*: with the date of each close, horizon 180 days;
- *undated*: without, so that the label is the final outcome of deals that have matured;
- *a third without*: the dates of a third of the won are missing, so that the label becomes that by itself;
- *undated, with calls after the sale*: as the second, and buyers are called on after their close.

All are judged alike, with the hidden dates: on the deals that were still open at their as-of in the test
period of each, did they close within 180 days? *closed before* is the share of the rows that had closed by
their as-of; *named* is whether the sentinel says that calls come after the sale.

Then, without training, that rule on as many fresh worlds as are asked for, without dates and where a third
lacks them: false alarms where nobody is called after a sale, hits where all buyers are, or some. Without
dates it was set on the world of seed 7, with some on those of 11 to 13. Run from the project's folder:
``PYTHONPATH=tests python -m benchmarks.real_export``.
"""

import argparse
import json
import tempfile
from pathlib import Path

import numpy as np
import pandas as pd
from support.on_the_road import taken_from_files
from support.real_export import HORIZON, Export, export_of

from models.metrics.scores import auc
from pipeline.commands.sources import learnable_outcomes
from pipeline.commands.train import run_train
from pipeline.config.config import read_config
from pipeline.terminal import show

WORLDS = {
    "dated": {"dates": 1.0},
    "undated": {},
    "a third without": {"dates": 2 / 3},
    "undated, with calls after the sale": {"after_sale": 1.0},
}
EXPORTED = pd.Timestamp("2026-06-30T16:00", tz="UTC")
NAMED = "Leak suspect"


def main() -> None:
    """Print two tables and write JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--leads", type=int, default=3_000)
    parser.add_argument("--seeds", type=int, nargs="*", default=[21, 22, 23])
    parser.add_argument("--days", type=int, default=30, help="as-ofs are so long after creation")
    parser.add_argument(
        "--fresh", type=int, default=20, help="worlds on which the sentinel is tried, from seed 101"
    )
    parser.add_argument("--out", type=Path, default=Path("out/bench/real_export.json"))
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        judged = [
            {"seed": seed, **record}
            for seed in options.seeds
            for record in figures(Path(folder) / str(seed), export_of(options.leads, seed), options.days)
        ]
        fresh = range(101, 101 + options.fresh)
        tried = [
            {"seed": seed, **record}
            for seed in fresh
            for record in alarms(Path(folder) / str(seed), export_of(options.leads, seed), options.days)
        ]
    show(pd.DataFrame(judged), f"real exports (simulation): as-of {options.days} days after creation")
    by = pd.DataFrame(tried).groupby(["world", "buyers called after the sale"])["named"]
    counted = by.agg(["sum", "count"]).reset_index()
    show(counted, "calls after the sale named, of fresh worlds")
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_text(json.dumps({"judged": judged, "tried": tried}, indent=2) + "\n", encoding="utf-8")


def figures(folder: Path, export: Export, days: int, model: str = "") -> list[dict[str, object]]:
    """One record per world."""
    return [
        {"world": name, **_judged(export, export.write(folder / str(place), days, model=model, **how))}
        for place, (name, how) in enumerate(WORLDS.items())
    ]


def _judged(export: Export, path: Path) -> dict[str, object]:
    training, _ = run_train(read_config(path), tracked=False)
    rows, said = training.evaluation.rows, " ".join(training.outcomes.sentences())
    at, ends = rows["lead_id"].map(export.closed_at), rows["as_of"] + pd.Timedelta(days=HORIZON)
    before, ripe = (at < rows["as_of"]).to_numpy(), (ends <= EXPORTED).to_numpy()
    within, open_then = ((at < ends).to_numpy() & ~before), ripe & ~before
    promised = rows[f"p_{HORIZON}d"].to_numpy()
    return {
        "rows": int(open_then.sum()),
        "closes": int(within[open_then].sum()),
        "closed before": float(before[ripe].mean()),
        "AUC": auc(within[open_then].astype(float), promised[open_then]),
        "promised": float(np.mean(promised[open_then])),
        "rate": float(within[open_then].mean()),
        "named": NAMED in said,
    }


def alarms(folder: Path, export: Export, days: int) -> list[dict[str, object]]:
    """Whether the sentinel names calls after the sale, with such calls and without."""
    return [
        {
            "world": world,
            "buyers called after the sale": after,
            "named": NAMED in _said(export.write(folder, days, after_sale=after, **WORLDS[world])),
        }
        for world in ("undated", "a third without")
        for after in (0.0, 0.1, 0.3, 1.0)
    ]


def _said(path: Path) -> str:
    config = read_config(path)
    with taken_from_files(config) as taken:
        _, account = learnable_outcomes(config, taken)
    return " ".join(account.sentences())


if __name__ == "__main__":
    main()
