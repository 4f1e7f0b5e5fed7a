"""How soon the monitor finds drift, and how often it cries without: simulated worlds, month after month.

For each seed a scorer learns from the world's first 28 months as configured. The world is then looked at on
the first of every month from December 2025 to July 2026, quiet, and once more with a drift planted from the
first of a month on (not February, which is shorter than the shortest window), at the check a month later.
Kinds of drift go round by seed, the month too. A drift counts as found if an alarm names the very thing that
was changed; a quiet month with any alarm counts as a false alarm. Run from the project's folder:
``PYTHONPATH=tests python -m benchmarks.monitor``.
"""

import argparse
import json
import shutil
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pandas as pd
import polars as pl
from support.on_the_road import read_tables, taken_from
from support.planted_drifts import DRIFTS

from pipeline.config.config import Config, read_config
from pipeline.config.shipped import shipped
from pipeline.fitting.fit import fit_scorer, in_periods
from pipeline.fitting.split import find_periods
from pipeline.matrix import dataset
from pipeline.monitoring.arrivals import arrivals
from pipeline.monitoring.monitor import gather, look, watch
from pipeline.monitoring.reference import learn_reference
from pipeline.simulation.world import World, simulate
from pipeline.terminal import show

# Fewer and quicker trees than the default: the monitor is judged here, not the model.
QUICK = {
    "schemes": [],
    "model.threads": 1,
    "model.max_trees": 150,
    "model.learning_rate": 0.1,
    "model.early_stopping_trees": 20,
}
SINCE = ("2025-12-01", "2026-01-01", "2026-03-01", "2026-04-01", "2026-05-01")


def main() -> None:
    """Look at each seed's world; print tables and write JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, nargs="+", default=list(range(101, 121)))
    parser.add_argument("--all-kinds", action="store_true", help="Plant every kind into every world.")
    parser.add_argument("--out", type=Path, default=Path("out/bench/monitor.json"))
    options = parser.parse_args()
    records = []
    options.out.parent.mkdir(parents=True, exist_ok=True)
    for place, seed in enumerate(options.seeds):
        kinds = range(len(DRIFTS)) if options.all_kinds else [place % len(DRIFTS)]
        records.append(one_seed(seed, list(kinds), SINCE[place % len(SINCE)]))
        sys.stderr.write(f"seed {seed}: {records[-1]['seconds']:.0f} s ...\n")
        options.out.write_text(json.dumps(records, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    _tell(records)


def _tell(records: list[dict]) -> None:
    found = pd.DataFrame([{"seed": one["seed"], **drift} for one in records for drift in one["drifts"]])
    show(found[["seed", "drift", "from", "found", "alarms", "first alarm"]], "drifts planted (simulation)")
    by_kind = found.groupby("drift", sort=False)["found"].agg(["sum", "size"]).reset_index()
    show(by_kind.rename(columns={"sum": "found", "size": "of"}), "by kind")
    quiet = pd.DataFrame([{"seed": one["seed"], **month} for one in records for month in one["quiet"]])
    cried = quiet[quiet["alarms"].map(len) > 0]
    for row in cried.to_dict("records"):
        sys.stdout.write(f"false alarm: seed {row['seed']}, {row['month']}: {'; '.join(row['alarms'])}\n")
    rate = 24 * len(cried) / len(quiet)
    sys.stdout.write(
        f"drifts found within a month: {found['found'].sum()} of {len(found)} (aim: 18 of 20)\n"
        f"false alarms: {len(cried)} in {len(quiet)} quiet months, {rate:.2f} per 24 (aim: at most 1)\n"
        f"{sum(one['seconds'] for one in records):.0f} s\n"
    )


def one_seed(seed: int, kinds: list[int], since: str) -> dict:
    """Quiet months of one world, and what became of the drifts planted into it."""
    began = time.perf_counter()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        world = simulate(5_000, seed)
        world.write(folder / "data")
        shutil.copyfile(shipped("demo.yaml"), folder / "demo.yaml")
        config = read_config(folder / "demo.yaml", QUICK)
        taken = taken_from(config, read_tables(config).tables)
        rows = dataset.training_rows(config, taken)
        periods = find_periods(rows.frame, config.split)
        learned = fit_scorer(config, rows, in_periods(config, rows, periods), ())
        scorer = learned.scorer
        reference = learn_reference(config, rows, taken, scorer, periods, learned.unseen)
        quiet = _quiet_months(config, taken, rows, scorer, reference)
        drifts = [_planted(config, folder, world, scorer, reference, kind, since, seed) for kind in kinds]
    return {"seed": seed, "quiet": quiet, "drifts": drifts, "seconds": time.perf_counter() - began}


def _quiet_months(config: Config, taken, rows, scorer, reference) -> list[dict]:
    after = rows.frame.filter(pl.col("as_of") > pd.Timestamp(reference.until))
    months = list(after["as_of"].unique().sort())
    came_in = arrivals(config, taken, months, reference.period_days)
    told = []
    for month, arrived in zip(months, came_in, strict=True):
        leads = dataset.to_pandas(rows.frame.filter(pl.col("as_of") == month))
        seen = gather(config, reference, month, rows, leads, arrived)
        found = watch(config.monitor, scorer, reference, seen, 0)
        told.append({"month": month.isoformat(), "alarms": list(found.alarms)})
    return told


def _planted(
    config: Config, folder: Path, world: World, scorer, reference, kind: int, since: str, seed: int
) -> dict:
    drift, start = DRIFTS[kind], pd.Timestamp(since)
    changed = drift.plant(world, start, np.random.default_rng([seed, kind]))
    for table in drift.tables:
        changed.write_table(table, folder / "data")
    taken = taken_from(config, read_tables(config).tables)
    for table in drift.tables:
        world.write_table(table, folder / "data")
    check = (start + pd.DateOffset(months=1)).tz_localize(config.timezone).tz_convert("UTC").to_pydatetime()
    found = watch(config.monitor, scorer, reference, look(config, taken, scorer, reference, check), 0).alarms
    named = [alarm for alarm in found if any(word in alarm for word in drift.told_by)]
    return {
        "drift": drift.name,
        "from": since,
        "found": bool(named),
        "alarms": len(found),
        "first alarm": (named or found or ("-",))[0],
        "all": list(found),
    }


if __name__ == "__main__":
    sys.exit(main())
