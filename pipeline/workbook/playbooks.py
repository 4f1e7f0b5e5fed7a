"""The next action with each lead, by the playbook of a rule scheme: what to do, by what channel, and when."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd

from features.schemes.declaration import Channel, Scheme
from pipeline.config.config import Config
from pipeline.errors import ConfigError
from pipeline.language.catalogue import Language, translate
from pipeline.scoring.grader import LAST_CALL

# The field's own standard, whose labels have a playbook each.
_STANDARD = "close_window"

# What this adds to a list.
LABEL, ACTION, CHANNEL, DUE = "playbook_label", "action", "channel", "due"


def playbooks_of(config: Config, schemes: Sequence[Scheme]) -> tuple[Scheme, ...]:
    """The scheme whose playbook a configuration names, or those that may serve where it names none.

    Returns:
        In the order of preference; ``playbook_for`` chooses when it is known which the data allow.

    Raises:
        ConfigError: it names one that is not among its schemes.
    """
    named = config.workbook.playbook
    if named is None:
        ordered = [one for one in schemes if one.ordered and one.use == "grade"]
        return tuple(sorted(ordered, key=lambda one: one.id != _STANDARD))
    found = tuple(one for one in schemes if one.id == named)
    if not found:
        known = ", ".join(one.id for one in schemes) or "there are none"
        raise ConfigError(
            f"{config.path}: workbook.playbook: {named!r} is not among schemes ({known}); add it there"
        )
    return found


def playbook_for(leads: pd.DataFrame, playbooks: Sequence[Scheme]) -> Scheme | None:
    """The first of some schemes that graded the leads; the first of all where none did."""
    graded = (one for one in playbooks if f"scheme_{one.id}" in leads.columns)
    return next(graded, playbooks[0] if playbooks else None)


def next_actions(
    leads: pd.DataFrame, scheme: Scheme | None, as_of: datetime, zone: str, language: Language
) -> pd.DataFrame:
    """What is to be done with each lead.

    Args:
        leads: a graded list with ``scheme_<id>`` where the data allow the scheme, and ``days_since_call``
            where there are calls.
        scheme: whose playbook; without one nothing is to be done.
        as_of: the list's instant.
        zone: in which the due day is told.
        language: of the words.

    Returns:
        On the leads' index: ``playbook_label``, ``action``, ``channel`` in words; ``due``, the day of the
        next contact: so many days after the last call as the label's cadence has, the list's own day for
        who was never called. Missing where the label has no cadence, or there are no calls.
    """
    column = None if scheme is None else f"scheme_{scheme.id}"
    if scheme is None or column not in leads.columns:
        return pd.DataFrame(None, index=leads.index, columns=[LABEL, ACTION, CHANNEL, DUE], dtype="object")
    labels = {label.id: label for label in scheme.labels}
    label = leads[column]
    words = {
        LABEL: {name: f"{name} {getattr(one.name, language)}" for name, one in labels.items()},
        ACTION: {name: getattr(one.playbook.action, language) for name, one in labels.items()},
        CHANNEL: {name: channel_word(one.playbook.channel, language) for name, one in labels.items()},
    }
    told = pd.DataFrame({name: label.map(found).astype("object") for name, found in words.items()})
    cadence = label.map({name: one.playbook.cadence_days for name, one in labels.items()})
    return told.assign(**{DUE: _due(leads, cadence, as_of, zone)})


def _due(leads: pd.DataFrame, cadence: pd.Series, as_of: datetime, zone: str) -> "pd.Series[Any]":
    if LAST_CALL not in leads.columns:
        return pd.Series(None, index=leads.index, dtype="object")
    here = as_of.astimezone(ZoneInfo(zone))
    pairs = zip(leads[LAST_CALL].astype("Float64"), cadence.astype("Float64"), strict=True)
    days = [
        None if pd.isna(every) else (here + timedelta(days=0.0 if pd.isna(ago) else every - ago)).date()
        for ago, every in pairs
    ]
    return pd.Series(days, index=leads.index, dtype="object")


def channel_word(channel: Channel, language: Language) -> str:
    """A channel as people call it.

    Example:
        >>> channel_word("wechat", "zh")
        '微信'
    """
    words: Mapping[Channel, str] = {
        "phone": translate("telephone", language),
        "robot": translate("call robot", language),
        "wechat": translate("WeChat", language),
        "sms": translate("text message", language),
        "email": translate("e-mail", language),
        "visit": translate("visit", language),
        "none": translate("no contact", language),
    }
    return words[channel]
