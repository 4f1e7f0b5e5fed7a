"""Inputs damaged as files are on their way to us: cut, mixed up, packed anew, with odd cells; by a seed."""

# ruff: noqa: E501 - what is tried reads best in few lines

import csv
import gzip
import io
import random
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime

import pyarrow as pa
import pyarrow.parquet as pq
import xlsxwriter

HEADER = ["lead_id", "created_at", "channel", "budget", "phone", "signed"]
ODD_CELLS = [
    "", " ", "NULL", "nan", "inf", "-inf", "1e999", "-0", "1,234.5", "1.234,5", "99999999999999999999", "0x1F",
    "2024-02-30", "2023-02-29", "2024-02-29", "0000-00-00", "9999-12-31 23:59:59", "10000-01-01", "1900-02-29",
    "2024-03-31 02:30", "24:00", "2024-13-01", "01/02/2024", "13/02/2024", "2024-05-28T16:03:00+99:00", "45000.5",
    "1716883380", "-62135596800001", "2024年5月28日 下午4点", "=1+1", "+8613800138021", "@SUM(A1)", "'=x", "\t=1",
    "\r", "a\nb", 'a"b', '"', "'", ",", ";", "\\", "\x00", "\x1a", "\x7f", "\ufeff", "\u202e", "\ud83d\ude00"[:0] + "😀",
    "甲" * 300, "<script>alert(1)</script>", "{{7*7}}", "%s%n", "../../etc/passwd", "x" * 5000, "L1", "l1", "Ｌ１", "１２",
    "true", "#N/A", "#FORMULA!", "1e5", "1.0", "00123", "12345678901234567890",
]  # fmt: skip
ODD_BYTES = [
    b"\0",
    b"\xff",
    b"\xfe\xff",
    b"\xef\xbb\xbf",
    b'"',
    b"\r",
    b"\n",
    b",",
    b";",
    b"\t",
    b"\x1a",
    b"\x80",
]
ODD_XML = [
    b"0", b"-1", b"4294967295", b"18446744073709551616", b"XFD1048576", b"A0", b"ZZZZ1", b"<", b"&", b"&#0;",
    b"&bomb;", b"]]>", b"<c", b'"', b"nan", b"1e999", b"\xff\xfe", b"", b"t=\"s\"", b"<v>99999999</v>",
]  # fmt: skip


def rows(draw: random.Random, count: int) -> list[list[str]]:
    """Lead rows as a team may have them."""
    channels = ["web", "phone", "展会", ""]
    return [
        [
            f"L{place}",
            f"2024-{draw.randint(1, 12):02d}-{draw.randint(1, 28):02d} {draw.randint(0, 23):02d}:30",
            draw.choice(channels),
            str(draw.randint(0, 99_999)),
            f"199000{place:05d}",
            draw.choice(["yes", "no"]),
        ]
        for place in range(count)
    ]


def damaged_file(seed: int) -> tuple[str, bytes]:
    """A file's name, which tells its kind, and its damaged bytes; the same for the same seed."""
    draw = random.Random(seed)
    table = rows(draw, draw.randint(1, 40))
    header = list(HEADER)
    for _ in range(draw.randint(0, 4)):
        _CELL_DAMAGES[draw.randrange(len(_CELL_DAMAGES))](draw, header, table)
    kind = draw.choice(list(_WRITERS))
    data = _WRITERS[kind](draw, header, table)
    for _ in range(draw.choice([0, 0, 1, 1, 2, 5])):
        data = _BYTE_DAMAGES[draw.randrange(len(_BYTE_DAMAGES))](draw, data)
    return f"leads.{kind}", data


# Damage to cells ------------------------------------------------------------------------------------------


def _odd_cells(draw: random.Random, header: list[str], table: list[list[str]]) -> None:
    for _ in range(draw.randint(1, 6)):
        row = draw.choice(table)
        if row:
            row[draw.randrange(len(row))] = draw.choice(ODD_CELLS)


def _odd_column(draw: random.Random, header: list[str], table: list[list[str]]) -> None:
    place, cell = draw.randrange(len(header)), draw.choice(ODD_CELLS)
    for row in table:
        if place < len(row):
            row[place] = cell


def _odd_name(draw: random.Random, header: list[str], table: list[list[str]]) -> None:
    header[draw.randrange(len(header))] = draw.choice([*ODD_CELLS, *HEADER])


def _ragged(draw: random.Random, header: list[str], table: list[list[str]]) -> None:
    row = draw.choice(table)
    row[:] = row[: draw.randint(0, len(row))] if draw.random() < 0.5 else [*row, "more"]


def _doubled(draw: random.Random, header: list[str], table: list[list[str]]) -> None:
    table.insert(draw.randrange(len(table) + 1), list(draw.choice(table)))


def _titled(draw: random.Random, header: list[str], table: list[list[str]]) -> None:
    table.insert(0, list(header))
    header[:] = ["Leads of May", *[""] * (len(header) - 1)]


_CELL_DAMAGES: list[Callable[[random.Random, list[str], list[list[str]]], None]] = [
    _odd_cells, _odd_cells, _odd_column, _odd_name, _ragged, _doubled, _titled,
]  # fmt: skip


# Kinds of files -------------------------------------------------------------------------------------------


def _text(draw: random.Random, header: list[str], table: list[list[str]]) -> bytes:
    out = io.StringIO()
    style = csv.writer(
        out,
        delimiter=draw.choice(",,,;\t|"),
        lineterminator=draw.choice(["\n", "\r\n", "\r"]),
        quoting=draw.choice([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
    )
    style.writerows([header, *table])
    codec = draw.choice(["utf-8", "utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le"])
    return out.getvalue().encode(codec, "replace")


def _packed(draw: random.Random, header: list[str], table: list[list[str]]) -> bytes:
    data = _text(draw, header, table)
    if draw.random() < 0.3:
        data = _some_bytes(draw, data)
    return gzip.compress(data, 1, mtime=0)


def _parquet(draw: random.Random, header: list[str], table: list[list[str]]) -> bytes:
    names = list(dict.fromkeys(header))
    columns = {
        name: [row[place] if place < len(row) else None for row in table] for place, name in enumerate(names)
    }
    made = {name: _typed(draw, cells) for name, cells in columns.items()}
    out = io.BytesIO()
    pq.write_table(pa.table(made), out)
    return out.getvalue()


def _typed(draw: random.Random, cells: list[str | None]) -> pa.Array:
    """A column as text, mostly, else as something that a program may have written."""
    count = len(cells)
    numbers = [draw.choice([0, 1, -1, 2**31, 2**62, -(2**62), 1_716_883_380, None]) for _ in range(count)]
    match draw.randrange(14):
        case 0:
            return pa.array(
                numbers, pa.timestamp(draw.choice(["ms", "us", "ns"]), draw.choice([None, "UTC"]))
            )
        case 1:
            return pa.array(numbers, pa.int64())
        case 2:
            return pa.array(
                [draw.choice([0.5, float("nan"), float("inf"), 1e308, None]) for _ in range(count)]
            )
        case 3:
            return pa.array([None if n is None else n % 2**31 for n in numbers], pa.date32())
        case 4:
            return pa.array(numbers, pa.duration("ms"))
        case 5:
            kinds = [
                pa.array([[1]] * count),
                pa.array([{"a": 1}] * count),
                pa.array([b"\xff"] * count),
                pa.nulls(count),
            ]
            return draw.choice(kinds)
        case 6:
            return pa.array(cells).dictionary_encode()
        case _:
            return pa.array(cells, pa.string())


def _workbook(draw: random.Random, header: list[str], table: list[list[str]]) -> bytes:
    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_numbers": draw.random() < 0.5, "strings_to_urls": False}
    with xlsxwriter.Workbook(out, options) as book:
        book.set_properties({"created": datetime(2000, 1, 1, tzinfo=UTC)})  # a seed makes the same bytes
        sheet = book.add_worksheet(draw.choice(["Sheet1", "线索", "a'b"]))
        for row, cells in enumerate([header, *table]):
            for column, cell in enumerate(cells):
                sheet.write(row, column, cell)
        if draw.random() < 0.1:
            sheet.write(draw.choice([40, 5000, 1_048_575]), draw.choice([7, 300, 16_383]), "stray")
    data = out.getvalue()
    return _odd_part(draw, data) if draw.random() < 0.5 else data


def _odd_part(draw: random.Random, data: bytes) -> bytes:
    """A workbook one part of which was damaged and packed again, so that its check sums are right."""
    source, out = zipfile.ZipFile(io.BytesIO(data)), io.BytesIO()
    chosen = draw.choice(source.namelist())
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as parts:
        for name in source.namelist():
            body = source.read(name)
            if name == chosen:
                for _ in range(draw.randint(1, 4)):
                    place = draw.randrange(len(body) + 1)
                    body = body[:place] + draw.choice(ODD_XML) + body[place + draw.randint(0, 12) :]
            if name != chosen or draw.random() < 0.9:
                parts.writestr(zipfile.ZipInfo(name), body)
    return out.getvalue()


_WRITERS: dict[str, Callable[[random.Random, list[str], list[list[str]]], bytes]] = {
    "csv": _text,
    "tsv": _text,
    "csv.gz": _packed,
    "parquet": _parquet,
    "xlsx": _workbook,
    "xls": _text,
}


# Damage to bytes ------------------------------------------------------------------------------------------


def _some_bytes(draw: random.Random, data: bytes) -> bytes:
    place = draw.randrange(len(data) + 1)
    return data[:place] + draw.choice(ODD_BYTES) + data[place + draw.randint(0, 3) :]


def _cut(draw: random.Random, data: bytes) -> bytes:
    return data[: draw.randrange(len(data) + 1)]


def _flipped(draw: random.Random, data: bytes) -> bytes:
    changed = bytearray(data)
    for _ in range(min(len(changed), draw.randint(1, 8))):
        changed[draw.randrange(len(changed))] ^= 1 << draw.randrange(8)
    return bytes(changed)


def _moved(draw: random.Random, data: bytes) -> bytes:
    start, end = sorted(draw.randrange(len(data) + 1) for _ in range(2))
    place = draw.randrange(len(data) + 1)
    return data[:place] + data[start:end] + data[place:]


_BYTE_DAMAGES = [_some_bytes, _some_bytes, _cut, _flipped, _moved]
