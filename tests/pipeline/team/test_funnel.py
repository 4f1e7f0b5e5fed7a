"""What a funnel holds, and how it moves."""

from datetime import UTC, date, datetime, timedelta

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from pipeline.config.reports import Funnel
from pipeline.team.funnel import NO_STAGE, funnel, layers_of, stays, weekly_moves

NOW = datetime(2026, 7, 1, tzinfo=UTC)
TIME = pl.Datetime("us", "UTC")
LAYERS = ("new", "offer", "won")


def tables(entries, leads):
    stages = pl.DataFrame(
        [(lead, stage, NOW - timedelta(days=ago)) for lead, stage, ago in entries],
        schema={"lead_id": pl.String, "stage": pl.String, "known_at": TIME},
        orient="row",
    ).sort("lead_id", "known_at")
    listed = pl.DataFrame({"lead_id": leads}, schema={"lead_id": pl.String}).with_columns(
        pl.lit(NOW - timedelta(days=400)).cast(TIME).alias("created_at")
    )
    return stages, listed


def told(entries, leads, rules=None, layers=LAYERS):
    moves = stays(*tables(entries, leads))
    ordered = layers_of(moves, layers, ["won"])
    return funnel(moves, ordered, ["won"], rules or Funnel(), NOW)


def test_a_lead_is_in_its_newest_layer_and_converts_by_a_deeper_one():
    entries = [("L1", "new", 30), ("L1", "offer", 20), ("L2", "new", 10), ("L3", "new", 50), ("L3", "won", 8)]
    table = told(entries, ["L1", "L2", "L3", "L4"])
    rows = {row["layer"]: row for row in table.to_dicts()}
    assert [rows[one]["leads"] for one in (NO_STAGE, *LAYERS)] == [1, 1, 1, 1]
    assert (rows["new"]["entered"], rows["new"]["on"], rows["new"]["conversion"]) == (3, 2, 2 / 3)
    assert rows["new"]["days"] == (10 + 42) / 2
    assert (rows["offer"]["on"], rows["offer"]["days"]) == (0, None)
    # In the newest four weeks: into new L2, into offer L1, out of new L1 and L3.
    assert (rows["new"]["in_week"], rows["new"]["out_week"], rows["offer"]["in_week"]) == (0.25, 0.5, 0.25)


def test_a_lead_that_went_back_is_where_it_is_and_has_converted_once():
    entries = [
        ("L1", "new", 30),
        ("L1", "offer", 20),
        ("L1", "new", 10),
        ("L1", "offer", 5),
        ("L1", "new", 1),
    ]
    rows = {row["layer"]: row for row in told(entries, ["L1"]).to_dicts()}
    assert (rows["new"]["leads"], rows["new"]["entered"], rows["new"]["on"]) == (1, 1, 1)
    assert (rows["offer"]["leads"], rows["offer"]["on"]) == (0, 0)


def test_a_layer_that_gets_far_fewer_leads_than_before_runs_dry():
    steady = [(f"L{n}", "new", 1 + n) for n in range(100)]
    assert set(told(steady, [])["warning"]) == {""}
    dry = [(lead, stage, ago) for lead, stage, ago in steady if ago > 20]
    warned = told(dry, []).filter(pl.col("warning") != "")
    assert warned["layer"].to_list() == ["new"]
    assert set(told(dry, [], Funnel(least_per_week=20.0))["warning"]) == {""}


def test_a_layer_with_less_than_a_week_s_moves_left_runs_dry():
    entries = [(f"L{n}", "offer", n / 3 + 5) for n in range(80)] + [
        (f"L{n}", "won", n / 3 + 1) for n in range(80)
    ]
    assert told(entries, []).filter(pl.col("warning") != "")["layer"].to_list() == ["offer"]


def test_layers_stand_in_the_team_s_order_or_in_that_of_entry():
    moves = stays(*tables([("L1", "b", 9), ("L1", "a", 5), ("L2", "b", 4), ("L2", "won", 1)], ["L3"]))
    assert layers_of(moves, (), ["won"]) == [NO_STAGE, "b", "a", "won"]
    assert layers_of(moves, ("a", "x"), ["won"]) == [NO_STAGE, "a", "x", "b", "won"]


def test_weeks_begin_on_monday_in_the_team_s_zone():
    # 2026-06-28 is a Sunday; 16:30 UTC is Monday in Shanghai.
    entries = [("L1", "new", 2.3125)]
    weeks = weekly_moves(stays(*tables(entries, [])), "Asia/Shanghai")
    assert weeks.rows() == [(date(2026, 6, 29), "new", 1, 0)]


@given(
    st.lists(
        st.tuples(st.sampled_from("XYZ"), st.sampled_from(LAYERS), st.integers(0, 100)),
        unique_by=lambda e: e[0::2],
    )
)
def test_every_lead_is_in_one_layer_and_every_entry_is_a_move(entries):
    leads = list("XYZ")
    moves = stays(*tables(entries, leads))
    table = funnel(moves, layers_of(moves, LAYERS, ["won"]), ["won"], Funnel(), NOW)
    assert table["leads"].sum() == len(leads)
    weeks = weekly_moves(moves, "UTC")
    without = len(set(leads) - {lead for lead, _, _ in entries})
    assert weeks["moved_in"].sum() == len(entries) + without
    assert weeks["moved_in"].sum() - weeks["moved_out"].sum() == len(leads)
