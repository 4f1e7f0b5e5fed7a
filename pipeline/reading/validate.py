"""Checking tables against their contracts: good rows go on, bad rows are quarantined with their reasons.

Rows in = rows used + rows quarantined + rows that the configuration leaves out, for every source.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import polars as pl

from features.tables import TableName
from models.intents.versions import TODAY
from pipeline.config.config import Config
from pipeline.errors import ToleranceError
from pipeline.language.sentence import Sentence
from pipeline.reading.ingest import RawTable
from pipeline.reading.orphans import KnownKeys, orphan_problems
from pipeline.reading.quarantine import Kind, no_bad_rows, of_kind
from pipeline.reading.row_checks import domain_problems
from pipeline.transcripts.hearing import hear, missing, read_hearing, sources
from pipeline.transcripts.reader import Account


@dataclass(frozen=True, slots=True)
class Counts:
    """What became of a source's rows: ``rows_in = rows_used + rows_quarantined + rows_left_out``.

    Attributes:
        rows_in: rows of the file with any cell filled.
        rows_used: rows that went on.
        rows_quarantined: rows that did not, duplicates included.
        duplicates_dropped: those of them whose only fault is to repeat an earlier row.
        of_nobody: those of them whose only fault is that their lead or customer is not on the list.
        rows_left_out: rows that the configuration does not want.
        undated: those quarantined whose only fault is that they tell an outcome without its date.
    """

    rows_in: int
    rows_used: int
    rows_quarantined: int
    duplicates_dropped: int
    of_nobody: int = 0
    rows_left_out: int = 0
    undated: int = 0

    @property
    def bad_rows(self) -> int:
        """Rows that count against the tolerance: the quarantined but for duplicates and rows of strangers.

        Where no row is of anybody on the list, the ids do not fit, and all of them count. Outcomes without a
        date count against ``outcome_tolerance``.
        """
        others = self.of_nobody if self.rows_used else 0
        return self.rows_quarantined - self.duplicates_dropped - self.undated - others

    @property
    def bad_share(self) -> float:
        """Share of the rows that count against the tolerance."""
        return self.bad_rows / max(self.rows_in, 1)


@dataclass(frozen=True, slots=True)
class Validated:
    """Checked sources.

    Attributes:
        tables: the tables of the sources, without rows: those lie in the buckets, see ``taken``.
        quarantine: ``source, row_number, column, value, reason, kind`` of the bad rows, values masked; a
            row has a line for each reason.
        counts: what became of each source's rows.
        notes: a line on how each source was read.
        recogniser: fingerprint of what heard the transcripts; empty if the log tells all itself.
        hearing: a line on how many transcripts could be read, and one on what was heard and by what; empty
            likewise.
        transcripts: what became of the cells that were to be heard.
        speakers: the sides of labels in them over the whole log.
        warnings: what is to be said loudly, by training too.
        call_sources: of the calls' columns that can be heard, ``log`` or which kind of recogniser told it.
    """

    tables: dict[str, pl.DataFrame]
    quarantine: pl.DataFrame
    counts: dict[str, Counts]
    notes: tuple[str, ...]
    recogniser: str = ""
    hearing: str = ""
    call_sources: Mapping[str, str] = field(default_factory=dict)
    transcripts: Account = field(default_factory=Account)
    speakers: Mapping[str, str] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()


def hear_calls(config: Config, validated: Validated, account: Account, log: Mapping[str, str]) -> Validated:
    """Fill from the transcripts what the call log does not say.

    Args:
        config: the configuration.
        validated: the checked sources.
        account: what became of the transcripts.
        log: the sides of labels over the whole log.

    Raises:
        ConfigError: the configuration's recogniser cannot be read.
    """
    calls = validated.tables.get("calls")
    if calls is None:
        return validated
    if not missing(calls, config.intents.flow_lines, config.intents.version):
        return replace(validated, call_sources=sources(calls))
    hearing = read_hearing(config)
    told_by = sources(calls, hearing)
    ours = [name for name, source in told_by.items() if source == "log"]
    heard = [name for name in told_by if name not in ours]
    by = {"recogniser": config.intents.recogniser, "fingerprint": hearing.fingerprint[:12]}
    ear = Sentence("{recogniser} ({fingerprint})", **by)
    if hearing.version != TODAY:
        ear = Sentence(
            "{ear}, as in version {number} of its words and rules", ear=ear, number=hearing.version
        )
    note = Sentence(
        "calls: {heard} heard in the transcripts by {ear}; {logged} from the log",
        heard=tuple(heard),
        ear=ear,
        logged=tuple(ours) or Sentence("nothing of the kind"),
    )
    return replace(
        validated,
        tables={**validated.tables, "calls": hear(calls, hearing)},
        hearing=Sentence("calls: {told}\n{heard}", told=account.sentence(log), heard=note)
        if account.calls
        else note,
        transcripts=account,
        speakers=log,
        recogniser=hearing.fingerprint,
        call_sources=told_by,
    )


@dataclass(frozen=True, slots=True)
class RowProblems:
    """What is wrong with rows by themselves: their cells, and leads that nobody knows."""

    cells: pl.DataFrame
    orphans: pl.DataFrame

    @property
    def all(self) -> pl.DataFrame:
        """Both in one quarantine."""
        return pl.concat([self.cells, self.orphans])

    @property
    def faulty(self) -> pl.Series:
        """Numbers of the rows with a bad cell: they conflict with good rows of the same key."""
        return self.cells["row_number"].unique()


def row_problems(source: RawTable, known: KnownKeys | None) -> RowProblems:
    """Check rows one by one; whose key they share is looked at over the whole source.

    Args:
        source: a source, or a span of its rows.
        known: the good leads, for all but the lead list itself; without them nobody is a stranger.
    """
    cells = pl.concat([source.bad_cells, domain_problems(source)])
    return RowProblems(cells, no_bad_rows() if known is None else orphan_problems(source, known))


def without(frame: pl.DataFrame, bad: pl.DataFrame) -> pl.DataFrame:
    """The rows that are not in a quarantine."""
    if bad.is_empty():
        return frame
    return frame.filter(~pl.col("row_number").is_in(bad["row_number"].unique().implode()))


def count_rows(rows_in: int, rows_used: int, bad: pl.DataFrame, left_out: int = 0) -> Counts:
    """What became of a source's rows, from its quarantine and how many of them were not wanted."""
    others = bad.filter(~of_kind("copy"))["row_number"].n_unique()
    known = bad.filter(~of_kind("copy", "stranger"))["row_number"].n_unique()
    faulty = bad.filter(~of_kind("copy", "stranger", "undated"))["row_number"].n_unique()
    quarantined = bad["row_number"].n_unique()
    return Counts(
        rows_in, rows_used, quarantined, quarantined - others, others - known, left_out, known - faulty
    )


def check_tolerance(config: Config, validated: Validated, quarantine_path: Path) -> None:
    """Stop if a source has more bad rows than its own or the configuration's tolerance allows.

    Raises:
        ToleranceError: names the source, the share, the first bad row and the quarantine file.
    """
    for table, source in config.sources.items():
        counts = validated.counts[table]
        tolerance = config.tolerance if source.tolerance is None else source.tolerance
        if counts.bad_share <= tolerance:
            continue
        strangers: tuple[Kind, ...] = ("stranger",) if counts.rows_used else ()
        counted = ~of_kind("copy", "undated", *strangers)
        first = validated.quarantine.filter((pl.col("source") == table) & counted).row(0, named=True)
        raise ToleranceError(_too_many(config, validated, table, first, quarantine_path))


def _too_many(
    config: Config, validated: Validated, table: TableName, first: Mapping[str, Any], quarantine_path: Path
) -> Sentence:
    """How many rows are bad, the first of them, and what to do."""
    counts, source = validated.counts[table], config.sources[table]
    value = f" {first['value']!r}" if first["value"] else ""
    where = Sentence("row {number}", number=first["row_number"])
    if first["column"]:
        where = Sentence("{row}, column {column}", row=where, column=first["column"])
    told = Sentence(
        "{path}: {bad:,} of {rows:,} rows ({share:.1%}) of {table} are bad, more than the tolerance "
        "of {tolerance:.1%}; the first: {where}:{value} {reason}; "
        "see {quarantine}, then mend the file or raise sources.{table}.tolerance",
        path=config.data_path(source.path),
        bad=counts.bad_rows,
        rows=counts.rows_in,
        share=counts.bad_share,
        table=table,
        tolerance=config.tolerance if source.tolerance is None else source.tolerance,
        where=where,
        value=value,
        reason=first["reason"],
        quarantine=quarantine_path,
    )
    if first["kind"] != "conflict":
        return told
    # Which setting may say what the rows of one key are.
    settings = "legs: true" if table == "calls" else "first_by or last_by"
    return Sentence(
        "{told}; if rows of one key are meant, set sources.{table}.{settings}",
        told=told,
        table=table,
        settings=settings,
    )


def check_told(config: Config, validated: Validated) -> None:
    """Stop if more transcripts than ``intents.tolerance`` allows have no sides that could be told.

    Raises:
        ToleranceError: says how many of how many, why, and what to do.
    """
    account, tolerance = validated.transcripts, config.intents.tolerance
    if account.missing <= tolerance * account.calls:
        return
    labels = f" (labels there: {', '.join(account.common)})" if account.common else ""
    raise ToleranceError(
        f"{config.data_path(config.sources['calls'].path)}: {account.told_of}, more than "
        f"intents.tolerance of "
        f"{tolerance:.0%}; name the labels of both sides in intents.speakers{labels}, export transcripts "
        f"with "
        "labels, or raise intents.tolerance"
    )
