"""Which sheet is which table, and by which columns the tables join: names first, shared values decide."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from features.tables import TableName
from pipeline.recognition.columns_seen import SeenColumn
from pipeline.recognition.dialects import ANY_SYSTEM
from pipeline.recognition.guessed import (
    guessed_child,
    guessed_leads,
    repeated_leads,
    with_number,
    with_own_key,
)
from pipeline.recognition.joins import Join, joined_by
from pipeline.recognition.recognised import Likely, seen_as, team_dialect
from pipeline.recognition.roles import Found, Roles, is_private
from pipeline.recognition.sheets_seen import SeenSheet

_REFERENCE = 4.0
# What a sheet's header tells less of than this is not a table by its names.
_LEAST_WEIGHT = 4.5
_SURE_JOIN = 0.5
_WITHOUT_BEGINNING = 8.0
_IDS = ("lead_id", "customer_id")
_KEYS = (*_IDS, "call_id", "order_id")


@dataclass(frozen=True)
class Table:
    """A sheet that is a source.

    Attributes:
        name: of the source.
        sheet: the sheet.
        dialect: whose export it is.
        roles: our columns.
        separator: between several leads of an order.
        first_by: the column of which each value keeps its first row, where rows of a lead repeat.
        guessed: whether its header's words did not tell what it is.
        joined: the share of its keys that the lead list has.
    """

    name: TableName
    sheet: SeenSheet
    dialect: str
    roles: Roles
    separator: str | None = None
    first_by: SeenColumn | None = None
    guessed: bool = False
    joined: float = 1.0

    @property
    def ids(self) -> list[str | None]:
        """Of each row the lead; its number where the list has no key."""
        key = self.roles.get("lead_id")
        numbers: list[str | None] = [str(place) for place in range(self.sheet.rows)]
        return key.column.cells.to_list() if key else numbers


@dataclass(frozen=True)
class Told:
    """What the sheets are.

    Attributes:
        tables: the lead list first.
        team: the CRM that most of them come from.
        unused: sheets that are no source, and why: ``unjoined``, ``second`` or ``unknown``.
    """

    tables: tuple[Table, ...]
    team: str | None
    unused: tuple[tuple[SeenSheet, str], ...]

    @property
    def leads(self) -> Table:
        """The lead list."""
        return self.tables[0]

    def table(self, name: TableName) -> Table | None:
        """The source of a name, if there is one."""
        return next((one for one in self.tables if one.name == name), None)


def tables_told(sheets: Sequence[SeenSheet]) -> Told | None:
    """Which sheet is which table; none where nothing is a lead list."""
    team = team_dialect(sheets)
    seen = {id(sheet): seen_as(sheet, team) for sheet in sheets}
    leads = _lead_list(sheets, seen)
    if leads is None:
        return None
    tables, unused = [leads], list[tuple[SeenSheet, str]]()
    for sheet in sheets:
        if sheet is leads.sheet and leads.first_by is None:
            continue
        child, leads = _child(sheet, seen[id(sheet)], leads)
        if child is None:
            if sheet is not leads.sheet:
                unused.append((sheet, "unjoined" if seen[id(sheet)] else "unknown"))
            continue
        other = next((one for one in tables if one.name == child.name), None)
        if other is None:
            tables.append(child)
        elif sum(one.sure for one in child.roles.values()) * child.sheet.rows > sum(
            one.sure for one in other.roles.values()
        ) * max(other.sheet.rows, 1):
            tables[tables.index(other)] = child
            unused.append((other.sheet, "second"))
        else:
            unused.append((child.sheet, "second"))
    tables[0] = leads
    return Told(tuple(tables), team, tuple(unused))


def _lead_list(sheets: Sequence[SeenSheet], seen: dict[int, list[Likely]]) -> Table | None:
    """The sheet that most speaks for: by its names, and by how many others refer to it."""
    best: tuple[float, Table] | None = None
    for sheet in sheets:
        others = [one for one in sheets if one is not sheet]
        for one in seen[id(sheet)]:
            if one.kind not in ("leads", "deals"):
                continue
            table, referred = _with_key(_as_leads(one), others)
            weight = one.weight + _REFERENCE * referred - _elsewhere(one, seen[id(sheet)])
            # Deals that do not say when they began are the ends of what another sheet lists.
            weight -= 0.0 if "created_at" in one.roles else _WITHOUT_BEGINNING
            if best is None or weight > best[0]:
                best = weight, table
    if best and best[0] >= _LEAST_WEIGHT:
        return best[1]
    found = guessed_leads(sheets) or (repeated_leads(sheets) if best is None else None)
    if found:
        sheet, roles = found
        key = roles["lead_id"].column
        first = None if key.is_almost_key else key
        return Table("leads", sheet, ANY_SYSTEM, roles, first_by=first, guessed=True)
    return best[1] if best else None


def _elsewhere(one: Likely, all_seen: Sequence[Likely]) -> float:
    """How much more a sheet looks like another table that cannot be the list."""
    rest = [other.weight for other in all_seen if other.kind not in ("leads", "deals")]
    return max(0.0, max(rest, default=0.0) - one.weight)


def _as_leads(seen: Likely) -> Table:
    """A lead list; of deals, each is a lead, and its end the lead's."""
    roles = dict(seen.roles)
    if seen.kind == "deals":
        names = {"order_id": "lead_id", "ordered_at": "closed_at", "lead_id": "customer_id"}
        roles = {names.get(ours, ours): one for ours, one in reversed(roles.items()) if ours != "amount"}
        if "created_at" not in roles:
            roles["created_at"] = roles.pop("closed_at")
    return Table("leads", seen.sheet, seen.dialect, roles)


def _with_key(table: Table, others: Sequence[SeenSheet]) -> tuple[Table, float]:
    """The list with the key that others refer to, and how many do."""
    named = table.roles["lead_id"]
    used = {one.column.name for one in table.roles.values()}
    others_keys = [one for one in table.sheet.columns if one.is_almost_key and one.name not in used]
    # A telephone number names a customer, and the list has a name of its own for a lead.
    keys = [named.column, *(one for one in others_keys if not is_private(one))]
    referred = {column.name: _referred(column, others) for column in keys}
    best = max(keys, key=lambda column: (referred[column.name], column.name == named.column.name))
    if referred[best.name] > referred[named.column.name] + _SURE_JOIN and best.is_almost_key:
        table = replace(table, roles={**table.roles, "lead_id": Found(best, _SURE_JOIN)})
        named = table.roles["lead_id"]
    if named.column.is_almost_key:
        table = replace(table, roles=with_own_key(table.sheet, table.roles))
    else:
        table = replace(table, first_by=named.column)
    return table, referred[named.column.name]


def _referred(key: SeenColumn, others: Sequence[SeenSheet]) -> float:
    joins = [joined_by(sheet, key) for sheet in others]
    return sum(join.share for join in joins if join)


def _child(sheet: SeenSheet, seen: Sequence[Likely], leads: Table) -> tuple[Table | None, Table]:
    """A sheet as a table beside the list, joined to it; and the list, which may get a customer for that."""
    for one in seen:
        if one.kind == "leads" or (sheet is leads.sheet and one.kind != "calls"):
            continue
        if one.weight >= _LEAST_WEIGHT:
            name: TableName = "orders" if one.kind == "deals" else one.kind
            joined = _joined(Table(name, sheet, one.dialect, one.roles), leads)
            if joined:
                return joined
    keys = [(ours, leads.roles[ours].column) for ours in _IDS if ours in leads.roles]
    guesses = (guessed_child(sheet, *key) for key in keys if sheet is not leads.sheet)
    found = next((one for one in guesses if one), None)
    if found is None:
        return None, leads
    name, roles, join = found
    return Table(name, sheet, ANY_SYSTEM, roles, guessed=True, joined=join.share), leads


def _joined(table: Table, leads: Table) -> tuple[Table, Table] | None:
    """The table with the columns that share values with the list's key, or with its customers."""
    taken = [one.column.name for ours, one in table.roles.items() if ours not in _KEYS]
    lead = joined_by(table.sheet, leads.roles["lead_id"].column, taken)
    joins = lead.column.name if lead else None
    roles = {ours: one for ours, one in table.roles.items() if ours not in _IDS and one.column.name != joins}
    if lead:
        roles = {"lead_id": Found(lead.column, _trust(table, "lead_id", lead)), **roles}
        taken = [*taken, lead.column.name]
    customer, leads = _by_customer(table, leads, taken, needed=lead is None)
    if customer:
        roles = {"customer_id": Found(customer.column, _trust(table, "customer_id", customer)), **roles}
    if lead is None and customer is None:
        return None
    join = lead or customer
    share = join.share if join else 0.0
    if table.dialect == ANY_SYSTEM:
        roles = with_number(table.name, table.sheet, roles)
    separator = lead.separator if lead and table.name == "orders" else None
    return replace(table, roles=roles, separator=separator, joined=share), leads


def _by_customer(
    table: Table, leads: Table, taken: Sequence[str], *, needed: bool
) -> tuple[Join | None, Table]:
    """By which column it joins the list's customers; where nothing else joins, any column may be theirs."""
    named = leads.roles.get("customer_id")
    if named:
        join = joined_by(table.sheet, named.column, taken)
        if join or not needed:
            return join, leads
    if not needed:
        return None, leads
    used = {one.column.name for one in leads.roles.values()}
    best: tuple[Join, SeenColumn] | None = None
    for column in leads.sheet.columns:
        if column.name in used or column.is_words or column.is_text:
            continue
        join = joined_by(table.sheet, column, taken)
        if join and join.share >= _SURE_JOIN and (best is None or join.share > best[0].share):
            best = join, column
    if best is None:
        return None, leads
    return best[0], replace(leads, roles={**leads.roles, "customer_id": Found(best[1], _SURE_JOIN)})


def _trust(table: Table, ours: str, join: Join) -> float:
    """Names and values that agree are sure; values alone are as sure as they are many."""
    named = table.roles.get(ours)
    return 1.0 if named and named.column.name == join.column.name else min(0.9, join.share)
