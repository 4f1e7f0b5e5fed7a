"""The fifty features as the project computes them, a bucket of leads after the other."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from pathlib import Path

import polars as pl
from benchmarks.scale_names import NAMES
from benchmarks.scale_once import run

from features import cohort
from features.catalog import features_of
from features.feature import Feature
from features.matrix import build_matrix
from pipeline.buckets import bucket_count, split_tables
from pipeline.config import Config, read_config
from pipeline.staged import all_features, stage


def fifty(config: Config) -> tuple[Feature, ...]:
    """The catalogue's declarations of the fifty, in their order."""
    by_name = {feature.name: feature for feature in features_of(all_features(config))}
    return tuple(by_name[name] for name in NAMES)


def write_matrix(world: Path, out: Path, spine: Callable[[pl.DataFrame], pl.DataFrame]) -> dict[str, int]:
    """The rows that ``spine`` makes of each bucket's staged leads, to one Parquet file per bucket."""
    config = read_config(world / "scale.yaml")
    tables = {name: pl.read_parquet(world / f"{name}.parquet") for name in ("leads", "calls", "orders")}
    rows = 0
    for number, part in enumerate(split_tables(tables, bucket_count(tables["leads"].height))):
        staged = stage(config, part)
        matrix = build_matrix(staged, spine(staged["leads"]), fifty(config))
        matrix.write_parquet(out / f"{number:04}.parquet")
        rows += len(matrix)
    return {"rows": rows}


def write_features(world: Path, out: Path, as_of: str) -> dict[str, int]:
    """Features of all leads that exist as of an instant."""
    return write_matrix(world, out, partial(cohort.at_instant, as_of=datetime.fromisoformat(as_of)))


if __name__ == "__main__":
    run(write_features)
