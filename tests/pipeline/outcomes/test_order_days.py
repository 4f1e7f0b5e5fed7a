"""Order days of the lead list beside order rows: none is lost, none counts twice."""

import random
from datetime import datetime

import pytest
from support.on_the_road import taken_from_files

from pipeline.config.config import read_config
from pipeline.intake import buckets
from pipeline.matrix import dataset
from pipeline.outcomes.account import account_for

TEAM = """
name: team
timezone: Asia/Shanghai
currency: CNY
tolerance: 0
outcome_tolerance: 1
cohort: {at: after_creation, days: [1]}
horizons_days: [30]
grades: {A: {by_days: 30, at_least: 0.3}}
sources:
  leads: {path: leads.csv, exported_at: 2026-06-01, columns: {order_day: Ordered}}
  orders: {path: orders.csv, exported_at: 2026-06-01%s}
label: {close: %s}
"""


def team(folder, days, orders, label="first_order", how=""):
    """Leads L0 to L19 of customers K0 to K9, two each; the days on which some ordered, and order rows."""
    folder.mkdir(exist_ok=True)
    leads = ["lead_id,created_at,customer_id,Ordered"]
    leads += [f"L{n},2026-01-05,K{n // 2},{days.get(f'L{n}', '')}" for n in range(20)]
    (folder / "leads.csv").write_text("\n".join(leads), encoding="utf-8")
    head = "order_id,ordered_at,lead_id,customer_id,amount"
    (folder / "orders.csv").write_text("\n".join([head, *orders]), encoding="utf-8")
    (folder / "team.yaml").write_text(TEAM % (how, label), encoding="utf-8")
    return read_config(folder / "team.yaml")


def learned(config):
    """Counts, the leads that closed, and of an instant in March their orders and amounts."""
    with taken_from_files(config) as taken:
        counts = account_for(config, taken).counts
        rows = dataset.training_rows(config, taken).frame
        march = datetime.fromisoformat("2026-03-01T00:00:00+00:00")
        now = dataset.ListRows.of(config, taken.heads, march)
        open_leads = [now.rows(taken.tables(number)) for number in range(taken.buckets)]
    history = {
        lead: (orders, amount)
        for frame in open_leads
        for lead, orders, amount in frame.select("lead_id", "orders_total", "amount_total").rows()
    }
    told = {name: counts[name] for name in ("told", "used", "days", "further", "no_lead") if counts[name]}
    return told, {lead for lead, label in rows.select("lead_id", "closed_30d").rows() if label}, history


def test_a_day_without_an_order_row_is_an_order(tmp_path):
    config = team(tmp_path, {"L0": "2026-01-20"}, ["O1,2026-01-25,L4,,100"])
    counts, closed, history = learned(config)
    assert (counts, closed) == ({"told": 2, "used": 2, "days": 1}, {"L0", "L4"})
    assert (history["L1"], history["L5"]) == ((1, 0), (1, 100))  # of the same customers


@pytest.mark.parametrize(
    "row",
    [
        "O1,2026-01-20 23:30,L0,,100",  # it names the lead; the day is one of the team's clock
        "O1,2026-01-20 00:10,L0,K0,100",
        "O1,2026-01-20 09:00,,K0,100",  # it names the customer only: it is the lead's then
        "O1,2026-01-20 09:00,OLD7,K0,100",  # a lead that was merged
    ],
)
def test_a_day_and_an_order_row_of_that_day_are_one_order(tmp_path, row):
    counts, closed, history = learned(team(tmp_path, {"L0": "2026-01-20"}, [row, "O2,2026-01-25,L4,,7"]))
    assert (counts, closed) == ({"told": 2, "used": 2}, {"L0", "L4"})
    assert history["L1"] == (1, 100)


@pytest.mark.parametrize(
    "row",
    [
        "O1,2026-01-21 00:10,L0,,100",  # another day
        "O1,2026-01-20,L1,K0,100",  # another lead
        "O1,2026-01-20,,K1,100",  # another customer
        "O1,2026-01-20,L0,,-100",  # a refund is no order
    ],
)
def test_what_is_not_surely_the_same_order_is_another(tmp_path, row):
    counts, closed, _ = learned(team(tmp_path, {"L0": "2026-01-20"}, [row, "O2,2026-01-25,L4,,7"]))
    assert counts["days"] == 1
    assert {"L0", "L4"} <= closed


def test_two_leads_of_a_customer_and_its_orders_of_one_day(tmp_path):
    """Two orders that name nobody are one each; where there is one, the other day is an order itself."""
    days = {"L0": "2026-01-20", "L1": "2026-01-20"}
    rows = ["O1,2026-01-20,,K0,100", "O2,2026-01-20,,K0,50", "O3,2026-01-25,L4,,7"]
    counts, closed, _ = learned(team(tmp_path / "two", days, rows))
    assert (counts, closed) == ({"told": 3, "used": 3}, {"L0", "L1", "L4"})
    counts, closed, _ = learned(team(tmp_path / "one", days, rows[1:]))
    assert (counts, closed) == ({"told": 3, "used": 3, "days": 1}, {"L0", "L1", "L4"})


def test_the_lines_of_an_order_stay_together(tmp_path):
    rows = ["O1,2026-01-20,,K0,100", "O1,2026-01-20,,K0,50", "O3,2026-01-25,L4,,7"]
    config = team(tmp_path, {"L0": "2026-01-20"}, rows, how=", order_lines: sum")
    _, closed, history = learned(config)
    assert closed == {"L0", "L4"}
    assert history["L1"] == (1, 150)


@pytest.mark.parametrize("n_buckets", [1, 3])
def test_rows_and_days_of_the_same_orders_tell_what_the_rows_alone_do(tmp_path, monkeypatch, n_buckets):
    monkeypatch.setattr(buckets, "LEADS_PER_BUCKET", -(-20 // n_buckets))
    chance = random.Random(3)
    rows = {f"L{n}": f"2026-01-{chance.randrange(10, 28)}" for n in range(0, 20, 3)}
    orders = [f"O-{lead},{day} 10:00,{lead},,100" for lead, day in rows.items()]
    alone = learned(team(tmp_path / "rows", {}, orders))
    assert learned(team(tmp_path / "both", rows, orders)) == alone
    half = learned(team(tmp_path / "half", rows, orders[::2]))
    assert (half[1], half[0]["used"]) == (alone[1], alone[0]["used"])


def test_days_are_next_orders_of_customers_too(tmp_path):
    days = {"L0": "2026-01-20", "L2": "2026-01-20"}
    config = team(tmp_path, days, ["O1,2026-01-20,,K0,100"], label="next_order")
    counts, closed, _ = learned(config)
    assert counts == {"told": 2, "used": 2, "days": 1}
    assert closed == {"L0", "L1", "L2", "L3"}
