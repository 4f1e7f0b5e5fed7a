"""The graded list at an instant as the scorer learned it, and rows whose outcomes have ripened by then."""

from dataclasses import replace
from datetime import datetime, timedelta

import polars as pl

from features import asof, cohort
from features.labels import closed_column, horizon_name
from features.tables import UTC_DATETIME
from pipeline.config.config import Config
from pipeline.fitting.split import Periods, assign_periods
from pipeline.intake.taken_in import TakenIn
from pipeline.matrix import dataset
from pipeline.matrix.dataset import Rows
from pipeline.matrix.outside import Limits
from pipeline.monitoring.arrivals import recent


def list_at(config: Config, taken: TakenIn, rows: Rows, as_of: datetime, days: int, limits: Limits) -> Rows:
    """The matrix of the leads that the cohort would hold at an instant: like is compared with like.

    Of a monthly cohort these are the leads that are open at the instant, within the limits of what the scorer
    learned from; of another cohort its ``rows`` of the last so many days.
    """
    if config.cohort.at != "monthly":
        return replace(rows, frame=recent(rows.frame, "as_of", as_of, days))
    return dataset.scoring_rows(config, taken, as_of, limits)


def calibration_rows(config: Config, rows: Rows, periods: Periods) -> pl.DataFrame:
    """The rows of the calibration period, with the labels that were learned (``fit_closed_30d``)."""
    assigned = assign_periods(rows.frame, periods, config.horizons_days, config.split.gap_rows)
    return assigned.filter(pl.col("period") == "calibrate")


def lists_of(config: Config, frame: pl.DataFrame, instants: list[datetime], days: int) -> list[pl.DataFrame]:
    """The same from a cohort's rows: those at each instant, or of the last so many days before it."""
    if config.cohort.at == "monthly":
        return [frame.filter(pl.col("as_of") == instant) for instant in instants]
    return [recent(frame, "as_of", instant, days) for instant in instants]


def instants_of(config: Config, frame: pl.DataFrame, periods: Periods) -> list[datetime]:
    """When the calibration period is looked at: at the cohort's own instants, or its months' starts.

    Where no month begins in it, or none after a row: once, right after its last row.
    """
    if config.cohort.at == "monthly":
        return list(frame["as_of"].unique().sort())
    starts = calibration_month_starts(config, periods)
    held = [not one.is_empty() for one in lists_of(config, frame, starts, config.monitor.period_days)]
    last = frame["as_of"].max()
    after_last = [last + timedelta(microseconds=1)] if isinstance(last, datetime) else []
    return [start for start, some in zip(starts, held, strict=True) if some] or after_last


def calibration_month_starts(config: Config, periods: Periods) -> list[datetime]:
    """Local midnights of the months' first days in the calibration period."""
    since, until = periods.calibrate_from, periods.test_from
    if not isinstance(since, datetime) or not isinstance(until, datetime):
        return []
    months = pl.Series("at", cohort.month_starts(since, until, config.timezone), UTC_DATETIME).to_frame()
    asked = asof.exists(pl.lit(since), pl.col("at")) & asof.known(pl.col("at"), pl.lit(until))
    return list(months.filter(asked)["at"])


def ripened(config: Config, rows: Rows, since: datetime, as_of: datetime) -> pl.DataFrame:
    """The cohort's rows from ``since`` on, with the labels known at ``as_of``, the others missing."""
    frame = rows.frame.filter(
        asof.exists(pl.lit(since), pl.col("as_of")) & asof.known(pl.col("as_of"), pl.lit(as_of))
    )
    labels = {days: closed_column(horizon_name(days)) for days in config.horizons_days}
    return frame.with_columns(
        pl.when(asof.ripe(pl.col("as_of"), days, as_of)).then(label).alias(label)
        for days, label in labels.items()
    )


def newest(config: Config, frame: pl.DataFrame, days: int) -> pl.DataFrame:
    """The same with each label only on the newest rows that have it: of one instant, or of so many days."""
    labels = [closed_column(horizon_name(one)) for one in config.horizons_days]
    return frame.with_columns(_newest(config, label, days).alias(label) for label in labels)


def _newest(config: Config, label: str, days: int) -> pl.Expr:
    last = pl.col("as_of").filter(pl.col(label).is_not_null()).max()
    if config.cohort.at == "monthly":
        return pl.when(pl.col("as_of") == last).then(label)
    return pl.when(asof.younger_than(pl.col("as_of"), last, days)).then(label)
