"""One source's cells to its canonical columns, its bad cells, and which rows are wanted."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from itertools import product
from pathlib import Path
from typing import Any

import polars as pl

from features.tables import TableName
from pipeline.cells.cells import read_cells
from pipeline.cells.column_wide import decided_by
from pipeline.cells.date_and_time import DatesWithTimes, put_together
from pipeline.cells.reading import CellKind, Reading
from pipeline.cells.text import CellTypeError, to_text
from pipeline.config.config import Config
from pipeline.errors import ConfigError, SourceError
from pipeline.files.raw_file import RawFile
from pipeline.privacy import mask, mask_text
from pipeline.reading.columns import Wanted
from pipeline.reading.quarantine import bad_rows, no_bad_rows
from pipeline.reading.row_condition import ReadColumn, decisions

_FREE_TEXT = "transcript"
_VALUES = ("value", "old_value")
# How many of the units in which a table keeps them one of the units is in which people do.
_UNITS = {"milliseconds": 1000, "ppm": 1_000_000}


@dataclass(frozen=True, slots=True)
class TableReader:
    """Reads the columns of one source.

    Attributes:
        config: the configuration.
        table: which source.
        path: its file.
        now: events after it are in the future, where the source does not say when it was exported.
        coded: columns of words that come as categories where they can, and as which.
        clocks: where the time of day stands of times whose date stands in a column of its own.
    """

    config: Config
    table: TableName
    path: Path
    now: datetime
    coded: Mapping[str, pl.DataType]
    clocks: Mapping[str, int]

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
        for place, column in self._of_facts(found):
            frame, problems = self.dated_values(frame, column.name, raw.header[place])
            bad.append(problems)
        return frame, pl.concat(bad)

    def _of_facts(self, found: Sequence[tuple[int, Wanted]]) -> list[tuple[int, Wanted]]:
        """The columns that hold values of dated facts, whose field says what they are."""
        return [one for one in found if self.table == "facts" and one[1].name in _VALUES]

    def column(self, raw: RawFile, position: int, column: Wanted) -> tuple[pl.Series, pl.DataFrame]:
        """The values of a column, and its cells that cannot be read."""
        cells = shown = raw.cells[str(position)]
        half: pl.Series | None = None
        try:
            if column.name in self.clocks:
                whole = self._with_clock(raw, position, column)
                cells, shown, half = whole.text, whole.shown, whole.problems
            values, problems = read_cells(cells, self._reading(column), raw.numbers.get(str(position)))
        except CellTypeError as error:
            raise SourceError(f"{self.path}: the column {raw.header[position]!r} {error}") from None
        if half is not None:
            problems = half if problems is None else half.zip_with(half.is_not_null(), problems)
        if problems is None:
            return values.alias(column.name), no_bad_rows()
        bad = problems.is_not_null()
        numbers = raw.cells["row_number"].filter(bad)
        shown = to_text(shown.filter(bad))
        show = self._mask(column)
        return values.alias(column.name), bad_rows(
            self.table, numbers, raw.header[position], shown, problems.filter(bad), show
        )

    def decided(
        self, raw: RawFile, found: Sequence[tuple[int, Wanted]], frame: pl.DataFrame
    ) -> dict[str, dict[str, Any]]:
        """What each column decides as a whole, by the file's name for it, from ``column_wide``.

        Args:
            raw: the file's cells.
            found: the columns that were found, by their places in the file.
            frame: what ``table_of`` made of them.
        """
        told = {raw.header[p]: decided_by(self._cells(raw, p, one), self._reading(one)) for p, one in found}
        for (place, _), column in product(self._of_facts(found), self._dated()):
            cells = raw.cells[str(place)].filter((frame["field"] == column.name).fill_null(False))
            told[f"{raw.header[place]} of {column.name}"] = decided_by(cells, self._reading(column))
        return {name: one for name, one in told.items() if one}

    def _cells(self, raw: RawFile, position: int, column: Wanted) -> pl.Series:
        if column.name in self.clocks:
            return self._with_clock(raw, position, column).text
        return raw.cells[str(position)]

    def _with_clock(self, raw: RawFile, position: int, column: Wanted) -> DatesWithTimes:
        clocks = raw.cells[str(self.clocks[column.name])]
        return put_together(raw.cells[str(position)], clocks, self.config.sources[self.table].null_values)

    def _dated(self) -> list[Wanted]:
        """The dated attributes whose values are numbers or dates."""
        kinds: Mapping[str, CellKind] = {"numeric": "real", "date": "instant"}
        return [
            Wanted(name, name, kinds[one.kind])
            for name, one in self.config.attributes.items()
            if one.known == "dated" and one.kind in kinds
        ]

    def wanted(
        self,
        raw: RawFile,
        found: Sequence[tuple[int, Wanted]],
        frame: pl.DataFrame,
        *,
        absent_is_missing: bool,
    ) -> tuple[pl.Series, list[tuple[int, Wanted]]]:
        """Whether the configuration wants each row, missing where that cannot be told; what else was read."""
        source = self.config.sources[self.table]
        known: dict[str, ReadColumn] = {}
        for position, column in found:
            unit = _UNITS.get(column.kind, 1)
            if column.kind == "minor_units":
                unit = 10**self.config.currency_digits
            as_kept = ReadColumn(frame[column.name], column.kind)
            known |= {
                raw.header[position]: replace(as_kept, unit=unit),
                column.ours: replace(as_kept, unit=unit),
            }
            known[column.name] = as_kept

        more: list[tuple[int, Wanted]] = []

        def read(position: int, kind: CellKind) -> pl.Series:
            more.append((position, Wanted("", "", kind)))
            numbers = raw.numbers.get(str(position))
            return read_cells(raw.cells[str(position)], self._reading(more[-1][1]), numbers)[0]

        others = {name: partial(read, place) for place, name in enumerate(raw.header) if name not in known}
        try:
            holds = decisions(
                source.where or "", known, others, self._zone, absent_is_missing=absent_is_missing
            )
        except ValueError as error:
            raise ConfigError(f"{self.config.path}: sources.{self.table}.where: {error}") from None
        return holds, more

    @property
    def _zone(self) -> str:
        return self.config.sources[self.table].timezone or self.config.timezone

    def dated_values(self, facts: pl.DataFrame, name: str, header: str) -> tuple[pl.DataFrame, pl.DataFrame]:
        """Write numbers and dates among dated facts in one way: ``1234.5``, ``2024-05-28T08:03:00Z``."""
        value, bad = facts[name], [no_bad_rows()]
        for column in self._dated():
            rows = (facts["field"] == column.name).fill_null(False).arg_true()
            cells = facts[name].gather(rows)
            values, problems = read_cells(cells, self._reading(column))
            text = values.cast(pl.String) if column.kind == "real" else values.dt.to_string("%FT%TZ")
            value = value.scatter(rows, text)
            if problems is None:
                continue
            wrong = problems.is_not_null()
            numbers = facts["row_number"].gather(rows).filter(wrong)
            bad.append(bad_rows("facts", numbers, header, cells.filter(wrong), problems.filter(wrong), mask))
        return facts.with_columns(value.alias(name)), pl.concat(bad)

    def _reading(self, column: Wanted) -> Reading:
        source = self.config.sources[self.table]
        exported = source.exported_at
        return Reading(
            key=f"sources.{self.table}",
            ours=column.ours,
            kind=column.kind,
            source=source,
            zone=self._zone,
            currency_digits=self.config.currency_digits,
            currency=self.config.currency,
            latest=(exported or self.now) if column.event else None,
            latest_is=f"after the export ({exported:%Y-%m-%d %H:%M} UTC)" if exported else "in the future",
            coded=self.coded.get(column.name),
            is_id=column.name.endswith("_id") and column.kind == "word",
            is_attribute=column.name in self.config.attributes,
        )

    def _mask(self, column: Wanted) -> Callable[[object], str]:
        attribute = self.config.attributes.get(column.name)
        free = column.name == _FREE_TEXT or column.kind == "text" or (attribute and attribute.kind == "text")
        return mask_text if free else mask


def _ragged(table: TableName, raw: RawFile) -> pl.DataFrame:
    return bad_rows(table, raw.ragged["row_number"], "", None, raw.ragged["reason"], mask)
