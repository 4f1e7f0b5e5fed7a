"""From graded buckets to one list: in the order of the list that was read, each lead with its rank."""

from collections.abc import Iterator

import pandas as pd
import polars as pl

from pipeline.intake.work_folder import Work
from pipeline.matrix.outside import OUTSIDE
from pipeline.reading.quarantine import SCHEMA
from pipeline.reading.validate import Validated

# Rows that are put together at a time.
ROWS_PER_WRITE = 250_000

# The lead's place in the list that was read, by which buckets are put together again.
PLACE = "row_number"

_RANK = "rank"

# By what leads are ranked, and whether more comes first.
_ORDER = {"grade": False, OUTSIDE: False, "score": True, PLACE: False}


def bucket_by_bucket(work: Work, kind: str) -> Iterator[pd.DataFrame]:
    """A table of all buckets, one after the other."""
    for name in work.names(kind):
        yield work.find(name).to_pandas()


def with_rank(leads: pl.DataFrame) -> pl.DataFrame:
    """Leads by rank, from 1: by grade, then score, then place.

    Of a grade, those outside of what the scorer learned from come last.

    >>> listed = {"grade": ["B", "A"], "score": [0.3, 0.2], "row_number": [1, 2]}
    >>> with_rank(pl.DataFrame(listed))["grade"].to_list()
    ['A', 'B']
    """
    order = {name: down for name, down in _ORDER.items() if name in leads.columns}
    ranked = leads.sort(list(order), descending=list(order.values()))
    return ranked.with_row_index(_RANK, 1).cast({_RANK: pl.Int64})


class Merged:
    """The buckets' answers put together.

    Attributes:
        rows: how many leads were graded.
        without_history: how many of them on their attributes alone.
        outside: how many of them are outside of what the scorer learned from.
    """

    def __init__(self, work: Work) -> None:
        self._work = work
        self._names = work.names("leads")
        self._schema = pl.concat(
            [work.scan(name).head(0).collect() for name in self._names], how="vertical_relaxed"
        ).schema
        self._ranks = self._ranked()
        self.rows = self._ranks.height
        self.without_history = self._count("has_history", told=False)
        self.outside = self._count(OUTSIDE, told=True)

    def slices(self) -> Iterator[pd.DataFrame]:
        """The graded list in the order of the list that was read, some rows at a time."""
        for rows in self._ranks.iter_slices(ROWS_PER_WRITE):
            yield self._of(rows)
        if not self.rows:
            yield self._of(self._ranks)

    def best(self, n: int) -> pd.DataFrame:
        """The first leads by rank."""
        return self._of(self._ranks.sort(_RANK).head(n)).sort_values(_RANK, ignore_index=True)

    def by_rank(self) -> pd.DataFrame:
        """The whole list by rank, each lead with its place in the list that was read."""
        rows = self._ranks.sort(_RANK)
        parts = pl.concat([self._work.find(name).cast(self._schema) for name in self._names])
        return rows.join(parts, on=PLACE, how="left", maintain_order="left").to_pandas()

    def quarantine(self, validated: Validated) -> pd.DataFrame:
        """Every row without a grade: of any source if it could not be used, of the lead list if not open."""
        left = pl.concat([self._work.find(name) for name in self._work.names("left_out")])
        told = left.sort(PLACE).select(
            source=pl.lit("leads"),
            row_number=pl.col(PLACE).cast(pl.Int64),
            column=pl.lit("lead_id"),
            value=pl.lit(""),
            reason=pl.col("reason").cast(pl.String),
        )
        return pl.concat([validated.quarantine.select(*SCHEMA), told.select(*SCHEMA)]).to_pandas()

    def _ranked(self) -> pl.DataFrame:
        """Place and rank of each lead, in the order of the list."""
        told = [name for name in _ORDER if name in self._schema]
        rows = pl.concat([self._work.scan(name).select(told).collect() for name in self._names])
        return with_rank(rows).select(_RANK, PLACE).sort(PLACE)

    def _of(self, rows: pl.DataFrame) -> pd.DataFrame:
        first, last = (rows[PLACE].min(), rows[PLACE].max()) if len(rows) else (0, -1)
        parts = [
            self._work.find(name).filter(pl.col(PLACE).is_between(first, last)).cast(self._schema)
            for name in self._names
        ]
        joined = rows.join(pl.concat(parts), on=PLACE, how="left", maintain_order="left")
        return joined.drop(PLACE).to_pandas()

    def _count(self, column: str, *, told: bool) -> int:
        """How many leads have such a mark; none on a list without it."""
        if column not in self._schema:
            return 0
        marked = (pl.col(column) == told).sum()
        return sum(int(self._work.scan(name).select(marked).collect().item()) for name in self._names)
