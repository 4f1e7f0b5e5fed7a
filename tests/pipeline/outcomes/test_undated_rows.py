"""Orders and won stages without a date: no label, counted among the outcomes, and no bad rows of a file."""

import polars as pl
import pytest
from support.command import leadgrade
from support.on_the_road import read_tables, taken_from_files

from pipeline.config.config import read_config
from pipeline.errors import ToleranceError
from pipeline.matrix import dataset
from pipeline.outcomes.account import account_for, check_outcomes

TEAM = """
name: team
timezone: UTC
currency: USD
tolerance: 0
cohort: {at: after_creation, days: [1]}
horizons_days: [30]
grades: {A: {by_days: 30, at_least: 0.3}}
sources:
  leads: {path: leads.csv, exported_at: 2026-06-01}
  %s: {path: rows.csv, exported_at: 2026-06-01}
label: {%s}
"""
LEADS = "lead_id,created_at,customer_id\n" + "".join(f"L{n},2026-01-05,K{n}\n" for n in range(60))
LABELS = {
    "orders": "close: first_order",
    "stages": "close: won_stage, won_stages: [Won], lost_stages: [Lost]",
}
HEADS = {"orders": "order_id,ordered_at,lead_id,customer_id", "stages": "lead_id,entered_at,stage"}
# Rows of a lead by number, with this date.
DATED = {
    "orders": "O{0},{1},L{0},",
    "by customer": "O{0},{1},,K{0}",
    "merged": "O{0},{1},OLD{0},K{0}",
    "stages": "L{0},{1},Won",
}


def team(folder, table, rows):
    (folder / "leads.csv").write_text(LEADS, encoding="utf-8")
    (folder / "rows.csv").write_text("\n".join([HEADS[table], *rows]) + "\n", encoding="utf-8")
    (folder / "team.yaml").write_text(TEAM % (table, LABELS[table]), encoding="utf-8")
    return read_config(folder / "team.yaml")


def told(config):
    with taken_from_files(config) as taken:
        account = account_for(config, taken)
        rows = dataset.training_rows(config, taken).frame
    return account, dict(rows.select("lead_id", "closed_30d").rows())


def table_of(kind):
    return "stages" if kind == "stages" else "orders"


@pytest.mark.parametrize("kind", DATED)
def test_its_lead_has_no_label_and_the_run_goes_on(tmp_path, kind):
    table = table_of(kind)
    dated = [DATED[table].format(n, "2026-01-20") for n in range(40)]
    config = team(tmp_path, table, [*dated, DATED[kind].format(50, ""), DATED[kind].format(51, "")])
    account, labels = told(config)
    assert labels == {f"L{n}": 1 if n < 40 else None if n in (50, 51) else 0 for n in range(60)}
    counts = {name: account.counts[name] for name in ("told", "used", "without_date", "quarantined")}
    assert counts == {"told": 42, "used": 40, "without_date": 2, "quarantined": 0}
    what = {"orders": "orders", "stages": "won stages"}[table]
    assert (f"not used: {what} without a date", 2) in account.lines()
    check_outcomes(config, account)
    found = read_tables(config)
    assert found.counts[table].undated == found.counts[table].rows_quarantined == 2
    assert found.quarantine["reason"].to_list() == ["is missing"] * 2


@pytest.mark.parametrize("kind", DATED)
def test_more_of_them_than_the_tolerance_of_outcomes_stop_the_run_with_the_table(tmp_path, kind):
    dated = [DATED[table_of(kind)].format(n, "2026-01-20") for n in range(40)]
    undated = [DATED[kind].format(50 + n, "") for n in range(3)]
    config = team(tmp_path, table_of(kind), [*dated, *undated])
    with pytest.raises(ToleranceError, match=r"7\.0% of the 43 .* are not used \(3 without a date\)"):
        check_outcomes(config, told(config)[0])


def test_beside_a_dated_order_nobody_knows_which_was_the_first(tmp_path):
    orders = [DATED["orders"].format(1, "2026-01-20"), "O2,,L1,", *more(40)]
    _, labels = told(team(tmp_path, "orders", orders))
    assert labels["L1"] is None


def more(number):
    return [DATED["orders"].format(n, "2026-01-20") for n in range(10, 10 + number)]


@pytest.mark.parametrize(
    "row",
    [
        "O50,soon,L50,",  # a date that cannot be read may be read with a setting
        "Total,,,",  # no order of anybody
        "O50,,L50;L51,",  # of several leads: a separator is to be declared
        "O50,2026-01-20,L50;L51,",
    ],
)
def test_what_else_is_wrong_with_a_row_still_stops_the_run(tmp_path, row):
    team(tmp_path, "orders", [*more(40), row])
    answer = leadgrade("check", tmp_path / "team.yaml")
    assert answer.code == 5
    assert "1 of 41 rows (2.4%) of orders are bad" in answer.err


@pytest.mark.parametrize("row", ["L50,,Lost", "L50,,Talking", ",,Won"])
def test_a_stage_without_a_date_that_tells_no_close_is_a_bad_row(tmp_path, row):
    rows = [DATED["stages"].format(n, "2026-01-20") for n in range(40)]
    config = team(tmp_path, "stages", [*rows, "L1,2026-01-10,Lost", row])
    with pytest.raises(ToleranceError, match=r"1 of 42 rows .* of stages are bad"):
        read_tables(config)


def test_orders_that_are_not_the_label_need_their_dates(tmp_path):
    config = team(tmp_path, "stages", [DATED["stages"].format(n, "2026-01-20") for n in range(40)])
    (tmp_path / "orders.csv").write_text("\n".join([HEADS["orders"], "O1,,L1,"]), encoding="utf-8")
    text = config.path.read_text(encoding="utf-8").replace("label:", "  orders: {path: orders.csv}\nlabel:")
    config.path.write_text(text, encoding="utf-8")
    with pytest.raises(ToleranceError, match=r"1 of 1 rows .* of orders are bad"):
        read_tables(read_config(config.path))


def test_check_says_it_first_and_names_the_rows(tmp_path):
    config = team(tmp_path, "orders", [*more(40), "O50,,L50,"])
    answer = leadgrade("check", config.path)
    assert answer.code == 0, answer.err
    assert "not used: orders without a date" in answer.out
    assert "1 leads have no label, since an outcome of theirs could not be used" in answer.out
    quarantine = pl.read_csv(tmp_path / "out/quarantine.csv")
    assert quarantine.select("row_number", "column", "reason").rows() == [(41, "ordered_at", "is missing")]


def test_of_customers_who_buy_again_no_row_has_a_label_then(tmp_path):
    """The undated order may be the next one whenever one asks."""
    config = team(
        tmp_path, "orders", [*(DATED["by customer"].format(n, "2026-01-20") for n in range(40)), "O50,,,K50"]
    )
    text = config.path.read_text(encoding="utf-8").replace("first_order", "next_order")
    config.path.write_text(text, encoding="utf-8")
    account, labels = told(read_config(config.path))
    assert (labels["L50"], labels["L1"], labels["L55"]) == (None, 1, 0)
    assert (account.counts["without_date"], account.counts["doubtful"]) == (1, 1)
