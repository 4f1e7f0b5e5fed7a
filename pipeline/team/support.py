"""Grades and losses that no call supports, counted and listed."""

from collections.abc import Mapping, Sequence

import polars as pl

from features import asof
from features.tables import UTC_DATETIME
from pipeline.config.reports import Audit
from pipeline.team.known import is_robot
from pipeline.team.month import NO_AGENT

GRADE, LOSS = "grade", "loss"
_CLAIMS = ("lead_id", "at", "agent", "kind", "value")


def claims(
    graded: pl.DataFrame,
    tables: Mapping[str, pl.DataFrame],
    lost_stages: Sequence[str],
    robots: Sequence[str],
) -> pl.DataFrame:
    """What people entered that a call should stand behind: grades, and stages of a loss.

    Args:
        graded: from ``month.gradings``.
        tables: from ``known.known_tables``.
        lost_stages: the configuration's.
        robots: patterns of the agents that are no people.

    Returns:
        ``lead_id``, ``at``, ``agent`` (of a loss the person who had last called), ``kind`` and ``value``.
    """
    grades = graded.select(
        "lead_id", "at", "agent", pl.lit(GRADE).alias("kind"), pl.col("grade").alias("value")
    )
    if "stages" not in tables or not lost_stages:
        return grades
    stages = tables["stages"].with_columns(pl.col("stage").cast(pl.String))
    lost = stages.filter(pl.col("stage").is_in(list(lost_stages))).select(
        "lead_id", pl.col("known_at").alias("at"), pl.col("stage").alias("value")
    )
    agent = pl.coalesce(_last_call(lost, tables, robots, reached=False)["agent"], pl.lit(NO_AGENT)).alias(
        "agent"
    )
    return pl.concat([grades, lost.with_columns(agent, pl.lit(LOSS).alias("kind")).select(_CLAIMS)])


def supported(
    claimed: pl.DataFrame, tables: Mapping[str, pl.DataFrame], robots: Sequence[str], rules: Audit
) -> pl.DataFrame:
    """Whether a call stands behind each claim: behind a grade a conversation, behind a loss at least a try.

    Args:
        claimed: from ``claims``.
        tables: from ``known.known_tables``.
        robots: patterns of the agents that are no people; what they heard supports no person's claim.
        rules: the configuration's.

    Returns:
        The claims with ``called_at`` (the last such call by then, if any) and ``supported``.
    """
    is_grade = pl.col("kind") == GRADE
    spoken, tried = (
        _last_call(claimed, tables, robots, reached=reached)["called_at"].alias(name)
        for reached, name in ((True, "spoken"), (False, "tried"))
    )
    told = claimed.with_columns(spoken, tried).with_columns(
        pl.when(is_grade).then("spoken").otherwise("tried").alias("called_at")
    )
    # A grade that is entered at the very end of its call is of that call.
    after = pl.col("at") + pl.duration(microseconds=1)
    inside = (
        pl.when(is_grade)
        .then(asof.known_within(pl.col("called_at"), after, rules.support_days))
        .otherwise(asof.known_within(pl.col("called_at"), after, rules.loss_support_days))
    )
    return told.with_columns(inside.fill_null(value=False).alias("supported")).drop("spoken", "tried")


def by_agent_unsupported(told: pl.DataFrame) -> pl.DataFrame:
    """How many claims of each agent no call supports: of grades and of losses; nobody's (``-``) come last."""
    counts = []
    for kind, name in ((GRADE, "grades"), (LOSS, "losses")):
        mine = pl.col("kind") == kind
        counts.append(mine.sum().cast(pl.Int64).alias(name))
        counts.append((mine & ~pl.col("supported")).sum().cast(pl.Int64).alias(f"{name}_without"))
    return told.group_by("agent").agg(*counts).sort(pl.col("agent") == NO_AGENT, "agent")


def _last_call(
    rows: pl.DataFrame, tables: Mapping[str, pl.DataFrame], robots: Sequence[str], *, reached: bool
) -> pl.DataFrame:
    """Of each row the last call of a person to its lead by then: ``called_at`` and ``agent``."""
    calls = tables.get("calls")
    if calls is None or "agent_id" not in calls.columns:
        nothing = pl.lit(None, UTC_DATETIME).alias("called_at"), pl.lit(None, pl.String).alias("agent")
        return rows.select(*nothing)
    people = ~is_robot("agent_id", tuple(robots), calls["agent_id"])
    if reached:
        people &= pl.col("is_connected").fill_null(value=False)
    talks = calls.filter(people).select(
        "lead_id",
        pl.col("known_at").alias("at"),
        pl.col("known_at").alias("called_at"),
        pl.col("agent_id").cast(pl.String).alias("agent"),
    )
    asked = rows.select("lead_id", "at").with_row_index("row").sort("at")
    found = asked.join_asof(
        talks.sort("at"), on="at", by="lead_id", strategy="backward", check_sortedness=False
    )
    return found.sort("row").select("called_at", "agent")
