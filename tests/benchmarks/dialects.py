"""One simulated world as seven systems export it: is its matrix the demo's own, cell by cell?

The dialects are those of ``tests/support/dialects.py``; each is read by a configuration alone. Run from the
project's folder: ``PYTHONPATH=tests python -m benchmarks.dialects``.
"""

import argparse
import tempfile
from pathlib import Path

import pandas as pd
import polars as pl
from support.compared_dialects import absent_columns, dialect_matrix, own_matrices
from support.dialects import DIALECTS

from pipeline.simulation.world import simulate
from pipeline.terminal import show


def main() -> None:
    """Print a line for each dialect."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--leads", type=int, default=2_000)
    parser.add_argument("--seed", type=int, default=32)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        own = own_matrices(simulate(options.leads, options.seed), Path(folder))
        records = []
        for dialect in DIALECTS:
            world, due = own[dialect.minutes]
            found = dialect_matrix(world, dialect, Path(folder) / dialect.name)
            lost = absent_columns(due, found)
            records.append(
                {"dialect": dialect.name, **_compared(found, due.drop(lost)), "lost": ", ".join(lost)}
            )
    show(pd.DataFrame(records), f"matrices of one world of {options.leads:,} leads, by dialect (simulation)")


def _compared(found: pl.DataFrame, due: pl.DataFrame) -> dict[str, int]:
    same = found.height == due.height
    differing = [
        int((~found[name].eq_missing(due[name])).sum()) if same else due.height for name in due.columns
    ]
    return {"rows": found.height, "cells": due.height * due.width, "differing cells": sum(differing)}


if __name__ == "__main__":
    main()
