"""The exact probability that a simulated lead closes, given what the log shows before an instant.

The oracle reads the world's frames, as anyone could, and its laws, as nobody could. It turns the
laws round with Bayes' rule: the posterior of the hidden class weighs the prior at creation, every
call, fact and stage move known before the instant, the inbound calls that did not come, and the
survival so far. Manual grades, quotations and the facts of ``pipeline.simulation.facts``, the calling policy
and what is said in transcripts follow from the rest of the log and cancel. Closing and loss compete: a
lead that is lost never closes.

Exact at local midnight, when no call is under way; elsewhere a call counts once it has ended.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from models.arrays import Floats, Ints
from pipeline.simulation import laws
from pipeline.simulation.laws import DAY_S
from pipeline.simulation.world import World

_SPAN = 2**35  # more seconds than any world lasts: (lead, time) becomes one sortable number


@dataclass(frozen=True, slots=True)
class _Evidence:
    """Log-likelihoods of the classes, one row per logged event, and when the event was known."""

    lead: Ints
    known_s: Ints
    loglik: Floats


def truth(world: World, spine: pd.DataFrame, horizons_days: tuple[int, ...] = (30, 90, 180)) -> pd.DataFrame:
    """True close probability of leads by each horizon, as of each instant.

    Args:
        world: the simulated world.
        spine: ``lead_id`` and ``as_of`` (with an offset, or local wall time without one).
        horizons_days: the close counts in [as_of, as_of + days).

    Returns:
        One row per row of the spine, same order and index: ``lead_id``, ``as_of``, and per horizon
        ``true_close_<days>d``; NaN where the lead was not open (not yet created, won or lost).

    Raises:
        ValueError: the spine names a lead that the world does not have.
    """
    lead = pd.Index(world.leads["lead_id"]).get_indexer(pd.Index(spine["lead_id"]))
    if (lead < 0).any():
        raise ValueError(f"spine.lead_id: {spine['lead_id'].to_numpy()[lead < 0][0]!r} is not in this world")
    as_of_s = laws.local_seconds(spine["as_of"])
    created_s = laws.local_seconds(world.leads["created_at"])[lead]
    born = laws.working_days(created_s)
    weights = _posterior(world, lead.astype(np.int64), as_of_s)
    total = laws.CLOSE_RATE + laws.LOSS_RATE
    now = laws.pace(laws.working_days(as_of_s) - born)
    is_open = _open(world, lead.astype(np.int64), created_s, as_of_s)
    out = spine[["lead_id", "as_of"]].copy()
    for days in horizons_days:
        then = laws.pace(laws.working_days(as_of_s + days * DAY_S) - born)
        by_class = laws.CLOSE_RATE / total * -np.expm1(-np.multiply.outer(then - now, total))
        out[f"true_close_{days}d"] = np.where(is_open, (weights * by_class).sum(axis=1), np.nan)
    return out


def _open(
    world: World, lead: Ints, created_s: Ints, as_of_s: Ints
) -> "np.ndarray[tuple[int], np.dtype[np.bool_]]":
    ended = world.stages[world.stages["stage"].isin([laws.WON, laws.LOST])]
    ends = pd.Series(laws.local_seconds(ended["entered_at"]), index=ended["lead_id"])
    end_s = ends.reindex(world.leads["lead_id"]).fillna(np.inf).to_numpy()[lead]
    return np.asarray((created_s < as_of_s) & (as_of_s <= end_s))


def _posterior(world: World, lead: Ints, as_of_s: Ints) -> Floats:
    """Class probabilities of (lead, as of) pairs, given the log and that the lead is still open."""
    created_s = laws.local_seconds(world.leads["created_at"])
    prior = laws.log_prior(world.leads, created_s, int(world.start.timestamp()), *_history(world, created_s))
    since = laws.working_days(as_of_s) - laws.working_days(created_s)[lead]
    since = np.maximum(since, 0.0)
    logits = prior[lead] + _known(_evidence(world), lead, as_of_s)
    logits = logits - np.multiply.outer(since, laws.INBOUND_RATE)
    logits = logits - np.multiply.outer(laws.pace(since), laws.CLOSE_RATE + laws.LOSS_RATE)
    weights = np.exp(logits - logits.max(axis=1)[:, None])
    return np.asarray(weights / weights.sum(axis=1)[:, None])


def _history(world: World, created_s: Ints) -> tuple[Floats, Floats]:
    customers = pd.Index(world.leads["customer_id"].unique())
    ordered = customers.get_indexer(pd.Index(world.orders["customer_id"])).astype(np.int64)
    orders = laws.OrderHistory(ordered, laws.local_seconds(world.orders["ordered_at"]))
    mine = customers.get_indexer(pd.Index(world.leads["customer_id"])).astype(np.int64)
    count, days = orders.before(mine, created_s)
    return count.astype(float), days


def _known(evidence: _Evidence, lead: Ints, as_of_s: Ints) -> Floats:
    """Sum of a lead's log-likelihoods known strictly before the instant."""
    keys = evidence.lead * _SPAN + evidence.known_s
    order = np.argsort(keys, kind="stable")
    sums = np.vstack([np.zeros(len(laws.CLASSES)), np.cumsum(evidence.loglik[order], axis=0)])
    return np.asarray(
        sums[np.searchsorted(keys[order], lead * _SPAN + as_of_s)]
        - sums[np.searchsorted(keys[order], lead * _SPAN)]
    )


def _evidence(world: World) -> _Evidence:
    leads = pd.Index(world.leads["lead_id"])
    parts = [_calls(world, leads), _moves(world, leads), *_facts(world, leads)]
    return _Evidence(
        np.concatenate([p.lead for p in parts]),
        np.concatenate([p.known_s for p in parts]),
        np.concatenate([p.loglik for p in parts]),
    )


def _rows(leads: pd.Index, frame: pd.DataFrame) -> Ints:
    return np.asarray(leads.get_indexer(pd.Index(frame["lead_id"])), dtype=np.int64)


def _codes(column: pd.Series, words: tuple[str, ...]) -> Ints:
    return np.asarray(pd.Index(words).get_indexer(pd.Index(column)), dtype=np.int64)


def _poisson(counts: Ints, means: Floats) -> Floats:
    """Log-likelihood but for the factorial, which no class changes."""
    return np.asarray(counts[:, None] * np.log(means) - means)


def _calls(world: World, leads: pd.Index) -> _Evidence:
    calls = world.calls
    start_s = laws.local_seconds(calls["started_at"])
    end_s = start_s + calls["duration"].to_numpy(dtype=np.int64)
    inbound = (calls["direction"] == "呼入").to_numpy()
    robot = calls["agent_id"].str.startswith("robot").to_numpy()
    status = _codes(calls["status"], laws.STATUSES)
    talk = np.where(calls["asked_callback"] == 1, laws.BUSY, laws.DIALOGUE)
    talk = np.where(calls["dialogue_turns"] == 1, laws.QUICK, talk)
    answered = status == laws.ANSWERED
    loglik = np.multiply.outer(laws.working_days(end_s) - laws.working_days(start_s), laws.INBOUND_RATE)
    loglik[inbound] += np.log(laws.INBOUND_RATE)
    out = np.flatnonzero(~inbound)
    loglik[out] += np.log(laws.status_probabilities(start_s[out])[np.arange(len(out)), :, status[out]])
    loglik[out] += np.where(answered[out, None], np.log(laws.TALK[:, talk[out]].T), 0.0)
    on = np.flatnonzero(answered & (talk == laws.DIALOGUE))
    kind = np.where(inbound, laws.INBOUND, np.where(robot, laws.ROBOT, laws.AGENT))[on]
    questions, refusals = (calls[c].to_numpy(dtype=np.int64)[on] for c in ("intent_questions", "refusals"))
    loglik[on] += _poisson(questions, np.multiply.outer(laws.KIND_FACTOR[kind], laws.INTENT_QUESTION_MEANS))
    loglik[on] += _poisson(refusals, laws.REFUSAL_MEANS)
    loglik[on] += np.log(laws.INVITATION[:, _codes(calls["invitation"], laws.INVITATION_WORDS)[on]].T)
    wechat = calls["asked_wechat"].to_numpy()[on, None] == 1
    loglik[on] += np.log(np.where(wechat, laws.WECHAT_CHANCES, 1.0 - laws.WECHAT_CHANCES))
    return _Evidence(_rows(leads, calls), end_s, loglik)


def _moves(world: World, leads: pd.Index) -> _Evidence:
    """Each talk with a person moved the lead one stage on, or could have and did not."""
    calls = world.calls
    person = ~calls["agent_id"].str.startswith("robot") & (calls["status"] == "接通")
    talks = calls[person & (calls["asked_callback"] == 0) & (calls["dialogue_turns"] > 1)]
    end_s = laws.local_seconds(talks["started_at"]) + talks["duration"].to_numpy(dtype=np.int64)
    keys = _rows(leads, talks) * _SPAN + end_s
    moved = world.stages[world.stages["stage"].isin(laws.STAGE_WORDS[2:])]
    moves = np.sort(_rows(leads, moved) * _SPAN + laws.local_seconds(moved["entered_at"]))
    before = np.searchsorted(moves, keys)
    done = before - np.searchsorted(moves, _rows(leads, talks) * _SPAN)
    advanced = np.searchsorted(moves, keys, side="right") > before
    loglik = np.log(np.where(advanced[:, None], laws.ADVANCE, 1.0 - laws.ADVANCE))
    loglik[done >= len(laws.STAGE_WORDS) - 2] = 0.0
    return _Evidence(_rows(leads, talks), end_s, loglik)


def _facts(world: World, leads: pd.Index) -> list[_Evidence]:
    need = world.facts[world.facts["field"] == "need"]
    said = np.log(laws.NEED[:, _codes(need["value"], laws.NEEDS)].T)
    dated = world.facts[world.facts["field"] == "expected_close_date"]
    known_s = laws.local_seconds(dated["known_at"])
    days = laws.local_seconds(pd.Series(pd.to_datetime(dated["value"]))) // DAY_S - known_s // DAY_S - 1
    bucket = np.searchsorted(laws.EXPECTED_EDGES, days, side="right") - 1
    return [
        _Evidence(_rows(leads, need), laws.local_seconds(need["known_at"]), said),
        _Evidence(_rows(leads, dated), known_s, np.log(laws.EXPECTED[:, bucket].T)),
    ]
