"""The rules of the reports that tell of customers: how much of them is filled in, and who buys."""

from typing import Annotated, Literal

from pydantic import Field

from pipeline.config.data import Days
from pipeline.config.strict import Strict

Question = Literal["who", "what", "why", "when", "where", "how_much"]

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


class Profile(Strict):
    """Who closes, beside all others.

    Attributes:
        within_days: who closed so soon after creation is a closer.
        least: values that fewer leads have are counted together.
        family_error: risk that any difference is named where there is none, all comparisons together.
        questions: which attributes or dated facts answer a question; of the others it is asked ``who``.
    """

    within_days: Days = 90
    least: _Least = 20
    family_error: Annotated[float, Field(gt=0.0, lt=0.5)] = 0.05
    questions: dict[Question, tuple[str, ...]] = Field(
        default={
            "what": ("need",),
            "why": ("matters_most", "price_dispute", "refusal_reason"),
            "where": ("region", "channel"),
            "how_much": ("budget", "project_value"),
        }
    )
