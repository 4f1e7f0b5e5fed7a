"""What stands around a lead's end: how long it was worked on, which events come just before or only after."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

import polars as pl

from features import asof
from features.closes import UNKNOWN, WON, Outcomes

# An event this close before a close hardly leaves time to act on it.
JUST_BEFORE_DAYS = 1

_CALL_COLUMNS = ("status", "activity", "direction", "invitation")
_EVENT = ("lead_id", "table", "field", "value")


def lead_ends(leads: pl.DataFrame, outcomes: Outcomes, until: datetime) -> pl.DataFrame:
    """How each lead that existed by then stood at an instant, but for those of which that is not known.

    Args:
        leads: staged leads.
        outcomes: from ``features.closes.outcomes``; what comes at or after ``until`` is not looked at.
        until: the instant.

    Returns:
        The leads with ``closed``, ``lost`` (false for a lead that closed) and ``worked_days``, from
        creation to the end, or to ``until`` for a lead that was open.
    """
    end = pl.lit(until)
    closed, lost = (asof.known(pl.col(c), end).fill_null(value=False) for c in ("closed_at", "lost_at"))
    gone = asof.known(pl.col("since"), end) & ~asof.known(pl.col("until"), end).fill_null(value=False)
    away = outcomes.away.filter(gone).group_by("lead_id").agg(pl.col("since").max().alias("lost_at"))
    existing = leads.filter(asof.known(pl.col("created_at"), end))
    told = _known(outcomes).join(away, on="lead_id", how="left")
    if WON in told.columns:
        closed = pl.col(WON).fill_null(value=False)
    ended_at = pl.when(closed).then("closed_at").when(lost).then("lost_at").otherwise(end)
    ended_at = pl.coalesce(ended_at, end)  # a close without a date
    joined = existing.join(told, on="lead_id", how="inner", maintain_order="left")
    return joined.select(
        *leads.columns,
        closed.alias("closed"),
        (lost & ~closed).alias("lost"),
        asof.days_from(pl.col("created_at"), ended_at).alias("worked_days"),
    )


def _known(outcomes: Outcomes) -> pl.DataFrame:
    return outcomes.leads.filter(~pl.col(UNKNOWN)).select("lead_id", "closed_at", pl.col(f"^{WON}$"))


def called_at_age(
    leads: pl.DataFrame, calls: pl.DataFrame, outcomes: Outcomes, ages_days: Sequence[int]
) -> pl.DataFrame:
    """How many leads were called at each age, and how many of those were won in the end.

    Args:
        leads: staged leads.
        calls: staged calls.
        outcomes: undated ones; leads without an outcome are left out.
        ages_days: rising ends of the ages; the first begins at creation.

    Returns:
        One row per age: ``age_days`` (its end), ``leads``, ``won``.
    """
    told = outcomes.leads.drop_nulls(WON).join(leads.select("lead_id", "created_at"), on="lead_id")
    aged = calls.select("lead_id", "known_at").join(told, on="lead_id")
    found = []
    for start, end in zip([0, *ages_days[:-1]], ages_days, strict=True):
        at_age = asof.upcoming(pl.col("known_at"), pl.col("created_at"), start, end)
        called = aged.filter(at_age).unique("lead_id")
        found.append((end, called.height, int(called[WON].sum())))
    return pl.DataFrame(found, schema=["age_days", "leads", "won"], orient="row")


def called_after_close(
    leads: pl.DataFrame, calls: pl.DataFrame, outcomes: Outcomes, days: int
) -> tuple[int, int]:
    """How many leads are known to have closed so soon after their creation, and how many were called since.

    Args:
        leads: staged leads.
        calls: staged calls; of interest are those after the close, within the same days.
        outcomes: with the dates that there are.
        days: after creation.
    """
    as_of = pl.col("created_at") + pl.duration(days=days)
    told = outcomes.leads.drop_nulls("closed_at").join(leads.select("lead_id", "created_at"), on="lead_id")
    closed = told.filter(asof.known(pl.col("closed_at"), as_of))
    event = pl.col("known_at")
    since = calls.select("lead_id", "known_at").join(closed, on="lead_id")
    called = since.filter(asof.known(pl.col("closed_at"), event) & asof.known(event, as_of))
    return closed.height, called["lead_id"].n_unique()


def created_before(leads: pl.DataFrame, instant: datetime) -> pl.DataFrame:
    """The leads that were created before an instant."""
    return leads.filter(asof.known(pl.col("created_at"), pl.lit(instant)))


def events_beside_closes(
    staged: Mapping[str, pl.DataFrame],
    outcomes: Outcomes,
    until: datetime,
    skip_stages: Collection[str],
    categories: Collection[str],
) -> pl.DataFrame:
    """Each event that a lead had, and where it stood to the lead's close.

    Args:
        staged: tables from ``features.staging.staging``.
        outcomes: from ``features.closes.outcomes``; what comes at or after ``until`` is not looked at.
        until: closes are known up to here; events younger than ``JUST_BEFORE_DAYS`` then are left out.
        skip_stages: the stages that are an end themselves.
        categories: fields of the facts table whose values are events of their own.

    Returns:
        One row per lead and event: ``lead_id``, ``table``, ``field``, ``value`` (missing: the fact was
        entered, whatever it said), ``only_after`` (the lead closed, and had the event at or after its close
        only), ``only_near`` (the lead closed, and had it never earlier than a day before its close).
    """
    closed_at = pl.when(asof.known(pl.col("closed_at"), pl.lit(until))).then("closed_at")
    closes = _known(outcomes).select("lead_id", closed_at.alias("closed_at"))
    known = pl.concat(_events(staged, skip_stages, categories)).filter(
        asof.ripe(pl.col("known_at"), JUST_BEFORE_DAYS, until)
    )
    event, close = pl.col("known_at"), pl.col("closed_at")
    before = asof.known(event, close).fill_null(value=True)
    near = asof.known_within(event, close, JUST_BEFORE_DAYS).fill_null(value=False)
    return (
        known.join(closes, on="lead_id", how="inner")
        .group_by(_EVENT)
        .agg((~before.any()).alias("only_after"), (~(before & ~near).any()).alias("only_near"))
    )


def counted(events: pl.DataFrame) -> pl.DataFrame:
    """How many leads had each event, and of how many it was seen after their close, or near it, only.

    Counts of different leads may be added up.

    Args:
        events: from ``events_beside_closes``.

    Returns:
        One row per event: ``table``, ``field``, ``value``, ``leads``, ``only_after``, ``only_near``.
    """
    counts = [pl.col(name).sum().cast(pl.Int64) for name in ("only_after", "only_near")]
    return events.group_by(_EVENT[1:]).agg(pl.len().cast(pl.Int64).alias("leads"), *counts)


def _events(
    staged: Mapping[str, pl.DataFrame], skip_stages: Collection[str], categories: Collection[str]
) -> list[pl.DataFrame]:
    nothing = pl.DataFrame(schema={"lead_id": pl.String, "known_at": pl.Datetime("us", "UTC")})
    found = [_events_of(nothing, "", pl.lit("", pl.String), pl.lit("", pl.String))]
    if "stages" in staged:
        moves = staged["stages"].filter(~pl.col("stage").is_in(list(skip_stages)))
        found.append(_events_of(moves, "stages", pl.lit("stage"), pl.col("stage")))
    if "calls" in staged:
        calls = staged["calls"]
        found += [
            _events_of(calls.drop_nulls(name), "calls", pl.lit(name), pl.col(name).cast(pl.String))
            for name in _CALL_COLUMNS
            if name in calls.columns
        ]
    if "facts" in staged:
        facts = staged["facts"]
        found.append(_events_of(facts, "facts", pl.col("field"), pl.lit(None, pl.String)))
        if "value" in facts.columns:
            told = facts.drop_nulls("value").filter(pl.col("field").is_in(list(categories)))
            found.append(_events_of(told, "facts", pl.col("field"), pl.col("value")))
    return found


def _events_of(rows: pl.DataFrame, table: str, field: pl.Expr, value: pl.Expr) -> pl.DataFrame:
    return rows.select(
        "lead_id",
        "known_at",
        pl.lit(table).alias("table"),
        field.alias("field"),
        value.alias("value"),
    )
