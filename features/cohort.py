"""Who is a lead to be graded, and when: the rows of the matrix before any feature.

A spine has ``lead_id``, ``owner_id`` (the customer where the lead names one) and ``as_of``.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import polars as pl

from features import asof
from features.closes import UNKNOWN, WON, Outcomes, is_away
from features.matrix.positions import asked_by, known_rows
from features.tables import CONTRACTS, UTC_DATETIME

_SPINE = ("lead_id", "owner_id", "as_of")
_HISTORY = frozenset({"calls", "orders", "stages", "facts"})


def monthly(
    leads: pl.DataFrame, until: datetime, timezone: str, max_age_days: int | None = None
) -> pl.DataFrame:
    """Every existing lead at each first of the month, local midnight, up to ``until``.

    Args:
        leads: staged leads.
        until: no as-of lies after it.
        timezone: whose midnight.
        max_age_days: leads created longer ago than this are left out.
    """
    first = leads["created_at"].min()
    months = month_starts(first, until, timezone) if isinstance(first, datetime) else []
    instants = pl.DataFrame({"as_of": months}, schema={"as_of": UTC_DATETIME})
    existing = asof.exists(pl.col("created_at"), pl.col("as_of"))
    if max_age_days is not None:
        existing &= asof.younger_than(pl.col("created_at"), pl.col("as_of"), max_age_days)
    ordered = leads.lazy().select("lead_id", "owner_id", "created_at").sort("lead_id")
    crossed = ordered.join(instants.lazy(), how="cross", maintain_order="left_right").filter(existing)
    # Sorting by two columns, one of texts, would take longer than all else.
    return crossed.select(_SPINE).sort("as_of", maintain_order=True).collect()


def month_starts(first: datetime, until: datetime, timezone: str) -> list[datetime]:
    """Local midnights from the month of ``first`` to that of ``until``, each found on its own.

    Where a clock change skips or repeats a midnight, the month starts at the change or the earlier one.
    """
    zone = ZoneInfo(timezone)
    since, last = first.astimezone(zone), until.astimezone(zone)
    months = range(since.year * 12 + since.month - 1, last.year * 12 + last.month)
    return [datetime(month // 12, month % 12 + 1, 1, tzinfo=zone).astimezone(UTC) for month in months]


def after_creation(leads: pl.DataFrame, until: datetime, days: Sequence[int]) -> pl.DataFrame:
    """Every lead at its creation plus each of ``days``, as far as that lies before ``until``."""
    offsets = pl.DataFrame({"days": sorted(set(days))}, schema={"days": pl.Int64})
    dated = leads.select("lead_id", "owner_id", "created_at").join(offsets, how="cross")
    as_of = pl.col("created_at") + pl.duration(days=pl.col("days"))
    return _spine(
        dated.with_columns(as_of.alias("as_of")).filter(asof.exists(pl.col("as_of"), pl.lit(until)))
    )


def on_stage_entry(
    leads: pl.DataFrame, stages: pl.DataFrame, until: datetime, names: Sequence[str]
) -> pl.DataFrame:
    """Every lead the instant after it first entered each of the named stages.

    The as-of is one microsecond after the entry, so that the entry itself is known.
    """
    entered = (
        stages.filter(pl.col("stage").is_in(list(names)))
        .group_by("lead_id", "stage")
        .agg((pl.col("known_at").min() + pl.duration(microseconds=1)).alias("as_of"))
        .unique(["lead_id", "as_of"])
        .join(leads.select("lead_id", "owner_id", "created_at"), on="lead_id", how="inner")
    )
    within = asof.exists(pl.col("as_of"), pl.lit(until)) & asof.exists(pl.col("created_at"), pl.col("as_of"))
    return _spine(entered.filter(within))


def from_column(leads: pl.DataFrame, until: datetime, column: str) -> pl.DataFrame:
    """Every lead at the instant that a column of the lead list names; leads without one are left out."""
    dated = leads.with_columns(pl.col(column).alias("as_of"))
    within = asof.exists(pl.col("as_of"), pl.lit(until)) & asof.exists(pl.col("created_at"), pl.col("as_of"))
    return _spine(dated.filter(within))


def at_instant(leads: pl.DataFrame, as_of: datetime) -> pl.DataFrame:
    """Every lead that exists at one instant, for scoring."""
    dated = leads.with_columns(pl.lit(as_of, UTC_DATETIME).alias("as_of"))
    return _spine(dated.filter(asof.exists(pl.col("created_at"), pl.col("as_of"))))


def since(spine: pl.DataFrame, instant: datetime) -> pl.DataFrame:
    """The rows whose as-of is not before an instant."""
    return spine.filter(asof.exists(pl.lit(instant), pl.col("as_of")))


def open_leads(spine: pl.DataFrame, outcomes: Outcomes) -> pl.DataFrame:
    """The rows whose lead was open at the as-of: not closed before it, nor lost and not taken up again.

    Leads whose outcome is unknown stay: see ``known_leads``.

    Args:
        spine: rows of a cohort.
        outcomes: from ``features.closes.outcomes``.
    """
    closes = outcomes.leads.select("lead_id", "closed_at")
    joined = spine.join(closes, on="lead_id", how="left", maintain_order="left")
    closed = joined.select(
        asof.known(pl.col("closed_at"), pl.col("as_of")).fill_null(value=False)
    ).to_series()
    return spine.filter(~closed & ~is_away(spine, outcomes.away))


def known_leads(spine: pl.DataFrame, outcomes: Outcomes) -> pl.DataFrame:
    """The rows of leads of which it is known whether they are open: for a list that is graded.

    A lead of which an outcome could not be used may be won; one that is won on an unknown date is.
    """
    doubtful = pl.col(UNKNOWN)
    if WON in outcomes.leads.columns:
        doubtful |= pl.col(WON).fill_null(value=False)
    return spine.join(outcomes.leads.filter(doubtful), on="lead_id", how="anti", maintain_order="left")


def young_leads(spine: pl.DataFrame, leads: pl.DataFrame, max_age_days: int) -> pl.DataFrame:
    """The rows whose lead was created at most ``max_age_days`` before the as-of."""
    joined = spine.join(
        leads.select("lead_id", "created_at"), on="lead_id", how="inner", maintain_order="left"
    )
    return joined.filter(asof.younger_than(pl.col("created_at"), pl.col("as_of"), max_age_days)).select(
        spine.columns
    )


def called_leads(spine: pl.DataFrame, calls: pl.DataFrame, min_calls: int) -> pl.DataFrame:
    """The rows whose lead had at least ``min_calls`` calls known before the as-of."""
    known = known_rows(calls, "lead_id", asked_by(spine, "lead_id"))
    return spine.filter(pl.Series(known.within(None).counts >= min_calls))


def entered_leads(spine: pl.DataFrame, stages: pl.DataFrame, names: Sequence[str]) -> pl.DataFrame:
    """The rows whose lead was known to have entered one of the named stages before the as-of."""
    entered = stages.filter(pl.col("stage").is_in(list(names)))
    known = known_rows(entered, "lead_id", asked_by(spine, "lead_id"))
    return spine.filter(pl.Series(known.within(None).counts > 0))


def with_history(spine: pl.DataFrame, staged: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Tell in ``has_history`` whether anything but a lead's own attributes was known at its as-of.

    A call, an order of its customer, a dated fact, or a stage that it entered after its creation.
    """
    known = pl.repeat(False, spine.height, eager=True)
    for table in _HISTORY & staged.keys():
        events, key = staged[table], CONTRACTS[table].joined_by
        if table == "stages":
            created = staged["leads"].select("lead_id", "created_at")
            entered = events.join(created, on="lead_id", how="left", maintain_order="left")
            events = entered.filter(asof.known(pl.col("created_at"), pl.col("known_at")))
        known |= pl.Series(known_rows(events, key, asked_by(spine, key)).within(None).counts > 0)
    return spine.with_columns(known.alias("has_history"))


def _spine(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.select(_SPINE).sort("as_of", "lead_id")
