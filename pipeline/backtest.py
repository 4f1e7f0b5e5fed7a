"""What ``leadgrade backtest`` does, from configuration to files and a recorded run."""

import pandas as pd

from pipeline import dataset, present, runs
from pipeline.config import Config
from pipeline.leaks import dropped_features, find_suspects
from pipeline.origins import Plan
from pipeline.output import write_table
from pipeline.outputs import Outputs
from pipeline.recording import check_store, record_backtest
from pipeline.rolling import Backtest, backtest
from pipeline.scheme_files import schemes_of

PREDICTIONS = "backtest.csv"


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
    path = Outputs(config, "backtest").named(PREDICTIONS)
    schemes = schemes_of(config)
    if tracked:
        check_store(config)
    with runs.taken_in(config, "backtest") as taken:
        with present.working("building the matrix"):
            rows = dataset.training_rows(config, taken)
        with present.working("looking for leaks"):
            suspects = find_suspects(config, rows, taken)
    found = backtest(config, rows, schemes, plan, dropped_features(config, rows, suspects))
    write_table(found.predictions, path)
    if tracked:
        with present.working("recording the run"):
            told = {name: str(value) for name, value in vars(plan).items()}
            prints = runs.fingerprints(config)
            record_backtest(config, found, told, taken.validated, prints, f"the predictions are in {path}")
    return found


def as_tables(found: Backtest) -> dict[str, pd.DataFrame | None]:
    """The results for a script."""
    return {
        "leaderboard": found.board,
        "by_period": found.by_period,
        "by_days_since_first_call": found.by_days,
        "search": None if found.searched is None else found.searched.trials,
    }
