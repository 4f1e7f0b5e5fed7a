"""The team's days and hours: which day is the next with calls, and at what times calls may begin."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from pipeline.config.reports import CallHours, CallPlan

# A calendar without a working day in so many days is a mistake.
_LOOKED_AHEAD = 366


def is_working_day(rules: CallPlan, day: date) -> bool:
    """Whether the team calls on a day: rest days do not, unless one of the week is worked.

    >>> is_working_day(CallPlan(), date(2026, 7, 4)), is_working_day(CallPlan(), date(2026, 7, 6))
    (False, True)
    """
    if day in rules.working_days:
        return True
    return day.isoweekday() not in rules.rest_weekdays and day not in rules.rest_days


def next_working_day(rules: CallPlan, after: date) -> date:
    """The first working day after a day.

    Raises:
        ValueError: there is none within a year.

    >>> next_working_day(CallPlan(rest_days=(date(2026, 7, 6),)), date(2026, 7, 3)).isoformat()
    '2026-07-07'
    """
    for ahead in range(1, _LOOKED_AHEAD):
        day = after + timedelta(days=ahead)
        if is_working_day(rules, day):
            return day
    raise ValueError("no working day within a year: check rest_weekdays and rest_days")


@dataclass(frozen=True)
class WorkingDay:
    """A working day with the times at which calls may begin.

    Attributes:
        day: the day, in the team's zone.
        zone: the team's zone.
        slots: when calls begin in the golden hours, in order: one for each call that an agent may make.
        promises: from when to when promised call-backs are kept.
        whole: the calendar day's own bounds.
    """

    day: date
    zone: ZoneInfo
    slots: tuple[datetime, ...]
    promises: tuple[datetime, datetime]
    whole: tuple[datetime, datetime]

    @classmethod
    def of(cls, rules: CallPlan, day: date, timezone: str) -> "WorkingDay":
        """The day by the rules; a day without calls has no slots and keeps no promises."""
        zone = ZoneInfo(timezone)
        begin, end = (_instant(day + timedelta(days=more), time(), zone) for more in (0, 1))
        if not is_working_day(rules, day):
            return cls(day, zone, (), (begin, begin), (begin, end))
        kept = rules.promise_span
        spans = [_bounds(day, span, zone) for span in rules.spans]
        promises = _bounds(day, kept, zone)
        return cls(day, zone, tuple(_slots(spans, rules.calls_per_day)), promises, (begin, end))


def _slots(spans: Iterable[tuple[datetime, datetime]], calls: int) -> Iterable[datetime]:
    """Begins of calls, spread evenly over the spans, in whole seconds."""
    open_spans = [(begin, int((end - begin).total_seconds())) for begin, end in spans]
    total = sum(seconds for _, seconds in open_spans)
    for number in range(calls):
        place = total * number // calls
        for begin, seconds in open_spans:
            if place < seconds:
                yield begin + timedelta(seconds=place)
                break
            place -= seconds


def _bounds(day: date, span: CallHours, zone: ZoneInfo) -> tuple[datetime, datetime]:
    return _instant(day, span.begin, zone), _instant(day, span.end, zone)


def _instant(day: date, at: time, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, at, zone).astimezone(UTC)
