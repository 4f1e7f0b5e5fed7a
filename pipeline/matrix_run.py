"""What the verb matrix does: the as-of matrix itself, bucket by bucket, as a folder of Parquet files."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from features.catalog import features_of
from pipeline import engines
from pipeline.batch import build_buckets, take_in
from pipeline.config import Config
from pipeline.errors import ConfigError, OutputError
from pipeline.ingest import latest_event
from pipeline.instants import check_as_of, export_time
from pipeline.job import Job, work_folder
from pipeline.merge import bucket_by_bucket
from pipeline.outcomes import complete_until
from pipeline.output import check_free, write_slices
from pipeline.staged import all_features
from pipeline.validate import Validated


@dataclass(frozen=True)
class Built:
    """A matrix that was written: its rows, the instant, and what became of the sources' rows."""

    rows: int
    as_of: datetime
    validated: Validated


def run_matrix(
    config: Config,
    as_of: datetime | None,
    out: Path,
    *,
    columns: tuple[str, ...] | None = None,
    cohort: bool = False,
    overwrite: bool = False,
) -> Built:
    """Write the as-of matrix of all open leads, or of the rows that training reads, one file a bucket.

    Args:
        config: the configuration.
        as_of: the instant; as for ``score`` when left out.
        out: a folder of Parquet files; its name ends in ``.parquet``.
        columns: names of the features; all that the data have when left out.
        cohort: write the rows of the configuration's cohort, with their labels.
        overwrite: replace what a former run wrote there.

    Raises:
        OutputError: as ``output.check_free``.
        ConfigError: there is no feature of such a name.
    """
    if out.suffix != ".parquet":
        raise OutputError(f"{out}: a matrix is written as a folder of Parquet files: name it NAME.parquet")
    check_free(out, overwrite, folder=True)
    if as_of is not None:
        check_as_of(config, as_of)
    _check_columns(config, columns)
    if cohort:
        config.check_trainable()
    job = Job(config, True, latest_event(config), columns=columns, cohort=cohort)
    with work_folder(out, job, None, as_of) as (work, job), engines.opened(config.engine) as engine:
        taken = take_in(work, engine)
        dated = cohort and not config.flat
        ends = complete_until(config, taken.latest) if dated else export_time(config, taken.latest, job.now)
        instant = as_of or ends
        work.keep_words("asked", {"as_of": instant.isoformat()})
        rows = build_buckets(work, taken, engine)
        write_slices(bucket_by_bucket(work, "matrix"), out, folder=True)
    return Built(rows, instant, taken.validated)


def _check_columns(config: Config, columns: tuple[str, ...] | None) -> None:
    known = {feature.name for feature in features_of(all_features(config))}
    unknown = sorted(set(columns or ()) - known)
    if unknown:
        raise ConfigError(f"--features: there is no {', '.join(unknown)}: 'leadgrade features' lists them")
