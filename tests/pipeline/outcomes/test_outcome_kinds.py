"""More members of each kind of outcome that people of the trade met: three or more beside the case itself."""

import pytest
from support.command import leadgrade
from support.on_the_road import taken_from_files

from pipeline.commands.sources import learnable_outcomes
from pipeline.config.config import read_config
from pipeline.errors import TrainingError
from pipeline.matrix import dataset

TEAM = """
name: team
timezone: Europe/Berlin
currency: EUR
tolerance: 1.0
outcome_tolerance: 1.0
cohort: {at: after_creation, days: [0]}
horizons_days: [30]
grades: {A: {by_days: 30, at_least: 0.3}}
sources:
  leads: {path: leads.csv, exported_at: 2026-06-01}
"""
ORDERS = "  orders: {path: orders.csv, exported_at: 2026-06-01%s}\nlabel: {close: first_order}\n"
STAGES = "  stages: {path: stages.csv, exported_at: 2026-06-01}\nlabel: {close: won_stage, %s}\n"
OUTCOME = "label: {close: outcome, column: result, closed_at: closed_on, won_values: %s}\n"
LEADS = "lead_id,created_at,customer_id\n" + "\n".join(
    f"L{n},2026-02-0{n} 09:00,K{1 + n // 3}" for n in range(1, 9)
)


def learned(folder, config, orders="", stages="", leads=LEADS):
    """What became of rows that tell a close, and the labels by lead."""
    for name, text in (("leads", leads), ("orders", orders), ("stages", stages)):
        (folder / f"{name}.csv").write_text(text.strip() + "\n", encoding="utf-8")
    (folder / "team.yaml").write_text(TEAM + config, encoding="utf-8")
    config = read_config(folder / "team.yaml")
    with taken_from_files(config) as taken:
        config, account = learnable_outcomes(config, taken)
        rows = dataset.training_rows(config, taken).frame
        reasons = taken.validated.quarantine["reason"].to_list()
    counts = {name: number for name, number in account.counts.items() if number and name != "leads"}
    return counts, dict(rows.select("lead_id", "closed_30d").rows()), reasons


def bought(labels):
    return {lead for lead, label in labels.items() if label}


def unknown(labels):
    return {lead for lead, label in labels.items() if label is None}


# Refunds: cells in which accounts write a negative amount.
@pytest.mark.parametrize(
    "refund", ["-120", "120-", "(120.00)", "\u2212120", '"-€1,200.00"', "(€120.00)", "-1.2万", '"€ -120,00"']
)
def test_a_refund_is_no_close_and_no_order_however_it_is_written(tmp_path, refund):
    orders = f"order_id,ordered_at,lead_id,amount\nO1,2026-02-05,L1,{refund}\nO2,2026-02-05,L2,120"
    counts, labels, reasons = learned(tmp_path, ORDERS % "", orders)
    assert (counts, reasons) == ({"told": 1, "used": 1, "refunds": 1}, [])
    assert (bought(labels), unknown(labels)) == ({"L2"}, set())


@pytest.mark.parametrize("cell", ["CR 120", "120 refunded", "-"])
def test_what_may_be_a_refund_and_is_not_read_is_neither_a_close_nor_none(tmp_path, cell):
    orders = f"order_id,ordered_at,lead_id,amount\nO1,2026-02-05,L1,{cell}\nO2,2026-02-05,L2,120"
    counts, labels, _ = learned(tmp_path, ORDERS % "", orders)
    assert counts == {"told": 2, "used": 1, "quarantined": 1, "unknown": 1}
    assert (bought(labels), unknown(labels)) == ({"L2"}, {"L1"})


def test_an_order_and_its_refund_leave_the_close_and_its_amount(tmp_path):
    orders = "order_id,ordered_at,lead_id,amount\nO1,2026-02-05,L1,120\nR1,2026-02-06,L1,-120"
    counts, labels, _ = learned(tmp_path, ORDERS % "", orders)
    assert counts == {"told": 1, "used": 1, "refunds": 1}
    assert bought(labels) == {"L1"}


# Label times.
def test_an_order_dated_by_the_day_on_which_its_lead_was_created_is_told(tmp_path):
    """Its midnight is before the lead: nobody can grade such a lead in time, and it is no "no"."""
    orders = "order_id,ordered_at,lead_id,amount\nO1,2026-02-01,L1,120"
    counts, labels, _ = learned(tmp_path, ORDERS % "", orders)
    assert counts == {"told": 1, "before_creation": 1}
    assert "L1" not in labels


def test_orders_under_merged_leads_close_their_customers_open_leads_newest_first(tmp_path):
    """K1 has L1 and L2, K2 has L3 to L5."""
    orders = """
order_id,ordered_at,lead_id,customer_id,amount
O1,2026-02-06 10:00,OLD1,K2,1
O2,2026-02-07 10:00,OLD2,K2,1
O3,2026-02-07 11:00,OLD2,K2,1
O4,2026-01-20 10:00,OLD3,K1,1
O5,2026-02-10 10:00,OLD4,NOBODY,1
"""
    counts, labels, _ = learned(tmp_path, ORDERS % "", orders)
    assert bought(labels) == {"L5", "L4"}
    assert counts == {"told": 5, "used": 2, "by_customer": 2, "no_open_lead": 2, "strangers": 1}


@pytest.mark.parametrize(("at", "label"), [("2026-03-29 02:30", None), ("2026-03-29 03:30", 1)])
def test_an_order_in_the_hour_that_clocks_skip_is_no_no(tmp_path, at, label):
    leads = "lead_id,created_at\nL1,2026-03-10 09:00\nL2,2026-03-10 09:00"
    orders = f"order_id,ordered_at,lead_id,amount\nO1,{at},L1,120"
    _, labels, _ = learned(tmp_path, ORDERS % "", orders, leads=leads)
    assert labels == {"L1": label, "L2": 0}


def test_a_win_that_was_entered_before_its_lead_and_one_after_a_loss(tmp_path):
    stages = """
lead_id,entered_at,stage
L1,2026-01-15,Won
L2,2026-02-03,Lost
L2,2026-02-10,Won
L3,2026-02-10,Lost
L3,2026-02-10,Won
"""
    counts, labels, _ = learned(tmp_path, STAGES % "won_stages: [Won], lost_stages: [Lost]", stages=stages)
    assert counts["before_creation"] == 1
    assert counts["told"] == counts["used"] + 1 == 3
    assert bought(labels) == {"L2", "L3"}
    assert "L1" not in labels


# Deals of several contacts.
@pytest.mark.parametrize(
    ("cell", "separator"),
    [("L1; L3", ";"), ('"L1,L3"', ","), ("L1 / L3", "/"), ("L1、L3", "、"), ("L1|L3", "|")],
)
def test_a_deal_of_several_contacts_closes_each_by_its_separator_or_has_no_label(tmp_path, cell, separator):
    orders = f"order_id,ordered_at,lead_id,amount\nO1,2026-02-05,{cell},120"
    counts, labels, _ = learned(tmp_path, ORDERS % f", separator: '{separator}'", orders)
    assert (bought(labels), counts) == ({"L1", "L3"}, {"told": 2, "used": 2})
    counts, labels, reasons = learned(tmp_path, ORDERS % "", orders)
    assert (bought(labels), unknown(labels)) == (set(), {"L1", "L3"})
    assert reasons[0].endswith("set sources.orders.separator")


def test_of_a_deal_with_a_contact_that_nobody_knows_the_others_close(tmp_path):
    orders = "order_id,ordered_at,lead_id,amount\nO1,2026-02-05,L1;GONE,120"
    counts, labels, _ = learned(tmp_path, ORDERS % ", separator: ';'", orders)
    assert bought(labels) == {"L1"}
    assert counts["told"] == counts["used"] + counts.get("strangers", 0) + counts.get("no_open_lead", 0)
    assert unknown(learned(tmp_path, ORDERS % "", orders)[1]) == {"L1"}


# Words of outcomes.
WON = "lead_id,created_at,result,closed_on\nL1,2026-02-01,%s,2026-02-05\nL2,2026-02-01,%s,\nL3,2026-02-01,,"


@pytest.mark.parametrize(
    ("won", "lost", "values"),
    [
        ("TRUE", "FALSE", '["true"]'),
        ("1.00", "0.00", '["1"]'),
        ("Closed Won", "Closed Lost", '["closed won"]'),
        (" 成交 ", "未成交", '["成交"]'),
        ("100", "0", '["100.0"]'),
        ("✓", "", '["✓"]'),
    ],
)
def test_words_of_won_leads_are_found_whatever_their_case_blanks_and_zeros(tmp_path, won, lost, values):
    counts, labels, _ = learned(tmp_path, OUTCOME % values, leads=WON % (won, lost))
    assert (counts["told"], counts["used"]) == (1, 1)
    assert bought(labels) == {"L1"}


@pytest.mark.parametrize("won", ["Y", "won", "是"])
def test_words_that_mean_no_close_by_the_configuration_stop_the_run_and_are_named(tmp_path, won):
    with pytest.raises(TrainingError, match=f"the column holds '0', '{won}'"):
        learned(tmp_path, OUTCOME % '["yes", "1", "true"]', leads=WON % (won, "0"))


@pytest.mark.parametrize("stage", ["won", "Closed Won", "赢单"])
def test_stages_that_no_row_holds_stop_the_run_and_those_held_are_named(tmp_path, stage):
    stages = f"lead_id,entered_at,stage\nL1,2026-02-05,{stage}\nL2,2026-02-05,Working"
    with pytest.raises(TrainingError, match=f"label.won_stages .'Won'.; the column holds .*'{stage}'"):
        learned(tmp_path, STAGES % "won_stages: [Won]", stages=stages)


FLAT = """
name: flat
flat: true
output_dir: out
sources: {leads: {path: leads.csv}}
attributes: {colour: {}, size: {kind: numeric}}
label: {close: outcome, column: y, won_values: ["1"]}
"""


@pytest.mark.parametrize(
    ("outcome", "said"),
    [
        (lambda n: 1, "every"),
        (lambda n: 1 if n % 3 else "", ""),
    ],
)
def test_lists_of_which_all_are_won_are_refused_with_what_was_found(tmp_path, outcome, said):
    rows = [f"{('red', 'blue')[n % 2]},{n % 7},{outcome(n)}" for n in range(900)]
    (tmp_path / "leads.csv").write_text("\n".join(["colour,size,y", *rows]), encoding="utf-8")
    (tmp_path / "team.yaml").write_text(FLAT, encoding="utf-8")
    answer = leadgrade("train", tmp_path / "team.yaml")
    assert answer.code == 6, answer
    assert len(answer.errors) == 1
    assert said in answer.err
