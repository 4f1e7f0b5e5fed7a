"""Monetary value: the customer's earlier orders, in whole units of the currency."""

from features.feature import Feature, windowed


def monetary_features(minor_units_per_unit: int) -> tuple[Feature, ...]:
    """Declare the features of orders; amounts are kept in minor units (100 fen to the yuan).

    Example:
        >>> [f.name for f in monetary_features(100)][:2]
        ['orders_365d', 'orders_total']
    """
    per = minor_units_per_unit
    return (
        *windowed(
            "orders", (365, None), "orders", None, "count", "orders", "the customer's orders", "客户订单数"
        ),
        *windowed(
            "amount",
            (365, None),
            "orders",
            "amount_minor",
            "sum",
            "currency",
            "amount the customer ordered",
            "客户下单金额",
            (),
            per,
        ),
        *windowed(
            "mean_amount",
            (None,),
            "orders",
            "amount_minor",
            "mean",
            "currency",
            "mean amount of the customer's orders",
            "客户平均订单金额",
            (),
            per,
        ),
        *windowed(
            "max_amount",
            (None,),
            "orders",
            "amount_minor",
            "max",
            "currency",
            "largest order of the customer",
            "客户最大订单金额",
            (),
            per,
        ),
        *windowed(
            "order_months",
            (None,),
            "orders",
            "local_month",
            "n_unique",
            "months",
            "months in which the customer ordered",
            "客户有下单的月数",
        ),
        Feature(
            "last_amount",
            "orders",
            "amount_minor",
            "last",
            "currency",
            "amount of the customer's last order",
            "客户最近一单金额",
            per=per,
        ),
    )
