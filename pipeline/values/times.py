"""Times as people write them, to instants in UTC: a whole column at once."""

import re
import warnings
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

import polars as pl

from features.tables import UTC_DATETIME
from pipeline.privacy import mask

EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
_EPOCH_FORMATS = {"epoch_s": 1_000_000, "epoch_ms": 1_000}
_USUAL_FORMATS = (
    "%Y-%m-%d %H:%M:%S%.f",
    "%Y-%m-%dT%H:%M:%S%.f",
    "%Y-%m-%dT%H:%M:%S%.f%#z",
    "%Y-%m-%d %H:%M:%S%.f%#z",
    "%Y-%m-%d %H:%M%#z",
    "%Y/%m/%d %H:%M:%S",
    "%Y/%m/%d %H:%M",
    "%Y-%m-%d %H:%M",
    "%d.%m.%Y %H:%M",
    "%Y-%m-%d",
)
_CLOCKED = ("%H", "%I", "%k", "%l", "%T", "%R", "%X", "%c", "%s", "%r", "%+")
_TRIED = datetime(2024, 3, 5, 15, 7, 9, tzinfo=UTC)
_SPELLINGS = (
    (r"(\d{4})年(\d{1,2})月(\d{1,2})日?", "$1-$2-$3 "),
    (r"(\d{1,2})[时点](\d{1,2})分(\d{1,2})秒", "$1:$2:$3"),
    (r"(\d{1,2})[时点](\d{1,2})分?", "$1:$2"),
    (r"^(\d{4})[/.](\d{1,2})[/.](\d{1,2})", "$1-$2-$3"),
    (r"^(\d{1,2})\.(\d{1,2})\.(\d{4})", "$3-$2-$1"),
    (r"(\d)[Tt](\d)", "$1 $2"),
    (r"\s+", " "),
    (r"(:\d\d(?:\.\d+)?) ([+-]\d|Z$)", "$1$2"),
)
_FULL_WIDTH = dict(zip("０１２３４５６７８９：／－．　", "0123456789:/-. ", strict=True))

_Read = Callable[[pl.Series], pl.Series]
"""Trimmed text to times: aware ones are instants, naive ones local; missing where not understood."""


def to_instants(text: pl.Series, zone: str, formats: Sequence[str] = ()) -> tuple[pl.Series, pl.Series]:
    """Read a column of times as instants in UTC.

    Understood are the declared formats (tried first), ISO with or without an offset (an offset in
    the text wins), ``2024/5/28 16:03``, ``28.05.2024 16:03``, ``2024年5月28日 16:03`` and dates
    alone (local midnight). A local time that occurs twice when clocks go back is the earlier one;
    one that is skipped when they go forward is missing.

    Args:
        text: trimmed text; missing stays missing.
        zone: the time zone of times without an offset.
        formats: strptime formats, or ``epoch_s`` / ``epoch_ms`` for seconds or milliseconds since 1970.

    Returns:
        The instants (missing where not understood), and true where a local time does not exist.

    >>> times = pl.Series(["2024-05-28 16:03", "2024-05-28T16:03:00+02:00"])
    >>> to_instants(times, "Asia/Shanghai")[0].dt.to_string("%H:%M").to_list()
    ['08:03', '14:03']
    """
    instants = pl.repeat(None, len(text), dtype=UTC_DATETIME, eager=True)
    gaps = pl.repeat(False, len(text), dtype=pl.Boolean, eager=True)
    usual = [_declared(f) for f in _USUAL_FORMATS]
    # Respelling is slow and few files need it: only what nothing else reads is respelled.
    for respell, readers in ((False, [*map(_declared, formats), *usual]), (True, usual)):
        left = (text.is_not_null() & instants.is_null() & ~gaps).arg_true()
        texts = _respelled(text.gather(left)) if respell else text.gather(left)
        for read in readers:
            if left.is_empty():
                break
            found, gap = in_utc(_sane(read(texts)), zone)
            instants = instants.scatter(left, found)
            gaps = gaps.scatter(left, gap)
            open_ = found.is_null() & ~gap
            left, texts = left.filter(open_), texts.filter(open_)
    return instants.alias(text.name), gaps


def check_format(fmt: str) -> None:
    """Refuse a format by which no time can be read.

    Raises:
        ValueError: says why, and how formats are written.

    >>> check_format("%d/%m/%Y %I:%M %p")
    >>> check_format("yyyy-MM-dd")
    Traceback (most recent call last):
    ValueError: the format 'yyyy-MM-dd' reads no date; write it like '%d/%m/%Y %H:%M'
    """
    if fmt in _EPOCH_FORMATS:
        return
    try:
        with warnings.catch_warnings(action="error"):
            # Any number of digits of an offset can be read, and not written.
            text = pl.Series([_TRIED]).dt.to_string(fmt.replace("%#z", "%z"))
            read = _declared(fmt)(text).item()
    except (pl.exceptions.PolarsError, Warning) as error:
        reason = str(error).split("\n")[0].removeprefix("Invalid format string: ").rstrip(".")
        raise ValueError(_unread(fmt, f"cannot be read ({reason[:120]})")) from None
    if read is None or read.year != _TRIED.year:
        raise ValueError(_unread(fmt, "reads no date"))


def _unread(fmt: str, why: str) -> str:
    return f"the format {mask(fmt)!r} {why}; write it like '%d/%m/%Y %H:%M'"


def in_utc(times: pl.Series, zone: str) -> tuple[pl.Series, pl.Series]:
    """Turn dates and datetimes, naive (local in the zone) or aware, into instants in UTC.

    Returns:
        The instants, and true where a local time does not exist; of a time that occurs twice, the earlier.

    >>> in_utc(pl.Series([datetime(2024, 3, 31, 2, 30)]), "Europe/Amsterdam")[1].to_list()
    [True]
    """
    if isinstance(times.dtype, pl.Datetime) and times.dtype.time_zone is not None:
        no_gap = pl.repeat(False, len(times), dtype=pl.Boolean, eager=True)
        return times.dt.convert_time_zone("UTC").cast(UTC_DATETIME), no_gap
    naive = times.cast(pl.Datetime("us"))
    local = naive.dt.replace_time_zone(zone, ambiguous="earliest", non_existent="null")
    return local.dt.convert_time_zone("UTC"), local.is_null() & naive.is_not_null()


def _sane(times: pl.Series) -> pl.Series:
    """Drop years that Python's datetimes cannot hold in every time zone."""
    return times.set(~times.dt.year().is_between(2, 9998), None)


def _declared(fmt: str) -> _Read:
    if fmt in _EPOCH_FORMATS:
        return lambda text: _epoch(text, _EPOCH_FORMATS[fmt])
    unpadded = re.sub("%[-_0]", "%", fmt)
    if any(mark in unpadded for mark in _CLOCKED):
        return lambda text: text.str.to_datetime(fmt, strict=False, time_unit="us")
    return lambda text: text.str.to_date(fmt, strict=False)


def _epoch(text: pl.Series, microseconds: int) -> pl.Series:
    whole = text.str.extract(r"^([+-]?\d{1,14})(?:\.0+)?$").cast(pl.Int64, strict=False)
    return (whole * microseconds).cast(UTC_DATETIME)


def _respelled(text: pl.Series) -> pl.Series:
    plain = text.str.replace_many(_FULL_WIDTH)
    for pattern, spelling in _SPELLINGS:
        plain = plain.str.replace_all(pattern, spelling)
    return plain.str.strip_chars()
