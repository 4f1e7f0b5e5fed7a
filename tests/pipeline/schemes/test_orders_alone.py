"""The life cycle of customers is told by orders alone, where a team keeps no log of its calls."""

import pandas as pd
from laws.golden_leads import GOLDEN, leads_of

from features.catalog import catalog, features_of
from features.schemes.compiled import availability, compile_scheme, grade_frame, optional_kinds
from pipeline.schemes.scheme_files import read_schemes

TALK = "days_since_answered_call"


def lifecycle(tmp_path):
    (scheme,) = read_schemes(["lifecycle"], tmp_path)
    return scheme


def test_leads_without_calls_are_graded_as_those_of_a_team_without_a_log(tmp_path):
    scheme = lifecycle(tmp_path)
    of_orders = {f.name: f.kind for f in features_of(catalog()) if f.table == "orders"}
    assert availability(scheme, of_orders) == ()
    table = leads_of(*GOLDEN["lifecycle"])
    silent = table[table[TALK].isna()].reset_index(drop=True)
    assert set(silent["grade"]) >= {"potential", "new", "active", "lapsed"}
    graded = grade_frame(silent.drop(columns=TALK), [compile_scheme(scheme, of_orders)])
    pd.testing.assert_series_equal(graded["scheme_lifecycle"], silent["grade"], check_names=False)


def test_a_log_of_calls_counts_where_there_is_one(tmp_path):
    scheme = lifecycle(tmp_path)
    kinds = {f.name: f.kind for f in features_of(catalog())}
    leads = pd.DataFrame(
        {"orders_total": [2.0], "days_since_first_order": [900.0], "days_since_order": [400.0], TALK: [3.0]}
    )
    assert grade_frame(leads, [compile_scheme(scheme, kinds)])["scheme_lifecycle"].item() == "active"
    assert grade_frame(leads.drop(columns=TALK), [compile_scheme(scheme, kinds)]).iloc[0, 0] == "lapsed"


def test_an_optional_column_has_the_catalogues_kind(tmp_path):
    assert optional_kinds(lifecycle(tmp_path)) == {TALK: "number"}
    (dealer,) = read_schemes(["close_window"], tmp_path)
    assert set(optional_kinds(dealer).values()) == {"category"}


def test_nothing_else_may_be_missing(tmp_path):
    assert availability(lifecycle(tmp_path), [TALK, "orders_total"]) == (
        "days_since_first_order",
        "days_since_order",
    )
