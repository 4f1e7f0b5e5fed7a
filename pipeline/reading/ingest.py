"""Reading sources: files in any dialect to canonical, typed tables and the cells that could not be read."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import polars as pl

from features.tables import CONTRACTS, TableName
from pipeline.cells.garbled import holds_garbled
from pipeline.cells.text import holds_invisible
from pipeline.config.config import Config
from pipeline.files.cell_text import restored_cells
from pipeline.files.dialect import DELIMITERS
from pipeline.files.raw_file import complaints_in_one_line
from pipeline.files.source_file import WHOLE, RowRange, read_file, text_parts
from pipeline.files.text_parts import TextPart
from pipeline.reading.column_names import check_column_names
from pipeline.reading.columns import (
    HUMAN_NAMES,
    MAY_LACK_KEY,
    Wanted,
    clock_places,
    match_columns,
    theirs,
    wanted_columns,
)
from pipeline.reading.table_reader import TableReader

_TOLD = (
    *("rows_in", "blank_rows", "left_out", "undecided"),
    *(
        "ignored_columns",
        "cleaned_columns",
        "garbled_columns",
        "keyed",
        "encoding",
        "delimiter",
        "decided",
        "undated",
    ),
)


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
        cleaned_columns: the file's columns with signs that nobody sees, which were dropped.
        garbled_columns: the file's columns with texts that were decoded by a wrong encoding before.
        keyed: whether the table's key was in the file and identifies its rows; of a flat list,
            calls or orders it need not be, and the lines of an order share theirs.
        separator: what stands between several leads of a row, if that is declared.
        encoding: of a text file, else empty.
        delimiter: of a text file, else empty.
        as_written: of the columns that people keep in other units, the cells as they stand in the file.
        left_out: rows that the configuration does not want.
        undecided: rows for which it cannot be told whether it does; they are kept.
        undated: of the attributes that the lead list dates, how many values have no time.
        decided: of a span, what its columns decide as a whole, from ``TableReader.decided``.
    """

    table: TableName
    path: Path
    frame: pl.DataFrame
    bad_cells: pl.DataFrame
    rows_in: int
    blank_rows: int
    names: Mapping[str, str]
    ignored_columns: tuple[str, ...]
    cleaned_columns: tuple[str, ...]
    garbled_columns: tuple[str, ...]
    keyed: bool
    separator: str | None
    encoding: str
    delimiter: str
    as_written: pl.DataFrame
    left_out: int = 0
    undecided: int = 0
    undated: Mapping[str, int] = field(default_factory=dict)
    decided: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    @property
    def account(self) -> dict[str, Any]:
        """What ``describe_reading`` tells of it, as JSON knows it."""
        return {name: getattr(self, name) for name in _TOLD}


def describe_reading(table: TableName, path: Path, accounts: Sequence[Mapping[str, Any]]) -> str:
    """Say in one line what was read and how, for the user to check.

    Args:
        table: which source.
        path: its file.
        accounts: of its spans, each a ``RawTable.account``.
    """
    rows, blank, left_out, undecided = (sum(one[name] for one in accounts) for name in _TOLD[:4])
    encoding, delimiter = accounts[0]["encoding"], accounts[0]["delimiter"]
    parts = [f"{table}: {path.name}, {rows:,} rows"]
    if encoding:
        parts.append(f"{encoding}, {DELIMITERS.get(delimiter, repr(delimiter))}-separated")
    if blank:
        parts.append(f"{blank:,} blank rows left out")
    if left_out:
        parts.append(f"{left_out:,} left out by the configuration")
    if undecided:
        parts.append(f"{undecided:,} kept that where cannot decide")
    if not accounts[0]["keyed"]:
        parts.append(f"no {CONTRACTS[table].key[0]}: the row number is the key, repeated rows are not told")
    if accounts[0]["ignored_columns"]:
        parts.append(f"ignored columns: {', '.join(accounts[0]['ignored_columns'])}")
    undated = [f"{name} in {number:,} rows" for name, number in accounts[0]["undated"].items() if number]
    if undated:
        parts.append(f"without a time of entry, and so left out: {', '.join(undated)}")
    garbled = dict.fromkeys(name for one in accounts for name in one["garbled_columns"])
    if garbled:
        told = "decoded by a wrong encoding before they were saved, as é to Ã©: export again"
        parts.append(f"texts in {', '.join(garbled)} were {told}")
    cleaned = dict.fromkeys(name for one in accounts for name in one["cleaned_columns"])
    if cleaned:
        parts.append(f"invisible characters dropped in: {', '.join(cleaned)}")
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
    one_of_several: bool = False,
    needed: Collection[str] | None = None,
) -> RawTable:
    """Read one source, or a span of its rows, into its canonical columns.

    Args:
        config: the configuration; its ``sources[table]`` says which file and dialect.
        table: which source.
        outcome: whether the columns of the label and the cohort must be there; a list to be
            scored has none yet.
        now: events after it are in the future, where the source does not say when it was
            exported; `latest_event` when left out.
        span: which of its rows, from ``source_file.spans``.
        part: of a text file, from ``text_parts_of``.
        coded: columns of words that come as categories where they can, and as which.
        one_of_several: whether the file has other spans, with which it is to be compared.
        needed: the attributes that a list to be scored must have; all when left out.

    Raises:
        SourceError: the file is missing, empty, broken, in another dialect, or lacks a column.
        ConfigError: the source maps a column that is none of ours.
    """
    source, key = config.sources[table], f"sources.{table}"
    path = config.data_path(source.path)
    wanted = wanted_columns(config, table, outcome, needed)
    check_column_names(config, [table], outcome=outcome)
    needed = theirs((w for w in wanted if w.required), source)
    raw = read_file(path, source, theirs(wanted, source), needed, span, part)
    raw = restored_cells(raw) if config.escape_cells else raw
    found = match_columns(path, key, wanted, source, raw.header)
    clocks = clock_places(path, key, found, source, raw.header)
    read = TableReader(config, table, path, now or latest_event(config), coded or {}, clocks)
    with complaints_in_one_line(path):
        frame, bad = read.table_of(raw, found)
    own_key = CONTRACTS[table].key[0]
    keyed = table not in MAY_LACK_KEY or own_key in frame.columns
    if not keyed:
        frame = frame.insert_column(1, frame["row_number"].cast(pl.String).alias(own_key))
    used = {*clocks.values(), *(position for position, _ in found)}
    holds, more = None, list[tuple[int, Wanted]]()
    if source.where is not None:
        holds, more = read.wanted(raw, found, frame, absent_is_missing=table == "leads" and not outcome)
    decided = read.decided(raw, [*found, *more], frame) if one_of_several else {}
    if holds is not None:
        frame, bad = _without_unwanted(holds, frame, bad)
    return RawTable(
        table=table,
        path=path,
        frame=frame,
        bad_cells=bad,
        rows_in=len(raw.cells) + len(raw.ragged),
        blank_rows=raw.blank_rows,
        names={column.name: raw.header[position] for position, column in found},
        cleaned_columns=tuple(
            raw.header[place]
            for place, column in found
            if column.kind != "text" and holds_invisible(raw.cells[str(place)])
        ),
        garbled_columns=tuple(
            raw.header[place] for place, _ in found if holds_garbled(raw.cells[str(place)])
        ),
        ignored_columns=tuple(h for i, h in enumerate(raw.header) if h and i not in used),
        keyed=keyed and source.order_lines is None,
        separator=source.separator,
        encoding=raw.encoding,
        delimiter=raw.delimiter,
        as_written=raw.cells.select(
            "row_number",
            *(pl.col(str(place)).alias(one.name) for place, one in found if one.name in HUMAN_NAMES),
        ),
        left_out=0 if holds is None else int((~holds).sum()),
        undecided=0 if holds is None else holds.null_count(),
        undated=_undated(config, frame) if table == "leads" else {},
        decided=decided,
    )


def _undated(config: Config, leads: pl.DataFrame) -> dict[str, int]:
    """How many values of attributes that have a time of entry lack it: nobody knows when they were there."""
    told = {name: one.entered_at for name, one in config.attributes.items() if one.entered_at}
    return {
        name: int((leads[name].is_not_null() & leads[at].is_null()).sum())
        for name, at in told.items()
        if {name, at} <= set(leads.columns)
    }


def _without_unwanted(holds: pl.Series, *tables: pl.DataFrame) -> list[pl.DataFrame]:
    """Rows without those that ``holds`` says are not wanted, and what other tables tell of these."""
    unwanted = tables[0]["row_number"].filter(~holds.fill_null(value=True))
    return [one.filter(~pl.col("row_number").is_in(unwanted.implode())) for one in tables]


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
