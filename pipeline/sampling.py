"""A sample of whole leads to train on, where all of them are more than a machine holds."""

from dataclasses import replace

import polars as pl

from pipeline import engines
from pipeline.batch import take_in
from pipeline.config import Config
from pipeline.errors import OutputError
from pipeline.ingest import latest_event
from pipeline.job import Job, work_folder
from pipeline.taken import TakenIn, bucket_tables
from pipeline.validate import Validated
from pipeline.work import Work

_NAME = "sample"


def read_sample(config: Config) -> Validated:
    """Read and check every source; keep the rows of at most ``cohort.sample_leads`` leads, drawn whole.

    Sources are taken in span by span, as a list that is scored, so what is not drawn is checked and
    counted, and never held.

    Raises:
        SourceError, ToleranceError, OutputError: as ``validate.read_tables``.
    """
    folder = config.output_path()
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(f"{folder} cannot be written: {error.strerror}; set output_dir elsewhere") from None
    # The job of a cohort's matrix, of which only the rows of the sources are wanted; on this machine.
    job = Job(config, True, latest_event(config), cohort=True)
    with work_folder(folder / _NAME, job, None, None) as (work, _), engines.opened("local") as engine:
        taken = take_in(work, engine)
        return _with_rows(work, taken)


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
    return replace(found, tables=tables)
