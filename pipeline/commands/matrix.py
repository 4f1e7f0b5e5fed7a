"""What the verb matrix does: the as-of matrix itself, bucket by bucket, as a folder of Parquet files."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from features.catalog import features_of
from pipeline import terminal
from pipeline.config.config import Config
from pipeline.config.undated import has_final_outcome
from pipeline.errors import ConfigError, OutputError
from pipeline.intake.outcomes import complete_until
from pipeline.intake.staged_tables import all_features, attributes_read_by
from pipeline.jobs import engines
from pipeline.jobs.parts import build_buckets, take_in
from pipeline.jobs.request import Job, work_folder
from pipeline.matrix.as_of import check_as_of, export_time
from pipeline.outcomes.lacking_dates import as_dates_allow
from pipeline.output import check_free, write_slices
from pipeline.people.key import read_key
from pipeline.people.pseudonymised import Pseudonymised
from pipeline.reading.ingest import latest_event
from pipeline.reading.validate import Validated
from pipeline.scoring.ranked_list import bucket_by_bucket
from pipeline.targets import QUARANTINE, Outputs, work_path

# Written below ``output_dir``.
WRITES = (QUARANTINE,)


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
    pseudonymise: Path | None = None,
) -> Built:
    """Write the as-of matrix of all open leads, or of the rows that training reads, one file a bucket.

    Args:
        config: the configuration.
        as_of: the instant; as for ``score`` when left out.
        out: a folder of Parquet files; its name ends in ``.parquet``.
        columns: names of the features; all that the data have when left out.
        cohort: write the rows of the configuration's cohort, with their labels.
        overwrite: replace what a former run wrote there.
        pseudonymise: file of the key by which leads and agents stand in it.

    Raises:
        OutputError: as ``output.check_free``; or what would be replaced is read.
        ConfigError: there is no feature of such a name, or the cohort lacks a source.
    """
    if out.suffix != ".parquet":
        raise OutputError(f"{out}: a matrix is written as a folder of Parquet files: name it NAME.parquet")
    shown = None if pseudonymise is None else Pseudonymised(read_key(pseudonymise), config)
    outputs = Outputs(config, WRITES, out, work_path(out))
    check_free(out, overwrite, folder=True)
    if as_of is not None:
        check_as_of(config, as_of)
    _check_columns(config, columns)
    if cohort:
        config.check_trainable()
    needed = None if columns is None else tuple(sorted(attributes_read_by(config, columns)))
    job = Job(config, True, latest_event(config), columns=columns, cohort=cohort, needed=needed)
    with (
        work_folder(outputs.at(out), job, None, as_of) as (work, job),
        engines.opened_engine(config.engine) as engine,
    ):
        taken = take_in(work, engine)
        instant = as_of or _ends(config, taken.latest, job)
        if cohort:
            config, decided = as_dates_allow(config, taken)
            if decided:
                terminal.note(decided)
        work.keep_words("asked", {"as_of": instant.isoformat(), "final": has_final_outcome(config)})
        rows = build_buckets(work, taken, engine)
        buckets = bucket_by_bucket(work, "matrix")
        slices = buckets if shown is None else map(shown.table, buckets)
        write_slices(slices, outputs.at(out), folder=True, escape=config.escape_cells)
    return Built(rows, instant, taken.validated)


def _ends(config: Config, latest: datetime | None, job: Job) -> datetime:
    """Up to when outcomes are complete for a cohort; else, and for a flat list, as of when it is graded."""
    if job.cohort and not config.flat:
        return complete_until(config, latest)
    return export_time(config, latest, job.now)


def _check_columns(config: Config, columns: tuple[str, ...] | None) -> None:
    known = {feature.name for feature in features_of(all_features(config))}
    unknown = sorted(set(columns or ()) - known)
    if unknown:
        raise ConfigError(f"--features: there is no {', '.join(unknown)}: 'leadgrade features' lists them")
