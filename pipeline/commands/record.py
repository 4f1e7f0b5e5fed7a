"""What ``leadgrade record`` does: the last training, or a saved scorer, is recorded."""

from pathlib import Path

from pipeline import terminal
from pipeline.config.config import Config
from pipeline.errors import ScoringError
from pipeline.language.sentence import Sentence
from pipeline.targets import STORE, Outputs
from pipeline.tracking.saved_scorer import SCORER
from pipeline.tracking.training_record import check_recordable
from pipeline.tracking.unrecorded import UNRECORDED, record_again

# Written below ``output_dir``.
WRITES = (UNRECORDED, *STORE)


def run_record(config: Config, scorer: Path | None = None) -> str:
    """Record the last training where it could not be recorded, or a saved scorer; says its fingerprint.

    Args:
        config: the configuration.
        scorer: the folder of a saved scorer; the last training's run when left out.

    Raises:
        ScoringError: nothing is left to record, or there is no scorer.
        OutputError: the store cannot be reached or written.
    """
    Outputs(config, WRITES)
    if scorer is None:
        with terminal.working(Sentence("recording the run")):
            return record_again(config, config.output_path(SCORER))
    check_recordable(config)
    from pipeline.tracking import mlflow_runs  # noqa: PLC0415 - mlflow takes seconds to import

    with terminal.working(Sentence("recording the scorer")):
        try:
            return mlflow_runs.log_saved(config, scorer)
        except ValueError as error:
            raise ScoringError(f"--scorer: {error}") from None
