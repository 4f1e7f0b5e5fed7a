"""Calls of the simulated world, drawn round by round: the next call of every open lead at once.

Who is called when depends on the log alone (the outcomes of earlier calls), never on the hidden
class; what a call shows depends on the class and on nothing hidden besides. So the calling policy
cancels out of the oracle's likelihood.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from models.arrays import Flags, Floats, Ints
from pipeline.simulation import laws
from pipeline.simulation.laws import AGENT, BUSY, DAY_S, DIALOGUE, INBOUND, QUICK, ROBOT

N_AGENTS, N_ROBOTS = 12, 3
AGENT_BIAS = np.linspace(-0.9, 1.3, N_AGENTS)  # how much kinder than the log an agent grades
_GRADE_CUTS = np.array([3.6, 2.3, 1.0, -0.4])
_MAX_OUTBOUND = 40
_NEVER = np.inf

CallColumns = Mapping[str, npt.NDArray[np.generic]]


@dataclass(slots=True)
class State:
    """What the team knows of each lead so far, one array entry per lead."""

    lead: Ints  # row in the lead list
    cls: Ints
    end_clock: Floats  # close, loss or the end of the world
    now: Floats  # the working clock after the latest call
    next_out: Floats
    phase: Ints
    robot: Ints
    agent: Ints
    fails: Ints = field(init=False)
    dead_numbers: Ints = field(init=False)
    outbound: Ints = field(init=False)
    reached: Ints = field(init=False)
    stage: Ints = field(init=False)
    need: Ints = field(init=False)  # -1: not entered yet
    expected_s: Floats = field(init=False)
    graded: Ints = field(init=False)
    quoted: Ints = field(init=False)

    def __post_init__(self) -> None:
        for name in ("fails", "dead_numbers", "outbound", "reached", "stage", "graded", "quoted"):
            setattr(self, name, np.zeros(len(self.lead), dtype=np.int64))
        self.need = np.full(len(self.lead), -1, dtype=np.int64)
        self.expected_s = np.full(len(self.lead), np.nan)


@dataclass(frozen=True, slots=True)
class Log:
    """Everything that was written down, as lists of column arrays to be joined at the end."""

    calls: list[CallColumns] = field(default_factory=list)
    stages: list[CallColumns] = field(default_factory=list)
    facts: list[CallColumns] = field(default_factory=list)
    grades: list[CallColumns] = field(default_factory=list)


def start_state(created_clock: Floats, end_clock: Floats, cls: Ints, rng: np.random.Generator) -> State:
    """Fresh leads: a robot calls each first, within two working days of its creation."""
    n = len(cls)
    return State(
        lead=np.arange(n),
        cls=cls,
        end_clock=end_clock,
        now=created_clock.copy(),
        next_out=created_clock + rng.uniform(0.05, 2.0, n),
        phase=np.full(n, ROBOT),
        robot=rng.integers(0, N_ROBOTS, n),
        agent=rng.integers(0, N_AGENTS, n),
    )


def simulate_calls(state: State, rng: np.random.Generator) -> Log:
    """Draw every lead's calls up to its end; ``state`` is used up."""
    log = Log()
    rows = state.lead
    while len(rows):
        inbound = state.now[rows] + rng.exponential(1.0 / laws.INBOUND_RATE[state.cls[rows]])
        clock = np.minimum(inbound, state.next_out[rows])
        # A lead that has no further call before its end is done for good: another draw would be a bias.
        goes_on = clock < state.end_clock[rows]
        rows, clock, inbound = rows[goes_on], clock[goes_on], inbound[goes_on]
        _round(state, rows, clock, inbound < state.next_out[rows], log, rng)
    return log


def _round(
    state: State, rows: Ints, clock: Floats, inbound: Flags, log: Log, rng: np.random.Generator
) -> None:
    """The next call of each of the leads in ``rows``, and what follows from it."""
    kind = np.where(inbound, INBOUND, state.phase[rows])
    call = _emit(state.cls[rows], kind, laws.wall_seconds(clock), rng)
    end_s = call["start_s"] + call["duration"]
    call |= {"lead": state.lead[rows], "kind": kind, "end_s": end_s}
    call["agent"] = np.where(kind == ROBOT, state.robot[rows], state.agent[rows])
    log.calls.append(call)
    first = (call["status"] == laws.ANSWERED) & (state.reached[rows] == 0)
    _stage(log, state, rows[first], call["start_s"][first])
    state.reached[rows[first]] = 1
    talked = (call["talk"] == DIALOGUE) & (kind != ROBOT)
    _after_talk(state, rows[talked], {k: v[talked] for k, v in call.items()}, log, rng)
    state.now[rows] = laws.working_days(end_s)
    _plan(state, rows, call, rng)


def _emit(cls: Ints, kind: Ints, start_s: Ints, rng: np.random.Generator) -> dict[str, Ints]:
    """What one call per lead shows, drawn from the class's tables."""
    n = len(cls)
    own = laws.status_probabilities(start_s)[np.arange(n), cls]
    picked_up = np.where(rng.random(n) < 0.95, laws.ANSWERED, laws.NO_ANSWER)
    status = np.where(kind == INBOUND, picked_up, laws.pick(own, rng))
    talk = np.where(kind == INBOUND, DIALOGUE, laws.draw(laws.TALK, cls, rng))
    talk[status != laws.ANSWERED] = -1
    on = talk == DIALOGUE
    intent = rng.poisson(laws.INTENT_QUESTION_MEANS[cls] * laws.KIND_FACTOR[kind]) * on
    refusals = rng.poisson(laws.REFUSAL_MEANS[cls]) * on
    invitation = np.where(on, laws.draw(laws.INVITATION, cls, rng), laws.INVITATION_WORDS.index("无"))
    wechat = (rng.random(n) < laws.WECHAT_CHANCES[cls]) & on
    call = {"start_s": start_s, "status": status, "talk": talk, "refusals": refusals}
    call |= {"intent_questions": intent, "invitation": invitation, "asked_wechat": wechat.astype(np.int64)}
    return call | _dress(call, kind, on, rng)


def _dress(call: dict[str, Ints], kind: Ints, on: Flags, rng: np.random.Generator) -> dict[str, Ints]:
    """The rest of a call: it follows from what is already drawn and from chance, not from the class."""
    n, talk = len(on), call["talk"]
    questions = call["intent_questions"] + rng.poisson(0.5, n) * on
    accepted = call["invitation"] == laws.ACCEPTED_INVITATION
    turns = on * (
        2 + questions + call["refusals"] + accepted + rng.poisson(np.where(kind == ROBOT, 1.0, 2.5))
    )
    turns = np.where(talk == QUICK, 1, np.where(talk == BUSY, 2, turns))
    length = np.maximum(12 + 14 * turns * rng.lognormal(0.0, 0.3, n), 8).astype(np.int64)
    short = np.where(talk == QUICK, rng.integers(1, 6, n), rng.integers(6, 26, n))
    duration = np.where(on, length, np.where(talk >= 0, short, 0))
    machine = np.isin(call["status"], (1, 2))  # switchboard, fax: connected, nobody spoke
    duration = np.where(machine, rng.integers(6, 30, n), duration)
    ours = rng.random(n) < np.where(call["refusals"] >= 2, 0.2, 0.6)
    hung_up = np.where(ours & (talk != QUICK), 1, 0)
    hung_up = np.where(on & (kind == ROBOT) & (rng.random(n) < 0.02), 2, hung_up)
    flow = np.clip(np.rint(100 * rng.beta(1.0 + turns, 6.0)), 0, 100).astype(np.int64) * on
    return {
        "questions": questions,
        "dialogue_turns": turns,
        "duration": duration,
        "hung_up": np.where((talk >= 0) | machine, hung_up, -1),
        "flow_percent": flow,
        "asked_sms": (on & (rng.random(n) < 0.03 + 0.05 * (call["intent_questions"] > 0))).astype(np.int64),
        "asked_callback": (talk == BUSY).astype(np.int64),
    }


def _after_talk(state: State, rows: Ints, call: dict[str, Ints], log: Log, rng: np.random.Generator) -> None:
    """What an agent enters at the end of a talk: stage, need, expected date, quotation, grade."""
    end_s = call["end_s"]
    moves = (state.stage[rows] < len(laws.STAGE_WORDS) - 1) & (
        rng.random(len(rows)) < laws.ADVANCE[state.cls[rows]]
    )
    _stage(log, state, rows[moves], end_s[moves])
    new = state.need[rows] < 0
    enters = rng.random(len(rows)) < np.where(new, 0.9, 0.1)
    told = rows[enters]
    state.need[told] = laws.draw(laws.NEED, state.cls[told], rng)
    _fact(log, state, told, end_s[enters], "need", state.need[told])
    first = rows[enters & new]
    _fact(log, state, first, end_s[enters & new], "key_person_reached", rng.binomial(1, 0.6, len(first)))
    overdue = enters | (state.expected_s[rows] < end_s)
    dates = overdue & (state.need[rows] >= 0) & (state.need[rows] != laws.NEEDS.index("none"))
    _expect(state, rows[dates], end_s[dates], log, rng)
    keen = (call["intent_questions"] >= 2) | (call["invitation"] == laws.ACCEPTED_INVITATION)
    quotes = keen & (state.quoted[rows] == 0) & (rng.random(len(rows)) < 0.6)
    _fact(
        log, state, rows[quotes], end_s[quotes], "quotation_sent", np.ones(int(quotes.sum()), dtype=np.int64)
    )
    state.quoted[rows[quotes]] = 1
    _grade(state, rows, call, log, rng)


def _expect(state: State, rows: Ints, end_s: Ints, log: Log, rng: np.random.Generator) -> None:
    bucket = laws.draw(laws.EXPECTED, state.cls[rows], rng)
    low, high = laws.EXPECTED_EDGES[bucket], laws.EXPECTED_EDGES[bucket + 1]
    day = end_s // DAY_S + 1 + np.floor(low + rng.random(len(rows)) * (high - low)).astype(np.int64)
    state.expected_s[rows] = day * DAY_S
    _fact(log, state, rows, end_s, "expected_close_date", day)


def _grade(state: State, rows: Ints, call: dict[str, Ints], log: Log, rng: np.random.Generator) -> None:
    """An agent's grade: this one talk, the need and the stage, seen through bias and mood."""
    grades = rng.random(len(rows)) < np.where(state.graded[rows] == 0, 0.85, 0.25)
    chosen = rows[grades]
    days = (state.expected_s[chosen] - call["end_s"][grades]) / DAY_S
    score = (
        0.6 * np.minimum(call["intent_questions"], 4)[grades] - 0.7 * np.minimum(call["refusals"], 3)[grades]
    )
    score = score + 1.0 * (call["invitation"] == laws.ACCEPTED_INVITATION)[grades] + 0.5 * state.stage[chosen]
    score = score + np.array([-0.3, 0.8, 0.0, -0.8])[state.need[chosen] + 1] + 0.7 * (days <= 31)
    score = score + AGENT_BIAS[state.agent[chosen]] + rng.normal(0.0, 1.0, len(chosen))
    grade = (score[:, None] < _GRADE_CUTS).sum(axis=1)
    state.graded[chosen] = 1
    log.grades.append(
        {
            "lead": state.lead[chosen],
            "at_s": call["end_s"][grades],
            "grade": grade,
            "agent": state.agent[chosen],
        }
    )


def _stage(log: Log, state: State, rows: Ints, at_s: Ints) -> None:
    state.stage[rows] += 1
    log.stages.append({"lead": state.lead[rows], "at_s": at_s, "stage": state.stage[rows]})


def _fact(log: Log, state: State, rows: Ints, at_s: Ints, name: str, code: Ints) -> None:
    names = np.full(len(rows), name)
    log.facts.append({"lead": state.lead[rows], "at_s": at_s, "field": names, "code": code})


def _plan(state: State, rows: Ints, call: dict[str, Ints], rng: np.random.Generator) -> None:
    """When to call again, and whether a robot or a person: from the log alone."""
    talk, status, kind = call["talk"], call["status"], call["kind"]
    keen = (
        call["intent_questions"] + 2 * (call["invitation"] == laws.ACCEPTED_INVITATION) + call["asked_wechat"]
    )
    unanswered = talk < 0
    state.outbound[rows] += kind != INBOUND
    state.fails[rows] = np.where(unanswered, state.fails[rows] + 1, 0)
    state.dead_numbers[rows] += np.isin(status, laws.DEAD_STATUSES)
    hand_off = (talk == DIALOGUE) | (state.outbound[rows] >= 5)
    promoted = hand_off & (state.phase[rows] == ROBOT)
    state.phase[rows[promoted]] = AGENT
    fails = state.fails[rows]
    retry = np.select([fails <= 2, fails <= 4, fails <= 6], [3.0, 9.0, 25.0], 90.0)
    later = np.select([keen >= 2, keen == 1, call["refusals"] >= 2], [14.0, 30.0, 100.0], 60.0)
    gap = np.select([unanswered, talk == QUICK, talk == BUSY], [retry, 15.0, 1.5], later)
    gap = np.where(promoted & (keen > 0), 0.6, gap)
    state.next_out[rows] = state.now[rows] + gap * rng.uniform(0.6, 1.5, len(rows))
    stops = (state.dead_numbers[rows] >= 2) | (state.outbound[rows] >= _MAX_OUTBOUND)
    state.next_out[rows[stops]] = _NEVER
