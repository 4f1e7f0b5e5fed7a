"""Whether the spans of a file read each of its columns in one way."""

from collections.abc import Mapping, Sequence
from itertools import accumulate
from typing import Any

from features.tables import TableName
from pipeline.cells.column_wide import parted_spans
from pipeline.config.config import Config
from pipeline.errors import SourceError


def check_spans_agree(config: Config, table: TableName, accounts: Sequence[Mapping[str, Any]]) -> None:
    """Refuse a source of which two spans read a column otherwise: one of them reads it wrongly.

    Args:
        config: the configuration.
        table: which source.
        accounts: of all its spans in their order, each a ``RawTable.account``.

    Raises:
        SourceError: names the column, both ways, the rows, and what settles it.
    """
    columns = dict.fromkeys(name for one in accounts for name in one["decided"])
    for name in columns:
        parted = parted_spans([one["decided"].get(name, {}) for one in accounts], f"sources.{table}")
        if parted is not None:
            first, other, words = parted
            rows = _rows(accounts)
            told = words.replace("{0}", rows[first]).replace("{1}", rows[other])
            path = config.data_path(config.sources[table].path)
            raise SourceError(f"{path}: the column {name!r} {told}")


def _rows(accounts: Sequence[Mapping[str, Any]]) -> list[str]:
    ends = [*accumulate(one["rows_in"] + one["blank_rows"] for one in accounts)]
    return [f"rows {start + 1:,} to {end:,}" for start, end in zip([0, *ends], ends, strict=False)]
