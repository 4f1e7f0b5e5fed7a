"""Where each lead stands before the day is planned: whose it is, when it is due, what speaks against it."""

from collections.abc import Mapping
from datetime import datetime

import polars as pl

from features import asof
from features.tables import UTC_DATETIME
from pipeline.config.reports import CallPlan
from pipeline.team.known import column_or_null, is_robot, latest_values
from pipeline.values.times import to_instants

# Why a lead is not called whatever the day.
DO_NOT_CALL = "do_not_call"
DEAD_NUMBER = "dead_number"
GRADE_ENDED = "grade_ended"

_FACTS = pl.DataFrame(
    schema=pl.Schema(
        {
            "lead_id": pl.String(),
            "known_at": UTC_DATETIME,
            "field": pl.String(),
            "value": pl.String(),
            "value_time": UTC_DATETIME,
        }
    )
)
_CALLS = pl.DataFrame(
    schema=pl.Schema(
        {
            "lead_id": pl.String(),
            "known_at": UTC_DATETIME,
            "started_at": UTC_DATETIME,
            "is_connected": pl.Boolean(),
        }
    )
)


def standing(
    graded: pl.DataFrame,
    tables: Mapping[str, pl.DataFrame],
    rules: CallPlan,
    as_of: datetime,
    timezone: str = "UTC",
) -> pl.DataFrame:
    """Where each graded lead stands at an instant.

    Args:
        graded: ``lead_id``, ``grade`` and ``rank``; further columns are kept.
        tables: from ``known.known_tables``.
        rules: the configuration's.
        as_of: the instant.
        timezone: of promises that say no offset.

    Returns:
        The graded leads with ``number`` (which number is rung), ``agent`` (whose lead it is, if anybody's),
        ``last_call_at``, ``last_status``, ``last_agent``, ``spoken_at`` (the last conversation), ``due_at``,
        ``not_before`` (the end of its pause, of ``promise_not_before`` the one that a promise heeds),
        ``promised_at`` (of a promise that is not kept yet), ``promise_unread`` (it says no time that can be
        read), ``asked_later``, and ``barred``: why it is not to be called at all, if so.
    """
    calls, facts = tables.get("calls", _CALLS), tables.get("facts", _FACTS)
    joined = graded
    for told in (
        _leads(tables["leads"], facts, rules),
        _last_calls(calls, rules),
        _promises(facts, calls, rules, timezone),
    ):
        joined = joined.join(told, on="lead_id", how="left", maintain_order="left")
    full = joined.with_columns(*_pause_end(rules), _cadence(rules)).with_columns(
        pl.coalesce("own", "spoken_by").alias("agent"),
        pl.col("promise_unread").fill_null(value=False),
        _asked_later().alias("asked_later"),
        _due(as_of),
        # A pause that began before the promise was made gives way to it.
        pl.when(~asof.known(pl.col("last_call_at"), pl.col("promise_known_at")))
        .then("not_before")
        .alias("promise_not_before"),
    )
    drop = ("own", "spoken_by", "forbidden", "dead", "cadence", "promise_known_at")
    return full.with_columns(_barred()).drop(drop)


def _leads(leads: pl.DataFrame, facts: pl.DataFrame, rules: CallPlan) -> pl.DataFrame:
    yes = [one.lower() for one in rules.yes_values]

    def is_yes(column: str) -> pl.Expr:
        return pl.col(column).cast(pl.String).str.strip_chars().str.to_lowercase().is_in(yes)

    forbidden = latest_values(facts, rules.do_not_call).filter(is_yes("value"))["lead_id"]
    listed = is_yes(rules.do_not_call) if rules.do_not_call in leads.columns else pl.lit(value=False)
    number = column_or_null(leads, rules.number or "customer_id", pl.String)
    own = column_or_null(leads, rules.own_agent, pl.String) if rules.own_agent else pl.lit(None, pl.String)
    return leads.select(
        "lead_id",
        pl.coalesce(number, "owner_id").alias("number"),
        own.alias("own"),
        (listed.fill_null(value=False) | pl.col("lead_id").is_in(forbidden.implode())).alias("forbidden"),
    )


def _last_calls(calls: pl.DataFrame, rules: CallPlan) -> pl.DataFrame:
    """Of each lead the last call, the last conversation and the person who last spoke to it."""
    told = calls.select(
        "lead_id",
        "started_at",
        "known_at",
        pl.col("is_connected").fill_null(value=False),
        column_or_null(calls, "agent_id", pl.String),
        column_or_null(calls, "status", pl.String),
        column_or_null(calls, "asked_callback", pl.Boolean),
    )
    person = ~is_robot("agent_id", rules.robots, told["agent_id"]) & pl.col("agent_id").is_not_null()
    spoken = pl.col("is_connected")
    return told.group_by("lead_id", maintain_order=True).agg(
        pl.col("started_at").last().alias("last_call_at"),
        pl.coalesce("status", pl.when("is_connected").then(pl.lit("answered")).otherwise(pl.lit("no_answer")))
        .last()
        .alias("last_status"),
        pl.col("agent_id").last().alias("last_agent"),
        pl.col("started_at").filter(spoken).last().alias("spoken_at"),
        pl.col("agent_id").filter(spoken & person).last().alias("spoken_by"),
        pl.col("asked_callback").last().fill_null(value=False).alias("asked_later"),
    )


def _promises(facts: pl.DataFrame, calls: pl.DataFrame, rules: CallPlan, timezone: str) -> pl.DataFrame:
    """The promise of each lead that no later conversation has kept; one that says no time is marked."""
    made = latest_values(facts, rules.callback).filter(pl.col("value").str.strip_chars() != "")
    read, _ = to_instants(made["value"].str.strip_chars(), timezone)
    made = made.with_columns(pl.coalesce("value_time", read).alias("value_time"))
    spoken = calls.filter(pl.col("is_connected")).select("lead_id", pl.col("started_at").alias("at"))
    early = pl.duration(milliseconds=int(rules.early_hours * 3_600_000))
    hour = pl.max_horizontal("known_at", pl.col("value_time") - early)
    kept = asof.next_at(made.select("lead_id", hour.alias("as_of")), spoken)
    return made.filter(kept.is_null()).select(
        "lead_id",
        pl.col("value_time").alias("promised_at"),
        pl.col("known_at").alias("promise_known_at"),
        pl.col("value_time").is_null().alias("promise_unread"),
    )


def _pause_end(rules: CallPlan) -> tuple[pl.Expr, pl.Expr]:
    status = pl.col("last_status")
    hours = rules.retry_pause_hours
    pause = status.replace_strict(list(hours), list(hours.values()), default=None, return_dtype=pl.Float64)
    end = pl.col("last_call_at") + pl.duration(milliseconds=(pause * 3_600_000).cast(pl.Int64))
    dead = status.is_not_null() & ~status.is_in(list(hours))
    return end.alias("not_before"), dead.alias("dead")


def _cadence(rules: CallPlan) -> pl.Expr:
    days = rules.cadence_days
    return (
        pl.col("grade")
        .replace_strict(list(days), list(days.values()), default=None, return_dtype=pl.Float64)
        .alias("cadence")
    )


def _asked_later() -> pl.Expr:
    """Of a promise whose hour cannot be read as much is certain: that somebody waits for a call."""
    return (pl.col("asked_later") | pl.col("promise_unread")).fill_null(value=False)


def _due(as_of: datetime) -> pl.Expr:
    """Never called: at once. Not reached, or asked to be called later: after the pause. Else by cadence."""
    cadence = pl.duration(milliseconds=(pl.col("cadence") * 86_400_000).cast(pl.Int64))
    by_cadence = pl.col("spoken_at") + cadence
    due = (
        pl.when(pl.col("last_call_at").is_null())
        .then(pl.lit(as_of).cast(UTC_DATETIME))
        .when(pl.col("spoken_at").is_null() | _asked_later())
        .then("not_before")
        .otherwise(by_cadence)
    )
    return due.alias("due_at")


def _barred() -> pl.Expr:
    ended = pl.col("cadence").is_null() & pl.col("promised_at").is_null()
    return (
        pl.when("forbidden")
        .then(pl.lit(DO_NOT_CALL))
        .when("dead")
        .then(pl.lit(DEAD_NUMBER))
        .when(ended)
        .then(pl.lit(GRADE_ENDED))
        .alias("barred")
    )
