"""What became of the sources when all spans are in: counts, quarantine, notes, and keys that spans share."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import polars as pl

from features.tables import UTC_DATETIME, TableName
from pipeline.intake.dated_fields import HISTORY, HISTORY_SCHEMA, history_notes
from pipeline.intake.span_intake import LEADS, Intake
from pipeline.intake.taken_in import TakenIn, head
from pipeline.intake.work_folder import SpanTask
from pipeline.language.sentence import Sentence
from pipeline.reading.ingest import describe_reading
from pipeline.reading.quarantine import no_bad_rows
from pipeline.reading.spans_agree import check_spans_agree
from pipeline.reading.validate import (
    Counts,
    Validated,
    count_rows,
    hear_calls,
)
from pipeline.transcripts.reader import Account


@dataclass(frozen=True, slots=True)
class _Whole:
    """What became of a source's rows, its spans put together.

    ``latest`` is of its rows that are used; ``began`` is the first instant of facts.
    """

    counts: Counts
    quarantine: pl.DataFrame
    note: str
    latest: datetime | None
    began: datetime | None


def sum_up(intake: Intake, tasks: Sequence[SpanTask]) -> TakenIn:
    """Put the spans' accounts together, and find the rows that share their key across spans.

    Raises:
        SourceError: as ``check_spans_agree``.
    """
    config, work = intake.config, intake.work
    found: dict[TableName, _Whole] = {}
    for table in sorted(config.sources, key=lambda name: name != "leads"):
        mine = [LEADS] if table == "leads" else [task for task in tasks if task.table == table]
        found[table] = _whole(intake, table, mine)
    quarantine = pl.concat(one.quarantine for one in found.values())
    counts: dict[str, Counts] = {table: one.counts for table, one in found.items()}
    notes = [found[table].note for table in config.sources]
    if intake.most_leads is not None:
        kept = intake.homes.leads.height
        notes.append(
            Sentence(
                "a sample of {kept:,} of {all:,} leads, each whole", kept=kept, all=counts["leads"].rows_used
            )
        )
    read = {"calls": head(work, "read", "calls")} if "calls" in config.sources else {}
    heads: dict[str, pl.DataFrame] = {table: head(work, "heads", table) for table in found}
    warnings: tuple[str, ...] = ()
    if "facts" in found:
        began = config.sources["facts"].complete_from or found["facts"].began
        work.keep(HISTORY, pl.DataFrame({"since": [began]}, schema=HISTORY_SCHEMA))
        warnings = _warnings(intake, heads, began)
    account = Account.sum_of(intake.account(task) for task in tasks)
    validated = Validated(read, quarantine, counts, tuple(notes), warnings=warnings)
    heard = hear_calls(config, validated, account, intake.log)
    latest = max((one.latest for one in found.values() if one.latest), default=None)
    spans = [f"outcomes/{task.name}{more}" for task in (LEADS, *tasks) for more in ("", "-repeated")]
    told = tuple(name for name in spans if work.has_words(name))
    return TakenIn(work, replace(heard, tables=heads), intake.homes.count, latest, told)


def _warnings(intake: Intake, heads: Mapping[str, pl.DataFrame], began: datetime | None) -> tuple[str, ...]:
    known = intake.work.find("homes/known")
    created = known["created_at"] if "created_at" in known.columns else pl.Series([], dtype=UTC_DATETIME)
    return tuple(history_notes(intake.config, heads, created, began))


def _whole(intake: Intake, table: TableName, tasks: Sequence[SpanTask]) -> _Whole:
    work = intake.work
    told = [work.find_words(f"taken/{task.name}") for task in tasks]
    check_spans_agree(intake.config, table, told)
    bad = pl.concat(work.find(f"bad/{task.name}") for task in tasks)
    keyed = table != "leads" and all(work.has(f"keys/{task.name}") for task in tasks)
    repeated = intake.repeated(tasks) if keyed else no_bad_rows()
    unwanted = intake.unwanted(tasks, repeated)
    gone = pl.concat([repeated["row_number"], unwanted]).unique().sort()
    work.keep(f"repeated/{table}", gone.to_frame("row_number"))
    more = int(gone.is_in(bad["row_number"].implode()).not_().sum())
    both = pl.concat([bad, repeated]).sort("row_number", maintain_order=True)
    used = sum(one["rows_used"] for one in told) - more
    instants = [datetime.fromisoformat(one["latest"]) for one in told if one["latest"]]
    if instants and more:
        # What was the latest may have been a row that shares its key with one of another span.
        instants = [at for task in tasks if (at := intake.latest_without(task, gone)) is not None]
    told[0] = told[0] | {"left_out": told[0]["left_out"] + len(unwanted)}
    counts = count_rows(sum(one["rows_in"] for one in told), used, both, sum(one["left_out"] for one in told))
    note = describe_reading(table, intake.config.data_path(intake.config.sources[table].path), told)
    if counts.of_nobody:
        note += f"; {counts.of_nobody:,} of its rows are of leads that are not on the list"
    began = [datetime.fromisoformat(one["began"]) for one in told if one["began"]]
    return _Whole(counts, both, note, max(instants, default=None), min(began, default=None))
