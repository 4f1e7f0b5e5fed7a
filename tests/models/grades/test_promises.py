"""Promises kept and broken, and grades that cannot be told apart."""

import numpy as np
import pytest

from models.grades.grade_rates import grade_table
from models.grades.policy import GradePolicy
from models.grades.promises import adjacent_grades, check_promises
from pipeline.report.promise_order import out_of_order

HORIZONS = ("30d", "90d", "180d")
POLICY = GradePolicy.from_thresholds({"A": ("30d", 0.3), "B": ("90d", 0.3), "C": ("180d", 0.1)}, HORIZONS)
RATES = np.array([[0.35, 0.55, 0.65], [0.12, 0.35, 0.45], [0.05, 0.12, 0.2], [0.01, 0.02, 0.04]])


def draw(rng, leads, rates=RATES):
    """Leads with one to four rows, whose grades and closes go together; later horizons ripe in part."""
    rows = rng.integers(1, 5, leads)
    ids, size = np.repeat(np.arange(leads), rows), rows.sum()
    own = np.repeat(rng.choice(4, leads, p=[0.1, 0.2, 0.3, 0.4]), rows)
    places = np.clip(own + rng.integers(-1, 2, size), 0, 3)
    luck = np.where(rng.random(size) < 0.5, np.repeat(rng.random(leads), rows), rng.random(size))
    closed = (luck[:, None] < rates[places]).astype(float)
    closed[rng.random(size) < 0.4, 2] = np.nan
    return np.array(list("ABCD"), dtype=object)[places], closed, ids


def judged(promised, realised):
    policy = POLICY.learn_promises(*promised)
    return check_promises(policy, grade_table(*realised, HORIZONS, order=POLICY.grades))


def rows_of(counts):
    """One row per lead from (grade, closes, leads)."""
    grades = np.array([g for g, _, n in counts for _ in range(n)], dtype=object)
    closed = np.concatenate([np.arange(n) < won for _, won, n in counts]).astype(float)
    return grades, np.column_stack([closed] * 3), np.arange(len(grades))


def test_verdicts_on_rates_checkable_by_hand():
    promised = rows_of([("A", 60, 100), ("B", 30, 100), ("C", 20, 200), ("D", 0, 300)])
    realised = rows_of([("A", 55, 100), ("B", 3, 100), ("C", 70, 200), ("D", 2, 300)])
    table = judged(promised, realised)
    assert len(table) == 12
    at_30 = table[table["by"] == "30d"].set_index("grade")
    assert at_30["verdict"].to_dict() == {
        "A": "not contradicted",
        "B": "broken: lower",
        "C": "broken: higher",
        "D": "too few",
    }
    assert at_30.loc["A", ["promised", "realised", "leads"]].to_list() == [0.6, 0.55, 100]
    assert at_30.loc["A", "gap"] == pytest.approx(-0.05)
    assert (at_30["promised_low"] <= at_30["promised"]).all()
    assert (at_30["low"] <= at_30["realised"]).all()


def test_few_leads_or_no_leads_are_no_verdict():
    promised = rows_of([("A", 60, 100), ("B", 5, 9), ("C", 20, 200)])
    table = judged(promised, rows_of([("A", 0, 9), ("B", 50, 100), ("D", 1, 50)]))
    at_30 = table[table["by"] == "30d"].set_index("grade")
    assert (at_30["verdict"] == "too few").all()
    assert at_30.loc["C", "leads"] == 0
    assert np.isnan(at_30.loc["D", "promised"])


def test_a_promise_of_none_is_broken_by_many():
    table = judged(rows_of([("A", 0, 100)]), rows_of([("A", 30, 100)]))
    assert table.iloc[0]["verdict"] == "broken: higher"


def test_the_interval_that_decides_is_corrected_for_the_number_of_promises():
    one = (("A", 60, 100), ("A", 44, 100))  # a gap of 16 points: beyond 95 %, within 99.7 %
    alone = GradePolicy.from_thresholds({"A": ("30d", 0.3)}, ("30d",))
    grades, closed, leads = rows_of([one[0]])
    policy = alone.learn_promises(grades, closed[:, :1], leads)
    grades, closed, leads = rows_of([one[1]])
    single = check_promises(policy, grade_table(grades, closed[:, :1], leads, ("30d",)))
    assert single.iloc[0]["verdict"] == "broken: lower"
    fill = [("B", 30, 100), ("C", 20, 100), ("D", 10, 100)]
    many = judged(rows_of([one[0], *fill]), rows_of([one[1], *fill]))
    assert (many["verdict"] == "not contradicted").all()


def test_without_drift_a_policy_has_a_broken_promise_in_one_of_twenty_repetitions_at_most():
    repetitions, broken = 100, 0
    for seed in range(repetitions):
        rng = np.random.default_rng(seed)
        table = judged(draw(rng, 300), draw(rng, 300))
        broken += table["verdict"].str.startswith("broken").any()
        assert (table["verdict"] != "too few").any()
    assert broken <= 0.05 * repetitions


def test_a_planted_drift_is_found():
    found = 0
    for seed in range(20):
        rng = np.random.default_rng(seed)
        table = judged(draw(rng, 600), draw(rng, 600, RATES * 0.5))
        assert not table["verdict"].eq("broken: higher").any()
        found += table["verdict"].eq("broken: lower").any()
    assert found >= 19


def test_adjacent_grades_of_one_rate_are_reported_and_others_told_apart():
    rates = RATES.copy()
    rates[2] = rates[1]
    grades, closed, ids = draw(np.random.default_rng(4), 1500, rates)
    table = adjacent_grades(grades, closed, ids, HORIZONS, POLICY.grades)
    assert len(table) == 9
    verdicts = table.set_index(["better", "worse", "by"])["verdict"]
    for by in HORIZONS:
        assert verdicts["A", "B", by] == "apart"
        assert verdicts["B", "C", by] == "cannot be told apart"
        assert verdicts["C", "D", by] == "apart"


def test_adjacent_grades_skip_the_empty_and_tell_a_reversal():
    grades, closed, ids = rows_of([("A", 10, 100), ("C", 60, 100), ("D", 0, 2)])
    table = adjacent_grades(grades, closed[:, :1], ids, ("30d",), POLICY.grades)
    assert table[["better", "worse", "verdict"]].to_numpy().tolist() == [
        ["A", "C", "reversed"],
        ["C", "D", "cannot be told apart"],
    ]
    assert table["rate_better"].tolist() == [0.1, 0.6]


def test_neither_table_depends_on_the_order_of_rows():
    grades, closed, ids = draw(np.random.default_rng(1), 200)
    order = np.random.default_rng(2).permutation(len(grades))
    one = adjacent_grades(grades, closed, ids, HORIZONS, POLICY.grades)
    other = adjacent_grades(grades[order], closed[order], ids[order], HORIZONS, POLICY.grades)
    assert np.allclose(one[["gap", "low", "high"]], other[["gap", "low", "high"]], rtol=1e-12)
    first = judged((grades, closed, ids), (grades, closed, ids))
    assert (first["verdict"].isin(["kept", "not contradicted", "too few"])).all()


# Kept, or not contradicted ---------------------------------------------------------------------------------


def one_promise(promised, realised):
    """The verdict on one promise of one grade, from (closes, leads) of either period."""
    alone = GradePolicy.from_thresholds({"A": ("30d", 0.3)}, ("30d",))
    tables = []
    for closes, leads in (promised, realised):
        grades, closed, ids = rows_of([("A", closes, leads), ("B", 5, 100)])
        tables.append((grades, closed[:, :1], ids))
    policy = alone.learn_promises(*tables[0])
    table = check_promises(policy, grade_table(*tables[1], ("30d",), order=alone.grades))
    return table[table["grade"] == "A"].iloc[0]


def test_kept_is_said_only_where_the_interval_lies_within_the_margin():
    few, many = one_promise((60, 200), (60, 200)), one_promise((6000, 20_000), (6000, 20_000))
    assert few["gap"] == many["gap"] == 0.0
    assert (few["verdict"], many["verdict"]) == ("not contradicted", "kept")
    assert few["margin"] == many["margin"] == pytest.approx(0.06)  # a fifth of .3
    assert few["gap_high"] > few["margin"] >= many["gap_high"]
    # Both ends must lie within: here only the upper one does.
    leaning = one_promise((3000, 10_000), (1060, 3700))
    assert leaning["gap_high"] < leaning["margin"]
    assert leaning["gap_low"] < 0.0 < leaning["gap_high"]
    assert leaning["verdict"] == "kept"
    shorter = one_promise((300, 1000), (260, 920))
    assert -shorter["margin"] > shorter["gap_low"]
    assert shorter["gap_high"] < shorter["margin"]
    assert shorter["verdict"] == "not contradicted"


def test_of_a_low_promise_the_margin_is_three_points():
    assert one_promise((100, 5000), (100, 5000))["margin"] == pytest.approx(0.03)


def test_a_small_gap_that_is_certain_is_broken_all_the_same():
    table = one_promise((60_000, 200_000), (62_000, 200_000))
    assert table["gap_high"] < table["margin"]
    assert table["verdict"] == "broken: higher"


def test_the_gap_that_could_have_been_shown_is_found_four_times_of_five():
    promised, leads = 0.3, 400
    told = one_promise((120, leads), (120, leads))
    rng = np.random.default_rng(3)
    half = told["detectable"] / 2.0

    def found(gap):
        pairs = zip(
            rng.binomial(leads, promised - gap, 200), rng.binomial(leads, promised + gap, 200), strict=True
        )
        return np.mean([one_promise((int(a), leads), (int(b), leads))["gap_low"] > 0.0 for a, b in pairs])

    assert found(half) == pytest.approx(0.8, abs=0.08)
    assert found(half / 2) < 0.5


def test_promises_out_of_order_are_named():
    promised = rows_of([("A", 20, 100), ("B", 30, 100), ("C", 20, 200), ("D", 0, 300)])
    said = out_of_order(judged(promised, promised))
    assert said == tuple(
        f"promises out of order: by {by} B (0.300) promises more than A (0.200)" for by in HORIZONS
    )
    fine = rows_of([("A", 40, 100), ("B", 30, 100), ("D", 0, 300)])
    assert out_of_order(judged(fine, fine)) == ()
