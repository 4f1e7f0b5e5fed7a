import json

import numpy as np
import pandas as pd

from models.close.rfm import learn_rfm_edges, levels


def rows(**columns) -> pd.DataFrame:
    n = len(next(iter(columns.values())))
    keys = {"lead_id": [f"L{i}" for i in range(n)], "as_of": pd.to_datetime(["2024-06-01"] * n, utc=True)}
    return pd.DataFrame(keys | {name: np.array(values, dtype=float) for name, values in columns.items()})


TEN = rows(
    days_since_order=range(10, 110, 10),
    orders_total=[1, 1, 1, 1, 1, 1, 2, 2, 3, 9],
    amount_total=range(100, 1100, 100),
    order_months_total=[1, 1, 1, 1, 2, 2, 2, 3, 3, 4],
)


def test_edges_are_values_of_the_training_leads():
    edges = learn_rfm_edges(TEN)
    assert [edges[f"recency_edge_{i}"] for i in (1, 2, 3, 4)] == [20, 40, 60, 80]
    assert [edges[f"frequency_edge_{i}"] for i in (1, 2, 3, 4)] == [1, 1, 1, 2]
    assert [edges[f"monetary_edge_{i}"] for i in (1, 2, 3, 4)] == [200, 400, 600, 800]
    assert (edges["frequency_low"], edges["frequency_high"]) == (1, 2)
    assert (edges["monetary_low"], edges["monetary_high"]) == (400, 700)
    assert (edges["loyalty_low"], edges["loyalty_high"]) == (1, 2)
    assert len(edges) == 18
    assert json.loads(json.dumps(edges)) == edges


GOLDEN = pd.DataFrame(
    [
        # days, orders, amount -> r, f, m
        (0.0, 1.0, 0.0, 5, 1, 1),
        (20.0, 1.0, 200.0, 5, 1, 1),
        (20.5, 2.0, 200.5, 4, 4, 2),
        (40.0, 2.0, 400.0, 4, 4, 2),
        (41.0, 3.0, 401.0, 3, 5, 3),
        (61.0, 2.5, 601.0, 2, 5, 4),
        (80.0, 9.0, 800.0, 2, 5, 4),
        (999.0, 90.0, 1e9, 1, 5, 5),
        (np.nan, 0.0, np.nan, np.nan, np.nan, np.nan),
        (np.nan, np.nan, np.nan, np.nan, np.nan, np.nan),
        (30.0, 1.0, np.nan, 4, 1, np.nan),
    ],
    columns=["days_since_order", "orders_total", "amount_total", "rfm_r", "rfm_f", "rfm_m"],
)


def test_golden_levels():
    got = levels(GOLDEN, learn_rfm_edges(TEN))
    pd.testing.assert_frame_equal(got, GOLDEN[["rfm_r", "rfm_f", "rfm_m"]].astype(float))


def test_level_four_is_what_the_schemes_read():
    edges, frame = learn_rfm_edges(TEN), GOLDEN[GOLDEN["orders_total"] > 0]
    got = levels(frame, edges)
    assert ((got["rfm_r"] >= 4) == (frame["days_since_order"] <= edges["recency_edge_2"])).all()
    assert ((got["rfm_f"] >= 4) == (frame["orders_total"] > edges["frequency_edge_3"])).all()
    assert ((got["rfm_m"] >= 4) == (frame["amount_total"] > edges["monetary_edge_3"])).all()


def test_a_lead_alone_has_the_level_it_has_among_others():
    edges, among = learn_rfm_edges(TEN), levels(TEN, learn_rfm_edges(TEN))
    for place in range(len(TEN)):
        pd.testing.assert_frame_equal(levels(TEN.iloc[[place]], edges), among.iloc[[place]])


def test_each_lead_counts_once_by_its_latest_row_in_any_order():
    early = TEN.assign(as_of=pd.Timestamp("2024-01-01", tz="UTC"), amount_total=1.0, days_since_order=1.0)
    both = pd.concat([TEN, early], ignore_index=True).sample(frac=1.0, random_state=1)
    assert learn_rfm_edges(both) == learn_rfm_edges(TEN)


def test_leads_without_an_order_do_not_count():
    none = rows(days_since_order=[np.nan] * 50, orders_total=[0] * 50, amount_total=[0] * 50)
    none["lead_id"] += "x"
    assert learn_rfm_edges(pd.concat([TEN, none], ignore_index=True)) == learn_rfm_edges(TEN)


def test_equal_values_and_one_lead():
    for n in (1, 7):
        same = rows(days_since_order=[5] * n, orders_total=[2] * n, amount_total=[9] * n)
        edges = learn_rfm_edges(same)
        assert edges["monetary_edge_1"] == edges["monetary_edge_4"] == 9.0
        more = rows(days_since_order=[5, 6], orders_total=[2, 3], amount_total=[9, 10])
        assert levels(more, edges).to_numpy().tolist() == [[5, 1, 1], [1, 5, 5]]


def test_what_is_absent_has_no_parameters_and_no_level():
    no_amount = TEN.drop(columns=["amount_total", "order_months_total"])
    edges = learn_rfm_edges(no_amount)
    assert not any(name.startswith(("monetary", "loyalty")) for name in edges)
    assert list(levels(TEN, edges).columns) == ["rfm_r", "rfm_f"]
    assert list(levels(no_amount, learn_rfm_edges(TEN)).columns) == ["rfm_r", "rfm_f"]
    assert learn_rfm_edges(TEN.drop(columns="orders_total")) == {}
    assert learn_rfm_edges(TEN.assign(orders_total=0.0)) == {}
    assert levels(TEN, {}).shape == (10, 0)
