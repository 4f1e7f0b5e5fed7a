"""Formats of times: which ones anything can be read by, and how other systems' ways are said here."""

import re
import warnings
from collections.abc import Callable
from datetime import UTC, datetime

import polars as pl

from features.tables import UTC_DATETIME
from pipeline.privacy import mask

Read = Callable[[pl.Series], pl.Series]
"""Trimmed text to times: aware ones are instants, naive ones local; missing where not understood."""

_EPOCH_FORMATS = {"epoch_s": 1_000_000, "epoch_ms": 1_000}
_SERIAL = "excel_serial"
_SERIAL_DAY_ZERO = datetime(1899, 12, 30, tzinfo=UTC)
_FIRST_SERIAL, _LAST_SERIAL = 61, 2_958_465  # 1900-03-01, before which Excel counts a day that never was
_CLOCKED = ("%H", "%I", "%k", "%l", "%T", "%R", "%X", "%c", "%s", "%r", "%+")
_TRIED = datetime(2024, 3, 5, 15, 7, 9, tzinfo=UTC)
_LIKE = "write it like '%d/%m/%Y %H:%M'"

# As Java, .NET, Excel and JavaScript write formats; the longest first. ``mm`` is minutes after hours.
_LETTERS = {
    "yyyy": "%Y",
    "YYYY": "%Y",
    "yy": "%y",
    "YY": "%y",
    "MMMM": "%B",
    "MMM": "%b",
    "MM": "%m",
    "M": "%m",
    "dd": "%d",
    "DD": "%d",
    "d": "%d",
    "D": "%d",
    "EEEE": "%A",
    "dddd": "%A",
    "EEE": "%a",
    "ddd": "%a",
    "HH": "%H",
    "H": "%H",
    "hh": "%I",
    "h": "%I",
    "mm": "%M",
    "m": "%M",
    "ss": "%S",
    "s": "%S",
    "SSSSSS": "%6f",
    "SSS": "%3f",
    "tt": "%p",
    "a": "%p",
    "A": "%p",
    "XXX": "%:z",
    "XX": "%z",
    "xxx": "%:z",
    "Z": "%z",
}
_LETTER = re.compile("'([^']*)'|" + "|".join(sorted(_LETTERS, key=len, reverse=True)))


def reader(fmt: str) -> Read:
    """What reads a column of texts by a format."""
    if fmt in _EPOCH_FORMATS:
        return lambda text: _epoch(text, _EPOCH_FORMATS[fmt])
    if fmt == _SERIAL:
        return _serial
    unpadded = re.sub("%[-_0]", "%", fmt)
    if any(mark in unpadded for mark in _CLOCKED):
        return lambda text: text.str.to_datetime(fmt, strict=False, time_unit="us")
    return lambda text: text.str.to_date(fmt, strict=False)


def check_format(fmt: str) -> None:
    """Refuse a format by which no time can be read.

    Raises:
        ValueError: says why, and how formats are written.

    >>> check_format("%d/%m/%Y %I:%M %p")
    >>> check_format("dd/MM/yyyy hh:mm a")
    Traceback (most recent call last):
    ValueError: the format 'dd/MM/yyyy hh:mm a' reads no date; write it as '%d/%m/%Y %I:%M %p'
    """
    if fmt in _EPOCH_FORMATS or fmt == _SERIAL:
        return
    hint = _hint(fmt)
    if "%Z" in fmt:
        raise ValueError(f"the format {mask(fmt)!r} has %Z, and names of zones tell no offset; {hint}")
    try:
        with warnings.catch_warnings(action="error"):
            # Any number of digits of an offset can be read, and not written.
            text = pl.Series([_TRIED]).dt.to_string(fmt.replace("%#z", "%z"))
            read = reader(fmt)(text).item()
    except (pl.exceptions.PolarsError, Warning) as error:
        reason = str(error).split("\n")[0].removeprefix("Invalid format string: ").rstrip(".")
        raise ValueError(f"the format {mask(fmt)!r} cannot be read ({reason[:120]}); {hint}") from None
    if read is None or read.year != _TRIED.year:
        raise ValueError(f"the format {mask(fmt)!r} reads no date; {hint}")


def _hint(fmt: str) -> str:
    if re.search("上午|下午|凌晨|中午|晚上", fmt):
        return "leave it out: 上午, 下午 and the like are understood without a format"
    if "%Z" in fmt:
        return "use %z where the file has offsets such as +0800, or leave the name out and set timezone"
    strptime = in_strptime(fmt)
    return f"write it as {strptime!r}" if strptime else _LIKE


def in_strptime(fmt: str) -> str | None:
    """Say a format of Java, .NET, Excel or JavaScript as strptime does; None where it is none.

    >>> in_strptime("yyyy-MM-dd'T'HH:mm:ss.SSSXXX"), in_strptime("YYYY/MM/DD hh:mm"), in_strptime("soon")
    ('%Y-%m-%dT%H:%M:%S.%3f%:z', '%Y/%m/%d %H:%M', None)
    """
    if "%" in fmt:
        return None
    told = _LETTER.sub(lambda found: _LETTERS.get(found[0], found[1] or ""), fmt)
    if "%" not in told:
        return None
    if "%p" not in told:  # a clock of twelve hours without its half means 24
        told = told.replace("%I", "%H")
    # Excel and pandas' friends write the month in small letters where no hour stands before it.
    if "%M" in told and "%m" not in told and "%b" not in told and "%B" not in told:
        told = told.replace("%M", "%m", 1)
    try:
        check_format(told)
    except ValueError:
        return None
    return told


def _epoch(text: pl.Series, microseconds: int) -> pl.Series:
    whole = text.str.extract(r"^([+-]?\d{1,14})(?:\.0+)?$").cast(pl.Int64, strict=False)
    return (whole * microseconds).cast(UTC_DATETIME)


def _serial(text: pl.Series) -> pl.Series:
    """Days since Excel's day zero, to the millisecond, which is as exact as a workbook is."""
    days = text.str.extract(r"^(\d{2,7}(?:[.,]\d+)?)$").str.replace(",", ".", literal=True).cast(pl.Float64)
    days = days.set(~days.is_between(_FIRST_SERIAL, _LAST_SERIAL).fill_null(False), None)
    milliseconds = (days * 86_400_000).round().cast(pl.Int64)
    zero = int(_SERIAL_DAY_ZERO.timestamp()) * 1_000
    return (milliseconds + zero).cast(pl.Datetime("ms")).cast(pl.Datetime("us"))
