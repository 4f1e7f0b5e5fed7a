"""Taking the sources in for what learns and compares: in memory where they are small, on disk where not."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from pipeline.config.config import Config
from pipeline.errors import OutputError
from pipeline.intake.memory import Memory
from pipeline.intake.taken_in import TakenIn
from pipeline.intake.work_folder import Store
from pipeline.jobs import engines
from pipeline.jobs.parts import take_in
from pipeline.jobs.request import Job, work_folder
from pipeline.language.sentence import Sentence
from pipeline.reading.ingest import latest_event
from pipeline.targets import claim

# Sources that are no larger as text than this are taken in to memory.
SMALL_BYTES = 1 << 26

# About how much text a byte of a file that is packed stands for.
_PACKED = 6
_TEXT = (".csv", ".tsv", ".txt")


@contextmanager
def taken_in(
    config: Config, verb: str, speakers: Mapping[str, str] | None = None, *, sampled: bool = True
) -> Iterator[TakenIn]:
    """Take in every source that training needs; of many leads a sample, where the configuration says so.

    Large sources lie in a work folder in the output folder meanwhile; it goes when the verb is done, and
    stays where that is interrupted: the same command goes on with what is in.

    Args:
        config: the configuration.
        verb: what is done with them; no other process may do the same in the same output folder.
        speakers: the sides of labels as a scorer knows them; told by the log when left out.
        sampled: whether a sample will do; what counts the team's work takes every lead.

    Raises:
        SourceError, ToleranceError, OutputError: as ``parts.take_in``.
    """
    job = Job(config, True, latest_event(config), cohort=sampled, speakers=speakers)
    with _store(config, job, verb) as store, engines.opened_engine("local") as engine:
        yield take_in(store, engine)


@contextmanager
def _store(config: Config, job: Job, verb: str) -> Iterator[Store]:
    if sum(_text_bytes(config.data_path(one.path)) for one in config.sources.values()) <= SMALL_BYTES:
        memory = Memory()
        memory.keep_words("job", job.words() | {"digest": ""})
        try:
            yield memory
        finally:
            memory.clear()
        return
    folder = config.output_path()
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(
            Sentence(
                "{folder} cannot be written: {strerror}; set output_dir elsewhere",
                folder=folder,
                strerror=error.strerror,
            )
        ) from None
    with work_folder(claim(config, verb), job, None, None) as (work, _):
        yield work


def _text_bytes(path: Path) -> int:
    """About how large a source is as text."""
    files = list(path.glob("*.parquet")) if path.is_dir() else [path] if path.exists() else []
    return sum(file.stat().st_size * (1 if file.suffix.lower() in _TEXT else _PACKED) for file in files)
