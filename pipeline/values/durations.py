"""Durations as people write them, as whole milliseconds."""

import polars as pl

from pipeline.values.marks import Decimal, narrow, plain_number
from pipeline.values.scaled import halved_to_even, scaled

_CLOCK = r"^(?:(1899-12-3[01]|1900-01-\d\d) )?(?:(\d{1,4}):)?(\d{1,4}):([0-5]\d)(?:\.(\d{1,6})\d*)?$"
_LONG_CLOCK = r"\d:\d\d:\d\d"
# Unit: its words, its milliseconds, and how many digits a count of it may have, for whole numbers to hold it.
_UNITS = (
    ("d|days?|天|日|일", 86_400_000, 4),
    ("h|hrs?\\.?|hours?|std\\.?|小时|小時|时|時間|시간|ч", 3_600_000, 6),
    ("m|mins?\\.?|minutes?|分|分钟|分鐘|분|мин\\.?|'|′", 60_000, 6),
    ("s|secs?\\.?|seconds?|秒|秒钟|秒鐘|초|сек\\.?|с|\"|″|''", 1_000, 9),
    ("ms|millis(?:econds)?|毫秒", 1, 9),
)
# Three digits behind a mark could be thousands: 1.500 s may be one and a half seconds or 25 minutes.
_WORDED_PART = r"(?:(\d{{1,{most}}}(?:[.,]\d{{1,2}}|[.,]\d{{4,}})?) ?(?:{words})[ ,]*)?"
_WORDED = "".join(_WORDED_PART.format(most=most, words=words) for words, _, most in _UNITS)
_WORDED = f"(?i)^{_WORDED}$"
_ISO_PART = r"(?:(\d{{1,{}}}(?:[.,]\d+)?){})?"
_DAYS, _HOURS, _MINUTES, _SECONDS = (
    _ISO_PART.format(most, letter) for letter, (_, _, most) in zip("DHMS", _UNITS, strict=False)
)
# Some programs write the years and months that there are none of.
_ISO = f"(?i)^P(?:0+Y)?(?:0+M)?{_DAYS}(?:T{_HOURS}{_MINUTES}{_SECONDS})?$"
_MICRO_PLACES, _NANO_PLACES = 6, 9
_MAX_NANO = 10**18


def to_milliseconds(text: pl.Series, decimal: Decimal, unit: str) -> pl.Series:
    """Read durations as whole milliseconds.

    What a text says of its unit wins: ``5m 12s``, ``5分12秒``, ``PT5M12S``, ``01:02:03``. Plain numbers
    are ms, s or min as set; ``clock`` reads ``mm:ss`` too, which could be hours and minutes.

    Args:
        text: the different texts of a column, trimmed.
        decimal: the decimal mark of plain numbers.
        unit: ms, s, min or clock.

    >>> to_milliseconds(pl.Series(["1:02:03", "75:30"]), ".", "clock").to_list()
    [3723000, 4530000]
    >>> to_milliseconds(pl.Series(["0.5", "1.0000249", "5分12秒", "PT5M12S", "5:12"]), ".", "min").to_list()
    [30000, 60001, 312000, 312000, None]
    """
    words = narrow(text)
    read = _clock(words) if unit == "clock" else _plain(words, decimal, unit)
    left = (words.is_not_null() & read.is_null()).arg_true()
    if left.is_empty():
        return read
    worded = words.gather(left)
    clock, units = _clock(worded.set(~worded.str.contains(_LONG_CLOCK), None)), _with_units(worded)
    return read.scatter(left, clock.zip_with(clock.is_not_null(), units))


def _plain(text: pl.Series, decimal: Decimal, unit: str) -> pl.Series:
    plain = plain_number(text, decimal)
    if unit == "min":  # 60,000 ms a minute = 6 / 100,000 of a nano-minute
        nano_minutes = scaled(plain, _NANO_PLACES)
        return halved_to_even(nano_minutes.set(nano_minutes.abs() > _MAX_NANO, None) * 6, 100_000)
    return scaled(plain, {"ms": 0, "s": 3}[unit])


def _with_units(text: pl.Series) -> pl.Series:
    """Sums of parts that each name their unit; missing where there is no part."""
    worded = text.str.extract_groups(_WORDED).struct.unnest().get_columns()
    iso = text.str.extract_groups(_ISO).struct.unnest().get_columns()
    total = pl.repeat(0, len(text), dtype=pl.Int64, eager=True)
    any_part = pl.repeat(False, len(text), dtype=pl.Boolean, eager=True)
    units = [milliseconds for _, milliseconds, _ in _UNITS]
    for part, milliseconds in [*zip(worded, units, strict=True), *zip(iso, units[:-1], strict=True)]:
        micro = scaled(part.str.replace(",", ".", literal=True), _MICRO_PLACES)
        total = total + halved_to_even(micro * milliseconds, 10**_MICRO_PLACES).fill_null(0)
        any_part = any_part | part.is_not_null()
    return total.set(~any_part, None)


def _clock(text: pl.Series) -> pl.Series:
    parts = text.str.extract_groups(_CLOCK).struct.unnest()
    day, hours, minutes, seconds, fraction = (parts[name] for name in parts.columns)
    # Excel keeps a duration as a date: whole days are the day of January 1900.
    days = day.str.extract(r"1900-01-(\d\d)").fill_null("0").cast(pl.Int64)
    units = [days * 24 + hours.fill_null("0").cast(pl.Int64), minutes.cast(pl.Int64), seconds.cast(pl.Int64)]
    whole = (units[0] * 60 + units[1]) * 60 + units[2]
    valid = hours.is_null() | (units[1] < 60)
    milliseconds = scaled(whole.cast(pl.String) + "." + fraction.fill_null("0"), 3)
    return milliseconds.set(~valid, None)
