"""Putting a day together: promises at their hour, what is due by grade, and a part that is drawn by lot."""

import random
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import polars as pl

from features.tables import UTC_DATETIME
from pipeline.config.reports import CallPlan
from pipeline.team.plan.agent_day import AgentDay
from pipeline.team.plan.standing import GRADE_ENDED
from pipeline.team.plan.working_day import WorkingDay

# Why a lead is called.
PROMISED, MISSED, LATER, NEW, RETRY, DUE, LOT = "promised", "missed", "later", "new", "retry", "due", "lot"

# Why a lead is not called on that day, beside what bars it anyway (``standing``).
REST_DAY = "rest_day"
PROMISED_AHEAD = "promised_ahead"
OUT_OF_HOURS = "promised_out_of_hours"
NOT_DUE = "not_due"
IN_PAUSE = "in_pause"
NUMBER_FULL = "number_full"
AGENT_AWAY = "agent_away"
AGENT_FULL = "agent_full"
TEAM_FULL = "team_full"

PLANNED_SCHEMA: Mapping[str, pl.DataType | type[pl.DataType]] = {
    "lead_id": pl.String,
    "by": pl.String,
    "at": UTC_DATETIME,
    "kind": pl.String,
}
HELD_SCHEMA: Mapping[str, pl.DataType | type[pl.DataType]] = {"lead_id": pl.String, "held": pl.String}

_READ = (
    "lead_id",
    "number",
    "agent",
    "grade",
    "rank",
    "due_at",
    "not_before",
    "promise_not_before",
    "promised_at",
    "last_call_at",
    "spoken_at",
    "asked_later",
    "barred",
)
_Lead = dict[str, Any]


@dataclass(frozen=True)
class Planned:
    """A day of the team.

    Attributes:
        calls: ``lead_id``, ``by`` (the agent), ``at`` (UTC) and ``kind``, by agent and time.
        held: ``lead_id`` and ``held`` (why not) of every other lead.
    """

    calls: pl.DataFrame
    held: pl.DataFrame


def call_plan(
    leads: pl.DataFrame,
    agents: Iterable[str],
    rules: CallPlan,
    day: WorkingDay,
    called_today: Mapping[str, int] | None = None,
    away: Iterable[str] = (),
) -> Planned:
    """Plan a day.

    Promised call-backs come first, at their hour; then those of former days that were missed; then what is
    due: customers who asked to be called later, and the rest by grade, due date and rank. Leads of an agent
    are called by nobody else, unless a promise would be broken because the agent is away.

    Args:
        leads: from ``standing.standing``.
        agents: who is on duty.
        rules: the configuration's.
        day: the day.
        called_today: calls that were already made on that day, by number.
        away: agents who are not on duty and keep their leads; leads of all others are dealt anew.

    Returns:
        The day: each lead is either called once or held with its reason.
    """
    asked = leads.select(_READ).sort("rank", "lead_id").to_dicts()
    return _Plan(sorted(set(agents)), rules, day, called_today or {}, frozenset(away)).of(asked)


class _Plan:
    """A day while it is put together."""

    def __init__(
        self,
        agents: Sequence[str],
        rules: CallPlan,
        day: WorkingDay,
        called_today: Mapping[str, int],
        away: frozenset[str],
    ) -> None:
        kept = int(rules.random_share * len(day.slots))
        self._days = {name: AgentDay(name, day.slots, kept) for name in agents}
        self._rules, self._day, self._away = rules, day, away
        self._grades = {grade: place for place, grade in enumerate(rules.cadence_days)}
        self._numbers = Counter(called_today)
        self._calls: list[tuple[str, str, datetime, str]] = []
        self._held: dict[str, str] = {}

    def of(self, leads: Sequence[_Lead]) -> Planned:
        open_leads = [lead for lead in leads if not self._hold(lead, self._forbids(lead))]
        promised = [lead for lead in open_leads if lead["promised_at"] is not None]
        for lead in sorted(promised, key=lambda one: (one["promised_at"], one["rank"])):
            self._promise(lead)
        others = [lead for lead in open_leads if lead["promised_at"] is None]
        end = self._day.whole[1]
        due = sorted((one for one in others if one["due_at"] < end), key=self._order)
        waiting = [lead for lead in due if not self._plan(lead, _kind(lead))]
        not_due = [lead for lead in others if lead["due_at"] >= end]
        for lead in not_due:
            self._held[lead["lead_id"]] = NOT_DUE
        self._draw([*waiting, *not_due, *self._ended(leads)])
        return self._put_together()

    def _ended(self, leads: Iterable[_Lead]) -> list[_Lead]:
        """The leads that only their grade bars, on a day with calls."""
        if not self._day.slots:
            return []
        return [one for one in leads if one["barred"] == GRADE_ENDED and one["promised_at"] is None]

    def _forbids(self, lead: _Lead) -> str | None:
        if lead["barred"] is not None:
            return str(lead["barred"])
        promised = lead["promised_at"]
        begin, end = self._day.whole
        if promised is not None and promised >= end:
            return PROMISED_AHEAD
        if not self._day.slots:
            return REST_DAY
        first, last = self._day.promises
        if promised is not None and begin <= promised and not first <= promised < last:
            return OUT_OF_HOURS
        return None

    def _hold(self, lead: _Lead, why: str | None) -> bool:
        if why is not None:
            self._held[lead["lead_id"]] = why
        return why is not None

    def _order(self, lead: _Lead) -> tuple[object, ...]:
        grade = self._grades.get(lead["grade"], len(self._grades))
        return not lead["asked_later"], grade, lead["due_at"], lead["rank"], lead["lead_id"]

    def _promise(self, lead: _Lead) -> None:
        missed = lead["promised_at"] < self._day.whole[0]
        if missed:
            self._plan(lead | {"not_before": lead["promise_not_before"]}, MISSED, promise=True)
            return
        pause = lead["promise_not_before"]
        if pause is not None and lead["promised_at"] < pause:
            self._held[lead["lead_id"]] = IN_PAUSE
            return
        agent = self._agent(lead, promise=True)
        if isinstance(agent, str) or self._number_full(lead):
            self._held[lead["lead_id"]] = agent if isinstance(agent, str) else NUMBER_FULL
            return
        self._note(lead, agent, agent.keep(lead["promised_at"]), PROMISED)

    def _plan(self, lead: _Lead, kind: str, *, promise: bool = False) -> bool:
        """Plan a call in the first slot that is free; says whether there was one."""
        agent = self._agent(lead, promise=promise)
        if isinstance(agent, str):
            return not self._hold(lead, agent)
        if self._number_full(lead):
            return not self._hold(lead, NUMBER_FULL)
        slot = agent.fits(lead["not_before"])
        if slot is None:
            return not self._hold(lead, IN_PAUSE)
        self._note(lead, agent, agent.book(slot), kind)
        return True

    def _agent(self, lead: _Lead, *, promise: bool) -> AgentDay | str:
        """Who calls a lead, or why nobody does."""
        own = self._days.get(lead["agent"])
        if own is not None:
            return own if own.room > 0 else AGENT_FULL
        if lead["agent"] in self._away and not promise:
            return AGENT_AWAY
        best = max(self._days.values(), key=lambda one: one.room, default=None)
        return best if best is not None and best.room > 0 else TEAM_FULL

    def _number_full(self, lead: _Lead) -> bool:
        return self._numbers[lead["number"]] >= self._rules.daily_maximum

    def _note(self, lead: _Lead, agent: AgentDay, at: datetime, kind: str) -> None:
        self._numbers[lead["number"]] += 1
        self._held.pop(lead["lead_id"], None)
        self._calls.append((lead["lead_id"], agent.name, at, kind))

    def _draw(self, leads: list[_Lead]) -> None:
        """Fill what is kept for the lot from all who may be called, whatever their grade."""
        self._share_out()
        leads.sort(key=lambda one: str(one["lead_id"]))
        random.Random(f"{self._rules.seed} {self._day.day}").shuffle(leads)  # noqa: S311 - a lot, no secret
        for lead in leads:
            agent = self._by_lot(lead)
            if agent is None or self._number_full(lead):
                continue
            slot = agent.fits(lead["not_before"])
            if slot is not None:
                self._note(lead, agent, agent.book(slot, by_lot=True), LOT)

    def _share_out(self) -> None:
        """How many each agent draws: the share of all calls, what is rounded off goes to the next agent."""
        share, left = self._rules.random_share, 0.0
        for agent in self._days.values():
            left += share / (1.0 - share) * agent.calls if share < 1.0 else agent.lot
            agent.lot = min(agent.lot, int(left + 0.5))
            left -= agent.lot

    def _by_lot(self, lead: _Lead) -> AgentDay | None:
        own = self._days.get(lead["agent"])
        if own is None and lead["agent"] not in self._away:
            own = max(self._days.values(), key=lambda one: one.lot, default=None)
        return own if own is not None and own.lot > 0 else None

    def _put_together(self) -> Planned:
        calls = pl.DataFrame(self._calls, schema=PLANNED_SCHEMA, orient="row")
        held = pl.DataFrame(list(self._held.items()), schema=HELD_SCHEMA, orient="row")
        return Planned(calls.sort("by", "at", "lead_id"), held.sort("lead_id"))


def _kind(lead: _Lead) -> str:
    if lead["last_call_at"] is None:
        return NEW
    if lead["asked_later"]:
        return LATER
    return RETRY if lead["spoken_at"] is None else DUE
