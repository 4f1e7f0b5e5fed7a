"""The laws of the simulated world: every probability that ties what a team sees to what a lead is.

A lead belongs to one hidden class. Given the class, everything that the log shows is independent,
so that the simulation (``pipeline.simulation.world``) can draw from these tables and the oracle
(``pipeline.simulation.truth``) can turn them round with Bayes' rule. Rates run on the *working clock*: one
unit is one working day, Monday to Saturday, 09:00 to 18:00 local time.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from models.arrays import Floats, Ints

CLASSES = ("hot", "warm", "slow", "cold", "dead", "void")  # void: the number is no good

DAY_S = 86_400
_OPEN_S = 9 * 3600
_SPAN_S = 9 * 3600
_MONDAY_SHIFT = 3  # 1970-01-01 was a Thursday
_GOLDEN_S = ((9 * 3600, 11 * 3600 + 1800), (14 * 3600, 17 * 3600 + 1800))

# --- how a lead ends: hazards per working day, and the ages at which they change -----------------
CLOSE_RATE = np.array([0.024, 0.013, 0.0028, 0.0004, 0.00004, 0.00002])
LOSS_RATE = np.array([0.0015, 0.0020, 0.0030, 0.0038, 0.0055, 0.0080])
_AGE_KNOTS = np.array([0.0, 6.0, 60.0, 150.0, 400.0])  # working days
_AGE_PACE = np.array([0.6, 1.1, 1.0, 0.9, 0.8])  # both hazards are multiplied by this from each knot on

# --- what a call shows ---------------------------------------------------------------------------
STATUSES = ("接通", "总机", "传真", "无人接听", "占线", "无法接通", "关机", "停机", "空号")
ANSWERED, NO_ANSWER = STATUSES.index("接通"), STATUSES.index("无人接听")
DEAD_STATUSES = (STATUSES.index("停机"), STATUSES.index("空号"))
STATUS = np.array(
    [
        [0.640, 0.010, 0.002, 0.210, 0.070, 0.040, 0.025, 0.002, 0.001],
        [0.580, 0.010, 0.002, 0.250, 0.080, 0.045, 0.030, 0.002, 0.001],
        [0.500, 0.012, 0.002, 0.310, 0.085, 0.050, 0.037, 0.003, 0.001],
        [0.400, 0.012, 0.002, 0.390, 0.090, 0.060, 0.040, 0.004, 0.002],
        [0.300, 0.012, 0.002, 0.470, 0.090, 0.070, 0.050, 0.004, 0.002],
        [0.020, 0.005, 0.005, 0.120, 0.020, 0.150, 0.180, 0.200, 0.300],
    ]
)
OFF_HOURS_ANSWERING = 0.85  # outside the golden hours this share of would-be answers is left

ROBOT, AGENT, INBOUND = 0, 1, 2
QUICK, BUSY, DIALOGUE = 0, 1, 2  # hung up at once; busy, "call me later"; talked
TALK = np.array(
    [
        [0.02, 0.10, 0.88],
        [0.04, 0.13, 0.83],
        [0.08, 0.17, 0.75],
        [0.18, 0.20, 0.62],
        [0.34, 0.20, 0.46],
        [0.34, 0.20, 0.46],
    ]
)
KIND_FACTOR = np.array([0.8, 1.0, 1.0])  # people ask robots less
INTENT_QUESTION_MEANS = np.array(
    [3.2, 2.4, 0.95, 0.20, 0.04, 0.04]
)  # Poisson mean per dialogue with a person
REFUSAL_MEANS = np.array([0.06, 0.14, 0.35, 0.85, 1.50, 1.50])
INVITATION_WORDS = ("接受", "拒绝", "无")
ACCEPTED_INVITATION = 0
INVITATION = np.array(
    [
        [0.62, 0.08, 0.30],
        [0.45, 0.13, 0.42],
        [0.21, 0.25, 0.54],
        [0.06, 0.39, 0.55],
        [0.02, 0.45, 0.53],
        [0.02, 0.45, 0.53],
    ]
)
WECHAT_CHANCES = np.array([0.22, 0.18, 0.12, 0.05, 0.02, 0.02])
INBOUND_RATE = np.array([0.045, 0.020, 0.0065, 0.0018, 0.0003, 0.00001])  # calls to us per working day

# --- what people enter after a talk --------------------------------------------------------------
NEEDS = ("explicit", "latent", "none")
NEED = np.array(
    [
        [0.82, 0.15, 0.03],
        [0.68, 0.26, 0.06],
        [0.42, 0.42, 0.16],
        [0.15, 0.40, 0.45],
        [0.05, 0.25, 0.70],
        [0.05, 0.25, 0.70],
    ]
)
EXPECTED_EDGES = np.array([0, 30, 90, 180, 365])  # days from the entry to the expected close
EXPECTED = np.array(
    [
        [0.62, 0.26, 0.08, 0.04],
        [0.30, 0.42, 0.18, 0.10],
        [0.12, 0.24, 0.36, 0.28],
        [0.08, 0.17, 0.30, 0.45],
        [0.08, 0.17, 0.25, 0.50],
        [0.08, 0.17, 0.25, 0.50],
    ]
)
STAGE_WORDS = ("新线索", "已联系", "有意向", "方案评估", "商务谈判")
WON, LOST = "成交", "流失"
ADVANCE = np.array([0.60, 0.45, 0.20, 0.05, 0.015, 0.015])  # next stage after a talk with a person

# --- what is known at creation -------------------------------------------------------------------
CHANNELS = ("官网", "转介绍", "展会", "电商平台", "400热线", "名单外呼")
CHANNEL_MIX = np.array([0.22, 0.10, 0.10, 0.16, 0.12, 0.30])
CHANNEL_MIX_LATER = np.array([0.26, 0.11, 0.07, 0.22, 0.12, 0.22])  # the mix drifts to this by year three
REGIONS = ("华东", "华南", "华北", "华中", "西南", "东北")
INDUSTRIES = ("制造", "零售", "服务", "教育", "建筑", "物流")
SIZES = ("1-19", "20-99", "100-499", "500+")
EFFECTS = {
    "channel": dict(zip(CHANNELS, (0.25, 1.0, 0.2, -0.15, 0.75, -0.8), strict=True)),
    "region": dict(zip(REGIONS, (0.1, 0.05, 0.0, 0.0, -0.05, -0.1), strict=True)),
    "industry": dict(zip(INDUSTRIES, (0.2, -0.1, 0.1, 0.0, -0.2, 0.0), strict=True)),
    "company_size": dict(zip(SIZES, (-0.25, 0.0, 0.2, 0.1), strict=True)),
}
BUDGET_CENTRE = np.log(60_000.0)
BUDGET_EFFECT = 0.25  # per unit of log budget; a missing budget says nothing
DRIFT_PER_YEAR = -0.04
CLASS_BASE = np.log(np.array([0.065, 0.115, 0.175, 0.29, 0.275, 0.08]))
CLASS_LOADING = np.array([1.0, 0.8, 0.4, 0.0, -0.5, -0.6])


@dataclass(frozen=True, slots=True)
class OrderHistory:
    """Orders of customers as plain arrays, for looking up a customer's history at an instant."""

    customer: Ints
    at_s: Ints

    def before(self, customer: Ints, at_s: Ints) -> tuple[Ints, Floats]:
        """Number of the customer's orders before an instant, and days since the latest (NaN: none).

        >>> orders = OrderHistory(np.array([0, 0, 1]), np.array([0, 86400, 0]))
        >>> n, days = orders.before(np.array([0, 1, 2]), np.array([3 * 86400, 0, 5]))
        >>> n.tolist(), days.tolist()
        ([2, 0, 0], [2.0, nan, nan])
        """
        keys = np.sort(_key(self.customer, self.at_s))
        first = np.searchsorted(keys, _key(customer, np.full_like(at_s, -(2**32))))
        past = np.searchsorted(keys, _key(customer, at_s))
        count = past - first
        days = np.full(len(customer), np.nan)
        some = count > 0
        days[some] = (_key(customer, at_s)[some] - keys[past[some] - 1]) / DAY_S
        return count, days


def _key(group: Ints, at_s: Ints) -> Ints:
    return group.astype(np.int64) * 2**35 + at_s


def local_seconds(times: pd.Series) -> Ints:
    """Seconds of local wall time since 1970-01-01; times with an offset are read in Shanghai."""
    if isinstance(times.dtype, pd.DatetimeTZDtype):
        times = times.dt.tz_convert("Asia/Shanghai").dt.tz_localize(None)
    return times.to_numpy(dtype="datetime64[s]").astype(np.int64)


def working_days(at_s: npt.ArrayLike) -> Floats:
    """The working clock at local times (s): working days passed since a Monday in 1969.

    >>> sunday = local_seconds(pd.Series(pd.to_datetime(["2026-03-01 00:00", "2026-03-02 13:30"])))
    >>> float(np.diff(working_days(sunday))[0])
    0.5
    """
    at = np.asarray(at_s, dtype=np.int64)
    day = at // DAY_S + _MONDAY_SHIFT
    part = np.clip((at % DAY_S - _OPEN_S) / _SPAN_S, 0.0, 1.0)
    clock = 6.0 * (day // 7) + np.minimum(day % 7, 6) + np.where(day % 7 < 6, part, 0.0)
    return np.asarray(clock, dtype=np.float64)


def wall_seconds(clock: Floats) -> Ints:
    """Local time (s, rounded down) at which the working clock shows this."""
    whole = np.floor(clock).astype(np.int64)
    day = 7 * (whole // 6) + whole % 6 - _MONDAY_SHIFT
    return np.floor(day * float(DAY_S) + _OPEN_S + (clock - whole) * _SPAN_S + 1e-4).astype(np.int64)


def pace(age: Floats) -> Floats:
    """Working days of age, stretched so that the hazards of closing and of loss are constant."""
    bends = np.concatenate([[_AGE_PACE[0]], np.diff(_AGE_PACE)])
    return np.asarray(np.maximum(age[:, None] - _AGE_KNOTS, 0.0) @ bends)


def unpace(stretched: Floats) -> Floats:
    """The age in working days at which ``pace`` reaches this."""
    marks = pace(_AGE_KNOTS)
    piece = np.searchsorted(marks, stretched, side="right") - 1
    return np.asarray(_AGE_KNOTS[piece] + (stretched - marks[piece]) / _AGE_PACE[piece])


def log_prior(
    leads: pd.DataFrame, created_s: Ints, start_s: int, orders: Floats, order_days: Floats
) -> Floats:
    """Log probability of each class at creation (leads x classes), from attributes and earlier orders.

    Args:
        leads: channel, region, industry, company_size, budget.
        created_s: creation, local seconds.
        start_s: the world's start, from which the base rate drifts.
        orders: earlier orders of the customer.
        order_days: days from the latest of them to the creation; NaN without one.
    """
    index = sum(leads[name].map(effects).to_numpy(dtype=float) for name, effects in EFFECTS.items())
    budget = leads["budget"].to_numpy(dtype=float)
    index = index + BUDGET_EFFECT * np.nan_to_num(np.log(budget) - BUDGET_CENTRE)
    index = index + 0.5 * np.log1p(orders) + 0.5 * np.nan_to_num(np.exp(-order_days / 365.0))
    index = index + DRIFT_PER_YEAR * (created_s - start_s) / (365.25 * DAY_S)
    logits = CLASS_BASE + np.multiply.outer(index, CLASS_LOADING)
    return np.asarray(logits - np.logaddexp.reduce(logits, axis=1)[:, None])


def status_probabilities(at_s: Ints) -> Floats:
    """Probability of each outbound status by class at local times: (times x classes x statuses)."""
    second = at_s % DAY_S
    golden = np.any([(second >= a) & (second < b) for a, b in _GOLDEN_S], axis=0)
    kept = np.where(golden, 1.0, OFF_HOURS_ANSWERING)
    table = np.repeat(STATUS[None], len(at_s), axis=0)
    missed = table[:, :, ANSWERED] * (1.0 - kept)[:, None]
    table[:, :, ANSWERED] -= missed
    table[:, :, NO_ANSWER] += missed
    return table


def draw(table: Floats, rows: Ints, rng: np.random.Generator) -> Ints:
    """One category per entry of ``rows``, with the probabilities of that row of the table."""
    return pick(table[rows], rng)


def pick(probabilities: Floats, rng: np.random.Generator) -> Ints:
    """One category per row of probabilities."""
    cumulative = np.cumsum(probabilities, axis=1)[:, :-1]
    return np.asarray((rng.random(len(probabilities))[:, None] >= cumulative).sum(axis=1))
