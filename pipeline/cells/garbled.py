"""Texts that were decoded by a wrong encoding before they were saved: ``é`` that stands as ``Ã©``.

What was lost on the way cannot be told, so such cells are named and read as they stand.
"""

import re

import polars as pl

from pipeline.cells.text import is_plain
from pipeline.files.common_chinese import share_of_common

# What stands for bytes that no encoding had; and the same, saved as UTF-8 and read as GBK.
_LOST = "\ufffd|锟斤|拷锟|锟.{1,3}拷|ï¿½"
# A letter that begins two or more bytes of UTF-8, read as one of Western Europe, and what then follows.
_WESTERN = (
    "[\u00c2-\u00f4]"
    "[\u0080-\u00bf\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc\u2013-\u203a\u20ac\u2122]"
)
_HIGH = "[\u00a1-\u00fe]{4}"
_CHINESE = "[\u4e00-\u9fff]{3}"
_SUSPECT = f"{_LOST}|{_WESTERN}|{_HIGH}|{_CHINESE}"
# As it was read, and as it is.
_WAYS = (("cp1252", "utf-8"), ("latin-1", "utf-8"), ("gb18030", "utf-8"), ("cp1252", "gb18030"))
_MOST_WORDS = 2_000
_COMMON_ENOUGH = 0.6


def holds_garbled(cells: pl.Series) -> bool:
    """Whether some of a column's texts were decoded by a wrong encoding before.

    >>> holds_garbled(pl.Series(["TÃ©lÃ©phone"])), holds_garbled(pl.Series(["Téléphone", "电话营销"]))
    (True, False)
    """
    if cells.dtype != pl.String or is_plain(cells):
        return False
    words = cells.unique().drop_nulls()
    suspects = words.filter(words.str.contains(_SUSPECT)).head(_MOST_WORDS)
    return any(is_garbled(word) for word in suspects)


def is_garbled(text: str) -> bool:
    """Whether a text was decoded by a wrong encoding: it has marks of loss, or is a better text otherwise.

    >>> [is_garbled(text) for text in ("锟斤拷", "鐢佃瘽钀ラ攢", "µç»°ÓªÏú", "Ärzte für Ö")]
    [True, True, True, False]
    """
    if re.search(_LOST, text):
        return True
    # A blank may be what is left of a byte: the words beside it tell by themselves.
    return any(_reads_better(part, was, is_) for part in {text, *text.split(" ")} for was, is_ in _WAYS)


def _reads_better(text: str, was: str, is_: str) -> bool:
    try:
        other = text.encode(was).decode(is_)
    except UnicodeError:
        return False
    if other == text:
        return False
    if is_ == "utf-8" and was != "gb18030":
        return True
    # Bytes of one Chinese encoding may be bytes of the other by chance: then the characters are rare ones.
    signs = [sign for sign in other if not sign.isascii()]
    return len(signs) > 1 and share_of_common(other) >= _COMMON_ENOUGH > share_of_common(text)
