"""What ``leadgrade record`` does: the last training is recorded where it could not be."""

from pipeline import terminal
from pipeline.config.config import Config
from pipeline.language.sentence import Sentence
from pipeline.targets import STORE, Outputs
from pipeline.tracking.saved_scorer import SCORER
from pipeline.tracking.unrecorded import UNRECORDED, record_again

# Written below ``output_dir``.
WRITES = (UNRECORDED, *STORE)


def run_record(config: Config) -> str:
    """Record the last training where it could not be recorded; says the fingerprint of its scorer."""
    Outputs(config, WRITES)
    with terminal.working(Sentence("recording the run")):
        return record_again(config, config.output_path(SCORER))
