"""Attributes: what is written about the lead, at its creation or dated later."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal

from features.feature import Condition, Feature, windowed

AttributeKind = Literal["categorical", "numeric", "text", "date"]


@dataclass(frozen=True, slots=True)
class DeclaredAttribute:
    """A declared attribute.

    Attributes:
        name: the lead column, or the field of the facts table.
        kind: how its values read.
        dated: whether it comes from the facts table: the latest value known before the as-of.
        en, zh: its meaning.
        unit: unit of a number.
    """

    name: str
    kind: AttributeKind
    dated: bool = False
    en: str = ""
    zh: str = ""
    unit: str = ""


CREATION: tuple[Feature, ...] = (
    Feature(
        "created_hour", "leads", "local_hour", "last", "hour", "hour of the day of creation", "创建时的小时"
    ),
    Feature(
        "created_weekday",
        "leads",
        "local_weekday",
        "last",
        "1-7",
        "weekday of creation, Monday 1",
        "创建时的星期",
    ),
    *windowed(
        "facts", (30, None), "facts", None, "count", "facts", "facts entered about the lead", "资料更新次数"
    ),
)


def attribute_features(attributes: Iterable[DeclaredAttribute]) -> tuple[Feature, ...]:
    """Declare the features of the attributes.

    Numbers and categories are taken as they are, a text as its length, a date as the days and as the
    calendar months until it.

    Example:
        >>> declared = [DeclaredAttribute("region", "text"), DeclaredAttribute("visit", "date")]
        >>> [feature.name for feature in attribute_features(declared)]
        ['region_characters', 'days_until_visit', 'months_until_visit']
    """
    return tuple(feature for attribute in attributes for feature in _features(attribute))


def _features(attribute: DeclaredAttribute) -> tuple[Feature, ...]:
    one = _feature(attribute)
    if attribute.kind != "date":
        return (one,)
    zh = attribute.zh or attribute.name
    months = replace(
        one,
        name=f"months_until_{attribute.name}",
        value="value_local" if attribute.dated else f"{attribute.name}_local",
        reducer="months_until_value",
        unit="months",
        en=f"calendar {one.en.replace('days', 'months', 1)}",
        zh=f"距{zh}月数",
        rule_en="0 in the month of the as-of",
        rule_zh="当月为0",
        later=True,
    )
    return (one, months)


def _feature(attribute: DeclaredAttribute) -> Feature:
    en, zh = attribute.en or attribute.name.replace("_", " "), attribute.zh or attribute.name
    name, column = attribute.name, attribute.name
    if attribute.dated:
        column = {"numeric": "value_number", "date": "value_time"}.get(attribute.kind, "value")
    where = (Condition("field", attribute.name),) if attribute.dated else ()
    table: Literal["facts", "leads"] = "facts" if attribute.dated else "leads"
    if attribute.kind == "date":
        return Feature(
            f"days_until_{name}",
            table,
            column,
            "days_until_value",
            "days",
            f"days until {en}",
            f"距{zh}天数",
            where=where,
            held=attribute.dated,
        )
    if attribute.kind == "text":
        column = "value_characters" if attribute.dated else f"{name}_characters"
        return Feature(
            f"{name}_characters",
            table,
            column,
            "last",
            "characters",
            f"length of {en}",
            f"{zh}字数",
            where=where,
            held=attribute.dated,
        )
    kind: Literal["number", "category"] = "number" if attribute.kind == "numeric" else "category"
    return Feature(
        name, table, column, "last", attribute.unit, en, zh, where=where, kind=kind, held=attribute.dated
    )
