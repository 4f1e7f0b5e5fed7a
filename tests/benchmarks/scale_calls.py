"""Calls of the large simulated world, a month at a time, in the order of a log's export.

A lead's calls thin out with its age; how many fall into each month follows from the lead's own numbers
alone, so that no more than a month of calls is ever held. Times go to the microsecond: no two calls of a
lead end at the same instant, and the latest one needs no tie-break.
"""

import numpy as np
import polars as pl
from benchmarks.scale_leads import DAY_US, MONTHS, Leads, instants, month_start, names, pick, words, working
from scipy.special import expit

CALLS_PER_LEAD = 20
_MOST = 150.0
_SPAN_DAYS = 400

CONNECTED = ("answered", "switchboard", "fax")
UNREACHED = ("no_answer", "busy", "unreachable", "voicemail", "powered_off", "suspended")
DEAD = ("empty_number", "suspended", "powered_off")
STATUSES = (*CONNECTED, *UNREACHED, *DEAD, None)
HANGUPS = ("customer", "agent", "robot", "timeout", None)
INVITATIONS = ("none", "accepted", "declined", None)
DIRECTIONS = ("outbound", "inbound", None)
ACTIVITIES = ("offer", "follow-up", "welcome", "survey", None)


def draw_counts(leads: Leads, seed: int) -> np.ndarray:
    """How many calls each lead gets: about a fifth none, most a few, some more than a hundred."""
    rng = np.random.default_rng([seed, 4])
    n = len(leads)
    age_days = (month_start(MONTHS) - leads.created) / DAY_US
    weight = np.exp(rng.normal(0.1 * leads.eagerness, 1.15, n)) * np.minimum(1.0, age_days / 45)
    weight[rng.random(n) < 0.18] = 0.0
    expected = weight
    for _ in range(20):
        expected = np.minimum(expected * (CALLS_PER_LEAD * n / expected.sum()), _MOST)
    return np.diff(np.round(np.cumsum(expected)), prepend=0.0).astype(np.int64)


class Callers:
    """Who is called in which month.

    Attributes:
        counts: calls of each lead up to the end of the world.
        span: microseconds from its creation to its last possible call.
        carried: the part of a call with which each lead begins, so that months round fairly.
    """

    def __init__(self, leads: Leads, seed: int) -> None:
        self.leads = leads
        self.seed = seed
        self.counts = draw_counts(leads, seed)
        self.span = np.minimum(month_start(MONTHS) - leads.created, _SPAN_DAYS * DAY_US)
        self.carried = np.random.default_rng([seed, 5]).random(len(leads)) * 0.999_999

    def month(self, number: int, first_call: int) -> pl.DataFrame:
        """Calls of one month; their keys count on from ``first_call``."""
        rng = np.random.default_rng([self.seed, 6, number])
        start, end = month_start(number), month_start(number + 1)
        lead = np.repeat(np.arange(len(self.leads)), self._until(end) - self._until(start))
        low = np.maximum(self.leads.created, start)[lead]
        high = np.minimum(end, self.leads.created + self.span)[lead]
        local = low + (rng.random(len(lead)) * (high - low)).astype(np.int64)
        order = np.argsort(local, kind="stable")
        return _calls(rng, self.leads, lead[order], local[order], first_call)

    def _until(self, end: int) -> np.ndarray:
        share = np.sqrt(np.clip((end - self.leads.created) / self.span, 0.0, 1.0))
        return np.floor(self.counts * share + self.carried).astype(np.int64)


def _calls(
    rng: np.random.Generator, leads: Leads, lead: np.ndarray, local: np.ndarray, first_call: int
) -> pl.DataFrame:
    n, eager, dead = len(lead), leads.eagerness[lead], leads.dead[lead]
    inbound = (rng.random(n) < 0.06) & ~dead
    connected = inbound | ((rng.random(n) < expit(0.5 * eager - 0.2)) & ~dead)
    heard = connected & (rng.random(n) < 0.96)
    questions = rng.poisson(0.6 * np.exp(0.3 * eager))
    known_agent = rng.random(n) < 0.99
    return pl.DataFrame(
        {
            "call_id": names("C", np.arange(first_call, first_call + n), 9),
            "lead_id": leads.table["lead_id"].gather(lead),
            "started_at": instants(working(local)),
            "agent_id": _where(known_agent, names("A", rng.integers(0, 240, n), 3)),
            "duration_ms": _where(rng.random(n) < 0.985, pl.Series(_durations(rng, connected, eager))),
            "activity": words(ACTIVITIES, pick(rng, (0.5, 0.3, 0.1, 0.08, 0.02), n)),
            "direction": _where(rng.random(n) < 0.995, words(DIRECTIONS, inbound.astype(int))),
            "status": words(STATUSES, _statuses(rng, connected, dead)),
            "hung_up_by": _where(connected, words(HANGUPS, pick(rng, (0.58, 0.2, 0.15, 0.04, 0.03), n))),
            "questions": _where(heard, pl.Series(questions)),
            "intent_questions": _where(heard, pl.Series(rng.binomial(questions, expit(0.6 * eager - 1)))),
            "refusals": _where(heard, pl.Series(rng.poisson(0.35 * np.exp(-0.4 * eager)))),
            "dialogue_turns": _where(heard, pl.Series(2 + rng.poisson(6.0, n))),
            "flow_completion_ppm": _where(heard, pl.Series((rng.beta(1.2, 1.5, n) * 1e6).astype(np.int64))),
            "invitation": _where(heard, words(INVITATIONS, _invitations(rng, eager))),
            "asked_sms": _where(heard, pl.Series(rng.random(n) < 0.03)),
            "asked_wechat": _where(heard, pl.Series(rng.random(n) < 0.04 * np.exp(0.3 * eager))),
            "asked_callback": _where(heard, pl.Series(rng.random(n) < 0.08)),
        }
    )


def _where(there: np.ndarray, values: pl.Series) -> pl.Series:
    return values.set(pl.Series(~there), None)


def _durations(rng: np.random.Generator, connected: np.ndarray, eager: np.ndarray) -> np.ndarray:
    """Milliseconds: a talk, or how long it rang."""
    talk = np.exp(rng.normal(10.4 + 0.2 * eager, 1.0))
    rings = rng.random(len(eager)) * 35_000
    return np.where(connected, np.clip(talk, 800, 3_600_000), rings).astype(np.int64)


def _statuses(rng: np.random.Generator, connected: np.ndarray, dead: np.ndarray) -> np.ndarray:
    n = len(dead)
    up = pick(rng, (0.93, 0.05, 0.02), n)
    down = len(CONNECTED) + pick(rng, (0.5, 0.15, 0.12, 0.08, 0.1, 0.05), n)
    gone = len(CONNECTED) + len(UNREACHED) + pick(rng, (0.6, 0.2, 0.2), n)
    codes = np.where(connected, up, np.where(dead, gone, down))
    return np.where(rng.random(n) < 0.01, len(STATUSES) - 1, codes)


def _invitations(rng: np.random.Generator, eager: np.ndarray) -> np.ndarray:
    invited = rng.random(len(eager)) < 0.2
    accepted = rng.random(len(eager)) < expit(eager - 0.7)
    return np.where(invited, np.where(accepted, 1, 2), 0)
