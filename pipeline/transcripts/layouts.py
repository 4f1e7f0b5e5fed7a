"""Layouts: what a cell is laid out as, made into lines.

JSON and Python lists, subtitles, tags, tables and cells of one line come out as lines that a label may stand
before; lines stay as they are.
"""

import re
from collections.abc import Callable

import polars as pl

from pipeline.transcripts.data_cells import lines_of_data
from pipeline.transcripts.label_styles import LETTERED, LabelStyles
from pipeline.transcripts.patterns import LABEL_ENDS, LABEL_OPENS, STAMP

# English words that stand before a role.
_BEFORE_A_ROLE = r"(?-u:\b)(?:sales|customer|virtual|account|potential|human|real|live)"
# A line break that was put before a word that is a label.
_BREAK = "\x03"
# Tags that only set the words, and tags that end a line.
_INLINE = r"(?i)</?(?:b|i|u|em|strong|span|font|c)(?:\s[^>]*)?>"
_BLOCK = r"(?i)<(?:br|/?p|/?div|/?li|/?ul|/?ol|/?tr|/?table|/?tbody|/?td)(?:\s[^>]*)?/?>"
_SAID_BY = r"""(?i)<\w+\s[^>]*?(?:speaker|role|who|side|name|by)\s*=\s*["']([^"'>]+)["'][^>]*>"""
_KEYED = (
    r"""(?im)^[\s\-]*["']?(?:speaker|role|who|from|说话人|角色)["']?\s*[:：=]\s*["']?([^\n"',]+?)["']?,?[
    \t]*\n"""
    r"""\s*["']?(?:text|content|said|words|内容|文本)["']?\s*[:：=]\s*"""
)


def as_lines(texts: pl.Series, styles: LabelStyles) -> pl.Series:
    r"""Cells as lines, whatever they are laid out as.

    Args:
        texts: the cells of a transcript column; none is missing.
        styles: the words that labels are known by, which part the turns of a cell of one line.

    Example:
        >>> as_lines(pl.Series(["坐席：您好<br/>客户：你好"]), LabelStyles())[0].split("\n")
        ['坐席：您好', '客户：你好']
    """
    data = texts.str.contains(r"^\s*[\[{\"]")
    texts = _where(texts, data, pl.col("t").map_elements(lines_of_data, return_dtype=pl.String))
    texts = _where(texts, texts.str.contains(r"<[a-zA-Z/]"), _without_tags(pl.col("t")))
    return _parted(texts, styles)


def _where(texts: pl.Series, rows: pl.Series, change: pl.Expr) -> pl.Series:
    return _some(texts, rows, lambda some: some.to_frame("t").select(change).to_series())


def _some(texts: pl.Series, rows: pl.Series, change: Callable[[pl.Series], pl.Series]) -> pl.Series:
    """Change some of the texts; the others are not looked at."""
    places = rows.arg_true()
    return texts if places.is_empty() else texts.clone().scatter(places, change(texts.gather(places)))


def _without_tags(text: pl.Expr) -> pl.Expr:
    plain = text.str.replace_all(_INLINE, "").str.replace_all(_BLOCK, "\n")
    named = plain.str.replace_all(_SAID_BY, "\n<$1>").str.replace_all(r"<v(?:\.\w+)*\s+", "\n<")
    opened = named.str.replace_all(r"<(\w[\w\-]{0,30})>", f"\n{LABEL_OPENS}${{1}}{LABEL_ENDS}")
    return opened.str.replace_all(r"</[^>]{1,31}>", "\n")


def _parted(texts: pl.Series, styles: LabelStyles) -> pl.Series:
    """Break cells of one line before each label, and take written line breaks for such."""
    ends = texts.str.replace_all(r"\r\n?|\u{2028}|\u{0085}", "\n")
    ends = _where(ends, _of_one_line(ends), pl.col("t").str.replace_all(r"\\r\\n|\\n|\\r", "\n"))
    ends = _some(ends, _of_one_line(ends), lambda some: _broken(some.str.strip_chars(), styles))
    keyed = ends.str.contains(r"(?i)\b(?:speaker|role|who|from)\b|说话人|角色")
    ends = _where(ends, keyed, pl.col("t").str.replace_all(_KEYED, f"{LABEL_OPENS}${{1}}{LABEL_ENDS}"))
    arrows = ends.str.contains(r"(?m)^\s*(?:>+|→)\s*\S") & ends.str.contains(r"(?m)^\s*(?:<+|←)\s*\S")
    marked = pl.col("t").str.replace_all(r"(?m)^\s*([<>]+|→|←)\s*", f"{LABEL_OPENS}${{1}}{LABEL_ENDS}")
    return _where(ends, arrows, marked)


def _of_one_line(texts: pl.Series) -> pl.Series:
    return ~texts.str.strip_chars().str.contains("\n", literal=True)


def _broken(texts: pl.Series, styles: LabelStyles) -> pl.Series:
    """Break lines before each label: behind a sign, a blank or the end of a sentence, in brackets, or run on.

    One cheap pattern after the other, each on the cells that have something of the kind.
    """
    known = "|".join(map(re.escape, styles.parting_words))
    label = rf"(?:{known})[\s\d]{{0,4}}(?:[(（\[【][^)）\]】\n]{{0,24}}[)）\]】])?\s*[:：]"
    named = rf"(?:{known})[\p{{Han}}a-z\-·]{{1,5}}[\s\d]{{0,4}}(?:[(（][^)）\n]{{0,24}}[)）])?\s*[:：]"
    behind = r"(^|[\s;；|｜。？！?!.…])"
    signs = r"\s*[;；|｜/#@$~^&\t]+\s*"
    texts = texts.str.replace_all(rf"{signs}([^:：=;；|｜\n，。？！,?!]{{1,40}}[:：=])", "\n$1")
    texts = texts.str.replace_all(rf"(?i)({label})", f"{_BREAK}$1").str.replace_all(
        rf"(?i){behind}({named})", f"${{1}}{_BREAK}$2"
    )
    # What stands before the word in a compound ("课程顾问"), and the time before a label, belong to the
    # label.
    texts = texts.str.replace_all(rf"([\s;；|｜]\p{{Han}}{{1,6}}){_BREAK}+", f"{_BREAK}$1")
    texts = texts.str.replace_all(rf"(?i)({_BEFORE_A_ROLE}\s+){_BREAK}([a-z])", f"{_BREAK}$1$2")
    texts = texts.str.replace_all(_BREAK, "\n", literal=True)
    timed = texts.str.contains(r"\d[:：]\d\d\s*[\])）】]?\s*\n")
    texts = _where(texts, timed, pl.col("t").str.replace_all(rf"({STAMP}\s*)\n+", "\n$1"))
    bracketed = rf"(?i)([\[【(（「『<《](?:{known})\d*[\]】）)」』>》])"
    texts = texts.str.replace_all(bracketed, "\n$1")
    lettered = pl.col("t").str.replace_all(rf"(?i){behind}((?:{LETTERED})\s*[:：])", "$1\n$2")
    return _where(texts, _of_one_line(texts), lettered)
