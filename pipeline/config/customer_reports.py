"""The rules of the reports that tell of customers: how much of them is filled in, and who buys."""

from typing import Annotated

from pydantic import Field

from pipeline.config.data import Days
from pipeline.config.strict import Strict

_Least = Annotated[int, Field(ge=1, le=1_000_000)]


class Complete(Strict):
    """What of the customers is filled in.

    Attributes:
        within_days: who closed so soon after creation, the column is asked to tell from all others.
        least: with fewer closers, or fewer others, among the leads that fill a column nothing is said of what
            its empty cells cost.
    """

    within_days: Days = 90
    least: _Least = 50
