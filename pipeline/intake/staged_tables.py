"""What features a configuration has, and the canonical tables as they read them."""

from collections.abc import Collection, Iterable, Mapping

import polars as pl

from features.catalog import available, catalog, features_of, missing_columns
from features.families import attributes
from features.feature import Feature
from features.staging import staging
from pipeline.config.config import Config
from pipeline.errors import ConfigError
from pipeline.intake.dated_fields import with_dated_fields
from pipeline.intake.orders import with_order_days

Tables = Mapping[str, pl.DataFrame]


def all_features(config: Config) -> dict[str, tuple[Feature, ...]]:
    """The catalogue with the configuration's attributes, by family.

    Raises:
        ConfigError: an attribute has the name of a feature.
    """
    try:
        return catalog(declared_attributes(config), 10**config.currency_digits)
    except ValueError as error:
        raise ConfigError(f"{config.path}: attributes: {error}") from None


def usable_features(config: Config, tables: Tables) -> tuple[tuple[Feature, ...], dict[str, list[str]]]:
    """The features that the tables allow, and for each absent one what it misses."""
    staged = stage(config, {name: frame.head(0) for name, frame in tables.items()})
    declared_features = features_of(all_features(config))
    absent = {f.name: missing for f in declared_features if (missing := missing_columns(f, staged))}
    return available(declared_features, staged), absent


def declared_attributes(config: Config) -> list[attributes.DeclaredAttribute]:
    """The attributes that may be trained on: no snapshots."""
    return [
        attributes.DeclaredAttribute(
            name, spec.kind, spec.known == "dated", spec.meaning, spec.meaning_zh, spec.unit
        )
        for name, spec in config.attributes.items()
        if spec.known != "snapshot" and not (config.flat and spec.kind == "date")
    ]


def attributes_read_by(config: Config, names: Collection[str]) -> frozenset[str]:
    """The attributes of the lead list that features of these names read."""
    return frozenset(
        one.name
        for one in declared_attributes(config)
        if (not one.dated or config.attributes[one.name].entered_at)
        and any(feature.name in names for feature in attributes.attribute_features([one]))
    )


def stage(
    config: Config, tables: Tables, features: Iterable[Feature] | None = None
) -> dict[str, pl.DataFrame]:
    """The canonical tables as features read them (``features.staging``); of large ones what they read."""
    if config.flat:
        return staging.stage_list(tables["leads"], list_as_of(tables["leads"]), declared_attributes(config))
    dated = with_dated_fields(config, with_order_days(tables, config.timezone))
    return staging.stage_tables(dated, declared_attributes(config), config.timezone, features)


def list_as_of(leads: pl.DataFrame) -> str:
    """The column that holds a flat list's instants; the order of its rows where there are none."""
    return "created_at" if "created_at" in leads.columns else "row_number"
