"""Recording a training run in MLflow: the only module besides ``serving`` that imports it."""

import logging
import os
import warnings
from collections.abc import Mapping
from pathlib import Path

# Before the import: nobody else learns what this program does.
os.environ.setdefault("MLFLOW_DISABLE_TELEMETRY", "true")

import mlflow
import pandas as pd
from matplotlib.figure import Figure
from mlflow import MlflowClient
from mlflow.exceptions import MlflowException
from mlflow.models import ModelSignature
from mlflow.types import ColSpec, DataType, Schema

import models
from models.scorer import LeadScorer
from pipeline.config import Config
from pipeline.errors import OutputError

# What a machine that serves the model needs besides the code that is logged with it.
REQUIREMENTS = ("lightgbm", "mlflow", "numpy", "pandas", "scikit-learn", "scipy")


def tracking_uri(config: Config) -> str:
    """Where runs are recorded: as configured, or a SQLite store in the output folder."""
    return config.tracking.uri or f"sqlite:///{config.output_path('mlflow.db').absolute()}"


def record(
    config: Config,
    scorer_folder: Path,
    params: Mapping[str, str],
    board: pd.DataFrame,
    tables: Mapping[str, pd.DataFrame],
    figures: Mapping[str, Figure],
) -> str:
    """Record a training: a parent run, a nested run for the model and for each rival, and the model.

    Args:
        config: the configuration.
        scorer_folder: the saved scorer; it is logged as a pyfunc and registered.
        params: settings and fingerprints, no personal data.
        board: the leaderboard.
        tables: artefacts, file name -> table.
        figures: artefacts, file name -> chart.

    Returns:
        The parent run's id.

    Raises:
        OutputError: the store cannot be reached or written.
    """
    try:
        _open_experiment(config)
        with mlflow.start_run(run_name=config.name) as parent:
            mlflow.set_tags({"simulation": str(config.simulation).lower()})
            mlflow.log_params(dict(params))
            mlflow.log_metrics(_metrics(board[board["system"] == "model"]))
            _log_files(tables, figures)
            for system, part in board.groupby("system", sort=False):
                with mlflow.start_run(run_name=str(system), nested=True):
                    mlflow.set_tag("kind", str(part["kind"].iloc[0]))
                    mlflow.log_metrics(_metrics(part))
                    if system == "model":
                        _log_model(config, scorer_folder)
            return str(parent.info.run_id)
    except MlflowException as error:
        line = " ".join(str(error).split())[:300]
        raise OutputError(f"MLflow at {tracking_uri(config)} refused the run: {line}") from None


def signature(scorer: LeadScorer) -> ModelSignature:
    """Doubles and strings, all optional: integers and booleans could not be missing."""
    inputs = [
        ColSpec(
            DataType.string if name in scorer.model.inputs_.categories else DataType.double,
            name,
            required=False,
        )
        for name in scorer.columns
    ]
    numbers = [*(f"p_{horizon}" for horizon in scorer.horizons), "score"]
    outputs = [ColSpec(DataType.double, name) for name in numbers] + [ColSpec(DataType.string, "grade")]
    return ModelSignature(Schema(inputs), Schema(outputs))


def _open_experiment(config: Config) -> None:
    for chatty in ("alembic", "mlflow"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
    mlflow.set_tracking_uri(tracking_uri(config))
    name = config.tracking.experiment
    if mlflow.get_experiment_by_name(name) is None:
        local = None if config.tracking.uri else config.output_path("mlruns").absolute().as_uri()
        mlflow.create_experiment(name, artifact_location=local)
    mlflow.set_experiment(name)


def _metrics(board: pd.DataFrame) -> dict[str, float]:
    rows = board[board["value"].notna()]
    names = "test_" + rows["leads_in"] + "_" + rows["horizon"] + "_" + rows["metric"]
    return {str(name): float(value) for name, value in zip(names, rows["value"], strict=True)}


def _log_files(tables: Mapping[str, pd.DataFrame], figures: Mapping[str, Figure]) -> None:
    for name, table in tables.items():
        mlflow.log_text(table.to_csv(index=False), name)
    for name, figure in figures.items():
        mlflow.log_figure(figure, name)


def _log_model(config: Config, scorer_folder: Path) -> None:
    scorer = LeadScorer.load(scorer_folder)
    with warnings.catch_warnings():
        # The model has its own signature; the type hints that mlflow looks for are for other inputs.
        warnings.simplefilter("ignore")
        logged = mlflow.pyfunc.log_model(
            name="scorer",
            python_model=str(Path(__file__).with_name("serving.py")),
            artifacts={"scorer": str(scorer_folder)},
            code_paths=[str(Path(models.__file__).parent)],
            signature=signature(scorer),
            pip_requirements=list(REQUIREMENTS),
        )
    _register(config.tracking.registered_model, logged.model_uri, logged.run_id)


def _register(name: str, model_uri: str, run_id: str) -> None:
    client = MlflowClient()
    if not client.search_registered_models(filter_string=f"name = '{name}'"):
        client.create_registered_model(name)
    client.create_model_version(name, source=model_uri, run_id=run_id)
