"""Events that stand at a lead's close, or after it, rather than before it."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from features.feature import Feature
from models.leaks.fate_shares import MIN_HOLDERS, wilson_low
from pipeline.leaks.suspect import Suspect

# Shares from which an event counts as always there: the lower end of the interval, and of the closes.
ALWAYS = 0.8
OF_CLOSES = 0.8


def event_suspects(events: pd.DataFrame, closes: int, features: Sequence[Feature]) -> list[Suspect]:
    """Events that are seen after closes only, or that always stand just before one.

    Args:
        events: counts from ``features.endings.counted``, of one part of the leads or of several.
        closes: how many leads closed.
        features: the columns of the matrix.
    """
    keys = ["table", "field", "value"]
    counts = events.groupby(keys, dropna=False, sort=True).agg(
        leads=("leads", "sum"), only_after=("only_after", "sum"), only_near=("only_near", "sum")
    )
    often = counts[counts["leads"] >= MIN_HOLDERS].reset_index()
    leads, after, near = (often[name].to_numpy() for name in ("leads", "only_after", "only_near"))
    after_close = wilson_low(after, leads) >= ALWAYS
    at_close = (wilson_low(near, leads) >= ALWAYS) & (near >= OF_CLOSES * closes)
    suspects = [
        *(_after(event, features) for event in _records(often[after_close])),
        *(_before(event, closes, features) for event in _records(often[at_close & ~after_close])),
    ]
    # A field whose every entry is suspect stands for its values.
    whole = {suspect.name for suspect in suspects}
    return [s for s in suspects if s.name.partition("=")[0] not in whole - {s.name}]


def _records(events: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(name): value for name, value in row.items()} for row in events.to_dict("records")]


def _after(event: Mapping[str, Any], features: Sequence[Feature]) -> Suspect:
    evidence = {"share": event["only_after"] / event["leads"], "leads": float(event["leads"])}
    return Suspect(_name(event), "after_close", evidence, _read_by(event, features))


def _before(event: Mapping[str, Any], closes: int, features: Sequence[Feature]) -> Suspect:
    near = event["only_near"]
    evidence = {
        "share": near / event["leads"],
        "share_of_closes": near / closes,
        "leads": float(event["leads"]),
    }
    return Suspect(_name(event), "before_close", evidence, _read_by(event, features))


def _name(event: Mapping[str, Any]) -> str:
    return str(event["field"]) if pd.isna(event["value"]) else f"{event['field']}={event['value']}"


def _read_by(event: Mapping[str, Any], features: Sequence[Feature]) -> tuple[str, ...]:
    table, field, value = event["table"], str(event["field"]), event["value"]
    return tuple(feature.name for feature in features if _reads(feature, table, field, value))


def _reads(feature: Feature, table: str, field: str, value: object) -> bool:
    """Whether a feature reads the event: its column or field, under no condition that leaves it out."""
    if feature.table != table:
        return False
    conditions = {condition.column: condition.equals for condition in feature.where}
    if table == "facts":
        return conditions.get("field") == field
    columns = {field, "transition"} if field == "stage" else {field}
    return feature.value in columns or conditions.get(field) == value
