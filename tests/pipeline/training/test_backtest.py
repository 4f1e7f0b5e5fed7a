"""Backtests: where they refit, what each refit may know, and how its predictions are judged."""

from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import polars as pl
import pytest
from sklearn.metrics import brier_score_loss, roc_auc_score
from support.planted_rows import MODEL, config_of, dated_rows, flat_rows, with_frame
from support.tables_as_text import instant

from pipeline.config.data import Split
from pipeline.errors import ConfigError, TrainingError
from pipeline.fitting.periods import Slices
from pipeline.training import backtest as rolling
from pipeline.training.backtest import backtest_rows, scores_by
from pipeline.training.calendar_spans import Span
from pipeline.training.origins import Origin, Plan, find_origins
from pipeline.training.train import train_rows

SHANGHAI = ZoneInfo("Asia/Shanghai")


def plan(window=None, step=None, last=None, expanding=False):
    spans = [None if text is None else Span.read(text) for text in (window, step)]
    return Plan(*spans, last, expanding)


def origins(config, rows, *args, **kwargs):
    return find_origins(Slices(config, rows), plan(*args, **kwargs))


@pytest.fixture(scope="module")
def listed():
    return flat_rows(1000)


@pytest.fixture(scope="module")
def flat():
    return config_of(flat=True, split=Split(shares=(0.6, 0.2, 0.2)))


@pytest.fixture(scope="module")
def leads():
    return dated_rows(24, 60)


@pytest.fixture(scope="module")
def dated():
    return config_of(flat=False, split=Split(shares=(0.5, 0.25, 0.25)))


# Spans


@pytest.mark.parametrize("text", ["", "0", "0m", "-3", "m", "1.5m", "12 months", "1e3", "101y", "１m"])
def test_what_is_no_span_is_refused(text):
    with pytest.raises(ValueError, match="12m"):
        Span.read(text)


@pytest.mark.parametrize(
    ("text", "earlier"),
    [
        ("1m", "2024-02-29 16:00"),
        ("30d", "2024-03-01 16:00"),
        ("2w", "2024-03-17 16:00"),
        ("1y", "2023-03-31 16:00"),
    ],
)
def test_a_span_goes_back_by_the_calendar_of_the_zone(text, earlier):
    """31 March 16:00 UTC is 1 April in Shanghai."""
    assert Span.read(text).before(instant("2024-03-31 16:00"), SHANGHAI) == instant(earlier)


def test_a_day_across_a_clock_change_ends_at_the_same_hour():
    amsterdam = ZoneInfo("Europe/Amsterdam")
    assert Span.read("1d").before(instant("2024-03-31 22:00"), amsterdam) == instant("2024-03-30 23:00")


@pytest.mark.parametrize(("text", "start"), [("1m", "2024-03-31 16:00"), ("1d", "2024-03-02 16:00")])
def test_the_next_start_lies_after_the_instant_even_if_that_is_one(text, start):
    assert Span.read(text).next_start(instant("2024-03-01 16:00"), SHANGHAI) == instant(start)


# Origins


def test_a_rolling_window_over_a_list_is_cut_in_rows(flat, listed):
    """The split's own calibration is a quarter of what lies before its test; the last step is shorter."""
    assert origins(flat, listed, "600", "100", 250) == [
        Origin(150, 600, 750, 850),
        Origin(250, 700, 850, 950),
        Origin(350, 800, 950, 1000),
    ]


def test_an_expanding_window_begins_with_the_first_row(flat, listed):
    found = origins(flat, listed, "600", "200", expanding=True)
    assert found == [Origin(0, 450, 600, 800), Origin(0, 650, 800, 1000)]


def test_without_a_window_the_first_origin_is_the_configured_test(flat, listed):
    assert origins(flat, listed)[0] == Origin(0, 600, 800, 900)


def test_rows_without_an_outcome_are_neither_learned_from_nor_judged(flat, listed):
    some = (pl.int_range(pl.len()) % 2 == 0) & (pl.int_range(pl.len()) >= 500)
    labels = [pl.when(~some).then(name).alias(name) for name in ("closed_outcome", "window_outcome")]
    found = origins(flat, with_frame(listed, listed.frame.with_columns(labels)), "600", "100", 150)
    assert [origin.at for origin in found] == [600, 700]


def test_origins_of_dated_leads_are_firsts_of_months(dated, leads):
    """December 2024 is not ripe by 30 days before January 2025 but for its first."""
    found = origins(dated, leads, "12m", last=2)
    assert [(one.since, one.at, one.until) for one in found] == [
        (instant("2023-11-01"), instant("2024-11-01"), instant("2024-12-01")),
        (instant("2023-12-01"), instant("2024-12-01"), instant("2025-01-01")),
    ]


def test_the_calibration_part_has_its_configured_share_and_stays_as_long_where_windows_expand(dated, leads):
    """The split gives training 12 months and calibration 6: a third of the window."""
    rolled = origins(dated, leads, "12m", last=3)
    grown = origins(dated, leads, "12m", last=3, expanding=True)
    days = [(one.at - one.calibrate_from).days for one in rolled]
    assert days == pytest.approx([365 / 3] * 3, abs=1.5)
    assert [(one.calibrate_from, one.at) for one in grown] == [(one.calibrate_from, one.at) for one in rolled]
    assert {one.since for one in grown} == {instant("2023-01-01")}


def test_a_step_without_leads_has_no_origin(dated, leads):
    found = origins(dated, leads, "12m", "1w")
    assert all(one.at.day == 1 or one.until.day <= 8 for one in found)
    assert 10 <= len(found) <= 13


@pytest.mark.parametrize(
    ("args", "words"),
    [
        ({"window": "1000"}, "--window 999 or less"),
        ({"window": "900", "last": 101}, "--last 100 or less"),
        ({"last": 2000}, "--last 200 or less"),
    ],
)
def test_a_list_too_short_for_the_window_is_told_with_what_would_do(flat, listed, args, words):
    with pytest.raises(TrainingError, match=words):
        origins(flat, listed, **args)
    would_do = words.split()
    changed = {**args, would_do[0].strip("-"): would_do[1]}
    assert origins(flat, listed, changed.get("window"), last=int(changed.get("last", 1)))


@pytest.mark.parametrize(
    ("args", "words"),
    [
        ({"window": "3y"}, "or less would do"),
        ({"window": "5m"}, "or longer|would do"),
        ({"window": "12m", "last": 40}, "--last 12"),
    ],
)
def test_dated_leads_too_few_for_the_window_are_told_with_what_would_do(dated, leads, args, words):
    with pytest.raises(TrainingError, match=words):
        origins(dated, leads, **args)


def test_the_window_said_to_be_long_enough_is_and_a_day_less_is_not(dated, leads):
    with pytest.raises(TrainingError, match="must ripen in each") as told:
        origins(dated, leads, "60d")
    days = int(str(told.value).split("--window ")[2].split("d ")[0])
    assert origins(dated, leads, f"{days}d")
    with pytest.raises(TrainingError, match="must ripen in each"):
        origins(dated, leads, f"{days - 4}d")


def test_a_span_of_the_other_kind_is_refused(flat, listed, dated, leads):
    with pytest.raises(ConfigError, match=r"--window 12m: a flat list counts in rows"):
        origins(flat, listed, "12m")
    with pytest.raises(ConfigError, match=r"--step 10: dated leads need a unit"):
        origins(dated, leads, "12m", "10")


# Predictions


@pytest.fixture(scope="module")
def rolled(flat, listed):
    return backtest_rows(flat, listed, (), plan("600", "70", 250))


def test_the_last_n_rows_are_predicted_each_once_and_in_order(rolled, listed):
    assert rolled.predictions["lead_id"].to_list() == listed.frame["lead_id"][-250:].to_list()
    assert rolled.predictions["origin"].unique().tolist() == [751, 821, 891, 961]


@pytest.fixture(scope="module")
def monthly(dated, leads):
    """Of every month that has a year before it."""
    return backtest_rows(dated, leads, (), plan("12m")).predictions


def test_every_dated_row_with_an_outcome_is_predicted_once(monthly, leads):
    found = monthly
    since = found["origin"].min()
    due = leads.frame.filter((pl.col("as_of") >= since) & pl.col("closed_30d").is_not_null())
    assert found["lead_id"].to_list() == due["lead_id"].to_list()
    assert (found["as_of"] >= found["origin"]).all()
    assert found["closed_60d"].isna().any(), "rows whose later window is not ripe are there too"


def test_a_refit_is_the_training_of_its_periods(flat, listed):
    """One origin at the configured test, one step over all of it: the numbers of ``train``, to the bit."""
    trained = train_rows(flat, listed, ()).evaluation.rows
    found = backtest_rows(flat, listed, (), plan(step="200")).predictions
    np.testing.assert_array_equal(found["p_outcome"], trained["p_outcome"])
    assert found["grade"].to_list() == trained["grade"].to_list()


def test_no_outcome_of_a_list_from_an_origin_on_changes_its_predictions(flat, listed, rolled):
    flip = pl.int_range(pl.len()) >= 820
    labels = [
        pl.when(flip).then(1 - pl.col(name)).otherwise(name).alias(name)
        for name in ("closed_outcome", "window_outcome")
    ]
    poisoned = backtest_rows(
        flat, with_frame(listed, listed.frame.with_columns(labels)), (), plan("600", "70", 250)
    )
    early = rolled.predictions["origin"] <= 821
    told, clean = poisoned.predictions["p_outcome"], rolled.predictions["p_outcome"]
    pd.testing.assert_series_equal(told[early], clean[early])
    assert (told[~early] != clean[~early]).all(), "the poison must bite"


@pytest.mark.parametrize("at", ["2024-09-01", "2024-10-01"])
def test_no_window_that_ends_after_an_origin_changes_its_predictions(dated, leads, monthly, at):
    """Flipping every label that was not yet known at the origin leaves it as it was; the next one not."""
    clean = monthly
    labels = [
        pl.when(pl.col("as_of") + pl.duration(days=days) > instant(at))
        .then(1 - pl.col(name))
        .otherwise(name)
        .alias(name)
        for days in (30, 60)
        for name in (f"closed_{days}d", f"window_{days}d")
    ]
    poisoned = backtest_rows(
        dated, with_frame(leads, leads.frame.with_columns(labels)), (), plan("12m")
    ).predictions
    early, columns = clean["origin"] <= pd.Timestamp(instant(at)), ["p_30d", "p_60d", "score"]
    pd.testing.assert_frame_equal(poisoned.loc[early, columns], clean.loc[early, columns])
    assert not poisoned.loc[~early, columns].equals(clean.loc[~early, columns])


def test_features_of_later_rows_change_nothing_before(flat, listed, rolled):
    frame = listed.frame.with_columns(
        pl.when(pl.int_range(pl.len()) >= 900).then(99.0).otherwise("x").alias("x")
    )
    poisoned = backtest_rows(flat, with_frame(listed, frame), (), plan("600", "70", 250)).predictions
    early = rolled.predictions["origin"] + 70 <= 901
    np.testing.assert_array_equal(poisoned["score"][early][:140], rolled.predictions["score"][early][:140])


def test_a_window_with_too_few_closes_is_told_before_anything_is_fitted(flat, listed, monkeypatch):
    monkeypatch.setattr(rolling, "fit_scorer", lambda *_: pytest.fail("fitted"))
    with pytest.raises(TrainingError, match=r"backtest: .*too little to train on.*--window"):
        backtest_rows(flat, listed, (), plan("80", "10", 100))


def test_the_matrix_is_made_ready_once(flat, listed, monkeypatch):
    made = []
    monkeypatch.setattr(rolling, "Slices", lambda *args: made.append(args) or Slices(*args))
    backtest_rows(flat, listed, (), plan("600", "100"))
    assert len(made) == 1


# Judging


def test_all_predictions_are_judged_together(rolled):
    closed, p = rolled.predictions["closed_outcome"], rolled.predictions["p_outcome"]
    board = rolled.board.set_index("metric")
    assert board.loc["auc", "value"] == pytest.approx(roc_auc_score(closed, p))
    assert board.loc["brier", "value"] == pytest.approx(brier_score_loss(closed, p))
    assert board.loc["auc", "low"] < board.loc["auc", "value"] < board.loc["auc", "high"]
    assert set(board["rows"]) == {250}


def test_a_period_is_judged_by_its_own_predictions(rolled):
    by_period = rolled.by_period.set_index("period")
    assert by_period["rows"].to_dict() == {751: 70, 821: 70, 891: 70, 961: 40}
    part = rolled.predictions[rolled.predictions["origin"] == 821]
    assert by_period.loc[821, "auc"] == pytest.approx(
        roc_auc_score(part["closed_outcome"], part["p_outcome"])
    )
    assert by_period.loc[821, "promised"] == pytest.approx(part["p_outcome"].mean())
    assert by_period.loc[821, "rate"] == pytest.approx(part["closed_outcome"].mean())


def test_many_origins_are_told_in_few_periods(flat, listed):
    found = backtest_rows(
        flat.with_model(MODEL.model_copy(update={"max_trees": 5})), listed, (), plan("600", "20")
    )
    assert found.predictions["origin"].nunique() == 20
    assert len(found.by_period) == 10
    assert found.by_period["rows"].sum() == len(found.predictions) == 400


def test_days_since_the_first_call_are_told_in_bins(dated, leads):
    found = backtest_rows(dated, leads, (), plan("12m", last=6))
    months = found.by_days[found.by_days["horizon"] == "30d"].set_index("days_since_first_call")
    assert months.index.to_list() == ["0-7", "7-30", "30-90", "90-365", "365 and more", "no call"]
    days = leads.frame.filter(pl.col("lead_id").is_in(found.predictions["lead_id"].to_list()))
    assert months.loc["no call", "rows"] == days["days_since_first_call"].null_count()
    assert months.loc["7-30", "rows"] == days["days_since_first_call"].is_between(7, 30, closed="left").sum()


def test_what_is_not_defined_is_missing():
    predicted = pd.DataFrame({"g": ["a", "a", "b"], "p_x": [0.1, 0.2, 0.3], "closed_x": [0, 0, None]})
    found = scores_by(predicted, "g", ("x",))
    assert found["g"].to_list() == ["a"]
    assert np.isnan(found["auc"]).all()
