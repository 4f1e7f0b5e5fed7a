"""What a configuration says of a source's rows: where its header is, and which rows are wanted."""

from pathlib import Path
from typing import Annotated, Self

from pydantic import Field, model_validator

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
    """

    path: str
    header_row: Annotated[int, Field(ge=1, le=1000)] | None = None
    names: tuple[str, ...] = ()
    columns: dict[str, str | Annotated[tuple[str, ...], Field(min_length=2, max_length=2)]] = Field(
        default={}
    )

    @model_validator(mode="after")
    def _one_header(self) -> Self:
        if self.names and self.header_row:
            raise ValueError("names are for a file without a header, header_row for one with: remove one")
        if (self.names or self.header_row) and Path(self.path).suffix.lower() == ".parquet":
            raise ValueError("a Parquet file names its columns itself: remove names and header_row")
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
