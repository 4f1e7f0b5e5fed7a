"""Repeat purchase: an order table of customers is the label, and the next order is the close."""

import random
from datetime import UTC, datetime, timedelta

import polars as pl
import pytest
from support.command import leadgrade
from support.on_the_road import taken_from_files

from pipeline.commands.sources import learnable_outcomes
from pipeline.config.config import read_config
from pipeline.intake import buckets
from pipeline.matrix import dataset

TEAM = """
name: shop
timezone: UTC
currency: USD
output_dir: out
tolerance: 1.0
sources:
  leads: %s
  orders: {path: orders.csv, exported_at: 2026-07-01, columns: {customer_id: customer, ordered_at: day}}
label: {close: next_order}
cohort: {at: monthly}
horizons_days: [30, 60]
grades: {A: {by_days: 30, at_least: 0.5}, B: {by_days: 60, at_least: 0.3}}
model: {threads: 1, max_trees: 40, early_stopping_trees: 10}
"""
CUSTOMERS = "{path: customers.csv, columns: {lead_id: customer, customer_id: customer}}"
# The order table alone: who ordered once is a customer since.
FROM_ORDERS = (
    "{path: orders.csv, first_by: customer, exported_at: 2026-07-01, "
    "columns: {lead_id: customer, customer_id: customer, created_at: day}}"
)
END = datetime(2026, 7, 1, tzinfo=UTC)


def shop(folder, orders, leads=CUSTOMERS, since="2025-12-15"):
    """Orders are (customer, day, amount)."""
    folder.mkdir(exist_ok=True)
    rows = [f"O{n},{','.join(map(str, order))}" for n, order in enumerate(orders)]
    (folder / "orders.csv").write_text("\n".join(["order_id,customer,day,amount", *rows]), encoding="utf-8")
    names = sorted({order[0] for order in orders})
    text = "\n".join(["customer,created_at", *(f"{name},{since}" for name in names)])
    (folder / "customers.csv").write_text(text, encoding="utf-8")
    (folder / "team.yaml").write_text(TEAM % leads, encoding="utf-8")
    return read_config(folder / "team.yaml")


def learned(config):
    """The account, and the labels of both horizons by customer and month."""
    with taken_from_files(config) as taken:
        config, account = learnable_outcomes(config, taken)
        frame = dataset.training_rows(config, taken).frame
    rows = frame.select("lead_id", pl.col("as_of").dt.strftime("%m-%d"), "closed_30d", "closed_60d").rows()
    return account, {(lead, day): (near, far) for lead, day, near, far in rows}, frame


def drawn(seed, customers=40, since=datetime(2025, 12, 15, tzinfo=UTC)):
    chance = random.Random(seed)
    orders = []
    for n in range(customers):
        day = since + timedelta(days=chance.randrange(40))
        while day < END:
            orders.append((f"K{n}", f"{day:%Y-%m-%d}", chance.choice([100, 25, 0, -40])))
            day += timedelta(days=chance.choice([3, 20, 45, 120]))
    return orders


@pytest.mark.parametrize("n_buckets", [1, 3])
def test_the_label_is_whether_the_next_order_comes_in_time(tmp_path, monkeypatch, n_buckets):
    monkeypatch.setattr(buckets, "LEADS_PER_BUCKET", -(-40 // n_buckets))
    orders = drawn(3)
    account, labels, frame = learned(shop(tmp_path, orders))
    assert len(labels) == frame.height == 40 * 7  # every customer in every month: nobody leaves
    for (customer, month), found in labels.items():
        as_of = datetime.strptime(f"2026-{month}", "%Y-%m-%d").replace(tzinfo=UTC)
        days = [
            (datetime.strptime(day, "%Y-%m-%d").replace(tzinfo=UTC) - as_of).days
            for name, day, amount in orders
            if name == customer and amount >= 0
        ]
        due = [
            int(any(0 <= after < end for after in days)) if as_of + timedelta(days=end) <= END else None
            for end in (30, 60)
        ]
        assert list(found) == due, (customer, month)
    refunds = sum(amount < 0 for _, _, amount in orders)
    counts = {name: number for name, number in account.counts.items() if number and name != "leads"}
    assert counts == {"told": len(orders) - refunds, "used": len(orders) - refunds, "refunds": refunds}
    assert account.lines()[1] == ("orders used as a close of their customer", len(orders) - refunds)


def test_an_order_that_cannot_be_read_is_no_no_where_it_may_be_the_next(tmp_path):
    orders = [("K1", "2026-01-10", 5), ("K1", "2026-03-05", "much"), ("K1", "2026-05-20", 5)]
    orders += [("K2", "some day", 5), ("K2", "2026-02-10", 5), ("K3", "2026-02-10", 5), *more(60)]
    account, labels, frame = learned(shop(tmp_path, orders))
    of_k1 = {month: found for (customer, month), found in labels.items() if customer == "K1"}
    # In January the next order is known, in February and March the unread one may be it, in April it is past.
    assert of_k1["01-01"] == (1, 1)
    assert of_k1["02-01"] == (0, None)
    assert of_k1["03-01"] == (None, None)
    assert of_k1["04-01"] == (0, 1)
    assert {found for (customer, _), found in labels.items() if customer == "K2"} == {(None, None)}
    assert labels["K3", "02-01"] == (1, 1)
    assert (account.counts["doubtful"], account.counts["quarantined"]) == (2, 2)
    assert (
        "leads with an order that cannot be used, or without a customer: no label where it matters",
        2,
    ) in account.lines()
    assert frame.filter(lead_id="K1")["closing_amount"].drop_nulls().to_list() == [5.0, 5.0, 5.0]


def test_the_lines_of_an_order_are_one_close(tmp_path):
    config = shop(tmp_path, [("K1", "2026-01-20", 5), ("K1", "2026-01-20", 7), ("K1", "2026-04-20", 5)])
    path = tmp_path / "orders.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("O1,", "O0,"), encoding="utf-8")
    text = config.path.read_text(encoding="utf-8")
    lines = text.replace("ordered_at: day}}", "ordered_at: day}, order_lines: sum}")
    config.path.write_text(lines, encoding="utf-8")
    account, labels, frame = learned(read_config(config.path))
    assert [account.counts[name] for name in ("told", "used", "lines")] == [3, 2, 1]
    assert labels["K1", "01-01"] == (1, 1)
    assert frame["closing_amount"].drop_nulls().to_list() == [12.0, 5.0, 5.0]


def test_of_a_lead_that_names_no_customer_nobody_knows_what_it_ordered(tmp_path):
    leads = "{path: list.csv, columns: {lead_id: lead, customer_id: customer}}"
    config = shop(tmp_path, [("K1", "2026-01-20", 5), ("K1", "2026-04-20", 5)], leads=leads)
    rows = ["lead,customer,created_at", "L1,K1,2025-12-15", "L2,,2025-12-15"]
    (tmp_path / "list.csv").write_text("\n".join(rows), encoding="utf-8")
    account, labels, _ = learned(config)
    assert {found for (lead, _), found in labels.items() if lead == "L2"} == {(None, None)}
    assert {near for (lead, month), (near, _) in labels.items() if lead == "L1" and month < "06"} <= {0, 1}
    assert account.counts["doubtful"] == 1


def more(number):
    return [(f"X{n}", "2026-01-20", 1) for n in range(number)]


def test_the_order_table_alone_is_enough(tmp_path):
    orders = drawn(4)
    _, labels, _ = learned(shop(tmp_path, orders, leads=FROM_ORDERS))
    _, due, _ = learned(shop(tmp_path / "list", orders))
    first = {name: min(day for one, day, _ in orders if one == name) for name, _, _ in orders}
    assert labels == {key: found for key, found in due.items() if first[key[0]] <= f"2026-{key[1]}"}


def test_order_days_with_their_totals_are_orders(tmp_path):
    """One row a customer and day, without an order's number: the labels of the orders that it sums up."""
    orders = [(name, day, amount) for name, day, amount in drawn(5) if amount > 0]
    _, due, _ = learned(shop(tmp_path / "orders", orders + orders))
    totals = {(name, day): 0 for name, day, _ in orders}
    for name, day, amount in orders + orders:
        totals[name, day] += amount
    config = shop(tmp_path / "days", [(*key, amount) for key, amount in totals.items()])
    path = tmp_path / "days/orders.csv"
    text = [line.split(",", 1)[1] for line in path.read_text(encoding="utf-8").splitlines()]
    path.write_text("\n".join(text), encoding="utf-8")
    account, labels, _ = learned(config)
    assert labels == due
    assert account.counts["used"] == len(totals)


def test_leads_that_do_not_name_their_customer_are_refused(tmp_path):
    config = shop(tmp_path, drawn(6), leads="{path: customers.csv, columns: {lead_id: customer}}")
    answer = leadgrade("train", config.path)
    assert answer.code == 3
    assert "label: close: next_order needs leads that name their customer_id: say which column" in answer.err


def test_it_is_trained_scored_and_everybody_is_graded(tmp_path, untracked, few_rivals):
    orders = drawn(7, customers=300, since=datetime(2025, 1, 1, tzinfo=UTC))
    config = shop(tmp_path, orders, since="2025-01-01")
    answer = leadgrade("train", config.path)
    assert (answer.code, answer.errors) == (0, []), answer.err
    assert "orders used as a close of their customer" in answer.out
    graded = leadgrade("score", config.path, "--out", tmp_path / "graded.csv")
    assert (graded.code, graded.errors) == (0, []), graded.err
    listed = pl.read_csv(tmp_path / "graded.csv")
    assert listed["lead_id"].n_unique() == listed.height == 300
    assert leadgrade("check", config.path).code == 0
