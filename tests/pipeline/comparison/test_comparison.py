"""Learned grades beside others: tables counted by hand, and planted partings that must stand out."""

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import cohen_kappa_score
from support.command import assert_refused, leadgrade

from pipeline.comparison.agreement import agreement, weighted_kappa
from pipeline.comparison.capacity_curve import capacity_curve
from pipeline.comparison.cross_table import cross_table
from pipeline.comparison.sides import LEARNED_HIGHER, NO_LABEL, OTHER_HIGHER, SAME, Sides
from pipeline.comparison.slices import slice_keys, slices
from pipeline.comparison.swap_sets import BOTH, COMES_IN, GOES_OUT, swap_set, swapped

GRADES = ("A", "B", "C")
DAY = pd.Timestamp("2026-03-01", tz="UTC")


def sides(text, kind="manual"):
    """Rows drawn as text: lead, label (or -), learned grade, chance in per cent, closed (? if unripe)."""
    lines = [line.split() for line in text.strip().splitlines()]
    frame = pd.DataFrame(lines, columns=["lead_id", "its_label", "learned_grade", "chance", "closed"])
    return sides_of_frame(frame.assign(as_of=DAY), kind)


def sides_of_frame(frame, kind="manual"):
    place = {grade: i for i, grade in enumerate(GRADES)}
    label = frame["its_label"].replace("-", "ungraded")
    grade = frame["its_label"].where(frame["its_label"] != "-")
    steps = grade.map(place).astype(float) - frame["learned_grade"].map(place)
    parts = np.select([steps > 0, steps < 0, steps == 0], [LEARNED_HIGHER, OTHER_HIGHER, SAME], NO_LABEL)
    rows = frame.assign(
        its_label=label,
        its_grade=grade,
        steps=steps,
        part=parts,
        chance=frame["chance"].astype(float) / 100.0,
        its_chance=0.1,
        closed=frame["closed"].replace("?", np.nan).astype(float),
    )
    labels = (*GRADES, "ungraded") if (label == "ungraded").any() else GRADES
    return Sides("manual_grade", kind, "90d", rows, GRADES, labels, ordered=True, same_scale=True)


DRAWN = """
    L1 A A 90 1
    L2 A B 40 0
    L3 A C 10 0
    L4 B A 80 1
    L5 B B 45 ?
    L6 C A 70 1
    L7 C C  5 0
    L8 - B 50 1
"""


def test_the_cross_table_counts_every_row_once_with_closes_among_the_ripe():
    table = cross_table(sides(DRAWN)).set_index(["its_label", "learned_grade"])
    assert table["rows"].sum() == 8
    assert table["ripe"].sum() == 7
    assert len(table) == 4 * 3
    assert table.loc[("A", "C"), ["rows", "ripe", "closes", "rate"]].tolist() == [1, 1, 0, 0.0]
    assert table.loc[("B", "B"), ["rows", "ripe", "closes"]].tolist() == [1, 0, 0]
    assert np.isnan(table.loc[("B", "B"), "rate"])
    assert table.loc[("ungraded", "B"), ["rows", "closes", "rate"]].tolist() == [1, 1, 1.0]


def test_kappa_by_hand_and_as_a_library_has_it():
    # 7 labelled rows; steps away: 0, 1, 2, 1, 0, 2, 0 together 6. By chance, of the labels' 3, 2, 2 and the
    # learned grades' 3, 2, 2: (3*2 + 3*2*2 + 2*3 + 2*2 + 2*3*2 + 2*2) / 7 = 44 / 7.
    found = weighted_kappa(sides(DRAWN))
    assert found.estimate == pytest.approx(1 - 6 / (44 / 7))
    assert found.low < found.estimate < found.high
    rng = np.random.default_rng(5)
    frame = pd.DataFrame(
        {
            "lead_id": [f"L{i // 2}" for i in range(400)],
            "as_of": DAY,
            "its_label": rng.choice(GRADES, 400, p=[0.2, 0.3, 0.5]),
            "chance": 10,
            "closed": "0",
        }
    )
    same = rng.random(400) < 0.5
    frame["learned_grade"] = np.where(same, frame["its_label"], rng.choice(GRADES, 400))
    one = sides_of_frame(frame)
    expected = cohen_kappa_score(frame["its_label"], frame["learned_grade"], weights="linear")
    assert weighted_kappa(one).estimate == pytest.approx(expected)


def test_who_was_right_is_told_of_ripe_rows_with_a_label():
    told = agreement(sides(DRAWN))
    assert (told["rows"], told["same"]) == (7, pytest.approx(3 / 7))
    assert (told["model_higher"], told["model_higher_closed"]) == (2, 1.0)
    assert (told["other_higher"], told["other_higher_closed"]) == (2, 0.0)
    assert told["right_by"] == 1.0


def test_as_many_come_in_as_go_out_of_each_list():
    early = sides(DRAWN).rows
    late = early.assign(as_of=DAY + pd.Timedelta(days=30), chance=1.0 - early["chance"])
    both = Sides(
        "manual_grade",
        "manual",
        "90d",
        pd.concat([early, late], ignore_index=True),
        GRADES,
        (*GRADES, "ungraded"),
        ordered=True,
        same_scale=True,
    )
    groups = swapped(both)
    # Three manual As in each list: the model would call L1, L4 and L6, then L7, L3 and L2.
    assert groups[:8].tolist() == [BOTH, GOES_OUT, GOES_OUT, COMES_IN, "", COMES_IN, "", ""]
    assert groups[8:].tolist() == [GOES_OUT, BOTH, BOTH, "", "", "", COMES_IN, ""]
    table = swap_set(both).set_index("group")
    assert table["rows"].to_dict() == {BOTH: 3, COMES_IN: 3, GOES_OUT: 3}
    assert table.loc[COMES_IN, "rate"] == pytest.approx(2 / 3)
    assert table.loc[GOES_OUT, "rate"] == pytest.approx(1 / 3)
    assert table.loc[COMES_IN, "better_by"] == pytest.approx(1 / 3)


def test_leads_of_one_chance_are_taken_by_their_ids_whatever_the_order_of_rows():
    frame = sides("L1 A A 50 1\nL2 C A 50 0\nL3 C A 50 0").rows
    for order in ([0, 1, 2], [2, 1, 0]):
        one = Sides(
            "manual_grade", "manual", "90d", frame.iloc[order], GRADES, GRADES, ordered=True, same_scale=True
        )
        assert dict(zip(one.rows["lead_id"], swapped(one), strict=True)) == {"L1": BOTH, "L2": "", "L3": ""}


def test_the_capacity_curve_takes_labels_in_their_own_order_and_chance_for_random():
    curve = capacity_curve([sides(DRAWN)]).set_index(["system", "calls"])["caught"]
    assert curve["random order"].to_numpy() == pytest.approx(curve["random order"].index.to_numpy())
    # Half of the seven ripe rows: the model's best 3.5 hold L1, L4, L6 and a half of L8; of the labels the
    # three As hold one close, and a half of the only ripe B.
    assert curve["model", 0.5] == pytest.approx(3.5 / 4)
    assert curve["manual_grade", 0.5] == pytest.approx(1.5 / 4)


def world(seed, inflated=None, n=3000):
    """People who grade as the model does but for noise; one agent grades one channel a step too high."""
    rng = np.random.default_rng(seed)
    learned = rng.integers(0, 3, n)
    label = np.clip(learned + rng.choice([-1, 0, 1], n, p=[0.15, 0.7, 0.15]), 0, 2)
    agent = rng.choice([f"agent-{i}" for i in range(8)], n)
    channel = rng.choice(["web", "fair", "list"], n)
    if inflated:
        label = np.where((agent == inflated[0]) & (channel == inflated[1]), np.maximum(label - 1, 0), label)
    frame = pd.DataFrame(
        {
            "lead_id": [f"L{i}" for i in range(n)],
            "as_of": DAY,
            "its_label": np.array(GRADES)[label],
            "learned_grade": np.array(GRADES)[learned],
            "chance": 10,
            "closed": "0",
        }
    )
    matrix = pd.DataFrame({"manual_grade_agent": agent, "channel": channel, "as_of": DAY})
    return slices(sides_of_frame(frame), slice_keys(matrix, ["channel"], "Asia/Shanghai"))


def test_an_agent_who_grades_one_channel_a_step_too_high_stands_out_in_that_slice():
    for seed in range(5):
        found = world(seed, ("agent-3", "fair"))
        first = found.iloc[0]
        assert (first["by"], first["value"]) == ("agent and channel", "agent-3, fair")
        assert first["p"] < 0.001
        assert first["high"] < 0
        assert first["other_higher"] > first["learned_higher"]


def test_in_a_team_of_one_standard_no_slice_stands_out():
    false = sum((world(seed)["p"] < 0.05).any() for seed in range(20, 40))
    assert false <= 3


def test_the_command_fits_a_screen_and_its_files_hold_every_row(trained_once, tmp_path, few_rivals):
    team = trained_once.copy_to(tmp_path / "team")
    told = leadgrade("compare", team.config_path)
    assert told.code == 0, told.err
    lines = told.out.replace(str(team.folder), "out").splitlines()
    assert len(lines) <= 40
    assert max(map(len, lines)) <= 100
    assert any("manual_grade (lines) and learned grade" in line for line in lines)
    rows = pd.read_csv(team.path("out/compare.csv"))
    cross = pd.read_csv(team.path("out/compare_cross.csv"))
    for system, own in rows.groupby("system"):
        assert cross.loc[cross["system"] == system, "rows"].sum() == len(own)
    assert rows.groupby("system").size().nunique() == 1
    assert (rows["part"] == SAME).any()
    manual = rows[rows["system"] == "manual_grade"]
    graded = manual[manual["its_label"] != "ungraded"]
    assert (graded["its_label"] == graded["its_grade"]).all()
    sharpest = pd.read_csv(team.path("out/compare_sharpest.csv"))
    assert 0 < len(sharpest) <= 20
    assert sharpest["lead_id"].is_unique
    assert sharpest["steps"].abs().is_monotonic_decreasing
    assert sharpest["for_en"].notna().any()
    assert sharpest["agent"].notna().all()
    # One scheme is enough to see the rest, and takes a fraction of the time.
    team.configure("schemes: [all]", "schemes: [robot_intent]")
    full = leadgrade("compare", team.config_path, "--full", "--against", "robot_intent", "--horizon", "30d")
    assert full.code == 0, full.err
    assert "robot_intent (lines) and learned grade: rows, closed within 30d" in full.out
    assert "the sharpest disagreements" in full.out
    sharpest = pd.read_csv(team.path("out/compare_sharpest.csv"))
    assert sharpest["rule_en"].notna().all()
    for option, words in (("--against", "manual_grade"), ("--horizon", "30d, 90d, 180d")):
        assert_refused(leadgrade("compare", team.config_path, option, "nothing"), 3, "nothing", words)
