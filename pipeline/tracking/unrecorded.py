"""What is to be recorded of a training, kept in one file until it is: no store costs a training."""

import base64
import json
from dataclasses import asdict, dataclass, field
from pathlib import Path

from models.scorer import LeadScorer
from pipeline.config.config import Config
from pipeline.errors import OutputError, ScoringError
from pipeline.output import write_text
from pipeline.targets import claim

UNRECORDED = "unrecorded.json"

_FORMAT = "leadgrade-unrecorded-1"


@dataclass(frozen=True)
class Unrecorded:
    """A training as it is recorded; nothing of it is personal data.

    Attributes:
        name: of the run.
        simulation: whether the world is made up.
        scorer: fingerprint of the saved scorer.
        fitted_until: first as-of that the scorer did not learn from, from ``versions.tag_text``.
        params: settings and fingerprints.
        kinds: of the model and its rivals, by name.
        metrics: of the same.
        tables: file name -> CSV.
        charts: file name -> PNG, in base64.
        pages: file name -> HTML; none in files of former versions.
        note: the run's description, likewise.
    """

    name: str
    simulation: bool
    scorer: str
    fitted_until: str
    params: dict[str, str]
    kinds: dict[str, str]
    metrics: dict[str, dict[str, float]]
    tables: dict[str, str]
    charts: dict[str, str]
    pages: dict[str, str] = field(default_factory=dict)
    note: str = ""

    def keep(self, config: Config) -> None:
        """Write it down beside the scorer.

        Raises:
            OutputError: the disk or the rights do not allow it.
        """
        write_text(json.dumps({"format": _FORMAT} | asdict(self)), claim(config, UNRECORDED))

    def write_files(self, folder: Path) -> None:
        """Write tables, pages and charts as files of their names."""
        for name, text in {**self.tables, **self.pages}.items():
            (folder / name).write_text(text, encoding="utf-8", newline="")
        for name, text in self.charts.items():
            (folder / name).write_bytes(base64.b64decode(text))


def find_unrecorded(config: Config) -> Unrecorded:
    """The training that was saved and not recorded.

    Raises:
        ScoringError: there is none, or its file is damaged.
    """
    path = config.output_path(UNRECORDED)
    if not path.exists():
        raise ScoringError(f"{path}: nothing is left to record; 'leadgrade train {config.path}' trains anew")
    try:
        words = json.loads(path.read_text(encoding="utf-8"))
        if words.pop("format") != _FORMAT:
            raise ValueError
        return Unrecorded(**words)
    except (ValueError, TypeError, KeyError, AttributeError):
        raise ScoringError(f"{path} is damaged: run 'leadgrade train {config.path}' again") from None
    except OSError as error:
        raise OutputError(f"{path} cannot be read: {error.strerror}") from None


def record_again(config: Config, scorer_folder: Path) -> str:
    """Record the training that was saved and that the store did not take.

    Returns:
        The scorer's fingerprint.

    Raises:
        OutputError: the store cannot be reached or written.
        ScoringError: nothing is left to record, or the saved scorer is of another training.
    """
    told = find_unrecorded(config)
    try:
        saved = LeadScorer.load(scorer_folder).fingerprint
    except ValueError as error:
        raise ScoringError(f"{error}; or run 'leadgrade train {config.path}' again") from None
    if saved != told.scorer:
        raise ScoringError(
            f"{config.output_path(UNRECORDED)} is of another training than the scorer in {scorer_folder}: "
            f"run 'leadgrade train {config.path}' again"
        )
    record_now(config, told, scorer_folder)
    return saved


def record_now(config: Config, told: Unrecorded, scorer_folder: Path) -> str:
    """Record a training, and keep it no longer; says its run's id.

    Raises:
        OutputError: the store cannot be reached or written.
    """
    from pipeline.tracking import mlflow_runs  # noqa: PLC0415 - mlflow takes seconds to import

    run_id = mlflow_runs.log_training(config, told, scorer_folder)
    claim(config, UNRECORDED).unlink(missing_ok=True)
    return run_id
