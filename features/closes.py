"""When each lead closed and when it was lost, and of which leads that cannot be said.

An outcome that cannot be used makes its lead's outcome unknown, never a "no". A loss is not for ever: the
newest stage decides whether a lead is lost.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from features import asof
from features.tables import UTC_DATETIME

# Rows of the label's source that could not be used, by the lead that they may have closed: ``lead_id`` and
# ``at``, the time of the close where it could be read.
UNUSED_SCHEMA = pl.Schema({"lead_id": pl.String(), "at": UTC_DATETIME})

# Columns of ``Outcomes.leads`` that stand beside a list's own, whatever those are called.
UNKNOWN, WON = "__unknown", "__won"

_SPANS = pl.Schema({"lead_id": pl.String(), "since": UTC_DATETIME, "until": UTC_DATETIME})


@dataclass(frozen=True, slots=True)
class Outcomes:
    """What became of leads.

    Attributes:
        leads: one row per lead: ``lead_id``, ``closed_at``, ``lost_at`` (since when it is lost, by its newest
            stage; missing where it has not happened), ``UNKNOWN`` (whether an outcome of it could not be
            used, so that nobody can say whether or when it closed); where the final outcome is asked for also
            ``WON``.
        away: spans of time in which a lead was not open though it is, or may be, again: ``lead_id``,
            ``since``, ``until`` (missing: to this day). Lost, or won where a won lead may be undone.
        again: of leads that close again and again, and stay open: their orders by ``lead_id`` and ``at``;
            not ``usable`` are those of which nobody can say what they were, or when.
    """

    leads: pl.DataFrame
    away: pl.DataFrame
    again: pl.DataFrame | None = None


@dataclass(frozen=True, slots=True)
class CloseRule:
    """What counts as a close and as a loss.

    Attributes:
        close: ``first_order`` (an order that names the lead), ``next_order`` (each order of the lead's
            customer, who stays open), ``won_stage`` or ``outcome``.
        won_stages: final stages of a close.
        lost_stages: final stages of a loss.
        closed_at: for ``outcome``, the lead column with the time of the close; none where closes have no
            date, so that only the final outcome is known.
        won: for ``outcome``, which leads closed.
        undone: what a won lead is that entered another stage since: ``close`` as before, or ``no_close``.
        final: for ``outcome``, whether it is asked who was won in the end, whenever that was; it always is
            where closes have no date. A date then tells only until when a lead was open.
    """

    close: str
    won_stages: tuple[str, ...] = ()
    lost_stages: tuple[str, ...] = ()
    closed_at: str | None = None
    won: pl.Expr | None = None
    undone: str = "close"
    final: bool = False

    @property
    def is_final(self) -> bool:
        """Whether the final outcome is asked for."""
        return self.won is not None and (self.final or self.closed_at is None)


def outcomes(
    staged: Mapping[str, pl.DataFrame], rule: CloseRule, unused: pl.DataFrame | None = None
) -> Outcomes:
    """When each lead closed and when it was lost.

    A lead closes by its first order or first won stage. An order under a lead that nobody knows closes the
    newest lead of its customer that was open then, once. Refunds close nothing.

    Args:
        staged: tables from ``features.staging.staging``; orders with ``unknown_lead`` where they may name
            leads that nobody knows.
        rule: what counts.
        unused: rows of the label's source that could not be used, as ``UNUSED_SCHEMA`` says.

    Raises:
        ValueError: the staged tables lack what the choice of ``close`` needs.
    """
    lost = _lost(staged, rule.lost_stages)
    if rule.close == "next_order":
        return Outcomes(*_never_closed(staged, lost), _orders_of_customers(staged, unused))
    closes, away = _closes(staged, rule, lost)
    still_lost = lost.filter(pl.col("until").is_null()).select("lead_id", pl.col("since").alias("lost_at"))
    leads = (
        staged["leads"]
        .select("lead_id", *([] if rule.won is None else [rule.won.alias(WON)]))
        .join(closes, on="lead_id", how="left", maintain_order="left")
        .join(still_lost, on="lead_id", how="left", maintain_order="left")
    )
    doubtful = _doubtful(closes, pl.DataFrame(schema=UNUSED_SCHEMA) if unused is None else unused)
    unknown = pl.col("lead_id").is_in(doubtful.implode())
    if rule.won is not None and not rule.is_final:
        unknown |= pl.col(WON).fill_null(value=False) & pl.col("closed_at").is_null()
    told = [WON] if rule.is_final else []
    return Outcomes(leads.select("lead_id", "closed_at", "lost_at", unknown.alias(UNKNOWN), *told), away)


def _never_closed(
    staged: Mapping[str, pl.DataFrame], lost: pl.DataFrame
) -> tuple[pl.DataFrame, pl.DataFrame]:
    still_lost = lost.filter(pl.col("until").is_null()).select("lead_id", pl.col("since").alias("lost_at"))
    leads = staged["leads"].select("lead_id", pl.lit(None, UTC_DATETIME).alias("closed_at"))
    told = leads.join(still_lost, on="lead_id", how="left", maintain_order="left")
    return told.with_columns(pl.lit(value=False).alias(UNKNOWN)), lost


def _orders_of_customers(staged: Mapping[str, pl.DataFrame], unused: pl.DataFrame | None) -> pl.DataFrame:
    leads = staged["leads"]
    if "customer_id" not in leads.columns:
        raise ValueError("close: next_order needs leads that name their customer_id: say which column does")
    orders = staged["orders"].filter("is_order").drop("lead_id", strict=False)
    owned = orders.join(leads.select("lead_id", "owner_id"), on="owner_id")
    usable = owned.with_columns(pl.col("known_at").alias("at"), pl.lit(value=True).alias("usable"))
    # Of a lead that names no customer nobody can say what it ordered.
    nameless = leads.filter(pl.col("customer_id").is_null()).select("lead_id")
    doubtful = [nameless] if unused is None else [nameless, unused.join(leads, on="lead_id", how="semi")]
    unread = pl.concat(doubtful, how="diagonal").with_columns(pl.lit(value=False).alias("usable"))
    return pl.concat([usable, unread], how="diagonal")


def _closes(
    staged: Mapping[str, pl.DataFrame], rule: CloseRule, lost: pl.DataFrame
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """``lead_id`` and ``closed_at`` of the leads that closed, and the spans in which leads were away."""
    if rule.close == "first_order":
        if "lead_id" not in staged["closing_orders"].columns:
            raise ValueError("close: first_order needs orders that name their lead_id")
        return _order_closes(staged["leads"], staged["closing_orders"], lost), lost
    if rule.close == "won_stage":
        won = _spans(staged["stages"], rule.won_stages)
        if rule.undone == "close":
            return _first(won, "since"), lost
        return _first(won.filter(pl.col("until").is_null()), "since"), pl.concat([lost, won])
    if rule.won is None:
        raise ValueError(f"close: {rule.close} needs an outcome column")
    if rule.closed_at is None:
        return pl.DataFrame(schema={"lead_id": pl.String(), "closed_at": UTC_DATETIME}), lost
    dated = staged["leads"].filter(rule.won.fill_null(value=False)).drop_nulls(rule.closed_at)
    return dated.select("lead_id", pl.col(rule.closed_at).alias("closed_at")), lost


def _first(events: pl.DataFrame, time: str) -> pl.DataFrame:
    return events.drop_nulls("lead_id").group_by("lead_id").agg(pl.col(time).min().alias("closed_at"))


def _lost(staged: Mapping[str, pl.DataFrame], lost_stages: Sequence[str]) -> pl.DataFrame:
    if not lost_stages or "stages" not in staged:
        return pl.DataFrame(schema=_SPANS)
    return _spans(staged["stages"], lost_stages)


def _spans(stages: pl.DataFrame, names: Sequence[str]) -> pl.DataFrame:
    """From when to when leads stood in any of some stages, one span for entries that follow each other."""
    inside = pl.col("stage").is_in(list(names))
    entered = inside & ~inside.shift(fill_value=False).over("lead_id")
    run = entered.cast(pl.Int64).cum_sum().over("lead_id")
    left = stages.with_columns(inside.alias("inside"), run.alias("run")).filter(pl.col("run") > 0)
    return left.group_by("lead_id", "run", maintain_order=True).agg(
        pl.col("known_at").first().alias("since"),
        pl.col("known_at").filter(~pl.col("inside")).first().alias("until"),
    )[list(_SPANS)]


def _order_closes(leads: pl.DataFrame, orders: pl.DataFrame, lost: pl.DataFrame) -> pl.DataFrame:
    if "unknown_lead" not in orders.columns:
        return _first(orders, "known_at")
    strange = pl.col("unknown_lead").fill_null(value=False)
    closes = leads.select("lead_id", "owner_id", "created_at").join(
        _first(orders.filter(~strange), "known_at"), on="lead_id", how="left"
    )
    merged = orders.filter(strange).select("owner_id", "lead_id", pl.col("known_at").alias("at"))
    # A lead that nobody knows closes once, as every lead does.
    pending = merged.sort("at", "lead_id").unique(["owner_id", "lead_id"], keep="first", maintain_order=True)
    while not pending.is_empty():
        next_one = pl.int_range(pl.len()).over("owner_id") == 0
        closes = _closed_by(closes, pending.filter(next_one).drop("lead_id"), lost)
        pending = pending.filter(~next_one)
    return closes.select("lead_id", "closed_at").drop_nulls("closed_at")


def _closed_by(closes: pl.DataFrame, orders: pl.DataFrame, lost: pl.DataFrame) -> pl.DataFrame:
    """Close the newest open lead of each order's customer; an order finds one customer, once."""
    asked = closes.join(orders, on="owner_id")
    there = asof.exists(pl.col("created_at"), pl.col("at"))
    open_then = pl.col("closed_at").is_null() | asof.known(pl.col("at"), pl.col("closed_at"))
    candidates = asked.filter(there & open_then)
    newest = (
        candidates.filter(~is_away(candidates.select("lead_id", pl.col("at").alias("as_of")), lost))
        .sort("created_at", "lead_id")
        .unique("owner_id", keep="last")
    )
    closed = closes.join(newest.select("lead_id", "at"), on="lead_id", how="left", maintain_order="left")
    return closed.with_columns(pl.coalesce("at", "closed_at").alias("closed_at")).drop("at")


def is_away(rows: pl.DataFrame, away: pl.DataFrame) -> pl.Series:
    """Whether each row's lead was away as of its instant: lost, or won and undone later.

    Args:
        rows: ``lead_id`` and ``as_of``.
        away: spans, from ``Outcomes``.
    """
    if away.is_empty():
        return pl.repeat(False, rows.height, eager=True)
    asked = rows.select("lead_id", "as_of").with_row_index("row").join(away, on="lead_id")
    gone = asof.known(pl.col("since"), pl.col("as_of"))
    back = asof.known(pl.col("until"), pl.col("as_of")).fill_null(value=False)
    found = asked.filter(gone & ~back).select("row").unique()
    indexed = rows.select("lead_id").with_row_index("row")
    return indexed.select(pl.col("row").is_in(found["row"].implode())).to_series()


def _doubtful(closes: pl.DataFrame, unused: pl.DataFrame) -> pl.Series:
    """The leads that an unused row may have closed, or closed earlier than what could be used."""
    told = unused.join(closes, on="lead_id", how="left")
    earlier = asof.known(pl.col("at"), pl.col("closed_at"))
    return told.filter(earlier.fill_null(value=True))["lead_id"].unique()


def is_won(column: str, won_values: Sequence[str]) -> pl.Expr:
    """Whether an outcome column says that the lead closed; missing where it says nothing.

    Case does not count, and 1.0 is 1.

    Example:
        >>> pl.DataFrame({"y": ["Yes", "1.0", "0", None]}).select(is_won("y", ["yes", "1"]))["y"].to_list()
        [True, True, False, None]
    """
    values = pl.DataFrame({column: list(won_values)}, schema={column: pl.String})
    return _word(column).is_in(values.select(_word(column)).to_series().implode())


def _word(column: str) -> pl.Expr:
    return pl.col(column).str.strip_chars().str.to_lowercase().str.replace(r"^([+-]?\d+)\.0+$", "$1")
