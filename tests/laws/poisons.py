"""What may not be known: events of a later period, put where they would change every answer."""

import polars as pl


def everybody_closes(tables, at):
    """Every lead orders at an instant, with an order that could not be larger."""
    leads = tables["leads"].filter(pl.col("created_at") < at)
    orders = leads.select(
        ("POISON-" + pl.col("lead_id")).alias("order_id"),
        pl.lit(at, pl.Datetime("us", "UTC")).alias("ordered_at"),
        "lead_id",
        pl.lit(10**9, pl.Int64).alias("amount_minor"),
    )
    return {**tables, "orders": pl.concat([tables["orders"], orders], how="diagonal")}
