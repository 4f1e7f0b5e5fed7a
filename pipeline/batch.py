"""A list of leads is graded part by part in a work folder: the sources are taken in, then come the buckets.

The same command goes on where an interrupted one stopped; another question starts anew.
"""

import hashlib
import json
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property, lru_cache, partial
from pathlib import Path
from typing import Any, Self

import polars as pl
from filelock import FileLock, Timeout

from models.scorer import LeadScorer
from pipeline import present
from pipeline.config import Config
from pipeline.dataset import Asked, training_bucket
from pipeline.engines import Engine
from pipeline.errors import LeadgradeError, OutputError
from pipeline.intake import Intake, TakenIn, bucket_tables, head, sum_up
from pipeline.output import to_arrow
from pipeline.scheme_checks import checked_schemes
from pipeline.score import Grader
from pipeline.staged import Tables
from pipeline.work import SpanTask, Work

_LOCK = ".lock"

# Work folders of another version are not gone on with.
VERSION = 1


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
    """

    config: Config
    whole: bool
    now: datetime
    reasons: int = 3
    explain: bool = False
    version: str | None = None
    columns: tuple[str, ...] | None = None
    cohort: bool = False

    def words(self) -> dict[str, Any]:
        """The job as JSON knows it."""
        return {
            "config": self.config.model_dump(mode="json"),
            "path": str(self.config.path.absolute()),
            "whole": self.whole,
            "now": self.now.isoformat(),
            "reasons": self.reasons,
            "explain": self.explain,
            "version": self.version,
            "columns": self.columns,
            "cohort": self.cohort,
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
        )

    def digest(self, scorer: LeadScorer | None, as_of: datetime | None) -> str:
        """What tells this question from another: everything but the moment at which it is asked."""
        asked = self.words() | {"now": None, "as_of": as_of and as_of.isoformat(), "format": VERSION}
        files = [_stamp(self.config.data_path(one.path)) for one in self.config.sources.values()]
        by = scorer.fingerprint if scorer else "matrix"
        text = json.dumps([asked, files, by], sort_keys=True, default=str)
        return hashlib.sha256(text.encode()).hexdigest()


def _stamp(path: Path) -> list[tuple[str, int, int]]:
    """Name, size and time of a source's files: another export differs in them."""
    files = sorted(path.glob("*.parquet")) if path.is_dir() else [path] if path.exists() else []
    return [(str(file.absolute()), file.stat().st_size, file.stat().st_mtime_ns) for file in files]


@contextmanager
def work_folder(
    out: Path, job: Job, scorer: LeadScorer | None, as_of: datetime | None
) -> Iterator[tuple[Work, Job]]:
    """The work folder beside an output, with the job as it was begun.

    It goes when the job is done, or cannot be done; it stays when the job is interrupted.

    Raises:
        OutputError: another process does a job for the same output, or the folder cannot be written.
    """
    folder = out.with_name(f".{out.name}.work")
    try:
        folder.mkdir(exist_ok=True)
    except OSError as error:
        raise OutputError(f"{folder} cannot be made ({error.strerror}): choose another --out") from None
    lock = FileLock(folder / _LOCK)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        raise OutputError(
            f"another leadgrade is writing {out}: wait for it, or choose another --out"
        ) from None
    try:
        yield Work(folder), _begun(Work(folder), job, scorer, as_of)
    except LeadgradeError:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    else:
        shutil.rmtree(folder, ignore_errors=True)
    finally:
        lock.release()


def _begun(work: Work, job: Job, scorer: LeadScorer | None, as_of: datetime | None) -> Job:
    digest = job.digest(scorer, as_of)
    if work.has_words("job"):
        words = work.find_words("job")
        if words.pop("digest", None) == digest:
            present.note("going on with what an interrupted run has done")
            return Job.from_words(words)
    for old in work.folder.iterdir():
        if old.is_dir():
            shutil.rmtree(old)
        elif old.name != _LOCK:
            old.unlink()
    if scorer is not None:
        scorer.save(work.scorer)
    work.keep_words("job", job.words() | {"digest": digest})
    return job


def take_in(work: Work, job: Job, engine: Engine) -> TakenIn:
    """Take the sources into the work folder."""
    intake = _intake(work, job)
    if not work.has_words("taken/leads-00000"):
        intake.take_leads()
    tasks = intake.tasks()
    with present.counting("reading", len(tasks), "spans") as step:
        for _ in engine.each(partial(_take, *_key(work)), tasks):
            step(1)
    return sum_up(intake, tasks)


def grade_buckets(work: Work, taken: TakenIn, engine: Engine) -> None:
    """Grade bucket by bucket what is not graded yet; the work folder holds the answers."""
    with present.counting("scoring", taken.validated.counts["leads"].rows_used, "leads") as step:
        for leads in engine.each(partial(_grade, *_key(work)), range(taken.buckets)):
            step(leads)


def build_buckets(work: Work, taken: TakenIn, engine: Engine) -> int:
    """Build the matrix bucket by bucket as ``matrix`` of the work folder; says how many rows it has."""
    with present.counting("building", taken.validated.counts["leads"].rows_used, "leads") as step:
        for leads in engine.each(partial(_build, *_key(work)), range(taken.buckets)):
            step(leads)
    return sum(int(work.scan(name).select(pl.len()).collect().item()) for name in work.names("matrix"))


def _key(work: Work) -> tuple[str, str]:
    """What a worker needs to know: the folder, and which job's folder it was when it was told."""
    return str(work.folder), str(work.find_words("job")["digest"])


def _take(folder: str, digest: str, task: SpanTask) -> int:
    _Worker.of(folder, digest).intake.take(task)
    return 1


def _grade(folder: str, digest: str, number: int) -> int:
    worker, part = _Worker.of(folder, digest), f"{number:05d}"
    done = f"parts/done-{part}"
    if not worker.work.has_words(done):
        tables = bucket_tables(worker.work, number, worker.heads)
        graded = worker.grader.grade(tables)
        for kind, frame in graded.tables.items():
            worker.work.keep(f"{kind}/{part}", pl.DataFrame(to_arrow(frame)))
        worker.work.keep_words(done, {"leads": tables["leads"].height})
    return int(worker.work.find_words(done)["leads"])


def _build(folder: str, digest: str, number: int) -> int:
    worker, part = _Worker.of(folder, digest), f"{number:05d}"
    done = f"parts/done-{part}"
    if not worker.work.has_words(done):
        tables = bucket_tables(worker.work, number, worker.heads)
        worker.work.keep(f"matrix/{part}", worker.matrix(tables))
        worker.work.keep_words(done, {"leads": tables["leads"].height})
    return int(worker.work.find_words(done)["leads"])


def _intake(work: Work, job: Job) -> Intake:
    return Intake(job.config, work, job.whole, outcome=job.cohort, now=job.now)


@dataclass(frozen=True)
class _Worker:
    """What a process that does parts keeps from one to the next."""

    work: Work
    job: Job

    @classmethod
    @lru_cache(maxsize=1)
    def of(cls, folder: str, digest: str) -> Self:
        del digest  # another job in the same folder is another worker
        work = Work(Path(folder))
        return cls(work, Job.from_words(work.find_words("job")))

    @cached_property
    def intake(self) -> Intake:
        return _intake(self.work, self.job)

    @cached_property
    def heads(self) -> dict[str, pl.DataFrame]:
        return {table: head(self.work, "heads", table) for table in self.job.config.sources}

    @cached_property
    def grader(self) -> Grader:
        return grader(self.work, self.job, self.heads)

    @cached_property
    def as_of(self) -> datetime:
        return datetime.fromisoformat(self.work.find_words("asked")["as_of"])

    @cached_property
    def asked(self) -> Asked:
        asked = Asked.of(self.job.config, self.heads, self.as_of)
        if self.job.columns is None:
            return asked
        wanted = tuple(one for one in asked.features if one.name in self.job.columns)
        return replace(asked, features=wanted, best=())

    def matrix(self, tables: Tables) -> pl.DataFrame:
        if self.job.cohort:
            return training_bucket(tables, self.job.config, self.asked.features, self.as_of)
        return self.asked.rows(tables)


def grader(work: Work, job: Job, heads: Mapping[str, pl.DataFrame]) -> Grader:
    """What grades the buckets of a work folder."""
    as_of = datetime.fromisoformat(work.find_words("asked")["as_of"])
    asked = Asked.of(job.config, heads, as_of)
    scorer = LeadScorer.load(work.scorer)
    return Grader(asked, scorer, checked_schemes(job.config), job.reasons, job.explain, job.version)
