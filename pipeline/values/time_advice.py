"""Which formats would read the times that nothing read, for the message that says so."""

import polars as pl

from pipeline.values.time_formats import reader

_DAYS = ("%d/%m/%Y", "%m/%d/%Y", "%d-%m-%Y", "%m-%d-%Y", "%d.%m.%Y", "%Y%m%d")
_SHORT = ("%y/%m/%d", "%d/%m/%y", "%m/%d/%y", "%y-%m-%d", "%d-%m-%y", "%m-%d-%y", "%d.%m.%y", "%y%m%d")
_CLOCKS = ("", " %H:%M", " %H:%M:%S", " %I:%M %p", " %I:%M:%S %p", ", %I:%M:%S %p", ", %H:%M")
_WORDED = ("%d-%b-%Y", "%d-%b-%y", "%b %d %Y", "%d/%b/%Y")
_NUMBERS = {"excel_serial": (20_000, 80_000), "epoch_s": (6e8, 5e9), "epoch_ms": (6e11, 5e12)}
_FORMATS = [f"{day}{clock}" for day in (*_DAYS, *_WORDED, *_SHORT) for clock in _CLOCKS]
_TRIED = 1_000
_MOST, _LEAST_SHARE = 3, 0.5


def fitting_formats(unread: pl.Series) -> list[str]:
    """Formats that read these texts, for a person to choose from; none where there are no such formats.

    Where one reads all of them it stands alone, but for the ones that read them all to another day.

    >>> fitting_formats(pl.Series(["05/06/2026 03:15 PM", "13/06/2026 12:05 AM"]))
    ['%d/%m/%Y %I:%M %p']
    >>> fitting_formats(pl.Series(["05/06/2026"])), fitting_formats(pl.Series(["46086.38", "46088"]))
    (['%d/%m/%Y', '%m/%d/%Y'], ['excel_serial'])
    >>> fitting_formats(pl.Series(["26/03/31", "26-03-31", "26/03/31 15:05"]))
    ['%y/%m/%d', '%y/%m/%d %H:%M', '%y-%m-%d']
    """
    texts = unread.drop_nulls().unique(maintain_order=True).head(_TRIED)
    if texts.is_empty():
        return []
    numbers = texts.cast(pl.Float64, strict=False)
    if not numbers.null_count():
        return [name for name, (least, most) in _NUMBERS.items() if numbers.is_between(least, most).any()]
    reads = {fmt: _reads(fmt, texts) for fmt in _FORMATS}
    alone = [fmt for fmt, read in reads.items() if read.all()]
    return alone or _together(reads)


def _together(reads: dict[str, pl.Series]) -> list[str]:
    """The fewest formats that read most of the texts, each chosen for how much it adds."""
    chosen: list[str] = []
    read = pl.Series([False] * len(next(iter(reads.values()))))
    while len(chosen) < _MOST:
        best = max(reads, key=lambda fmt: int((reads[fmt] & ~read).sum()))
        if not (reads[best] & ~read).any():
            break
        chosen.append(best)
        read |= reads[best]
    return chosen if int(read.sum()) > _LEAST_SHARE * len(read) else []


def _reads(fmt: str, texts: pl.Series) -> pl.Series:
    read = reader(fmt)(texts)
    return (read.is_not_null() & read.dt.year().is_between(1800, 9998)).fill_null(False)
