"""Whose export a sheet is, and which table: by the header words of the systems that are known."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from pipeline.recognition.dialects import ANY_SYSTEM, TableKind, dialects
from pipeline.recognition.header_words import plain
from pipeline.recognition.roles import NEEDED, Roles, is_whole, roles_of, told_by, weight_of
from pipeline.recognition.sheets_seen import SeenSheet

# So many header words that few systems share tell a system.
_LEAST_TELLING, _LEAST_HITS = 1.0, 3
_LEAST_OWN = 2
_NAMED = 2.0


@dataclass(frozen=True)
class Likely:
    """What a sheet could be as one of the tables.

    Attributes:
        sheet: the sheet.
        kind: the table.
        dialect: whose export it is; the common dialect where nothing tells.
        roles: which column is which.
        weight: how much speaks for it.
    """

    sheet: SeenSheet
    kind: TableKind
    dialect: str
    roles: Roles
    weight: float


@cache
def _telling() -> dict[tuple[str, TableKind], dict[str, float]]:
    """Each table's header words and how much each tells: less the more tables know it."""
    tables: dict[tuple[str, TableKind], set[str]] = {}
    for name, one in dialects().items():
        for kind, table in one.tables.items():
            words = (*table.columns.values(), *table.attributes.values(), table.others)
            tables[name, kind] = {plain(word) for some in words for word in some}
    known = Counter(word for words in tables.values() for word in words)
    return {
        key: {word: 1.0 / known[word] for word in words}
        for key, words in tables.items()
        if key[0] != ANY_SYSTEM
    }


@cache
def _anybodys() -> frozenset[str]:
    """Header words that no system alone has."""
    common = dialects()[ANY_SYSTEM]
    lists = [common.private, common.late]
    lists += [
        words
        for table in common.tables.values()
        for words in (*table.columns.values(), *table.attributes.values())
    ]
    return frozenset(plain(word) for words in lists for word in words)


def hits(sheet: SeenSheet) -> dict[tuple[str, TableKind], float]:
    """How much a sheet's header tells of each system's table, where it tells anything."""
    header = {plain(column.name) for column in sheet.columns}
    found = {}
    for key, words in _telling().items():
        told = [words[word] for word in sorted(header) if word in words]
        own = [word for word in header if word in words and word not in _anybodys()]
        if len(told) >= _LEAST_HITS and len(own) >= _LEAST_OWN and sum(told) >= _LEAST_TELLING:
            # Much of a small table tells as much as little of a large one.
            found[key] = sum(told) * len(told) / max(len(header), 1)
    return found


def team_dialect(sheets: Sequence[SeenSheet]) -> str | None:
    """The CRM whose words most sheets hold."""
    total: Counter[str] = Counter()
    for sheet in sheets:
        best: dict[str, float] = {}
        for (name, _), told in hits(sheet).items():
            best[name] = max(best.get(name, 0.0), told)
        total.update({name: round(told, 6) for name, told in best.items() if _is_crm(name)})
    return min(total, key=lambda name: (-total[name], name)) if total else None


def _is_crm(name: str) -> bool:
    return dialects()[name].imported is not None


def seen_as(sheet: SeenSheet, team: str | None) -> list[Likely]:
    """Every table that a sheet could be, the likeliest first."""
    told = hits(sheet)
    found = []
    for kind in NEEDED:
        others = {name: told[name, one] for name, one in told if one == kind and not _is_crm(name)}
        own = min(others, key=lambda name: (-others[name], name)) if others else None
        mine = team if team and kind in dialects()[team].tables else None
        if own and told.get((mine or "", kind), 0.0) > others[own]:
            own = None
        roles = roles_of(sheet.columns, kind, told_by(mine, own))
        if not is_whole(kind, roles):
            continue
        dialect = own or (mine if mine and _mostly_knows(mine, kind, sheet) else None) or ANY_SYSTEM
        weight = weight_of(kind, roles) + told.get((dialect, kind), 0.0) + _NAMED * _is_called(sheet, kind)
        found.append(Likely(sheet, kind, dialect, roles, weight))
    return sorted(found, key=lambda one: (-one.weight, one.kind))


def _mostly_knows(name: str, kind: TableKind, sheet: SeenSheet) -> bool:
    """Whether a system's table has most of a sheet's header words."""
    words = _telling()[name, kind]
    return sum(plain(column.name) in words for column in sheet.columns) > len(sheet.columns) / 2


def _is_called(sheet: SeenSheet, kind: TableKind) -> bool:
    """Whether the file or the sheet is called like the table."""
    name = (sheet.source.sheet or sheet.path.name.split(".")[0]).casefold()
    return any(word in name for word in dialects()[ANY_SYSTEM].file_words[kind])
