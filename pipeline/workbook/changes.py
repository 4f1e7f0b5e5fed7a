"""What changed with each lead since the last list: its grade, and the reasons that came or went."""

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from models.reasons.reason_texts import BAR, TEXTS
from pipeline.language.catalogue import Language, translate

# What of a list the next one is compared with.
KEPT_COLUMNS = ("lead_id", "as_of", "grade", "model_version", *TEXTS)

# What this adds to a list.
MOVED, CHANGED = "moved", "changed"

# Reasons that a change is given.
_MOST = 2


def move_words(language: Language) -> tuple[str, str, str]:
    """The words for a lead that rose, one that fell, and one that the last list had not.

    Example:
        >>> move_words("zh")
        ('▲ 升', '▼ 降', '新增')
    """
    return translate("▲ up", language), translate("▼ down", language), translate("newly listed", language)


@dataclass(frozen=True)
class _Then:
    """A lead on one of the two lists."""

    grade: str
    version: str | None
    up: Sequence[str]
    down: Sequence[str]


def changes_since(leads: pd.DataFrame, last: pd.DataFrame | None, language: Language) -> pd.DataFrame:
    """What changed with each lead since the last list.

    Args:
        leads: a graded list.
        last: the last one, with ``lead_id``, ``grade`` and what it has of ``KEPT_COLUMNS``; none on the
            first.
        language: of the words.

    Returns:
        On the leads' index: ``moved``, one of ``move_words``, and ``changed``, from which grade to which
        and up to two reasons for it: those that are new, or else those that hold no longer. Both missing
        where the grade is the same, and where there is no last list.
    """
    if last is None:
        return pd.DataFrame(None, index=leads.index, columns=[MOVED, CHANGED], dtype="object")
    before = {
        lead: one for lead, one in zip(last["lead_id"], _each(last, language), strict=True) if one.grade
    }
    now = zip(leads["lead_id"], _each(leads, language), strict=True)
    told = [_change(before.get(lead), one, language) for lead, one in now]
    return pd.DataFrame(told, index=leads.index, columns=[MOVED, CHANGED], dtype="object")


def _each(leads: pd.DataFrame, language: Language) -> list[_Then]:
    names = ("grade", "model_version", f"reasons_up_{language}", f"reasons_down_{language}")
    columns = [leads[n].to_list() if n in leads.columns else [None] * len(leads) for n in names]
    return [
        _Then(
            grade if isinstance(grade, str) else "",
            version if isinstance(version, str) else None,
            up.split(BAR) if isinstance(up, str) else (),
            down.split(BAR) if isinstance(down, str) else (),
        )
        for grade, version, up, down in zip(*columns, strict=True)
    ]


def _change(then: _Then | None, now: _Then, language: Language) -> tuple[str | None, str | None]:
    up, down, new = move_words(language)
    if then is None:
        return new, None
    if then.grade == now.grade:
        return None, None
    # Grades are letters, the best first.
    better = now.grade < then.grade
    came = _without(now.up, then.up) if better else _without(now.down, then.down)
    went = _without(then.down, now.down) if better else _without(then.up, now.up)
    parts = [f"{then.grade} → {now.grade}"]
    if came:
        parts.append(translate("because: {reasons}", language, reasons=_joined(came, language)))
    elif went:
        parts.append(translate("holds no longer: {reasons}", language, reasons=_joined(went, language)))
    if then.version and now.version and then.version != now.version:
        parts.append(translate("graded by another scorer than the last list", language))
    return (up if better else down), "\n".join(parts)


def _without(reasons: Sequence[str], others: Sequence[str]) -> list[str]:
    return [reason for reason in reasons if reason not in others]


def _joined(reasons: Sequence[str], language: Language) -> str:
    return ("；" if language == "zh" else "; ").join(reasons[:_MOST])
