"""Train, calibrate and test periods by time, and which labels may be learned from."""

from dataclasses import dataclass
from datetime import datetime

import polars as pl

from features import asof
from features.labels import CLOSING_AMOUNT, OUTCOME, closed_column, horizon_name, window_column
from pipeline.config.data import Split
from pipeline.errors import TrainingError

PERIODS = ("train", "calibrate", "test")


@dataclass(frozen=True)
class Periods:
    """First as-of of the calibration and of the test period: instants, or row numbers."""

    calibrate_from: datetime | int
    test_from: datetime | int

    def forward(self, end: datetime | int) -> "Periods":
        """Each period moved up by one: what was tested now calibrates, what calibrated now trains."""
        return Periods(self.test_from, end)


def find_periods(rows: pl.DataFrame, split: Split) -> Periods:
    """The declared period starts, or those at which the declared shares of the rows are reached.

    Args:
        rows: the matrix, with ``as_of``.
        split: the configuration's own.

    Raises:
        TrainingError: there are too few rows to cut, or the declared starts do not cut them.
    """
    if split.calibrate_from is not None and split.test_from is not None:
        return _declared(rows, Periods(split.calibrate_from, split.test_from))
    instants = rows["as_of"].sort()
    cuts = [int(rows.height * share) for share in (split.shares[0], split.shares[0] + split.shares[1])]
    if cuts[0] == 0 or cuts[1] <= cuts[0] or cuts[1] >= rows.height:
        raise TrainingError(f"{rows.height} rows cannot be cut into train, calibrate and test: add leads")
    calibrate_from, test_from = instants[cuts[0]], instants[cuts[1]]
    if calibrate_from == instants[0] or test_from == calibrate_from:
        raise TrainingError("too few different as-ofs to cut into train, calibrate and test periods by time")
    return Periods(calibrate_from, test_from)


def _declared(rows: pl.DataFrame, periods: Periods) -> Periods:
    kind, word = (int, "a row number") if rows["as_of"].dtype.is_integer() else (datetime, "a date")
    for name, start in (("calibrate_from", periods.calibrate_from), ("test_from", periods.test_from)):
        if not isinstance(start, kind):
            raise TrainingError(f"split.{name}: {start} is not {word}, as the rows' as-of is; write {word}")
    ordered = pl.select(asof.known(pl.lit(periods.calibrate_from), pl.lit(periods.test_from))).item()
    if not ordered:
        raise TrainingError("split.test_from must be later than split.calibrate_from")
    return periods


def assign_periods(
    rows: pl.DataFrame, periods: Periods, horizons_days: tuple[int, ...], gap_rows: int
) -> pl.DataFrame:
    """Add ``period`` and, for fitting, ``fit_window_30d``, ``fit_closed_30d``, ``fit_closing_amount``.

    A label is used for fitting only if its window ended before the first as-of of the test period; elsewhere,
    and in the whole test period, its ``fit_`` column is missing. Training and calibration period both teach,
    and what is known when the test period begins is known of both.

    Args:
        rows: the matrix in time order, with labels.
        periods: from ``find_periods``.
        horizons_days: ends of the windows; empty for a flat list.
        gap_rows: flat lists: rows before the test period whose outcome is not known when it begins.
    """
    as_of = pl.col("as_of")
    in_train = asof.known(as_of, pl.lit(periods.calibrate_from))
    in_calibrate = ~in_train & asof.known(as_of, pl.lit(periods.test_from))
    period = pl.when(in_train).then(pl.lit("train")).when(in_calibrate).then(pl.lit("calibrate"))
    dated = rows.with_columns(period.otherwise(pl.lit("test")).alias("period"))
    taught = pl.col("period") != "test"
    if horizons_days:
        told = [
            (days, label)
            for days in horizons_days
            for label in (window_column(horizon_name(days)), closed_column(horizon_name(days)))
        ]
        if CLOSING_AMOUNT in rows.columns:
            told.append((horizons_days[-1], CLOSING_AMOUNT))
        return dated.with_columns(
            pl.when(taught & asof.ripe(as_of, days, periods.test_from)).then(label).alias(f"fit_{label}")
            for days, label in told
        )
    known = taught & (pl.int_range(pl.len(), 0, -1).over(taught) > gap_rows)
    labels = (window_column(OUTCOME), closed_column(OUTCOME))
    return dated.with_columns(pl.when(known).then(label).alias(f"fit_{label}") for label in labels)
