"""The headings of the reports' columns, in the reader's language."""

from collections.abc import Callable, Mapping

from pipeline.language.catalogue import Language, translate

_HEADINGS: Mapping[str, Callable[[Language], str]] = {
    "agent": lambda to: translate("agent", to),
    "calls": lambda to: translate("calls", to),
    "promised": lambda to: translate("promised calls", to),
    "missed": lambda to: translate("missed", to),
    "later": lambda to: translate("call later", to),
    "new": lambda to: translate("new leads", to),
    "retry": lambda to: translate("again", to),
    "due": lambda to: translate("due", to),
    "lot": lambda to: translate("by lot", to),
    "at": lambda to: translate("at", to),
    "lead_id": lambda to: translate("lead", to),
    "grade": lambda to: translate("grade", to),
    "why": lambda to: translate("why called", to),
    "held": lambda to: translate("not called, because", to),
    "leads": lambda to: translate("leads", to),
    "sales": lambda to: translate("sales", to),
    "a_manual": lambda to: translate("manual A", to),
    "b_manual": lambda to: translate("manual B", to),
    "coefficient_manual": lambda to: translate("coeff.", to),
    "pay_manual": lambda to: translate("pay", to),
    "a_learned": lambda to: translate("model A", to),
    "b_learned": lambda to: translate("model B", to),
    "coefficient_learned": lambda to: translate("its coeff.", to),
    "pay_learned": lambda to: translate("its pay", to),
    "1": lambda to: translate("Mon", to),
    "2": lambda to: translate("Tue", to),
    "3": lambda to: translate("Wed", to),
    "4": lambda to: translate("Thu", to),
    "5": lambda to: translate("Fri", to),
    "6": lambda to: translate("Sat", to),
    "7": lambda to: translate("Sun", to),
    "graded": lambda to: translate("graded", to),
    "by_others": lambda to: translate("by others", to),
    "ripe": lambda to: translate("ripe", to),
    "closes": lambda to: translate("closes", to),
    "expected": lambda to: translate("expected", to),
    "low": lambda to: translate("rate from", to),
    "high": lambda to: translate("to", to),
    "grades": lambda to: translate("grades given", to),
    "grades_without": lambda to: translate("without a call", to),
    "losses": lambda to: translate("losses", to),
    "losses_without": lambda to: translate("losses without a call", to),
    "layer": lambda to: translate("layer", to),
    "entered": lambda to: translate("entered", to),
    "on": lambda to: translate("went on", to),
    "conversion": lambda to: translate("share", to),
    "days": lambda to: translate("days in it", to),
    "in_week": lambda to: translate("in a week", to),
    "out_week": lambda to: translate("out a week", to),
    "in_week_before": lambda to: translate("in before", to),
    "score": lambda to: translate("chance in rank", to),
    "reason": lambda to: translate("what speaks for it", to),
    "action": lambda to: translate("next action", to),
    "last_call": lambda to: translate("last call", to),
    "last_call_at": lambda to: translate("last call", to),
    "last_agent": lambda to: translate("called by", to),
    "not_before": lambda to: translate("not before", to),
    "label": lambda to: translate("robot's grade", to),
    "rate": lambda to: translate("close rate", to),
    "value": lambda to: translate("what was entered", to),
    "called_at": lambda to: translate("last call", to),
    "week": lambda to: translate("week from", to),
    "moved_in": lambda to: translate("moved in", to),
    "moved_out": lambda to: translate("moved out", to),
    "source": lambda to: translate("source", to),
    "became": lambda to: translate("what became of it", to),
    "rows": lambda to: translate("rows", to),
}


def heading(name: str, language: Language) -> str:
    """The heading of a column.

    >>> heading("agent", "zh")
    '坐席'
    """
    return _HEADINGS[name](language)
