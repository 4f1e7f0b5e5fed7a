"""Pay by grades: A and B leads against targets, and a share of the sales that came of them.

Decimal arithmetic throughout; nothing is rounded but the coefficient (half up, two decimals) and the
pay (half up, to the cent).
"""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

_CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Terms:
    """What a team pays by.

    Attributes:
        a_target, b_target: A and B leads expected of an agent in a month.
        base: pay at coefficient 1, in units of the currency.
        sales_share: share of the sales that came from the agent's leads.
    """

    a_target: int = 35
    b_target: int = 80
    base: Decimal = Decimal(400)
    sales_share: Decimal = Decimal("0.01")

    def __post_init__(self) -> None:
        if self.a_target < 1 or self.b_target < 1:
            raise ValueError("targets must be at least one lead")


@dataclass(frozen=True, slots=True)
class Pay:
    """An agent's month: the coefficient, and the pay in units of the currency."""

    coefficient: Decimal
    pay: Decimal


def monthly_pay(a_leads: int, b_leads: int, sales: Decimal, terms: Terms | None = None) -> Pay:
    """Coefficient and pay of one agent in one month.

    The coefficient is the mean of A leads over their target and B leads over theirs, without a cap. A
    lead counts once per grade and month, for the agent of its grading call; the caller counts.

    Args:
        a_leads: leads graded A.
        b_leads: leads graded B.
        sales: sales that came from the agent's leads, in units of the currency.
        terms: targets, base pay and share; 35 and 80, 400 and 1 % when left out.

    Raises:
        ValueError: a count or the sales are below zero.

    Example:
        >>> month = monthly_pay(45, 80, Decimal(10_000))
        >>> str(month.coefficient), str(month.pay)
        ('1.14', '556.00')
    """
    if a_leads < 0 or b_leads < 0 or sales < 0:
        raise ValueError("leads and sales cannot be below zero")
    agreed = terms or Terms()
    # One division, so that a coefficient right on half a hundredth is not pushed off it.
    both = a_leads * agreed.b_target + b_leads * agreed.a_target
    exact = Decimal(both) / Decimal(2 * agreed.a_target * agreed.b_target)
    coefficient = exact.quantize(_CENT, ROUND_HALF_UP)
    pay = agreed.base * coefficient + agreed.sales_share * sales
    return Pay(coefficient, pay.quantize(_CENT, ROUND_HALF_UP))
