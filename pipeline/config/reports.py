"""The rules of the team's own reports: the part ``reports`` of a configuration."""

import re
from datetime import date, time
from decimal import Decimal
from itertools import pairwise
from typing import Annotated, Self

from pydantic import Field, field_validator, model_validator

from pipeline.config.customer_reports import Complete, Profile
from pipeline.config.data import Days, Share
from pipeline.config.strict import Strict

Count = Annotated[int, Field(ge=1, le=1_000_000)]
Pause = Annotated[float, Field(ge=0, le=24 * 366)]
Weekday = Annotated[int, Field(ge=1, le=7)]

_SPAN = re.compile(r"(\d\d):(\d\d)-(\d\d):(\d\d)")


class CallHours(Strict):
    """A span of a working day.

    Attributes:
        begin: its first minute.
        end: the first minute after it.
    """

    begin: time
    end: time


def _span(text: str) -> CallHours:
    """A span as people write it.

    >>> _span("09:00-11:30").end
    datetime.time(11, 30)
    """
    found = _SPAN.fullmatch(text)
    try:
        hours = [int(part) for part in found.groups()] if found else []
        span = CallHours(begin=time(hours[0], hours[1]), end=time(hours[2], hours[3]))
    except (IndexError, ValueError):
        raise ValueError(f"{text!r} is no span of a day: write it as 09:00-11:30") from None
    if span.begin >= span.end:
        raise ValueError(f"{text!r} ends before it begins")
    return span


class CallPlan(Strict):
    """Who is called on the next working day, when, and by whom.

    Attributes:
        calls_per_day: calls that an agent makes in a day, promised call-backs among them.
        hours: spans of the day in which people are called, in order.
        promise_hours: within which a promised call-back is kept at its hour, golden or not.
        rest_weekdays: days of the week without calls, Monday 1 to Sunday 7.
        rest_days: public holidays and other days without calls.
        working_days: days of a rest weekday on which the team works all the same.
        cadence_days: days between two conversations, by learned grade; a grade without is called no more.
        retry_pause_hours: hours before the next attempt, by how the last call ended; a status without is
            never tried again.
        daily_maximum: calls to one number in a day, whoever makes them.
        number: column of the leads that holds the number; the customer's leads share one when left out.
        do_not_call: column of the leads or dated fact that forbids calls where it is one of ``yes_values``.
        yes_values: what yes looks like there.
        callback: the dated fact that holds when a call-back was promised.
        early_hours: a conversation so many hours before the promised hour keeps the promise, too.
        own_agent: column of the leads that names their agent; the person who last spoke to them when left
            out.
        agents: who is on duty; when left out, the people who called within ``roster_days``.
        roster_days: how far back that looks.
        robots: patterns of the agents that are no people.
        robot_scheme: the rule scheme whose labels fill the two lists of the robot.
        redial: its labels that are dialled again by the robot.
        handoff: its labels that are handed to a person, newest call first.
        random_share: share of the calls that are drawn by lot, and marked, among all who may be called and
            would not be; those of grades that are called no more are among them.
        seed: of the lot.
    """

    calls_per_day: Count = 200
    hours: tuple[str, ...] = ("09:00-11:30", "14:00-17:30")
    promise_hours: str = "08:00-21:00"
    rest_weekdays: tuple[Weekday, ...] = (6, 7)
    rest_days: tuple[date, ...] = ()
    working_days: tuple[date, ...] = ()
    cadence_days: dict[str, Pause] = Field(default={"A": 3.5, "B": 7.0, "C": 30.0, "D": 90.0})
    retry_pause_hours: dict[str, Pause] = Field(
        default={
            "answered": 20.0,
            "switchboard": 20.0,
            "fax": 168.0,
            "no_answer": 4.0,
            "busy": 1.0,
            "unreachable": 20.0,
            "voicemail": 20.0,
            "powered_off": 20.0,
            "suspended": 168.0,
        }
    )
    daily_maximum: Count = 2
    number: str | None = None
    do_not_call: str = "do_not_call"
    yes_values: tuple[str, ...] = ("yes", "true", "1", "是")
    callback: str = "callback_at"
    early_hours: Pause = 2.0
    own_agent: str | None = None
    agents: tuple[str, ...] = ()
    roster_days: Count = 30
    robots: tuple[str, ...] = ("*robot*", "*机器人*")
    robot_scheme: str = "robot_flow"
    redial: tuple[str, ...] = ("E",)
    handoff: tuple[str, ...] = ("A", "B")
    random_share: Share = 0.05
    seed: int = 0

    @field_validator("hours", "promise_hours")
    @classmethod
    def _read_spans(cls, given: tuple[str, ...] | str) -> tuple[str, ...] | str:
        spans = [_span(text) for text in ((given,) if isinstance(given, str) else given)]
        if not spans:
            raise ValueError("name at least one span, such as 09:00-11:30")
        if any(one.end > next_.begin for one, next_ in pairwise(spans)):
            raise ValueError("the spans must follow each other in the order of the day")
        return given

    @model_validator(mode="after")
    def _told_apart(self) -> Self:
        both = sorted(set(self.rest_days) & set(self.working_days))
        if both:
            raise ValueError(f"{both[0]} is among the rest_days and among the working_days")
        return self

    @property
    def spans(self) -> tuple[CallHours, ...]:
        """``hours``, read."""
        return tuple(map(_span, self.hours))

    @property
    def promise_span(self) -> CallHours:
        """``promise_hours``, read."""
        return _span(self.promise_hours)


class Kpi(Strict):
    """What agents are paid by.

    Attributes:
        a_target: leads graded A that are expected of an agent in a month.
        b_target: leads graded B.
        base: pay at coefficient 1, in units of the currency, as text where it has decimals.
        sales_share: share of the sales that came from the agent's leads, likewise.
    """

    a_target: Count = 35
    b_target: Count = 80
    base: Annotated[Decimal, Field(ge=0)] = Decimal(400)
    sales_share: Annotated[Decimal, Field(ge=0, le=1)] = Decimal("0.01")


class Audit(Strict):
    """When an agent's grades are to be looked at: what is told apart must be large, and beyond chance.

    Attributes:
        horizons_days: of each grade that is looked at, by when its leads should have closed.
        least: fewer leads of an agent, or of all others, are not compared.
        least_gap: by which part more leads of a grade, or fewer closes, an agent's must be than is expected.
        family_error: risk that any agent of an honest team is named, all comparisons together (Holm).
        support_days: how old the conversation behind a grade may be.
        loss_support_days: how old the call behind a loss may be, whether it reached the customer or not.
    """

    horizons_days: dict[str, Days] = Field(default={"A": 30, "B": 90})
    least: Count = 20
    least_gap: Share = 0.2
    family_error: Annotated[float, Field(gt=0.0, lt=0.5)] = 0.01
    support_days: Count = 7
    loss_support_days: Count = 30


class Funnel(Strict):
    """The layers of the funnel, and when one runs dry.

    Attributes:
        layers: the stages from top to bottom; in the order in which leads enter them when left out.
        newest_weeks: weeks whose moves are told.
        weeks_before: weeks before these, with which they are compared.
        dry_share: a layer runs dry when fewer leads a week come in than this share of those before, or less
            than a week's moves out are left in it.
        least_per_week: of fewer moves a week nothing is said.
    """

    layers: tuple[str, ...] = ()
    newest_weeks: Count = 4
    weeks_before: Count = 12
    dry_share: Share = 0.5
    least_per_week: Annotated[float, Field(gt=0)] = 2.0


class Reports(Strict):
    """The rules of the team's own reports.

    Attributes:
        plan: the next day's calls.
        kpi: pay by grades.
        audit: which agents' grades are to be looked at.
        funnel: layers, and when one runs dry.
        complete: what of the customers is filled in.
        profile: who closes, beside all others.
    """

    plan: CallPlan = CallPlan()
    kpi: Kpi = Kpi()
    audit: Audit = Audit()
    funnel: Funnel = Funnel()
    complete: Complete = Complete()
    profile: Profile = Profile()
