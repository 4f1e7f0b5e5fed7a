"""A sheet of a workbook as data: a frame, and how each of its columns is headed and looks."""

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

import pandas as pd

from pipeline.config.workbook import Written
from pipeline.language.catalogue import Language

# Says something in a language: ``lambda to: translate("Grade", to)``.
Said = Callable[[Language], str]

# What a column holds, which says how its cells are written. ``code`` are texts that stay texts when somebody
# edits them, such as telephone numbers; ``day`` takes dates, ``moment`` local times without a zone, ``share``
# parts of one.
CellFormat = Literal["text", "code", "count", "number", "share", "amount", "day", "moment"]

# What Excel allows a sheet to be called.
MOST_NAME_CHARACTERS = 31
_NO_NAME = re.compile(r"[\[\]:*?/\\\x00-\x1f]")


@dataclass(frozen=True)
class Column:
    """How a column of a sheet is headed and looks.

    Attributes:
        name: of the frame's column.
        header: what it is called, in a language.
        shape: what its cells hold.
        width: in characters.
        fills: background by a cell's value, as ``#RRGGBB``.
    """

    name: str
    header: Said
    shape: CellFormat = "text"
    width: float = 12
    fills: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Sheet:
    """A sheet.

    Attributes:
        name: what it is called, in a language.
        frame: its rows, in their order.
        columns: which of the frame's columns it shows, from left to right.
        fixed: how many columns stay in sight when it is scrolled to the right.
        printed: the last column that goes on paper; all where left out.
    """

    name: Said
    frame: pd.DataFrame
    columns: Sequence[Column]
    fixed: int = 0
    printed: str | None = None


def in_written(said: Said, written: Written, between: str = "\n") -> str:
    """What is said, in the language of a workbook.

    Example:
        >>> in_written(lambda to: {"en": "Grade", "zh": "等级"}[to], "both", " / ")
        '等级 / Grade'
    """
    if written == "both":
        both = (said("zh"), said("en"))
        return between.join(dict.fromkeys(both))
    return said(written)


def sheet_name(wanted: str, taken: Collection[str]) -> str:
    """A name that Excel allows, and that no other sheet has.

    Args:
        wanted: what it would best be called, such as an agent's name.
        taken: the names of the other sheets.

    Example:
        >>> sheet_name("North/South", ["north south"])
        'North South 2'
    """
    plain = " ".join(_NO_NAME.sub(" ", wanted).split()).strip("'") or "-"
    plain = "History 1" if plain.casefold() == "history" else plain
    used = {name.casefold() for name in taken}
    name, number = _cut_to(plain, ""), 1
    while name.casefold() in used:
        number += 1
        name = _cut_to(plain, f" {number}")
    return name


def _cut_to(name: str, ending: str) -> str:
    """The name's first characters and the ending, as Excel counts them: in units of UTF-16."""
    room = 2 * (MOST_NAME_CHARACTERS - len(ending))
    return name.encode("utf-16-le")[:room].decode("utf-16-le", "ignore").rstrip(" '") + ending
