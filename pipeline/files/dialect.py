"""How a text file is written: its encoding and its delimiter, found out the same way every time."""

import codecs
import csv
import re
from collections.abc import Collection
from dataclasses import dataclass

from pipeline.files.common_chinese import ODDS, odds_of_chinese
from pipeline.files.line_ends import first_record

DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
# As people call them, and as Python decodes the most of what goes by that name.
CODECS = {
    "utf-8": "utf-8",
    "gb18030": "gb18030",
    "big5": "cp950",
    "euc-kr": "cp949",
    "shift_jis": "cp932",
    "cp1252": "cp1252",
    "cp1251": "cp1251",
    "utf-16": "utf-16",
}
_BY_LANGUAGE = ("utf-8", "big5", "euc-kr", "shift_jis", "cp1252", "cp1251", "gb18030")
# Signs of no width, of direction, soft hyphens: they come with copied text.
_INVISIBLE = re.compile("[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]")
_CHUNK = 1 << 24
_SAMPLE = 1 << 20
# What has more is no table, and would take minutes to be told so.
MOST_COLUMNS = 10_000


class DialectError(ValueError):
    """The text cannot be read; the message says why and what to do, in one line."""


def to_utf8(data: bytes, declared: str) -> tuple[bytes, str]:
    """Return a file's text as UTF-8 without byte-order mark, and the encoding it was in.

    ``auto`` takes UTF-16 by its mark or its zeros, UTF-8 if the whole file is UTF-8, else GB18030 if the
    whole file is that, no line is plainly UTF-8, and its characters are those of Chinese by a thousand to
    one: what it cannot tell it refuses, and never guesses.

    >>> to_utf8("状态,已接通,客户,上海,电话".encode("gb18030"), "auto")[1]
    'gb18030'

    Raises:
        DialectError: the file is none of them, or not text at all; the message names the first bad line.
    """
    wide = utf16_codec(data[:_SAMPLE])
    if declared in ("auto", "utf-16") and wide:
        return _decoded(data, wide, "utf-16"), "utf-16"
    if declared == "utf-16":
        raise DialectError(f"is not UTF-16; set encoding to {_others(data)}")
    if wide or data[:4] == b"PK\x03\x04" or b"\0" in data[:_SAMPLE]:
        kind = "is UTF-16 text; set encoding: utf-16" if wide else "is not a text file"
        raise DialectError(f"{kind}; an Excel workbook needs the ending .xlsx" if not wide else kind)
    if is_escaped(data[:_SAMPLE]):
        raise DialectError("is ISO-2022 text, as Japanese programs for mail write it; save it as UTF-8")
    if declared in ("auto", "utf-8"):
        body = data.removeprefix(codecs.BOM_UTF8)
        bad = first_bad_byte(body, "utf-8")
        if bad is None:
            return body, "utf-8" if body is data or len(body) == len(data) else "utf-8-sig"
        if declared == "utf-8":
            raise DialectError(f"line {_line(body, bad)} is not UTF-8; set encoding to {_others(data)}")
        _refuse_if_not_gb18030(data, _line(body, bad))
        return _decoded(data, "gb18030", "gb18030"), "gb18030"
    return _decoded(data, CODECS[declared], declared), declared


def is_escaped(start: bytes) -> bool:
    """Whether text changes its alphabet by escapes: its bytes are ASCII's, and its words read as nonsense.

    >>> is_escaped("lead_id,山田".encode("iso2022_jp")), is_escaped(b"lead_id")
    (True, False)
    """
    return b"\x1b$" in start


def utf16_codec(start: bytes) -> str | None:
    """The codec of UTF-16 text, told by its mark, or by zeros in every other byte of much of it; else None.

    >>> utf16_codec("lead_id,线索".encode("utf-16-be")), utf16_codec(b"lead_id")
    ('utf-16-be', None)
    """
    if start[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        return "utf-16"
    zeros = start[::2].count(0), start[1::2].count(0)
    if max(zeros) < max(4, len(start) / 10) or min(zeros) * 10 > max(zeros):
        return None
    return "utf-16-be" if zeros[0] > zeros[1] else "utf-16-le"


def _decoded(data: bytes, codec: str, name: str) -> bytes:
    bad = first_bad_byte(data, codec)
    if bad is not None:
        raise DialectError(f"line {_line(data, bad)} is not {name.upper()}; set encoding to {_others(data)}")
    return data.decode(codec).removeprefix("\ufeff").encode()


def _others(data: bytes) -> str:
    """Encodings that the whole file could be in, for a person who knows the language to choose from."""
    fitting = [name for name in _BY_LANGUAGE if first_bad_byte(data, CODECS[name]) is None]
    return " or ".join(fitting) or "auto, and save the file as UTF-8"


def first_bad_byte(data: bytes, encoding: str) -> int | None:
    r"""Return where the data stops being that encoding, or None; memory stays flat.

    >>> first_bad_byte("ab状".encode() + b"\xff", "utf-8")
    5
    """
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    for start in range(0, max(len(data), 1), _CHUNK):
        pending = len(decoder.getstate()[0])
        try:
            decoder.decode(data[start : start + _CHUNK], final=start + _CHUNK >= len(data))
        except UnicodeDecodeError as error:
            return start - pending + error.start
    return None


def _line(data: bytes, offset: int) -> int:
    return (data.count(b"\n", 0, offset) or data.count(b"\r", 0, offset)) + 1


def _refuse_if_not_gb18030(data: bytes, not_utf8_line: int) -> None:
    bad = first_bad_byte(data, "gb18030")
    if bad is not None:
        raise DialectError(
            f"is neither UTF-8 (line {not_utf8_line}) nor GB18030 (line {_line(data, bad)}); set encoding to "
            f"{_others(data)}, or save it again as UTF-8 if two encodings are mixed"
        )
    mixed = _first_plain_utf8_line(data)
    if mixed is not None:
        raise DialectError(
            f"mixes encodings: line {mixed} is UTF-8 but line {not_utf8_line} is not; save it again as UTF-8"
        )
    if odds_of_chinese(data.decode("gb18030")[:_SAMPLE]) < ODDS:
        raise DialectError(
            f"line {not_utf8_line} is not UTF-8, and it is not {ODDS:,} times likelier that the file is "
            f"Chinese GB18030 than not; set encoding to {_others(data)}, whichever it is, or save it as UTF-8"
        )


def _first_plain_utf8_line(data: bytes) -> int | None:
    """Find a line that is common Chinese as UTF-8 and would be rare characters as GB18030."""
    for number, line in enumerate(data.split(b"\n"), start=1):
        if line.isascii():
            continue
        try:
            text = line.decode("utf-8")
        except UnicodeDecodeError:
            continue
        if _is_common(text) and not _is_common(line.decode("gb18030", "replace")):
            return number
    return None


def _is_common(text: str) -> bool:
    try:
        text.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True


@dataclass(frozen=True, slots=True)
class Header:
    """A text file's first record: its names, the delimiter and where the data begins (a byte offset)."""

    names: tuple[str, ...]
    delimiter: str
    end: int


def read_header(
    data: bytes,
    declared: str,
    wanted: Collection[str],
    required: Collection[str],
    most_columns: int = MOST_COLUMNS,
) -> Header:
    r"""Split the header line, by the delimiter under which it names most of the columns that are needed.

    Ties go to the delimiter that gives more columns, then to comma, semicolon, tab, bar in turn.

    >>> read_header("lead_id;created_at\nL1;2024-05-28".encode(), "auto", ["lead_id"], []).names
    ('lead_id', 'created_at')

    Raises:
        DialectError: the declared delimiter does not split this header and another one does, or there are
            more columns than a table has.
    """
    line, end = first_record(data, "".join(DELIMITERS) if declared == "auto" else declared)
    record = line.decode()
    most = max(map(record.count, DELIMITERS if declared == "auto" else declared))
    if most >= most_columns:
        raise DialectError(
            f"the header has {most + 1:,} columns, more than {most_columns:,}; is it a table? "
            "if so set the source's bounds.columns"
        )
    longest, limit = max(map(len, re.split("[,;\t|]", record))), csv.field_size_limit()
    if longest > limit:
        raise DialectError(
            f"the header has a name of {longest:,} characters, more than {limit:,}; shorten it"
        )

    def found(delimiter: str) -> tuple[int, int, int]:
        names = {name.casefold() for name in split_record(record, delimiter)}
        hits = [sum(name.casefold() in names for name in some) for some in (required, wanted)]
        return hits[0], hits[1], len(names)

    best = max(DELIMITERS, key=found)
    if declared == "auto":
        return Header(split_record(record, best), best, end)
    if best != declared and found(best)[:2] > found(declared)[:2] and found(declared)[2] == 1:
        raise DialectError(
            f"the header is separated by {DELIMITERS[best]}, not by {declared!r}; "
            f"set delimiter: {best!r} or auto"
        )
    return Header(split_record(record, declared), declared, end)


def split_record(record: str, delimiter: str) -> tuple[str, ...]:
    """The cells of a record, spaces in them made one."""
    try:
        row = next(csv.reader([record], delimiter=delimiter), [])
    except csv.Error:  # by another delimiter than the file's, a quoted line break stands in no quotes
        row = [record]
    return tuple(visible(name) for name in row)


def visible(name: str) -> str:
    r"""A column's name without signs that nobody sees, and with one space where there are several.

    >>> visible("\u200blead_id"), visible("created\u00a0 at")
    ('lead_id', 'created at')
    """
    return " ".join(_INVISIBLE.sub("", name).split())
