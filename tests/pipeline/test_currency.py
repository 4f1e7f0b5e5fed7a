"""Money with no, two or three digits: from the file through features and grades to the written list."""

import json

import pandas as pd
import pytest
import yaml
from support.command import graded_list, leadgrade

from features.families.monetary import monetary_features
from models.reasons.value_words import phrase
from pipeline.fitting.feature_words import meaning_of

AMOUNTS = "amount_365d,amount_total,mean_amount_total,max_amount_total,last_amount"


def few_orders(folder, digits, amounts, **leads):
    """A customer with two former orders, and one that came after the as-of."""
    (folder / "leads.csv").write_text("lead_id,customer_id,created_at\nL1,C1,2024-03-05\nL2,C2,2024-03-05\n")
    days = ("2023-11-01", "2024-01-15", "2024-04-10")
    orders = {"lead_id": ["L0", "L0", "L1"], "customer_id": ["C1"] * 3, "ordered_at": days, "amount": amounts}
    pd.DataFrame({"order_id": ["O1", "O2", "O3"], **orders}).to_csv(folder / "orders.csv", index=False)
    end = {"exported_at": "2024-06-01"}
    raw = {
        "name": "money",
        "currency_digits": digits,
        "sources": {
            "leads": {"path": "leads.csv", **end},
            "orders": {"path": "orders.csv", "tolerance": 1.0, **end},
        },
        "label": {"close": "first_order"},
        "horizons_days": [30],
        "grades": {"A": {"by_days": 30, "at_least": 0.5}},
    }
    path = folder / "money.yaml"
    path.write_text(yaml.safe_dump(raw), encoding="utf-8")
    return path


def rows_of(config, *args):
    out = config.parent / "rows.parquet"
    answer = leadgrade("matrix", config, "--features", AMOUNTS, "--out", out, *args)
    assert (answer.code, answer.errors) == (0, []), answer.err
    return pd.read_parquet(out)


@pytest.mark.parametrize(
    ("digits", "amounts", "known", "closing"),
    [
        (0, ["1,200", "¥300", "5000"], [1200.0, 300.0], 5000.0),
        (2, ["1,200.25", "¥300.50", "5000.75"], [1200.25, 300.5], 5000.75),
        (3, ["1,200.125", "300.003", "5000.999"], [1200.125, 300.003], 5000.999),
        (4, ["1200.0625", "300.0001", "5000.9999"], [1200.0625, 300.0001], 5000.9999),
    ],
)
def test_amounts_are_read_to_their_last_digit_and_told_in_units_of_the_currency(
    tmp_path, digits, amounts, known, closing
):
    config = few_orders(tmp_path, digits, amounts)
    rows = rows_of(config, "--cohort")
    rows = rows[rows["as_of"].dt.strftime("%Y-%m-%d") == "2024-04-01"].set_index("lead_id")
    first, other = rows.loc["L1"], rows.loc["L2"]
    total = round(sum(known), 4)
    assert first["amount_365d"] == first["amount_total"] == total
    assert first["mean_amount_total"] == pytest.approx(total / 2, abs=1e-12)
    assert (first["max_amount_total"], first["last_amount"]) == (known[0], known[1])
    assert first["closing_amount"] == closing
    (largest,) = (one for one in monetary_features(10**digits) if one.name == "max_amount_total")
    said = phrase(meaning_of(largest, "KWD"), first["max_amount_total"])
    assert said == ("largest order of the customer so far: 1,200 KWD", "累计客户最大订单金额：1,200 KWD")
    assert other["amount_total"] == 0.0
    assert pd.isna(other["closing_amount"])


def in_whole_units(team, digits):
    """The team with orders of whole amounts, as a currency with so many digits has them; grades by value."""
    orders = pd.read_csv(team.path("data/orders.csv"), dtype=str)
    whole = orders["amount"].astype(float).round()
    written = whole.map(lambda amount: f"{amount:.{digits}f}", na_action="ignore")
    orders.assign(amount=written).to_csv(team.path("data/orders.csv"), index=False)
    team.configure("currency_digits: 2", f"currency_digits: {digits}")
    team.configure("schemes: [close_window]", "schemes: [close_window, vip, rfm, abc_value]")
    team.configure("", "\ngrades: {policy: value, cost_per_lead: 80, at_least: {A: 5000, B: 500, C: 0}}")
    return whole


def trained(team):
    """What a training says; the scorer's fingerprint knows the file."""
    answer = leadgrade("train", team.config_path, "--json")
    assert (answer.code, answer.errors) == (0, []), answer.err
    told = json.loads(answer.out)
    told.pop("scorer")
    return told


@pytest.mark.slow  # two trainings
def test_the_digits_of_a_currency_change_no_grade_no_value_and_no_reason(slim, tmp_path):
    none, three = teams = [slim.copy_to(tmp_path / f"team{digits}") for digits in (0, 3)]
    whole, _ = (in_whole_units(team, digits) for team, digits in zip(teams, (0, 3), strict=True))
    assert trained(none) == trained(three)
    graded, other = (
        graded_list(team.config, team.path("graded.parquet"), explain=True, reasons=20) for team in teams
    )
    pd.testing.assert_frame_equal(
        graded.drop(columns="model_version"), other.drop(columns="model_version"), check_exact=True
    )
    for beside in ("explained", "reasons"):
        texts = [team.path(f"graded.parquet.{beside}.csv").read_text(encoding="utf-8") for team in teams]
        assert texts[0] == texts[1]
    assert graded["expected_amount"].between(whole.min(), whole.max()).all()
    assert (graded["grade"] == "A").equals(graded["expected_value"] - 80 >= 5000)
    assert graded["grade_en"].str.contains("5,000 CNY or more").any()
