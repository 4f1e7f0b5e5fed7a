"""A file as it is seen before anything is known of it: where its header stands, and its columns."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import fastexcel
import polars as pl

from pipeline.cells.text import to_text
from pipeline.config.data import Source
from pipeline.errors import SourceError
from pipeline.files.header import is_data, text_rows
from pipeline.files.raw_file import RawFile
from pipeline.files.sheet_header import sheet_rows
from pipeline.files.source_file import EXCEL_SUFFIXES, is_text, read_file, spans, text_parts
from pipeline.files.text_parts import decoded
from pipeline.recognition.columns_seen import SeenColumn
from pipeline.recognition.dialects import dialects
from pipeline.recognition.header_words import plain, without_unit

# So many rows of a file are looked at.
ROWS_LOOKED_AT = 300_000
_HEADER_ROWS = 20
_SEPARATOR = re.compile(r"sep=.", re.IGNORECASE)
_CODED = ("big5", "shift_jis", "euc-kr", "cp1251", "cp1252")


@dataclass(frozen=True)
class SeenSheet:
    """A file, or a sheet of a workbook.

    Attributes:
        source: how it is read: its path as given, sheet, header row, names, encoding.
        columns: those that have a name of their own.
        repeated: names that stand twice in the header, which cannot be read.
        rows: how many rows were looked at.
        encoding_guessed: whether the encoding was told by the header's words alone.
    """

    source: Source
    columns: tuple[SeenColumn, ...]
    repeated: tuple[str, ...] = ()
    rows: int = 0
    encoding_guessed: bool = False

    @property
    def path(self) -> Path:
        """The file."""
        return Path(self.source.path)

    @property
    def title(self) -> str:
        """What people call it."""
        return f"{self.path.name}, {self.source.sheet}" if self.source.sheet else self.path.name

    def column(self, name: str) -> SeenColumn:
        """The column of a name."""
        return next(one for one in self.columns if one.name == name)


def sheets_of(path: Path) -> list[SeenSheet]:
    """Every sheet of a file that holds a table.

    Raises:
        SourceError: the file is not there, cannot be read, or holds no table.
    """
    if path.suffix.lower() in EXCEL_SUFFIXES and not is_text(path):
        found = list(_of_workbook(path))
        if not found:
            raise SourceError(f"{path}: no sheet holds a table; name a file with a header and rows below it")
        return found
    if is_text(path):
        return [_of_text(path)]
    return [_seen(Source(path=str(path)), path)]


def _of_workbook(path: Path) -> Iterator[SeenSheet]:
    if not path.is_file():
        raise SourceError(f"{path}: there is no such file; name the files that you have")
    book = fastexcel.read_excel(path)
    names = book.sheet_names
    for name in names:
        rows = [tuple((cell or "").strip() for cell in row) for row in sheet_rows(book, name).head(50).rows()]
        place = header_place(rows)
        if place is None or not any(map(any, rows[place + 1 :])):
            continue
        first = next(number for number, row in enumerate(rows) if any(row))
        sheet = name if len(names) > 1 else None
        yield _seen(Source(path=str(path), sheet=sheet, header_row=_row(place, first)), path)


def _of_text(path: Path) -> SeenSheet:
    source, guessed = Source(path=str(path)), False
    try:
        rows = _first_rows(path, source)
    except ValueError as error:
        source, guessed = _by_known_words(path, error), True
        rows = _first_rows(path, source)
    if rows and len(rows[0]) == 1 and _SEPARATOR.fullmatch(rows[0][0]):
        return _seen(source, path, guessed=guessed)
    place = header_place(rows)
    names = _names_without_header(rows[0]) if rows and is_data(rows[0]) else ()
    if place is None and not names:
        what = "no row of it names columns: export it with its header, or write sources by hand"
        raise SourceError(f"{path}: {what} (names)")
    told = {"names": names} if names else {"header_row": _row(place or 0, 0)}
    return _seen(source.model_copy(update=told), path, guessed=guessed)


def _first_rows(path: Path, source: Source) -> list[tuple[str, ...]]:
    if not path.is_file():
        raise SourceError(f"{path}: there is no such file; name the files that you have")
    blocks, _ = decoded(path, source.encoding)
    return text_rows(next(blocks, b""))


def _by_known_words(path: Path, error: ValueError) -> Source:
    """The encoding under which the first rows hold most words that systems use; none is guessed without."""
    known = _all_words()
    best: tuple[int, Source | None] = (0, None)
    for encoding in _CODED:
        source = Source.model_validate({"path": str(path), "encoding": encoding})
        try:
            rows = _first_rows(path, source)
        except ValueError:
            continue
        hits = sum(plain(without_unit(cell)) in known and not cell.isascii() for row in rows for cell in row)
        best = max(best, (hits, source), key=lambda one: one[0])
    if best[1] is None:
        raise SourceError(f"{path}: {error}") from None
    return best[1]


@cache
def _all_words() -> frozenset[str]:
    """Every header word and every value that any dialect knows."""
    found: set[str] = set()
    for one in dialects().values():
        for table in one.tables.values():
            found |= {
                word for words in (*table.columns.values(), *table.attributes.values()) for word in words
            }
        found |= {word for column in one.words.values() for words in column.values() for word in words}
        found |= {*one.won, *one.lost, *one.private, *one.late}
    return frozenset(map(plain, found))


def header_place(rows: Sequence[Sequence[str]]) -> int | None:
    """Which of the first rows names the columns: the first that is nearly as wide as the widest, and no data.

    >>> header_place([("leads of May", "", ""), ("id", "date", "source"), ("1", "2026-05-01", "web")])
    1
    >>> header_place([("1", "2026-05-01"), ("2", "2026-05-02")]) is None
    True
    """
    looked = rows[:_HEADER_ROWS]
    widest = max((sum(map(bool, row)) for row in looked), default=0)
    for place, row in enumerate(looked):
        filled = [cell for cell in row if cell]
        if len(filled) >= max(2, 0.6 * widest) and len(set(filled)) > len(filled) / 2:
            return None if is_data(row) else place
    return None


def _row(place: int, first: int) -> int | None:
    """The setting ``header_row``; none where the header is the first row that holds anything."""
    return None if place == first else place + 1


def _names_without_header(row: Sequence[str]) -> tuple[str, ...]:
    """The names of a file without a header that has as many columns as a system is known to write."""
    wide = [one.names for one in dialects().values() if one.names]
    return next((names for names in wide if len(names) == len(row)), ())


def _seen(source: Source, path: Path, *, guessed: bool = False) -> SeenSheet:
    names: tuple[str, ...] = ()
    frames: list[pl.DataFrame] = []
    for raw in _parts(source, path):
        names = raw.header
        frames.append(raw.cells.select(pl.all().exclude("row_number")))
        if sum(map(len, frames)) >= ROWS_LOOKED_AT:
            break
    cells = [[to_text(frame[str(place)]) for frame in frames] for place in range(len(names))]
    told = [name.casefold() for name in names]
    once = [place for place, name in enumerate(names) if name and told.count(name.casefold()) == 1]
    columns = tuple(SeenColumn(names[place], pl.concat(cells[place])) for place in once)
    twice = tuple(sorted({name for name in names if name and told.count(name.casefold()) > 1}))
    return SeenSheet(source, columns, twice, sum(map(len, frames)), guessed)


def _parts(source: Source, path: Path) -> Iterator[RawFile]:
    if is_text(path):
        for part in text_parts(path, source, (), ()):
            yield read_file(path, source, (), (), part=part)
        return
    for span in spans(path):
        yield read_file(path, source, (), (), span)
