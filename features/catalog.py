"""The catalogue: every feature family in order, and what of it a data set can offer."""

from collections.abc import Iterable, Mapping, Sequence

import polars as pl

from features.families.attributes import CREATION, DeclaredAttribute, attribute_features
from features.families.dialogue import DIALOGUE
from features.families.entries import ENTRIES
from features.families.frequency import FREQUENCY
from features.families.intent import INTENT
from features.families.monetary import monetary_features
from features.families.recency import RECENCY
from features.families.stages import STAGES
from features.feature import Feature

# What an agent thought, as a fact as of an instant: a baseline to compare with, never an input.
MANUAL_GRADE = Feature(
    "manual_grade",
    "manual_grades",
    "grade",
    "last",
    "",
    "the latest grade an agent gave",
    "坐席最近给出的等级",
    kind="category",
)
# Who gave it: never an input either, only to tell one person's standard from another's.
MANUAL_GRADE_AGENT = Feature(
    "manual_grade_agent",
    "manual_grades",
    "agent_id",
    "last",
    "",
    "who gave the latest grade",
    "最近给出等级的坐席",
    kind="category",
)


def catalog(
    attributes: Iterable[DeclaredAttribute] = (), minor_units_per_unit: int = 100
) -> dict[str, tuple[Feature, ...]]:
    """All features by family, in their order.

    Raises:
        ValueError: two features have one name; rename the attribute.

    Example:
        >>> list(catalog())
        ['recency', 'frequency', 'monetary', 'intent', 'dialogue', 'stages', 'entries', 'attributes']
    """
    families = {
        "recency": RECENCY,
        "frequency": FREQUENCY,
        "monetary": monetary_features(minor_units_per_unit),
        "intent": INTENT,
        "dialogue": DIALOGUE,
        "stages": STAGES,
        "entries": ENTRIES,
        "attributes": CREATION + attribute_features(attributes),
    }
    names = [feature.name for family in families.values() for feature in family]
    doubles = sorted({name for name in names if names.count(name) > 1})
    if doubles:
        raise ValueError(f"two features are named {doubles[0]!r}: rename the attribute")
    return families


def features_of(families: Mapping[str, Sequence[Feature]]) -> tuple[Feature, ...]:
    """The features of all families in one tuple."""
    return tuple(feature for family in families.values() for feature in family)


def missing_columns(feature: Feature, staged: Mapping[str, pl.DataFrame]) -> list[str]:
    """What a feature reads that the staged tables lack, as ``table`` or ``table.column``."""
    if feature.table not in staged:
        return [feature.table]
    there = set(staged[feature.table].columns)
    return [f"{feature.table}.{column}" for column in sorted(feature.reads - there)]


def available(features: Iterable[Feature], staged: Mapping[str, pl.DataFrame]) -> tuple[Feature, ...]:
    """The features whose table and columns are there; the others are absent, by name."""
    return tuple(feature for feature in features if not missing_columns(feature, staged))
