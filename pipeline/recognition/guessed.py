"""What sheets are whose headers say nothing that is known: told by what their columns could be alone."""

from collections.abc import Sequence

from features.tables import TableName
from pipeline.recognition.columns_seen import SeenColumn
from pipeline.recognition.dialects import ANY_SYSTEM, dialects
from pipeline.recognition.header_words import is_one_of
from pipeline.recognition.joins import Join, joined_by
from pipeline.recognition.roles import Found, Roles, known_share
from pipeline.recognition.sheets_seen import SeenSheet

# A guess by looks is never sure.
GUESS = 0.4


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
    return sheet, {"lead_id": Found(key, GUESS), "created_at": Found(at, GUESS)}


def guessed_child(sheet: SeenSheet, key: SeenColumn) -> tuple[TableName, Roles, Join] | None:
    """What a sheet is that refers to the lead list and has times: calls, stages, orders, or nothing known."""
    join, at = joined_by(sheet, key), _time(sheet)
    if join is None or at is None:
        return None
    rest = [one for one in sheet.columns if one.name not in (join.column.name, at.name)]
    roles: Roles = {"lead_id": Found(join.column, GUESS)}
    called = _as_call(rest)
    if called:
        taken = {one.column.name for one in called.values()}
        numbered = _numbered("call_id", [one for one in rest if one.name not in taken])
        return "calls", numbered | roles | {"started_at": Found(at, GUESS)} | called, join
    stage = next((one for one in rest if one.is_words and _has_end(one)), None)
    if stage:
        return "stages", roles | {"entered_at": Found(at, GUESS), "stage": Found(stage, GUESS)}, join
    amount = next((one for one in rest if _is_amount(one)), None)
    if amount is None:
        return None
    numbered = _numbered("order_id", [one for one in rest if one is not amount])
    return "orders", roles | numbered | {"ordered_at": Found(at, GUESS), "amount": Found(amount, GUESS)}, join


def _numbered(ours: str, columns: Sequence[SeenColumn]) -> Roles:
    """The key of a table's own, if it has one."""
    number = next((one for one in columns if one.is_key and not one.is_text and not one.time), None)
    return {ours: Found(number, GUESS)} if number else {}


def _time(sheet: SeenSheet) -> SeenColumn | None:
    """The first time that every row has."""
    return next(
        (
            one
            for one in sheet.columns
            if one.time and not one.time.numbers and len(one.filled) >= 0.98 * len(one.cells)
        ),
        None,
    )


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
