"""Two hundred buyers of each kind that exports tell badly: none is a "no", all are told, rates are true."""

import random
import re

import pytest
from support.on_the_road import taken_from_files

from pipeline.commands.sources import learnable_outcomes
from pipeline.config.config import read_config
from pipeline.matrix import dataset
from pipeline.outcomes.matured import matured_note

N = 200
TEAM = """
name: team
timezone: UTC
currency: USD
tolerance: 1.0
outcome_tolerance: 1.0
cohort: {at: after_creation, days: [%d]}
horizons_days: [60]
grades: {A: {by_days: 60, at_least: 0.3}}
sources:
  leads: {path: leads.csv, exported_at: 2026-12-01}
"""
ORDERS = "  orders: {path: orders.csv, exported_at: 2026-12-01%s}\nlabel: {close: first_order}\n"
STAGES = (
    "  stages: {path: stages.csv, exported_at: 2026-12-01}\n"
    "label: {close: won_stage, won_stages: [Won], lost_stages: [Lost]%s}\n"
)
OUTCOME = "label: {close: outcome, column: result, won_values: [won], closed_at: closed_on%s}\n"


def learned(folder, config, leads, rows=(), days=0):
    """The account, the labels by lead, and the two rates that are printed."""
    (folder / "leads.csv").write_text("\n".join(leads) + "\n", encoding="utf-8")
    name = "stages" if "stages.csv" in config else "orders"
    (folder / f"{name}.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    (folder / "team.yaml").write_text(TEAM % days + config, encoding="utf-8")
    config = read_config(folder / "team.yaml")
    with taken_from_files(config) as taken:
        config, account = learnable_outcomes(config, taken)
        found = dataset.training_rows(config, taken)
        note = matured_note(config, taken, found)
    rates = [float(rate) for rate in re.findall(r"([\d.]+)%", note)]
    return account, dict(found.frame.select("lead_id", f"closed_{found.horizons[-1]}").rows()), rates


def people(kinds):
    """Leads of these kinds in a shuffled order, each created on a day of January, and its customer."""
    who = [(f"{kind}{n}", f"K-{kind}{n}") for kind in kinds for n in range(N)]
    random.Random(5).shuffle(who)
    return [(lead, customer, 1 + place % 28) for place, (lead, customer) in enumerate(who)]


def of(kind, labels):
    return [label for lead, label in labels.items() if lead.startswith(kind)]


def buyers(folder, kind, how="", more=""):
    """Two hundred buyers by orders of one kind, two hundred plain ones, and two hundred who buy nothing."""
    leads, rows = ["lead_id,created_at,customer_id"], ["order_id,ordered_at,lead_id,customer_id,amount"]
    for lead, customer, day in people([kind, "plain", "none"]):
        leads.append(f"{lead},2026-01-{day:02d},{customer}")
        bought = f"2026-02-{day:02d}"
        rows += {
            "plain": [f"O-{lead},{bought},{lead},{customer},100"],
            "merged": [f"O-{lead},{bought},OLD-{lead},{customer},100"],
            "lines": [f"O-{lead},{bought},{lead},{customer},100", f"O-{lead},{bought},{lead},{customer},250"],
            "early": [f"O-{lead},2025-12-{day:02d},{lead},{customer},100"],
            "refunded": [
                f"O-{lead},{bought},{lead},{customer},90",
                f"R-{lead},{bought},{lead},{customer},-90",
            ],
            "unreadable": [f"O-{lead},some day,{lead},{customer},100"],
        }.get(lead.rstrip("0123456789"), [])
    return learned(folder, ORDERS % how + more, leads, rows)


@pytest.mark.parametrize(
    ("kind", "how", "counted", "label"),
    [
        ("merged", "", ("by_customer", N), 1),
        ("lines", ", order_lines: sum", ("lines", N), 1),
        ("refunded", "", ("refunds", N), 1),
        ("early", "", ("before_creation", N), "absent"),
        ("unreadable", "", ("quarantined", N), None),
        ("lines", "", ("quarantined", 2 * N), None),
    ],
)
def test_buyers_by_orders(tmp_path, kind, how, counted, label):
    account, labels, (true, own) = buyers(tmp_path, kind, how)
    assert of(kind, labels) == ([] if label == "absent" else [label] * N)
    assert of("plain", labels) == [1] * N
    assert of("none", labels) == [0] * N
    name, number = counted
    assert account.counts[name] == number
    assert any(told == number for _, told in account.lines()[2:])
    # Nobody knows of those without a label whether they closed; all others closed as they did in truth.
    assert true == pytest.approx(50.0 if label is None else 66.7, abs=0.05)
    assert own == pytest.approx(66.7 if label == 1 else 50.0, abs=0.05)


@pytest.mark.parametrize("undone", ["", ", undone: no_close"])
def test_leads_that_were_lost_and_taken_up_again_and_those_won_and_undone(tmp_path, undone):
    leads, rows = ["lead_id,created_at,customer_id"], ["lead_id,entered_at,stage"]
    for lead, customer, day in people(["reopened", "undone", "none"]):
        leads.append(f"{lead},2026-01-{day:02d},{customer}")
        stages = {
            "reopened": [("2026-01-29", "Lost"), ("2026-01-30", "Working"), ("2026-03-01", "Won")],
            "undone": [("2026-03-01", "Won"), ("2026-06-01", "Working")],
        }.get(lead.rstrip("0123456789"), [("2026-02-01", "Working")])
        rows += [f"{lead},{at},{stage}" for at, stage in stages]
    account, labels, (true, _) = learned(tmp_path, STAGES % undone, leads, rows, days=30)
    assert of("reopened", labels) == [1] * N
    assert of("undone", labels) == [0 if undone else 1] * N
    assert of("none", labels) == [0] * N
    assert account.counts["reopened"] == account.counts["undone"] == N
    assert account.counts["no_close"] == (N if undone else 0)
    assert true == pytest.approx(33.3 if undone else 66.7, abs=0.05)


@pytest.mark.parametrize(
    ("how", "label", "horizon"), [(", final_outcome: true", 1, 60), (", final_outcome: false", None, 60)]
)
def test_buyers_without_a_date(tmp_path, how, label, horizon):
    leads = ["lead_id,created_at,customer_id,result,closed_on"]
    for lead, customer, day in people(["undated", "plain", "none"]):
        told = {"undated": "won,", "plain": f"won,2026-02-{day:02d}"}.get(lead.rstrip("0123456789"), "lost,")
        leads.append(f"{lead},2026-01-{day:02d},{customer},{told}")
    account, labels, (true, own) = learned(tmp_path, OUTCOME % how, leads)
    assert of("undated", labels) == [label] * N
    assert of("plain", labels) == [1] * N
    assert of("none", labels) == [0] * N
    assert account.counts["without_date" if label is None else "undated"] == N
    assert any(told == N for _, told in account.lines()[2:])
    assert true == pytest.approx(66.7, abs=0.05)
    assert own == pytest.approx(50.0 if label is None else 66.7, abs=0.05)


def test_deals_of_several_contacts(tmp_path):
    leads, rows = ["lead_id,created_at,customer_id"], ["order_id,ordered_at,lead_id,customer_id,amount"]
    for lead, customer, day in people(["several", "none"]):
        leads.append(f"{lead},2026-01-{day:02d},{customer}")
    rows += [f"O{n},2026-02-01,several{n} | several{n + 1},,100" for n in range(0, N, 2)]
    account, labels, (true, _) = learned(tmp_path, ORDERS % ", separator: '|'", leads, rows)
    assert of("several", labels) == [1] * N
    assert (account.counts["told"], account.counts["used"], true) == (N, N, 50.0)
    account, labels, _ = learned(tmp_path, ORDERS % "", leads, rows)
    assert of("several", labels) == [None] * N
    assert account.counts["unknown"] == N
    assert of("none", labels) == [0] * N
