"""The fifty features by hand in Polars: lazy, over the whole table, one ``group_by``."""

from datetime import datetime, timedelta
from pathlib import Path

import polars as pl
from benchmarks.scale_once import run

CONNECTED = ["answered", "switchboard", "fax"]
DEAD = ["powered_off", "suspended", "empty_number"]
ZONE = "Asia/Shanghai"


def _days(duration: pl.Expr) -> pl.Expr:
    return duration.dt.total_microseconds() / 86_400_000_000


def known_calls(calls: pl.LazyFrame, as_of: datetime) -> pl.LazyFrame:
    """The calls that have ended."""
    length = pl.duration(milliseconds=pl.col("duration_ms").fill_null(0))
    return calls.with_columns(
        known_at=pl.col("started_at") + length,
        connected=pl.col("status").is_in(CONNECTED),
        local_day=pl.col("started_at").dt.convert_time_zone(ZONE).dt.date(),
    ).filter(pl.col("known_at") < as_of)


def counts_of_calls(as_of: datetime) -> dict[str, pl.Expr]:
    """What is counted or added up over a lead's known calls."""
    known_at, connected = pl.col("known_at"), pl.col("connected")
    in_7d, in_30d, in_90d = (known_at >= as_of - timedelta(days=days) for days in (7, 30, 90))
    inbound = pl.col("direction") == "inbound"
    talk_ms, intents = pl.col("duration_ms"), pl.col("intent_questions")
    return {
        "calls_7d": in_7d.sum(),
        "calls_30d": in_30d.sum(),
        "calls_90d": in_90d.sum(),
        "calls_total": pl.len(),
        "answered_calls_7d": (connected & in_7d).sum(),
        "answered_calls_30d": (connected & in_30d).sum(),
        "answered_calls_90d": (connected & in_90d).sum(),
        "answered_calls_total": connected.sum(),
        "inbound_calls_90d": (inbound & in_90d).sum(),
        "inbound_calls_total": inbound.sum(),
        "no_answer_calls_total": (pl.col("status") == "no_answer").sum(),
        "dead_number_calls_total": pl.col("status").is_in(DEAD).sum(),
        "talk_s_30d": talk_ms.filter(connected & in_30d).sum() / 1000,
        "talk_s_90d": talk_ms.filter(connected & in_90d).sum() / 1000,
        "talk_s_total": talk_ms.filter(connected).sum() / 1000,
        "agents_total": pl.col("agent_id").drop_nulls().n_unique(),
        "call_days_90d": pl.col("local_day").filter(in_90d).n_unique(),
        "intent_questions_30d": intents.filter(in_30d).sum(),
        "intent_questions_90d": intents.filter(in_90d).sum(),
        "intent_questions_total": intents.sum(),
        "refusals_total": pl.col("refusals").sum(),
        "invitations_accepted_total": (pl.col("invitation") == "accepted").sum(),
        "asked_callback_total": pl.col("asked_callback").sum(),
        "dialogue_turns_total": pl.col("dialogue_turns").sum(),
    }


def measures_of_calls(as_of: datetime) -> dict[str, pl.Expr]:
    """Means, extremes and latest values, missing where a lead has nothing of the kind."""
    known_at, connected = pl.col("known_at"), pl.col("connected")
    in_90d = known_at >= as_of - timedelta(days=90)
    talk_ms, intents, refusals = pl.col("duration_ms"), pl.col("intent_questions"), pl.col("refusals")
    hung_up_by, flow_ppm = pl.col("hung_up_by"), pl.col("flow_completion_ppm")
    return {
        "days_since_call": _days(as_of - known_at.max()),
        "days_since_first_call": _days(as_of - known_at.min()),
        "days_since_answered_call": _days(as_of - known_at.filter(connected).max()),
        "days_since_intent_question": _days(as_of - known_at.filter(intents > 0).max()),
        "first_started_at": pl.col("started_at").min(),
        "answered_share_90d": connected.filter(in_90d).mean(),
        "answered_share_total": connected.mean(),
        "mean_talk_s_90d": talk_ms.filter(connected & in_90d).mean() / 1000,
        "max_talk_s_total": talk_ms.filter(connected).max() / 1000,
        "customer_hangup_share_total": (hung_up_by == "customer").filter(connected).mean(),
        "last_call_status": pl.col("status").get(known_at.arg_max()),
        "talk_s_last_call": talk_ms.filter(connected).get(known_at.filter(connected).arg_max()) / 1000,
        "max_intent_questions_total": intents.max(),
        "refused_call_share_total": (refusals > 0).filter(connected).mean(),
        "mean_flow_completion_total": flow_ppm.filter(connected).mean() / 1_000_000,
    }


def of_orders(as_of: datetime) -> dict[str, pl.Expr]:
    """The same of a customer's known orders; the first three are counts and sums."""
    known_at, amount = pl.col("known_at"), pl.col("amount_minor")
    return {
        "orders_365d": (known_at >= as_of - timedelta(days=365)).sum(),
        "orders_total": pl.len(),
        "amount_total": amount.sum() / 100,
        "days_since_order": _days(as_of - known_at.max()),
        "last_amount": amount.get(known_at.arg_max()) / 100,
    }


def features(leads: pl.LazyFrame, calls: pl.LazyFrame, orders: pl.LazyFrame, as_of: datetime) -> pl.LazyFrame:
    """Features of all leads that exist as of an instant."""
    local = pl.col("created_at").dt.convert_time_zone(ZONE)
    owner_id = pl.coalesce("customer_id", "lead_id").alias("owner_id")
    counts, ordered = counts_of_calls(as_of), of_orders(as_of)
    by_lead = known_calls(calls, as_of).group_by("lead_id").agg(**counts, **measures_of_calls(as_of))
    by_owner = (
        orders.with_columns(owner_id, pl.max_horizontal("ordered_at", "recorded_at").alias("known_at"))
        .filter(pl.col("known_at") < as_of)
        .group_by("owner_id")
        .agg(**ordered)
    )
    joined = (
        leads.filter(pl.col("created_at") <= as_of)
        .with_columns(owner_id)
        .join(by_lead, on="lead_id", how="left")
        .join(by_owner, on="owner_id", how="left")
    )
    waited = (pl.col("first_started_at") - pl.col("created_at")).dt.total_milliseconds()
    return joined.with_columns(
        pl.col(*counts, *list(ordered)[:3]).fill_null(0),
        days_since_created=_days(as_of - pl.col("created_at")),
        created_hour=local.dt.hour(),
        created_weekday=local.dt.weekday(),
        hours_to_first_call=waited / 3_600_000,
    ).drop("created_at", "customer_id", "owner_id", "first_started_at")


def write_features(world: Path, out: Path, as_of: str) -> None:
    """Features as of an instant, to one Parquet file in ``out``."""
    tables = [pl.scan_parquet(world / f"{name}.parquet") for name in ("leads", "calls", "orders")]
    features(*tables, datetime.fromisoformat(as_of)).collect().write_parquet(out / "features.parquet")


if __name__ == "__main__":
    run(write_features)
