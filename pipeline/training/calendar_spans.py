"""Spans of the calendar, or of a flat list's rows."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any, Literal
from zoneinfo import ZoneInfo

import pandas as pd

Unit = Literal["rows", "days", "weeks", "months", "years"]
UNITS: dict[str, Unit] = {"": "rows", "d": "days", "w": "weeks", "m": "months", "y": "years"}

# Beyond a century it is a slip of the pen, and the calendar ends somewhere.
LONGEST = {"rows": 10**9, "days": 36_500, "weeks": 5_200, "months": 1_200, "years": 100}


@dataclass(frozen=True)
class Span:
    """A length of time, or of a flat list.

    Example:
        >>> Span.read("12m"), str(Span.read("20000"))
        (Span(count=12, unit='months'), '20000')
    """

    count: int
    unit: Unit

    @classmethod
    def read(cls, text: str) -> "Span":
        """Read a span as it is written on the command line.

        Raises:
            ValueError: it is not one.
        """
        found = re.fullmatch(r"([1-9][0-9]{0,9})([dwmy]?)", text.strip(), flags=re.ASCII)
        if found is None or int(found[1]) > LONGEST[UNITS[found[2]]]:
            raise ValueError("no such span; write it as 12m, 90d, 4w or 1y, for a flat list in rows as 20000")
        return cls(int(found[1]), UNITS[found[2]])

    def __str__(self) -> str:
        letter = next(letter for letter, unit in UNITS.items() if unit == self.unit)
        return f"{self.count}{letter}"

    def before(self, instant: datetime, zone: ZoneInfo, times: int = 1) -> datetime:
        """The instant so many spans earlier, at the same hour by the clocks of the zone.

        Example:
            >>> march = datetime(2024, 4, 1, tzinfo=ZoneInfo("Europe/Amsterdam"))
            >>> Span.read("1m").before(march, ZoneInfo("Europe/Amsterdam")).isoformat()
            '2024-02-29T23:00:00+00:00'
        """
        length: dict[str, Any] = {self.unit: self.count * times}
        local = pd.Timestamp(instant.astimezone(zone).replace(tzinfo=None)) - pd.DateOffset(**length)
        return _instant(local.to_pydatetime(), zone)

    def next_start(self, instant: datetime, zone: ZoneInfo) -> datetime:
        """The first midnight after an instant; of a month, where the span is of months or years."""
        day = instant.astimezone(zone).date()
        after = day + timedelta(days=1)
        if self.unit in ("months", "years"):
            after = (day.replace(day=1) + timedelta(days=32)).replace(day=1)
        return _instant(datetime.combine(after, time()), zone)


def whole_days_between(earlier: datetime, later: datetime) -> int:
    """Whole days from one instant to another.

    Example:
        >>> whole_days_between(datetime(2024, 1, 1), datetime(2024, 1, 3, 12))
        2
    """
    return (later - earlier).days


def _instant(local: datetime, zone: ZoneInfo) -> datetime:
    return local.replace(tzinfo=zone).astimezone(UTC)
