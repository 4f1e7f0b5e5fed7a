"""The prefix protocol on a few made-up cases: order of events, labels, split, cuts and the mean AUC."""

from datetime import UTC, datetime, timedelta

import numpy as np
import polars as pl
import pytest
from benchmarks import prefixes

from features.staging import staging
from models.metrics.scores import auc

START = datetime(2024, 1, 1, tzinfo=UTC)
INSTANT = pl.Datetime("us", "UTC")

# Case, hours from START to each of its stages.
STAGES = {
    "a": [(0, "A_SUBMITTED"), (5, "O_CREATED"), (30, "O_ACCEPTED"), (30, "A_APPROVED")],
    "b": [(1, "A_SUBMITTED"), (6, "O_CANCELLED"), (7, "O_CREATED"), (9, "O_DECLINED")],
    "c": [(2, "A_SUBMITTED"), (8, "O_CREATED"), (20, "O_CANCELLED"), (21, "A_CANCELLED")],
    "d": [(3, "A_SUBMITTED"), (4, "O_CREATED"), (40, "O_SENT")],
    "e": [(24, "A_SUBMITTED"), (25, "O_CREATED"), (50, "O_CANCELLED")],
}
# Case, hours from START to the session's start, and its seconds.
SESSIONS = [("a", 1, 7200), ("a", 2, 60), ("b", 2, 0)]


def hours(number: float) -> datetime:
    return START + timedelta(hours=number)


@pytest.fixture
def staged():
    stages = [(case, hours(at), name) for case, events in STAGES.items() for at, name in events]
    calls = [(f"s{i}", case, hours(at), 1000 * s, "W_Call") for i, (case, at, s) in enumerate(SESSIONS)]
    tables = {
        "leads": pl.DataFrame(
            {"lead_id": list(STAGES), "created_at": [hours(events[0][0]) for events in STAGES.values()]},
            schema={"lead_id": pl.String, "created_at": INSTANT},
        ),
        "stages": pl.DataFrame(
            stages, schema={"lead_id": pl.String, "entered_at": INSTANT, "stage": pl.String}, orient="row"
        ),
        "calls": pl.DataFrame(
            calls,
            schema={
                "call_id": pl.String,
                "lead_id": pl.String,
                "started_at": INSTANT,
                "duration_ms": pl.Int64,
                "activity": pl.String,
            },
            orient="row",
        ),
    }
    return staging.stage_tables(tables)


@pytest.fixture
def log(staged):
    return prefixes.event_log(staged)


def events_of(log: pl.DataFrame, case: str) -> list[str]:
    return log.filter(pl.col("lead_id") == case).sort("k")["activity"].to_list()


def test_stages_and_both_ends_of_sessions_are_events_in_time_order(log):
    assert events_of(log, "a") == [
        "A_SUBMITTED",
        "W_Call start",
        "W_Call start",
        "W_Call end",
        "W_Call end",
        "O_CREATED",
        "A_APPROVED",
        "O_ACCEPTED",
    ]
    # A session of no length starts before it ends.
    assert events_of(log, "b")[:3] == ["A_SUBMITTED", "W_Call start", "W_Call end"]


def test_no_two_events_of_a_case_share_an_instant(log):
    assert log.select("lead_id", "at").is_unique().all()


def test_a_row_is_known_from_its_own_event_on(staged, log):
    apart = prefixes.told_apart(staged, log)
    for k, known in ((7, ["A_SUBMITTED", "O_CREATED", "A_APPROVED"]), (4, ["A_SUBMITTED"])):
        row = prefixes.cut_cases(log).filter((pl.col("lead_id") == "a") & (pl.col("k") == k))
        rows = apart["stages"].filter((pl.col("lead_id") == "a") & (pl.col("known_at") < row["as_of"].item()))
        assert rows["stage"].to_list() == known
    # At the fourth event the short session has ended, the long one has not.
    ended = apart["calls"].filter((pl.col("lead_id") == "a") & (pl.col("known_at") < row["as_of"].item()))
    assert ended["call_id"].to_list() == ["s1"]
    assert row["sessions_under_way"].item() == 1


def test_the_label_is_the_last_offer_event_and_open_offers_have_none(log):
    assert dict(prefixes.outcomes(log).iter_rows()) == {
        "a": "accepted",
        "b": "declined",
        "c": "cancelled",
        "e": "cancelled",
    }


def test_first_cases_by_start_train_and_forget_what_came_after_the_test_start(log):
    ended = log.join(prefixes.outcomes(log), on="lead_id", how="semi")
    split = prefixes.split_cases(ended)
    assert (split.train, split.test) == ({"a", "b", "c"}, {"e"})
    assert split.test_from == hours(24)
    kept = prefixes.strict(ended, split)
    assert events_of(kept, "a")[-1] == "O_CREATED"
    assert events_of(kept, "c")[-1] == "A_CANCELLED"
    assert events_of(kept, "e") == events_of(log, "e")


def test_a_case_has_a_row_for_each_of_its_events_and_counts_what_they_hold(log):
    rows = prefixes.cut_cases(log, longest=5)
    assert rows["k"].max() == 5
    assert dict(rows.group_by("lead_id").len().iter_rows()) == {"a": 5, "b": 5, "c": 4, "d": 3, "e": 3}
    of_a = rows.filter(pl.col("lead_id") == "a").sort("k")
    assert of_a["count of W_Call start"].to_list() == [0, 1, 2, 2, 2]
    assert of_a["count of W_Call end"].to_list() == [0, 0, 0, 1, 2]
    assert of_a["hours_since_start"][1] == 1.0


def test_rows_tell_from_the_first_event_that_looks_like_an_outcome(log):
    rows = prefixes.cut_cases(log)
    told = {case: rows.filter(pl.col("lead_id") == case).sort("k")["told"].to_list() for case in "bd"}
    assert told["b"] == [False, False, False, True, True, True]
    assert not any(told["d"])


def test_a_prefix_does_not_know_what_follows(log):
    shorter = log.filter(pl.col("k") <= 3)
    at_most_3 = prefixes.cut_cases(log).filter(pl.col("k") <= 3)
    assert prefixes.cut_cases(shorter).equals(at_most_3.select(prefixes.cut_cases(shorter).columns))


def test_mean_auc_weighs_each_length_by_its_cases_and_leaves_out_those_of_one_outcome():
    rng = np.random.default_rng(3)
    k = np.repeat([1, 2, 3], [40, 20, 5])
    y = np.concatenate([rng.integers(0, 2, 60), np.ones(5)])
    p = rng.random(65)
    by_length = [auc(y[k == length], p[k == length]) for length in (1, 2)]
    assert prefixes.mean_auc(k)(y, p) == pytest.approx((40 * by_length[0] + 20 * by_length[1]) / 60)
    # A case drawn twice counts twice.
    weights = np.where(k == 1, 2.0, 1.0)
    weighted = (80 * by_length[0] + 20 * by_length[1]) / 100
    assert prefixes.mean_auc(k)(y, p, weights) == pytest.approx(weighted)
    assert np.isnan(prefixes.mean_auc(k)(np.ones(65), p))
