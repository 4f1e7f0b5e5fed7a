"""A month of the team: the leads that each agent graded A and B, the sales that came of them, and the pay."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

import polars as pl

from features.tables import UTC_DATETIME
from pipeline.config.reports import Kpi
from pipeline.team.known import column_or_null, is_robot
from pipeline.team.pay import Terms, monthly_pay

PAID = ("A", "B")
NO_AGENT = "-"

# What became of a grading: the first four add up to all.
COUNTED, AGAIN, OTHER_GRADE, OTHER_MONTH = "counted", "again", "other_grade", "other_month"


def gradings(tables: Mapping[str, pl.DataFrame], robots: Sequence[str]) -> pl.DataFrame:
    """Each dated grade that people gave, with whose it is.

    Args:
        tables: from ``known.known_tables``.
        robots: patterns of the agents that are no people.

    Returns:
        ``lead_id``, ``at``, ``grade`` and ``agent``: who gave it or, where the source does not say, the
        person who had last called the lead by then; ``-`` where that is nobody.
    """
    if "manual_grades" not in tables:
        names = ("lead_id", "at", "grade", "agent")
        return pl.DataFrame(schema=[(name, UTC_DATETIME if name == "at" else pl.String()) for name in names])
    given = tables["manual_grades"]
    told = given.select(
        "lead_id",
        pl.col("known_at").alias("at"),
        pl.col("grade").cast(pl.String),
        column_or_null(given, "agent_id", pl.String).alias("agent"),
    )
    called = _last_person(told, tables, robots)
    return told.with_columns(pl.coalesce("agent", called, pl.lit(NO_AGENT)).alias("agent")).sort(
        "at", "lead_id", "grade"
    )


def _last_person(rows: pl.DataFrame, tables: Mapping[str, pl.DataFrame], robots: Sequence[str]) -> pl.Series:
    """Who had last called the lead of each row when it came, robots aside."""
    calls = tables.get("calls")
    if calls is None or "agent_id" not in calls.columns:
        return pl.Series("caller", [None] * rows.height, dtype=pl.String)
    people = calls.filter(~is_robot("agent_id", tuple(robots), calls["agent_id"])).select(
        "lead_id", pl.col("known_at").alias("at"), pl.col("agent_id").cast(pl.String).alias("caller")
    )
    asked = rows.select("lead_id", "at").with_row_index("row").sort("at")
    found = asked.join_asof(
        people.drop_nulls().sort("at"), on="at", by="lead_id", strategy="backward", check_sortedness=False
    )
    return found.sort("row")["caller"]


def accounted(graded: pl.DataFrame, month: str, timezone: str) -> pl.DataFrame:
    """What becomes of each grading in a month's count.

    A lead counts once per grade and month, for the agent of the call that first gave it.

    Args:
        graded: ``lead_id``, ``at``, ``grade``, ``agent``.
        month: as ``2026-06``.
        timezone: whose months.

    Returns:
        The gradings in their order with ``became``: counted, again (that lead had the grade in that month),
        other_grade or other_month.
    """
    ordered = graded.sort("at", "lead_id", "grade", "agent").with_columns(
        (_month("at", timezone) == month).alias("inside")
    )
    first = pl.int_range(pl.len()).over("lead_id", "grade", "inside") == 0
    became = (
        pl.when(~pl.col("inside"))
        .then(pl.lit(OTHER_MONTH))
        .when(~pl.col("grade").is_in(PAID))
        .then(pl.lit(OTHER_GRADE))
        .when(first)
        .then(pl.lit(COUNTED))
        .otherwise(pl.lit(AGAIN))
    )
    return ordered.with_columns(became.alias("became")).drop("inside")


def sales(
    tables: Mapping[str, pl.DataFrame], graded: pl.DataFrame, robots: Sequence[str], month: str, timezone: str
) -> pl.DataFrame:
    """The orders of a month and whose sales they are.

    An order is the sale of the agent who had last graded its lead by then, or else of the person who had last
    called it; a refund takes from the sales of its lead's agent.

    Returns:
        ``agent`` (``-`` for nobody's), ``orders`` and ``amount_minor``; a row per agent with an order.
    """
    names = pl.Schema({"agent": pl.String(), "orders": pl.Int64(), "amount_minor": pl.Int64()})
    orders = tables.get("orders")
    if orders is None:
        return pl.DataFrame(schema=names)
    told = orders.filter(_month("ordered_at", timezone) == month).select(
        column_or_null(orders, "lead_id", pl.String),
        pl.col("ordered_at").alias("at"),
        column_or_null(orders, "amount_minor", pl.Int64),
    )
    asked = told.with_row_index("row").sort("at")
    given = graded.filter(pl.col("agent") != NO_AGENT).select(
        "lead_id", "at", pl.col("agent").alias("grader")
    )
    grader = asked.join_asof(
        given.sort("at"), on="at", by="lead_id", strategy="backward", check_sortedness=False
    ).sort("row")["grader"]
    agent = pl.coalesce(grader, _last_person(told, tables, robots), pl.lit(NO_AGENT)).alias("agent")
    counted = pl.len().cast(pl.Int64).alias("orders"), pl.col("amount_minor").sum()
    return told.with_columns(agent).group_by("agent").agg(*counted).cast(names).sort("agent")


def paid(
    counted: Mapping[str, pl.DataFrame], sold: pl.DataFrame, rules: Kpi, minor_units: int
) -> pl.DataFrame:
    """Coefficient and pay of each agent, by each side's grades.

    Args:
        counted: gradings from ``accounted``, by side (manual, learned).
        sold: from ``sales``.
        rules: the configuration's.
        minor_units: of one unit of the currency.

    Returns:
        ``agent``, ``sales`` (text, to the minor unit), and of each side ``a_manual``, ``b_manual``,
        ``coefficient_manual``, ``pay_manual`` ...; a month whose refunds are above its sales brings no share.
    """
    terms = Terms(rules.a_target, rules.b_target, rules.base, rules.sales_share)
    leads = {side: _leads(rows) for side, rows in counted.items()}
    names = {agent for side in leads.values() for agent, _ in side} | set(sold["agent"])
    amounts = dict(sold.select("agent", "amount_minor").iter_rows())
    rows = []
    for agent in sorted(names - {NO_AGENT}):
        amount = Decimal(amounts.get(agent, 0)) / minor_units
        row: dict[str, object] = {"agent": agent, "sales": str(amount)}
        for side, found in leads.items():
            a, b = (found.get((agent, grade), 0) for grade in PAID)
            month = monthly_pay(a, b, max(amount, Decimal(0)), terms)
            row |= {f"a_{side}": a, f"b_{side}": b}
            row |= {f"coefficient_{side}": str(month.coefficient), f"pay_{side}": str(month.pay)}
        rows.append(row)
    return pl.DataFrame(rows) if rows else pl.DataFrame(schema={"agent": pl.String, "sales": pl.String})


def _leads(rows: pl.DataFrame) -> dict[tuple[str, str], int]:
    held = rows.filter(pl.col("became") == COUNTED).group_by("agent", "grade").len()
    return {(agent, grade): count for agent, grade, count in held.iter_rows()}


def calls_by_weekday(tables: Mapping[str, pl.DataFrame], month: str, timezone: str) -> pl.DataFrame:
    """The calls of a month of each agent: ``agent`` and Monday ``1`` to Sunday ``7``; robots, too."""
    days = [str(day) for day in range(1, 8)]
    calls = tables.get("calls")
    if calls is None:
        return pl.DataFrame(schema=pl.Schema({"agent": pl.String(), **dict.fromkeys(days, pl.Int64())}))
    told = calls.filter(_month("started_at", timezone) == month).select(
        pl.coalesce(column_or_null(calls, "agent_id", pl.String), pl.lit(NO_AGENT)).alias("agent"),
        pl.col("started_at").dt.convert_time_zone(timezone).dt.weekday().alias("day"),
    )
    counts = ((pl.col("day") == int(day)).sum().cast(pl.Int64).alias(day) for day in days)
    return told.group_by("agent").agg(*counts).sort("agent")


def _month(column: str, timezone: str) -> pl.Expr:
    return pl.col(column).dt.convert_time_zone(timezone).dt.strftime("%Y-%m")
