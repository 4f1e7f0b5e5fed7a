"""What calibrating changed, on two real data sets and a simulated world: the choice, and before and after.

Run from the project's folder: ``make bench``.
"""

import argparse
import sys
import tempfile
from pathlib import Path

from pipeline import runs, screen
from pipeline.config import read_config
from pipeline.demo import SHIPPED_CONFIG
from pipeline.present import say
from pipeline.world import simulate

CONFIGS = SHIPPED_CONFIG.parent
REAL = ("bpic2012", "uci_bank_marketing")


def main() -> None:
    """Train on each data set and print its two tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=11, help="of the simulated world")
    parser.add_argument("--leads", type=int, default=5_000)
    parser.add_argument("--data", type=Path, default=CONFIGS.parent.parent / "shared" / "data")
    options = parser.parse_args()
    for name in REAL:
        if (options.data / name).is_dir():
            one_set(CONFIGS / f"{name}.yaml", options.data / name)
        else:
            say(f"{name} is left out: it is not in {options.data}, see --data\n")
    with tempfile.TemporaryDirectory() as passing:
        simulate(options.leads, options.seed).write(Path(passing))
        one_set(SHIPPED_CONFIG, Path(passing))


def one_set(path: Path, data: Path) -> None:
    """Print how one data set's calibration was chosen and what it changed."""
    with tempfile.TemporaryDirectory() as out:
        folders = {"data_dir": str(data.absolute()), "output_dir": out}
        config = read_config(path, {"schemes": []}).model_copy(update=folders)
        training, _ = runs.run_train(config, tracked=False)
    screen.calibration(training.evaluation, screen.title_of(config.name, config.simulation))


if __name__ == "__main__":
    sys.exit(main())
