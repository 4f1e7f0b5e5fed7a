"""Recording runs in MLflow; only this module, ``store``, ``registry`` and ``serving`` import it."""

import shutil
import tempfile
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from pipeline.files.cell_text import csv_text
from pipeline.tracking.store import recording, tracking_uri  # first: it keeps MLflow from telling anybody

# isort: split
import mlflow
import pandas as pd
from matplotlib.figure import Figure
from mlflow import MlflowClient
from mlflow.models import ModelSignature
from mlflow.types import ColSpec, DataType, Schema
from mlflow.utils.mlflow_tags import MLFLOW_RUN_NOTE

import models
from models.scorer import LeadScorer
from pipeline.config.config import Config
from pipeline.tracking.description import registered_as
from pipeline.tracking.registry import register
from pipeline.tracking.unrecorded import Unrecorded
from pipeline.training.train import Training

__all__ = [
    "REQUIREMENTS",
    "MlflowClient",
    "log_backtest",
    "log_monitor",
    "log_saved",
    "log_training",
    "metrics_of",
    "signature",
    "tracking_uri",
]

# What a machine that serves the model needs besides the code that is logged with it.
REQUIREMENTS = ("lightgbm", "mlflow", "numpy", "pandas", "scikit-learn", "scipy")

# The answers of a scorer that are text.
_TEXTS = ("grade", "value_tier_learned")

# In place of the login name and the path of the program, which MLflow would put there.
_AUTHOR = {"mlflow.user": "leadgrade", "mlflow.source.name": "leadgrade train"}


def log_training(config: Config, told: Unrecorded, scorer_folder: Path) -> str:
    """Record a training: a parent run, a nested run for the model and for each rival, and the model.

    Metrics are named by period, horizon and measure: ``train_30d_auc``, ``calibrate_30d_auc``,
    ``test_30d_auc``; ``test_unseen_30d_auc`` is of leads that no earlier period holds. Those of training and
    calibration are told by trees that had not seen the row's lead.

    The parent's description says what was trained, on what, how good it is and where to look; its tags
    ``registered_model``, ``registered_version`` and ``logged_model`` name the model.

    Args:
        config: the configuration.
        told: what was trained and evaluated.
        scorer_folder: the saved scorer to use; it is logged as a pyfunc and registered.

    Returns:
        The parent run's id.

    Raises:
        OutputError: the store cannot be reached or written; the saved scorer stays where it is.
    """
    tags = {**_AUTHOR, "simulation": str(told.simulation).lower()}
    then = f"run 'leadgrade record {config.path}'"
    with (
        recording(config, f"the scorer is saved in {scorer_folder}", then),
        mlflow.start_run(run_name=told.name, tags=tags) as parent,
    ):
        mlflow.log_params(told.params)
        mlflow.log_metrics(told.metrics["model"])
        made: dict[str, str] = {}
        with tempfile.TemporaryDirectory(prefix="leadgrade-") as passing:
            told.write_files(Path(passing))
            mlflow.log_artifacts(passing)
        for name, kind in told.kinds.items():
            with mlflow.start_run(run_name=name, nested=True, tags={**tags, "kind": kind}):
                mlflow.log_metrics(told.metrics[name])
                if kind == "model":
                    made = _log_model(config, scorer_folder, told.fitted_until)
        line = registered_as(made["registered_model"], made["registered_version"], made["logged_model"])
        mlflow.set_tags({**made, MLFLOW_RUN_NOTE: "\n".join(filter(None, [told.note, line]))})
        return str(parent.info.run_id)


def log_saved(config: Config, scorer_folder: Path) -> str:
    """Record a scorer that was saved or came from elsewhere: a run without metrics, the model as challenger.

    Args:
        config: the configuration.
        scorer_folder: the saved scorer.

    Returns:
        The scorer's fingerprint.

    Raises:
        OutputError: the store cannot be reached or written; the saved scorer stays where it is.
        ValueError: what is there is no scorer.
    """
    scorer = LeadScorer.load(scorer_folder)
    tags = {**_AUTHOR, "mlflow.source.name": "leadgrade record", "kind": "model"}
    tags["simulation"] = str(scorer.simulation).lower()
    then = f"run 'leadgrade record {config.path} --scorer {scorer_folder}' again"
    until = "" if scorer.reference is None else scorer.reference.until
    with (
        recording(config, f"the scorer is saved in {scorer_folder}", then),
        mlflow.start_run(run_name=scorer.name, tags=tags),
    ):
        mlflow.log_params({"scorer": scorer.fingerprint, "trees": str(scorer.model.trees_)})
        _log_model(config, scorer_folder, until)
    return scorer.fingerprint


def log_backtest(
    config: Config,
    params: Mapping[str, str],
    board: pd.DataFrame,
    tables: Mapping[str, pd.DataFrame],
    saved: str,
) -> str:
    """Record a backtest: one run, its metrics named as ``backtest_30d_auc``.

    Args:
        config: the configuration.
        params: settings and fingerprints, no personal data.
        board: all predictions together, from ``leaderboard.leaderboard``.
        tables: artefacts, file name -> table, no personal data.
        saved: what is saved already and stays, for the error's message.

    Returns:
        The run's id.

    Raises:
        OutputError: the store cannot be reached or written.
    """
    tags = {**_AUTHOR, "mlflow.source.name": "leadgrade backtest", "kind": "backtest"}
    simulation = {"simulation": str(config.simulation).lower()}
    with (
        recording(config, saved, "run the backtest again"),
        mlflow.start_run(run_name=f"{config.name} backtest", tags={**tags, **simulation}) as run,
    ):
        mlflow.log_params(dict(params))
        mlflow.log_metrics(_board_metrics(board, "backtest").get("model", {}))
        _log_files(tables, {})
        return str(run.info.run_id)


@dataclass(frozen=True)
class Look:
    """What is kept of a look at a scorer; tables and charts by file name, none with personal data."""

    params: Mapping[str, str]
    metrics: Mapping[str, float]
    tags: Mapping[str, str]
    tables: Mapping[str, pd.DataFrame]
    figures: Mapping[str, Figure]


def log_monitor(config: Config, look: Look, saved: str) -> str:
    """Record a look at a scorer: one run of kind ``monitor``.

    Args:
        config: the configuration.
        look: what is to be kept.
        saved: what is saved already and stays, for the error's message.

    Returns:
        The run's id.

    Raises:
        OutputError: the store cannot be reached or written.
    """
    tags = {**_AUTHOR, "mlflow.source.name": "leadgrade monitor", "kind": "monitor", **look.tags}
    simulation = {"simulation": str(config.simulation).lower()}
    with (
        recording(config, saved, "run the monitor again"),
        mlflow.start_run(run_name=f"{config.name} monitor", tags={**tags, **simulation}) as run,
    ):
        mlflow.log_params(dict(look.params))
        mlflow.log_metrics(dict(look.metrics))
        _log_files(look.tables, look.figures)
        return str(run.info.run_id)


def signature(scorer: LeadScorer) -> ModelSignature:
    """Doubles and strings, all optional: integers and booleans could not be missing."""
    categories = scorer.model.inputs_.categories
    inputs = [ColSpec(_kind(name in categories), name, required=False) for name in scorer.columns]
    outputs = [ColSpec(_kind(name in _TEXTS), name) for name in scorer.answers]
    return ModelSignature(Schema(inputs), Schema(outputs))


def _kind(text: bool) -> DataType:
    return DataType.string if text else DataType.double


def metrics_of(training: Training) -> dict[str, dict[str, float]]:
    """Metrics of each system: on the test period from the leaderboard, the model's on the earlier ones."""
    board, fitted = training.evaluation.board, training.fitted
    metrics: dict[str, dict[str, float]] = {system.name: {} for system in training.evaluation.systems}
    metrics["model"] |= _named(fitted["period"], fitted)
    for name, found in _board_metrics(board, "test").items():
        metrics[name] |= found
    return metrics


def _board_metrics(board: pd.DataFrame, period: str) -> dict[str, dict[str, float]]:
    if board.empty:
        return {}
    prefix = (f"{period}_" + board["leads_in"].where(board["leads_in"] != "all", "")).str.strip("_")
    return {
        str(name): _named(prefix[part.index], part)
        for name, part in board[board["value"].notna()].groupby("system")
    }


def _named(period: "pd.Series[str]", rows: pd.DataFrame) -> dict[str, float]:
    names = period + "_" + rows["horizon"] + "_" + rows["metric"]
    return dict(zip(names, rows["value"].astype(float), strict=True))


def _log_files(tables: Mapping[str, pd.DataFrame], figures: Mapping[str, Figure]) -> None:
    for name, table in tables.items():
        mlflow.log_text(csv_text(table), name)
    for name, figure in figures.items():
        mlflow.log_figure(figure, name)


def _log_model(config: Config, scorer_folder: Path, fitted_until: str) -> dict[str, str]:
    """Log and register the scorer; which model that is, as tags of the parent run."""
    scorer = LeadScorer.load(scorer_folder)
    # MLflow writes down where it found things: a passing folder says nothing about this machine.
    with tempfile.TemporaryDirectory(prefix="leadgrade-") as passing:
        here = Path(passing)
        code = shutil.copy(Path(__file__).with_name("serving.py"), here)
        shutil.copytree(scorer_folder, here / "scorer")
        with warnings.catch_warnings():
            # An example of real rows would be personal data.
            warnings.filterwarnings("ignore", ".*input example was not provided", UserWarning)
            logged = mlflow.pyfunc.log_model(
                name="scorer",
                python_model=str(code),
                artifacts={"scorer": str(here / "scorer")},
                code_paths=[str(Path(models.__file__).parent)],
                signature=signature(scorer),
                pip_requirements=[f"{name}=={version(name)}" for name in REQUIREMENTS],
                tags=_AUTHOR,
            )
    name = config.tracking.registered_model
    number = register(name, scorer, logged, fitted_until)
    return {"registered_model": name, "registered_version": number, "logged_model": logged.model_uri}
