"""Labels: did the lead close within a window that began at the as-of.

A window counts only if it lies wholly before ``observed_until``; otherwise its label is missing,
never 0 and never 1, also where a close was already seen: a half-seen window that keeps only its
closes would flatter. A lead that is lost later stays at risk, with label 0.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

import polars as pl

from features import asof
from features.exact import ratio
from features.tables import CONTRACTS, UTC_DATETIME

# The one horizon of a flat list: its own outcome, whenever that was.
OUTCOME = "outcome"

# What a closed row's order was worth: a label like the others, and never a feature.
CLOSING_AMOUNT = "closing_amount"


def horizon_name(days: int) -> str:
    """Name of a horizon, as it stands in columns.

    Example:
        >>> horizon_name(30), closed_column(horizon_name(30)), window_column(OUTCOME)
        ('30d', 'closed_30d', 'window_outcome')
    """
    return f"{days}d"


def closed_column(horizon: str) -> str:
    """Name of the label "closed within the horizon"."""
    return f"closed_{horizon}"


def window_column(horizon: str) -> str:
    """Name of the label "closed in the window that ends at the horizon, having not closed before"."""
    return f"window_{horizon}"


def windows(horizons_days: Sequence[int]) -> list[tuple[int, int]]:
    """The consecutive windows that the horizons cut.

    Example:
        >>> windows([30, 90, 180])
        [(0, 30), (30, 90), (90, 180)]
    """
    return list(zip([0, *horizons_days[:-1]], horizons_days, strict=True))


def outcomes(
    staged: Mapping[str, pl.DataFrame],
    close: str,
    won_stages: Sequence[str] = (),
    lost_stages: Sequence[str] = (),
    closed_at: str | None = None,
    won: pl.Expr | None = None,
) -> pl.DataFrame:
    """When each lead closed and when it was lost.

    Args:
        staged: tables from ``features.staging.staging``.
        close: ``first_order`` (an order that names the lead), ``won_stage`` or ``outcome``.
        won_stages: final stages of a close.
        lost_stages: final stages of a loss.
        closed_at: for ``outcome``, the lead column with the time of the close.
        won: for ``outcome``, which leads closed.

    Returns:
        One row per lead: ``lead_id``, ``closed_at``, ``lost_at`` (missing where it has not happened).

    Raises:
        ValueError: the staged tables lack what the choice of ``close`` needs.
    """
    leads = staged["leads"]
    nothing = pl.DataFrame(schema={"lead_id": pl.String, "at": UTC_DATETIME})
    if close == "first_order":
        if "lead_id" not in staged["orders"].columns:
            raise ValueError("close: first_order needs orders that name their lead_id")
        closes = _first(staged["orders"])
    elif close == "won_stage":
        closes = _first(staged["stages"].filter(pl.col("stage").is_in(list(won_stages))))
    elif closed_at is not None and won is not None:
        closes = leads.filter(won.fill_null(value=False)).select("lead_id", pl.col(closed_at).alias("at"))
    else:
        raise ValueError(f"close: {close} needs an outcome column and the column of its time")
    losses = (
        _first(staged["stages"].filter(pl.col("stage").is_in(list(lost_stages)))) if lost_stages else nothing
    )
    return (
        leads.select("lead_id")
        .join(closes.rename({"at": "closed_at"}), on="lead_id", how="left", maintain_order="left")
        .join(losses.rename({"at": "lost_at"}), on="lead_id", how="left", maintain_order="left")
    )


def _first(events: pl.DataFrame) -> pl.DataFrame:
    return events.drop_nulls("lead_id").group_by("lead_id").agg(pl.col("known_at").min().alias("at"))


def label_rows(
    spine: pl.DataFrame, outcomes: pl.DataFrame, horizons_days: Sequence[int], observed_until: datetime
) -> pl.DataFrame:
    """Add the labels of every horizon and window to the rows of a cohort.

    Args:
        spine: ``lead_id`` and ``as_of``; further columns are kept.
        outcomes: from ``outcomes``.
        horizons_days: increasing ends of the windows.
        observed_until: outcomes are complete up to here.

    Returns:
        The spine with ``closed_30d`` ... (1 closed by then, 0 not) and ``window_30d`` ... (1 closed in
        the window that ends there, 0 at risk through it without closing; missing for a lead that
        closed earlier), Int8, missing wherever the window has not ripened.
    """
    as_of, closed_at = pl.col("as_of"), pl.col("closed_at")
    joined = spine.join(
        outcomes.select("lead_id", "closed_at"), on="lead_id", how="left", maintain_order="left"
    )
    labels = []
    for start, end in windows(horizons_days):
        ripe = asof.ripe(as_of, end, observed_until)
        by_then = asof.upcoming(closed_at, as_of, 0, end).fill_null(value=False).cast(pl.Int8)
        inside = asof.upcoming(closed_at, as_of, start, end).fill_null(value=False).cast(pl.Int8)
        labels.append(pl.when(ripe).then(by_then).alias(closed_column(horizon_name(end))))
        labels.append(
            pl.when(ripe & asof.at_risk(closed_at, as_of, start))
            .then(inside)
            .alias(window_column(horizon_name(end)))
        )
    return joined.select(*spine.columns, *labels)


def with_closing_amount(
    rows: pl.DataFrame, staged: Mapping[str, pl.DataFrame], horizon_days: int, minor_units_per_unit: int
) -> pl.DataFrame:
    """Add ``closing_amount``: what the lead's first order after the as-of was worth, where the row closed.

    Args:
        rows: from ``label_rows``.
        staged: tables from ``features.staging.staging``.
        horizon_days: the longest horizon; later orders are not looked at.
        minor_units_per_unit: 100 fen to the yuan.

    Returns:
        The rows with the amount in units of the currency: missing where the row did not close or its
        longest window is not ripe, and where that order has no amount. Without orders that name their
        lead and their amount there is no such column.
    """
    orders = staged.get("orders", pl.DataFrame())
    if not {"lead_id", "amount_minor"} <= set(orders.columns):
        return rows
    closed = rows.filter(pl.col(closed_column(horizon_name(horizon_days))) == 1).select("lead_id", "as_of")
    after = closed.join(orders, on="lead_id").filter(
        asof.upcoming(pl.col("known_at"), pl.col("as_of"), 0, horizon_days)
    )
    first = after.sort("known_at", *CONTRACTS["orders"].tie_break).unique(
        ["lead_id", "as_of"], keep="first", maintain_order=True
    )
    amount = ratio(pl.col("amount_minor"), minor_units_per_unit).alias(CLOSING_AMOUNT)
    return rows.join(
        first.select("lead_id", "as_of", amount), on=["lead_id", "as_of"], how="left", maintain_order="left"
    )


def is_won(column: str, won_values: Sequence[str]) -> pl.Expr:
    """Whether an outcome column says that the lead closed; missing where it says nothing."""
    return pl.col(column).str.strip_chars().str.to_lowercase().is_in([value.lower() for value in won_values])


def label_list(rows: pl.DataFrame, outcome: str, won_values: Sequence[str]) -> pl.DataFrame:
    """Add the one label of a flat list: 1 where the outcome column says so, 0 elsewhere.

    A missing outcome is a missing label.
    """
    closed = is_won(outcome, won_values).cast(pl.Int8)
    return rows.with_columns(closed.alias(closed_column(OUTCOME)), closed.alias(window_column(OUTCOME)))
