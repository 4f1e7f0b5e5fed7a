"""What became of the outcomes: every row that tells a close is somewhere, and no buyer is a "no"."""

import random
from collections import Counter

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support.on_the_road import taken_from_files
from support.tables_as_text import instant

from pipeline.config.config import read_config
from pipeline.errors import ToleranceError, TrainingError
from pipeline.intake import buckets
from pipeline.matrix import dataset
from pipeline.outcomes.account import OutcomeAccount, account_for, check_outcomes, check_some_closes
from pipeline.outcomes.matured import matured_note

TEAM = """
name: team
timezone: UTC
currency: USD
tolerance: 1.0
outcome_tolerance: 1.0
sources:
  leads: {path: leads.csv, exported_at: 2026-06-01}
"""
ORDERS = (
    "  orders: {path: orders.csv, exported_at: 2026-06-01}\nlabel: {close: first_order}\n"
    "cohort: {at: after_creation, days: [1]}\nhorizons_days: [30]\n"
    "grades: {A: {by_days: 30, at_least: 0.3}}\n"
)
STAGES = (
    "  stages: {path: stages.csv, exported_at: 2026-06-01}\n"
    "label: {close: won_stage, won_stages: [Won], lost_stages: [Lost]}\n"
    "cohort: {at: after_creation, days: [1]}\nhorizons_days: [30]\n"
    "grades: {A: {by_days: 30, at_least: 0.3}}\n"
)
LEADS = "lead_id,created_at,customer_id\n" + "\n".join(
    f"L{n},2026-01-{n % 20 + 2:02d},K{n // 2}" for n in range(40)
)
# What a row that tells a close may become.
ENDS = (
    *("used", "before_creation", "further", "no_lead", "no_open_lead", "lines", "no_close", "duplicates"),
    *("strangers", "quarantined", "without_date", "not_drawn"),
)


def team(folder, config, **files):
    folder.mkdir(exist_ok=True)
    for name, text in {"leads": LEADS, **files}.items():
        (folder / f"{name}.csv").write_text(text.strip() + "\n", encoding="utf-8")
    (folder / "team.yaml").write_text(TEAM + config, encoding="utf-8")
    return read_config(folder / "team.yaml")


def told(config):
    """The account, and the labels of the training rows by lead."""
    with taken_from_files(config) as taken:
        account = account_for(config, taken)
        rows = dataset.training_rows(config, taken).frame
    return account, dict(rows.select("lead_id", "closed_30d").rows())


def some(account):
    return {name: number for name, number in account.counts.items() if number and name != "leads"}


ORDER = st.tuples(
    st.sampled_from(["O1", "O2", "O3", "O4", "O5", "O6"]),
    st.sampled_from(["2026-01-01", "2026-02-01", "2026-03-01", "soon", ""]),
    st.sampled_from(["L1", "L2", "L3", "OLD1", "L1;L5", ""]),
    st.sampled_from(["K0", "K1", "K9", "STRANGE", ""]),
    st.sampled_from(["100", "0", "-100", "(5.00)", "much", ""]),
)


@settings(
    max_examples=8,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.lists(ORDER, min_size=1, max_size=12), st.integers(1, 3), st.sampled_from(["", "sum", ";"]))
def test_every_order_is_used_or_told_why_not(tmp_path, orders, n_buckets, how):
    """Rows that tell a close = what they became, whatever their faults and however leads are split."""
    settled = {"": "", "sum": ", order_lines: sum", ";": ", separator: ;"}[how]
    config = ORDERS.replace("2026-06-01}\nlabel", f"2026-06-01{settled}}}\nlabel".replace(": ;", ": ';'"))
    text = "order_id,ordered_at,lead_id,customer_id,amount\n" + "\n".join(map(",".join, orders))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(buckets, "LEADS_PER_BUCKET", -(-40 // n_buckets))
        config = team(tmp_path / "t", config, orders=text)
        with taken_from_files(config) as taken:
            account = account_for(config, taken)
    assert sum(account.counts[end] for end in ENDS) == account.counts["told"], some(account)
    assert all(account.counts[end] >= 0 for end in ENDS), some(account)
    # These two are what is left over: here nobody is drawn, or quarantined, and only lines are lines.
    assert account.counts["not_drawn"] == 0
    assert account.counts["lines"] == 0 or how == "sum"


def test_what_could_not_be_used_is_no_no(tmp_path):
    orders = """
order_id,ordered_at,lead_id,customer_id,amount
O1,2026-02-01,L1,K0,100
O2,soon,L2,K1,100
O3,2026-02-01,L3;L5,,100
O4,2026-02-01,L7,K3,100
O4,2026-02-02,L8,K4,100
O5,2026-02-01,L9,K4,much
O6,2026-02-01,NOBODY,NOONE,100
O7,2026-02-01,L11,K5,100
O7,2026-02-01,L11,K5,100
O8,2025-02-01,L13,K6,100
O9,2026-02-01,L15,K7,-100
O10,soon,NOBODY,NOONE,100
"""
    account, labels = told(team(tmp_path, ORDERS, orders=orders))
    missing = {lead for lead, label in labels.items() if label is None}
    assert missing == {"L2", "L3", "L5", "L7", "L8", "L9"}
    assert {lead for lead, label in labels.items() if label == 1} == {"L1", "L11"}
    assert "L13" not in labels
    (said,) = account.sentences()
    assert said.startswith("6 leads have no label")
    assert said.endswith("at most 75.0% of themselves")
    assert labels["L15"] == 0
    assert some(account) == {
        **{"told": 11, "used": 2, "before_creation": 1, "duplicates": 1, "refunds": 1, "unknown": 6},
        **{"strangers": 1, "quarantined": 6},
    }


def test_a_separator_closes_each_contact_and_without_one_the_message_names_it(tmp_path):
    orders = "order_id,ordered_at,lead_id,amount\nO1,2026-02-01,L1;L3,100\nO2,2026-02-01,L5; L7,100"
    config = team(tmp_path / "a", ORDERS, orders=orders)
    with taken_from_files(config) as taken:
        (first, _) = taken.validated.quarantine["reason"].to_list()
    assert first.endswith("it names several known leads: set sources.orders.separator")
    config = team(tmp_path / "b", ORDERS.replace("orders.csv,", "orders.csv, separator: ';',"), orders=orders)
    account, labels = told(config)
    assert {lead for lead, label in labels.items() if label} == {"L1", "L3", "L5", "L7"}
    assert some(account) == {"told": 4, "used": 4}


def test_lines_of_an_order_are_in_conflict_until_the_configuration_adds_them_up(tmp_path):
    orders = "order_id,ordered_at,lead_id,amount\nO1,2026-02-01,L1,100\nO1,2026-02-01,L1,250"
    config = team(tmp_path / "a", ORDERS, orders=orders)
    with taken_from_files(config) as taken:
        assert "set sources.orders.order_lines: sum" in taken.validated.quarantine["reason"][0]
    _, labels = told(config)
    assert labels["L1"] is None
    config = team(
        tmp_path / "b", ORDERS.replace("orders.csv,", "orders.csv, order_lines: sum,"), orders=orders
    )
    account, labels = told(config)
    assert labels["L1"] == 1
    assert some(account) == {"told": 2, "used": 1, "lines": 1}
    with taken_from_files(config) as taken:
        rows = dataset.training_rows(config, taken).frame
    assert rows.filter(lead_id="L1")["closing_amount"].to_list() == [350.0]


def test_a_lead_whose_outcome_is_unknown_is_not_graded_and_the_list_says_why(tmp_path):
    orders = "order_id,ordered_at,lead_id,amount\nO1,2026-02-01,L1,100\nO2,soon,L2,100"
    config = team(tmp_path, ORDERS, orders=orders)
    with taken_from_files(config) as taken:
        asked = dataset.ListRows.of(config, taken.heads, instant("2026-06-01"))
        tables = taken.tables(0)
        rows = asked.rows(tables)
        left = dict(asked.left_out(tables, rows).select("lead_id", "reason").rows())
    assert not {"L1", "L2"} & set(rows["lead_id"])
    assert left == {
        "L1": "won or lost before the as-of: nothing to score",
        "L2": "an outcome of it could not be used: nobody can say whether it is open",
    }


def test_a_word_that_no_row_holds_is_said_with_those_that_the_column_holds(tmp_path):
    stages = "lead_id,entered_at,stage\nL1,2026-02-01,Won\nL2,2026-02-01,Working"
    config = team(tmp_path, STAGES.replace("[Won]", "[Closed Won]"), stages=stages)
    with taken_from_files(config) as taken:
        account = account_for(config, taken)
    assert account.sentences() == ["no row holds 'Closed Won', 'Lost'; the column holds 'Won', 'Working'"]
    with pytest.raises(
        TrainingError, match=r"label\.won_stages \('Closed Won'\); the column holds 'Won', 'Working'"
    ):
        check_some_closes(config, account)


def test_too_many_unused_outcomes_stop_the_run_with_what_became_of_them(tmp_path):
    orders = "order_id,ordered_at,lead_id,amount\n"
    orders += (
        "\n".join(f"O{n},2026-02-01,L{n},100" for n in range(38)) + "\nA,soon,L1,1\nB,2026-02-01,NOBODY,1"
    )
    config = team(tmp_path, ORDERS, orders=orders)
    with taken_from_files(config) as taken:
        account = account_for(config, taken)
    check_outcomes(config.model_copy(update={"outcome_tolerance": 0.05}), account)
    with pytest.raises(ToleranceError, match=r"5\.0% of the 40 orders are not used \(1 of leads that"):
        check_outcomes(config.model_copy(update={"outcome_tolerance": 0.049}), account)


@pytest.mark.parametrize("n_buckets", [1, 3])
def test_two_hundred_buyers_in_every_way_that_goes_wrong(tmp_path, monkeypatch, n_buckets):
    """Reopened, merged, bought in two lines, before creation, unreadable: none is a "no", each is counted."""
    monkeypatch.setattr(buckets, "LEADS_PER_BUCKET", -(-400 // n_buckets))
    chance = random.Random(7)
    leads, orders, stages, due = [], [], ["lead_id,entered_at,stage"], {}
    for n in range(400):
        kind = ("merged", "lines", "early", "unreadable", "plain")[n % 5] if n < 200 else "none"
        lead, customer = f"L{n}", f"K{n}"
        leads.append(f"{lead},2026-01-{chance.randrange(1, 28):02d},{customer}")
        at = "2026-02-0" + str(chance.randrange(1, 9))
        orders += {
            "merged": [f"O{n},{at},OLD{n},{customer},100"],
            "lines": [f"O{n},{at},{lead},{customer},100", f"O{n},{at},{lead},{customer},250"],
            "early": [f"O{n},2025-11-01,{lead},{customer},100"],
            "unreadable": [f"O{n},sometime,{lead},{customer},100"],
            "plain": [f"O{n},{at},{lead},{customer},100"],
            "none": [],
        }[kind]
        if n % 2:
            stages += [f"{lead},2026-01-29,Lost", f"{lead},2026-01-30,Working"]
        due[lead] = {"early": "absent", "unreadable": None, "none": 0}.get(kind, 1)
    config = ORDERS.replace("orders.csv,", "orders.csv, order_lines: sum,")
    config = config.replace("label: {close: first_order}", "label: {close: first_order, lost_stages: [Lost]}")
    config = config.replace("label", "  stages: {path: stages.csv, exported_at: 2026-06-01}\nlabel", 1)
    config = config.replace("days: [1]", "days: [30]")
    account, labels = told(
        team(
            tmp_path,
            config,
            leads="\n".join(["lead_id,created_at,customer_id", *leads]),
            orders="\n".join(["order_id,ordered_at,lead_id,customer_id,amount", *orders]),
            stages="\n".join(stages),
        )
    )
    closed_by_then = {lead for lead, label in due.items() if label == 1} - set(labels)
    assert {lead for lead, label in labels.items() if label == 0} == {k for k, v in due.items() if v == 0}
    assert {lead for lead, label in labels.items() if label is None} == {
        k for k, v in due.items() if v is None
    }
    assert all(due[lead] == 1 for lead, label in labels.items() if label == 1)
    assert len(closed_by_then) < 120
    assert some(account) == {
        **{
            "told": 240,
            "used": 120,
            "by_customer": 40,
            "lines": 40,
            "before_creation": 40,
            "quarantined": 40,
        },
        **{"unknown": 40, "reopened": 200},
    }


def undated(folder, after_sale):
    """Half of the leads are won; all are called after 2 days, and winners alone after 40 where asked."""
    leads = [f"L{n},2026-01-05,{'won' if n % 2 else 'lost'}" for n in range(60)]
    calls = [f"C{n},L{n},2026-01-07" for n in range(60)]
    calls += [f"S{n},L{n},2026-02-14" for n in range(60) if n % 2 or not after_sale]
    config = "  calls: {path: calls.csv, exported_at: 2026-06-01}\nlabel: {close: outcome, column: result}\n"
    return team(
        folder,
        config.replace("result", "result, won_values: [won], matured_days: 90"),
        leads="\n".join(["lead_id,created_at,result", *leads]),
        calls="\n".join(["call_id,lead_id,started_at", *calls]),
    )


def test_undated_closes_are_final_outcomes_and_calls_after_the_sale_are_named(tmp_path):
    with taken_from_files(undated(tmp_path / "a", after_sale=True)) as taken:
        account = account_for(config := undated(tmp_path / "a", after_sale=True), taken)
        rows = dataset.training_rows(config, taken).frame
    assert rows["closed_90d"].sum() == 30
    assert some(account)["used"] == 30
    (said,) = account.sentences()
    assert "of the 30 leads that were called 30 to 60 days after their creation 100% were won" in said
    assert said.endswith("The latest cohort.days before them is 30")
    with taken_from_files(config := undated(tmp_path / "b", after_sale=False)) as taken:
        (said,) = account_for(config, taken).sentences()
    assert said.endswith("At no age are winners called much more than others.")


@pytest.mark.parametrize(
    ("called", "won", "named"), [(5_000, 1_650, False), (5_000, 2_000, True), (9, 9, False), (10, 10, True)]
)
def test_winners_must_be_called_a_quarter_more_than_others_beyond_chance(called, won, named):
    counts = Counter(leads=10_000, used=3_000, told=3_000, called_by_7=called, won_called_by_7=won)
    (said,) = OutcomeAccount("outcome", counts, {}, (), final=True, undated=True).sentences()
    assert ("called 3 to 7 days after" in said) is named
    assert ("The latest cohort.days before them is 3" in said) is named


@pytest.mark.parametrize(("closed", "called", "named"), [(200, 16, False), (200, 18, True), (20, 3, True)])
def test_calls_between_close_and_as_of_are_named_of_more_than_one_in_twenty(closed, called, named):
    counts = Counter(leads=10_000, used=3_000, told=3_000, closed_early=closed, called_since=called)
    (said,) = OutcomeAccount("outcome", counts, {}, (), final=True).sentences()
    assert ("were called between" in said) is named


def test_the_close_rate_of_matured_leads_stands_beside_the_learned_one(tmp_path):
    """Of 40 leads 10 close, two of them on their first day; one has no label."""
    orders = [f"O{n},2026-01-2{n},L{n},100" for n in range(8)]
    orders += ["O8,2026-01-10 06:00,L8,100", "O9,2026-01-11 06:00,L9,100", "O10,soon,L10,100"]
    text = "\n".join(["order_id,ordered_at,lead_id,amount", *orders])
    config = team(tmp_path, ORDERS, orders=text)
    with taken_from_files(config) as taken:
        note = matured_note(config, taken, dataset.training_rows(config, taken))
    assert note == (
        "of 39 leads that have matured 25.6% closed within 30 days; of the rows that are learned from 21.6%"
    )


def test_before_outcomes_were_observed_there_is_no_cohort(tmp_path):
    orders = "order_id,ordered_at,lead_id,amount\nO1,2026-01-25,L1,100"
    whole = told(team(tmp_path / "whole", ORDERS, orders=orders))[1]
    later = ORDERS.replace("{close: first_order}", "{close: first_order, observed_from: 2026-01-10}")
    account, labels = told(team(tmp_path / "later", later, orders=orders))
    # The cohort of a lead is looked at a day after its creation.
    assert labels == {lead: label for lead, label in whole.items() if int(lead[1:]) % 20 + 2 + 1 >= 10}
    assert 0 < len(labels) < len(whole)
    assert account.counts["used"] == 1
