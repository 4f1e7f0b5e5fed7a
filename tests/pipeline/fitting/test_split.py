"""Train, calibrate and test periods, and which labels each may learn from."""

# ruff: noqa: E501 - a drawn table is as wide as it is

import numpy as np
import pandas as pd
import polars as pl
import pytest
from support.tables_as_text import INSTANT, NAME, WHOLE, instant, parse

from features.catalog import catalog, features_of
from features.families.attributes import DeclaredAttribute
from pipeline.config.config import AttributeSettings, Config, LabelSettings, Model, Source, Threshold
from pipeline.config.data import Split
from pipeline.errors import TrainingError
from pipeline.fitting.fit import of_periods
from pipeline.fitting.split import Periods, assign_periods, find_periods
from pipeline.matrix.dataset import Rows
from pipeline.training.train import train_rows

AGE = DeclaredAttribute("age", "numeric")

PERIODS = Periods(instant("2024-04-01"), instant("2024-07-01"))
TYPES = {"as_of": INSTANT, "period": NAME} | dict.fromkeys(
    (
        f"{what}_{horizon}"
        for what in ("window", "closed", "fit_window", "fit_closed")
        for horizon in ("30d", "90d", "outcome")
    ),
    WHOLE,
)


def numbered(*as_ofs):
    return pl.DataFrame({"as_of": list(as_ofs)}, schema={"as_of": pl.Int64})


def check(text, periods=PERIODS, horizons_days=(30, 90), gap_rows=0, types=TYPES):
    """The drawn rows are their own answer: ``period`` and ``fit_`` columns are found again from the rest."""
    drawn = parse(text, types)
    found = ["period", *(name for name in drawn.columns if name.startswith("fit_"))]
    assigned = assign_periods(drawn.drop(found), periods, horizons_days, gap_rows)
    assert assigned.select(found).rows() == drawn.select(found).rows()


def test_a_period_begins_at_its_first_as_of():
    check(
        """
        as_of                      | window_30d | closed_30d | period
        2024-03-31 23:59:59.999999 | 0          | 0          | train
        2024-04-01                 | 0          | 0          | calibrate
        2024-06-30 23:59:59.999999 | 0          | 0          | calibrate
        2024-07-01                 | 0          | 0          | test
        2025-07-01                 | 0          | 0          | test
        """,
        horizons_days=(30,),
    )


def test_a_label_is_fitted_only_if_its_window_ended_before_the_test_period_began():
    """1 July is 30 days after 1 June and 90 after 2 April; the calibration period's first as-of cuts nothing."""
    check(
        """
        as_of                      | window_30d | window_90d | closed_30d | closed_90d | period    | fit_window_30d | fit_window_90d | fit_closed_30d | fit_closed_90d
        2024-01-02                 | 0          | 1          | 0          | 1          | train     | 0              | 1              | 0              | 1
        2024-03-02 00:00:00.000001 | 1          |            | 1          | 1          | train     | 1              |                | 1              | 1
        2024-03-31                 | 0          | 0          | 0          | 0          | train     | 0              | 0              | 0              | 0
        2024-04-01                 | 0          | 1          | 0          | 1          | calibrate | 0              | 1              | 0              | 1
        2024-04-02                 | 0          | 1          | 0          | 1          | calibrate | 0              | 1              | 0              | 1
        2024-04-02 00:00:00.000001 | 0          | 1          | 0          | 1          | calibrate | 0              |                | 0              |
        2024-06-01                 | 1          |            | 1          | 1          | calibrate | 1              |                | 1              |
        2024-06-01 00:00:00.000001 | 1          |            | 1          | 1          | calibrate |                |                |                |
        2024-07-01                 | 1          |            | 1          | 1          | test      |                |                |                |
        """
    )


def test_a_label_that_is_missing_stays_missing():
    check(
        """
        as_of      | window_30d | closed_30d | period | fit_window_30d | fit_closed_30d
        2024-01-02 |            | 1          | train  |                | 1
        2024-01-02 |            |            | train  |                |
        """,
        horizons_days=(30,),
    )


def test_the_labels_themselves_are_kept_for_evaluation():
    rows = parse("as_of | window_30d | closed_30d\n2024-07-01 | 1 | 1", TYPES)
    assert assign_periods(rows, PERIODS, (30,), 0).select("window_30d", "closed_30d").row(0) == (1, 1)


def test_forward_moves_each_period_up_by_one():
    end = instant("2025-01-01")
    assert PERIODS.forward(end) == Periods(instant("2024-07-01"), end)
    check(
        """
        as_of      | window_30d | closed_30d | period    | fit_window_30d | fit_closed_30d
        2024-04-01 | 0          | 0          | train     | 0              | 0
        2024-06-02 | 0          | 0          | train     | 0              | 0
        2024-07-01 | 1          | 1          | calibrate | 1              | 1
        2024-12-02 | 1          | 1          | calibrate | 1              | 1
        2024-12-03 | 1          | 1          | calibrate |                |
        """,
        periods=PERIODS.forward(end),
        horizons_days=(30,),
    )


@pytest.mark.parametrize("dated", [True, False])
def test_a_flat_list_is_fitted_again_up_to_its_very_last_row(dated):
    """Row numbers have gaps where rows were quarantined, and dates are no row numbers."""
    n = 600
    days = pl.int_range(1, n + 1, eager=True) * 2
    as_of = pl.lit(instant("2020-01-01")) + pl.duration(days=days) if dated else days
    closed = [i % 3 == 0 for i in range(n)]
    frame = pl.select(as_of.alias("as_of")).with_columns(
        pl.format("L{}", pl.int_range(n)).alias("lead_id"),
        pl.Series("age", [40.0 + 10 * won + i % 7 for i, won in enumerate(closed)]),
        pl.Series("window_outcome", closed).cast(pl.Int8),
        pl.Series("closed_outcome", closed).cast(pl.Int8),
    )
    config = Config(
        name="flat",
        flat=True,
        refit=True,
        sources={"leads": Source(path="x.csv")},
        attributes={"age": AttributeSettings(kind="numeric")},
        label=LabelSettings(close="outcome", column="y"),
        grades={"A": Threshold(at_least=0.3)},
        model=Model(max_trees=10, threads=1),
    )
    training = train_rows(config, Rows(frame, features_of(catalog([AGE]))[-1:], ("outcome",)), ())
    assert training.shipped_periods.calibrate_from == training.evaluation.periods.test_from
    again = assign_periods(frame, training.shipped_periods, (), 0)
    assert again["period"].value_counts(sort=True).rows() == [("train", 480), ("calibrate", 120)]


# Where the periods are cut


def test_declared_starts_are_taken_as_they_are():
    split = Split(calibrate_from=PERIODS.calibrate_from, test_from=PERIODS.test_from)
    rows = pl.DataFrame({"as_of": [instant("2024-01-01"), instant("2024-08-01")]})
    assert find_periods(rows, split) == PERIODS


def test_shares_cut_the_rows_in_time_order_whatever_order_they_come_in():
    rows = numbered(3, 1, 5, 2, 4, 10, 9, 7, 6, 8)
    assert find_periods(rows, Split(shares=(0.6, 0.2, 0.2))) == Periods(7, 9)
    assert find_periods(rows, Split(shares=(0.5, 0.3, 0.2))) == Periods(6, 9)


def test_rows_of_one_as_of_are_never_split_across_periods():
    """The cut falls among the threes, so all of them calibrate; then among the fives, so all of them test."""
    rows = numbered(1, 2, 2, 3, 3, 3, 3, 4, 5, 5)
    periods = find_periods(rows, Split(shares=(0.6, 0.3, 0.1)))
    assert periods == Periods(3, 5)
    rows = rows.with_columns(pl.lit(0).alias("window_outcome"), pl.lit(0).alias("closed_outcome"))
    assigned = assign_periods(rows, periods, (), 0)
    assert assigned["period"].to_list() == ["train"] * 3 + ["calibrate"] * 5 + ["test"] * 2


@pytest.mark.parametrize(
    "as_ofs",
    [(), (1,), (1, 2), (1, 1, 1, 1, 1, 1, 2, 3, 3, 3), (1, 2, 2, 2, 2), (1, 1, 1, 1, 1)],
    ids=["none", "one", "two", "no end of training", "no calibration", "one as-of"],
)
def test_too_few_rows_or_as_ofs_cannot_be_cut(as_ofs):
    split = Split(shares=(0.6, 0.2, 0.2)) if as_ofs != (1, 1, 1, 1, 1, 1, 2, 3, 3, 3) else None
    split = split or Split(shares=(0.4, 0.3, 0.3))
    with pytest.raises(TrainingError, match=r"too few|cannot be cut"):
        find_periods(numbered(*as_ofs), split)


def test_declared_starts_must_be_of_the_rows_own_kind():
    """A date for rows without dates, or a year for dates, would silently put every row into one period."""
    dates = Split(calibrate_from=PERIODS.calibrate_from, test_from=PERIODS.test_from)
    with pytest.raises(TrainingError, match=r"split\.calibrate_from: .* is not a row number"):
        find_periods(numbered(1, 2, 3), dates)
    years = Split(calibrate_from=2024, test_from=2025)
    with pytest.raises(TrainingError, match=r"split\.calibrate_from: 2024 is not a date"):
        find_periods(pl.DataFrame({"as_of": [instant("2024-01-01")]}), years)


@pytest.mark.parametrize("test_from", [2, 3])
def test_the_test_period_must_begin_after_the_calibration_period(test_from):
    with pytest.raises(TrainingError, match=r"split\.test_from must be later"):
        find_periods(numbered(1, 2, 3, 4), Split(calibrate_from=3, test_from=test_from))


# Flat lists

FLAT = {**TYPES, "as_of": WHOLE}


def test_a_flat_list_learns_from_every_row_of_a_period_by_default():
    check(
        """
        as_of | window_outcome | closed_outcome | period    | fit_window_outcome | fit_closed_outcome
        1     | 0              | 0              | train     | 0                  | 0
        2     | 1              | 1              | train     | 1                  | 1
        3     |                |                | calibrate |                    |
        4     | 1              | 1              | calibrate | 1                  | 1
        5     | 0              | 0              | test      |                    |
        """,
        periods=Periods(3, 5),
        horizons_days=(),
        types=FLAT,
    )


def test_a_gap_leaves_out_the_labels_of_the_last_rows_before_the_test_period():
    check(
        """
        as_of | window_outcome | closed_outcome | period    | fit_window_outcome | fit_closed_outcome
        1     | 0              | 0              | train     | 0                  | 0
        2     | 1              | 1              | train     | 1                  | 1
        3     | 1              | 1              | train     | 1                  | 1
        4     | 1              | 1              | calibrate | 1                  | 1
        5     | 0              | 0              | calibrate |                    |
        6     | 0              | 0              | calibrate |                    |
        7     | 0              | 0              | test      |                    |
        """,
        periods=Periods(4, 7),
        horizons_days=(),
        gap_rows=2,
        types=FLAT,
    )


def test_rows_of_a_period_that_stand_together_are_not_copied():
    frame = pd.DataFrame({"calls": np.arange(6.0), "period": ["train"] * 3 + ["calibrate"] * 2 + ["test"]})
    for period in ("train", "calibrate", "test"):
        rows = of_periods(frame, period)
        pd.testing.assert_frame_equal(rows, frame[frame["period"] == period])
        assert np.shares_memory(rows["calls"].to_numpy(), frame["calls"].to_numpy())
    apart = frame.iloc[[0, 3, 1]]
    assert of_periods(apart, "train")["calls"].tolist() == [0.0, 1.0]
    assert of_periods(frame.iloc[:3], "test").empty


def test_a_gap_longer_than_the_calibration_period_reaches_into_the_training_period():
    check(
        """
        as_of | window_outcome | closed_outcome | period    | fit_window_outcome | fit_closed_outcome
        1     | 0              | 0              | train     | 0                  | 0
        2     | 1              | 1              | train     |                    |
        3     | 1              | 1              | calibrate |                    |
        4     | 0              | 0              | test      |                    |
        """,
        periods=Periods(3, 4),
        horizons_days=(),
        gap_rows=2,
        types=FLAT,
    )
