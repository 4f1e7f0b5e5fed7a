"""The sheets of a graded list: which columns they have, in which order, and in which words."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial

import pandas as pd

from features.schemes.declaration import Scheme
from models.reasons.reason_texts import BAR
from pipeline.config.config import Config
from pipeline.config.workbook import Written
from pipeline.errors import ConfigError
from pipeline.language.catalogue import Language, translate
from pipeline.matrix.outside import OUTSIDE
from pipeline.scoring.ranked_list import PLACE
from pipeline.workbook.changes import CHANGED, MOVED, changes_since, move_words
from pipeline.workbook.playbooks import ACTION, CHANNEL, DUE, LABEL, next_actions
from pipeline.workbook.sheet import Column, Sheet, in_written

# From the best grade on; what comes after the last has its colour.
GRADE_COLOURS = ("#63BE7B", "#B1D580", "#FFEB84", "#F8CBAD", "#D9D9D9")
_MOVE_COLOURS = ("#C6E0B4", "#F8CBAD", "#DDEBF7")

# More sheets than this are no agents, and nobody finds his own among them.
MOST_SHEETS = 250

_PROMISE, _FOR, _AGAINST, _FLAGS = "promise", "speaks_for", "speaks_against", "flags"
_WORDS = (_PROMISE, _FOR, _AGAINST, MOVED, CHANGED, LABEL, ACTION, CHANNEL, _FLAGS)

# Columns of the lead list keep apart from ours, whatever they are called.
_SHOWN = "shown: "


@dataclass(frozen=True)
class GradedList:
    """A graded list, and what salespeople are told beside the grades.

    Attributes:
        config: what the team shows.
        leads: by rank, with ``row_number``, ``days_since_call`` where there are calls, ``flags_en`` and
            ``flags_zh``, beside the columns of the plain list.
        shown: the columns that the team shows, on the index ``row_number``.
        grades: all letters, the best first, with what each says in two languages.
        horizons: names of the chances' horizons.
        playbook: the scheme whose next actions are shown.
        last: the list that it is compared with, from ``kept_lists.last_list``.
        as_of: the instant as of which it is graded.
    """

    config: Config
    leads: pd.DataFrame
    shown: pd.DataFrame
    grades: Mapping[str, Mapping[str, str]]
    horizons: tuple[str, ...]
    playbook: Scheme | None
    last: pd.DataFrame | None
    as_of: datetime


def list_sheets(graded: GradedList, written: Written) -> list[Sheet]:
    """The sheets of a graded list: whom to call first, one an agent where asked for, and all.

    Raises:
        ConfigError: the column that tells the sheets has more values than there can be agents.
    """
    rows, columns = _rows(graded, written), list_columns(graded, written)
    sheet = partial(Sheet, columns=columns, fixed=2, printed=_FOR)
    first = rows.head(graded.config.workbook.call_first)
    return [
        sheet(lambda to: translate("Call first", to), first),
        *(sheet(said, part) for said, part in _parts(graded, rows)),
        sheet(lambda to: translate("All leads", to), rows),
    ]


def _parts(graded: GradedList, rows: pd.DataFrame) -> list[tuple[partial[str], pd.DataFrame]]:
    """The rows of each agent, with what the sheet is called."""
    per = graded.config.workbook.sheet_per
    if per is None:
        return []
    owners = rows[f"{_SHOWN}{per}"].astype("object")
    names = sorted(owners.dropna().unique())
    if len(names) > MOST_SHEETS:
        raise ConfigError(
            f"{graded.config.path}: workbook.sheet_per: {per} has {len(names):,} values, and so many sheets "
            f"help nobody (at most {MOST_SHEETS}); name the column of the agents, or remove it"
        )
    parts = [(partial(_named, name), rows[owners == name]) for name in names]
    nobodys = rows[owners.isna()]
    return [*parts, (partial(_named, None), nobodys)] if len(nobodys) else parts


def _named(name: str | None, language: Language) -> str:
    return translate("Nobody's", language) if name is None else name


def list_columns(graded: GradedList, written: Written) -> list[Column]:
    """The columns of a list's sheets, from left to right."""
    places = dict(zip(graded.grades, _colours(len(graded.grades)), strict=True))
    moves = [
        in_written(lambda to, place=place: move_words(to)[place], written)  # type: ignore[misc]
        for place in range(len(_MOVE_COLOURS))
    ]
    shown = [Column(f"{_SHOWN}{name}", partial(_named, str(name)), "code", 15) for name in graded.shown]
    columns = [
        Column("rank", lambda to: translate("Rank", to), "count", 8),
        Column("grade", lambda to: translate("Grade", to), width=8, fills=places),
        Column(
            MOVED,
            lambda to: translate("Moved", to),
            width=8,
            fills=dict(zip(moves, _MOVE_COLOURS, strict=True)),
        ),
        *shown,
        Column("lead_id", lambda to: translate("Lead", to), "code", 15),
        Column(ACTION, lambda to: translate("Next action", to), width=24),
        Column(CHANNEL, lambda to: translate("By", to), width=10),
        Column(DUE, lambda to: translate("Due", to), "day", 12),
        Column(_FLAGS, lambda to: translate("Mind", to), width=24),
        Column(_FOR, lambda to: translate("Speaks for a close", to), width=64),
        Column(_AGAINST, lambda to: translate("Speaks against it", to), width=64),
        Column(CHANGED, lambda to: translate("What changed since the last list", to), width=40),
        *(Column(f"p_{one}", partial(_chance, one), "share", 13) for one in graded.horizons),
        Column("expected_value", partial(_value, graded.config.currency), "amount", 14),
        Column(_PROMISE, lambda to: translate("What the grade says", to), width=34),
        Column(LABEL, lambda to: translate("Grade by your rules", to), width=20),
        Column("manual_grade", lambda to: translate("Grade by hand", to), width=10),
    ]
    return [one for one in columns if _is_there(one.name, graded)]


def _is_there(name: str, graded: GradedList) -> bool:
    """Whether a column has anything to show: a team without calls has nothing due, and so on."""
    if name in ("expected_value", "manual_grade"):
        return name in graded.leads.columns
    if name in (MOVED, CHANGED):
        return graded.last is not None
    if name in (LABEL, ACTION, CHANNEL, DUE):
        return graded.playbook is not None and f"scheme_{graded.playbook.id}" in graded.leads.columns
    return True


def _colours(grades: int) -> list[str]:
    return [*GRADE_COLOURS, *([GRADE_COLOURS[-1]] * grades)][:grades]


def _chance(horizon: str, language: Language) -> str:
    days = horizon.removesuffix("d")
    if not days.isdigit():
        return translate("Chance of a close", language)
    return translate("Closes within {days} days", language, days=days)


def _value(currency: str, language: Language) -> str:
    return f"{translate('Expected value', language)} {currency}".rstrip()


def _rows(graded: GradedList, written: Written) -> pd.DataFrame:
    leads = graded.leads
    shown = graded.shown.reindex(leads[PLACE]).set_axis(leads.index).add_prefix(_SHOWN)
    if written == "both":
        chinese, english = (_told(graded, to) for to in ("zh", "en"))
        words = pd.DataFrame(
            {name: _above(chinese[name], english[name]) for name in _WORDS}, index=leads.index
        )
        words[DUE] = english[DUE]
    else:
        words = _told(graded, written)
    return pd.concat([leads.drop(columns=[n for n in words if n in leads.columns]), words, shown], axis=1)


def _above(upper: "pd.Series[str]", lower: "pd.Series[str]") -> list[str | None]:
    """Both texts, one above the other; once where they are the same."""
    return [
        "\n".join(dict.fromkeys((one, other))) if isinstance(one, str) and isinstance(other, str) else None
        for one, other in zip(upper, lower, strict=True)
    ]


def _told(graded: GradedList, language: Language) -> pd.DataFrame:
    """What is said of each lead, in one language."""
    leads, zone = graded.leads, graded.config.timezone
    says = {grade: meaning[f"grade_{language}"] for grade, meaning in graded.grades.items()}
    told = {
        _PROMISE: leads["grade"].map(says).astype("object"),
        _FOR: _lines(leads, f"reasons_up_{language}"),
        _AGAINST: _lines(leads, f"reasons_down_{language}"),
        _FLAGS: _flags(leads, language),
    }
    actions = next_actions(leads, graded.playbook, graded.as_of, zone, language)
    changes = changes_since(leads, graded.last, language)
    return pd.concat([pd.DataFrame(told, index=leads.index), actions, changes], axis=1)


def _lines(leads: pd.DataFrame, name: str) -> list[str | None]:
    if name not in leads.columns:
        return [None] * len(leads)
    return [
        "• " + text.replace(BAR, "\n• ") if isinstance(text, str) and text else None for text in leads[name]
    ]


def _flags(leads: pd.DataFrame, language: Language) -> list[str | None]:
    flags = leads[f"flags_{language}"].to_list()
    name = f"{OUTSIDE}_{language}"
    outside = leads[name].to_list() if name in leads.columns else [None] * len(leads)
    both = [
        [text for text in pair if isinstance(text, str) and text] for pair in zip(flags, outside, strict=True)
    ]
    return ["\n".join(texts) or None for texts in both]
