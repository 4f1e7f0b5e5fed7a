"""A cell of a CSV file is text, whatever opens it: the escape of what a spreadsheet would calculate.

A spreadsheet makes a formula of a cell that begins with ``=``, ``+``, ``-`` or ``@``, in full width and
behind blanks too, and a formula may call programs and send what stands beside it away. Such a cell gets an
apostrophe in front, which spreadsheets take for *this is text*. One that has apostrophes already gets one
more, so that reading takes back exactly what writing put there.

Numbers, also with words behind them, telephone numbers and a sign alone are left as they are: there is
nothing in them to be called.

Source: OWASP, CSV Injection.
"""

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pandas as pd
import polars as pl

from pipeline.files.raw_file import RawFile

APOSTROPHE = "'"
_CALCULATED = re.compile(r"'*[\s\0-\x20]*[=+\-@＝＋－＠]")
# A number with words behind it, as reasons have it ("-2 months until ..."), calls and adds up nothing.
_SAID = re.compile(r"""'*\s*[+\-]\d[\d.,]*\s+[^(|!"&\[\]=+\-*/^@:<>（！＝＋－＠]*""")
_HARMLESS = re.compile(r"'*[\s\0-\x20]*[+\-＋－](?:\(?\d[\d .,()%\-]*(?:[eE][+-]?\d+)?)?\s*")


def escaped(text: str) -> str:
    r"""The text as a cell of a CSV file.

    >>> escaped('=HYPERLINK("http://x.example")'), escaped("@SUM(1)"), escaped("'=1"), escaped("\t=1")
    ('\'=HYPERLINK("http://x.example")', "'@SUM(1)", "''=1", "'\t=1")
    >>> [escaped(text) for text in ("+8613800138021", "-5", "-", "\tL1", "a=b", "'quoted'")]
    ['+8613800138021', '-5', '-', '\tL1', 'a=b', "'quoted'"]
    """
    return f"{APOSTROPHE}{text}" if _is_calculated(text) else text


def restored(text: str) -> str:
    """The text that ``escaped`` made a cell of.

    >>> restored("'@SUM(1)"), restored("''=1"), restored("'quoted'"), restored("=1")
    ('@SUM(1)', "'=1", "'quoted'", '=1')
    """
    return text[1:] if text.startswith(APOSTROPHE) and _is_calculated(text) else text


def _is_calculated(text: str) -> bool:
    harmless = _HARMLESS.fullmatch(text) or _SAID.fullmatch(text)
    return bool(_CALCULATED.match(text)) and not harmless


def escaped_frame(frame: pd.DataFrame) -> pd.DataFrame:
    """A frame with all its texts, and the names of its columns, as cells of a CSV file."""
    names = [escaped(name) if isinstance(name, str) else name for name in frame.columns]
    columns = [_escaped_column(column) for _, column in frame.items()]
    return pd.concat(columns, axis=1).set_axis(names, axis=1) if columns else frame


def csv_text(frame: pd.DataFrame) -> str:
    """A frame as the text of a CSV file, its cells escaped."""
    return escaped_frame(frame).to_csv(index=False)


def _escaped_column(column: "pd.Series[Any]") -> "pd.Series[Any]":
    if pd.api.types.is_any_real_numeric_dtype(column) or column.dtype.kind in "bmM":
        return column
    different = {text: escaped(text) for text in column.unique() if isinstance(text, str)}
    other = {text: cell for text, cell in different.items() if text != cell}
    if not other:
        return column
    return column.astype("object").map(lambda cell: other.get(cell, cell) if isinstance(cell, str) else cell)


def escaped_texts(column: pl.Series) -> pl.Series:
    """A column of texts as cells of a CSV file."""
    return _mapped(column, column.unique().drop_nulls(), escaped)


def restored_cells(raw: RawFile) -> RawFile:
    """A text file's cells and column names as they were before they were escaped."""
    marked = [
        column.name
        for column in raw.cells.iter_columns()
        if column.dtype == pl.String and column.str.starts_with(APOSTROPHE).any()
    ]
    cells = [_restored_column(raw.cells[name]) for name in marked]
    header = tuple(map(restored, raw.header))
    return replace(raw, header=header, cells=raw.cells.with_columns(cells)) if raw.encoding else raw


def _restored_column(column: pl.Series) -> pl.Series:
    return _mapped(
        column, column.filter(column.str.starts_with(APOSTROPHE).fill_null(False)).unique(), restored
    )


def _mapped(column: pl.Series, words: pl.Series, change: Callable[[str], str]) -> pl.Series:
    changed = {word: cell for word in words if (cell := change(word)) != word}
    return column.replace(changed) if changed else column
