"""How the configuration says what the grades mean: given thresholds, or a policy that sets them at fit."""

from collections.abc import Sequence
from string import ascii_uppercase
from typing import Annotated, Literal, Self

from pydantic import Discriminator, Field, Tag, model_validator

from pipeline.config.data import Days, Strict
from pipeline.config.learning import Threshold

OpenShare = Annotated[float, Field(gt=0.0, lt=1.0)]


class Capacity(Strict):
    """Grades for the best shares of the leads: what the team has the time to call.

    Attributes:
        by_days: one of the horizons; left out in a flat list, which has only its own.
        shares: part of the leads for each grade, best first; the rest gets the letter after.
    """

    policy: Literal["capacity"]
    by_days: Days | None = None
    shares: dict[str, OpenShare] = Field(min_length=1, max_length=25)

    @model_validator(mode="after")
    def _complete(self) -> Self:
        _check_letters("shares", list(self.shares))
        if sum(self.shares.values()) >= 1.0 - 1e-9:
            raise ValueError("shares must sum to less than 1: the rest gets the letter after the last")
        return self


class AsScheme(Strict):
    """As many leads of each grade as a rule scheme gives of each of its labels, best label first.

    Attributes:
        scheme: one of ``schemes``, with labels that have an order.
        by_days: one of the horizons; left out in a flat list.
    """

    policy: Literal["as_scheme"]
    scheme: str
    by_days: Days | None = None


class ByValue(Strict):
    """Expected value within the longest horizon, less the cost of calling.

    Attributes:
        cost_per_lead: in units of the currency.
        at_least: least net value for each grade, best first; below all of them is the letter after.
    """

    policy: Literal["value"]
    cost_per_lead: Annotated[float, Field(ge=0.0)] = 0.0
    at_least: dict[str, float] = Field(min_length=1, max_length=25)

    @model_validator(mode="after")
    def _complete(self) -> Self:
        _check_letters("at_least", list(self.at_least))
        values = list(self.at_least.values())
        if values != sorted(set(values), reverse=True):
            raise ValueError("at_least must fall from grade to grade, best first")
        return self


def _kind(value: object) -> str:
    named = value.get("policy") if isinstance(value, dict) else getattr(value, "policy", None)
    return "(thresholds)" if named is None else f"({named})"


# The tags are in brackets so that messages can tell them from keys.
Grades = Annotated[
    Annotated[dict[str, Threshold], Field(min_length=1, max_length=25), Tag("(thresholds)")]
    | Annotated[Capacity, Tag("(capacity)")]
    | Annotated[AsScheme, Tag("(as_scheme)")]
    | Annotated[ByValue, Tag("(value)")],
    Discriminator(_kind),
]


def check_grades(grades: Grades, horizons_days: Sequence[int], *, flat: bool) -> None:
    """Refuse grades that do not fit the rest of the configuration.

    Raises:
        ValueError: letters out of order, a horizon that is not in the configuration, or value in a flat list.
    """
    if isinstance(grades, ByValue):
        if flat:
            raise ValueError("grades.policy: value needs orders with amounts, which a flat list has not")
        return
    if isinstance(grades, dict):
        if list(grades) != (letters := _letters(len(grades))):
            raise ValueError(f"grades must be {', '.join(letters)} in this order, best first")
        named = {threshold.by_days for threshold in grades.values()}
    else:
        named = {grades.by_days}
    _check_horizons(named, horizons_days, flat=flat)


def _check_horizons(named: set[int | None], horizons_days: Sequence[int], *, flat: bool) -> None:
    if flat:
        if named != {None}:
            raise ValueError("a flat list needs grades without by_days")
    elif None in named:
        raise ValueError("grades need by_days")
    elif unknown := {days for days in named if days} - set(horizons_days):
        raise ValueError(f"grades name horizons that are not in horizons_days: {sorted(unknown)}")


def _check_letters(key: str, names: list[str]) -> None:
    letters = _letters(len(names))
    if names != letters:
        raise ValueError(f"{key} must be {', '.join(letters)} in this order, best first")


def _letters(number: int) -> list[str]:
    return list(ascii_uppercase[:number])
