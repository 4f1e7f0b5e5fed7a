"""The only comparison of times: what was known at an instant, and what came after it.

A fact is *known* as of an instant when it happened strictly before it; an outcome is *upcoming*
when it happens at that instant or later. No other module compares two times.
"""

from datetime import datetime
from typing import overload

import numpy as np
import polars as pl
from numpy.typing import NDArray

from features.exact import divided, ratio

MICROSECONDS_PER_DAY = 86_400_000_000

# As many as-ofs are searched for together as a processor keeps at hand.
_TOGETHER = 1 << 14

Int64Array = NDArray[np.int64]


@overload
def known(time: pl.Expr, as_of: pl.Expr) -> pl.Expr: ...
@overload
def known(time: Int64Array, as_of: Int64Array) -> NDArray[np.bool_]: ...
def known(time: pl.Expr | Int64Array, as_of: pl.Expr | Int64Array) -> pl.Expr | NDArray[np.bool_]:
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


def newest_at(leads: pl.DataFrame, rows: pl.DataFrame, time: str) -> pl.DataFrame:
    """The newest lead that a row's customer had at the row's time; without a time, the newest of all.

    Args:
        leads: ``lead_id``, ``customer_id``, ``created_at``; of leads created together the last by its key.
        rows: ``customer_id``, and a column named by ``time`` where they have times.
        time: of the rows.

    Returns:
        The rows with ``lead_id``, missing where the customer has no lead yet, in another order.

    Example:
        >>> leads = pl.DataFrame({"lead_id": ["L1", "L2"], "customer_id": ["K", "K"], "created_at": [1, 5]})
        >>> rows = pl.DataFrame({"customer_id": ["K", "K", "K", "X"], "at": [0, 4, 5, 9]})
        >>> newest_at(leads, rows, "at").sort("at")["lead_id"].to_list()
        [None, 'L1', 'L2', None]
    """
    newest = leads.drop_nulls("customer_id").sort("created_at", "lead_id")
    newest = newest.unique(["customer_id", "created_at"], keep="last", maintain_order=True)
    dtype = newest.schema["created_at"]
    given = pl.col(time) if time in rows.columns else pl.lit(None)
    dated = rows.with_columns(pl.coalesce(given.cast(dtype), newest["created_at"].max()).alias("__at"))
    return (
        dated.sort("__at")
        .join_asof(
            newest.select("lead_id", "customer_id", "created_at"),
            left_on="__at",
            right_on="created_at",
            by="customer_id",
            check_sortedness=False,
        )
        .drop("__at", "created_at")
    )


def younger_than(created_at: pl.Expr, as_of: pl.Expr, days: int) -> pl.Expr:
    """Whether a lead was created at most ``days`` before ``as_of``."""
    return created_at >= as_of - pl.duration(days=days)


def next_at(rows: pl.DataFrame, events: pl.DataFrame) -> pl.Series:
    """When the next event of each row's lead comes: at the as-of or later; missing if none does.

    Args:
        rows: ``lead_id`` and ``as_of``.
        events: ``lead_id`` and ``at``.

    Example:
        >>> rows = pl.DataFrame({"lead_id": ["L1", "L2", "L1"], "as_of": [3, 1, 2]})
        >>> next_at(rows, pl.DataFrame({"lead_id": ["L1", "L1"], "at": [2, 1]})).to_list()
        [None, None, 2]
    """
    asked = rows.select("lead_id", "as_of").with_row_index("row").sort("as_of")
    told = events.select("lead_id", "at").drop_nulls().sort("at")
    found = asked.join_asof(
        told, left_on="as_of", right_on="at", by="lead_id", strategy="forward", check_sortedness=False
    )
    return found.sort("row")["at"]


def upcoming(time: pl.Expr, as_of: pl.Expr, start_days: int, end_days: int) -> pl.Expr:
    """Whether an outcome falls in ``as_of + start_days <= time < as_of + end_days``."""
    return (time >= as_of + pl.duration(days=start_days)) & (time < as_of + pl.duration(days=end_days))


def at_risk(time: pl.Expr, as_of: pl.Expr, start_days: int) -> pl.Expr:
    """Whether a lead has not yet closed when the window that starts after ``start_days`` opens."""
    return time.is_null() | (time >= as_of + pl.duration(days=start_days))


def ripe(as_of: pl.Expr, end_days: int, until: datetime | int) -> pl.Expr:
    """Whether the window that ends ``end_days`` after ``as_of`` lies wholly before ``until``."""
    return as_of + pl.duration(days=end_days) <= until


def days_between(earlier: Int64Array, later: Int64Array) -> NDArray[np.float64]:
    """Days from instants to others, from ``instants``; negative when ``later`` is the earlier one.

    Example:
        >>> days_between(np.array([0]), np.array([43_200_000_000])).tolist()
        [0.5]
    """
    return divided(later - earlier, MICROSECONDS_PER_DAY)


def days_from(earlier: pl.Expr, later: pl.Expr) -> pl.Expr:
    """Days from one instant to another, as a float; negative when ``later`` is the earlier one."""
    return ratio((later - earlier).dt.total_microseconds(), MICROSECONDS_PER_DAY)


def months_from(earlier: pl.Expr, later: pl.Expr) -> pl.Expr:
    """Calendar months from one instant to another, each in its own time zone; 0 within one month.

    Example:
        >>> frame = pl.DataFrame({"a": [datetime(2024, 1, 31)], "b": [datetime(2024, 2, 1)]})
        >>> frame.select(months_from(pl.col("a"), pl.col("b"))).item()
        1
    """
    first, last = (time.dt.year() * 12 + time.dt.month() for time in (earlier, later))
    return last - first


def instants(times: pl.Series) -> Int64Array:
    """Instants as whole microseconds, row numbers as they are: what positions are found by.

    Example:
        >>> instants(pl.Series([datetime(1970, 1, 1, 0, 0, 1)])).tolist()
        [1000000]
    """
    if times.dtype == pl.Datetime:
        times = times.dt.cast_time_unit("us")
    return times.to_physical().cast(pl.Int64).to_numpy()


def days_before(instants: Int64Array, days: int) -> Int64Array:
    """The instants that lie a number of days earlier, where a window of so many days begins."""
    return instants - days * MICROSECONDS_PER_DAY


def known_until(times: Int64Array, as_of: Int64Array, first: Int64Array, last: Int64Array) -> Int64Array:
    """The end of the known rows among the rows ``first`` up to ``last`` of each as-of.

    Args:
        times: of all rows; between ``first`` and ``last`` they never go back.
        as_of: one instant for each pair of positions.
        first: position in ``times`` of the first row of each.
        last: position after the last row of each.

    Returns:
        For each as-of the position of its first row that is not known, or ``last``.

    Example:
        >>> times = np.array([1, 2, 2, 3])
        >>> known_until(times, np.array([2, 3, 9]), np.zeros(3, np.int64), np.full(3, 4)).tolist()
        [1, 3, 4]
    """
    found = np.empty(len(as_of), np.int64)
    for start in range(0, len(as_of), _TOGETHER):
        part = slice(start, start + _TOGETHER)
        found[part] = _known_until(times, as_of[part], first[part], last[part])
    return found


def _known_until(times: Int64Array, as_of: Int64Array, first: Int64Array, last: Int64Array) -> Int64Array:
    low, high = first, last
    # Each step halves the rows among which the end may lie.
    for _ in range(int((last - first).max(initial=0)).bit_length()):
        middle = (low + high) >> 1
        before = known(times.take(middle, mode="clip"), as_of) & (low < high)
        low, high = np.where(before, middle + 1, low), np.where(before, high, middle)
    return low
