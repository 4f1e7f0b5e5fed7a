"""The fifty features of each lead as of its own cut-off, as the project computes them."""

from datetime import datetime
from functools import partial
from pathlib import Path

from benchmarks.scale_once import run
from benchmarks.scale_ours import write_matrix

from features import cohort


def write_features(world: Path, out: Path, days: str, until: str) -> dict[str, float]:
    """A row for each lead so many days after its creation, if that is before ``until``."""
    spine = partial(cohort.after_creation, until=datetime.fromisoformat(until), days=[int(days)])
    return write_matrix(world, out, spine)


if __name__ == "__main__":
    run(write_features)
