"""The road from files to rows, for tests: canonical tables as if taken in, and the reverse."""

from collections.abc import Mapping
from contextlib import contextmanager
from dataclasses import replace

import polars as pl

from pipeline.intake import buckets
from pipeline.intake.buckets import Homes
from pipeline.intake.memory import Memory
from pipeline.intake.outcomes import latest_known
from pipeline.intake.taken_in import TakenIn
from pipeline.jobs import engines
from pipeline.jobs.parts import take_in
from pipeline.jobs.request import Job
from pipeline.matrix import dataset
from pipeline.reading.ingest import latest_event
from pipeline.reading.quarantine import no_bad_rows
from pipeline.reading.validate import Validated


@contextmanager
def taken_from_files(config, *, outcome=True, whole=True, now=None):
    """A configuration's sources, taken in to memory."""
    job = Job(config, whole, now or latest_event(config), cohort=outcome)
    memory = Memory()
    memory.keep_words("job", job.words() | {"digest": ""})
    with engines.opened_engine("local") as engine:
        yield take_in(memory, engine)


def read_tables(config, **options):
    """What was read and checked, with whole tables in the order of their files, words as words."""
    with taken_from_files(config, **options) as taken:
        return replace(taken.validated, tables=tables_of(taken))


def tables_of(taken):
    """The buckets put together; an order that two of them hold but once."""
    parts = list(taken.each(dict))
    return {
        table: pl.concat(part[table] for part in parts)
        .unique("row_number")
        .sort("row_number")
        .cast({pl.Categorical: pl.String, pl.Enum: pl.String})
        for table in taken.heads
    }


def split_tables(tables, n_buckets):
    """Canonical tables bucket by bucket."""
    store = _in_memory(tables, n_buckets)
    return [_bucket(store, tables, number) for number in range(n_buckets)]


def taken_from(config, tables: Mapping[str, pl.DataFrame]):
    """Canonical tables as if they had been taken in."""
    store = _in_memory(tables, buckets.bucket_count(tables["leads"].height))
    heads = {name: frame.head(0) for name, frame in tables.items()}
    latest = None if config.flat else latest_known(config, tables)
    number = buckets.bucket_count(tables["leads"].height)
    return TakenIn(store, Validated(heads, no_bad_rows(), {}, ()), number, latest)


def training_rows(config, tables):
    """The rows to train on of canonical tables."""
    return dataset.training_rows(config, taken_from(config, tables))


def scoring_rows(config, tables, as_of):
    """The rows of a list of canonical tables."""
    return dataset.scoring_rows(config, taken_from(config, tables), as_of)


def _in_memory(tables, n_buckets):
    store, homes = Memory(), Homes.of(tables["leads"], n_buckets)
    store.keep("homes/leads", homes.leads)
    for name, frame in tables.items():
        store.keep_parts(f"rows/{name}-00000", *homes.sort(name, frame))
        store.keep(f"repeated/{name}", pl.DataFrame(schema={"row_number": pl.Int64}))
    return store


def _bucket(store, tables, number):
    return {name: store.find_parts([f"rows/{name}-00000"], number) for name in tables}
