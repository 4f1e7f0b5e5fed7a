"""Where the records of a text file end: at line feeds, at carriage returns, or at both together."""

import re

_MARK = re.compile(rb'"|\r\n?|\n')
_ONE_LINE = re.compile(rb"\s*([^\r\n]*)(?:\r\n?|\n|$)")


def first_record(data: bytes, delimiters: str) -> tuple[bytes, int]:
    r"""Return the first record that is not blank, which may hold quoted line breaks, and where it ends.

    A quote opens a cell only at its beginning: an inch sign within a name is none. Where a quote is
    opened and never closed, one line is the record.

    >>> first_record(b'\n"lead\nid",at\r\nL1,1\r\n', ",;")
    (b'"lead\nid",at', 15)
    >>> first_record(b'lead_id,at\rL1,1\r', ",;")
    (b'lead_id,at', 11)
    """
    between = [mark.encode() for mark in delimiters]
    start, closed_at, quoted = 0, -2, False
    for mark in _MARK.finditer(data):
        at = mark.start()
        if mark[0] == b'"':
            opens = at in (start, closed_at + 1) or data[at - 1 : at] in between
            closed_at = at if quoted else -2
            quoted = not quoted and opens
        elif not quoted:
            if data[start:at].strip():
                return data[start:at], mark.end()
            start = mark.end()
    line = _ONE_LINE.match(data, start) if quoted else None
    return (line[1], line.end()) if line else (data[start:], len(data))


def without_stray_returns(data: bytes, start: int, columns: int, delimiter: str) -> bytes:
    r"""Make spaces of carriage returns that stand inside a cell, in a file whose lines end otherwise.

    A line is known to be whole by its number of cells; another one may be two records.

    Args:
        data: the file's text.
        start: where its rows begin.
        columns: how many cells a row has.
        delimiter: what stands between them.

    >>> without_stray_returns(b"L1,one\rtwo\nL2,a\rL3,b\n", 0, 2, ",")
    b'L1,one two\nL2,a\rL3,b\n'
    """
    body = data[start:]
    if columns < 2 or b"\n" not in body or body.count(b"\r") == body.count(b"\r\n"):
        return data
    lines, quoted, between = [], False, delimiter.encode()
    for line in body.split(b"\n"):
        text = line.rstrip(b"\r")
        if b'"' in line:
            quoted ^= line.count(b'"') % 2 == 1
        elif not quoted and b"\r" in text and text.count(between) == columns - 1:
            text = text.replace(b"\r", b" ")
        lines.append(text)
    return data[:start] + b"\n".join(lines)
