"""Ids as spreadsheets leave them: what can be made good, and what has lost digits."""

import polars as pl

# Spreadsheets write a sign of the exponent, programs a decimal mark; 1E5 alone may be anybody's id.
_EXPONENT = r"^[+-]?\d(?:[.,]\d+[eE][+-]?|[eE][+-])\d{1,3}$"
_LONG_NUMBER = r"^\d{16,}\.0*$"
_NUMBERS_WITH_POINT = r"^\d{1,15}\.0$"
_APOSTROPHE = r"^'(\d+)$"
_WIDE = {chr(code + 0xFEE0): chr(code) for code in range(0x21, 0x7F)}
_LOST = "; digits of the id are lost: format the column as text, and export again"


# What an id may be that is not what it was: looked for at once, since few columns hold any.
_SUSPECT = r"^'|^[+-]?\d(?:[.,]\d+)?[eE][+-]?\d+$|^\d+\.0*$"


def are_whole(text: pl.Series) -> bool:
    """Whether no id of visible ASCII letters is one that a spreadsheet or a program may have rewritten.

    >>> are_whole(pl.Series(["L1", "00123"])), are_whole(pl.Series(["L1", "126.0"]))
    (True, False)
    """
    return not text.str.contains(_SUSPECT).any()


def without_marks(text: pl.Series) -> pl.Series:
    """Ids without what programs put around them: an apostrophe that says it is text, full width, ``.0``.

    A point and nought behind every id of a column is how a program writes numbers some of which are missing.

    >>> without_marks(pl.Series(["'00124", "２０２３", "126.0"])).to_list()
    ['00124', '2023', '126.0']
    >>> without_marks(pl.Series(["125.0", "126.0", None])).to_list()
    ['125', '126', None]
    """
    if text.str.starts_with("'").any():
        text = text.str.replace(_APOSTROPHE, "$1")
    if not text.str.len_bytes().eq_missing(text.str.len_chars()).all():
        text = text.str.replace_many(_WIDE)
    first = text.drop_nulls().head(1)
    floats = first.str.contains(_NUMBERS_WITH_POINT).any()
    if floats and point_ids(text):
        text = text.str.strip_suffix(".0")
    return text


def point_ids(text: pl.Series) -> bool | None:
    """Whether all ids of a column end in a point and nought, and lose it; None where none does.

    >>> point_ids(pl.Series(["7.0", None])), point_ids(pl.Series(["7.0", "8"])), point_ids(pl.Series(["8"]))
    (True, False, None)
    """
    ends = text.str.contains(_NUMBERS_WITH_POINT).drop_nulls()
    return bool(ends.all()) if ends.any() else None


def id_problems(text: pl.Series) -> list[tuple[pl.Series, str]]:
    """Ids that are numbers of which digits are lost, and why.

    >>> ids = pl.Series(["1.23457E+18", "1E5", "12345678901234567.0"])
    >>> [which.to_list() for which, _ in id_problems(ids)]
    [[True, False, False], [False, False, True]]
    """
    return [
        (text.str.contains(_EXPONENT), f"is a number in exponent form{_LOST}"),
        (text.str.contains(_LONG_NUMBER), f"is a number of more than 15 digits{_LOST}"),
    ]
