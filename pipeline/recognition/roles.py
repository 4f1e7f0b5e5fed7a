"""Which of a sheet's columns is which of ours: by its header's words, and by what its cells could be."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from pipeline.config.reserved_names import is_last_touch
from pipeline.recognition.columns_seen import SeenColumn
from pipeline.recognition.dialects import ANY_SYSTEM, Dialect, TableKind, TableWords, dialects
from pipeline.recognition.header_words import is_one_of, likeness
from pipeline.values.synonyms import WORDS

# What a table is nothing without; one of a group in brackets serves for the others. Which
# leads rows are about is told by values, where the lead list is known.
NEEDED: Mapping[TableKind, tuple[tuple[str, ...], ...]] = {
    "leads": (("lead_id",), ("created_at",)),
    "calls": (("started_at",), ("duration", "status", "direction")),
    "orders": (("ordered_at",), ("amount", "order_id")),
    "deals": (("order_id",), ("ordered_at", "created_at"), ("outcome", "amount")),
    "stages": (("entered_at",), ("stage",)),
    "facts": (("known_at",), ("field",), ("value",)),
    "manual_grades": (("grade",),),
}
_TIMES = (
    "created_at",
    "started_at",
    "ordered_at",
    "entered_at",
    "known_at",
    "graded_at",
    "closed_at",
    "recorded_at",
)
_IDS = ("lead_id", "customer_id")
_KEYS = ("call_id", "order_id")
_COUNTS = (
    "questions", "intent_questions", "refusals", "substantive_replies", "affirmative_answers",
    "negative_answers", "dialogue_turns",
)  # fmt: skip
_YES_NO = ("asked_sms", "asked_wechat", "asked_callback")
_WORDS = ("direction", "status", "stage", "field", "hung_up_by", "invitation", "outcome", "grade")
_GRADES = {"A", "B", "C", "D", "E", "S", "HOT", "WARM", "COLD", "高", "中", "低"}
# What only looks like it, without a word that says so.
_LOOKS = 0.4
_LEAST = 0.3


def _holds_words(column: SeenColumn) -> bool:
    return column.is_words or column.is_yes_no


_FITS: dict[str, Callable[[SeenColumn], bool]] = {
    **dict.fromkeys(_TIMES, lambda column: column.time is not None),
    **dict.fromkeys(_IDS, lambda column: not (column.is_text or column.is_yes_no or _is_time(column))),
    **dict.fromkeys(_KEYS, lambda column: column.is_almost_key or len(column.counts) > len(column.cells) / 4),
    **dict.fromkeys(_WORDS, _holds_words),
    **dict.fromkeys(_COUNTS, lambda column: column.is_plain_number),
    **dict.fromkeys(_YES_NO, lambda column: column.is_yes_no),
    "duration": lambda column: column.is_plain_number or column.is_duration,
    "amount": lambda column: column.is_number and not _is_time(column),
    "flow_completion": lambda column: column.is_number,
}


def _is_time(column: SeenColumn) -> bool:
    return column.time is not None and not column.time.numbers


@dataclass(frozen=True)
class Found:
    """A column of ours in a sheet.

    Attributes:
        column: which of the sheet's.
        sure: how sure that is, from 0 to 1.
    """

    column: SeenColumn
    sure: float


Roles = dict[str, Found]


def roles_of(columns: Sequence[SeenColumn], kind: TableKind, told: Sequence[Dialect]) -> Roles:
    """Which column is which, each once; the surest first.

    Args:
        columns: of the sheet.
        kind: the table that it is looked at as.
        told: dialects whose words are known, the surest first.
    """
    tables = [one.tables[kind] for one in told if kind in one.tables]
    pairs = [
        (sure, -place, ours, column)
        for place, column in enumerate(columns)
        for ours in _ours(tables)
        if (sure := _sureness(column, ours, tables)) >= _LEAST
    ]
    found: Roles = {}
    taken: set[str] = set()
    for sure, _, ours, column in sorted(pairs, key=lambda pair: (-pair[0], -pair[1], pair[2])):
        if ours not in found and column.name not in taken:
            found[ours] = Found(column, sure)
            taken.add(column.name)
    return {ours: found[ours] for ours in _ours(tables) if ours in found}


def _ours(tables: Iterable[TableWords]) -> list[str]:
    return list(dict.fromkeys(name for table in tables for name in table.columns))


def _sureness(column: SeenColumn, ours: str, tables: Sequence[TableWords]) -> float:
    """How sure a column is one of ours: by the words of the surest dialect that has one, or by its looks."""
    if not column.counts or not _fits(column, ours):
        return 0.0
    named = max(
        (
            likeness(column.name, table.columns.get(ours, ())) * 0.98**rank
            for rank, table in enumerate(tables)
        ),
        default=0.0,
    )
    if ours in _TIMES and column.time is not None and column.time.numbers and named < 0.8:
        return 0.0
    # What a system calls something else is not what it looks like.
    known = any(is_one_of(column.name, table.others) for table in tables)
    return max(named, _LOOKS if not known and _looks_like(column, ours) else 0.0)


def _fits(column: SeenColumn, ours: str) -> bool:
    """Whether a column's cells could be one of ours at all."""
    return ours not in _FITS or _FITS[ours](column)


def _looks_like(column: SeenColumn, ours: str) -> bool:
    """Whether cells alone tell what a column is."""
    match ours:
        case "direction" | "status" | "hung_up_by":
            return known_share(column, ours, list(dialects().values())) >= 0.8
        case "duration":
            return column.is_duration and not column.is_plain_number
        case "amount":
            return column.is_number and any("." in value or "," in value for value in column.counts)
        case "grade":
            return len(column.counts) > 1 and {value.upper() for value in column.counts} <= _GRADES
        case _:
            return False


def known_share(column: SeenColumn, ours: str, told: Sequence[Dialect]) -> float:
    """The share of a column's cells whose words are known for one of ours."""
    known = known_words(ours, told)
    total = sum(column.counts.values())
    return sum(count for value, count in column.counts.items() if value.casefold() in known) / max(total, 1)


def known_words(ours: str, told: Sequence[Dialect]) -> dict[str, str]:
    """Every known word for a column of calls, without case, and ours for it."""
    found: dict[str, str] = {}
    for one in reversed(told):
        for word, theirs in one.words.get(ours, {}).items():
            found |= {their.casefold(): word for their in theirs}
    return dict(WORDS.get(ours, {})) | found


def is_private(column: SeenColumn) -> bool:
    """Whether a column says who somebody is, or when a row was last touched: no attribute, never shown."""
    words = dialects()[ANY_SYSTEM].private
    return column.is_private or is_one_of(column.name, words) or is_last_touch(column.name)


def is_whole(kind: TableKind, roles: Roles) -> bool:
    """Whether a table has what it is nothing without."""
    return all(any(one in roles for one in group) for group in NEEDED[kind])


def weight_of(kind: TableKind, roles: Roles) -> float:
    """How much speaks for a sheet's being a table: what it needs counts three times."""
    needed = {name for group in NEEDED[kind] for name in group}
    return sum((3.0 if ours in needed else 1.0) * one.sure for ours, one in roles.items())


def told_by(team: str | None, *more: str | None) -> list[Dialect]:
    """The dialects that a sheet is read by, the surest first, the common one last."""
    names = dict.fromkeys([*(name for name in (*more, team) if name), ANY_SYSTEM])
    return [dialects()[name] for name in names]
