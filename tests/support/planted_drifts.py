"""Drifts planted into the exported tables of a simulated world, from an instant on."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
import pandas as pd

from pipeline.simulation.world import World


@dataclass(frozen=True)
class Drift:
    """A kind of drift: what it does to a world, the tables it changes, words of an alarm that names it."""

    name: str
    plant: Callable[[World, pd.Timestamp, np.random.Generator], World]
    tables: tuple[str, ...]
    told_by: tuple[str, ...]


def _rows(table, time, change):
    """A drift that changes rows of one table in place; ``change`` is told which of them are late."""

    def plant(world, since, rng):
        rows = getattr(world, table).copy()
        change(rows, (rows[time] >= since).to_numpy(), rng)
        return replace(world, **{table: rows})

    return plant


_leads = partial(_rows, "leads", "created_at")
_calls = partial(_rows, "calls", "started_at")


def _new_channel(leads, late, rng):
    leads.loc[late & (rng.random(len(leads)) < 0.15), "channel"] = "直播"


def _bought_lists(leads, late, rng):
    leads.loc[late & (rng.random(len(leads)) < 0.5), "channel"] = "名单外呼"


def _budget_empty(leads, late, _):
    leads.loc[late, "budget"] = np.nan


def _budget_in_thousands(leads, late, _):
    leads.loc[late, "budget"] /= 1000


def _heard_half(calls, late, rng):
    heard = rng.binomial(calls["intent_questions"].to_numpy(), 0.5)
    calls["intent_questions"] = np.where(late, heard, calls["intent_questions"])


def _minutes(calls, late, _):
    calls["duration"] = calls["duration"].where(~late, (calls["duration"] / 60).round())


def _busy_told_as_no_answer(calls, late, _):
    calls.loc[late & (calls["status"] == "占线"), "status"] = "无人接听"


def _dialler_dead(calls, late, _):
    silent = late & (calls["agent_id"] == "robot-01").to_numpy()
    calls.loc[silent, "status"] = "无人接听"
    nothing = ["duration", "questions", "intent_questions", "refusals", "dialogue_turns", "flow_completion"]
    nothing += ["affirmative_answers", "negative_answers", "substantive_replies"]
    calls.loc[silent, [*nothing, "asked_sms", "asked_wechat", "asked_callback"]] = 0
    calls.loc[silent, "invitation"] = "无"
    calls.loc[silent, ["hung_up_by", "transcript"]] = ""


def _need_not_entered(world, since, _):
    facts = world.facts
    return replace(world, facts=facts[(facts["known_at"] < since) | (facts["field"] != "need")])


def _closes_halved(world, since, rng):
    """Half of the leads that would close from then on do not."""
    first = world.orders.dropna(subset="lead_id").groupby("lead_id")["ordered_at"].min()
    late = first.index[first >= since]
    lost = set(rng.permutation(np.array(late, dtype=object))[: len(late) // 2])
    orders, stages = world.orders, world.stages
    return replace(
        world,
        orders=orders[~orders["lead_id"].isin(lost)],
        stages=stages[~(stages["lead_id"].isin(lost) & (stages["stage"] == "成交"))],
    )


DRIFTS = (
    Drift("a new channel brings 15 % of the leads", _leads(_new_channel), ("leads",), ("channel",)),
    Drift("half of the leads are bought lists", _leads(_bought_lists), ("leads",), ("channel",)),
    Drift("intent questions are heard half as often", _calls(_heard_half), ("calls",), ("intent_question",)),
    Drift("the budget is no longer filled in", _leads(_budget_empty), ("leads",), ("budget",)),
    Drift("the need is no longer entered", _need_not_entered, ("facts",), ("need",)),
    Drift("durations come in minutes", _calls(_minutes), ("calls",), ("duration",)),
    Drift("one robot gets no answer", _calls(_dialler_dead), ("calls",), ("robot-01",)),
    Drift("closes halve", _closes_halved, ("orders", "stages"), ("closes by", "promise of", "orders")),
    Drift("the budget comes in thousands", _leads(_budget_in_thousands), ("leads",), ("budget",)),
    Drift("busy is told as no answer", _calls(_busy_told_as_no_answer), ("calls",), ("status",)),
)
