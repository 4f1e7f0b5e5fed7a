"""The fifty features at each first of the month, as the project computes them."""

from datetime import datetime
from functools import partial
from pathlib import Path

from benchmarks.scale_once import run
from benchmarks.scale_ours import write_matrix
from benchmarks.scale_polars_snapshots import MAX_AGE, ZONE

from features import cohort


def write_snapshots(world: Path, out: Path, until: str) -> dict[str, float]:
    """A row for each lead and month in which it is at most a year old."""
    months = partial(
        cohort.monthly, until=datetime.fromisoformat(until), timezone=ZONE, max_age_days=MAX_AGE.days
    )
    return write_matrix(world, out, months)


if __name__ == "__main__":
    run(write_snapshots)
