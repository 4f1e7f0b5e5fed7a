"""A demo world as a real export has it: won or not as a column, no date of a close anywhere, calls.

Three trainings on the same leads, calls and facts, with leads looked at some days after their creation:

- *dated*: the closes with their dates, horizon 180 days;
- *undated*: the outcome column alone, so that the label is the final outcome of matured leads;
- *undated, with calls after the sale*: the same, and winners are called on after their close.

All are judged alike, with the dates that the undated ones never saw: on the leads that were still open at
their as-of in the test period of each, did they close within 180 days? *closed before* is the share of the
rows that had closed by their as-of, which nobody can tell without dates; *named* is what the sentinel says.
Run from the project's folder: ``PYTHONPATH=tests python -m benchmarks.undated_outcomes``.
"""

import argparse
import json
import shutil
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import yaml

from models.metrics.scores import auc
from pipeline.commands.train import run_train
from pipeline.config.config import read_config
from pipeline.config.shipped import shipped
from pipeline.simulation.world import simulate
from pipeline.terminal import show

HORIZON = 180
WORLDS = ("dated", "undated", "undated, with calls after the sale")


def main() -> None:
    """Print a table and write JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--leads", type=int, default=3_000)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--days", type=int, default=30, help="as-ofs are so long after creation")
    parser.add_argument("--out", type=Path, default=Path("out/bench/undated_outcomes.json"))
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        table = pd.DataFrame(figures(Path(folder), options.leads, options.seed, options.days))
    show(
        table.drop(columns="said"), f"undated outcomes (simulation): as-of {options.days} days after creation"
    )
    for name, said in zip(table["world"], table["said"], strict=True):
        print(f"{name}: {said or 'nothing to be said'}")
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_text(json.dumps(table.to_dict("records"), indent=2) + "\n", encoding="utf-8")


def figures(folder: Path, n_leads: int, seed: int, days: int) -> list[dict[str, object]]:
    """One record per world."""
    simulate(n_leads, seed).write(folder / "data")
    orders = pl.read_csv(folder / "data/orders.csv", infer_schema=False)
    closes = (
        orders.drop_nulls("lead_id").group_by("lead_id").agg(pl.col("ordered_at").min().alias("closed_on"))
    )
    leads = pl.read_csv(folder / "data/leads.csv", infer_schema=False)
    told = leads.join(closes, on="lead_id", how="left", maintain_order="left").with_columns(
        pl.when(pl.col("closed_on").is_null()).then(pl.lit("0.0")).otherwise(pl.lit("1.0")).alias("won")
    )
    told.write_csv(folder / "data/leads.csv")
    orders.filter(pl.col("lead_id").is_null()).write_csv(folder / "data/orders.csv")
    return [_of_world(folder, world, days) for world in WORLDS]


def _of_world(folder: Path, world: str, days: int) -> dict[str, object]:
    if world == WORLDS[2]:
        _call_winners(folder / "data")
    path = folder / "team.yaml"
    raw = _settings(days, dated=world == "dated")
    if world == WORLDS[2]:
        raw["sources"]["calls"]["path"] = "calls.csv"
    path.write_text(yaml.safe_dump(raw, allow_unicode=True), encoding="utf-8")
    training, _ = run_train(read_config(path), tracked=False)
    rows, account = training.evaluation.rows, training.outcomes
    closed = _closes(folder)
    at = rows["lead_id"].map(closed)
    before = (at < rows["as_of"]).to_numpy()
    within = (at < rows["as_of"] + pd.Timedelta(days=HORIZON)).to_numpy() & ~before
    ripe = (rows["as_of"] + pd.Timedelta(days=HORIZON) <= pd.Timestamp("2026-07-01", tz="UTC")).to_numpy()
    judged = ripe & ~before
    shutil.rmtree(folder / "out", ignore_errors=True)
    return {
        "world": world,
        "rows": int(judged.sum()),
        "closes": int(within[judged].sum()),
        "closed before": float(before[ripe].mean()),
        "AUC": auc(within[judged].astype(float), rows[f"p_{HORIZON}d"].to_numpy()[judged]),
        "promised": float(np.mean(rows[f"p_{HORIZON}d"].to_numpy()[judged])),
        "rate": float(within[judged].mean()),
        "named": "Leak suspect" in " ".join(account.sentences() if account else []),
        "said": " ".join(account.sentences() if account else []),
    }


def _closes(folder: Path) -> "pd.Series[pd.Timestamp]":
    leads = pl.read_csv(folder / "data/leads.csv", infer_schema=False).drop_nulls("closed_on").to_pandas()
    local = pd.to_datetime(leads["closed_on"]).dt.tz_localize("Asia/Shanghai").dt.tz_convert("UTC")
    return local.set_axis(leads["lead_id"])


def _call_winners(data: Path) -> None:
    """Two calls of each winner, ten and twenty days after the sale, as such calls are."""
    calls = pl.read_csv(data / "calls.csv.gz", infer_schema=False)
    won = pl.read_csv(data / "leads.csv", infer_schema=False).drop_nulls("closed_on")
    sold = pl.col("closed_on").str.to_datetime("%Y-%m-%d %H:%M:%S", strict=False)
    some = calls.sample(won.height, seed=1, with_replacement=True).drop("lead_id", "started_at", "call_id")
    added = []
    for after in (10, 20):
        started = (sold + pl.duration(days=after)).dt.strftime("%Y-%m-%d %H:%M:%S")
        keys = won.select(
            "lead_id", started.alias("started_at"), (f"S{after}-" + pl.col("lead_id")).alias("call_id")
        )
        early = keys.hstack(some).filter(pl.col("started_at") < "2026-06-30")
        added.append(early.select(calls.columns))
    pl.concat([calls, *added]).write_csv(data / "calls.csv")
    (data / "calls.csv.gz").unlink()


def _settings(days: int, *, dated: bool) -> dict[str, Any]:
    raw = yaml.safe_load(shipped("demo.yaml").read_text(encoding="utf-8"))
    for name in ("stages", "manual_grades"):
        del raw["sources"][name]
    label = {"close": "outcome", "column": "won", "won_values": ["1"]}
    raw["label"] = label | ({"closed_at": "closed_on"} if dated else {"matured_days": HORIZON})
    raw["horizons_days"] = [HORIZON]
    raw["cohort"] = {"at": "after_creation", "days": [days]}
    least = {"A": 0.5, "B": 0.3, "C": 0.1}
    raw["grades"] = {name: {"by_days": HORIZON, "at_least": one} for name, one in least.items()}
    raw["split"] = {}
    return raw | {"schemes": [], "model": {"threads": 1}}


if __name__ == "__main__":
    main()
