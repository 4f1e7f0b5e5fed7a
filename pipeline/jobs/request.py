"""What is asked of a list, and the work folder in which it is done.

The same question finds its folder again and goes on in it; another one starts anew.
"""

import hashlib
import json
import re
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from filelock import FileLock, Timeout

from pipeline import terminal
from pipeline.config.config import Config
from pipeline.errors import LeadgradeError, OutputError
from pipeline.files.file_stamps import file_stamps
from pipeline.intake.work_folder import Work
from pipeline.jobs.full_disk import disk_told
from pipeline.language.sentence import Sentence
from pipeline.targets import Target, work_path

if TYPE_CHECKING:
    from models.scorer import LeadScorer

_LOCK, _JOB = ".lock", "job"

# What there is before a job file.
_BEGINNING = r"\.lock|\.\d+\.job\.json"

# Work folders of another version are not gone on with.
JOB_FORMAT = 6


@dataclass(frozen=True)
class Job:
    """What is asked of a list.

    Attributes:
        config: the configuration; its leads are the list.
        whole: whether that is the whole list.
        now: nothing that is known is later.
        reasons: how many reasons each way.
        explain: whether rule grades are explained and reasons listed.
        version: of the scorer in the registry, if it has one.
        columns: of a matrix that is asked for: its features; all that there are when left out.
        cohort: whether the matrix has the rows that are trained on, with labels, or those of one instant.
        needed: attributes of the lead list that must be there, since something reads them; all when left out.
        speakers: the sides of labels in transcripts as the scorer knows them; told by the log when left out.
        at_work: whether what a salesperson's list shows beside the grades is told.
    """

    config: Config
    whole: bool
    now: datetime
    reasons: int = 3
    explain: bool = False
    version: str | None = None
    columns: tuple[str, ...] | None = None
    cohort: bool = False
    needed: tuple[str, ...] | None = None
    speakers: Mapping[str, str] | None = None
    at_work: bool = False

    def words(self) -> dict[str, Any]:
        """The job as JSON knows it."""
        return {
            # What was given and no default: to have given a key, and to have left it out, may be told apart.
            "config": self.config.model_dump(mode="json", exclude_unset=True),
            "path": str(self.config.path.absolute()),
            "whole": self.whole,
            "now": self.now.isoformat(),
            "reasons": self.reasons,
            "explain": self.explain,
            "version": self.version,
            "columns": self.columns,
            "cohort": self.cohort,
            "needed": self.needed,
            "speakers": None if self.speakers is None else dict(self.speakers),
            "at_work": self.at_work,
        }

    @classmethod
    def from_words(cls, words: dict[str, Any]) -> Self:
        """Read ``words`` back."""
        config = Config.model_validate_json(json.dumps(words["config"]))
        return cls(
            config.model_copy(update={"path": Path(words["path"])}),
            words["whole"],
            datetime.fromisoformat(words["now"]),
            words["reasons"],
            words["explain"],
            words["version"],
            None if words["columns"] is None else tuple(words["columns"]),
            words["cohort"],
            None if words["needed"] is None else tuple(words["needed"]),
            words["speakers"],
            words["at_work"],
        )

    def digest(self, scorer: "LeadScorer | None", as_of: datetime | None) -> str:
        """What tells this question from another: everything but the moment at which it is asked."""
        asked = self.words() | {
            "config": self.config.model_dump(mode="json"),
            "now": None,
            "as_of": as_of and as_of.isoformat(),
            "format": JOB_FORMAT,
        }
        files = [file_stamps(self.config.data_path(one.path)) for one in self.config.sources.values()]
        by = scorer.fingerprint if scorer else "matrix"
        # Unsorted: attributes in another order are columns in another order.
        text = json.dumps([asked, files, _named_files(self.config), by])
        return hashlib.sha256(text.encode()).hexdigest()


def _named_files(config: Config) -> list[list[str]]:
    """What the files say that a configuration names beside its sources: rule schemes, and a recogniser."""
    named = (
        *(name for name in config.schemes if name.endswith((".yaml", ".yml"))),
        config.intents.recogniser,
    )
    return [_contents(config.path.parent / name) for name in named]


def _contents(path: Path) -> list[str]:
    files = sorted(path.iterdir()) if path.is_dir() else [path]
    return [hashlib.sha256(file.read_bytes()).hexdigest() for file in files if file.is_file()]


@contextmanager
def work_folder(
    out: Target, job: Job, scorer: "LeadScorer | None", as_of: datetime | None
) -> Iterator[tuple[Work, Job]]:
    """The work folder beside an output, with the job as it was begun.

    It goes when the job is done, or cannot be done; it stays when the job is interrupted.

    Raises:
        OutputError: another process does a job for the same output, the folder cannot be written, or it is
            somebody else's.
    """
    folder = work_path(out)
    try:
        folder.mkdir(exist_ok=True)
    except OSError as error:
        raise OutputError(
            Sentence(
                "{folder} cannot be made ({strerror}): write elsewhere",
                folder=folder,
                strerror=error.strerror,
            )
        ) from None
    _check_ours(folder)
    lock = FileLock(folder / _LOCK)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        raise OutputError(
            Sentence("another leadgrade is writing {out}: wait for it, or write elsewhere", out=out)
        ) from None
    try:
        with disk_told(folder):
            yield Work(folder), _begun(Work(folder), job, scorer, as_of)
    except LeadgradeError:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    else:
        shutil.rmtree(folder, ignore_errors=True)
    finally:
        lock.release()


def _check_ours(folder: Path) -> None:
    """Refuse a folder that no job of ours was begun in: what is in it would be lost.

    Raises:
        OutputError: it is a link, or holds something and no job file.
    """
    if folder.is_symlink():
        raise OutputError(
            Sentence("{folder} is a link, and work is done in a folder of its own: remove it", folder=folder)
        )
    # A job that is just being begun has not yet more than its lock and the part of its job file.
    begun = {path.name for path in folder.iterdir() if not re.fullmatch(_BEGINNING, path.name)}
    if begun and not _has_job(folder):
        raise OutputError(
            Sentence(
                "{folder} is no work folder of leadgrade: move it away, or write elsewhere", folder=folder
            )
        )


def _has_job(folder: Path) -> bool:
    try:
        return "digest" in Work(folder).find_words(_JOB)
    except (OSError, ValueError, TypeError):
        return False


def _begun(work: Work, job: Job, scorer: "LeadScorer | None", as_of: datetime | None) -> Job:
    digest = job.digest(scorer, as_of)
    if work.has_words(_JOB):
        words = work.find_words(_JOB)
        if words.pop("digest", None) == digest:
            terminal.note(Sentence("going on with what an interrupted run has done"))
            return Job.from_words(words)
    # First of all, and to the last, the job file says whose folder it is; this one is not gone on with.
    work.keep_words(_JOB, {"digest": None})
    for old in work.folder.iterdir():
        if old.is_dir() and not old.is_symlink():
            shutil.rmtree(old)
        elif old.name not in (_LOCK, f"{_JOB}.json"):
            old.unlink()
    if scorer is not None:
        scorer.save(work.scorer)
    work.keep_words(_JOB, job.words() | {"digest": digest})
    return job
