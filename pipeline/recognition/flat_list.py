"""A list with an outcome in each row and no time at which its leads were created."""

from collections.abc import Sequence

from pipeline.recognition.dialects import ANY_SYSTEM
from pipeline.recognition.recognised import team_dialect
from pipeline.recognition.roles import roles_of, told_by
from pipeline.recognition.sheets_seen import SeenSheet
from pipeline.recognition.tables_told import Table, Told


def flat_list(sheets: Sequence[SeenSheet]) -> Told | None:
    """The one sheet that there is as a flat list: a column of the outcome, and a key where it has one.

    What stands in several sheets is joined by somebody, or has times: it is no flat list.
    """
    if len(sheets) != 1:
        return None
    (sheet,) = sheets
    team = team_dialect(sheets)
    roles = roles_of(sheet.columns, "leads", told_by(team))
    kept = {ours: one for ours, one in roles.items() if ours == "outcome"}
    key = roles.get("lead_id")
    if key and key.column.is_key:
        kept = {"lead_id": key, **kept}
    return Told((Table("leads", sheet, team or ANY_SYSTEM, kept),), team, ()) if "outcome" in kept else None
