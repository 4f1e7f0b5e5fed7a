"""Orders as they are laid into buckets: by the leads that they name, and whether nobody knows those.

Beside them stand the days on which the lead list says that leads ordered.
"""

import re
from collections.abc import Mapping

import polars as pl

from features.staging.staging import orders_with_owner, with_owner
from pipeline.reading.orphans import KnownKeys

# The lead list's column with a day on which the lead ordered.
_ORDER_DAY = "order_day"
_PLACE = ("owner_id", "day", "nth")


def laid_orders(
    orders: pl.DataFrame, known: KnownKeys, refused: pl.Series | None, separator: str | None
) -> pl.DataFrame:
    """The orders, one row for each lead that they name, and in ``unknown_lead`` whether nobody knows it.

    Where they may name several, ``further_lead`` tells the rows after the first of each.

    Args:
        orders: good rows.
        known: the good leads and their customers.
        refused: leads that are quarantined, whom people do know. None where the list is not the whole one:
            who is not in it may be a lead all the same, and nothing is told of that.
        separator: what stands between several leads.
    """
    if separator:
        told = known.leads_of(orders.select("row_number", "lead_id").drop_nulls(), re.escape(separator))
        each = orders.rename({"lead_id": "written"}).join(
            told, on="row_number", how="left", maintain_order="left"
        )
        lead = pl.coalesce("lead_id", pl.col("written").cast(pl.String)).alias("lead_id")
        further = ~pl.col("row_number").is_first_distinct()
        orders = each.select(lead, pl.exclude("lead_id", "written"), further.alias("further_lead"))
    if refused is None or "customer_id" not in orders.columns:
        return orders
    stranger = known.strangers("lead_id", orders) & ~orders["lead_id"].is_in(refused.implode())
    named = orders["lead_id"].is_not_null()
    return orders.with_columns((stranger & named).alias("unknown_lead"))


def are_orders(rows: pl.DataFrame) -> pl.Series:
    """Which rows are orders, and no refunds.

    Example:
        >>> are_orders(pl.DataFrame({"amount_minor": [100, None, -100]})).to_list()
        [True, True, False]
    """
    if "amount_minor" not in rows.columns:
        return pl.repeat(True, rows.height, eager=True)
    return (rows["amount_minor"] >= 0).fill_null(value=True)


def with_order_days(tables: Mapping[str, pl.DataFrame], timezone: str) -> Mapping[str, pl.DataFrame]:
    """The tables with orders on the days that the lead list tells; what an order row tells counts once.

    An order of that day that names the lead is the one that is meant, or one of its customer that names no
    lead, which then is the lead's. Where there is neither, the day is an order itself, of unknown amount.

    Args:
        tables: of a bucket.
        timezone: the team's own, for days.
    """
    leads, orders = tables["leads"], tables.get("orders")
    if orders is None or _ORDER_DAY not in leads.columns:
        return tables
    if "lead_id" not in orders.columns:
        orders = orders.with_columns(pl.lit(None, pl.String).alias("lead_id"))
    owned, local = with_owner(leads), pl.col("ordered_at").dt.convert_time_zone(timezone).dt.date()
    told = orders_with_owner(orders, owned).filter(are_orders(orders)).with_columns(local.alias("day"))
    days = _days(owned).with_columns(local.alias("day"))
    lacking = days.join(told, on=["lead_id", "day"], how="anti", maintain_order="left")
    meant = _meant(lacking, told.filter(_names_nobody(told)))
    new = lacking.join(meant, left_on="lead_id", right_on="whose", how="anti", maintain_order="left")
    both = [_given(orders, meant), new.drop("owner_id", "day")]
    return {**tables, "orders": pl.concat(both, how="diagonal")}


def _days(owned: pl.DataFrame) -> pl.DataFrame:
    """The days of the list as orders. Rows of a source are numbered from 1; these are rows of none."""
    return owned.drop_nulls(_ORDER_DAY).select(
        pl.format("day:{}", "lead_id").alias("order_id"),
        pl.col(_ORDER_DAY).alias("ordered_at"),
        pl.col("^(lead_id|customer_id|owner_id)$"),
        -pl.col("^row_number$"),
    )


def _names_nobody(orders: pl.DataFrame) -> pl.Expr:
    unknown = pl.col("unknown_lead") if "unknown_lead" in orders.columns else pl.lit(value=False)
    return pl.col("lead_id").is_null() | unknown


def _meant(lacking: pl.DataFrame, nameless: pl.DataFrame) -> pl.DataFrame:
    """Which lead, ``whose``, each order that names none is of: one each of a customer's on its day."""
    nth = pl.int_range(pl.len()).over("owner_id", "day").alias("nth")
    asked = lacking.sort("lead_id").with_columns(nth).select(*_PLACE, pl.col("lead_id").alias("whose"))
    there = nameless.unique("order_id", keep="first").sort("order_id").with_columns(nth)
    return there.select(*_PLACE, "order_id").join(asked, on=_PLACE).select("order_id", "whose")


def _given(orders: pl.DataFrame, meant: pl.DataFrame) -> pl.DataFrame:
    """The orders with those leads."""
    joined = orders.join(meant, on="order_id", how="left", maintain_order="left")
    known = [pl.col("unknown_lead") & pl.col("whose").is_null()] if "unknown_lead" in orders.columns else []
    return joined.with_columns(pl.coalesce("whose", "lead_id").alias("lead_id"), *known).drop("whose")
