import numpy as np
import pandas as pd
import pytest

from models.baselines.rule_grades import NO_GRADE, RuleGrades

NAN = np.nan


def test_a_label_is_drawn_towards_the_overall_rate():
    labels = ["A"] * 4 + ["B"] * 6
    events = np.array([[1.0]] * 3 + [[0.0]] * 6 + [[1.0]])
    rules = RuleGrades(m=10.0).fit(labels, events)
    assert np.allclose(rules.predict_proba(["A", "B", "Z"])[:, 0], [(3 + 4) / 14, (1 + 4) / 16, 0.4])


def test_many_leads_outweigh_the_overall_rate():
    events = np.concatenate([np.ones(5000), np.zeros(5000)])[:, None]
    rules = RuleGrades().fit(["hot"] * 5000 + ["cold"] * 5000, events)
    assert np.allclose(rules.predict_proba(["hot", "cold"])[:, 0], [1.0, 0.0], atol=0.002)


def test_windows_compose_over_the_leads_at_risk():
    events = np.array([[1.0, NAN], [0.0, 1.0], [0.0, 0.0], [0.0, NAN]])
    rules = RuleGrades(m=0.0).fit(["A"] * 4, events)
    assert np.allclose(rules.predict_proba(["A"]), [[0.25, 1 - 0.75 * 0.5]])


def test_a_label_never_at_risk_in_a_window_has_the_overall_hazard_there():
    events = np.array([[1.0, NAN], [0.0, 1.0], [0.0, 0.0]])
    rules = RuleGrades().fit(["A", "B", "B"], events)
    assert rules.hazards_.loc["A"].iloc[1] == 0.5


@pytest.mark.parametrize("missing", [None, np.nan, pd.NA])
def test_a_missing_label_is_a_label(missing):
    events = np.array([[1.0], [1.0], [0.0], [0.0]])
    rules = RuleGrades(m=1.0).fit(np.array(["A", "A", missing, missing], dtype=object), events)
    assert list(rules.hazards_.index) == ["A", NO_GRADE]
    assert np.isclose(rules.predict_proba([missing])[0, 0], 0.5 / 3)


def test_text_columns_of_a_frame_are_labels():
    labels = pd.Series(["A", None, "B"], dtype="str", index=[7, 3, 5])
    rules = RuleGrades().fit(labels, np.array([[1.0], [0.0], [0.0]]))
    assert rules.predict_proba(labels).shape == (3, 1)
    assert list(rules.hazards_.index) == ["A", "B", NO_GRADE]


def test_order_of_rows_plays_no_part():
    rng = np.random.default_rng(0)
    labels, events = rng.choice(["A", "B", "C"], 300), (rng.random((300, 2)) < 0.3).astype(float)
    order = rng.permutation(300)
    one, two = RuleGrades().fit(labels, events), RuleGrades().fit(labels[order], events[order])
    assert (one.predict_proba(labels) == two.predict_proba(labels)).all()


def test_a_window_without_data_is_refused():
    with pytest.raises(ValueError, match="window 2 has no ripe row"):
        RuleGrades().fit(["A"], np.array([[1.0, NAN]]))
