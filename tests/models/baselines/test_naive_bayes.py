import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.baselines.naive_bayes import LEAST, MOST, CrmNaiveBayes

NAN = np.nan


def one_window(*closed: float) -> np.ndarray:
    return np.array(closed, dtype=np.float64)[:, None]


def odds(probability: float) -> float:
    return probability / (1.0 - probability)


def test_won_leads_count_in_all_stages_and_lost_leads_up_to_theirs():
    leads = pd.DataFrame({"stage": ["new", "offer", "new", "new", "talk"]})
    crm = CrmNaiveBayes(stages=["new", "talk", "offer"]).fit(leads, one_window(1, 1, 0, 0, 0))
    # Two won in each stage. Lost: three have been new, one has talked, none has had an offer.
    prior = 2.1 / 3.1
    found = crm.predict_proba(pd.DataFrame({"stage": ["new", "talk", "offer"]}))[:, 0]
    expected = [prior, prior / (1.1 / 3.1), prior / (0.1 / 3.1)]
    assert [odds(p) for p in found] == pytest.approx(expected)


def test_a_stage_without_an_order_is_a_value_like_others():
    leads = pd.DataFrame({"stage": ["new", "offer", "new"]})
    crm = CrmNaiveBayes().fit(leads, one_window(1, 1, 0))
    found = crm.predict_proba(pd.DataFrame({"stage": ["offer"]}))[0, 0]
    assert odds(found) == pytest.approx(2.1 / 1.1 * (1.1 / 2.2) / (0.1 / 1.2))


def test_missing_values_neither_count_nor_weigh():
    leads = pd.DataFrame({"channel": ["web", "fair", None, None], "region": ["n", "n", "s", "s"]})
    events = one_window(1, 0, 1, 1)
    both = CrmNaiveBayes().fit(leads, events)
    alone = CrmNaiveBayes().fit(leads[["region"]], events)
    rows = pd.DataFrame({"channel": [None, "never seen"], "region": ["n", "n"]})
    assert both.predict_proba(rows) == pytest.approx(alone.predict_proba(rows))
    told = odds(both.predict_proba(pd.DataFrame({"channel": ["web"], "region": [None]}))[0, 0])
    assert told == pytest.approx(3.1 / 1.1 * (1.1 / 1.2) / (0.1 / 1.2))


def test_numbers_enter_as_fifths_of_the_training_rows():
    leads = pd.DataFrame({"budget": np.arange(10.0)})
    crm = CrmNaiveBayes().fit(leads, one_window(*[0] * 8, 1, 1))
    assert crm.edges_["budget"].tolist() == [1.0, 3.0, 5.0, 7.0]
    found = crm.predict_proba(pd.DataFrame({"budget": [7.0, 7.5, 1e9, NAN]}))[:, 0]
    assert found[0] < found[3] < found[1] == found[2]


def test_rare_values_count_as_one_and_so_does_what_is_not_in_the_table():
    leads = pd.DataFrame({"source": ["web"] * 60 + ["fair"] * 3 + ["radio"] * 2})
    events = one_window(*[1] * 20, *[0] * 40, 1, 1, 1, 0, 0)
    plain, crm = CrmNaiveBayes().fit(leads, events), CrmNaiveBayes(rare=50).fit(leads, events)
    rows = pd.DataFrame({"source": ["fair", "radio", "never seen", "web", None]})
    found = crm.predict_proba(rows)[:, 0]
    assert found[0] == found[1] == found[2]
    # Of the five with a rare value three closed, of all 65 twenty-three; 0.1 is added to each count.
    expected = 23.1 / 42.1 * (3.1 / 23.2) / (2.1 / 42.2)
    assert odds(found[0]) == pytest.approx(expected)
    assert found[4] == plain.predict_proba(rows)[4, 0]
    three = plain.predict_proba(rows)[:3, 0]
    assert three[0] > found[0] > three[1]
    assert three[2] == found[4]


def test_a_value_that_just_enough_rows_have_stands_alone():
    leads = pd.DataFrame({"source": ["web"] * 60 + ["fair"] * 50 + ["radio"] * 49})
    crm = CrmNaiveBayes(rare=50).fit(leads, one_window(*[1, 0] * 79, 1))
    assert sorted(crm.tables_["source"].index) == [" the rest", "fair", "web"]


def test_probabilities_are_clamped():
    leads = pd.DataFrame({name: ["a", "b"] * 50 for name in "vwxyz"})
    crm = CrmNaiveBayes().fit(leads, one_window(*[1, 0] * 50))
    assert crm.predict_proba(leads)[:2, 0].tolist() == [MOST, LEAST]


def test_windows_are_counted_among_the_rows_at_risk():
    leads = pd.DataFrame({"channel": ["web", "web", "fair", "fair"]})
    crm = CrmNaiveBayes().fit(leads, np.array([[1.0, NAN], [0.0, 1.0], [0.0, 0.0], [0.0, NAN]]))
    first = CrmNaiveBayes().fit(leads, one_window(1, 0, 0, 0)).predict_proba(leads)[:, 0]
    second = CrmNaiveBayes().fit(leads[1:3], one_window(1, 0)).predict_proba(leads)[:, 0]
    expected = np.column_stack([first, 1.0 - (1.0 - first) * (1.0 - second)])
    assert crm.predict_proba(leads) == pytest.approx(expected)


def test_a_column_without_values_says_nothing():
    events = one_window(1, 0, 0)
    leads = pd.DataFrame({"channel": ["web", "web", "fair"]})
    empty = leads.assign(region=pd.Series([None] * 3, dtype="str"), budget=NAN)
    found = CrmNaiveBayes().fit(empty, events).predict_proba(empty)
    assert (found == CrmNaiveBayes().fit(leads, events).predict_proba(leads)).all()


values = st.sampled_from(["a", "b", "c", None])
outcomes = st.sampled_from([0.0, 1.0, NAN])


@settings(max_examples=50, deadline=None)
@given(
    st.lists(
        st.tuples(values, values, st.none() | st.floats(-5, 5), outcomes, outcomes), min_size=1, max_size=30
    )
)
def test_chances_are_clamped_never_fall_and_depend_on_the_row_alone(rows):
    rows = [("a", "b", 1.0, 0.0, 1.0), *rows]
    leads = pd.DataFrame(rows, columns=["stage", "channel", "budget", "first", "second"])
    leads = leads.astype({"stage": "str", "channel": "str", "budget": "float64"})
    X, events = leads[["stage", "channel", "budget"]], leads[["first", "second"]].to_numpy(np.float64)
    crm = CrmNaiveBayes(stages=["a", "b"]).fit(X, events)
    found = crm.predict_proba(X)
    assert (np.diff(found, axis=1) >= 0.0).all()
    assert ((found >= LEAST) & (found <= MOST)).all()
    assert (np.vstack([crm.predict_proba(X.iloc[[i]]) for i in range(len(X))]) == found).all()


def test_a_column_of_another_kind_is_refused():
    crm = CrmNaiveBayes().fit(pd.DataFrame({"budget": [1.0, 2.0]}), one_window(1, 0))
    with pytest.raises(ValueError, match="numbers expected in: budget"):
        crm.predict_proba(pd.DataFrame({"budget": ["much"]}))
    with pytest.raises(ValueError, match="columns missing: budget"):
        crm.predict_proba(pd.DataFrame({"price": [1.0]}))


def test_a_window_without_data_is_refused():
    with pytest.raises(ValueError, match="window 2 has no ripe row"):
        CrmNaiveBayes().fit(pd.DataFrame({"budget": [1.0]}), np.array([[1.0, NAN]]))
