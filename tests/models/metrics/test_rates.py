"""Rates over leads and their differences, against published numbers and simple cases."""

import numpy as np
import pytest

from models.metrics.rates import Rate, effective_rows, gap, lead_influence, wilson


def test_wilson_agrees_with_published_intervals():
    # Newcombe (1998), table I: 81/263, 15/148, 0/20 and 1/29, method 3.
    for won, n, low, high in [
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ]:
        assert wilson(won / n, n) == pytest.approx((low, high), abs=5e-5)


def test_differences_agree_with_published_intervals():
    # Newcombe (1998), table II, method 10: 56/70 less 48/80, 9/10 less 3/10, 10/10 less 0/20.
    for one, n1, other, n2, low, high in [
        (56, 70, 48, 80, 0.0524, 0.3339),
        (9, 10, 3, 10, 0.1705, 0.8090),
        (10, 10, 0, 20, 0.6791, 1.0),
    ]:
        found = gap(Rate(one / n1, n1), Rate(other / n2, n2), 0.95)
        assert (found.low, found.high) == pytest.approx((low, high), abs=5e-5)


def test_a_higher_level_is_wider_and_a_correlation_narrower():
    one, other = Rate(0.4, 50), Rate(0.3, 60)
    plain, surer, tied = gap(one, other, 0.95), gap(one, other, 0.99), gap(one, other, 0.95, 0.5)
    assert surer.low < plain.low < tied.low < 0.1 < tied.high < plain.high < surer.high


def test_rows_of_one_lead_that_say_the_same_are_worth_one():
    closed = np.repeat([1.0, 0.0, 0.0, 1.0, 0.0], 4)
    leads, member = np.repeat(list("abcde"), 4), np.ones((20, 1), dtype=bool)
    worth = effective_rows(0.4, 20, 5, lead_influence(member, closed, leads)[:, 0])
    assert worth == pytest.approx(4.0)  # 5 leads, one spent on their mean
    apart = effective_rows(0.4, 20, 20, lead_influence(member, closed, np.arange(20))[:, 0])
    assert apart == pytest.approx(19.0)


def test_none_or_all_closed_are_worth_their_leads_and_never_more_than_the_rows():
    assert effective_rows(0.0, rows=9, leads=3, influence=np.zeros(3)) == 3.0
    assert effective_rows(1.0, rows=9, leads=3, influence=np.zeros(3)) == 3.0
    assert effective_rows(0.5, rows=8, leads=4, influence=np.zeros(4)) == 8.0
    assert effective_rows(0.5, rows=8, leads=1, influence=np.zeros(1)) == 1.0
