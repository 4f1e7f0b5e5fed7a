"""What is asked is worked on part by part in a store: the sources are taken in, then come the buckets."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property, lru_cache, partial
from typing import TYPE_CHECKING, Self, cast

import polars as pl

from pipeline import terminal
from pipeline.config.undated import has_final_outcome, turned_to_final_outcome
from pipeline.intake.span_intake import Intake
from pipeline.intake.spans_together import sum_up
from pipeline.intake.staged_tables import Tables
from pipeline.intake.taken_in import TakenIn, bucket_tables, head
from pipeline.intake.work_folder import SpanTask, Store, Work
from pipeline.jobs.engines import Engine
from pipeline.jobs.request import Job
from pipeline.language.sentence import Sentence, Word
from pipeline.matrix.dataset import ListRows, training_bucket
from pipeline.output import to_arrow
from pipeline.reading.column_names import check_column_names
from pipeline.reading.quarantine import write_quarantine
from pipeline.reading.validate import check_told, check_tolerance
from pipeline.targets import QUARANTINE, claim

if TYPE_CHECKING:
    from pipeline.scoring.grader import Grader


def take_in(work: Store, engine: Engine) -> TakenIn:
    """Take the sources into a store that knows its job; write the quarantine file.

    Raises:
        SourceError: a file cannot be read.
        ToleranceError: a source has more bad rows than its tolerance allows, or the calls more transcripts
            whose sides cannot be told.
        OutputError: the quarantine file cannot be written.
    """
    intake = _Worker.of(*_key(work)).intake
    check_column_names(intake.config, intake.config.sources, outcome=intake.outcome)
    if not work.has_words("taken/leads-00000"):
        intake.take_leads()
    tasks = intake.tasks()
    with terminal.counting(Sentence("reading"), len(tasks), Sentence("spans")) as step:
        for _ in engine.each(partial(_take, *_key(work)), tasks):
            step(1)
    if again := intake.heard_otherwise(tasks):
        with terminal.counting(Sentence("reading again"), len(again), Sentence("spans")) as step:
            for _ in engine.each(partial(_take_again, *_key(work)), again):
                step(1)
    taken = sum_up(intake, tasks)
    path = claim(intake.config, QUARANTINE)
    write_quarantine(taken.validated.quarantine, path, escape=intake.config.escape_cells)
    check_tolerance(intake.config, taken.validated, path)
    check_told(intake.config, taken.validated)
    return taken


def check_sources_fit(work: Work) -> None:
    """Refuse sources that are not what the scorer was trained with, before any bucket is graded.

    Raises:
        ScoringError: says what does not fit.
    """
    worker = _Worker.of(*_key(work))
    worker.grader.check(worker.heads)


def grade_buckets(work: Work, taken: TakenIn, engine: Engine) -> None:
    """Grade bucket by bucket what is not graded yet; the work folder holds the answers."""
    with terminal.counting(
        Sentence("scoring"), taken.validated.counts["leads"].rows_used, Word("leads")
    ) as step:
        for leads in engine.each(partial(_grade, *_key(work)), range(taken.buckets)):
            step(leads)


def build_buckets(work: Work, taken: TakenIn, engine: Engine) -> int:
    """Build the matrix bucket by bucket as ``matrix`` of the work folder; says how many rows it has."""
    with terminal.counting(
        Sentence("building"), taken.validated.counts["leads"].rows_used, Word("leads")
    ) as step:
        for leads in engine.each(partial(_build, *_key(work)), range(taken.buckets)):
            step(leads)
    return sum(int(work.scan(name).select(pl.len()).collect().item()) for name in work.names("matrix"))


def _key(work: Store) -> tuple[Store, str]:
    """What a worker needs to know: the store, and which job's store it was when it was told.

    The same question may be asked again later, of which the digest says nothing.
    """
    job = work.find_words("job")
    return work, f"{job['digest']} {job['now']}"


def _take(work: Store, asked: str, task: SpanTask) -> int:
    _Worker.of(work, asked).intake.take(task)
    return 1


def _take_again(work: Store, asked: str, task: SpanTask) -> int:
    _Worker.of(work, asked).intake.take_again(task)
    return 1


def _grade(work: Store, asked: str, number: int) -> int:
    worker = _Worker.of(work, asked)

    def graded(tables: Tables) -> dict[str, pl.DataFrame]:
        found = worker.grader.grade(tables).tables
        return {kind: pl.DataFrame(to_arrow(frame)) for kind, frame in found.items()}

    return _once(worker, number, graded)


def _build(work: Store, asked: str, number: int) -> int:
    worker = _Worker.of(work, asked)
    return _once(worker, number, lambda tables: {"matrix": worker.matrix(tables)})


def _once(worker: "_Worker", number: int, make: Callable[[Tables], dict[str, pl.DataFrame]]) -> int:
    """Do a bucket, if that is not done yet; says how many leads it has."""
    part = f"{number:05d}"
    if not worker.work.has_words(f"parts/{part}"):
        tables = bucket_tables(worker.work, number, worker.heads)
        for kind, frame in make(tables).items():
            worker.work.keep(f"{kind}/{part}", frame)
        worker.work.keep_words(f"parts/{part}", {"leads": tables["leads"].height})
    return int(worker.work.find_words(f"parts/{part}")["leads"])


@dataclass(frozen=True)
class _Worker:
    """What a process that does parts keeps from one to the next."""

    work: Store
    job: Job

    @classmethod
    @lru_cache(maxsize=1)
    def of(cls, work: Store, asked: str) -> Self:
        del asked  # another job in the same folder is another worker
        return cls(work, Job.from_words(work.find_words("job")))

    @cached_property
    def intake(self) -> Intake:
        job = self.job
        most_leads = job.config.cohort.sample_leads if job.cohort else None
        return Intake(
            job.config, self.work, job.whole, job.cohort, job.now, most_leads, job.needed, job.speakers
        )

    @cached_property
    def heads(self) -> dict[str, pl.DataFrame]:
        return {table: head(self.work, "heads", table) for table in self.job.config.sources}

    @cached_property
    def grader(self) -> "Grader":
        # What reads rows only, or builds a matrix, needs no models: they take long to load, and room.
        from models.scorer import LeadScorer  # noqa: PLC0415
        from pipeline.schemes.scheme_checks import checked_schemes  # noqa: PLC0415
        from pipeline.scoring.grader import Grader, learned_limits  # noqa: PLC0415

        schemes = checked_schemes(self.job.config)
        scorer = LeadScorer.load(cast(Work, self.work).scorer)  # what grades lies in a folder
        asked = replace(self.asked, limits=learned_limits(self.job.config, scorer))
        job = self.job
        return Grader(asked, scorer, schemes, job.reasons, job.explain, job.version, job.at_work)

    @cached_property
    def as_of(self) -> datetime:
        return datetime.fromisoformat(self.work.find_words("asked")["as_of"])

    @cached_property
    def asked(self) -> ListRows:
        asked = ListRows.of(self.job.config, self.heads, self.as_of)
        if self.job.columns is None:
            return asked
        wanted = tuple(one for one in asked.features if one.name in self.job.columns)
        return replace(asked, features=wanted, best=())

    def matrix(self, tables: Tables) -> pl.DataFrame:
        if self.job.cohort:
            config = self.job.config
            if self.work.find_words("asked")["final"] and not has_final_outcome(config):
                config, _ = turned_to_final_outcome(config)
            return training_bucket(tables, config, self.asked.features, self.as_of)
        return self.asked.rows(tables)
