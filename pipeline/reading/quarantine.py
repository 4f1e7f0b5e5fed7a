"""Bad rows: what is wrong with which row, masked, and the file that says so."""

import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Literal

import polars as pl

from pipeline.errors import OutputError
from pipeline.files.cell_text import escaped_texts
from pipeline.left_over import part_name
from pipeline.privacy import mask, mask_name
from pipeline.targets import Target

# What is wrong with a row: a fault of its own, a key that it shares with another one (of equal content, or
# not), or only that it is of nobody on the list, or tells an outcome without its date.
Kind = Literal["fault", "copy", "conflict", "stranger", "undated"]

# Rows that hold a word which people write where it is not expected, such as a stage.
_COMMON = 5

# The columns of the file.
SCHEMA = {
    "source": pl.String,
    "row_number": pl.Int64,
    "column": pl.String,
    "value": pl.String,
    "reason": pl.String,
}


def bad_rows(
    source: str,
    row_number: pl.Series,
    column: str,
    value: pl.Series | None,
    reason: pl.Series | str,
    show: Callable[[object], str],
    kind: Kind = "fault",
) -> pl.DataFrame:
    """Say what is wrong with some rows of a source, one line a row and reason.

    Args:
        source: the source's name.
        row_number: numbers of the bad rows.
        column: the file's name of the column; empty where the whole row is bad.
        value: the bad values, or None where there are none to show.
        reason: what is wrong with each.
        show: how a value is masked.
        kind: of what is wrong, by which rows are told apart; the reason is for people.
    """
    if not len(row_number):
        return no_bad_rows()
    frame = pl.DataFrame({"row_number": row_number})
    reasons = pl.lit(reason) if isinstance(reason, str) else reason
    values = pl.lit("") if value is None else masked(value, show).fill_null("")
    return frame.select(
        source=pl.lit(source),
        row_number=pl.col("row_number").cast(pl.Int64),
        column=pl.lit(column),
        value=values,
        reason=reasons,
        kind=pl.lit(kind, pl.String),
    )


def no_bad_rows() -> pl.DataFrame:
    """Return a quarantine without rows."""
    return pl.DataFrame(schema={**SCHEMA, "kind": pl.String})


def of_kind(*kinds: Kind) -> pl.Expr:
    """Which lines of a quarantine are of some kinds."""
    return pl.col("kind").is_in(kinds)


def masked(values: pl.Series, show: Callable[[object], str]) -> pl.Series:
    """Mask each value, each different one once; also what is written like a name and held by few rows.

    >>> from pipeline.privacy import mask
    >>> masked(pl.Series(["13800138021", None]), mask).to_list()
    ['138******21', None]
    """
    text = values.cast(pl.String)
    held = text.drop_nulls().alias("word").value_counts(name="rows")
    if held.is_empty():
        return text
    words, rows = held["word"], held["rows"]
    shown = [
        mask_name(word) if show is mask and number < _COMMON else show(word)
        for word, number in zip(words, rows, strict=True)
    ]
    return text.replace_strict(words, pl.Series(shown, dtype=pl.String), default=None)


def write_quarantine(frame: pl.DataFrame, path: Target, *, escape: bool = True) -> None:
    """Write bad rows as UTF-8 CSV, whole or not at all; without bad rows, the header alone.

    Args:
        frame: the bad rows.
        path: where to write.
        escape: whether cells are kept from being formulas, as ``cell_text`` says.

    Raises:
        OutputError: the file cannot be written there.
    """
    temporary: str | None = None
    told = frame.select(*SCHEMA)
    if escape:
        told = told.with_columns(escaped_texts(told[name]) for name in ("column", "value", "reason"))
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f"{part_name(path.name)}.")
        with os.fdopen(handle, "wb") as file:
            told.write_csv(file)
        Path(temporary).replace(path)
    except OSError as error:
        if temporary:
            Path(temporary).unlink(missing_ok=True)
        why = error.strerror or error
        raise OutputError(
            f"{path}: cannot be written ({why}); set output_dir to a folder you may write"
        ) from None
