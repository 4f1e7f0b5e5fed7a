"""What a salesperson's list shows: the part ``workbook`` of a configuration."""

from typing import Annotated, Literal

from pydantic import Field

from pipeline.config.strict import Strict

# The language of a workbook: one, or Chinese above English.
Written = Literal["en", "zh", "both"]


class WorkbookSettings(Strict):
    """What the workbook of ``leadgrade score --out list.xlsx`` shows beside the grades.

    Attributes:
        shown: columns of the lead list that salespeople see, as they stand there: telephone, owner, name.
        sheet_per: a column of the lead list; each of its values, such as an agent, gets a sheet of its own.
        playbook: the scheme whose next action, channel and due date are shown. When left out:
            ``close_window`` if it is among ``schemes`` and the data allow it, else the first such one with
            an order.
        call_first: how many leads the first sheet holds, by rank.
        language: of headers and words.
    """

    shown: tuple[str, ...] = ()
    sheet_per: str | None = None
    playbook: str | None = None
    call_first: Annotated[int, Field(ge=1, le=100_000)] = 200
    language: Written = "both"
