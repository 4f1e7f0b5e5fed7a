"""Names of our own in the reader's language: horizons, ways of grading, kinds of them, verdicts."""

import re

import pandas as pd

from models.grades.promises import HIGHER, KEPT, LOWER, NOT_CONTRADICTED, ONE_GRADE, TOO_FEW
from pipeline.comparison.slices import AGENT, LEAD_AGE, MONTH, PAIR
from pipeline.language.catalogue import Language, translate


def horizon_words(horizon: str, language: Language) -> str:
    """By when, in words.

    >>> horizon_words("90d", "en"), horizon_words("outcome", "en")
    ('within 90 days', 'by their outcome')
    """
    days = re.fullmatch(r"(\d+)d", horizon)
    if days:
        return translate("within {days} days", language, days=days[1])
    return translate("by their outcome", language)


def system_words(name: str, language: Language) -> str:
    """A way of grading; schemes keep the names of their files."""
    own = {
        "model": translate("model", language),
        "manual_grade": translate("manual grade", language),
        "manual_grade_hindsight": translate("manual grade, given in hindsight", language),
        "random order": translate("random order", language),
        "logistic_regression": translate("logistic regression", language),
        "learned": translate("model's expected value", language),
        "close_probability": translate("model's close chance", language),
        "hindsight": translate("the sales themselves", language),
    }
    return own.get(name, name)


def kind_words(kind: str, language: Language) -> str:
    """What kind of way of grading it is."""
    own = {
        "model": translate("model", language),
        "scheme": translate("rules", language),
        "manual": translate("people", language),
        "hindsight": translate("people, in hindsight", language),
        "baseline": translate("plain model", language),
    }
    return own[kind]


def verdict_words(verdict: str, language: Language) -> str:
    """What is said of a promise."""
    own = {
        KEPT: translate("kept", language),
        HIGHER: translate("broken: more closed", language),
        LOWER: translate("broken: fewer closed", language),
        NOT_CONTRADICTED: translate("not contradicted", language),
        TOO_FEW: translate("too few leads", language),
        ONE_GRADE: translate("one grade for all", language),
    }
    return own[verdict]


def right_words(low: float, high: float, language: Language) -> str:
    """Whose order the closes bear out, beyond chance, of the model's lead over the other."""
    if low > 0:
        return translate("model", language)
    return translate("the other", language) if high < 0 else translate("cannot be told", language)


def segment_words(by: str, language: Language) -> str:
    """What rows are told by; a team's own columns keep their names.

    >>> segment_words("agent and channel", "en")
    'agent and channel'
    """
    own = {
        AGENT: translate("agent", language),
        MONTH: translate("month", language),
        LEAD_AGE: translate("lead age", language),
    }
    joined = translate(" and ", language)
    return joined.join(own.get(part, part) for part in by.split(PAIR))


def tier_words(tier: str, language: Language) -> str:
    """A tier of value.

    >>> tier_words("high", "zh")
    '高'
    """
    own = {
        "high": translate("high", language),
        "medium": translate("medium", language),
        "low": translate("low", language),
    }
    return own.get(tier, tier)


def part_words(by: str, value: str, language: Language) -> str:
    """A part of the list; only ages of leads are words of our own.

    >>> part_words("lead age", "0 to 30 days", "en"), part_words("channel", "fair", "en")
    ('0 to 30 days', 'fair')
    """
    days = re.findall(r"\d+", value) if by == LEAD_AGE else []
    if len(days) == 2:
        return translate("{first} to {last} days", language, first=days[0], last=days[1])
    return translate("over {days} days", language, days=days[0]) if len(days) == 1 else value


def systems_words(table: pd.DataFrame, language: Language) -> list[str]:
    """Those of a table's column ``system``."""
    return [system_words(name, language) for name in table["system"]]
