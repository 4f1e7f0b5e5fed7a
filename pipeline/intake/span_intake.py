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
from pipeline.intake.joining import Joining
from pipeline.intake.one_per_key import OnePerKey
from pipeline.intake.orders import laid_orders
from pipeline.intake.outcomes import LABEL_SOURCE, latest_known
from pipeline.intake.unused_rows import tell_outcomes, tell_repeated, undated_apart
from pipeline.intake.work_folder import SpanTask, Store
from pipeline.reading.ingest import RawTable, read_source, text_parts_of
from pipeline.reading.orphans import KnownKeys
from pipeline.reading.quarantine import no_bad_rows
from pipeline.reading.row_checks import duplicate_problems, key_hashes, key_of, with_key
from pipeline.reading.validate import (
    RowProblems,
    row_problems,
    without,
)
from pipeline.transcripts.hearing import Hearing, listen, missing, read_hearing
from pipeline.transcripts.reader import Account, log_sides

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
        needed: as for ``ingest.read_source``.
        speakers: the sides of labels in transcripts as a scorer knows them; told by the log when left out.
    """

    config: Config
    work: Store
    whole: bool
    outcome: bool
    now: datetime
    most_leads: int | None = None
    needed: tuple[str, ...] | None = None
    speakers: Mapping[str, str] | None = None

    def take_leads(self) -> None:
        """Take the lead list in, which says who is a stranger and how many buckets there are."""
        raw = self._read(LEADS)
        found = row_problems(raw, None)
        one = OnePerKey.of(self.config, raw)
        repeated = no_bad_rows() if one and one.replaces_key else duplicate_problems(raw, found.faulty)
        bad = pl.concat([found.all, repeated])
        leads = without(raw.frame, bad)
        if one:
            unwanted = one.unwanted(one.candidates(leads))
            leads = leads.filter(~pl.col("row_number").is_in(unwanted.implode()))
            raw = replace(raw, left_out=raw.left_out + len(unwanted))
        kept = leads if self.most_leads is None else drawn_leads(leads, self.most_leads)
        homes = Homes.of(kept, bucket_count(kept.height))
        self.work.keep_words("homes/count", {"buckets": homes.count})
        self.work.keep("homes/leads", homes.leads)
        self.work.keep("homes/owners", homes.owners)
        self.work.keep("homes/known", leads.select(pl.col("^(lead_id|customer_id|created_at)$")))
        refused = raw.frame.select("lead_id").drop_nulls().unique()
        self.work.keep("homes/refused", refused.join(leads, on="lead_id", how="anti"))
        self._keep(LEADS, raw, leads, bad, homes)
        tell_outcomes(self.config, self.work, homes, LEADS, raw, found)
        tell_repeated(self.config, self.work, homes, LEADS, raw, found.all["row_number"], repeated)

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
    def joining(self) -> Joining:
        """By what rows find their leads."""
        return Joining(self.work.find("homes/known"))

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

    def _is_one_of_several(self, task: SpanTask) -> bool:
        cut = f"text/{task.table}"
        if self.work.has_words(cut):
            return len(self.work.find_words(cut)["firsts"]) > 1
        return task.span.rows is not None

    def take(self, task: SpanTask) -> None:
        """Take a span in; one that is in already is not touched."""
        if not self.work.has_words(f"taken/{task.name}"):
            self._take(task, self.speakers or {})

    def heard_otherwise(self, tasks: Sequence[SpanTask]) -> list[SpanTask]:
        """The spans whose calls are heard otherwise now that the whole log has told the sides of labels.

        What the log tells is found from all spans and kept; a scorer's knowledge comes instead of it.
        """
        mine = [task for task in tasks if self.work.has_words(f"heard/{task.name}")]
        if not self.work.has_words("speakers"):
            told = self.speakers if self.speakers is not None else log_sides(map(self.account, mine))
            self.work.keep_words("speakers", told)
        if self.speakers is not None:
            return []
        log = self.log
        return [
            task
            for task in mine
            if self.account(task).would_change(log) and not self.work.has_words(f"again/{task.name}")
        ]

    def take_again(self, task: SpanTask) -> None:
        """Take a span of the calls in once more, by what the whole log tells of labels."""
        self._take(task, self.log)
        self.work.keep_words(f"again/{task.name}", {})

    @property
    def log(self) -> dict[str, str]:
        """The sides of labels over the whole log."""
        return self.work.find_words("speakers")

    def account(self, task: SpanTask) -> Account:
        """What became of a span's transcripts."""
        name = f"heard/{task.name}"
        return Account(**self.work.find_words(name)) if self.work.has_words(name) else Account()

    def _take(self, task: SpanTask, log: Mapping[str, str]) -> None:
        raw = self._read(task, CALL_DTYPES if task.table == "calls" else None)
        found = self._problems(raw)
        tell_outcomes(self.config, self.work, self.homes, task, raw, found)
        good = without(raw.frame, found.all)
        one = OnePerKey.of(self.config, raw)
        if one:
            self.work.keep(f"candidates/{task.name}", one.candidates(good))
        if key_of(raw) and not (one and one.replaces_key):
            self.work.keep(f"keys/{task.name}", key_hashes(raw).to_frame())
        self.work.keep(f"read/{task.name}", good.head(0))
        intents = self.config.intents
        if task.table == "calls" and missing(good, intents.flow_lines, intents.version):
            heard = listen(good, self.hearing.with_log(log))
            good = heard.calls
            self.work.keep_words(f"heard/{task.name}", heard.account.words())
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
        read = [(raw := self._read(task), self._problems(raw)) for task in concerned]
        rows = pl.concat(with_key(raw, doubled) for raw, _ in read)
        faulty = pl.concat(found.faulty for _, found in read)
        repeated = duplicate_problems(replace(read[0][0], frame=rows), faulty)
        for task, (raw, found) in zip(concerned, read, strict=True):
            tell_repeated(self.config, self.work, self.homes, task, raw, found.all["row_number"], repeated)
        return repeated

    def unwanted(self, tasks: Sequence[SpanTask], repeated: pl.DataFrame) -> pl.Series:
        """Numbers of a source's rows instead of which another of their key is wanted."""
        named = [task for task in tasks if self.work.has(f"candidates/{task.name}")]
        one = OnePerKey.of(self.config, self._read(named[0])) if named else None
        if one is None:
            return pl.Series([], dtype=pl.Int64)
        candidates = pl.concat(self.work.find(f"candidates/{task.name}") for task in named)
        return one.unwanted(without(candidates, repeated))

    def _keys(self, task: SpanTask) -> npt.NDArray[np.uint64]:
        return self.work.find(f"keys/{task.name}").to_series().to_numpy()

    def _read(self, task: SpanTask, coded: Mapping[str, pl.DataType] | None = None) -> RawTable:
        raw = read_source(
            self.config,
            task.table,
            outcome=self.outcome,
            now=self.now,
            span=task.span,
            part=self._part(task),
            coded=coded,
            one_of_several=self._is_one_of_several(task),
            needed=self.needed,
        )
        return raw if task.table == "leads" else self.joining.joined(raw)

    def _problems(self, raw: RawTable) -> RowProblems:
        return undated_apart(self.config, raw, row_problems(raw, self.known if self.whole else None))

    def _laid(self, table: TableName, good: pl.DataFrame) -> pl.DataFrame:
        if table != "orders" or "lead_id" not in good.columns:
            return good
        refused = self.work.find("homes/refused")["lead_id"] if self.whole else None
        separator = self.config.sources["orders"].separator
        return laid_orders(good, self.known, refused, separator)

    def _keep(
        self, task: SpanTask, raw: RawTable, good: pl.DataFrame, bad: pl.DataFrame, homes: Homes
    ) -> None:
        rows, sizes = homes.sort(task.table, laid := self._laid(task.table, good))
        if rows.height:
            self.work.keep_parts(f"rows/{task.name}", rows, sizes)
        self.work.keep(f"bad/{task.name}", bad)
        self.work.keep(f"heads/{task.name}", laid.head(0))
        latest = self._latest(task.table, good)
        taken = {"rows_in": raw.rows_in, "rows_used": good.height, "latest": latest and latest.isoformat()}
        self.work.keep_words(f"taken/{task.name}", taken | raw.account | {"began": _began(raw)})

    def latest_without(self, task: SpanTask, gone: pl.Series) -> datetime | None:
        """The latest instant of a span of the label's source, but for rows of these numbers."""
        raw = self._read(task)
        good = without(raw.frame, self._problems(raw).all)
        return self._latest(task.table, good.filter(~pl.col("row_number").is_in(gone.implode())))

    def _latest(self, table: TableName, good: pl.DataFrame) -> datetime | None:
        if table != LABEL_SOURCE[self.config.label.close]:
            return None
        leads = good if table == "leads" else self.work.find(f"heads/{LEADS.name}")
        return latest_known(self.config, {"leads": leads, table: good})


def _began(raw: RawTable) -> str | None:
    """Of facts the first instant, of whomever: from then on their history tells what was changed."""
    first = raw.frame["known_at"].min() if raw.table == "facts" else None
    return first.isoformat() if isinstance(first, datetime) else None
