"""What a close is: orders, a stage, or a column of the lead list, and the words that say so."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from features.tables import TableName
from pipeline.recognition.columns_seen import SHARED_BY, SeenColumn
from pipeline.recognition.dialects import ANY_SYSTEM, dialects
from pipeline.recognition.header_words import is_one_of
from pipeline.recognition.roles import Found
from pipeline.recognition.tables_told import Table, Told
from pipeline.values.synonyms import BOOLEANS, TRUE

_PART = 0.98


@dataclass(frozen=True)
class Closes:
    """What a close is.

    Attributes:
        label: the configuration's ``label``.
        won: the leads that closed, as far as can be told here.
        wanted: of the orders, the condition that a row is a close.
        orders: orders that stand in the lead list, where there is no table of them.
        outcome: the column of the lead list that tells it, if one does.
        words: the words that say won.
    """

    label: dict[str, object]
    won: frozenset[str]
    wanted: str | None = None
    orders: Table | None = None
    outcome: SeenColumn | None = None
    words: tuple[str, ...] = field(default=())


def closes_of(told: Told) -> Closes | None:
    """What a close is, the surest way; none where no file tells it."""
    return _by_orders(told) or _by_stages(told) or _by_outcome(told.leads) or _by_date(told.leads)


def won_words(column: SeenColumn) -> list[str]:
    """The words of a column that say won, of those that enough rows share.

    Yes and no say it only where nothing else does.
    """
    words = column.shared_words if len(column.cells) >= 10 * SHARED_BY else list(column.counts)
    told = [word for word in words if is_one_of(word, dialects()[ANY_SYSTEM].won)]
    if told or not column.is_yes_no:
        return told
    return [word for word in words if BOOLEANS[word.casefold()] == TRUE]


def words_among(column: SeenColumn, words: Iterable[str]) -> list[str]:
    """Which of a column's shared words are among some."""
    told = tuple(words)
    return [word for word in column.shared_words if is_one_of(word, told)]


def _by_orders(told: Told) -> Closes | None:
    orders = told.table("orders")
    if orders is None:
        return None
    label: dict[str, object] = {"close": "first_order"}
    stages = told.table("stages")
    lost = words_among(stages.roles["stage"].column, dialects()[ANY_SYSTEM].lost) if stages else []
    if lost:
        label["lost_stages"] = lost
    ends = _ends(orders)
    wanted = _condition(*ends) if ends else None
    return Closes(label, _buyers(orders, told.leads, ends), wanted)


def _ends(orders: Table) -> tuple[SeenColumn, list[str]] | None:
    """The column of orders that says which of them were won, where others stand beside them."""
    used = {one.column.name for ours, one in orders.roles.items() if ours != "outcome"}
    named = orders.roles.get("outcome")
    columns = [*([named.column] if named else []), *orders.sheet.columns]
    for column in columns:
        if column.name in used or not column.is_words or column.is_yes_no:
            continue
        words = [word for word in won_words(column) if word in column.counts]
        if words and len(column.counts) > len(words):
            return column, words
    return None


def _condition(column: SeenColumn, words: list[str]) -> str:
    name = '"' + column.name.replace('"', '""') + '"'
    quoted = ["'" + word.replace("'", "''") + "'" for word in words]
    return f"{name} = {quoted[0]}" if len(quoted) == 1 else f"{name} IN ({', '.join(quoted)})"


def _buyers(orders: Table, leads: Table, ends: tuple[SeenColumn, list[str]] | None) -> frozenset[str]:
    """The leads of orders; by their customers where orders name no leads."""
    wanted = ends[0].cells.is_in(ends[1]).fill_null(value=False) if ends else None
    found: set[str] = set()
    for ours in ("lead_id", "customer_id"):
        theirs, own = orders.roles.get(ours), leads.roles.get(ours)
        if theirs is None or own is None:
            continue
        cells = theirs.column.cells.filter(wanted) if wanted is not None else theirs.column.cells
        named = set(cells.drop_nulls().to_list())
        ids = leads.roles["lead_id"].column.cells.to_list()
        found |= {lead for lead, key in zip(ids, own.column.cells, strict=True) if lead and key in named}
    return frozenset(found)


def _by_stages(told: Told) -> Closes | None:
    stages = told.table("stages")
    if stages is None:
        return None
    stage = stages.roles["stage"].column
    won = won_words(stage)
    if not won or stage.is_yes_no:
        return None
    label: dict[str, object] = {"close": "won_stage", "won_stages": won}
    lost = words_among(stage, dialects()[ANY_SYSTEM].lost)
    if lost:
        label["lost_stages"] = lost
    reached = stages.roles["lead_id"].column.cells.filter(stage.cells.is_in(won).fill_null(value=False))
    return Closes(label, frozenset(reached.drop_nulls().to_list()))


def _by_outcome(leads: Table) -> Closes | None:
    """A column of the lead list that holds words of an end; the one whose name says so first."""
    named = leads.roles.get("outcome")
    used = {one.column.name for ours, one in leads.roles.items() if ours != "outcome"}
    columns = [*([named.column] if named else [])]
    columns += [
        one for one in leads.sheet.columns if one.name not in used and one.is_words and not one.is_yes_no
    ]
    for column in columns:
        won = won_words(column)
        if not won or len(won) == len(column.counts):
            continue
        ends = zip(leads.ids, column.cells.to_list(), strict=True)
        closed = frozenset(lead for lead, end in ends if lead and end in won)
        label: dict[str, object] = {"close": "outcome", "column": "outcome", "won_values": won}
        if "closed_at" in leads.roles:
            label["closed_at"] = "closed_on"
        return Closes(label, closed, outcome=column, words=tuple(won))
    return None


def _by_date(leads: Table) -> Closes | None:
    """Orders that stand in the lead list: rows that have a date of the close."""
    at = leads.roles.get("closed_at")
    if at is None or not 0 < len(at.column.filled) < _PART * len(at.column.cells):
        return None
    roles = {ours: leads.roles[ours] for ours in ("lead_id", "customer_id") if ours in leads.roles}
    name: TableName = "orders"
    orders = Table(name, leads.sheet, leads.dialect, roles | {"ordered_at": Found(at.column, at.sure)})
    ids = leads.roles["lead_id"].column.cells
    closed = frozenset(ids.filter(at.column.cells.is_not_null()).drop_nulls().to_list())
    return Closes({"close": "first_order"}, closed, "ordered_at IS NOT NULL", orders)
