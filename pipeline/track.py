"""Recording a training run in MLflow: the only module besides ``serving`` that imports it."""

import logging
import os
import re
import shutil
import sqlite3
import tempfile
import warnings
from collections.abc import Mapping
from contextlib import closing
from importlib.metadata import version
from pathlib import Path
from urllib.parse import urlsplit

# Before the import: nobody else learns what this program does, its output is its own, and a server that does
# not answer is told within half a minute (by default MLflow keeps trying for several).
os.environ["MLFLOW_DISABLE_TELEMETRY"] = "true"
os.environ["MLFLOW_SUPPRESS_PRINTING_URL_TO_STDOUT"] = "true"
os.environ.setdefault("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "2")
os.environ.setdefault("MLFLOW_HTTP_REQUEST_TIMEOUT", "10")

import mlflow
import pandas as pd
from matplotlib.figure import Figure
from mlflow import MlflowClient
from mlflow.exceptions import MlflowException
from mlflow.models import ModelSignature
from mlflow.types import ColSpec, DataType, Schema
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError

import models
from models.scorer import LeadScorer
from pipeline.config import Config
from pipeline.errors import OutputError
from pipeline.train import Training

# What a machine that serves the model needs besides the code that is logged with it.
REQUIREMENTS = ("lightgbm", "mlflow", "numpy", "pandas", "scikit-learn", "scipy")

# In place of the login name and the path of the program, which MLflow would put there.
_AUTHOR = {"mlflow.user": "leadgrade", "mlflow.source.name": "leadgrade train"}


def tracking_uri(config: Config) -> str:
    """Where runs are recorded: as configured, or a SQLite store in the output folder."""
    return config.tracking.uri or f"sqlite:///{config.output_path('mlflow.db').absolute()}"


def record(
    config: Config,
    training: Training,
    scorer_folder: Path,
    params: Mapping[str, str],
    tables: Mapping[str, pd.DataFrame],
    figures: Mapping[str, Figure],
) -> str:
    """Record a training: a parent run, a nested run for the model and for each rival, and the model.

    Metrics are named by period, horizon and measure: ``train_30d_auc``, ``calibrate_30d_auc``,
    ``test_30d_auc``; ``test_unseen_30d_auc`` is of leads that no earlier period holds.

    Args:
        config: the configuration.
        training: what was trained and evaluated.
        scorer_folder: the saved scorer to use; it is logged as a pyfunc and registered.
        params: settings and fingerprints, no personal data.
        tables: artefacts, file name -> table, no personal data.
        figures: artefacts, file name -> chart.

    Returns:
        The parent run's id.

    Raises:
        OutputError: the store cannot be reached or written; the saved scorer stays where it is.
    """
    tags = {**_AUTHOR, "simulation": str(config.simulation).lower()}
    metrics = _metrics(training)
    try:
        _open_experiment(config)
        with mlflow.start_run(run_name=config.name, tags=tags) as parent:
            mlflow.log_params(dict(params))
            mlflow.log_metrics(metrics["model"])
            _log_files(tables, figures)
            for system in training.evaluation.systems:
                with mlflow.start_run(run_name=system.name, nested=True, tags={**tags, "kind": system.kind}):
                    mlflow.log_metrics(metrics[system.name])
                    if system.kind == "model":
                        _log_model(config, scorer_folder)
            return str(parent.info.run_id)
    except (MlflowException, SQLAlchemyError, sqlite3.Error, OSError, ImportError) as error:
        raise OutputError(
            f"MLflow at {_without_password(tracking_uri(config))} did not record the run: {_reason(error)}; "
            f"the scorer is saved in {scorer_folder}: mend tracking.uri or the store and train again"
        ) from None


def signature(scorer: LeadScorer) -> ModelSignature:
    """Doubles and strings, all optional: integers and booleans could not be missing."""
    categories = scorer.model.inputs_.categories
    inputs = [ColSpec(_kind(name in categories), name, required=False) for name in scorer.columns]
    numbers = [*scorer.chances, "score"]
    outputs = [*(ColSpec(_kind(False), name) for name in numbers), ColSpec(_kind(True), "grade")]
    return ModelSignature(Schema(inputs), Schema(outputs))


def _kind(text: bool) -> DataType:
    return DataType.string if text else DataType.double


def _open_experiment(config: Config) -> None:
    for chatty in ("alembic", "mlflow"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
    mlflow.set_tracking_uri(_checked_uri(config))
    name = config.tracking.experiment
    if mlflow.get_experiment_by_name(name) is None:
        mlflow.create_experiment(name, artifact_location=_artefacts(config))
    mlflow.set_experiment(name)


def _checked_uri(config: Config) -> str:
    uri = tracking_uri(config)
    if uri != "databricks" and urlsplit(uri).scheme in {"", "file"}:
        raise OSError("it is a folder, which MLflow no longer writes to: use sqlite:///FILE or http://SERVER")
    if uri.startswith("sqlite:"):
        database = _database(uri)
        if database is None:
            raise OSError("it would be forgotten at the end: use sqlite:///FILE")
        _make_whole(database)
    return uri


def _database(uri: str) -> Path | None:
    name = make_url(uri).database
    return Path(name).absolute() if name and name != ":memory:" else None


def _make_whole(database: Path) -> None:
    """Make a new store in one step: MLflow takes hundreds, and cannot go on where it was stopped."""
    database.parent.mkdir(parents=True, exist_ok=True)
    if not _is_empty(database):
        return
    with tempfile.TemporaryDirectory(prefix="leadgrade-", ignore_cleanup_errors=True) as passing:
        fresh = Path(passing, "mlflow.db")
        MlflowClient(f"sqlite:///{fresh}").search_experiments(max_results=1)
        with closing(sqlite3.connect(fresh)) as source, closing(sqlite3.connect(database)) as target:
            if _is_empty(database):
                source.backup(target)


def _is_empty(database: Path) -> bool:
    with closing(sqlite3.connect(database)) as store:
        return not store.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchall()


def _artefacts(config: Config) -> str | None:
    """Beside a database of ours, the folder ``mlruns``; a server has its own place for files."""
    uri = tracking_uri(config)
    if uri == "databricks" or urlsplit(uri).scheme in {"http", "https", "databricks"}:
        return None
    database = _database(uri) if uri.startswith("sqlite:") else None
    return (database or config.output_path("mlflow.db").absolute()).with_name("mlruns").as_uri()


def _reason(error: Exception) -> str:
    line = " ".join(str(error).split())
    if "Max retries exceeded" in line:
        return "no server answers there"
    return _without_password(line.partition(" [SQL: ")[0])[:300]


def _without_password(text: str) -> str:
    return re.sub(r"://[^/@\s]*@", "://***@", text)


def _metrics(training: Training) -> dict[str, dict[str, float]]:
    """Metrics of each system: on the test period from the leaderboard, the model's on the earlier ones."""
    board, fitted = training.evaluation.board, training.fitted
    metrics: dict[str, dict[str, float]] = {system.name: {} for system in training.evaluation.systems}
    metrics["model"] |= _named(fitted["period"], fitted)
    if not board.empty:
        period = "test_" + board["leads_in"].where(board["leads_in"] != "all", "") + "_"
        for name, part in board[board["value"].notna()].groupby("system"):
            metrics[str(name)] |= _named(period[part.index].str.strip("_"), part)
    return metrics


def _named(period: "pd.Series[str]", rows: pd.DataFrame) -> dict[str, float]:
    names = period + "_" + rows["horizon"] + "_" + rows["metric"]
    return dict(zip(names, rows["value"].astype(float), strict=True))


def _log_files(tables: Mapping[str, pd.DataFrame], figures: Mapping[str, Figure]) -> None:
    for name, table in tables.items():
        mlflow.log_text(table.to_csv(index=False), name)
    for name, figure in figures.items():
        mlflow.log_figure(figure, name)


def _log_model(config: Config, scorer_folder: Path) -> None:
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
    _register(config.tracking.registered_model, scorer, logged)


def _register(name: str, scorer: LeadScorer, logged: mlflow.models.model.ModelInfo) -> None:
    client = MlflowClient()
    try:
        client.create_registered_model(name)
    except MlflowException as error:
        if error.error_code != "RESOURCE_ALREADY_EXISTS":
            raise
    tags = {"scorer": scorer.fingerprint, "simulation": str(scorer.simulation).lower()}
    client.create_model_version(
        name, source=logged.model_uri, run_id=logged.run_id, model_id=logged.model_id, tags=tags
    )
