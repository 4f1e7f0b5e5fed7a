"""Orders as they are laid into buckets: by the leads that they name, and whether nobody knows those."""

import re

import polars as pl

from pipeline.reading.orphans import KnownKeys


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
