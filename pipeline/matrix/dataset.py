"""From a configuration to rows: sources read and checked, cohort, matrix and labels.

Training and scoring both start here and build their rows by the same function.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Self

import pandas as pd
import polars as pl
import pyarrow as pa

from features import asof, cohort, labels
from features.catalog import MANUAL_GRADE, MANUAL_GRADE_AGENT, available
from features.closes import UNKNOWN
from features.feature import Feature
from features.matrix.build import build_matrix
from features.schemes.best_call import with_best_call
from features.schemes.compiled import CompiledScheme
from features.staging import staging
from pipeline.config.config import Config
from pipeline.errors import TrainingError
from pipeline.intake.outcomes import complete_until, label_tables, outcomes_of, tells_outcome
from pipeline.intake.staged_tables import Tables, list_as_of, stage, usable_features
from pipeline.intake.taken_in import TakenIn
from pipeline.intake.unused_rows import UNUSED
from pipeline.language.sentence import Sentence
from pipeline.matrix.outside import MARKS, OUTSIDE, Limits, marked
from pipeline.schemes.scheme_files import schemes_of
from pipeline.schemes.scheme_grades import best_call_schemes


@dataclass(frozen=True)
class Rows:
    """Rows of the as-of matrix.

    Attributes:
        frame: keys, features, ``manual_grade`` and ``manual_grade_agent`` where there are dated ones, and
            labels when training.
        features: the model's inputs.
        horizons: names of the horizons.
        observed_until: outcomes are complete up to here; none for a flat list and for scoring.
    """

    frame: pl.DataFrame
    features: tuple[Feature, ...]
    horizons: tuple[str, ...]
    observed_until: datetime | None = None

    def without(self, dropped: Collection[str]) -> "Rows":
        """The same rows, for those that learn from them without some features; rules still read all."""
        return replace(self, features=tuple(one for one in self.features if one.name not in dropped))


def to_pandas(frame: pl.DataFrame) -> pd.DataFrame:
    """The rows for the models: flags as 0, 1 or missing, since a pandas flag cannot be missing.

    Example:
        >>> to_pandas(pl.DataFrame({"asked": [True, None]}))["asked"].tolist()
        [1.0, nan]
    """
    flags = pl.col(pl.Boolean).cast(pl.Float64)
    # Arrow's own pool would keep the memory of a frame that is gone.
    return frame.with_columns(flags).to_pandas(memory_pool=pa.system_memory_pool())


def horizons(config: Config) -> tuple[str, ...]:
    """Names of the configuration's horizons."""
    return (labels.OUTCOME,) if config.flat else tuple(map(labels.horizon_name, config.horizons_days))


def training_rows(config: Config, taken: TakenIn) -> Rows:
    """The cohort's rows with features and labels, sorted by as-of and lead; a flat list's as it came.

    Raises:
        TrainingError: the cohort is empty or nothing of it has ripened.
    """
    features, _ = usable_features(config, taken.heads)
    until = None if config.flat else complete_until(config, taken.latest)
    work = partial(training_bucket, config=config, features=features, until=until)
    frame = pl.concat(taken.each(work), how="diagonal")
    if until is not None and frame.is_empty():
        raise TrainingError(
            Sentence(
                "no lead is in the cohort before {until:%Y-%m-%d %H:%M}: check cohort and the sources",
                until=until,
            )
        )
    place = "row_number" if config.flat else "lead_id"
    return Rows(frame.sort("as_of", place), features, horizons(config), until)


@dataclass(frozen=True)
class ListRows:
    """Which rows a list to be scored has: of all leads that are open at one instant.

    Attributes:
        config: the configuration.
        features: what the tables allow.
        best: the schemes that grade the best call of a window.
        as_of: the instant; of a flat list each row has its own.
        limits: within which a lead is like those that were learned from; nobody is marked without.
    """

    config: Config
    features: tuple[Feature, ...]
    best: tuple[CompiledScheme, ...]
    as_of: datetime
    limits: Limits | None = None

    @classmethod
    def of(cls, config: Config, tables: Tables, as_of: datetime) -> Self:
        """What is asked of these tables, which may be without rows."""
        features, _ = usable_features(config, tables)
        best = () if config.flat else _best(config, features)
        return cls(config, features, best, as_of)

    @property
    def horizons(self) -> tuple[str, ...]:
        """Names of the horizons."""
        return horizons(self.config)

    def rows(self, tables: Tables) -> pl.DataFrame:
        """Keys and features of the open leads of a bucket, in the order of the lead list.

        ``has_history`` tells whether anything but the lead's own attributes was known, ``outside.MARKS``
        whether it is outside of the limits, if there are any to be told.
        """
        if self.config.flat:
            return _list_matrix(self.config, tables, self.features)
        staged = stage(self.config, tables, self.features)
        spine = cohort.at_instant(staged["leads"], self.as_of)
        if tells_outcome(self.config, staged):
            found = outcomes_of(self.config, staged, tables.get(UNUSED))
            spine = cohort.known_leads(cohort.open_leads(spine, found), found)
        spine = cohort.with_history(spine, staged)
        if self.limits is not None:
            spine = marked(spine, staged, self.limits)
        frame = _with_features(tables, staged, spine, self.features, self.best)
        order = tables["leads"].select("lead_id")
        return order.join(frame, on="lead_id", how="inner", maintain_order="left")

    def left_out(self, tables: Tables, rows: pl.DataFrame) -> pl.DataFrame:
        """The leads of a bucket without a row, and why: ``lead_id``, ``row_number``, ``reason``."""
        leads = tables["leads"].join(rows.select("lead_id"), on="lead_id", how="anti", maintain_order="left")
        exists = asof.exists(pl.col("created_at"), pl.lit(self.as_of)) if len(leads) else pl.lit(value=True)
        later = pl.lit(f"created after the as-of {self.as_of:%Y-%m-%d %H:%M}Z")
        ended = pl.lit("won or lost before the as-of: nothing to score")
        told = leads.join(self._not_told(tables, leads), on="lead_id", how="left", maintain_order="left")
        reason = pl.when(~exists).then(later).otherwise(pl.coalesce("reason", ended))
        return told.select("lead_id", pl.col("^row_number$"), reason.alias("reason"))

    def _not_told(self, tables: Tables, left: pl.DataFrame) -> pl.DataFrame:
        """The leads that would be open by what is dated, and why they are not asked about all the same."""
        nobody = pl.DataFrame(schema={"lead_id": pl.String, "reason": pl.String})
        if left.is_empty() or self.config.flat:
            return nobody
        staged = stage(self.config, label_tables(self.config, tables), ())
        if not tells_outcome(self.config, staged):
            return nobody
        found = outcomes_of(self.config, staged, tables.get(UNUSED))
        spine = cohort.open_leads(cohort.at_instant(staged["leads"], self.as_of), found)
        known = cohort.known_leads(spine, found)
        unknown = pl.lit("an outcome of it could not be used: nobody can say whether it is open")
        won = pl.lit("won, nobody knows when: nothing to score")
        return (
            spine.join(known, on="lead_id", how="anti")
            .join(found.leads, on="lead_id")
            .select("lead_id", pl.when(UNKNOWN).then(unknown).otherwise(won).alias("reason"))
        )


def scoring_rows(config: Config, taken: TakenIn, as_of: datetime, limits: Limits | None = None) -> Rows:
    """The rows of all leads that are open at one instant, in the order of the lead list.

    Args:
        config: the configuration.
        taken: the sources.
        as_of: the instant.
        limits: only leads within them; all when left out.
    """
    asked = replace(ListRows.of(config, taken.heads, as_of), limits=limits)

    def rows(tables: Tables) -> pl.DataFrame:
        found = asked.rows(tables)
        return found if limits is None else found.filter(~pl.col(OUTSIDE)).drop(MARKS)

    frame = pl.concat(taken.each(rows), how="diagonal")
    ordered = taken.order.join(frame, on="lead_id", how="inner", maintain_order="left")
    return Rows(ordered, asked.features, asked.horizons)


def _with_features(
    tables: Tables,
    staged: Tables,
    spine: pl.DataFrame,
    features: tuple[Feature, ...],
    best: tuple[CompiledScheme, ...],
) -> pl.DataFrame:
    given = available([MANUAL_GRADE, MANUAL_GRADE_AGENT], staged)
    matrix = build_matrix(staged, spine, (*features, *given))
    for scheme in best:
        matrix = with_best_call(matrix, staged, features, scheme)
    hindsight = staging.hindsight_grades(tables) if "manual_grades" in tables else pl.DataFrame()
    if hindsight.is_empty():
        return matrix
    return matrix.join(hindsight, on="lead_id", how="left", maintain_order="left")


def _best(config: Config, features: tuple[Feature, ...]) -> tuple[CompiledScheme, ...]:
    return best_call_schemes(schemes_of(config), features)


def training_bucket(
    tables: Tables, config: Config, features: tuple[Feature, ...], until: datetime | None
) -> pl.DataFrame:
    """The cohort's rows of a bucket with features and labels, by as-of and lead; of a flat list all rows.

    Args:
        tables: of the bucket.
        config: the configuration.
        features: the columns to make.
        until: outcomes are complete up to here; a flat list tells each row's.
    """
    if until is None or config.flat:
        matrix = _list_matrix(config, tables, features)
        return labels.label_list(matrix, config.label.column or "", config.label.won_values)
    best = _best(config, features)
    staged = stage(config, tables, features)
    outcomes = outcomes_of(config, staged, tables.get(UNUSED))
    spine = cohort.open_leads(_cohort(config, staged, until), outcomes)
    if config.label.observed_from is not None:
        spine = cohort.since(spine, config.label.observed_from)
    if config.cohort.min_calls:
        spine = cohort.called_leads(spine, staged["calls"], config.cohort.min_calls)
    matrix = _with_features(tables, staged, spine, features, best)
    labelled = labels.label_rows(matrix, outcomes, config.horizons_days, until)
    closing = staged
    if outcomes.again is not None:
        closing = {"closing_orders": outcomes.again}
    return labels.with_closing_amount(labelled, closing, config.horizons_days[-1], 10**config.currency_digits)


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


def _list_matrix(config: Config, tables: Tables, features: tuple[Feature, ...]) -> pl.DataFrame:
    staged = stage(config, tables)
    order = tables["leads"]
    spine = staging.with_owner(order).with_columns(pl.col(list_as_of(order)).alias("as_of"))
    kept = [
        column for column in ("lead_id", "owner_id", "as_of", "row_number", config.label.column) if column
    ]
    return build_matrix(staged, spine.select(c for c in dict.fromkeys(kept) if c in spine.columns), features)
