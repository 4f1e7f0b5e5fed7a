"""The sources when they are in: checked and heard, their rows in buckets of whole leads.

Whatever reads rows reads them bucket by bucket; nobody holds a source whole.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

import polars as pl

from features.closes import UNUSED_SCHEMA
from pipeline.intake.dated_fields import HISTORY
from pipeline.intake.staged_tables import Tables
from pipeline.intake.unused_rows import UNUSED
from pipeline.intake.work_folder import Store
from pipeline.reading.validate import Validated

_T = TypeVar("_T")


@dataclass(frozen=True)
class TakenIn:
    """What a store holds when all sources are in.

    Attributes:
        store: where they are.
        validated: what was read, checked and heard; its tables are without rows.
        buckets: how many there are.
        latest: the latest instant at which a row of the label's source became known.
        told: names of the store's words that say what became of the rows that tell a close.
    """

    store: Store
    validated: Validated
    buckets: int
    latest: datetime | None
    told: tuple[str, ...] = ()

    @property
    def heads(self) -> Tables:
        """Each table without rows, with the columns that it has."""
        return self.validated.tables

    @property
    def order(self) -> pl.DataFrame:
        """``lead_id`` of each lead in the order of the lead list."""
        return self.store.find("homes/leads").select("lead_id")

    def tables(self, number: int) -> dict[str, pl.DataFrame]:
        """The tables of a bucket: all rows of its leads and of their customers, and no others'."""
        return bucket_tables(self.store, number, self.heads)

    def each(self, work: Callable[[Tables], _T]) -> Iterator[_T]:
        """Run a pure function on each bucket in turn."""
        for number in range(self.buckets):
            yield work(self.tables(number))


def head(store: Store, kind: str, table: str) -> pl.DataFrame:
    """A table without rows, as the spans with good rows have it."""
    heads = [store.find(name) for name in store.names(kind) if name.startswith(f"{kind}/{table}-")]
    return max(heads, key=lambda head: head.width)


def bucket_tables(store: Store, number: int, heads: Mapping[str, pl.DataFrame]) -> dict[str, pl.DataFrame]:
    """The tables of a bucket, without the rows that share their key with another.

    Beside them, as ``UNUSED``, which of its leads an unused row of the label's source may have closed, and as
    ``HISTORY`` since when facts tell changes.

    Args:
        store: where the sources are.
        number: of the bucket.
        heads: each table without rows: what a bucket that has none of them gets.
    """
    names = store.names("rows")
    tables = {}
    for table, head in heads.items():
        mine = [name for name in names if name.startswith(f"rows/{table}-")]
        frame = store.find_parts(mine, number) if mine else head
        repeated = store.find(f"repeated/{table}")["row_number"]
        tables[table] = frame if repeated.is_empty() else frame.filter(~_in(repeated))
    unused = [name for name in names if name.startswith(f"rows/{UNUSED}-")]
    tables[UNUSED] = store.find_parts(unused, number) if unused else pl.DataFrame(schema=UNUSED_SCHEMA)
    if store.has(HISTORY):
        tables[HISTORY] = store.find(HISTORY)
    return tables


def _in(numbers: pl.Series) -> pl.Expr:
    return pl.col("row_number").is_in(numbers.implode())
