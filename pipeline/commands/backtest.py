"""What ``leadgrade backtest`` does, from configuration to files and a recorded run."""

import pandas as pd

from pipeline import terminal
from pipeline.commands.sources import as_learned, fingerprints, training_sources
from pipeline.config.config import Config
from pipeline.language.sentence import Sentence
from pipeline.leaks.sentinel import dropped_features, find_suspects
from pipeline.matrix import dataset
from pipeline.output import write_table
from pipeline.schemes.scheme_files import schemes_of
from pipeline.targets import QUARANTINE, STORE, Outputs
from pipeline.tracking.training_record import check_recordable, record_backtest
from pipeline.training.backtest import Backtest, backtest_rows
from pipeline.training.origins import Plan

PREDICTIONS = "backtest.csv"

# Written below ``output_dir``.
WRITES = (QUARANTINE, ".backtest.work", PREDICTIONS, *STORE)


def run_backtest(config: Config, plan: Plan, *, tracked: bool = True) -> Backtest:
    """Backtest, write every prediction to ``backtest.csv`` and record the run.

    Nothing is written before all refits are done.

    Args:
        config: the configuration.
        plan: how to go forward.
        tracked: whether to record the run in MLflow.

    Raises:
        ConfigError, SourceError, TrainingError: as training, or the windows do not fit the data.
        OutputError: a result cannot be written or recorded, or would replace what is read.
    """
    path = Outputs(config, WRITES).named(PREDICTIONS)
    schemes = schemes_of(config)
    if tracked:
        check_recordable(config)
    with training_sources(config, "backtest") as taken:
        config = as_learned(config, taken)
        with terminal.working(Sentence("building the matrix")):
            rows = dataset.training_rows(config, taken)
        with terminal.working(Sentence("looking for leaks")):
            suspects = find_suspects(config, rows, taken)
    found = backtest_rows(config, rows, schemes, plan, dropped_features(config, rows, suspects))
    write_table(found.predictions, path, escape=config.escape_cells)
    if tracked:
        with terminal.working(Sentence("recording the run")):
            told = {name: str(value) for name, value in vars(plan).items()}
            prints = fingerprints(config)
            record_backtest(config, found, told, taken.validated, prints, f"the predictions are in {path}")
    return found


def backtest_tables(found: Backtest) -> dict[str, pd.DataFrame | None]:
    """The results for a script."""
    return {
        "leaderboard": found.board,
        "by_period": found.by_period,
        "by_days_since_first_call": found.by_days,
        "search": None if found.searched is None else found.searched.trials,
    }
