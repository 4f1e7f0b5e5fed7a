"""Calls as features read them: dated by when they were known, in order, with what follows from the log."""

from collections.abc import Collection, Mapping

import numpy as np
import polars as pl

from features import asof
from features.keys import Keys
from features.staging.ordering import in_order
from features.tables import (
    CALL_STATUSES,
    CONNECTED_STATUSES,
    DEAD_NUMBER_STATUSES,
    DIRECTIONS,
    HANGUP_PARTIES,
    INVITATIONS,
)

# Texts of calls that are one of few, and what holds them.
CALL_DTYPES: Mapping[str, pl.DataType] = {
    "agent_id": pl.Categorical(),
    "activity": pl.Categorical(),
    "direction": pl.Enum(DIRECTIONS),
    "status": pl.Enum(CALL_STATUSES),
    "hung_up_by": pl.Enum(HANGUP_PARTIES),
    "invitation": pl.Enum(INVITATIONS),
}

# What of a call follows from when it began.
_TIMES = ("local_day", "after_creation_ms")

_PLACE = "__place"

_QUARTER_US = 900_000_000

# A customer who hangs up within this time did not listen.
QUICK_HANGUP_MS = 5_000


def with_kinds(calls: pl.DataFrame) -> pl.DataFrame:
    """Calls with their texts that are one of few as categories: far sooner ordered, compared and copied.

    Args:
        calls: the canonical table.
    """
    return calls.cast({name: kind for name, kind in CALL_DTYPES.items() if name in calls})


def stage_calls(
    calls: pl.DataFrame,
    leads: pl.DataFrame,
    known: Keys,
    timezone: str,
    read: Collection[str] | None = None,
) -> pl.DataFrame:
    """Stage calls: put in order first, and what features read derived only then, so that little is moved.

    Args:
        calls: the canonical table.
        leads: the staged leads.
        known: their keys.
        timezone: the team's own, for calendar days.
        read: the columns that features read; all when left out.
    """
    derived = _derived_of_calls(set(calls.columns))
    kept = {*calls.columns, *derived, *_TIMES, "lead_id", "known_at"} if read is None else set(read)
    asked = {name: told for name, told in derived.items() if name in kept}
    moved = {*kept, "started_at", _PLACE}.union(*(reads for _, reads in asked.values()))
    places = known.places(calls["lead_id"])
    if not places.has_nulls():
        moved -= {"lead_id"}
    ordered = in_order("calls", _dated(calls if read is None else with_kinds(calls), places), places, moved)
    lead_id, created_at = (leads[name].gather(ordered[_PLACE]) for name in ("lead_id", "created_at"))
    times = {
        "lead_id": ordered["lead_id"] if "lead_id" in moved else lead_id,
        "local_day": local_days(ordered["started_at"], timezone) if "local_day" in kept else None,
        "after_creation_ms": (ordered["started_at"] - created_at).dt.total_milliseconds(),
    }
    full = ordered.with_columns(**times).with_columns(told.alias(name) for name, (told, _) in asked.items())
    return full.select(name for name in full.columns if name in kept)


def _dated(calls: pl.DataFrame, places: pl.Series) -> pl.LazyFrame:
    # A call is known when it has ended.
    duration_ms = pl.col("duration_ms").fill_null(0) if "duration_ms" in calls.columns else pl.lit(0)
    known_at = pl.col("started_at") + pl.duration(milliseconds=duration_ms)
    return calls.lazy().with_columns(known_at.alias("known_at"), places.alias(_PLACE))


def _derived_of_calls(there: set[str]) -> dict[str, tuple[pl.Expr, set[str]]]:
    """What is derived from the columns that are there, and the columns that tell it."""
    connected = pl.col("status").is_in(CONNECTED_STATUSES)
    by_customer, told_by = _hung_up(there)
    derived = {
        "is_connected": (connected, {"status"}),
        "is_unreached": (~connected, {"status"}),
        "is_dead_number": (pl.col("status").is_in(DEAD_NUMBER_STATUSES), {"status"}),
        "is_customer_hangup": (by_customer, told_by),
        "is_quick_hangup": (
            connected & by_customer & (pl.col("duration_ms") <= QUICK_HANGUP_MS),
            {"status", "duration_ms"} | told_by,
        ),
        "has_intent_question": (pl.col("intent_questions") > 0, {"intent_questions"}),
        "is_accepted": (pl.col("invitation") == "accepted", {"invitation"}),
        "has_refusal": (pl.col("refusals") > 0, {"refusals"}),
    }
    if "hung_up_by" not in there:
        derived["hung_up_by"] = (pl.when(by_customer).then(pl.lit("customer")), told_by)
    return {name: (expression, reads) for name, (expression, reads) in derived.items() if reads <= there}


def _hung_up(there: Collection[str]) -> tuple[pl.Expr, set[str]]:
    """Whether the customer ended the call, and the columns that tell it.

    As the log says; where it does not say who ended calls, an answered call that was over within
    ``QUICK_HANGUP_MS``, or whose last words are the customer's refusal (``ends_refusing``, which hearing
    adds), was ended by the customer. Who ended the others is not known, but that it was not so.
    """
    if "hung_up_by" in there:
        return pl.col("hung_up_by") == "customer", {"hung_up_by"}
    signs = {
        "duration_ms": pl.col("duration_ms") <= QUICK_HANGUP_MS,
        "ends_refusing": pl.col("ends_refusing"),
    }
    seen = [sign for name, sign in signs.items() if name in there]
    if not seen:
        return pl.lit(None, pl.Boolean), {"hung_up_by"}
    return (pl.col("status") == "answered") & pl.any_horizontal(seen), {"status", *signs.keys() & there}


def local_days(instants: pl.Series, timezone: str) -> pl.Series:
    """The calendar days of instants in a time zone.

    A day is looked up by its quarter of an hour where that begins and ends on one day: far sooner than
    asking the calendar for millions of instants, and the same.

    Args:
        instants: in UTC; none is missing.
        timezone: the time zone's name.

    Example:
        >>> local_days(pl.Series(["2024-05-28T20:00Z"]).str.to_datetime("%FT%RZ", time_zone="UTC"),
        ...            "Asia/Shanghai").dt.to_string().to_list()
        ['2024-05-29']
    """
    quarters = asof.instants(instants) // _QUARTER_US
    first, last = (int(quarters.min()), int(quarters.max())) if len(quarters) else (0, 0)
    if last - first >= len(quarters):
        return _local_days(instants, timezone)
    begins = np.arange(first, last + 1) * _QUARTER_US
    day, day_at_end = (
        _local_days(_instants(times), timezone) for times in (begins, begins + _QUARTER_US - 1)
    )
    days = day.set(day != day_at_end, None).gather(quarters - first)
    torn = days.is_null().arg_true()
    return days.scatter(torn, _local_days(instants.gather(torn), timezone)) if len(torn) else days


def _instants(microseconds: asof.Int64Array) -> pl.Series:
    return pl.Series(microseconds).cast(pl.Datetime("us", "UTC"))


def _local_days(instants: pl.Series, timezone: str) -> pl.Series:
    return instants.dt.convert_time_zone(timezone).dt.date()
