"""Splitting leads into buckets: scale is the number of buckets.

Every feature is about one lead and its customer, so a bucket that holds all rows of its leads, from
every table, can be worked on alone. Leads of one customer share a bucket.
"""

import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Self

import polars as pl

from features.keys import Keys
from features.staging import orders_with_owner, with_owner

# A bucket of this size keeps a machine's memory flat and each step's overhead small.
LEADS_PER_BUCKET = 50_000

_BUCKET = "__bucket"
_ROW = "__row"


def bucket_count(n_leads: int) -> int:
    """How many buckets a list of leads is split into.

    Example:
        >>> bucket_count(120_000)
        3
    """
    return max(1, -(-n_leads // LEADS_PER_BUCKET))


@dataclass(frozen=True)
class Homes:
    """Which bucket each lead and each customer of a list lives in.

    Attributes:
        leads: ``lead_id``, ``owner_id`` and the number of the lead's bucket.
        owners: ``owner_id`` and the number of its bucket, each once.
        count: how many buckets there are.
    """

    leads: pl.DataFrame
    owners: pl.DataFrame
    count: int

    @classmethod
    def of(cls, leads: pl.DataFrame, count: int) -> Self:
        """Number leads by a hash of their owner that no version or machine changes."""
        owned = with_owner(leads).select("lead_id", "owner_id")
        owners = owned.select("owner_id").unique(maintain_order=True)
        hashes = [zlib.crc32(owner.encode()) % count for owner in owners["owner_id"]]
        numbered = owners.with_columns(pl.Series(_BUCKET, hashes, pl.Int64))
        by_lead = owned.join(numbered, on="owner_id", maintain_order="left")
        return cls(by_lead, numbered, count)

    def split(self, table: str, frame: pl.DataFrame) -> list[pl.DataFrame]:
        """The rows of each bucket, in their order.

        An order that names a lead and a customer of another bucket is in both: it closes the one and is
        history of the other. A row of nobody on the list is in none: nobody asks about it.
        """
        if self.count == 1 and table == "leads":
            return [frame]
        numbered = self._numbered_orders(frame) if table == "orders" else self._numbered(frame)
        parts = numbered.partition_by(_BUCKET, as_dict=True, include_key=False)
        return [parts.get((number,), frame.head(0)).select(frame.columns) for number in range(self.count)]

    @cached_property
    def _keys(self) -> Keys:
        return Keys(self.leads["lead_id"])

    def _numbered(self, frame: pl.DataFrame) -> pl.DataFrame:
        places = self._keys.places(frame["lead_id"])
        numbered = frame.with_columns(self.leads[_BUCKET].gather(places))
        return numbered.drop_nulls(_BUCKET) if places.has_nulls() else numbered

    def _numbered_orders(self, orders: pl.DataFrame) -> pl.DataFrame:
        indexed = orders_with_owner(orders, self.leads).with_row_index(_ROW)
        asked = [indexed.join(self.owners, on="owner_id").select(_ROW, _BUCKET)]
        if "lead_id" in orders.columns:
            numbers = self.leads.select("lead_id", _BUCKET)
            asked.append(indexed.join(numbers, on="lead_id").select(_ROW, _BUCKET))
        return pl.concat(asked).unique().sort(_ROW, _BUCKET).join(indexed, on=_ROW, maintain_order="left")


def split_tables(tables: Mapping[str, pl.DataFrame], n_buckets: int) -> list[dict[str, pl.DataFrame]]:
    """Split canonical tables: one set of tables per bucket, all rows of its leads and their customers."""
    homes = Homes.of(tables["leads"], n_buckets)
    split = {name: homes.split(name, frame) for name, frame in tables.items()}
    return [{name: parts[number] for name, parts in split.items()} for number in range(n_buckets)]


def in_turn(
    tables: Mapping[str, pl.DataFrame],
    n_buckets: int,
    work: Callable[[Mapping[str, pl.DataFrame]], pl.DataFrame],
) -> pl.DataFrame:
    """Run one pure function on each bucket in turn and put the results under one another."""
    return pl.concat([work(part) for part in split_tables(tables, n_buckets)], how="diagonal")
