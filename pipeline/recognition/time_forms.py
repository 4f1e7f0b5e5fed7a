"""How a column's times are written: which forms read them, and whether the cells tell that for certain."""

from dataclasses import dataclass

import polars as pl

from pipeline.values.day_month import other_order
from pipeline.values.time_advice import fitting_formats
from pipeline.values.time_formats import reader
from pipeline.values.times import to_instants

_MOST = 0.95
_FIRST_YEAR, _LAST_YEAR = 1950, 2100
_NUMBER = r"^-?\d+(?:\.\d+)?$"
_DAY_ONLY = r"^\D*\d{1,4}\D{1,3}\d{1,2}\D{1,3}\d{1,4}\D?$|^\d{8}$"
_OFFSET = r"(?:Z|[+-]\d\d:?\d\d)$"


@dataclass(frozen=True, slots=True)
class TimeForm:
    """How times are written.

    Attributes:
        formats: strptime forms to declare; none where the usual ones read them.
        or_else: the same with day and month in the other order, where the cells do not tell which.
        numbers: whether they are plain numbers, which something else may be too.
        days: whether they are days without a time.
        zoned: whether each says its offset.
    """

    formats: tuple[str, ...] = ()
    or_else: tuple[str, ...] = ()
    numbers: bool = False
    days: bool = False
    zoned: bool = False

    @property
    def is_sure(self) -> bool:
        """Whether the cells tell the order of day and month."""
        return not self.or_else

    def read(self, cells: pl.Series, zone: str = "UTC") -> pl.Series:
        """The instants of a column that is written so."""
        return to_instants(cells, zone, self.formats)[0]


def time_form(texts: pl.Series) -> TimeForm | None:
    """How different texts of a column are written, if they are times.

    >>> time_form(pl.Series(["2026-03-05 09:12", "2026-03-06 10:00"]))
    TimeForm(formats=(), or_else=(), numbers=False, days=False, zoned=False)
    >>> time_form(pl.Series(["05/06/2026 03:15 PM", "13/06/2026 12:05 AM"])).formats
    ('%d/%m/%Y %I:%M %p',)
    >>> form = time_form(pl.Series(["05/06/2026"]))
    >>> form.formats, form.or_else
    (('%d/%m/%Y',), ('%m/%d/%Y',))
    >>> time_form(pl.Series(["18,000.00", "L7"])) is None
    True
    """
    if texts.is_empty() or not texts.str.contains(r"\d").all():
        return None
    numbers = _share(texts.str.contains(_NUMBER)) == 1.0
    days, zoned = (_share(texts.str.contains(one)) >= _MOST for one in (_DAY_ONLY, _OFFSET))
    if _reads(texts, ()):
        return TimeForm(numbers=numbers, days=days, zoned=zoned)
    formats = fitting_formats(texts)
    if not formats or not _reads(texts, tuple(formats)):
        return None
    if numbers:
        # Thirteen digits within a few years are milliseconds, and hardly anything else.
        return TimeForm(tuple(formats[:1]), numbers=formats[0] != "epoch_ms")
    chosen = _without_doubles(formats, texts)
    other = tuple(fmt for fmt in (other_order(one) for one in chosen) if fmt in formats)
    return TimeForm(tuple(chosen), other, days=days, zoned=zoned)


def _without_doubles(formats: list[str], texts: pl.Series) -> list[str]:
    """Without what is another's other order, and only as many as are needed."""
    chosen: list[str] = []
    for fmt in formats:
        if other_order(fmt) in chosen:
            continue
        chosen.append(fmt)
        if _reads(texts, (chosen[0],)):
            return chosen[:1]
    return chosen


def _reads(texts: pl.Series, formats: tuple[str, ...]) -> bool:
    if formats and len(formats) == 1 and "%" in formats[0]:
        read = reader(formats[0])(texts)
    else:
        read = to_instants(texts, "UTC", formats)[0]
    sane = read.dt.year().is_between(_FIRST_YEAR, _LAST_YEAR).fill_null(False)
    return _share(sane) >= _MOST


def _share(which: pl.Series) -> float:
    return float(which.sum()) / max(len(which), 1)
