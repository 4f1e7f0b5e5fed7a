"""What the plan says to a salesperson: why a lead is called, and why another is not."""

from collections.abc import Callable, Mapping

from pipeline.language.catalogue import Language, translate
from pipeline.team.plan import call_plan as day
from pipeline.team.plan import standing

_Said = Callable[[Language], str]

_WHY: Mapping[str, _Said] = {
    day.PROMISED: lambda to: translate("promised call-back, at its hour", to),
    day.MISSED: lambda to: translate("promised call-back that was missed: apologise first", to),
    day.LATER: lambda to: translate("was busy or asked to be called later", to),
    day.NEW: lambda to: translate("never called yet", to),
    day.RETRY: lambda to: translate("not reached yet: another attempt", to),
    day.DUE: lambda to: translate("due by the cadence of its grade", to),
    day.LOT: lambda to: translate("drawn by lot, so that the model learns from others, too", to),
}

_HELD: Mapping[str, _Said] = {
    standing.DO_NOT_CALL: lambda to: translate("on the do-not-call list", to),
    standing.DEAD_NUMBER: lambda to: translate("the number is out of use", to),
    standing.GRADE_ENDED: lambda to: translate("its grade is called no more", to),
    day.REST_DAY: lambda to: translate("a day without calls", to),
    day.PROMISED_AHEAD: lambda to: translate("promised for a later day", to),
    day.OUT_OF_HOURS: lambda to: translate("promised for an hour without calls: agree on another", to),
    day.NOT_DUE: lambda to: translate("not due yet", to),
    day.IN_PAUSE: lambda to: translate("in its pause, or no slot after it", to),
    day.NUMBER_FULL: lambda to: translate("the number has its calls of the day", to),
    day.AGENT_AWAY: lambda to: translate("its agent is not on duty", to),
    day.AGENT_FULL: lambda to: translate("its agent's day is full", to),
    day.TEAM_FULL: lambda to: translate("everybody's day is full", to),
}


KINDS = tuple(_WHY)
HELD = tuple(_HELD)


def why_called(kind: str, language: Language) -> str:
    """Why a lead is called, by the plan's own word for it.

    >>> why_called("new", "zh")
    '从未拨打'
    """
    return _WHY[kind](language)


def why_held(held: str, language: Language) -> str:
    """Why a lead is not called.

    >>> why_held("not_due", "en")
    'not due yet'
    """
    return _HELD[held](language)
