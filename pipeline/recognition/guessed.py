"""What sheets are whose headers say nothing that is known: told by what their columns could be alone."""

from collections.abc import Sequence

import polars as pl

from features.tables import TableName
from pipeline.recognition.columns_seen import SeenColumn
from pipeline.recognition.dialects import ANY_SYSTEM, dialects
from pipeline.recognition.header_words import is_one_of
from pipeline.recognition.joins import Join, joined_by
from pipeline.recognition.roles import Found, Roles, is_private, known_share
from pipeline.recognition.sheets_seen import SeenSheet

# A guess by looks is never sure.
GUESS = 0.4
# Who sells to most of the list several times each? Rows that are so many are calls.
_CALLED_EACH, _CALLED_OF_LIST = 2.0, 0.5


def guessed_leads(sheets: Sequence[SeenSheet]) -> tuple[SeenSheet, Roles] | None:
    """The sheet whose key the others refer to most, with the time that every row of it has."""
    best: tuple[float, int, SeenSheet, SeenColumn, SeenColumn] | None = None
    for place, sheet in enumerate(sheets):
        at = _time(sheet)
        if at is None:
            continue
        for key in sheet.columns:
            if not key.is_almost_key or key.is_text or key.time:
                continue
            joins = [joined_by(other, key) for other in sheets if other is not sheet]
            referred = sum(join.share for join in joins if join)
            if best is None or referred > best[0]:
                best = referred, place, sheet, key, at
    if best is None:
        return None
    _, _, sheet, key, at = best
    return sheet, with_own_key(sheet, {"lead_id": Found(key, GUESS), "created_at": Found(at, GUESS)})


def with_own_key(sheet: SeenSheet, roles: Roles) -> Roles:
    """A list whose key is a telephone number, by a key of its own if it has one: numbers name customers."""
    named = roles["lead_id"]
    if "customer_id" in roles or not (named.column.is_phone or is_private(named.column)):
        return roles
    used = {one.column.name for one in roles.values()}
    own = next((one for one in sheet.columns if one.name not in used and _names_rows(one)), None)
    return {**roles, "lead_id": Found(own, GUESS), "customer_id": named} if own else roles


def _names_rows(column: SeenColumn) -> bool:
    """Whether it is a key that another export of the list has again: no telephone number, no row's number."""
    if not column.is_key or column.is_text or column.time or column.is_phone or is_private(column):
        return False
    return set(column.counts) != {str(place + 1) for place in range(len(column.cells))}


def repeated_leads(sheets: Sequence[SeenSheet]) -> tuple[SeenSheet, Roles] | None:
    """A sheet with a row a call, which repeats what is known of its lead; and the lead's key and beginning.

    A key is told by a time that is the same in all its rows, while another time is not.
    """
    for sheet in sheets:
        times = [one for one in sheet.columns if _is_full_time(one)]
        for key in filter(_may_repeat, sheet.columns):
            same = [one for one in times if _is_told_by(key, one)]
            if len(same) == 1 and len(times) > 1:
                return sheet, {"lead_id": Found(key, GUESS), "created_at": Found(same[0], GUESS)}
    return None


def _may_repeat(column: SeenColumn) -> bool:
    """Whether it may name leads that have several rows: it names something, and each thing more than once."""
    if column.time or column.is_text or column.is_words or column.is_phone:
        return False
    return not column.is_almost_key and not column.is_duration


def _is_told_by(key: SeenColumn, at: SeenColumn) -> bool:
    """Whether all rows of a key have one time, which most keys do not share."""
    if len(key.filled) < len(key.cells) or len(at.counts) < len(key.counts) / 2:
        return False
    pairs = pl.DataFrame({"key": key.cells, "at": at.cells})
    return pairs.n_unique() == len(key.counts)


def guessed_child(sheet: SeenSheet, ours: str, key: SeenColumn) -> tuple[TableName, Roles, Join] | None:
    """What a sheet is that refers to a key of the list and has times: calls, stages, orders, or nothing."""
    join, at = joined_by(sheet, key), _time(sheet)
    if join is None or at is None:
        return None
    rest = [one for one in sheet.columns if one.name not in (join.column.name, at.name)]
    roles: Roles = {ours: Found(join.column, GUESS)}
    called = _as_call(rest)
    if called:
        taken = {one.column.name for one in called.values()}
        own = _numbered("call_id", [one for one in rest if one.name not in taken])
        return "calls", own | roles | {"started_at": Found(at, GUESS)} | called, join
    stage = next((one for one in rest if one.is_words and _has_end(one)), None)
    if stage:
        return "stages", roles | {"entered_at": Found(at, GUESS), "stage": Found(stage, GUESS)}, join
    amount = next((one for one in rest if _is_amount(one)), None)
    if amount is None:
        return None
    if amount.is_plain_number and _are_many(join.column, key):
        own = _numbered("call_id", [one for one in rest if one is not amount])
        return "calls", own | roles | {"started_at": Found(at, GUESS), "duration": Found(amount, GUESS)}, join
    own = _numbered("order_id", [one for one in rest if one is not amount])
    return "orders", roles | own | {"ordered_at": Found(at, GUESS), "amount": Found(amount, GUESS)}, join


def _are_many(refers: SeenColumn, key: SeenColumn) -> bool:
    """Whether most of the list has several rows there."""
    named = set(refers.counts) & set(key.counts)
    return len(named) >= _CALLED_OF_LIST * len(key.counts) and sum(
        refers.counts[one] for one in named
    ) >= _CALLED_EACH * len(named)


def with_number(name: TableName, sheet: SeenSheet, roles: Roles) -> Roles:
    """A table's columns with the key of its rows, where no word told it."""
    ours = {"calls": "call_id", "orders": "order_id"}.get(name)
    if ours is None or ours in roles:
        return roles
    used = {one.column.name for one in roles.values()}
    return _numbered(ours, [one for one in sheet.columns if one.name not in used]) | roles


def _numbered(ours: str, columns: Sequence[SeenColumn]) -> Roles:
    """The key of a table's own, if it has one."""
    number = next((one for one in columns if _numbers_rows(one)), None)
    return {ours: Found(number, GUESS)} if number else {}


def _numbers_rows(column: SeenColumn) -> bool:
    if not column.is_key or column.is_text or column.time or column.is_phone or is_private(column):
        return False
    return not any("." in value or "," in value for value in column.counts)


def _is_full_time(column: SeenColumn) -> bool:
    """Whether every row has a time there, but for a few."""
    told = column.time
    return told is not None and not told.numbers and len(column.filled) >= 0.98 * len(column.cells)


def _time(sheet: SeenSheet) -> SeenColumn | None:
    """The first time that every row has."""
    return next((one for one in sheet.columns if _is_full_time(one)), None)


def _as_call(columns: Sequence[SeenColumn]) -> Roles:
    """The columns of a call, where there are durations that look so, or words of how calls end."""
    found: Roles = {}
    for ours in ("status", "direction"):
        told = [
            one for one in columns if one.is_words and known_share(one, ours, list(dialects().values())) > 0.6
        ]
        if told and told[0].name not in {one.column.name for one in found.values()}:
            found[ours] = Found(told[0], GUESS)
    lengths = [one for one in columns if one.is_duration and not one.is_plain_number]
    lengths += [
        one for one in columns if found and one.is_plain_number and not one.is_words and not one.is_key
    ]
    if lengths:
        found["duration"] = Found(lengths[0], GUESS)
    return found if lengths or len(found) > 1 or "status" in found else {}


def _is_amount(column: SeenColumn) -> bool:
    """Whether numbers are no ids: they are not whole, or several rows share them."""
    if not column.is_number or column.is_words:
        return False
    return not column.is_almost_key or any("." in value or "," in value for value in column.counts)


def _has_end(column: SeenColumn) -> bool:
    common = dialects()[ANY_SYSTEM]
    return any(is_one_of(value, (*common.won, *common.lost)) for value in column.counts)
