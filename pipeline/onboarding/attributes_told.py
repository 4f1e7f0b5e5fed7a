"""Which columns of a lead list are attributes, of which kind, and which look as if they were written late."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from pipeline.config.reserved_names import is_own
from pipeline.onboarding.closes_told import Closes
from pipeline.recognition.columns_seen import SHARED_BY, SeenColumn
from pipeline.recognition.dialects import ANY_SYSTEM, Dialect, dialects
from pipeline.recognition.header_words import NAMED_SO, is_one_of, likeness
from pipeline.recognition.roles import is_private, told_by
from pipeline.recognition.tables_told import Table, Told

ToldKind = Literal["categorical", "numeric", "text", "date"]
_KEPT = 0.02
_KNOWS, _LEAST_WON = 0.9, 10


@dataclass(frozen=True)
class Attribute:
    """An attribute.

    Attributes:
        name: ours.
        column: of the lead list; none where only facts tell it.
        kind: what its values are.
        known: when they are known.
        late: why it looks as if it were written late: ``named`` so, or it ``knows`` who closed; else empty.
    """

    name: str
    column: SeenColumn | None
    kind: ToldKind
    known: Literal["at_creation", "dated", "snapshot"] = "at_creation"
    late: str = ""


def attributes_of(told: Told, closes: Closes) -> tuple[Attribute, ...]:
    """The attributes of the lead list in the order of its columns, then those that facts tell."""
    dated = _dated(told)
    found: dict[str, Attribute] = {}
    for column in _left(told.leads, closes):
        kind = kind_of(column)
        if kind is None:
            continue
        name = _name(column, told_by(told.leads.dialect), set(found))
        if column.name in dated and _has_history(told):
            found[name] = Attribute(column.name, column, kind, "dated")
            continue
        late = _late(column, told.leads, closes)
        found[name] = Attribute(name, column, kind, "snapshot" if late else "at_creation", late)
    names = {one.name for one in found.values()}
    return (*found.values(), *(one for name, one in dated.items() if name not in names))


def _left(leads: Table, closes: Closes) -> list[SeenColumn]:
    """The columns that are nothing else, and nobody's own."""
    used = {one.column.name for ours, one in leads.roles.items() if ours != "outcome"}
    used |= {closes.outcome.name} if closes.outcome else set()
    used |= {one.column.name for one in closes.orders.roles.values()} if closes.orders else set()
    return [one for one in leads.sheet.columns if one.name not in used and not is_private(one)]


def kind_of(column: SeenColumn) -> ToldKind | None:
    """The kind of an attribute's values; none where a column is empty, the same everywhere or each row's own.

    >>> import polars as pl
    >>> kind_of(SeenColumn("source", pl.Series(["web", "fair"] * 6)))
    'categorical'
    >>> kind_of(SeenColumn("name", pl.Series(["a", "b", "c", "d", "e", "f"] * 2))) is None
    True
    """
    if len(column.filled) < max(2 * SHARED_BY, _KEPT * len(column.cells)) or len(column.counts) < 2:
        return None
    if column.time and not column.time.numbers:
        return "date"
    if column.is_number and not column.is_almost_key and not _is_id(column):
        return "numeric"
    if _is_note(column):
        return "text"
    if column.is_yes_no or (column.is_words and len(column.shared_words) >= len(column.counts) / 2):
        return "categorical" if column.shared_words else None
    return "text" if column.is_text else None


def _is_note(column: SeenColumn) -> bool:
    return any(
        likeness(column.name, one.tables["leads"].attributes.get("note", ())) >= NAMED_SO
        for one in dialects().values()
        if "leads" in one.tables
    )


def _is_id(column: SeenColumn) -> bool:
    """Whether numbers are names of things: almost all of them differ, and all are long."""
    if len(column.counts) < 0.9 * len(column.filled) or not column.is_plain_number:
        return False
    return bool(column.sample.str.len_chars().min() == column.sample.str.len_chars().max())


def _name(column: SeenColumn, told: list[Dialect], taken: set[str]) -> str:
    """Our name of an attribute that the shipped schemes ask for, else the file's, which nothing else has."""
    for one in told:
        for name, words in one.tables["leads"].attributes.items() if "leads" in one.tables else ():
            if name not in taken and likeness(column.name, words) >= NAMED_SO:
                return name
    clashes = is_own(column.name) or column.name in (
        "lead_id",
        "created_at",
        "customer_id",
        "outcome",
        "closed_on",
    )
    return f"crm_{column.name}" if clashes or column.name in taken else column.name


def _late(column: SeenColumn, leads: Table, closes: Closes) -> str:
    """Why a column looks as if it were written after the lead was created."""
    words = dialects()[ANY_SYSTEM].late
    if is_one_of(column.name, words) or (likeness(column.name, words) > 0.85):
        return "named"
    return "knows" if _knows(column, leads, closes.won) else ""


def _knows(column: SeenColumn, leads: Table, won: frozenset[str]) -> bool:
    """Whether almost all who closed hold what almost nobody else does: a word, or anything at all."""
    counts: dict[str, list[int]] = {}
    for lead, value in zip(leads.ids, column.cells.to_list(), strict=True):
        closed_too = lead in won
        counts.setdefault("" if value is None else "filled", [0, 0])[closed_too] += 1
        if value is not None and column.is_words:
            counts.setdefault(f"={value}", [0, 0])[closed_too] += 1
    told = [counts.get("", [0, 0]), counts.get("filled", [0, 0])]
    closed, open_ = sum(one[1] for one in told), sum(one[0] for one in told)
    if closed < _LEAST_WON or not open_:
        return False
    return any(yes >= _KNOWS * closed and no <= (1 - _KNOWS) * open_ for no, yes in counts.values())


def _has_history(told: Told) -> bool:
    facts = told.table("facts")
    return facts is not None and "old_value" in facts.roles


def _dated(told: Told) -> Mapping[str, Attribute]:
    """An attribute for each field that enough facts are about."""
    facts = told.table("facts")
    if facts is None:
        return {}
    fields, values = facts.roles["field"].column, facts.roles["value"].column
    found = {}
    for name in fields.shared_words:
        if is_own(name) or name in ("lead_id", "created_at", "customer_id"):
            continue
        own = SeenColumn(name, values.cells.filter((fields.cells == name).fill_null(value=False)))
        kind = kind_of(own) or "categorical"
        found[name] = Attribute(name, None, "categorical" if kind == "text" else kind, "dated")
    return found
