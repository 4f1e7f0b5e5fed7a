"""Labels: did the lead close within a window that began at the as-of.

A window counts only if it lies wholly before ``observed_until``; otherwise its label is missing,
never 0 and never 1, also where a close was already seen: a half-seen window that keeps only its
closes would flatter. A lead that is lost later stays at risk, with label 0. A lead whose outcome is
unknown has no label at all.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

import polars as pl

from features import asof
from features.closes import UNKNOWN, WON, Outcomes, is_won
from features.exact import ratio
from features.tables import CONTRACTS, UTC_DATETIME

# The one horizon of a flat list: its own outcome, whenever that was.
OUTCOME = "outcome"

# What a closed row's order was worth: a label like the others, and never a feature.
CLOSING_AMOUNT = "closing_amount"

_UNREAD = "__unread"


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


def label_rows(
    spine: pl.DataFrame, outcomes: Outcomes, horizons_days: Sequence[int], observed_until: datetime
) -> pl.DataFrame:
    """Add the labels of every horizon and window to the rows of a cohort.

    Args:
        spine: ``lead_id`` and ``as_of``; further columns are kept.
        outcomes: from ``closes.outcomes``; of undated ones the final outcome is the label of every horizon,
            unless a close is known to have come later.
        horizons_days: increasing ends of the windows.
        observed_until: outcomes are complete up to here.

    Returns:
        The spine with ``closed_30d`` ... (1 closed by then, 0 not) and ``window_30d`` ... (1 closed in
        the window that ends there, 0 at risk through it without closing; missing for a lead that
        closed earlier), Int8, missing wherever the window has not ripened or the outcome is unknown.
    """
    as_of, closed_at = pl.col("as_of"), pl.col("closed_at")
    joined = _with_closes(spine, outcomes)
    labels = []
    for start, end in windows(horizons_days):
        unread = asof.upcoming(pl.col(_UNREAD), as_of, 0, end).fill_null(value=False)
        known = ~pl.col(UNKNOWN).fill_null(value=False) & ~unread
        ripe = asof.ripe(as_of, end, observed_until) & known
        if WON in joined.columns:
            # A close that is known to have come later is none by then; of one without a date nobody knows.
            in_time = closed_at.is_null() | ~asof.at_risk(closed_at, as_of, end)
            final = pl.when(ripe).then((pl.col(WON) & in_time).cast(pl.Int8))
            labels += [final.alias(name(horizon_name(end))) for name in (closed_column, window_column)]
            continue
        by_then = asof.upcoming(closed_at, as_of, 0, end).fill_null(value=False).cast(pl.Int8)
        inside = asof.upcoming(closed_at, as_of, start, end).fill_null(value=False).cast(pl.Int8)
        labels.append(pl.when(ripe).then(by_then).alias(closed_column(horizon_name(end))))
        labels.append(
            pl.when(ripe & asof.at_risk(closed_at, as_of, start))
            .then(inside)
            .alias(window_column(horizon_name(end)))
        )
    return joined.select(*spine.columns, *labels)


def _with_closes(spine: pl.DataFrame, outcomes: Outcomes) -> pl.DataFrame:
    """The rows with their lead's close; of leads that close again with the next one after the as-of.

    ``_UNREAD`` is when an order came, before that, of which nobody can say whether it was one.
    """
    if outcomes.again is None:
        told = outcomes.leads.select("lead_id", "closed_at", UNKNOWN, pl.col(f"^{WON}$"))
        joined = spine.join(told, on="lead_id", how="left", maintain_order="left")
        return joined.with_columns(pl.lit(None, UTC_DATETIME).alias(_UNREAD))
    orders, doubtful = (outcomes.again.filter(pl.col("usable") == usable) for usable in (True, False))
    joined = spine.with_columns(
        asof.next_at(spine, orders).alias("closed_at"), asof.next_at(spine, doubtful).alias(_UNREAD)
    )
    whenever = doubtful.filter(pl.col("at").is_null())["lead_id"]
    later = asof.known(pl.col("closed_at"), pl.col(_UNREAD)).fill_null(value=False)
    return joined.with_columns(
        pl.when(~later).then(_UNREAD).alias(_UNREAD),
        pl.col("lead_id").is_in(whenever.implode()).alias(UNKNOWN),
    )


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
    orders = staged.get("closing_orders", pl.DataFrame())
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


def label_list(rows: pl.DataFrame, outcome: str, won_values: Sequence[str]) -> pl.DataFrame:
    """Add the one label of a flat list: 1 where the outcome column says so, 0 elsewhere.

    A missing outcome is a missing label.
    """
    closed = is_won(outcome, won_values).cast(pl.Int8)
    return rows.with_columns(closed.alias(closed_column(OUTCOME)), closed.alias(window_column(OUTCOME)))
