"""Times as people write them, to instants in UTC: a whole column at once."""

from collections.abc import Sequence
from datetime import UTC, datetime, time

import polars as pl

from features.tables import UTC_DATETIME
from pipeline.values.day_parts import on_24_hours
from pipeline.values.time_formats import reader

EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
_FIRST_YEAR, _LAST_YEAR = 1800, 9998
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
    "%a, %d %b %Y %H:%M:%S%#z",
    "%b %d, %Y %H:%M:%S",
    "%b %d, %Y %H:%M",
    "%d %b %Y %H:%M:%S",
    "%d %b %Y %H:%M",
    "%b %d, %Y",
    "%d %b %Y",
)
_SPELLINGS = (
    (r"^(\d{4})(\d\d)(\d\d)(?:(?: |[Tt])?(\d\d)(\d\d)(\d\d))?$", "$1-$2-$3 $4:$5:$6"),
    (r" ::$", ""),
    (r"(\d{4}) ?[年년] ?(\d{1,2}) ?[月월] ?(\d{1,2}) ?[日号號일]?", "$1-$2-$3 "),
    (r" ?[(（]?(?:星期|周|週|礼拜)[一二三四五六日天][)）]?", " "),
    (r"([时時点點시]) ?(\d) ?([分분])", "${1}0${2}${3}"),
    (r"([分분]) ?(\d) ?([秒초])", "${1}0${2}${3}"),
    (r"(\d{1,2}) ?[时時点點시] ?(\d{1,2}) ?[分분] ?(\d{1,2}) ?[秒초]", "$1:$2:$3"),
    (r"(\d{1,2}) ?[时時点點시] ?(\d{1,2}) ?[分분]?", "$1:$2"),
    (r"(\d{1,2}) ?[时時点點시] ?半$", "$1:30"),
    (r"(\d{1,2}) ?[时時点點시] ?整?$", "$1:00"),
    (r"^(\d{4})[/.] ?(\d{1,2})[/.] ?(\d{1,2})\.?", "$1-$2-$3"),
    (r"^(\d{1,2})\.(\d{1,2})\.(\d{4})", "$3-$2-$1"),
    (r"(\d)[Tt](\d)", "$1 $2"),
    (r"\s+", " "),
    (r"(:\d\d(?:\.\d+)?) ([+-]\d|Z$)", "$1$2"),
    (r"(:\d\d(?:\.\d+)?) (?:UTC|GMT)$", "$1+0000"),
)
_FULL_WIDTH = dict(zip("０１２３４５６７８９：／－．　", "0123456789:/-. ", strict=True))


def to_instants(text: pl.Series, zone: str, formats: Sequence[str] = ()) -> tuple[pl.Series, pl.Series]:
    """Read a column of times as instants in UTC.

    Understood are the declared formats (tried first), ISO with or without an offset (an offset in
    the text wins), ``2024/5/28 16:03``, ``28.05.2024 16:03``, ``2024年5月28日 下午4:03``, ``20240528``,
    ``Tue, 28 May 2024 16:03:00 +0800`` and dates alone (local midnight, or the first instant of a day
    that has none). A local time that occurs twice when clocks go back is the earlier one; one that is
    skipped when they go forward is missing. A year of two digits is read by a declared format only.

    Args:
        text: trimmed text; missing stays missing.
        zone: the time zone of times without an offset.
        formats: strptime formats, ``epoch_s`` / ``epoch_ms`` for seconds or milliseconds since 1970, or
            ``excel_serial`` for days since Excel's day zero.

    Returns:
        The instants (missing where not understood), and true where a local time does not exist.

    >>> times = pl.Series(["2024-05-28 16:03", "2024-05-28T16:03:00+02:00"])
    >>> to_instants(times, "Asia/Shanghai")[0].dt.to_string("%H:%M").to_list()
    ['08:03', '14:03']
    """
    instants = pl.repeat(None, len(text), dtype=UTC_DATETIME, eager=True)
    gaps = pl.repeat(False, len(text), dtype=pl.Boolean, eager=True)
    usual = [reader(f) for f in _USUAL_FORMATS]
    # Respelling is slow and few files need it: only what nothing else reads is respelled.
    for respell, readers in ((False, [*map(reader, formats), *usual]), (True, usual)):
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
    gaps = local.is_null() & naive.is_not_null()
    if gaps.any():
        local = _first_instants(naive, local, gaps.arg_true(), zone)
        gaps = local.is_null() & naive.is_not_null()
    return local.dt.convert_time_zone("UTC"), gaps


def _first_instants(naive: pl.Series, local: pl.Series, skipped: pl.Series, zone: str) -> pl.Series:
    """Where it is midnight that the clocks skip, a date begins when they have gone forward."""
    midnights = naive.gather(skipped)
    last = midnights.dt.offset_by("-1m")
    first = last.dt.replace_time_zone(zone, ambiguous="latest", non_existent="null").dt.offset_by("1m")
    same_day = (first.dt.date() == midnights.dt.date()) & (midnights.dt.time() == time(0))
    return local.scatter(skipped, first.set(~same_day.fill_null(False), None))


def _sane(times: pl.Series) -> pl.Series:
    """Drop years that Python's datetimes cannot hold in every time zone, or of two digits."""
    return times.set(~times.dt.year().is_between(_FIRST_YEAR, _LAST_YEAR), None)


def _respelled(text: pl.Series) -> pl.Series:
    plain = text.str.replace_many(_FULL_WIDTH)
    for pattern, spelling in _SPELLINGS:
        plain = plain.str.replace_all(pattern, spelling)
    return on_24_hours(plain.str.strip_chars())
