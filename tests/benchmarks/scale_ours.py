"""The fifty features as the project computes them: sources taken in and checked, then bucket by bucket."""

from collections.abc import Callable
from datetime import datetime
from functools import lru_cache, partial
from pathlib import Path

import polars as pl
from benchmarks.scale_names import NAMES
from benchmarks.scale_once import processor_s, run

from features import cohort
from features.catalog import features_of
from features.feature import Feature
from features.matrix.build import build_matrix
from pipeline.config.config import Config, read_config
from pipeline.intake.staged_tables import all_features, stage
from pipeline.intake.taken_in import bucket_tables, head
from pipeline.intake.work_folder import Work
from pipeline.jobs import engines
from pipeline.jobs.parts import take_in
from pipeline.jobs.request import Job, work_folder
from pipeline.reading.ingest import latest_event

_READ = ("leads", "calls", "orders")


def fifty(config: Config) -> tuple[Feature, ...]:
    """The catalogue's declarations of the fifty, in their order."""
    by_name = {feature.name: feature for feature in features_of(all_features(config))}
    return tuple(by_name[name] for name in NAMES)


@lru_cache(maxsize=1)
def configured(world: Path) -> Config:
    """The world's configuration with the sources that the fifty read."""
    config = read_config(world / "scale.yaml")
    sources = {name: source for name, source in config.sources.items() if name in _READ}
    return config.model_copy(update={"sources": sources})


def write_matrix(world: Path, out: Path, spine: Callable[[pl.DataFrame], pl.DataFrame]) -> dict[str, float]:
    """The rows that ``spine`` makes of each bucket's staged leads, to one Parquet file per bucket.

    Returns:
        ``rows``, and how much of the processor's time went into taking the sources in and into building.
    """
    began = processor_s()
    config = configured(world)
    job = Job(config, whole=True, now=latest_event(config))
    with work_folder(out / "matrix", job, None, None) as (work, _), engines.opened_engine("local") as engine:
        taken = take_in(work, engine)
        taken_in = processor_s()
        build = partial(write_bucket, world, work.folder, out, spine)
        rows = sum(engine.each(build, range(taken.buckets)))
    return {"rows": rows, "taking_in_s": taken_in - began, "building_s": processor_s() - taken_in}


def write_bucket(
    world: Path, folder: Path, out: Path, spine: Callable[[pl.DataFrame], pl.DataFrame], number: int
) -> int:
    """One bucket's rows; says how many."""
    config, work = configured(world), Work(folder)
    features = fifty(config)
    tables = bucket_tables(work, number, {table: head(work, "heads", table) for table in _READ})
    staged = stage(config, tables, features)
    matrix = build_matrix(staged, spine(staged["leads"]), features)
    matrix.write_parquet(out / f"{number:04}.parquet")
    return matrix.height


def write_features(world: Path, out: Path, as_of: str) -> dict[str, float]:
    """Features of all leads that exist as of an instant."""
    return write_matrix(world, out, partial(cohort.at_instant, as_of=datetime.fromisoformat(as_of)))


if __name__ == "__main__":
    run(write_features)
