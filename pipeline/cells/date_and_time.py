"""Times whose date and time of day stand in two columns, put together."""

from dataclasses import dataclass

import polars as pl

from pipeline.cells.text import to_text

# A workbook, or a database, writes a plain date with a midnight, and a plain time with its own first day.
_MIDNIGHT = r"[ T]00:00(:00(\.0+)?)?$"
_FIRST_DAY = r"^(1899-12-3[01]|1900-01-0[01]|1904-01-01|1970-01-01)[ T]"


@dataclass(frozen=True, slots=True)
class DatesWithTimes:
    """Two columns put together.

    Attributes:
        text: date and time of day with a blank between, missing where either is.
        shown: what stands there, for messages.
        problems: what is wrong where only one of the two is there.
    """

    text: pl.Series
    shown: pl.Series
    problems: pl.Series


def put_together(dates: pl.Series, clocks: pl.Series, null_words: tuple[str, ...] = ()) -> DatesWithTimes:
    """Put dates and times of day together; half a time is none, and no midnight is made up.

    Example:
        >>> dates = pl.Series(["2024-05-01", "2024-05-02 00:00:00", "2024-05-03"])
        >>> found = put_together(dates, pl.Series(["08:15", "1899-12-31 09:30:00", None]))
        >>> found.text.to_list(), found.problems.to_list()[2]
        (['2024-05-01 08:15', '2024-05-02 09:30:00', None], 'has a date and no time of day')
    """
    parts = pl.DataFrame(
        {
            "date": to_text(dates, null_words).str.replace(_MIDNIGHT, ""),
            "clock": to_text(clocks, null_words).str.replace(_FIRST_DAY, ""),
        }
    )
    date, clock = pl.col("date"), pl.col("clock")
    no_clock = pl.when(date.is_not_null() & clock.is_null()).then(pl.lit("has a date and no time of day"))
    found = parts.select(
        text=date + " " + clock,
        shown=pl.concat_str(date, clock, separator=" ", ignore_nulls=True),
        problems=no_clock.when(date.is_null() & clock.is_not_null()).then(
            pl.lit("has a time of day and no date")
        ),
    )
    return DatesWithTimes(found["text"], found["shown"], found["problems"])
