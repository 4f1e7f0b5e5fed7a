"""The day as it is handed out: each call with its reason and next action, and each held lead with its own."""

from collections.abc import Mapping, Sequence

import polars as pl

from pipeline.language.catalogue import Language
from pipeline.team.known import on_the_clock
from pipeline.team.plan.call_plan import LOT, Planned
from pipeline.team.plan.words import HELD, KINDS, why_called, why_held

BOTH: tuple[Language, ...] = ("en", "zh")


def call_list(
    planned: Planned, standing: pl.DataFrame, actions: Mapping[str, Mapping[Language, str]], timezone: str
) -> pl.DataFrame:
    """The calls of the day, by agent and time.

    Args:
        planned: the day.
        standing: where each lead stood, with the reasons of the graded list where it has them.
        actions: next action by grade, in each language.
        timezone: the team's.

    Returns:
        ``agent``, ``at`` and ``last_call`` (local times), ``lead_id``, ``kind``, ``by_lot``, ``grade``,
        ``score``, ``why_en``, ``why_zh``, ``reason_en``, ``reason_zh``, ``action_en``, ``action_zh``.
    """
    seen = standing.select(
        "lead_id", "grade", "score", "last_call_at", *(_reason(standing, to) for to in BOTH)
    )
    told = planned.calls.join(seen, on="lead_id", how="left").sort("by", "at", "lead_id")
    return told.select(
        pl.col("by").alias("agent"),
        on_the_clock("at", timezone),
        "lead_id",
        "kind",
        (pl.col("kind") == LOT).alias("by_lot"),
        "grade",
        "score",
        *(_said("kind", {one: why_called(one, to) for one in KINDS}, f"why_{to}") for to in BOTH),
        *(f"reason_{to}" for to in BOTH),
        *(_said("grade", {one: told[to] for one, told in actions.items()}, f"action_{to}") for to in BOTH),
        on_the_clock("last_call_at", timezone).alias("last_call"),
    )


def held_list(planned: Planned, standing: pl.DataFrame, timezone: str) -> pl.DataFrame:
    """The leads that are not called on the day, by rank.

    Args:
        planned: the day.
        standing: where each lead stood.
        timezone: the team's.

    Returns:
        ``lead_id``, ``agent`` (whose lead it is), ``grade``, ``held``, ``held_en``, ``held_zh``, and the
        local times ``due``, ``promised`` and ``last_call``.
    """
    return (
        planned.held.join(standing, on="lead_id", how="left")
        .sort("rank")
        .select(
            "lead_id",
            "agent",
            "grade",
            "held",
            *(_said("held", {one: why_held(one, to) for one in HELD}, f"held_{to}") for to in BOTH),
            on_the_clock("due_at", timezone).alias("due"),
            on_the_clock("promised_at", timezone).alias("promised"),
            on_the_clock("last_call_at", timezone).alias("last_call"),
        )
    )


def by_agent(calls: pl.DataFrame, agents: Sequence[str]) -> pl.DataFrame:
    """How many calls each agent has: ``agent``, ``calls``, then of each kind.

    Args:
        calls: from ``call_list``.
        agents: who is on duty, with calls or without.
    """
    counted = calls.group_by("agent").agg(
        pl.len().cast(pl.Int64).alias("calls"),
        *((pl.col("kind") == kind).sum().cast(pl.Int64).alias(kind) for kind in KINDS),
    )
    everybody = pl.DataFrame({"agent": sorted(agents)}, schema={"agent": pl.String})
    return everybody.join(counted, on="agent", how="left").fill_null(0).sort("agent")


def _reason(standing: pl.DataFrame, to: Language) -> pl.Expr:
    """The first reason of the graded list; a list without reasons has none."""
    name = f"reasons_up_{to}"
    return (pl.col(name) if name in standing.columns else pl.lit(None, pl.String)).alias(f"reason_{to}")


def _said(column: str, words: Mapping[str, str], name: str) -> pl.Expr:
    said = pl.col(column).replace_strict(
        list(words), list(words.values()), default=None, return_dtype=pl.String
    )
    return said.alias(name)
