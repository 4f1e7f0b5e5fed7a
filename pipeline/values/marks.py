"""Numbers with decimal and group marks: which mark is which is set, or told by the column, never guessed."""

from typing import Literal

import polars as pl

Decimal = Literal[".", ",", "auto"]

_WIDE = dict(zip("０１２３４５６７８９．，－＋％：（）￥＄−", "0123456789.,-+%:()¥$-", strict=True))
_SPACES = r"[\u00a0\u2000-\u200a\u202f\u205f\u3000]"
_PLAIN = {".": r"^[+-]?(?:\d+\.?\d*|\.\d+)$", ",": r"^[+-]?(?:\d+,?\d*|,\d+)$"}
_FREE_GROUPS = r"[1-9]\d{0,2}(?: \d{3})+|[1-9]\d{0,2}(?:'\d{3})+|[1-9]\d{0,2}(?:’\d{3})+"
_GROUPED = {
    # India groups by two digits but for the last three: 1,25,000.
    ".": rf"^[+-]?(?:[1-9]\d{{0,2}}(?:,\d{{3}})+|[1-9]\d?(?:,\d\d)+,\d{{3}}|{_FREE_GROUPS})(?:\.\d*)?$",
    ",": rf"^[+-]?(?:[1-9]\d{{0,2}}(?:\.\d{{3}})+|{_FREE_GROUPS})(?:,\d*)?$",
}
_GROUP_MARKS = {".": r"[ '’,]", ",": r"[ '’.]"}
_SIMPLE, _EITHER_POINT = r"^-?\d+(?:\.\d+)?$", r"^-?[1-9]\d{0,2}\.\d{3}$"
# A column tells its decimal mark where so many of the cells that tell any tell the same one, and they are not
# rare beside those that could be read either way: one slip of the pen decides nothing.
_AGREEING, _TELLING = 0.95, 0.05
# Fewer tell it where they lie among the others as those are read by it: 93.2 among 92.201 to 94.767.
_TELLING_ALIKE = 0.02


def narrow(text: pl.Series) -> pl.Series:
    """Full-width signs to ASCII, every kind of space to one kind.

    >>> narrow(pl.Series(["１２", "￥ 5", "−1"])).to_list()
    ['12', '¥ 5', '-1']
    """
    ascii_only = text.str.len_bytes().eq_missing(text.str.len_chars()).all()
    ascii_ = text if ascii_only else text.str.replace_many(_WIDE).str.replace_all(_SPACES, " ")
    return ascii_.str.strip_chars()


def plain_number(text: pl.Series, decimal: Decimal, dotted: pl.Series | None = None) -> pl.Series:
    """Return numbers as plain text with a decimal point; missing where the text is no number.

    Thousands may be grouped by the other mark, a space or an apostrophe, in threes (in India's way too).
    ``auto`` goes by the column: ``3.500,00`` and ``12,5`` tell a comma, ``1,234.50`` and ``0.5`` a point.
    A text that could be either (``1.234``) is missing where the column does not tell.

    Args:
        text: narrow text, the different ones of a column.
        decimal: the decimal mark.
        dotted: texts of which something else tells that their decimal mark is the point, such as ``万``.

    >>> plain_number(pl.Series(["1,234.50", "12,5", "1,25,000", "twelve"]), ".").to_list()
    ['1234.50', None, '125000', None]
    >>> plain_number(pl.Series(["1.234,50", "12,5", "1.234"]), "auto").to_list()
    ['1234.50', '12.5', '1234']
    >>> plain_number(pl.Series(["1.234", "12"]), "auto").to_list()
    [None, '12']
    >>> index = [f"92.{number}" for number in range(201, 225)]
    >>> plain_number(pl.Series([*index, "92.21"]), "auto").null_count()
    0
    >>> plain_number(pl.Series([*index, "0.5"]), "auto").null_count()
    24
    """
    if decimal != ",":
        simple = _simple(text, decimal)
        if simple is not None:
            return simple
    if decimal != "auto":
        return _by(text, decimal)
    point, comma = _by(text, "."), _by(text, ",")
    either = point.is_not_null() & comma.is_not_null() & (point != comma)
    told = _told(point, comma, either, dotted)
    if told is not None:
        return point if told == "." else comma
    return point.zip_with(point.is_not_null(), comma).set(either, None)


def _simple(text: pl.Series, decimal: Decimal) -> pl.Series | None:
    """Numbers with a point and without groups, as programs write them; None where there are others too."""
    if not text.str.contains(_SIMPLE).all():
        return None
    if decimal == ".":
        return text
    either = text.str.contains(_EITHER_POINT)
    return text if _points_tell(text, either) else text.set(either, None)


def _points_tell(text: pl.Series, either: pl.Series) -> bool:
    """Whether the simple numbers that can only have a decimal point tell it for the others."""
    telling = text.str.contains(".", literal=True) & ~either
    told, asked = int(telling.sum()), int(either.sum())
    return told > 0 and (
        told >= _TELLING * asked
        or (told >= _TELLING_ALIKE * asked and _lie_among(text.filter(telling), text.filter(either)))
    )


def told_mark(text: pl.Series, dotted: pl.Series | None = None) -> tuple[str, bool] | None:
    """Which decimal mark a column tells, and whether it has numbers that are read by that alone.

    Args:
        text: as for ``plain_number``.
        dotted: likewise.

    >>> told_mark(pl.Series(["1,234", "0.5"])), told_mark(pl.Series(["12,5"]))
    (('.', True), (',', False))
    """
    if text.str.contains(_SIMPLE).all():
        either = text.str.contains(_EITHER_POINT)
        return (".", bool(either.any())) if _points_tell(text, either) else None
    point, comma = _by(text, "."), _by(text, ",")
    either = point.is_not_null() & comma.is_not_null() & (point != comma)
    told = _told(point, comma, either, dotted)
    return None if told is None else (told, bool(either.any()))


def _lie_among(some: pl.Series, others: pl.Series) -> bool:
    """Whether some numbers are no smaller and no larger than the others, all read by their points."""
    numbers, range_ = some.cast(pl.Float64), others.cast(pl.Float64)
    return bool(numbers.is_between(range_.min(), range_.max()).all())


def is_undecided(text: pl.Series) -> pl.Series:
    """Whether a number reads both ways, to different numbers.

    >>> is_undecided(pl.Series(["1.234", "1,234", "1234", "0.125", "1.5"])).to_list()
    [True, True, False, False, False]
    """
    point, comma = _by(text, "."), _by(text, ",")
    return point.is_not_null() & comma.is_not_null() & (point != comma)


def _told(point: pl.Series, comma: pl.Series, either: pl.Series, dotted: pl.Series | None) -> str | None:
    by_sign = pl.repeat(False, len(point), dtype=pl.Boolean, eager=True) if dotted is None else dotted
    points = int(((point.is_not_null() & comma.is_null()) | (by_sign & point.is_not_null())).sum())
    commas = int((comma.is_not_null() & point.is_null() & ~by_sign).sum())
    most = max(points, commas)
    if not most or most < _AGREEING * (points + commas) or most < _TELLING * int((either & ~by_sign).sum()):
        return None
    return "." if points > commas else ","


def _by(text: pl.Series, decimal: str) -> pl.Series:
    grouped = text.str.contains(_GROUPED[decimal])
    bare = text.str.replace_all(_GROUP_MARKS[decimal], "").zip_with(grouped, text)
    numbers = bare.str.contains(_PLAIN[decimal]) & bare.str.contains(r"\d")
    return bare.str.replace(",", ".", literal=True).set(~numbers, None)
