"""When leads close and are lost, and of whom that cannot be said: no buyer is a "no" in silence."""

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.tables_as_text import FLAG, INSTANT, NAME, canonical, instant, parse

from features import cohort
from features.closes import UNKNOWN, CloseRule, is_won, outcomes
from features.endings import called_at_age
from features.labels import label_rows, with_closing_amount
from features.staging.staging import stage_tables

LEADS = """
lead_id | created_at | customer_id
L1      | 2026-01-05 | K1
L2      | 2026-02-05 | K1
L3      | 2026-01-05 | K3
L4      | 2026-01-05 |
"""
FIRST_ORDER = CloseRule("first_order")
WON = CloseRule("won_stage", ("Won", "Signed"), ("Lost",))
FAR = instant("2030-01-01")


def found(rule, *, unused=None, leads=LEADS, types=None, **tables):
    canon = {name: canonical(name, text, **(types or {}).get(name, {})) for name, text in tables.items()}
    staged = stage_tables({"leads": canonical("leads", leads, **(types or {}).get("leads", {})), **canon})
    rows = None if unused is None else parse(unused, {"lead_id": NAME, "at": INSTANT})
    return outcomes(staged, rule, rows)


def closes(result):
    told = result.leads.drop_nulls("closed_at")
    return {lead: f"{at:%m-%d}" for lead, at in told.select("lead_id", "closed_at").rows()}


def open_at(result, day, leads=LEADS):
    staged = stage_tables({"leads": canonical("leads", leads)})["leads"]
    return set(cohort.open_leads(cohort.at_instant(staged, instant(day)), result)["lead_id"])


# Lost is not for ever

REOPENED = """
lead_id | entered_at | stage
L1      | 2026-02-10 | Lost
L1      | 2026-02-12 | Lost
L1      | 2026-02-20 | Working
L1      | 2026-02-28 | Won
L3      | 2026-02-10 | Lost
L3      | 2026-02-20 | Working
L3      | 2026-03-10 | Lost
"""


def test_the_newest_stage_decides_whether_a_lead_is_open():
    result = found(WON, stages=REOPENED)
    assert {"L1", "L3"} & open_at(result, "2026-02-10") == {"L1", "L3"}
    assert {"L1", "L3"} & open_at(result, "2026-02-15") == set()
    assert {"L1", "L3"} & open_at(result, "2026-02-20") == set()
    assert {"L1", "L3"} & open_at(result, "2026-02-21") == {"L1", "L3"}
    assert {"L1", "L3"} & open_at(result, "2026-03-01") == {"L3"}
    assert {"L1", "L3"} & open_at(result, "2026-03-11") == set()
    assert result.leads.select("lead_id", "lost_at").drop_nulls().rows() == [("L3", instant("2026-03-10"))]


def test_a_reopened_lead_is_at_risk_and_its_later_close_is_its_label():
    result = found(WON, stages=REOPENED)
    spine = pl.DataFrame({"lead_id": ["L1", "L3"], "as_of": [instant("2026-02-21")] * 2})
    assert label_rows(spine, result, [30], FAR)["closed_30d"].to_list() == [1, 0]


UNDONE = """
lead_id | entered_at | stage
L1      | 2026-02-10 | Won
L1      | 2026-02-12 | Signed
L1      | 2026-02-20 | Working
L2      | 2026-02-10 | Won
L2      | 2026-02-20 | Working
L2      | 2026-02-25 | Signed
L3      | 2026-02-10 | Won
"""


def test_a_win_that_is_undone_is_a_close_unless_the_configuration_says_no():
    assert closes(found(WON, stages=UNDONE)) == {"L1": "02-10", "L2": "02-10", "L3": "02-10"}
    strict = found(CloseRule("won_stage", ("Won", "Signed"), ("Lost",), undone="no_close"), stages=UNDONE)
    assert closes(strict) == {"L2": "02-25", "L3": "02-10"}
    # Nobody knew on 15 February that it would be undone, and everybody on the 21st that it was.
    assert open_at(strict, "2026-02-15") == {"L4"}
    assert open_at(strict, "2026-02-21") == {"L1", "L2", "L4"}


# Orders

ORDERS = """
order_id | ordered_at | lead_id | customer_id | amount_minor | unknown_lead
O1       | 2026-03-01 | OLD9    | K1          | 7000         | true
O2       | 2026-03-05 | OLD9    | K1          | 7000         | true
O3       | 2026-03-02 |         | K3          | 7000         | false
"""
MARKED = {"orders": {"unknown_lead": FLAG}}


def test_an_order_under_a_lead_that_nobody_knows_closes_its_customers_newest_open_lead_once():
    assert closes(found(FIRST_ORDER, types=MARKED, orders=ORDERS)) == {"L2": "03-01"}


def test_the_next_strange_lead_closes_the_next_open_one_and_a_closed_or_a_later_one_is_none():
    orders = """
    order_id | ordered_at | lead_id | customer_id | amount_minor | unknown_lead
    O0       | 2026-02-20 | L2      | K1          | 100          | false
    O1       | 2026-03-01 | OLD8    | K1          | 7000         | true
    O2       | 2026-03-05 | OLD9    | K1          | 7000         | true
    O3       | 2026-01-01 | OLD7    | K3          | 7000         | true
    """
    assert closes(found(FIRST_ORDER, types=MARKED, orders=orders)) == {"L1": "03-01", "L2": "02-20"}


def test_a_lost_lead_is_not_open_to_an_order_of_its_customer():
    rule = CloseRule("first_order", lost_stages=("Lost",))
    stages = "lead_id | entered_at | stage\nL2 | 2026-02-20 | Lost"
    assert closes(found(rule, types=MARKED, orders=ORDERS, stages=stages)) == {"L1": "03-01"}


REFUNDS = """
order_id | ordered_at | lead_id | amount_minor
O1       | 2026-02-01 | L1      | 50000
C1       | 2026-02-03 | L1      | -50000
C2       | 2026-02-01 | L3      | -12000
O3       | 2026-02-01 | L4      | 0
"""


def test_a_refund_closes_nothing_and_what_was_bought_stays_bought():
    assert closes(found(FIRST_ORDER, orders=REFUNDS)) == {"L1": "02-01", "L4": "02-01"}


LINES = """
order_id | ordered_at       | lead_id | customer_id | amount_minor
O1       | 2026-02-01 10:00 | L1      | K1          | 100
O1       | 2026-02-01 10:00 | L1      | K1          | 250
O1       | 2026-02-01 11:00 | L2      | K1          | 100
O1       | 2026-02-01 11:00 | L2      | K1          | 250
O2       | 2026-02-02       | L3      | K3          |
"""


def test_lines_make_one_order_and_an_order_of_two_leads_is_its_customers_once():
    staged = stage_tables({"leads": canonical("leads", LEADS), "orders": canonical("orders", LINES)})
    assert staged["orders"].select("order_id", "amount_minor").sort("order_id").rows() == [
        ("O1", 350),
        ("O2", None),
    ]
    result = outcomes(staged, FIRST_ORDER)
    assert closes(result) == {"L1": "02-01", "L2": "02-01", "L3": "02-02"}
    spine = pl.DataFrame({"lead_id": ["L1", "L2"], "as_of": [instant("2026-01-20")] * 2})
    rows = with_closing_amount(label_rows(spine, result, [30], FAR), staged, 30, 100)
    assert rows["closing_amount"].to_list() == [3.5, 3.5]


# What could not be used


def test_a_lead_whose_order_could_not_be_used_has_no_label_and_is_not_graded():
    unused = """
    lead_id | at
    L1      | 2026-02-01
    L3      | 2026-02-03
    L4      |
    """
    orders = "order_id | ordered_at | lead_id\nO1 | 2026-02-02 | L3"
    result = found(FIRST_ORDER, unused=unused, orders=orders)
    # What came after a close that is known changes nothing; what came before it, or nobody knows when, does.
    assert result.leads.filter(UNKNOWN)["lead_id"].to_list() == ["L1", "L4"]
    spine = pl.DataFrame({"lead_id": ["L1", "L2", "L3", "L4"], "as_of": [instant("2026-01-20")] * 4})
    labels = label_rows(spine, result, [30], FAR)
    assert labels.select("closed_30d", "window_30d").rows() == [(None, None), (0, 0), (1, 1), (None, None)]
    assert cohort.known_leads(spine, result)["lead_id"].to_list() == ["L2", "L3"]
    early = found(FIRST_ORDER, unused="lead_id | at\nL3 | 2026-02-01", orders=orders)
    assert early.leads.filter(UNKNOWN)["lead_id"].to_list() == ["L3"]


DECIDED = """
lead_id | created_at | result | decided_at
L1      | 2026-01-05 | 1.0    | 2026-02-05
L2      | 2026-01-05 | 1.0    |
L3      | 2026-01-05 | 0.0    |
L4      | 2026-01-05 |        |
"""
OF_RESULT = {"leads": {"result": NAME, "decided_at": INSTANT}}


def test_a_lead_won_without_a_date_is_unknown():
    rule = CloseRule("outcome", closed_at="decided_at", won=is_won("result", ["1"]))
    result = found(rule, leads=DECIDED, types=OF_RESULT)
    assert closes(result) == {"L1": "02-05"}
    assert result.leads.filter(UNKNOWN)["lead_id"].to_list() == ["L2"]


def test_without_dates_the_label_is_the_final_outcome_of_leads_that_have_matured():
    rule = CloseRule("outcome", won=is_won("result", ["1"]))
    result = found(rule, leads=DECIDED, types=OF_RESULT)
    spine = pl.DataFrame({"lead_id": ["L1", "L2", "L3", "L4"], "as_of": [instant("2026-01-20")] * 4})
    ripe = label_rows(spine, result, [90], FAR)
    assert ripe.select("closed_90d", "window_90d").rows() == [(1, 1), (1, 1), (0, 0), (None, None)]
    assert label_rows(spine, result, [90], instant("2026-04-01"))["closed_90d"].null_count() == 4
    assert cohort.known_leads(spine, result)["lead_id"].to_list() == ["L3", "L4"]


@pytest.mark.parametrize(
    ("word", "values", "won"),
    [
        *[("1.0", ["1"], True), ("100.0", ["100"], True), ("1", ["1.00"], True), (" WON ", ["won"], True)],
        *[("1.5", ["1"], False), ("10", ["1"], False), ("0.0", ["1"], False), ("-1.0", ["1"], False)],
    ],
)
def test_a_number_is_won_however_many_zeros_follow_its_point(word, values, won):
    assert pl.DataFrame({"y": [word]}).select(is_won("y", values)).item() is won


EVENTS = st.lists(
    st.tuples(st.sampled_from(["L1", "L3"]), st.integers(1, 9), st.sampled_from(["Won", "Lost", "Working"])),
    max_size=8,
    unique_by=lambda row: row[:2],
)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(EVENTS, st.integers(1, 10), st.sampled_from(["close", "no_close"]))
def test_open_is_what_the_stages_known_by_then_say(events, day, undone):
    """Written a second time, row by row: the newest stage before the as-of, and whether it was ever won."""
    rows = "\n".join(f"{lead} | 2026-03-0{at} | {stage}" for lead, at, stage in events)
    rule = CloseRule("won_stage", ("Won",), ("Lost",), undone=undone)
    result = found(rule, stages=f"lead_id | entered_at | stage\n{rows}")
    due = set()
    for lead in ("L1", "L3"):
        known = sorted((at, stage) for name, at, stage in events if name == lead and at < day)
        newest = known[-1][1] if known else ""
        ever_won = any(stage == "Won" for _, stage in known)
        closed = newest == "Won" if undone == "no_close" else ever_won
        if newest != "Lost" and not closed:
            due.add(lead)
    assert open_at(result, f"2026-03-{day:02d}") & {"L1", "L3"} == due


def test_how_many_leads_were_called_at_an_age_and_won():
    leads = canonical("leads", DECIDED, result=NAME, decided_at=INSTANT)
    calls = canonical(
        "calls",
        """
        call_id | lead_id | started_at
        C1      | L1      | 2026-01-06
        C2      | L1      | 2026-01-07
        C3      | L3      | 2026-01-06
        C4      | L2      | 2026-01-15
        C5      | L4      | 2026-01-15
        C6      | L2      | 2026-03-15
        """,
    )
    staged = stage_tables({"leads": leads, "calls": calls})
    result = outcomes(staged, CloseRule("outcome", won=is_won("result", ["1"])))
    assert called_at_age(staged["leads"], staged["calls"], result, (7, 30)).rows() == [(7, 2, 1), (30, 1, 1)]
