"""Splitting leads into buckets: scale is the number of buckets.

Every feature is about one lead and its customer, so a bucket that holds all rows of its leads, from
every table, can be worked on alone. Leads of one customer share a bucket.
"""

import zlib
from collections.abc import Callable, Mapping

import polars as pl

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


def split_tables(tables: Mapping[str, pl.DataFrame], n_buckets: int) -> list[dict[str, pl.DataFrame]]:
    """Split canonical tables by a hash of each lead's owner that no version or machine changes.

    Returns:
        One set of tables per bucket, all rows of its leads and their customers in the order of the
        tables. An order that names a lead and a customer of another bucket is in both: it closes the
        one and is history of the other. An order of neither is in none: nobody asks about it.
    """
    owned = with_owner(tables["leads"])
    owners = owned.select("owner_id").unique()
    numbers = owners.with_columns(
        pl.Series(_BUCKET, [zlib.crc32(owner.encode()) % n_buckets for owner in owners["owner_id"]], pl.Int64)
    )
    by_lead = owned.join(numbers, on="owner_id").select("lead_id", _BUCKET)
    parts: list[dict[str, pl.DataFrame]] = [{} for _ in range(n_buckets)]
    for name, frame in tables.items():
        numbered = (
            _numbered_orders(frame, owned, numbers, by_lead)
            if name == "orders"
            else frame.join(by_lead, on="lead_id", how="inner", maintain_order="left")
        )
        for number, part in enumerate(parts):
            part[name] = numbered.filter(pl.col(_BUCKET) == number).select(frame.columns)
    return parts


def _numbered_orders(
    orders: pl.DataFrame, owned: pl.DataFrame, numbers: pl.DataFrame, by_lead: pl.DataFrame
) -> pl.DataFrame:
    indexed = orders_with_owner(orders, owned).with_row_index(_ROW)
    asked = [indexed.join(numbers, on="owner_id").select(_ROW, _BUCKET)]
    if "lead_id" in orders.columns:
        asked.append(indexed.join(by_lead, on="lead_id").select(_ROW, _BUCKET))
    return pl.concat(asked).unique().sort(_ROW, _BUCKET).join(indexed, on=_ROW, maintain_order="left")


def in_turn(
    tables: Mapping[str, pl.DataFrame],
    n_buckets: int,
    work: Callable[[Mapping[str, pl.DataFrame]], pl.DataFrame],
) -> pl.DataFrame:
    """Run one pure function on each bucket in turn and put the results under one another."""
    return pl.concat([work(part) for part in split_tables(tables, n_buckets)], how="diagonal")
