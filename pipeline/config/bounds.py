"""How large a source may be: what has more would take the machine's memory, and is refused with the bound."""

from typing import Annotated

from pydantic import Field

from pipeline.config.strict import Strict


class SourceBounds(Strict):
    """The most that is read of a source; whoever has more sets the bound that the message names.

    Attributes:
        unpacked_mb: MiB of a packed file (.gz, workbook, row group of Parquet) once it is unpacked.
        row_mb: MiB of a row of a text file.
        columns: columns of a table.
        sheets: sheets of a workbook.
        cells: cells of a sheet, from its first filled row and column to its last ones.
        cell_characters: bytes of a cell's text; a row with a longer one is quarantined.
    """

    unpacked_mb: Annotated[int, Field(ge=1, le=1 << 20)] = 4096
    row_mb: Annotated[int, Field(ge=1, le=1024)] = 64
    columns: Annotated[int, Field(ge=1, le=100_000)] = 10_000
    sheets: Annotated[int, Field(ge=1, le=10_000)] = 200
    cells: Annotated[int, Field(ge=1, le=1 << 30)] = 32_000_000
    cell_characters: Annotated[int, Field(ge=100, le=1 << 30)] = 1_000_000
