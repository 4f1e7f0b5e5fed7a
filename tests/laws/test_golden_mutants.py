"""The golden tables see every slip of the pen in a rule: each one changes the grade or rule of some row."""

from functools import cache

import pandas as pd
import polars as pl
import pytest
from laws.golden_leads import EDGES, GOLDEN, KINDS, leads_of, random_leads, shipped_scheme
from laws.mutants import mutants_of

from features.schemes.compiled import CompiledScheme, apply_rules

# The slips that no lead can show, because earlier rules have taken every lead that they concern, or
# because no rule asks for the difference.
UNSEEN = {
    "close_window": {
        # A, then B, has every explicit lead from the day itself on.
        "rule 6: days_until_expected_close_date > 0 AND days_until_expected_close_date <= :b_within_days",
        "rule 6: days_until_expected_close_date BETWEEN 1 AND :b_within_days",
        "rule 7: days_until_expected_close_date > 0 AND days_until_expected_close_date <= :c_within_days",
        "rule 7: days_until_expected_close_date BETWEEN 1 AND :c_within_days",
        # C has day 180 and the day before.
        "rule 9: days_until_expected_close_date >= :c_within_days",
        "rule 9: days_until_expected_close_date > 179",
    },
    "robot_intent": {
        # Two intent questions and an accepted invitation are A.
        "rule 6: 'not accepted'",
        "rule 8: intent_questions_last_call <= :many_questions",
        "rule 8: intent_questions_last_call < 3",
    },
    # The eight segments share no customer, so a rule cannot reach into the segment of an earlier one.
    "rfm": {
        "rule 2: orders_total <= 5.0",
        "rule 3: days_since_order >= :recency_edge_2",
        "rule 3: days_since_order > 29.0",
        "rule 4: days_since_order >= :recency_edge_2",
        "rule 4: days_since_order > 29.0",
        "rule 4: orders_total <= 5.0",
        "rule 5: amount_total <= 1001.0",
        "rule 6: amount_total <= 1001.0",
        "rule 6: orders_total <= 5.0",
        "rule 7: amount_total <= 1001.0",
        "rule 7: days_since_order >= :recency_edge_2",
        "rule 7: days_since_order > 29.0",
        "rule 8: amount_total <= 1001.0",
        "rule 8: days_since_order >= :recency_edge_2",
        "rule 8: days_since_order > 29.0",
        "rule 8: orders_total <= 5.0",
    },
    "project": {
        # One point for size is C.
        "rule 3: size_points >= 1",
        # Owner and source lift to A or they do not: two points and one are the same.
        "term ownership_points: 'not several'",
        "term ownership_points: 'not state'",
        "term source_points: 'not friend'",
    },
    "robot_dialogue": {
        # Two refusals are C by rule 6 already.
        "rule 8: refusals_last_call <= :many_refusals",
        "rule 8: refusals_last_call < 3",
    },
    "home_buyer_points": {
        # Four points are C.
        "rule 4: points <= :c_points",
        "rule 4: points < 5",
    },
    "consumption": {"rule 3: amount_total <= 101.0"},  # above the low edge is medium
    "abc_value": {
        # At the edge and below is C.
        "rule 3: value >= :c_edge",
        "rule 3: value > 99.0",
    },
    "vip": {
        # Above the threshold is vip.
        "rule 2: monthly <= 1001",
        # Two ways to say twelve months, and one.
        "term months: days_since_first_order > 365",
        "term months: days_since_first_order * 12 / 365 >= 1",
    },
    "category": {
        "term months: days_since_first_order > 365",
        "term months: days_since_first_order * 12 / 365 >= 1",
    },
    # A later date is not now.
    "intention": {"rule 5: days_until_planned_purchase_date BETWEEN 0 AND 31"},
    # Switched off by the calendar month; tested with its parameter.
    "dealer": {
        "rule 2: days_until_expected_close_date < :within_days",
        "rule 2: days_until_expected_close_date <= 29",
        "rule 2: days_until_expected_close_date <= 31",
    },
    "lifecycle": {
        # An order 180 days ago, or the day after, is active.
        "rule 4: days_since_order >= :active_days",
        "rule 4: days_since_order > 179",
    },
}


@cache
def _mutants(name: str) -> list[tuple[str, CompiledScheme]]:
    compiled = shipped_scheme(name)
    return list(mutants_of(compiled, KINDS, {**compiled.scheme.parameters, **EDGES.get(name, {})}))


def _unseen(name: str, leads: pd.DataFrame, mutants: list[tuple[str, CompiledScheme]]) -> set[str]:
    read = pl.from_pandas(leads[list(shipped_scheme(name).columns)])
    graded = apply_rules(shipped_scheme(name), read)[1]
    return {slip for slip, mutant in mutants if apply_rules(mutant, read)[1].equals(graded)}


@pytest.mark.parametrize("name", GOLDEN)
def test_every_slip_in_a_rule_changes_a_golden_row(name):
    assert _unseen(name, leads_of(*GOLDEN[name]), _mutants(name)) == UNSEEN.get(name, set())


@pytest.mark.parametrize("name", UNSEEN)
def test_an_unseen_slip_changes_no_lead_at_all(name):
    mutants = [(slip, mutant) for slip, mutant in _mutants(name) if slip in UNSEEN[name]]
    assert _unseen(name, random_leads(seed=1, rows=5_000), mutants) == UNSEEN[name]


def test_flags_stand_from_their_boundary_on():
    compiled = shipped_scheme("exhibition")
    rows = pl.DataFrame(
        {"contract_signed": ["yes", "yes", "no"], "days_since_answered_call": [7.0, 7.01, 9.0]}
    )
    assert rows.select(**compiled.flags)["payment_silent"].to_list() == [False, True, False]


def test_who_is_flagged_as_stuck_is_graded_so():
    readiness = shipped_scheme("readiness")
    leads = random_leads(seed=2, rows=5_000)
    rows = pl.from_pandas(leads[list(readiness.columns)])
    (stuck,) = (
        n for n, rule in enumerate(readiness.scheme.rules, 1) if "stuck_after_talks" in rule.when.parameters
    )
    flagged = rows.select(**readiness.flags)["stuck"]
    assert flagged.any()
    assert flagged.equals((apply_rules(readiness, rows)[1] == stuck).fill_null(False))
