"""What the verb score does: a lead list in, the graded list and what stands beside it out."""

from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Self

import pandas as pd

from pipeline import terminal
from pipeline.config.config import Config
from pipeline.config.workbook import Written
from pipeline.crm.import_file import ImportFile
from pipeline.errors import OutputError
from pipeline.intake.staged_tables import attributes_read_by
from pipeline.intake.work_folder import Work
from pipeline.jobs import engines
from pipeline.jobs.parts import check_sources_fit, grade_buckets, take_in
from pipeline.jobs.request import Job, work_folder
from pipeline.language.sentence import Sentence
from pipeline.matrix.as_of import check_as_of, export_time
from pipeline.outcomes.lacking_dates import asked_as
from pipeline.output import EXCEL_ROWS, check_free, write_slices, write_table
from pipeline.people.key import read_key
from pipeline.people.pseudonymised import Pseudonymised
from pipeline.reading.ingest import latest_event
from pipeline.reading.validate import Validated
from pipeline.schemes.scheme_checks import checked_schemes
from pipeline.scoring.ranked_list import Merged, bucket_by_bucket
from pipeline.targets import FETCHED, QUARANTINE, Outputs, work_path
from pipeline.tracking.champion import scorer_for
from pipeline.tracking.saved_scorer import check_recogniser, load_scorer
from pipeline.transcripts.heard_as import heard_as
from pipeline.workbook.graded_workbook import Workbook, is_workbook
from pipeline.workbook.kept_lists import LISTS

BEST = 5

# Written below ``output_dir``.
WRITES = (QUARANTINE, FETCHED, LISTS)


@dataclass(frozen=True)
class Listed:
    """A graded list that was written.

    Attributes:
        rows: leads with a grade.
        left_out: leads that were not open.
        without_history: leads graded on their attributes alone.
        outside: leads outside of what the scorer learned from.
        best: the first few by rank.
        as_of: the instant as of which they are graded.
        graded_by: in words, which scorer graded them.
        validated: what became of the sources' rows; its tables are without rows.
    """

    rows: int
    left_out: int
    without_history: int
    outside: int
    best: pd.DataFrame
    as_of: datetime
    graded_by: str
    validated: Validated


def run_score(
    config: Config,
    leads: Path | None,
    as_of: datetime | None,
    out: Path,
    *,
    overwrite: bool = False,
    reasons: int = 3,
    explain: bool = False,
    model: str | None = None,
    pseudonymise: Path | None = None,
    since: Path | None = None,
    written: Written | None = None,
    dialect: str | None = None,
) -> Listed:
    """Score a lead list and write it, with a quarantine file for every lead that has no grade.

    The list is in the order of the lead list; a workbook is by rank, and its sheets are those of
    ``workbook.lead_list``. ``model`` names the scorer as ``champion.scorer_for`` reads it: the champion when
    left out. ``pseudonymise`` names the file of the key by which leads and agents stand in all that is
    written; what stands there is not on the screen either. ``since`` is the list that a workbook is compared
    with, the newest kept one when left out; ``written`` its language, else that of the configuration. With a
    ``dialect`` the list is what that CRM's own import takes.
    """
    shown = _Shown.of(config, pseudonymise)
    imported = None if dialect is None else ImportFile.of(config, dialect, out)
    beside = (quarantine_path(out), *(explained_paths(out) if explain else ()))
    beside += imported.beside(out) if imported else ()
    outputs = Outputs(config, WRITES, out, *beside, work_path(out), reads=leads)
    _check_together(out, since, pseudonymise, imported)
    check_free(out, overwrite, folder=config.engine == "spark")
    for path in beside:
        check_free(path, overwrite)
    if as_of is not None:
        check_as_of(config, as_of)
    chosen = scorer_for(config, model, lambda: load_scorer(config))
    config = asked_as(heard_as(config, chosen.scorer.recogniser), chosen.scorer.horizons)
    checked_schemes(config)
    listed = config if leads is None else config.with_leads(leads)
    book = Workbook.of(listed, since, written) if is_workbook(out) else None
    needed = tuple(sorted(attributes_read_by(config, chosen.scorer.columns)))
    job = Job(listed, leads is None, latest_event(config), reasons, explain, chosen.version, needed=needed)
    job = replace(job, speakers=chosen.scorer.speakers, at_work=book is not None)
    with (
        work_folder(outputs.at(out), job, chosen.scorer, as_of) as (work, job),
        engines.opened_engine(config.engine) as engine,
    ):
        taken = take_in(work, engine)
        check_recogniser(config, chosen.scorer, taken.validated)
        instant = as_of or export_time(config, taken.latest, job.now)
        _check_length(out, taken.validated)
        work.keep_words("asked", {"as_of": instant.isoformat()})
        check_sources_fit(work)
        grade_buckets(work, taken, engine)
        merged, unscored = _write(work, job, taken.validated, out, outputs, shown)
        if imported:
            imported.write(merged, chosen.scorer, instant, outputs, out)
        elif book is None:
            slices = map(shown.table, merged.slices())
            folder = config.engine == "spark"
            write_slices(slices, outputs.at(out), folder=folder, escape=config.escape_cells)
        else:
            with terminal.working(Sentence("writing the list")):
                book.write(work, merged, chosen.scorer, instant, outputs, out)
        return Listed(
            merged.rows,
            unscored,
            merged.without_history,
            merged.outside,
            shown.table(merged.best(BEST)),
            instant,
            chosen.graded_by,
            taken.validated,
        )


def _check_together(
    out: Path, since: Path | None, pseudonymise: Path | None, imported: ImportFile | None
) -> None:
    """Refuse options that do not go together."""
    if since is not None and not is_workbook(out):
        raise OutputError(f"{out}: --since is for a workbook, whose name ends in .xlsx: leave it out")
    if pseudonymise is not None and is_workbook(out):
        raise OutputError(f"{out}: a workbook shows whom to call; with --pseudonymise name .csv or .parquet")
    if pseudonymise is not None and imported:
        raise OutputError(f"{out}: a CRM knows its leads by their ids: leave out --dialect or --pseudonymise")


@dataclass(frozen=True)
class _Shown:
    """What is written of a table: all of it, or pseudonyms for whoever stands in it."""

    by: Pseudonymised | None

    @classmethod
    def of(cls, config: Config, key: Path | None) -> Self:
        return cls(None if key is None else Pseudonymised(read_key(key), config))

    def table(self, frame: pd.DataFrame) -> pd.DataFrame:
        return frame if self.by is None else self.by.table(frame)

    def left_out(self, frame: pd.DataFrame) -> pd.DataFrame:
        """A quarantine's rows; of a value that is masked something is still to be seen."""
        return frame if self.by is None else frame.assign(value="")


def _write(
    work: Work, job: Job, validated: Validated, out: Path, outputs: Outputs, shown: _Shown
) -> tuple[Merged, int]:
    """Put the buckets together, and write what stands beside the list; says how many leads were not open."""
    escape = job.config.escape_cells
    with terminal.working(Sentence("writing the list")):
        merged = Merged(work)
        left_out = merged.quarantine(validated)
        write_table(shown.left_out(left_out), outputs.at(quarantine_path(out)), escape=escape)
        if job.explain:
            for kind, beside in zip(("explained", "reasons"), explained_paths(out), strict=True):
                told = map(shown.table, bucket_by_bucket(work, kind))
                write_slices(told, outputs.at(beside), escape=escape)
    return merged, len(left_out) - validated.quarantine.height


def _check_length(out: Path, validated: Validated) -> None:
    rows = validated.counts["leads"].rows_used
    if is_workbook(out) and rows > EXCEL_ROWS:
        raise OutputError(
            f"{out}: Excel holds {EXCEL_ROWS:,} rows, the list has {rows:,}; use .parquet or .csv"
        )


def quarantine_path(out: Path) -> Path:
    """The quarantine file beside a scored list.

    Example:
        >>> quarantine_path(Path("graded.csv.gz")).name
        'graded.csv.gz.quarantine.csv'
    """
    return _beside(out, "quarantine")


def explained_paths(out: Path) -> tuple[Path, Path]:
    """The explanations beside a scored list: of the rule grades, and of the scores.

    Example:
        >>> [path.name for path in explained_paths(Path("graded.csv.gz"))]
        ['graded.csv.gz.explained.csv', 'graded.csv.gz.reasons.csv']
    """
    return _beside(out, "explained"), _beside(out, "reasons")


def _beside(out: Path, what: str) -> Path:
    # The whole name, so that ``g.csv`` and ``g.xlsx`` have each their own.
    return out.with_name(f"{out.name}.{what}.csv")
