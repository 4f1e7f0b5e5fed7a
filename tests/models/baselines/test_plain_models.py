import numpy as np
import pandas as pd
import pytest
from sklearn.ensemble import HistGradientBoostingClassifier
from support.hazard_world import simulate

from models.baselines.plain_models import histogram_boosting, logistic_regression, random_forest
from models.hazards import compose
from models.metrics.scores import auc, log_loss

NAN = np.nan
MAKERS = [logistic_regression, histogram_boosting, random_forest]


@pytest.mark.parametrize("make", MAKERS)
def test_it_learns_from_numbers_and_categories_with_gaps(make):
    world, new = simulate(), simulate(seed=1)
    found = make().fit(world.features, world.events).predict_proba(new.features)
    assert (np.diff(found, axis=1) >= 0.0).all()
    ripe = ~np.isnan(new.events[:, 0])
    reached = auc(new.events[ripe, 0], found[ripe, 0]) - 0.5
    assert reached > 0.6 * (auc(new.events[ripe, 0], compose(new.hazards)[ripe, 0]) - 0.5)


@pytest.mark.parametrize("make", MAKERS)
def test_the_same_rows_give_the_same_model(make):
    world = simulate()
    one, two = (make().fit(world.features, world.events) for _ in range(2))
    assert (one.predict_proba(world.features) == two.predict_proba(world.features)).all()


def test_the_number_of_threads_plays_no_part_in_boosting():
    world = simulate(leads=4000)  # enough rows that scikit-learn shares them out
    one, two = (histogram_boosting(threads=n).fit(world.features, world.events) for n in (1, 2))
    assert (one.predict_proba(world.features) == two.predict_proba(world.features)).all()


@pytest.mark.parametrize("make", MAKERS)
def test_few_rows_columns_without_values_and_values_not_seen(make):
    leads = pd.DataFrame(
        {
            "calls": [0.0, 1.0, NAN, 3.0],
            "empty": [NAN] * 4,
            "channel": ["web", None, "fair", "web"],
            "nothing": pd.Series([None] * 4, dtype="str"),
        }
    )
    model = make().fit(leads, np.array([[0.0], [0.0], [1.0], [1.0]]))
    new = pd.DataFrame({"calls": [2.0], "empty": [5.0], "channel": ["never seen"], "nothing": ["text"]})
    assert 0.0 <= model.predict_proba(new)[0, 0] <= 1.0
    assert model.predict_proba(leads.head(0)).shape == (0, 1)


@pytest.mark.parametrize("make", MAKERS)
def test_a_window_with_one_outcome_has_one_smoothed_hazard(make):
    leads = pd.DataFrame({"calls": [0.0, 1.0, 2.0, 3.0]})
    events = np.array([[0.0, 1.0], [0.0, 1.0], [0.0, 1.0], [0.0, NAN]])
    found = make().fit(leads, events).predict_proba(leads)
    assert found == pytest.approx(np.tile([1 / 6, 1 - 5 / 6 * 1 / 5], (4, 1)))


@pytest.mark.parametrize("make", MAKERS)
def test_a_category_of_many_values(make):
    names = [f"city {i}" for i in range(400)]
    leads = pd.DataFrame({"city": names, "calls": np.arange(400.0)})
    found = make().fit(leads, (leads[["calls"]] > 200.0).to_numpy(np.float64)).predict_proba(leads)
    assert found[:100].mean() < 0.3 < 0.7 < found[-100:].mean()


def test_a_number_twice_over_or_on_a_large_scale_does_no_harm():
    rng = np.random.default_rng(0)
    calls = rng.normal(size=200)
    leads = pd.DataFrame(
        {"calls": calls, "again": calls, "money": 1e9 * calls + rng.normal(size=200), "one": 1.0}
    )
    closed = (calls + rng.normal(size=200) > 0).astype(np.float64)[:, None]
    found = logistic_regression().fit(leads, closed).predict_proba(leads)[:, 0]
    assert auc(closed[:, 0], found) == pytest.approx(auc(closed[:, 0], calls), abs=0.01)


def test_a_window_without_data_is_refused():
    with pytest.raises(ValueError, match="window 2 has no ripe row"):
        logistic_regression().fit(pd.DataFrame({"calls": [1.0]}), np.array([[1.0, NAN]]))


def test_histogram_boosting_has_a_fair_setting():
    """On a noisy list it is no worse than scikit-learn's defaults, and a long list does not stop it early."""
    rng = np.random.default_rng(5)
    calls = pd.DataFrame(rng.normal(size=(12_000, 6)), columns=list("abcdef"))
    chance = 1.0 / (1.0 + np.exp(2.0 - 0.7 * calls["a"]))
    closed = (rng.random(len(calls)) < chance).astype(float).to_numpy()
    few = slice(0, 2000)
    ours = histogram_boosting().fit(calls[few], closed[few, None]).predict_proba(calls[6000:])[:, 0]
    theirs = HistGradientBoostingClassifier(random_state=0).fit(calls[few], closed[few])
    lost = log_loss(closed[6000:], theirs.predict_proba(calls[6000:])[:, 1])
    assert log_loss(closed[6000:], ours) < lost - 0.01
    (window,) = histogram_boosting().fit(calls, closed[:, None]).windows_
    assert window.n_iter_ == window.max_iter
