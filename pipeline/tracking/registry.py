"""MLflow's registry: versions of the scorer, who is champion and who challenges, and why.

Aliases say who is who: ``challenger`` (the latest training), ``champion`` (what grades leads) and
``previous`` (what was champion before, for a rollback). Tags on the versions say when and why an alias moved.
"""

import re
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from pipeline.left_over import part_name
from pipeline.targets import FETCHED
from pipeline.tracking.store import asking  # first: it keeps MLflow from telling anybody

# isort: split
import mlflow
import pandas as pd
from mlflow import MlflowClient
from mlflow.exceptions import MlflowException

from models.scorer import LeadScorer
from pipeline.config.config import Config
from pipeline.errors import LeadgradeError, PromotionError, ScoringError
from pipeline.files.cell_text import csv_text
from pipeline.tracking.versions import Version, read_version

CHALLENGER = "challenger"
CHAMPION = "champion"
PREVIOUS = "previous"

# Scorers that were fetched, by their fingerprint.


def register(name: str, scorer: LeadScorer, logged: mlflow.models.model.ModelInfo, fitted_until: str) -> str:
    """Register a logged scorer as the challenger.

    Args:
        name: of the registered model.
        scorer: what was logged.
        logged: what MLflow says of it.
        fitted_until: first as-of that it did not learn from, from ``versions.tag_text``.

    Returns:
        The version's number.

    Raises:
        MlflowException: the store refuses.
    """
    client = MlflowClient()
    try:
        client.create_registered_model(name)
    except MlflowException as error:
        if error.error_code != "RESOURCE_ALREADY_EXISTS":
            raise
    tags = {
        "scorer": scorer.fingerprint,
        "simulation": str(scorer.simulation).lower(),
        "fitted_until": fitted_until,
    }
    made = client.create_model_version(
        name, source=logged.model_uri, run_id=logged.run_id, model_id=logged.model_id, tags=tags
    )
    client.set_registered_model_alias(name, CHALLENGER, str(made.version))
    return str(made.version)


class Registry:
    """The versions of one registered model; made by ``opened_registry``."""

    def __init__(self, client: MlflowClient | None, config: Config) -> None:
        self._client = client
        self._name = config.tracking.registered_model
        self._folder = config.output_path(FETCHED)

    def find(self, wanted: str) -> Version | None:
        """The version with an alias or number; none if there is none.

        Args:
            wanted: ``champion``, ``challenger``, ``previous`` or a number.
        """
        if self._client is None:
            return None
        try:
            number = wanted if wanted.isdecimal() else self._aliases(self._client).get(wanted)
            return (
                None if number is None else read_version(self._client.get_model_version(self._name, number))
            )
        except MlflowException as error:
            if error.error_code != "RESOURCE_DOES_NOT_EXIST":
                raise
            return None

    def fetch(self, version: Version) -> LeadScorer:
        """The scorer of a version, by way of a copy in the output folder; bytes are checked every time.

        Raises:
            ScoringError: what the registry holds is not what was registered.
        """
        if not re.fullmatch("[0-9a-f]{64}", version.fingerprint):
            raise ScoringError(f"{version} was not registered by 'leadgrade train'; {_INSTEAD}")
        folder = self._folder / version.fingerprint
        if _is_scorer(folder, version.fingerprint):
            return LeadScorer.load(folder)
        self._folder.mkdir(parents=True, exist_ok=True)
        beside = self._folder.parent
        with tempfile.TemporaryDirectory(prefix=f"{part_name(FETCHED)}-", dir=beside) as passing:
            uri = f"models:/{version.name}/{version.number}/artifacts/scorer"
            fetched = Path(mlflow.artifacts.download_artifacts(artifact_uri=uri, dst_path=passing))
            scorer = _checked(fetched, version)
            shutil.rmtree(folder, ignore_errors=True)  # a damaged copy
            fetched.rename(folder)
        return scorer

    def note(self, version: Version, tables: Mapping[str, pd.DataFrame]) -> None:
        """Keep tables without personal data, file name -> table, as artefacts of the version's run."""
        for name, table in tables.items():
            self._open().log_text(version.run_id, csv_text(table), name)

    def promote(self, version: Version, because: str, *, forced: bool) -> None:
        """Make a version the champion and the champion the previous one; the version says why.

        Args:
            version: the one to promote.
            because: the reason.
            forced: whether the gate was overruled.
        """
        client, champion = self._open(), self.find(CHAMPION)
        tags = {
            "promoted_at": _now(),
            "promoted_because": because,
            "promoted_by_force": str(forced).lower(),
            "promoted_over": "" if champion is None else str(champion.number),
        }
        self._tag(client, version, tags)
        if champion is not None:
            client.set_registered_model_alias(self._name, PREVIOUS, str(champion.number))
        # The one step that counts comes when all else that a rollback needs is there.
        client.set_registered_model_alias(self._name, CHAMPION, str(version.number))
        client.delete_registered_model_alias(self._name, CHALLENGER)

    def rollback(self, because: str) -> tuple[Version, Version]:
        """Make the previous champion the champion again; the one that leaves says why.

        Returns:
            The version that left and the one that came back.

        Raises:
            PromotionError: there is no previous champion.
        """
        champion, previous = self.find(CHAMPION), self.find(PREVIOUS)
        if champion is None or previous is None or champion == previous:
            raise PromotionError(
                f"the registry has no champion of {self._name} before the present one: nothing to restore"
            )
        client = self._open()
        self._tag(client, champion, {"rolled_back_at": _now(), "rolled_back_because": because})
        self._tag(client, previous, {"restored_at": _now(), "restored_because": because})
        client.set_registered_model_alias(self._name, CHAMPION, str(previous.number))
        client.delete_registered_model_alias(self._name, PREVIOUS)
        return champion, previous

    def _open(self) -> MlflowClient:
        if self._client is None:
            raise PromotionError(f"there is no registry with {self._name} yet: run 'leadgrade train' first")
        return self._client

    def _aliases(self, client: MlflowClient) -> dict[str, str]:
        found = client.get_registered_model(self._name).aliases
        return {str(alias): str(number) for alias, number in found.items()}

    def _tag(self, client: MlflowClient, version: Version, tags: Mapping[str, str]) -> None:
        for key, value in tags.items():
            client.set_model_version_tag(self._name, str(version.number), key, value)


@contextmanager
def opened_registry(config: Config, error_type: type[LeadgradeError], then: str) -> Iterator[Registry]:
    """The registry of a configuration; an empty one where no store was ever made.

    Args:
        config: the configuration.
        error_type: what to raise when the store fails.
        then: what to do about it instead of mending the store.

    Raises:
        LeadgradeError: of that type: the store cannot be reached, read or written.
    """
    with asking(config, error_type, then) as client:
        yield Registry(client, config)


def _checked(folder: Path, version: Version) -> LeadScorer:
    try:
        scorer = LeadScorer.load(folder)
    except ValueError as error:
        what = str(error).replace(f"{folder}/", "")
        raise ScoringError(f"{version} in the registry is damaged: {what}; {_INSTEAD}") from None
    if scorer.fingerprint != version.fingerprint:
        raise ScoringError(f"{version} in the registry is not the scorer that was registered; {_INSTEAD}")
    return scorer


_INSTEAD = "train again, or choose another with --model"


def _is_scorer(folder: Path, fingerprint: str) -> bool:
    try:
        return LeadScorer.load(folder).fingerprint == fingerprint
    except ValueError:
        return False


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
