"""A sample of whole leads to train on, where all of them are more than a machine holds."""

from dataclasses import replace
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl

from pipeline import engines, present
from pipeline.config import Config
from pipeline.errors import OutputError
from pipeline.ingest import latest_event
from pipeline.intake import Intake, TakenIn, bucket_tables, sum_up
from pipeline.quarantine import write_quarantine
from pipeline.validate import QUARANTINE_FILE, Validated, check_tolerance
from pipeline.work import SpanTask, Work


def read_sample(config: Config, most_leads: int) -> Validated:
    """Read and check every source; keep the rows of at most so many leads, drawn whole.

    Sources are read span by span, so what is not drawn is checked and counted, and never held.

    Args:
        config: the configuration.
        most_leads: from ``buckets.drawn_leads``.

    Raises:
        SourceError, ToleranceError, OutputError: as ``validate.read_tables``.
    """
    folder = config.output_path()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(prefix=".sample-", dir=folder) as name:
            return _read(config, Work(Path(name)), most_leads)
    except OSError as error:
        raise OutputError(f"{folder} cannot be written: {error.strerror}; set output_dir elsewhere") from None


def _read(config: Config, work: Work, most_leads: int) -> Validated:
    now = latest_event(config)
    intake = Intake(config, work, whole=True, outcome=True, now=now, most_leads=most_leads)
    intake.take_leads()
    tasks = intake.tasks()
    with engines.opened("local") as engine, present.counting("reading", len(tasks), "spans") as step:
        for _ in engine.each(partial(_take, intake), tasks):
            step(1)
    taken = sum_up(intake, tasks)
    path = config.output_path(QUARANTINE_FILE)
    write_quarantine(taken.validated.quarantine, path)
    check_tolerance(config, taken.validated, path)
    return _with_rows(work, taken)


def _take(intake: Intake, task: SpanTask) -> int:
    intake.take(task)
    return 1


def _with_rows(work: Work, taken: TakenIn) -> Validated:
    found = taken.validated
    parts = [bucket_tables(work, number, found.tables) for number in range(taken.buckets)]
    # As from whole sources: in their order, words as words, and an order that two buckets hold but once.
    tables = {
        table: pl.concat(part[table] for part in parts)
        .unique("row_number")
        .sort("row_number")
        .cast({pl.Categorical: pl.String, pl.Enum: pl.String})
        for table in found.tables
    }
    note = f"a sample of {tables['leads'].height:,} of {found.counts['leads'].rows_used:,} leads, each whole"
    return replace(found, tables=tables, notes=(*found.notes, note))
