"""Splitting leads into buckets: scale is the number of buckets.

Every feature is about one lead and its customer, so a bucket that holds all rows of its leads, from
every table, can be worked on alone. Leads of one customer share a bucket.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Self
from zlib import crc32

import numpy as np
import polars as pl

from features.keys import Keys
from features.staging.staging import orders_with_owner, with_owner

# A bucket of this size keeps a machine's memory flat and each step's overhead small.
LEADS_PER_BUCKET = 25_000

_BUCKET = "__bucket"
_ROW = "__row"


def bucket_count(n_leads: int) -> int:
    """How many buckets a list of leads is split into.

    Example:
        >>> bucket_count(60_000)
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
        """Number leads by a hash of their owner."""
        bucket = (pl.col("owner_id").hash(seed=0) % count).cast(pl.Int64).alias(_BUCKET)
        by_lead = with_owner(leads).select("lead_id", "owner_id", bucket)
        return cls(by_lead, by_lead.select("owner_id", _BUCKET).unique("owner_id"), count)

    def sort(self, table: str, frame: pl.DataFrame) -> tuple[pl.DataFrame, list[int]]:
        """The rows bucket by bucket, in their order, and how many there are in each.

        An order that names a lead and a customer of another bucket is in both: it closes the one and is
        history of the other. A row of nobody on the list is in none: nobody asks about it.
        """
        if self.count == 1 and table == "leads" and frame.height == self.leads.height:
            return frame, [frame.height]
        if table == "orders":
            orders = self._numbered_orders(frame)
            return self._sorted(orders.select(frame.columns), orders[_BUCKET])
        return self._sorted(frame, self.leads[_BUCKET].gather(self._keys.places(frame["lead_id"])))

    def _sorted(self, frame: pl.DataFrame, numbers: pl.Series) -> tuple[pl.DataFrame, list[int]]:
        # Numbers of two bytes are put in order by counting.
        small = numbers.fill_null(self.count).cast(pl.UInt16).to_numpy()
        sizes = np.bincount(small, minlength=self.count)[: self.count]
        order = np.argsort(small, kind="stable")[: sizes.sum()]
        return frame.rechunk()[pl.Series(order).cast(pl.get_index_type())], sizes.tolist()

    @cached_property
    def _keys(self) -> Keys:
        return Keys(self.leads["lead_id"])

    def _numbered_orders(self, orders: pl.DataFrame) -> pl.DataFrame:
        indexed = orders_with_owner(orders, self.leads).with_row_index(_ROW)
        asked = [indexed.join(self.owners, on="owner_id").select(_ROW, _BUCKET)]
        if "lead_id" in orders.columns:
            numbers = self.leads.select("lead_id", _BUCKET)
            asked.append(indexed.join(numbers, on="lead_id").select(_ROW, _BUCKET))
        return pl.concat(asked).unique().sort(_ROW, _BUCKET).join(indexed, on=_ROW, maintain_order="left")


def drawn_leads(leads: pl.DataFrame, most: int) -> pl.DataFrame:
    """At most so many leads, drawn by a checksum of their owners: the same ones in whatever order.

    Leads of one customer are drawn all or none, so that of nobody who is drawn anything is missing.

    Args:
        leads: the canonical table.
        most: how many.

    Example:
        >>> leads = pl.DataFrame({"lead_id": ["L1", "L2", "L3"], "customer_id": ["C1", "C2", "C1"]})
        >>> drawn_leads(leads, 2)["lead_id"].to_list()
        ['L2']
    """
    if leads.height <= most:
        return leads
    owned = with_owner(leads).select("owner_id")
    owners = owned.group_by("owner_id").len("leads")
    drawn = pl.Series([crc32(owner.encode()) for owner in owners["owner_id"]])
    by_draw = owners.with_columns(drawn.alias("drawn")).sort("drawn", "owner_id")
    chosen = by_draw.filter(pl.col("leads").cum_sum() <= most)["owner_id"]
    return leads.filter(owned["owner_id"].is_in(chosen.implode()))
