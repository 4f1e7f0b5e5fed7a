"""Text files part by part: decoded block by block, and cut where a record ends, so that memory stays flat.

A quoted cell may hold line breaks, so not every line break ends a record.
"""

import codecs
import gzip
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import BinaryIO, cast

import numpy as np
import numpy.typing as npt

from models.arrays import Ints
from pipeline.config.bounds import SourceBounds
from pipeline.files.dialect import CODECS, Header, is_escaped, to_utf8, utf16_codec
from pipeline.files.too_large import bounded_blocks, too_large

# Of text that is read at a time: some hundred thousand rows.
PART_BYTES = 1 << 25
_BLOCK = 1 << 24
_SAMPLE = 1 << 20
_QUOTE, _FEED, _RETURN = b'"\n\r'
BOUNDS = SourceBounds()


@dataclass(frozen=True, slots=True)
class TextPart:
    """Some consecutive records of a text file, below its header.

    Attributes:
        text: header and records, as UTF-8 without byte-order mark.
        encoding: of the file.
        first: how many rows stand before them.
    """

    text: bytes
    encoding: str
    first: int = 0


def decoded(path: Path, declared: str, bounds: SourceBounds = BOUNDS) -> tuple[Iterator[bytes], str]:
    """A text file as UTF-8 without byte-order mark, block by block, and the encoding it was in.

    A file that is UTF-8, UTF-16 or of a declared encoding is never held whole; any other is looked at whole,
    to say what it is.

    Raises:
        DialectError: as ``dialect.to_utf8``, or a packed file unpacks to too much.
    """
    with closing(_open(path)) as file:
        start = file.read(_SAMPLE)
    wide = utf16_codec(start) if declared in ("auto", "utf-16") else None
    codec = wide or CODECS.get(declared, "utf-8")
    odd = not wide and (start[:2] == b"PK" or b"\0" in start or declared == "utf-16" or is_escaped(start))
    if odd or not _is(path, codec, bounds):
        text, encoding = to_utf8(b"".join(_raw(path, bounds)), declared)
        return iter([text]), encoding
    marked = codec == "utf-8" and start.startswith(codecs.BOM_UTF8)
    name = "utf-16" if wide else {codec: name for name, codec in CODECS.items()}[codec]
    return _blocks(path, codec, bounds), "utf-8-sig" if marked else name


def cut(blocks: Iterable[bytes], header: Header, size: int, bounds: SourceBounds = BOUNDS) -> Iterator[bytes]:
    r"""Cut a text's records into parts of about a size, each below the header.

    Args:
        blocks: the text, from ``decoded``; the first of them holds the header.
        header: of the text.
        size: in bytes; a part is larger where a record is.
        bounds: of the source.

    Raises:
        DialectError: a record is larger than one may be.

    Example:
        >>> header = Header(("a",), ",", 2)
        >>> list(cut([b'a\n1\n"2\n', b'2"\n3'], header, 3))
        [b'a\n1\n', b'a\n"2\n2"\n', b'a\n3']
    """
    blocks = iter(blocks)
    start = next(blocks, b"")
    head, held, done = start[: header.end], [start[header.end :]], False
    while held:
        rest = b"".join(held)
        while len(rest) >= size and (end := record_end(rest, header.delimiter, size)):
            yield head + rest[:end]
            rest, done = rest[end:], True
        if len(rest) > size + (bounds.row_mb << 20):
            raise too_large("MiB in a row, at least", len(rest) - size >> 20, bounds.row_mb, "row_mb")
        more = _at_least(blocks, size - len(rest))
        held = [rest, *more] if more else []
    if rest.strip() or not done:
        yield head + rest


def _at_least(blocks: Iterator[bytes], size: int) -> list[bytes]:
    """So many blocks that they have a size together, and one at least, as far as there are any."""
    found: list[bytes] = []
    for block in blocks:
        found.append(block)
        size -= len(block)
        if size <= 0:
            break
    return found


def record_end(text: bytes, delimiter: str, most: int) -> int:
    r"""Where the last record ends that ends within so many bytes, or the first one after; 0 if none does.

    Args:
        text: begins with a record.
        delimiter: what stands between cells; a quote opens a cell right after it only.
        most: in bytes.

    Example:
        >>> record_end(b'1,"a\nb"\n2,5" nails\n3', ",", 100), record_end(b'1,"a\nb"\n2', ",", 4)
        (19, 8)
    """
    bytes_ = np.frombuffer(text, np.uint8)
    ends = np.flatnonzero(bytes_ == (_FEED if b"\n" in text else _RETURN)) + 1
    quotes = np.flatnonzero(bytes_ == _QUOTE)
    if len(quotes):
        ends = _outside(ends, quotes, bytes_, ord(delimiter))
    if not len(ends):
        return 0
    return int(ends[max(0, int(np.searchsorted(ends, most, "right")) - 1)])


def ends_quoted(text: bytes, delimiter: str) -> bool:
    """Whether a text that begins with a record ends within a quoted cell: a quote was never closed."""
    bytes_ = np.frombuffer(text, np.uint8)
    return len(_marks(np.flatnonzero(bytes_ == _QUOTE), bytes_, ord(delimiter))) % 2 == 1


def _outside(ends: Ints, quotes: Ints, text: npt.NDArray[np.uint8], delimiter: int) -> Ints:
    """The line breaks that stand in no quoted cell."""
    outside: Ints = ends[np.searchsorted(_marks(quotes, text, delimiter), ends) % 2 == 0]
    return outside


def _marks(quotes: Ints, text: npt.NDArray[np.uint8], delimiter: int) -> Ints:
    """Quotes of which every other one opens a cell, and the next one closes it."""
    before = text[np.maximum(quotes[::2] - 1, 0)]
    opening = np.isin(before, [delimiter, _FEED, _RETURN, _QUOTE]) | (quotes[::2] == 0)
    # All of them do, mostly; else there are quotes within a cell, which open nothing.
    return quotes if opening.all() else _pairs(quotes, text, delimiter)


def _pairs(quotes: Ints, text: npt.NDArray[np.uint8], delimiter: int) -> Ints:
    """The quotes that open and close a cell, in turn; two in a row inside of one stand for a quote."""
    found: list[int] = []
    opening = np.isin(text[np.maximum(quotes - 1, 0)], [delimiter, _FEED, _RETURN]) | (quotes == 0)
    skipped = -1
    following = np.append(quotes[1:], -1)
    for at, opens, after in zip(quotes.tolist(), opening.tolist(), following.tolist(), strict=True):
        inside = len(found) % 2 == 1
        if at == skipped or not (inside or opens):
            continue
        if inside and after == at + 1:
            skipped = after
        else:
            found.append(at)
    return np.asarray(found, dtype=np.int64)


def _open(path: Path) -> BinaryIO:
    return cast(BinaryIO, gzip.open(path)) if path.suffix.lower() == ".gz" else path.open("rb")


def _is(path: Path, codec: str, bounds: SourceBounds) -> bool:
    try:
        for _ in _blocks(path, codec, bounds):
            pass
    except UnicodeDecodeError:
        return False
    return True


def _raw(path: Path, bounds: SourceBounds) -> Iterator[bytes]:
    with closing(_open(path)) as file:
        blocks = iter(partial(file.read, _BLOCK), b"")
        yield from bounded_blocks(blocks, bounds) if path.suffix.lower() == ".gz" else blocks


def _blocks(path: Path, codec: str, bounds: SourceBounds) -> Iterator[bytes]:
    decoder = codecs.getincrementaldecoder(codec)("strict")
    first = True
    for block in _raw(path, bounds):
        text = decoder.decode(block)
        yield (text.removeprefix("\ufeff") if first else text).encode()
        first = False
    decoder.decode(b"", final=True)
