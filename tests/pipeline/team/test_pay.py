from decimal import Decimal

import pytest

from pipeline.team.pay import Terms, monthly_pay


@pytest.mark.parametrize(
    ("a", "b", "sales", "coefficient", "pay"),
    [
        (35, 80, 10_000, "1.00", "500.00"),
        (45, 80, 10_000, "1.14", "556.00"),
        (35, 70, 10_000, "0.94", "476.00"),
        (0, 0, 0, "0.00", "0.00"),
        (70, 160, 0, "2.00", "800.00"),
    ],
)
def test_pay_is_right_to_the_cent(a, b, sales, coefficient, pay):
    month = monthly_pay(a, b, Decimal(sales))
    assert (str(month.coefficient), str(month.pay)) == (coefficient, pay)


def test_halves_are_rounded_up():
    # 1/100 of either target is a coefficient of .005: up, where banker's rounding goes down.
    assert str(monthly_pay(1, 0, Decimal(0), Terms(a_target=100, b_target=100)).coefficient) == "0.01"
    assert str(monthly_pay(0, 0, Decimal("0.50")).pay) == "0.01"
    # An exact half that two divisions by three would miss.
    assert str(monthly_pay(3, 27, Decimal(0), Terms(a_target=300, b_target=300)).coefficient) == "0.05"


def test_the_terms_are_a_teams_own():
    terms = Terms(a_target=10, b_target=20, base=Decimal(1000), sales_share=Decimal("0.025"))
    month = monthly_pay(10, 10, Decimal("99.90"), terms)
    assert (str(month.coefficient), str(month.pay)) == ("0.75", "752.50")


def test_nonsense_is_refused():
    with pytest.raises(ValueError, match="below zero"):
        monthly_pay(-1, 0, Decimal(0))
    with pytest.raises(ValueError, match="at least one lead"):
        Terms(a_target=0)
