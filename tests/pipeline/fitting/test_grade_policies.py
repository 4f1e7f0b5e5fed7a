"""Grade policies and value in whole runs: from the configuration to the graded list and what it promised."""

import json

import numpy as np
import pandas as pd
import pytest
from support.command import graded_list, leadgrade
from support.on_the_road import read_tables, training_rows

from models.grades.learned_policies import value_policy
from pipeline.config.config import read_config
from pipeline.errors import ConfigError
from pipeline.evaluation.value_catch import judge_value_tiers, later_sales
from pipeline.fitting.fit import in_periods
from pipeline.fitting.grade_policy import check_scheme, learn_policy
from pipeline.fitting.split import find_periods
from pipeline.schemes.scheme_files import schemes_of
from pipeline.schemes.scheme_grades import ranked_grades, usable_schemes
from pipeline.scoring.grade_words import meaning
from pipeline.tracking.saved_scorer import load_scorer


@pytest.fixture(scope="module")
def learned(trained_once):
    """Rows, the calibration period's among them, and the scorer that was learned on them."""
    config = trained_once.config
    rows = training_rows(config, read_tables(config).tables)
    frame = in_periods(config, rows, find_periods(rows.frame, config.split))
    return rows, frame[frame["period"] == "calibrate"], load_scorer(config)


def with_grades(team, grades):
    return read_config(team.config_path, {"grades": grades})


def policy_of(team, learned, grades):
    config = with_grades(team, grades)
    rows, adjust, scorer = learned
    chances = scorer.calibration.chances(scorer.raw_hazards(adjust))
    policy = learn_policy(config, rows, scorer, adjust, schemes_of(config), chances)
    return scorer.with_policy(policy), adjust


def test_capacity_is_the_share_of_the_calibration_rows(trained_once, learned):
    shares = {"A": 0.05, "B": 0.1, "C": 0.2}
    scorer, adjust = policy_of(trained_once, learned, {"policy": "capacity", "by_days": 90, "shares": shares})
    scored = scorer.score(adjust)
    found = scored["grade"].value_counts(normalize=True)
    for grade, share in shares.items():
        assert found[grade] == pytest.approx(share, abs=0.005)
    assert (
        scored.loc[scored["grade"] == "A", "p_90d"].min() >= scored.loc[scored["grade"] == "B", "p_90d"].max()
    )
    for place in (0, 5, -1):
        pd.testing.assert_frame_equal(
            scorer.score(adjust.iloc[[place]]), scored.iloc[[place]], check_exact=True
        )


def test_as_scheme_gives_as_many_of_each_letter_as_the_scheme_of_each_label(trained_once, learned):
    grades = {"policy": "as_scheme", "scheme": "robot_intent", "by_days": 30}
    scorer, adjust = policy_of(trained_once, learned, grades)
    letters = scorer.score(adjust)["grade"].value_counts()
    schemes = [one for one in schemes_of(trained_once.config) if one.id == "robot_intent"]
    (graded,) = usable_schemes(schemes, learned[0].features, scorer.rfm_edges)
    labels = ranked_grades(adjust, [graded], True)["scheme_robot_intent"].value_counts()
    for label in "ABCDE":  # up to leads of one chance, at either end of the grade
        assert abs(letters.get(label, 0) - labels.get(label, 0)) <= 5
    assert letters["A"] > 0


@pytest.mark.parametrize(
    ("scheme", "message"), [("rfm", "rfm has no order of labels"), ("robots", "robots is not in schemes")]
)
def test_a_scheme_without_an_order_is_refused_by_key(trained_once, scheme, message):
    config = with_grades(trained_once, {"policy": "as_scheme", "scheme": scheme, "by_days": 30})
    with pytest.raises(
        ConfigError, match=rf"demo\.yaml: grades\.scheme: {message}; use one of .*robot_intent"
    ):
        check_scheme(config, schemes_of(config))


def test_grades_by_value_need_amounts(slim):
    grades = "\ngrades: {policy: value, cost_per_lead: 80, at_least: {A: 2000, B: 500}}"
    slim.configure("", grades)
    orders = pd.read_csv(slim.path("data/orders.csv"), dtype=str)
    orders.drop(columns="amount").to_csv(slim.path("data/orders.csv"), index=False)
    answer = leadgrade("train", slim.config_path)
    assert answer.code == ConfigError.exit_code
    assert "grades.policy: value needs closes with an amount" in answer.err
    assert len(answer.errors) == 1


@pytest.mark.slow
def test_grades_by_value_in_a_whole_run(slim):
    slim.configure("", "\ngrades: {policy: value, cost_per_lead: 80, at_least: {A: 5000, B: 500, C: 0}}")
    answer = leadgrade("train", slim.config_path, "--json")
    assert (answer.code, answer.errors) == (0, [])
    told = json.loads(answer.out)
    assert {one["verdict"] for one in told["promises"]} <= {
        "kept",
        "not contradicted",
        "broken: higher",
        "broken: lower",
        "too few",
    }
    assert {one["grade"] for one in told["promises"]} == set("ABCD")
    written = pd.read_csv(slim.path("out/promises.csv"))
    assert written["verdict"].tolist() == [one["verdict"] for one in told["promises"]]
    compared = leadgrade("compare", slim.config_path, "--json")
    assert (compared.code, compared.errors) == (0, [])
    assert json.loads(compared.out)["promises"] == told["promises"]
    graded = graded_list(slim.config, slim.path("graded.parquet"))
    net = graded["expected_value"] - 80
    assert (graded["grade"] == "A").equals(net >= 5000)
    first = graded.set_index("rank").loc[1]
    assert (
        first["grade_en"] == "expected to bring 5,000 CNY or more within 180 days, after 80 CNY for calling"
    )
    assert "5,000 CNY" in first["grade_zh"]
    assert graded["expected_value"].equals(graded["p_180d"] * graded["expected_amount"])


def test_without_amounts_there_are_no_value_columns(trained_once, learned):
    _, adjust, scorer = learned
    assert {"expected_amount", "expected_value", "value_tier_learned"} <= set(scorer.score(adjust).columns)
    worth = judge_value_tiers(adjust.drop(columns="closing_amount"), "180d")
    assert worth.tiers.empty
    assert worth.catch.empty


def test_the_closing_amount_is_no_input(learned):
    rows, _, scorer = learned
    assert "closing_amount" in rows.frame.columns
    assert not [name for name in scorer.columns if "closing" in name]


def test_labels_of_amounts_are_fitted_on_only_where_ripe_before_the_next_period(learned):
    _, adjust, _ = learned
    unripe = adjust["fit_closed_180d"].isna()
    assert unripe.any()
    assert adjust.loc[unripe, "fit_closing_amount"].isna().all()
    assert adjust.loc[adjust["fit_closed_180d"] == 1, "fit_closing_amount"].notna().all()
    assert adjust.loc[adjust["fit_closed_180d"] == 0, "fit_closing_amount"].isna().all()


def test_later_sales_are_judged_at_the_same_share_of_the_leads():
    rows = pd.DataFrame(
        {
            "lead_id": [f"L{i}" for i in range(10)],
            "closed_180d": [1, 1, 0, 0, 1, 0, 0, 0, 0, np.nan],
            "closing_amount": [600.0, 300.0, np.nan, np.nan, 100.0] + [np.nan] * 5,
            "expected_amount": 1000.0,
            "expected_value": [90.0, 80, 70, 60, 50, 40, 30, 20, 10, 5],
            "value_tier_learned": ["high"] * 3 + ["medium"] * 3 + ["low"] * 4,
            "scheme_value_tier": ["low", "low", "high", "low", "high", "high", "low", "low", "low", "high"],
            "p_180d": [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95],
        }
    )
    assert np.nansum(later_sales(rows, "180d")) == 1000.0
    worth = judge_value_tiers(rows, "180d")
    tiers = worth.tiers.set_index(["system", "tier"])
    assert tiers.loc[("learned", "high"), "caught"] == pytest.approx(0.9)
    assert tiers.loc[("value_tier", "high"), "caught"] == pytest.approx(0.1)
    assert tiers.loc[("learned", "high"), "realised_value"] == pytest.approx(300.0)
    catch = worth.catch.set_index(["top_tier_of", "system"])
    assert catch.loc["learned", "share"].unique().tolist() == [pytest.approx(3 / 9)]
    assert catch.loc[("learned", "learned"), "caught"] == pytest.approx(0.9)
    assert catch.loc[("learned", "value_tier"), "gain"] == pytest.approx(0.8)
    assert catch.loc[("learned", "hindsight"), "caught"] == pytest.approx(1.0)
    assert (catch["low"] <= catch["caught"]).all()
    assert (catch["caught"] <= catch["high"]).all()


def test_a_test_period_without_ripe_or_sold_rows_has_no_shares():
    rows = pd.DataFrame(
        {
            "lead_id": ["L1", "L2"],
            "closed_180d": [np.nan, np.nan],
            "closing_amount": [np.nan, np.nan],
            "expected_amount": 1000.0,
            "expected_value": [90.0, 80.0],
            "value_tier_learned": ["high", "low"],
            "p_180d": [0.1, 0.2],
        }
    )
    for unsold in (rows, rows.assign(closed_180d=0.0)):
        worth = judge_value_tiers(unsold, "180d")
        assert worth.tiers["caught"].isna().all()
        assert worth.catch["caught"].isna().all()


def test_every_policys_grades_have_words_in_two_languages(trained_once, learned):
    by = {"policy": "capacity", "by_days": 90, "shares": {"A": 0.05, "B": 0.125}}
    words = meaning(policy_of(trained_once, learned, by)[0].policy)
    assert words["A"]["grade_en"].startswith("the best 5% of the leads: closes within 90 days")
    assert words["B"]["grade_en"].startswith("the next 12.5% of the leads")
    assert words["A"]["grade_zh"].startswith("最优的5%线索：90天内")
    assert words["C"] == {
        "grade_en": "after all of these in the order of chance",
        "grade_zh": "概率排序在以上各档之后",
    }
    like = {"policy": "as_scheme", "scheme": "robot_intent", "by_days": 30}
    words = meaning(policy_of(trained_once, learned, like)[0].policy)
    assert words["B"]["grade_en"].startswith("as many leads as robot_intent grades B: closes within 30 days")
    assert words["B"]["grade_zh"].startswith("数量与robot_intent的B级相同")
    words = meaning(value_policy({"A": 2000, "B": 0.5}, 80, ["30d"]), "CNY")
    assert (
        words["B"]["grade_en"] == "expected to bring 0.5 CNY or more within 30 days, after 80 CNY for calling"
    )
    assert words["C"]["grade_zh"] == "预期净值低于以上各档"
