"""Leads of the large simulated world, and what hangs on the lead alone: its orders and its stages.

Everything is drawn a column at a time. What a lead is really like (``Leads.eagerness``) moves its calls and
its orders and is written nowhere, so that a model has something to find.
"""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

import numpy as np
import polars as pl
from scipy.special import expit

from features.tables import UTC_DATETIME

TIMEZONE = "Asia/Shanghai"
FIRST = (2024, 7)
MONTHS = 24
DAY_US = 86_400_000_000
# Shanghai has had no summer time since 1991, so that its clock is a sum.
_ZONE_US = 8 * 3_600_000_000

CHANNELS = ("web", "referral", "fair", "partner", "cold list", "advertisement", None)
REGIONS = ("east", "north", "south", "west", "central", None)
# An existing list is imported in the first month.
_IMPORTED = 0.2


@dataclass(frozen=True)
class Leads:
    """The leads in the order of their creation; times are microseconds of the team's local clock.

    Attributes:
        table: ``leads``, as written.
        created: when each was created, before it is moved into working hours.
        eagerness: what each is really like, standard normal.
        dead: whose number does not work.
        ordered: working time of the order that closed it; no number where it did not close.
    """

    table: pl.DataFrame
    created: np.ndarray
    eagerness: np.ndarray
    dead: np.ndarray
    ordered: np.ndarray

    def __len__(self) -> int:
        return len(self.created)


def month_start(number: int) -> int:
    """Local microseconds of the first of a month, counted from the world's first."""
    year, month = divmod(FIRST[0] * 12 + FIRST[1] - 1 + number, 12)
    at = datetime(year, month + 1, 1, tzinfo=ZoneInfo(TIMEZONE))
    return int(at.timestamp()) * 1_000_000 + _ZONE_US


def working(local: np.ndarray) -> np.ndarray:
    """The same order of times, pressed into nine to twenty o'clock of each day."""
    day, within = np.divmod(local, DAY_US)
    return day * DAY_US + 9 * 3_600_000_000 + within * 11 // 24


def instants(local: np.ndarray) -> pl.Series:
    """Local microseconds as instants in UTC."""
    return pl.Series(local - _ZONE_US, dtype=pl.Int64).cast(UTC_DATETIME)


def names(prefix: str, numbers: np.ndarray, digits: int = 7) -> pl.Series:
    """Keys such as ``SIM-0000012``; a missing number stays missing."""
    return "SIM-" + prefix + pl.Series(numbers).cast(pl.String).str.zfill(digits)


def words(choices: tuple[str | None, ...], codes: np.ndarray) -> pl.Series:
    """The words that the codes stand for."""
    return pl.Series(choices, dtype=pl.String).gather(codes)


def pick(rng: np.random.Generator, shares: tuple[float, ...], size: int) -> np.ndarray:
    """Codes 0, 1, ... drawn by their shares."""
    return np.searchsorted(np.cumsum(shares)[:-1], rng.random(size), side="right")


def draw_leads(n: int, seed: int) -> Leads:
    """Draw the leads; about six in ten belong to customers, some of whom have several."""
    rng = np.random.default_rng([seed, 1])
    end = month_start(MONTHS)
    latest = np.where(rng.random(n) < _IMPORTED, month_start(1), end)
    created = np.sort((month_start(0) + rng.random(n) * (latest - month_start(0))).astype(np.int64))
    eagerness = rng.standard_normal(n)
    customer = np.where(rng.random(n) < 0.6, rng.integers(0, max(1, n * 2 // 5), n), -1)
    budget = np.round(np.exp(rng.normal(9.5 + 0.2 * eagerness, 1.0)), -2)
    channel = np.clip(pick(rng, (0.25, 0.1, 0.15, 0.15, 0.2, 0.1, 0.05), n) - (eagerness > 1.5), 0, None)
    table = pl.DataFrame(
        {
            "lead_id": names("L", np.arange(n)),
            "created_at": instants(working(created)),
            "customer_id": names("K", customer).set(pl.Series(customer < 0), None),
            "channel": words(CHANNELS, channel),
            "region": words(REGIONS, pick(rng, (0.3, 0.2, 0.2, 0.12, 0.15, 0.03), n)),
            "budget": pl.Series(budget).set(pl.Series(rng.random(n) < 0.3), None),
        }
    )
    after = rng.exponential(75.0, n) * DAY_US
    closes = (rng.random(n) < expit(eagerness - 2.5)) & (created + after < end)
    ordered = np.where(closes, working((created + after).astype(np.int64)), np.nan)
    return Leads(table, created, eagerness, rng.random(n) < 0.05, ordered)


def draw_orders(leads: Leads, seed: int) -> pl.DataFrame:
    """The orders that closed leads, and others of the same customers that name no lead, in time order."""
    rng = np.random.default_rng([seed, 2])
    closing = np.flatnonzero(~np.isnan(leads.ordered))
    customers = leads.table["customer_id"].drop_nulls().unique(maintain_order=True)
    others = rng.integers(0, len(customers), len(customers) // 2) if len(customers) else np.array([], int)
    earliest = month_start(0) - 365 * DAY_US
    times = working(rng.integers(earliest, month_start(MONTHS), len(others)))
    local = np.concatenate([leads.ordered[closing].astype(np.int64), times])
    amount = np.round(np.exp(rng.normal(12.0, 1.0, len(local)))).astype(np.int64) * 10
    later = rng.integers(1, 3 * DAY_US, len(local))
    nobody = pl.Series([None] * len(others), dtype=pl.String)
    orders = pl.DataFrame(
        {
            "lead_id": pl.concat([leads.table["lead_id"].gather(closing), nobody]),
            "customer_id": pl.concat([leads.table["customer_id"].gather(closing), customers.gather(others)]),
            "ordered_at": instants(local),
            "recorded_at": instants(local + later).set(pl.Series(rng.random(len(local)) < 0.7), None),
            "amount_minor": pl.Series(amount).set(pl.Series(rng.random(len(local)) < 0.02), None),
        }
    )
    end = instants(np.array([month_start(MONTHS)])).item()
    known = pl.coalesce("recorded_at", "ordered_at") < end
    kept = orders.filter(known).sort("ordered_at", maintain_order=True)
    return kept.insert_column(0, names("O", np.arange(len(kept))).alias("order_id"))


def draw_stages(leads: Leads, seed: int) -> pl.DataFrame:
    """Stages that leads entered, in time order; who neither closed nor was lost is still open."""
    rng = np.random.default_rng([seed, 3])
    n, won = len(leads), ~np.isnan(leads.ordered)
    start, end = working(leads.created), month_start(MONTHS)
    won_at = np.where(won, leads.ordered, end).astype(np.int64)
    contacted = start + (rng.exponential(5.0, n) * DAY_US).astype(np.int64)
    offered = contacted + (rng.exponential(20.0, n) * DAY_US).astype(np.int64)
    lost = start + ((30.0 + rng.exponential(200.0, n)) * DAY_US).astype(np.int64)
    entered = {
        "new": (start, np.full(n, True)),
        "contacted": (contacted, contacted < np.minimum(won_at, lost)),
        "offer": (
            offered,
            (offered < np.minimum(won_at, lost)) & (rng.random(n) < expit(leads.eagerness - 0.5)),
        ),
        "won": (won_at, won),
        "lost": (lost, ~won & (lost < end) & (rng.random(n) < 0.3)),
    }
    parts = [
        pl.DataFrame(
            {
                "lead_id": leads.table["lead_id"].gather(np.flatnonzero(who)),
                "entered_at": instants(at[who]),
                "stage": pl.Series([stage]).gather(np.zeros(who.sum(), int)),
            }
        )
        for stage, (at, who) in entered.items()
    ]
    return (
        pl.concat(parts)
        .filter(pl.col("entered_at") < instants(np.array([end])).item())
        .sort("entered_at", "lead_id", maintain_order=True)
    )
