"""The robot's two lists: who is dialled again by it, and whom it hands to a person."""

import polars as pl

from pipeline.config.reports import CallPlan
from pipeline.team.known import column_or_null, is_robot, on_the_clock
from pipeline.team.plan.standing import DEAD_NUMBER, DO_NOT_CALL

_LISTED = ("lead_id", "label", "last_call_at", "last_agent", "not_before")


def robot_lists(standing: pl.DataFrame, rules: CallPlan, timezone: str) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The leads whose last call was the robot's and that may be called, by their label in the robot's scheme.

    Args:
        standing: from ``standing.standing``, of graded leads; without the scheme's column both are empty.
        rules: the configuration's.
        timezone: the team's, of the times.

    Returns:
        ``lead_id``, ``label``, ``last_call_at``, ``last_agent`` and ``not_before`` of those to dial again, by
        the end of their pause; and of those to hand over, newest call first.
    """
    label = column_or_null(standing, f"scheme_{rules.robot_scheme}", pl.String)
    rows = standing.with_columns(label.alias("label"))
    forbidden = pl.col("barred").is_in([DO_NOT_CALL, DEAD_NUMBER]).fill_null(value=False)
    by_robot = is_robot("last_agent", rules.robots, rows["last_agent"]) & ~forbidden
    times = [on_the_clock(name, timezone) for name in ("last_call_at", "not_before")]
    mine = rows.filter(by_robot).select(_LISTED).with_columns(times)
    again = mine.filter(pl.col("label").is_in(list(rules.redial))).sort("not_before", "lead_id")
    handed = mine.filter(pl.col("label").is_in(list(rules.handoff)))
    return again, handed.sort(pl.col("last_call_at"), "lead_id", descending=[True, False])
