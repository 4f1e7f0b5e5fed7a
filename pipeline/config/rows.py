"""What a configuration says of a source's rows: where its header is, and which rows are wanted."""

from pathlib import Path
from typing import Annotated, Self

from pydantic import Field, field_validator, model_validator

from pipeline.config.strict import Strict

# A date's column and that of its time of day.
DateAndTime = Annotated[tuple[str, ...], Field(min_length=2, max_length=2)]


class RowSettings(Strict):
    """Which of a file's rows and columns are what.

    Attributes:
        path: the file, relative to ``data_dir``; CSV, CSV.gz, Parquet or Excel by its suffix.
        header_row: the row of the file in which the column names stand, where titles stand above it; the
            first one is 1, as in a spreadsheet or an editor.
        names: the file's columns in their order, where it has no header.
        columns: our column name -> the file's; for a time, the date's and the time of day's where they
            stand apart.
        where: a condition that rows are wanted for, in the language of rule schemes, over the columns by our
            names or the file's; a row that it cannot decide is kept, and counted.
        first_by, last_by: a column of which each value keeps one row, the first or the last in time.
        legs: of a call log, whether rows with one ``call_id`` are legs of one call: kept is a leg that
            was answered, else the longest.
    """

    path: str
    header_row: Annotated[int, Field(ge=1, le=1000)] | None = None
    names: tuple[str, ...] = ()
    columns: dict[str, str | Annotated[tuple[str, ...], Field(min_length=2, max_length=2)]] = Field(
        default={}
    )
    where: str | None = None
    first_by: str | None = None
    last_by: str | None = None
    legs: bool = False

    @field_validator("where")
    @classmethod
    def _readable(cls, where: str | None) -> str | None:
        if where is not None:
            # The parser of conditions takes long to load, and few sources need it.
            from features.schemes.conditions import parse_condition  # noqa: PLC0415

            parse_condition(where)
        return where

    @model_validator(mode="after")
    def _one_header(self) -> Self:
        if self.names and self.header_row:
            raise ValueError("names are for a file without a header, header_row for one with: remove one")
        if (self.names or self.header_row) and Path(self.path).suffix.lower() == ".parquet":
            raise ValueError("a Parquet file names its columns itself: remove names and header_row")
        if sum(map(bool, (self.first_by, self.last_by, self.legs))) > 1:
            raise ValueError("first_by, last_by and legs each keep one row: choose one of them")
        folded = [name.casefold() for name in self.names]
        if len(set(folded)) < len(folded):
            raise ValueError("names lists a column twice")
        return self

    def file_name(self, ours: str) -> str:
        """What the file calls a column of ours.

        >>> RowSettings(path="calls.csv", columns={"started_at": ("Date", "Time")}).file_name("started_at")
        'Date'
        """
        theirs = self.columns.get(ours, ours)
        return theirs if isinstance(theirs, str) else theirs[0]

    def clock_name(self, ours: str) -> str | None:
        """The file's column with the time of day, where that stands apart from the date."""
        theirs = self.columns.get(ours, ours)
        return None if isinstance(theirs, str) else theirs[1]
