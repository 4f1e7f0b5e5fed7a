"""Reading sources: files in any dialect to canonical, typed tables and the cells that could not be read."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import polars as pl

from features.tables import TableName
from pipeline.config.config import Config
from pipeline.errors import SourceError
from pipeline.files.dialect import DELIMITERS
from pipeline.files.raw_file import RawFile
from pipeline.files.source_file import WHOLE, RowRange, read_file, text_parts
from pipeline.files.text_parts import TextPart
from pipeline.privacy import mask, mask_text
from pipeline.reading.cells import CellTypeError, Reading, read_cells, to_text
from pipeline.reading.columns import Wanted, check_column_names, match_columns, theirs, wanted_columns
from pipeline.reading.quarantine import bad_rows, no_bad_rows

_FREE_TEXT = "transcript"


@dataclass(frozen=True, slots=True)
class RawTable:
    """A source as read: typed, not yet checked.

    Attributes:
        table: which source.
        path: its file.
        frame: ``row_number`` (1 = first row below the header) and the canonical columns found;
            for leads also attributes, outcome and cohort columns. An unreadable cell is missing.
        bad_cells: quarantine rows of unreadable cells, and of rows with too many or too few cells.
        rows_in: rows of the file with any cell filled.
        blank_rows: rows with none.
        names: canonical column -> the file's name for it.
        ignored_columns: the file's columns that nothing asks for.
        keyed: whether the table's key was in the file; a flat list may have none.
        encoding: of a text file, else empty.
        delimiter: of a text file, else empty.
    """

    table: TableName
    path: Path
    frame: pl.DataFrame
    bad_cells: pl.DataFrame
    rows_in: int
    blank_rows: int
    names: Mapping[str, str]
    ignored_columns: tuple[str, ...]
    keyed: bool
    encoding: str
    delimiter: str

    @property
    def account(self) -> dict[str, Any]:
        """What ``describe_reading`` tells of it, as JSON knows it."""
        names = ("rows_in", "blank_rows", "ignored_columns", "encoding", "delimiter")
        return {name: getattr(self, name) for name in names}


def describe_reading(table: TableName, path: Path, accounts: Sequence[Mapping[str, Any]]) -> str:
    """Say in one line what was read and how, for the user to check.

    Args:
        table: which source.
        path: its file.
        accounts: of its spans, each a ``RawTable.account``.
    """
    rows, blank = (sum(one[name] for one in accounts) for name in ("rows_in", "blank_rows"))
    encoding, delimiter = accounts[0]["encoding"], accounts[0]["delimiter"]
    parts = [f"{table}: {path.name}, {rows:,} rows"]
    if encoding:
        parts.append(f"{encoding}, {DELIMITERS.get(delimiter, repr(delimiter))}-separated")
    if blank:
        parts.append(f"{blank:,} blank rows left out")
    if accounts[0]["ignored_columns"]:
        parts.append(f"ignored columns: {', '.join(accounts[0]['ignored_columns'])}")
    return "; ".join(parts)


def read_source(
    config: Config,
    table: TableName,
    *,
    outcome: bool = True,
    now: datetime | None = None,
    span: RowRange = WHOLE,
    part: TextPart | None = None,
    coded: Mapping[str, pl.DataType] | None = None,
) -> RawTable:
    """Read one source, or a span of its rows, into its canonical columns.

    Args:
        config: the configuration; its ``sources[table]`` says which file and dialect.
        table: which source.
        outcome: whether the columns of the label and the cohort must be there; a list to be
            scored has none yet.
        now: events after it are in the future, where the source does not say when it was
            exported; `latest_event` when left out.
        span: which of its rows, from ``files.spans``.
        part: of a text file, from ``text_parts_of``.
        coded: columns of words that come as categories where they can, and as which.

    Raises:
        SourceError: the file is missing, empty, broken, in another dialect, or lacks a column.
        ConfigError: the source maps a column that is none of ours.
    """
    source, key = config.sources[table], f"sources.{table}"
    path = config.data_path(source.path)
    wanted = wanted_columns(config, table, outcome)
    check_column_names(config, table, wanted)
    needed = theirs((w for w in wanted if w.required), source)
    raw = read_file(path, source, theirs(wanted, source), needed, span, part)
    found = match_columns(path, key, wanted, source, raw.header)
    read = _Reader(config, table, path, now or latest_event(config), coded or {})
    frame, bad = read.table_of(raw, found)
    keyed = table != "leads" or "lead_id" in frame.columns
    if not keyed:
        frame = frame.insert_column(1, frame["row_number"].cast(pl.String).alias("lead_id"))
    used = {position for position, _ in found}
    return RawTable(
        table=table,
        path=path,
        frame=frame,
        bad_cells=bad,
        rows_in=len(raw.cells) + len(raw.ragged),
        blank_rows=raw.blank_rows,
        names={column.name: raw.header[position] for position, column in found},
        ignored_columns=tuple(h for i, h in enumerate(raw.header) if h and i not in used),
        keyed=keyed,
        encoding=raw.encoding,
        delimiter=raw.delimiter,
    )


def text_parts_of(config: Config, table: TableName, *, outcome: bool) -> Iterator[TextPart]:
    """The parts in which a source that is a text file is read, as ``read_source`` reads them.

    Raises:
        SourceError: as ``read_source``.
    """
    source, wanted = config.sources[table], wanted_columns(config, table, outcome)
    needed = theirs((w for w in wanted if w.required), source)
    return text_parts(config.data_path(source.path), source, theirs(wanted, source), needed)


def latest_event(config: Config) -> datetime:
    """Nothing that is known is later: the clock's time, or the latest export if the clock is behind it."""
    exports = [source.exported_at for source in config.sources.values() if source.exported_at]
    return max([datetime.now(UTC), *exports])


def _ragged(table: TableName, raw: RawFile) -> pl.DataFrame:
    return bad_rows(table, raw.ragged["row_number"], "", None, raw.ragged["reason"], mask)


@dataclass(frozen=True, slots=True)
class _Reader:
    config: Config
    table: TableName
    path: Path
    now: datetime
    coded: Mapping[str, pl.DataType]

    def table_of(
        self, raw: RawFile, found: Sequence[tuple[int, Wanted]]
    ) -> tuple[pl.DataFrame, pl.DataFrame]:
        """The columns that were found, by their places in the file, and their cells that cannot be read."""
        columns, bad = [raw.cells["row_number"]], [_ragged(self.table, raw)]
        for position, column in found:
            values, problems = self.column(raw, position, column)
            columns.append(values)
            bad.append(problems)
        frame = pl.DataFrame(columns)
        value = next((place for place, wanted in found if wanted.name == "value"), None)
        if self.table == "facts" and value is not None:
            frame, problems = self.dated_values(frame, raw.header[value])
            bad.append(problems)
        return frame, pl.concat(bad)

    def column(self, raw: RawFile, position: int, column: Wanted) -> tuple[pl.Series, pl.DataFrame]:
        cells = raw.cells[str(position)]
        try:
            values, problems = read_cells(cells, self._reading(column))
        except CellTypeError as error:
            raise SourceError(f"{self.path}: the column {raw.header[position]!r} {error}") from None
        if problems is None:
            return values.alias(column.name), no_bad_rows()
        bad = problems.is_not_null()
        numbers = raw.cells["row_number"].filter(bad)
        shown = to_text(cells.filter(bad))
        show = self._mask(column)
        return values.alias(column.name), bad_rows(
            self.table, numbers, raw.header[position], shown, problems.filter(bad), show
        )

    def dated_values(self, facts: pl.DataFrame, header: str) -> tuple[pl.DataFrame, pl.DataFrame]:
        """Write numbers and dates among dated facts in one way: ``1234.5``, ``2024-05-28T08:03:00Z``."""
        value, bad = facts["value"], [no_bad_rows()]
        for name, attribute in self.config.attributes.items():
            if attribute.known != "dated" or attribute.kind not in ("numeric", "date"):
                continue
            rows = (facts["field"] == name).fill_null(False).arg_true()
            column = Wanted(name, name, "real" if attribute.kind == "numeric" else "instant")
            cells = facts["value"].gather(rows)
            values, problems = read_cells(cells, self._reading(column))
            text = values.cast(pl.String) if attribute.kind == "numeric" else values.dt.to_string("%FT%TZ")
            value = value.scatter(rows, text)
            if problems is None:
                continue
            wrong = problems.is_not_null()
            numbers = facts["row_number"].gather(rows).filter(wrong)
            bad.append(bad_rows("facts", numbers, header, cells.filter(wrong), problems.filter(wrong), mask))
        return facts.with_columns(value.alias("value")), pl.concat(bad)

    def _reading(self, column: Wanted) -> Reading:
        source = self.config.sources[self.table]
        exported = source.exported_at
        return Reading(
            key=f"sources.{self.table}",
            ours=column.ours,
            kind=column.kind,
            source=source,
            zone=source.timezone or self.config.timezone,
            currency_digits=self.config.currency_digits,
            latest=(exported or self.now) if column.event else None,
            latest_is=f"after the export ({exported:%Y-%m-%d %H:%M} UTC)" if exported else "in the future",
            coded=self.coded.get(column.name),
        )

    def _mask(self, column: Wanted) -> Callable[[object], str]:
        attribute = self.config.attributes.get(column.name)
        free = column.name == _FREE_TEXT or column.kind == "text" or (attribute and attribute.kind == "text")
        return mask_text if free else mask
