"""Where MLflow keeps the runs: opening it, and telling in one line that it failed."""

import logging
import os
import re
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import urlsplit

# Before the import: nobody else learns what this program does, its output is its own, and a server that does
# not answer is told within half a minute (by default MLflow keeps trying for several).
os.environ["MLFLOW_DISABLE_TELEMETRY"] = "true"
os.environ["MLFLOW_SUPPRESS_PRINTING_URL_TO_STDOUT"] = "true"
os.environ["MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR"] = "false"
os.environ.setdefault("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "2")
os.environ.setdefault("MLFLOW_HTTP_REQUEST_TIMEOUT", "10")

import mlflow
from mlflow import MlflowClient
from mlflow.exceptions import MlflowException
from sqlalchemy import create_engine
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import NullPool

from pipeline.config.config import Config
from pipeline.errors import LeadgradeError, OutputError

# Drivers of databases that can be told how long to wait.
_HASTY = ("psycopg", "psycopg2", "pymysql", "mysqldb")

_FAILURES = (MlflowException, SQLAlchemyError, sqlite3.Error, OSError, ImportError)


def tracking_uri(config: Config) -> str:
    """Where runs are recorded: as configured, or a SQLite store in the output folder."""
    return config.tracking.uri or f"sqlite:///{config.output_path('mlflow.db').absolute()}"


@contextmanager
def recording(config: Config, saved: str, then: str) -> Iterator[None]:
    """Open the experiment to record a run in.

    Args:
        config: the configuration.
        saved: what is saved already and stays.
        then: what to do when the store is mended.

    Raises:
        OutputError: the store cannot be reached or written.
    """
    try:
        _open_experiment(config)
        yield
    except _FAILURES as error:
        raise OutputError(
            f"MLflow at {_without_password(tracking_uri(config))} did not record the run: {_reason(error)}; "
            f"{saved}: mend tracking.uri or the store and {then}"
        ) from None


def check_store(config: Config) -> None:
    """Ask a store, before any work and within seconds, whether it can record a run; nothing is made in it.

    Raises:
        OutputError: it does not answer, or cannot be written.
    """
    try:
        _be_quiet()
        with _soon():
            _ask(_usable_uri(config))
    except _FAILURES as error:
        raise OutputError(
            f"MLflow at {_without_password(tracking_uri(config))} cannot record a run: {_reason(error)}; "
            "nothing was done yet: mend tracking.uri or the store"
        ) from None


def _ask(uri: str) -> None:
    scheme = urlsplit(uri).scheme.partition("+")[0]
    if scheme == "sqlite":
        _ask_file(uri)
    elif scheme in {"postgresql", "mysql", "mssql"}:
        # MLflow itself would try for minutes.
        hasty = {"connect_timeout": 5} if make_url(uri).get_driver_name() in _HASTY else {}
        create_engine(uri, poolclass=NullPool, connect_args=hasty).connect().close()
    else:
        MlflowClient(uri).search_experiments(max_results=1)


def _ask_file(uri: str) -> None:
    database = _database(uri)
    if database is None:
        return
    database.parent.mkdir(parents=True, exist_ok=True)
    if not os.access(database if database.exists() else database.parent, os.W_OK):
        raise OSError(f"{database} cannot be written")
    if database.exists() and not _is_empty(database):
        MlflowClient(uri).search_experiments(max_results=1)


@contextmanager
def _soon() -> Iterator[None]:
    """Let MLflow ask a server twice at most, and wait for it not long."""
    hasty = {"MLFLOW_HTTP_REQUEST_MAX_RETRIES": "1", "MLFLOW_HTTP_REQUEST_TIMEOUT": "5"}
    before = {name: os.environ[name] for name in hasty}
    os.environ.update(hasty)
    try:
        yield
    finally:
        os.environ.update(before)


@contextmanager
def asking(config: Config, error_type: type[LeadgradeError], then: str) -> Iterator[MlflowClient | None]:
    """Open the registry to read or change it; none where no store was ever made, and none is made then.

    Args:
        config: the configuration.
        error_type: what to raise when the store fails.
        then: what to do about it.

    Raises:
        LeadgradeError: of that type: the registry cannot be read or changed.
    """
    try:
        if not _was_never_made(config):
            _ask_server(config)
        yield None if _was_never_made(config) else _open_registry(config)
    except _FAILURES as error:
        raise error_type(
            f"the registry at {_without_password(tracking_uri(config))} does not answer: {_reason(error)}; "
            f"mend tracking.uri or the store, or {then}"
        ) from None


def _ask_server(config: Config) -> None:
    """Find out within seconds that a server is silent: asked for something, MLflow tries for much longer."""
    uri = _usable_uri(config)
    if not uri.startswith("sqlite:"):
        _be_quiet()
        with _soon():
            _ask(uri)


def _was_never_made(config: Config) -> bool:
    uri = tracking_uri(config)
    database = _database(uri) if uri.startswith("sqlite:") else None
    return database is not None and not database.exists()


def _open_registry(config: Config) -> MlflowClient:
    _be_quiet()
    mlflow.set_tracking_uri(_checked_uri(config))
    return MlflowClient()


def _be_quiet() -> None:
    for chatty in ("alembic", "mlflow"):
        logging.getLogger(chatty).setLevel(logging.WARNING)


def _open_experiment(config: Config) -> None:
    _be_quiet()
    mlflow.set_tracking_uri(_checked_uri(config))
    name = config.tracking.experiment
    if mlflow.get_experiment_by_name(name) is None:
        mlflow.create_experiment(name, artifact_location=_artefacts(config))
    mlflow.set_experiment(name)


def _usable_uri(config: Config) -> str:
    uri = tracking_uri(config)
    if uri != "databricks" and urlsplit(uri).scheme in {"", "file"}:
        raise OSError("it is a folder, which MLflow no longer writes to: use sqlite:///FILE or http://SERVER")
    if uri.startswith("sqlite:") and _database(uri) is None:
        raise OSError("it would be forgotten at the end: use sqlite:///FILE")
    return uri


def _checked_uri(config: Config) -> str:
    uri = _usable_uri(config)
    database = _database(uri) if uri.startswith("sqlite:") else None
    if database is not None:
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
