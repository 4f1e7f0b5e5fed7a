"""What calibrating changed, on two real data sets and a simulated world: the choice, and before and after.

The last table is all of them side by side, with a verdict: whether the paired interval says that calibrating
made the measure better on the test period, or hurt. Run from the project's folder: ``make bench``.
"""

import argparse
import json
import sys
import tempfile
from pathlib import Path

import pandas as pd
from benchmarks.real_data import find

from pipeline.cli.screens import evaluation as screen
from pipeline.commands.train import run_train
from pipeline.config.config import read_config
from pipeline.config.shipped import shipped
from pipeline.evaluation.calibration_effect import change_summary
from pipeline.report.titles import title_of
from pipeline.simulation.world import simulate
from pipeline.terminal import say, show

CONFIGS = shipped("demo.yaml").parent
REAL = ("bpic2012", "uci_bank_marketing")


def main() -> None:
    """Train on each data set, print its two tables, then one of all; write JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=11, help="of the simulated world")
    parser.add_argument("--leads", type=int, default=5_000)
    parser.add_argument("--out", type=Path, default=Path("out/bench/calibration.json"))
    options = parser.parse_args()
    tables = []
    for name in REAL:
        data = find(Path(name))
        if data is None:
            say(f"{name} is left out: set LEADGRADE_SHARED_DATA to the folder that holds it\n")
        else:
            tables.append(one_set(CONFIGS / f"{name}.yaml", data))
    with tempfile.TemporaryDirectory() as passing:
        simulate(options.leads, options.seed).write(Path(passing))
        tables.append(one_set(shipped("demo.yaml"), Path(passing)))
    table = pd.concat(tables, ignore_index=True)
    show(for_reading(table), "before and after calibration, test periods")
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_text(json.dumps(table.to_dict("records"), indent=2) + "\n", encoding="utf-8")


def one_set(path: Path, data: Path) -> pd.DataFrame:
    """Print how one data set's calibration was chosen and what it changed; return the latter.

    Returns:
        As ``before_and_after``, with ``data`` and the calibration ``chosen`` for the horizon's last window.
    """
    with tempfile.TemporaryDirectory() as out:
        folders = {"data_dir": str(data.absolute()), "output_dir": out}
        config = read_config(path, {"schemes": [], "model.threads": 1}).model_copy(update=folders)
        training, _ = run_train(config, tracked=False)
    title = title_of(config.name, config.simulation)
    screen.calibration(training.evaluation, title)
    choices = training.evaluation.choices
    chosen = choices[choices["chosen"]].set_index("window")["method"]
    changed = training.evaluation.calibration
    return changed.assign(data=title, chosen=changed["horizon"].map(chosen))


def for_reading(table: pd.DataFrame) -> pd.DataFrame:
    """Every data set, horizon and measure on a line."""
    return pd.concat([table[["data", "chosen"]], change_summary(table)], axis=1)


if __name__ == "__main__":
    sys.exit(main())
