"""The only comparison of times: what was known at an instant, and what came after it.

A fact is *known* as of an instant when it happened strictly before it; an outcome is *upcoming*
when it happens at that instant or later. No other module compares two times.
"""

from datetime import datetime

import polars as pl

from features.exact import ratio

MICROSECONDS_PER_DAY = 86_400_000_000


def known(time: pl.Expr, as_of: pl.Expr) -> pl.Expr:
    """Whether a row dated ``time`` was known at ``as_of``: strictly before it.

    Example:
        >>> frame = pl.DataFrame({"t": [1, 2, 3], "as_of": [2, 2, 2]})
        >>> frame.select(known(pl.col("t"), pl.col("as_of")))["t"].to_list()
        [True, False, False]
    """
    return time < as_of


def known_within(time: pl.Expr, as_of: pl.Expr, days: int) -> pl.Expr:
    """Whether a known row is at most ``days`` old: ``as_of - days <= time < as_of``."""
    return known(time, as_of) & (time >= as_of - pl.duration(days=days))


def exists(created_at: pl.Expr, as_of: pl.Expr) -> pl.Expr:
    """Whether a lead exists at ``as_of``: what it was created with is known from that very instant."""
    return created_at <= as_of


def younger_than(created_at: pl.Expr, as_of: pl.Expr, days: int) -> pl.Expr:
    """Whether a lead was created at most ``days`` before ``as_of``."""
    return created_at >= as_of - pl.duration(days=days)


def upcoming(time: pl.Expr, as_of: pl.Expr, start_days: int, end_days: int) -> pl.Expr:
    """Whether an outcome falls in ``as_of + start_days <= time < as_of + end_days``."""
    return (time >= as_of + pl.duration(days=start_days)) & (time < as_of + pl.duration(days=end_days))


def at_risk(time: pl.Expr, as_of: pl.Expr, start_days: int) -> pl.Expr:
    """Whether a lead has not yet closed when the window that starts after ``start_days`` opens."""
    return time.is_null() | (time >= as_of + pl.duration(days=start_days))


def ripe(as_of: pl.Expr, end_days: int, until: datetime | int) -> pl.Expr:
    """Whether the window that ends ``end_days`` after ``as_of`` lies wholly before ``until``."""
    return as_of + pl.duration(days=end_days) <= until


def days_from(earlier: pl.Expr, later: pl.Expr) -> pl.Expr:
    """Days from one instant to another, as a float; negative when ``later`` is the earlier one."""
    return ratio((later - earlier).dt.total_microseconds(), MICROSECONDS_PER_DAY)
