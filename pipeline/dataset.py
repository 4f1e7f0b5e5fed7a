"""From a configuration to rows: sources read and checked, cohort, matrix and labels.

Training and scoring both start here and build their rows by the same function.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial

import pandas as pd
import polars as pl

from features import attributes as declared
from features import cohort, labels, staging
from features.best_call import with_best_call
from features.catalog import MANUAL_GRADE, available, catalog, features_of, missing_columns
from features.feature import Feature
from features.matrix import build_matrix
from features.schemes import CompiledScheme
from pipeline import buckets
from pipeline.config import Config
from pipeline.errors import ConfigError, TrainingError
from pipeline.grading import best_call_schemes
from pipeline.ingest import latest_event
from pipeline.scheme_files import schemes_of

Tables = Mapping[str, pl.DataFrame]

LABEL_SOURCE = {"first_order": "orders", "won_stage": "stages", "outcome": "leads"}


@dataclass(frozen=True)
class Rows:
    """Rows of the as-of matrix.

    Attributes:
        frame: keys, features, ``manual_grade`` where there are dated ones, and labels when training.
        features: the model's inputs.
        horizons: names of the horizons.
        observed_until: outcomes are complete up to here; none for a flat list and for scoring.
    """

    frame: pl.DataFrame
    features: tuple[Feature, ...]
    horizons: tuple[str, ...]
    observed_until: datetime | None = None


def to_pandas(frame: pl.DataFrame) -> pd.DataFrame:
    """The rows for the models: flags as 0, 1 or missing, since a pandas flag cannot be missing.

    Example:
        >>> to_pandas(pl.DataFrame({"asked": [True, None]}))["asked"].tolist()
        [1.0, nan]
    """
    return frame.with_columns(pl.col(pl.Boolean).cast(pl.Float64)).to_pandas()


def horizons(config: Config) -> tuple[str, ...]:
    """Names of the configuration's horizons."""
    return (labels.OUTCOME,) if config.flat else tuple(map(labels.horizon_name, config.horizons_days))


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


def training_rows(config: Config, tables: Tables) -> Rows:
    """The cohort's rows with features and labels, sorted by as-of and lead.

    Raises:
        TrainingError: the cohort is empty or nothing of it has ripened.
    """
    features, _ = usable_features(config, tables)
    if config.flat:
        return Rows(_list_rows(config, tables, features), features, horizons(config))
    until = observed_until(config, tables)
    work = partial(
        _training_bucket, config=config, features=features, best=_best(config, features), until=until
    )
    frame = buckets.in_turn(tables, buckets.bucket_count(tables["leads"].height), work)
    if frame.is_empty():
        raise TrainingError(
            f"no lead is in the cohort before {until:%Y-%m-%d %H:%M}: check cohort and the sources"
        )
    return Rows(frame.sort("as_of", "lead_id"), features, horizons(config), until)


def scoring_rows(config: Config, tables: Tables, as_of: datetime) -> tuple[Rows, pl.DataFrame]:
    """The rows of all leads that are open at one instant, and why the other leads have none.

    Returns:
        The rows in the order of the lead list, and a frame ``lead_id``, ``reason``.
    """
    features, _ = usable_features(config, tables)
    if config.flat:
        return Rows(_list_matrix(config, tables, features), features, horizons(config)), _reasons([], "")
    work = partial(
        _scoring_bucket, config=config, features=features, best=_best(config, features), as_of=as_of
    )
    frame = buckets.in_turn(tables, buckets.bucket_count(tables["leads"].height), work)
    order = tables["leads"].select("lead_id")
    rows = order.join(frame, on="lead_id", how="left", maintain_order="left")
    asked = rows.filter(pl.col("as_of").is_not_null())
    left_out = rows.filter(pl.col("as_of").is_null()).select("lead_id")
    return Rows(asked, features, horizons(config)), _why(config, tables, left_out, as_of)


def observed_until(config: Config, tables: Tables) -> datetime:
    """Up to when outcomes are complete: declared, the label source's export, or its latest row.

    Raises:
        TrainingError: nothing says it.
    """
    source = LABEL_SOURCE[config.label.close]
    exported_at = config.sources[source].exported_at if source in config.sources else None
    known_at = stage(config, tables)[source]["known_at"].max() if source in tables else None
    until = config.label.observed_until or exported_at or known_at
    if config.label.observed_until and config.label.observed_until > (exported_at or latest_event(config)):
        raise ConfigError(
            f"{config.path}: label.observed_until is later than the export of {source}, or in the future: "
            "move it back, or leave it out"
        )
    if not isinstance(until, datetime):
        raise TrainingError(
            f"{config.path}: set label.observed_until: source {source} has no rows that tell it"
        )
    return until


def declared_attributes(config: Config) -> list[declared.Attribute]:
    """The attributes that may be trained on: no snapshots."""
    return [
        declared.Attribute(name, spec.kind, spec.known == "dated", spec.meaning, spec.meaning_zh, spec.unit)
        for name, spec in config.attributes.items()
        if spec.known != "snapshot" and not (config.flat and spec.kind == "date")
    ]


def stage(config: Config, tables: Tables) -> dict[str, pl.DataFrame]:
    """The canonical tables as features read them, from ``features.staging``."""
    if config.flat:
        return staging.stage_list(tables["leads"], _list_as_of(tables["leads"]), declared_attributes(config))
    return staging.stage_tables(tables, declared_attributes(config), config.timezone)


def outcomes_of(config: Config, staged: Tables) -> pl.DataFrame:
    """When each lead closed and was lost, by the configuration's label, from ``features.labels.outcomes``.

    Raises:
        ConfigError: the tables lack what the label needs.
    """
    label = config.label
    won = None
    if label.close == "outcome" and label.column:
        won = labels.is_won(label.column, label.won_values)
    try:
        return labels.outcomes(
            staged,
            label.close,
            label.won_stages,
            label.lost_stages if "stages" in staged else (),
            label.closed_at,
            won,
        )
    except ValueError as error:
        raise ConfigError(f"{config.path}: label: {error}") from None


def _tells_outcome(config: Config, staged: Tables) -> bool:
    """Whether the tables say who was won; a list to be scored need not have the outcome's columns."""
    label = config.label
    columns = {label.column, label.closed_at} if label.close == "outcome" else set()
    source = staged.get(LABEL_SOURCE[label.close])
    return source is not None and columns <= set(source.columns)


def _with_features(
    tables: Tables,
    staged: Tables,
    spine: pl.DataFrame,
    features: tuple[Feature, ...],
    best: tuple[CompiledScheme, ...],
) -> pl.DataFrame:
    matrix = build_matrix(staged, spine, (*features, *available([MANUAL_GRADE], staged)))
    for scheme in best:
        matrix = with_best_call(matrix, staged, features, scheme)
    hindsight = staging.hindsight_grades(tables) if "manual_grades" in tables else pl.DataFrame()
    if hindsight.is_empty():
        return matrix
    return matrix.join(hindsight, on="lead_id", how="left", maintain_order="left")


def _best(config: Config, features: tuple[Feature, ...]) -> tuple[CompiledScheme, ...]:
    return best_call_schemes(schemes_of(config), features)


def _training_bucket(
    tables: Tables,
    config: Config,
    features: tuple[Feature, ...],
    best: tuple[CompiledScheme, ...],
    until: datetime,
) -> pl.DataFrame:
    staged = stage(config, tables)
    outcomes = outcomes_of(config, staged)
    spine = cohort.open_leads(_cohort(config, staged, until), outcomes)
    if config.cohort.min_calls:
        spine = cohort.called_leads(spine, staged["calls"], config.cohort.min_calls)
    matrix = _with_features(tables, staged, spine, features, best)
    labelled = labels.label_rows(matrix, outcomes, config.horizons_days, until)
    return labels.with_closing_amount(labelled, staged, config.horizons_days[-1], 10**config.currency_digits)


def _cohort(config: Config, staged: Tables, until: datetime) -> pl.DataFrame:
    choice, leads = config.cohort, staged["leads"]
    match choice.at:
        case "monthly":
            return cohort.monthly(leads, until, config.timezone, choice.max_age_days)
        case "after_creation":
            return cohort.after_creation(leads, until, choice.days)
        case "stage_entry":
            return cohort.on_stage_entry(leads, staged["stages"], until, choice.stages)
        case "column":
            return cohort.from_column(leads, until, choice.column or "")


def _scoring_bucket(
    tables: Tables,
    config: Config,
    features: tuple[Feature, ...],
    best: tuple[CompiledScheme, ...],
    as_of: datetime,
) -> pl.DataFrame:
    staged = stage(config, tables)
    spine = cohort.at_instant(staged["leads"], as_of)
    if _tells_outcome(config, staged):
        spine = cohort.open_leads(spine, outcomes_of(config, staged))
    return _with_features(tables, staged, spine, features, best)


def _why(config: Config, tables: Tables, left_out: pl.DataFrame, as_of: datetime) -> pl.DataFrame:
    staged = stage(config, {**tables, "leads": tables["leads"].join(left_out, on="lead_id", how="semi")})
    existing = cohort.at_instant(staged["leads"], as_of)["lead_id"].to_list()
    later = left_out.filter(~pl.col("lead_id").is_in(existing))["lead_id"].to_list()
    return pl.concat(
        [
            _reasons(existing, "won or lost before the as-of: nothing to score"),
            _reasons(later, f"created after the as-of {as_of:%Y-%m-%d %H:%M}Z"),
        ]
    )


def _reasons(lead_ids: list[str], reason: str) -> pl.DataFrame:
    return pl.DataFrame(
        {"lead_id": lead_ids, "reason": [reason] * len(lead_ids)},
        schema={"lead_id": pl.String, "reason": pl.String},
    )


def _list_as_of(leads: pl.DataFrame) -> str:
    return "created_at" if "created_at" in leads.columns else "row_number"


def _list_matrix(config: Config, tables: Tables, features: tuple[Feature, ...]) -> pl.DataFrame:
    staged = stage(config, tables)
    order = tables["leads"]
    spine = staging.with_owner(order).with_columns(pl.col(_list_as_of(order)).alias("as_of"))
    kept = [
        column for column in ("lead_id", "owner_id", "as_of", "row_number", config.label.column) if column
    ]
    return build_matrix(staged, spine.select(c for c in dict.fromkeys(kept) if c in spine.columns), features)


def _list_rows(config: Config, tables: Tables, features: tuple[Feature, ...]) -> pl.DataFrame:
    matrix = _list_matrix(config, tables, features).sort("as_of", "row_number")
    return labels.label_list(matrix, config.label.column or "", config.label.won_values)
