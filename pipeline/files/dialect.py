"""How a text file is written: its encoding and its delimiter, found out the same way every time."""

import codecs
import csv
import re
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass

from pipeline.files.line_ends import first_record

DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
_CHUNK = 1 << 24
_SAMPLE = 1 << 20
# What has more is no table, and would take minutes to be told so.
_MOST_COLUMNS = 10_000


class DialectError(ValueError):
    """The text cannot be read; the message says why and what to do, in one line."""


def to_utf8(data: bytes, declared: str) -> tuple[bytes, str]:
    """Return a file's text as UTF-8 without byte-order mark, and the encoding it was in.

    ``auto`` takes UTF-8 if the whole file is UTF-8, else GB18030 if the whole file is that and no
    line is plainly UTF-8: a file of both is refused, never guessed at.

    >>> to_utf8("状态,已接通".encode("gb18030"), "auto")[1]
    'gb18030'

    Raises:
        DialectError: the file is neither, or not text at all; the message names the first bad line.
    """
    if data[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        raise DialectError("is UTF-16 text; save it as CSV UTF-8")
    if data[:4] == b"PK\x03\x04" or b"\0" in data[:_SAMPLE]:
        raise DialectError("is not a text file; an Excel workbook needs the ending .xlsx")
    if declared in ("auto", "utf-8"):
        body = data.removeprefix(codecs.BOM_UTF8)
        bad = first_bad_byte(body, "utf-8")
        if bad is None:
            return body, "utf-8" if body is data or len(body) == len(data) else "utf-8-sig"
        if declared == "utf-8":
            raise DialectError(f"line {_line(body, bad)} is not UTF-8; set encoding: auto or gb18030")
        _refuse_if_not_gb18030(data, _line(body, bad))
    bad = first_bad_byte(data, "gb18030")
    if bad is not None:
        raise DialectError(f"line {_line(data, bad)} is not GB18030; set encoding: auto or utf-8")
    return data.decode("gb18030").removeprefix("\ufeff").encode(), "gb18030"


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
            f"is neither UTF-8 (line {not_utf8_line}) nor GB18030 (line {_line(data, bad)}); "
            "are two encodings mixed? Save it again as UTF-8"
        )
    mixed = _first_plain_utf8_line(data)
    if mixed is not None:
        raise DialectError(
            f"mixes encodings: line {mixed} is UTF-8 but line {not_utf8_line} is not; save it again as UTF-8"
        )
    if not _reads_as_chinese(data):
        raise DialectError(
            f"line {not_utf8_line} is not UTF-8, and the file does not read as Chinese GB18030; "
            "save it as UTF-8, or set encoding: gb18030 if you are sure"
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


def _reads_as_chinese(data: bytes) -> bool:
    """Tell Chinese from western accents, which GB18030 also decodes: to rare characters throughout."""
    characters = Counter(re.findall(r"[^\x00-\x7f]", data.decode("gb18030")[:_SAMPLE]))
    common = sum(count for character, count in characters.items() if _is_common(character))
    return 10 * common >= 3 * characters.total()


@dataclass(frozen=True, slots=True)
class Header:
    """A text file's first record: its names, the delimiter and where the data begins (a byte offset)."""

    names: tuple[str, ...]
    delimiter: str
    end: int


def read_header(data: bytes, declared: str, wanted: Collection[str], required: Collection[str]) -> Header:
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
    if most >= _MOST_COLUMNS:
        raise DialectError(
            f"the header has {most + 1:,} columns, more than {_MOST_COLUMNS:,}; is it a table?"
        )

    def found(delimiter: str) -> tuple[int, int, int]:
        names = {name.casefold() for name in _split(record, delimiter)}
        hits = [sum(name.casefold() in names for name in some) for some in (required, wanted)]
        return hits[0], hits[1], len(names)

    best = max(DELIMITERS, key=found)
    if declared == "auto":
        return Header(_split(record, best), best, end)
    if best != declared and found(best)[:2] > found(declared)[:2] and found(declared)[2] == 1:
        raise DialectError(
            f"the header is separated by {DELIMITERS[best]}, not by {declared!r}; "
            f"set delimiter: {best!r} or auto"
        )
    return Header(_split(record, declared), declared, end)


def _split(record: str, delimiter: str) -> tuple[str, ...]:
    try:
        row = next(csv.reader([record], delimiter=delimiter), [])
    except csv.Error:  # by another delimiter than the file's, a quoted line break stands in no quotes
        row = [record]
    return tuple(" ".join(name.split()) for name in row)
