"""Cells as text: one way of writing them, and what nobody sees in them."""

from collections.abc import Mapping

import numpy as np
import polars as pl

from pipeline.cells.reading import CellKind

_FIRST_VISIBLE, _LAST_VISIBLE = ord("!"), ord("~")


_TYPED: Mapping[CellKind, pl.DataType] = {"whole": pl.Int64(), "yes_no": pl.Boolean()}

# Signs that nobody sees and that come with copied text: of no width, of direction, soft hyphens.
_INVISIBLE = r"[\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]"
_QUOTED = r'^="(.*)"$'


class CellTypeError(ValueError):
    """A Parquet column is of a type that holds no plain values, such as a list."""


def to_text(cells: pl.Series, null_words: tuple[str, ...] = ()) -> pl.Series:
    """Return cells as trimmed text; empty ones and null words are missing, 12.0 reads 12.

    >>> to_text(pl.Series([12.0, 0.5, None])).to_list()
    ['12', '0.5', None]

    Raises:
        CellTypeError: the column holds lists or other nested values.
    """
    dtype = cells.dtype
    if dtype.is_nested() or dtype in (pl.Binary, pl.Object):
        raise CellTypeError(f"holds {dtype} values; write plain text or numbers")
    if dtype.is_float():
        whole = (cells == cells.round()) & (cells.abs() < 1e15)
        numbers = cells.fill_nan(None)
        integers = numbers.set(~whole.fill_null(False), None).cast(pl.Int64).cast(pl.String)
        text = integers.zip_with(integers.is_not_null(), numbers.cast(pl.String))
    elif isinstance(dtype, pl.Datetime | pl.Date | pl.Time | pl.Duration):
        text = cells.dt.to_string("iso")
    else:
        text = cells.cast(pl.String)
    if not is_plain(text):
        text = text.str.replace_all(_INVISIBLE, "").str.strip_chars(" \t\r\n\u00a0\u3000\u200c\u200d")
    if dtype == pl.String and text.str.starts_with('="').any():  # how a spreadsheet is told that it is text
        text = text.str.replace(_QUOTED, "$1")
    empty = text.is_in(["", *null_words])
    return text.set(empty, None) if empty.any() else text


def holds_invisible(cells: pl.Series) -> bool:
    """Whether signs that nobody sees stand in cells of text: they are dropped, which is to be said.

    >>> holds_invisible(pl.Series(["L\u200b1"])), holds_invisible(pl.Series(["L 1"]))
    (True, False)
    """
    if cells.dtype != pl.String or is_plain(cells):
        return False
    return bool(cells.str.contains(_INVISIBLE).any())


def is_plain(text: pl.Series) -> bool:
    """Whether all letters are ASCII's visible ones: keys mostly are, and then there is nothing to trim.

    >>> is_plain(pl.Series(["a-1", "", None])), is_plain(pl.Series(["a 1"])), is_plain(pl.Series(["甲"]))
    (True, False, False)
    """
    letters = text.to_arrow(compat_level=pl.CompatLevel.oldest()).buffers()[2]
    codes = np.frombuffer(letters or b"", np.uint8)
    return bool(codes.min(initial=_FIRST_VISIBLE) >= _FIRST_VISIBLE and codes.max(initial=0) <= _LAST_VISIBLE)
