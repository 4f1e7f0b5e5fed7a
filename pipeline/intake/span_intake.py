"""Taking the sources in span by span: read, checked, heard, and laid into the buckets of a store.

Rows of a span are looked at by themselves; whose key they share is found over the whole source from
hashes of the keys. So no source but the lead list is ever held whole.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property

import numpy as np
import numpy.typing as npt
import polars as pl

from features.staging.calls import CALL_DTYPES, with_kinds
from features.tables import TableName
from pipeline.config.config import Config
from pipeline.files.source_file import WHOLE, RowRange, is_text, spans
from pipeline.files.text_parts import TextPart
from pipeline.intake.buckets import Homes, bucket_count, drawn_leads
from pipeline.intake.outcomes import LABEL_SOURCE, latest_known
from pipeline.intake.taken_in import TakenIn, head
from pipeline.intake.work_folder import SpanTask, Store
from pipeline.reading.ingest import RawTable, describe_reading, read_source, text_parts_of
from pipeline.reading.quarantine import no_bad_rows
from pipeline.reading.row_checks import KnownKeys, duplicate_problems, key_hashes, key_of, with_key
from pipeline.reading.validate import (
    Counts,
    RowProblems,
    Validated,
    count_rows,
    hear_calls,
    row_problems,
    without,
)
from pipeline.transcripts.hearing import Hearing, hear, missing, read_hearing

LEADS = SpanTask("leads", 0, WHOLE)

# A span's own business: after hearing, only whether there is one is read.
_TRANSCRIPT = "transcript"


@dataclass(frozen=True)
class Intake:
    """How sources get into a store.

    Attributes:
        config: the configuration.
        work: the store.
        whole: as for ``validate.validate``.
        outcome: whether the columns of the label and the cohort must be there.
        now: the instant after which events are in the future.
        most_leads: how many leads' rows are kept, from ``buckets.drawn_leads``; all when left out.
    """

    config: Config
    work: Store
    whole: bool
    outcome: bool
    now: datetime
    most_leads: int | None = None

    def take_leads(self) -> None:
        """Take the lead list in, which says who is a stranger and how many buckets there are."""
        raw = self._read(LEADS)
        found = row_problems(raw, None)
        bad = pl.concat([found.all, duplicate_problems(raw, found.faulty)])
        leads = without(raw.frame, bad)
        kept = leads if self.most_leads is None else drawn_leads(leads, self.most_leads)
        homes = Homes.of(kept, bucket_count(kept.height))
        self.work.keep_words("homes/count", {"buckets": homes.count})
        self.work.keep("homes/leads", homes.leads)
        self.work.keep("homes/owners", homes.owners)
        self.work.keep("homes/known", leads.select(pl.col("^(lead|customer)_id$")))
        self._keep(LEADS, raw, leads, bad, homes)

    @cached_property
    def homes(self) -> Homes:
        """Which bucket each lead and customer lives in."""
        count = int(self.work.find_words("homes/count")["buckets"])
        return Homes(self.work.find("homes/leads"), self.work.find("homes/owners"), count)

    @cached_property
    def known(self) -> KnownKeys:
        """The good leads and their customers."""
        return KnownKeys(self.work.find("homes/known"))

    @cached_property
    def hearing(self) -> Hearing:
        """What hears transcripts."""
        return read_hearing(self.config)

    def tasks(self) -> list[SpanTask]:
        """The spans of all sources but the leads; text files are cut into theirs."""
        found: list[SpanTask] = []
        for table, source in self.config.sources.items():
            path = self.config.data_path(source.path)
            if table != "leads":
                starts = self._cut(table) if is_text(path) else spans(path)
                found += [SpanTask(table, number, span) for number, span in enumerate(starts)]
        return found

    def _cut(self, table: TableName) -> list[RowRange]:
        """Keep a text file part by part, if that is not done; spans are told by the rows before them."""
        if not self.work.has_words(f"text/{table}"):
            firsts: list[int] = []
            encoding = ""
            for part in text_parts_of(self.config, table, outcome=self.outcome):
                name = SpanTask(table, len(firsts), WHOLE).name
                self.work.keep(f"text/{name}", pl.DataFrame({"text": [part.text]}))
                firsts.append(part.first)
                encoding = part.encoding
            self.work.keep_words(f"text/{table}", {"firsts": firsts, "encoding": encoding})
        return [RowRange(first) for first in self.work.find_words(f"text/{table}")["firsts"]]

    def _part(self, task: SpanTask) -> TextPart | None:
        name = f"text/{task.name}"
        if not self.work.has(name):
            return None
        encoding = str(self.work.find_words(f"text/{task.table}")["encoding"])
        return TextPart(self.work.find(name).item(), encoding, task.span.start)

    def take(self, task: SpanTask) -> None:
        """Take a span in; one that is in already is not touched."""
        if self.work.has_words(f"taken/{task.name}"):
            return
        raw = self._read(task, CALL_DTYPES if task.table == "calls" else None)
        found = self._problems(raw)
        good = without(raw.frame, found.all)
        if key_of(raw):
            self.work.keep(f"keys/{task.name}", key_hashes(raw).to_frame())
        self.work.keep(f"read/{task.name}", good.head(0))
        if task.table == "calls" and missing(good, self.config.intents.flow_lines):
            good = hear(good, self.hearing)
        if _TRANSCRIPT in good.columns:
            good = good.with_columns(pl.when(pl.col(_TRANSCRIPT).is_not_null()).then(True).alias(_TRANSCRIPT))
        self._keep(task, raw, with_kinds(good) if task.table == "calls" else good, found.all, self.homes)

    def repeated(self, tasks: Sequence[SpanTask]) -> pl.DataFrame:
        """The quarantine of a source's rows that share their key, in whichever of its spans they stand."""
        hashes = np.concatenate([self._keys(task) for task in tasks])
        hashes.sort()
        doubled = hashes[1:][hashes[1:] == hashes[:-1]]
        concerned = [task for task in tasks if len(doubled) and np.isin(self._keys(task), doubled).any()]
        if not concerned:
            return no_bad_rows()
        rows, faulty = [], []
        for task in concerned:
            raw = self._read(task)
            rows.append(with_key(raw, doubled))
            faulty.append(self._problems(raw).faulty)
        return duplicate_problems(replace(raw, frame=pl.concat(rows)), pl.concat(faulty))

    def _keys(self, task: SpanTask) -> npt.NDArray[np.uint64]:
        return self.work.find(f"keys/{task.name}").to_series().to_numpy()

    def _read(self, task: SpanTask, coded: Mapping[str, pl.DataType] | None = None) -> RawTable:
        return read_source(
            self.config,
            task.table,
            outcome=self.outcome,
            now=self.now,
            span=task.span,
            part=self._part(task),
            coded=coded,
        )

    def _problems(self, raw: RawTable) -> RowProblems:
        return row_problems(raw, self.known if self.whole else None)

    def _keep(
        self, task: SpanTask, raw: RawTable, good: pl.DataFrame, bad: pl.DataFrame, homes: Homes
    ) -> None:
        rows, sizes = homes.sort(task.table, good)
        if rows.height:
            self.work.keep_parts(f"rows/{task.name}", rows, sizes)
        self.work.keep(f"bad/{task.name}", bad)
        self.work.keep(f"heads/{task.name}", good.head(0))
        latest = self._latest(task.table, good)
        taken = {"rows_in": raw.rows_in, "rows_used": good.height, "latest": latest and latest.isoformat()}
        self.work.keep_words(f"taken/{task.name}", taken | raw.account)

    def latest_without(self, task: SpanTask, repeated: pl.DataFrame) -> datetime | None:
        """The latest instant of a span of the label's source, but for rows that share their key."""
        raw = self._read(task)
        return self._latest(task.table, without(raw.frame, pl.concat([self._problems(raw).all, repeated])))

    def _latest(self, table: TableName, good: pl.DataFrame) -> datetime | None:
        if table != LABEL_SOURCE[self.config.label.close]:
            return None
        leads = good if table == "leads" else self.work.find(f"heads/{LEADS.name}")
        return latest_known(self.config, {"leads": leads, table: good})


@dataclass(frozen=True, slots=True)
class _Whole:
    """What became of a source's rows, its spans put together; ``latest`` is of its rows that are used."""

    counts: Counts
    quarantine: pl.DataFrame
    note: str
    latest: datetime | None


def sum_up(intake: Intake, tasks: Sequence[SpanTask]) -> TakenIn:
    """Put the spans' accounts together, and find the rows that share their key across spans."""
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
        notes.append(f"a sample of {kept:,} of {counts['leads'].rows_used:,} leads, each whole")
    read = {"calls": head(work, "read", "calls")} if "calls" in config.sources else {}
    heard = hear_calls(config, Validated(read, quarantine, counts, tuple(notes)))
    heads: dict[str, pl.DataFrame] = {table: head(work, "heads", table) for table in found}
    latest = max((one.latest for one in found.values() if one.latest), default=None)
    return TakenIn(work, replace(heard, tables=heads), intake.homes.count, latest)


def _whole(intake: Intake, table: TableName, tasks: Sequence[SpanTask]) -> _Whole:
    work = intake.work
    told = [work.find_words(f"taken/{task.name}") for task in tasks]
    bad = pl.concat(work.find(f"bad/{task.name}") for task in tasks)
    keyed = table != "leads" and all(work.has(f"keys/{task.name}") for task in tasks)
    repeated = intake.repeated(tasks) if keyed else no_bad_rows()
    work.keep(f"repeated/{table}", repeated.select("row_number").unique().sort("row_number"))
    more = int(repeated["row_number"].unique().is_in(bad["row_number"].implode()).not_().sum())
    both = pl.concat([bad, repeated]).sort("row_number", maintain_order=True)
    used = sum(one["rows_used"] for one in told) - more
    instants = [datetime.fromisoformat(one["latest"]) for one in told if one["latest"]]
    if instants and more:
        # What was the latest may have been a row that shares its key with one of another span.
        instants = [at for task in tasks if (at := intake.latest_without(task, repeated)) is not None]
    return _Whole(
        count_rows(sum(one["rows_in"] for one in told), used, both),
        both,
        describe_reading(table, intake.config.data_path(intake.config.sources[table].path), told),
        max(instants, default=None),
    )
