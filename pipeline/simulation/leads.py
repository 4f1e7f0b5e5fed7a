"""Leads of the simulated world: who they are, what becomes of them, and their customers' orders."""

import numpy as np
import numpy.typing as npt
import pandas as pd

from models.arrays import Ints
from pipeline.simulation import laws, phrases
from pipeline.simulation.laws import DAY_S

_BACKLOG = 0.2  # share of leads that the team took over in its first two months


def draw_leads(n: int, start_s: int, end_s: int, rng: np.random.Generator) -> pd.DataFrame:
    """Leads by creation; about a third of them come from customers with several leads."""
    span = end_s - DAY_S - start_s
    early = rng.random(n) < _BACKLOG
    created = np.sort(
        start_s + (rng.random(n) * np.where(early, min(60 * DAY_S, span), span)).astype(np.int64)
    )
    progress = (created - start_s) / (end_s - start_s)
    mix = laws.CHANNEL_MIX + np.multiply.outer(progress, laws.CHANNEL_MIX_LATER - laws.CHANNEL_MIX)
    channel = (rng.random(n)[:, None] >= np.cumsum(mix, axis=1)[:, :-1]).sum(axis=1)
    customers = max(round(n * 0.75), 1)
    repeats = rng.integers(0, max(customers // 2, 1), n - customers)
    customer = rng.permutation(np.concatenate([np.arange(customers), repeats]))
    budget = np.rint(np.exp(rng.normal(laws.BUDGET_CENTRE, 0.8, n)) / 1000) * 1000 + 1000
    known_budget = rng.random(n) < 0.85
    region, industry, size, years = (rng.integers(0, k, customers) for k in (6, 6, 4, 25))
    return pd.DataFrame(
        {
            "lead_id": ids("L", n),
            "created_s": created,
            "customer": customer,
            "customer_id": ids("K", customers)[customer],
            "channel": np.array(laws.CHANNELS)[channel],
            "region": np.array(laws.REGIONS)[region[customer]],
            "industry": np.array(laws.INDUSTRIES)[industry[customer]],
            "company_size": np.array(laws.SIZES)[size[customer]],
            "budget": np.where(known_budget, budget, np.nan),
            "years_in_business": years[customer],
            "note": phrases.notes(n, rng),
            "phone": 19_900_000_001 + np.arange(n),
        }
    )


def ids(letter: str, n: int) -> npt.NDArray[np.str_]:
    """Keys of the simulation, ``SIM-`` first."""
    return np.array([f"SIM-{letter}{i:06d}" for i in range(1, n + 1)])


def draw_fates(
    leads: pd.DataFrame, start_s: int, end_s: int, rng: np.random.Generator
) -> tuple[Ints, Ints, Ints, dict[str, Ints]]:
    """Class, close and loss of every lead (``end_s`` or later: not in this world), and all orders.

    A customer's earlier orders raise the prior of its next lead, so leads are drawn in waves: the
    first lead of every customer, then the second, and so on.
    """
    n = len(leads)
    customer, created = leads["customer"].to_numpy(), leads["created_s"].to_numpy()
    wave = leads.groupby("customer").cumcount().to_numpy()
    cls, closed, lost = (np.zeros(n, dtype=np.int64) for _ in range(3))
    orders = _old_orders(leads[wave == 0], rng)
    for k in range(int(wave.max()) + 1):
        rows = np.flatnonzero(wave == k)
        past = laws.OrderHistory(orders["customer"], orders["at_s"])
        count, days = past.before(customer[rows], created[rows])
        prior = laws.log_prior(leads.iloc[rows], created[rows], start_s, count.astype(float), days)
        cls[rows] = laws.pick(np.exp(prior), rng)
        closed[rows], lost[rows] = _endings(cls[rows], created[rows], end_s, rng)
        won = rows[closed[rows] < end_s]
        fresh = _new_orders(won, customer[won], closed[won], end_s, rng)
        orders = {name: np.concatenate([orders[name], fresh[name]]) for name in orders}
    return cls, closed, lost, orders


def _endings(cls: Ints, created: Ints, end_s: int, rng: np.random.Generator) -> tuple[Ints, Ints]:
    total = laws.CLOSE_RATE[cls] + laws.LOSS_RATE[cls]
    age = laws.unpace(rng.exponential(1.0 / total))
    at = laws.wall_seconds(laws.working_days(created) + age)
    closes = rng.random(len(cls)) < laws.CLOSE_RATE[cls] / total
    return np.where(closes, at, 2 * end_s), np.where(closes, 2 * end_s, at)


def _old_orders(first: pd.DataFrame, rng: np.random.Generator) -> dict[str, Ints]:
    """Orders from before a customer's first lead: one customer in six has some."""
    count = np.where(rng.random(len(first)) < 1 / 6, 1 + rng.poisson(0.8, len(first)), 0)
    clock = np.repeat(laws.working_days(first["created_s"]), count)
    at = laws.wall_seconds(clock - 3.0 - rng.exponential(250.0, len(clock)))
    return {
        "customer": np.repeat(first["customer"].to_numpy(), count),
        "lead": np.full(len(at), -1),
        "at_s": at,
    }


def _new_orders(
    lead: Ints, customer: Ints, closed: Ints, end_s: int, rng: np.random.Generator
) -> dict[str, Ints]:
    """The order that closes a lead, and the same customer's further orders on it."""
    again = rng.poisson(0.6, len(lead))
    clock = np.repeat(laws.working_days(closed), again)
    later = laws.wall_seconds(clock + 10.0 + rng.exponential(110.0, len(clock)))
    kept = later < end_s
    return {
        "customer": np.concatenate([customer, np.repeat(customer, again)[kept]]),
        "lead": np.concatenate([lead, np.repeat(lead, again)[kept]]),
        "at_s": np.concatenate([closed, later[kept]]),
    }
