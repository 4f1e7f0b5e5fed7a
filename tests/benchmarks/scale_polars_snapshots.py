"""The fifty features at each first of the month, by hand: a plain Polars loop over the instants.

The tables are read once; each turn goes over the whole of them, and the turns are put under one another.
"""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import polars as pl
from benchmarks.scale_once import run
from benchmarks.scale_polars import ZONE, features

MAX_AGE = timedelta(days=365)


def month_starts(since: datetime, until: datetime) -> list[datetime]:
    """Local midnights of the firsts of the months after one instant, up to another."""
    zone = ZoneInfo(ZONE)
    numbers = range(since.year * 12 + since.month - 1, until.year * 12 + until.month + 1)
    starts = [datetime(number // 12, number % 12 + 1, 1, tzinfo=zone) for number in numbers]
    return [start.astimezone(UTC) for start in starts if since < start <= until]


def write_snapshots(world: Path, out: Path, until: str) -> dict[str, int]:
    """A row for each lead and month in which it is at most a year old, to one Parquet file in ``out``."""
    leads, calls, orders = (
        pl.read_parquet(world / f"{name}.parquet") for name in ("leads", "calls", "orders")
    )
    parts = []
    for as_of in month_starts(leads["created_at"].min(), datetime.fromisoformat(until)):
        young = leads.filter(pl.col("created_at") >= as_of - MAX_AGE)
        snapshot = features(young.lazy(), calls.lazy(), orders.lazy(), as_of)
        parts.append(snapshot.with_columns(pl.lit(as_of).alias("as_of")).collect())
    table = pl.concat(parts)
    table.write_parquet(out / "features.parquet")
    return {"rows": len(table)}


if __name__ == "__main__":
    run(write_snapshots)
