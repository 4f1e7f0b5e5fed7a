import numpy as np
import pandas as pd
import pytest
from support.hazard_world import World, simulate

from models.close import tree_count
from models.close.close_model import CloseModel
from models.close.tree_count import deal_parts, least_trees
from models.hazards import compose
from models.metrics.scores import auc, log_loss


def small(**parameters) -> CloseModel:
    quick = {"learning_rate": 0.1, "num_leaves": 15, "feature_fraction": 0.7, "l2": 5.0, "max_trees": 40}
    return CloseModel(**(quick | {"min_leads_in_leaf": 10, "early_stopping_trees": 10} | parameters))


def parts_of(world):
    return deal_parts(world.lead_ids, (world.events == 1.0).any(axis=1))


@pytest.fixture(scope="module")
def world() -> World:
    return simulate()


@pytest.fixture(scope="module")
def model(world) -> CloseModel:
    return small().fit(world.features, world.events, lead_ids=world.lead_ids)


def test_probabilities_never_fall_with_the_horizon(model):
    probabilities = compose(model.predict_hazards(simulate(seed=1).features))
    assert (np.diff(probabilities, axis=1) >= 0.0).all()
    assert (probabilities > 0.0).all()
    assert (probabilities < 1.0).all()


def test_it_learns_the_hazards_beyond_the_base_rate(world, model):
    new = simulate(seed=2)
    at_risk = ~np.isnan(new.events)
    flat = np.broadcast_to(np.nanmean(world.events, axis=0), new.events.shape)
    learned = log_loss(new.events[at_risk], model.predict_hazards(new.features)[at_risk])
    true = log_loss(new.events[at_risk], new.hazards[at_risk])
    base = log_loss(new.events[at_risk], flat[at_risk])
    assert base - learned > 0.5 * (base - true)


def test_windows_have_their_own_level():
    world = simulate(leads=1500)
    model = small(max_trees=80, feature_fraction=1.0).fit(world.features, world.events)
    means = model.predict_hazards(world.features).mean(axis=0)
    assert means[0] > means[1] > means[2]


def test_a_row_alone_gets_the_same_bits_as_among_others(model):
    features = simulate(leads=100, seed=3).features
    among = model.predict_hazards(features)
    for place in range(0, len(features), 7):
        alone = model.predict_hazards(features.iloc[[place]])
        assert alone.tobytes() == among[[place]].tobytes()


def test_a_row_alone_built_from_plain_values(model):
    row = {"calls_30d": 2.0, "intent_questions_30d": None, "region": None}
    frame = pd.DataFrame([row, {"calls_30d": 1.0, "intent_questions_30d": 1.0, "region": "north"}])
    assert (model.predict_hazards(pd.DataFrame([row])) == model.predict_hazards(frame)[:1]).all()


def test_order_of_rows_and_columns_and_threads_play_no_part_in_prediction(world, model):
    order = np.random.default_rng(0).permutation(len(world.features))
    shuffled = world.features.iloc[order][["region", "calls_30d", "intent_questions_30d"]]
    assert (model.predict_hazards(shuffled) == model.predict_hazards(world.features)[order]).all()
    one_thread = CloseModel.from_dict(model.to_dict() | {"parameters": {"threads": 1}}, model.text_)
    assert (one_thread.predict_hazards(world.features) == model.predict_hazards(world.features)).all()


def test_two_trainings_give_the_same_bytes(world):
    parts = parts_of(world)
    one, two = (small().fit(world.features, world.events, parts=parts) for _ in range(2))
    assert one.text_ == two.text_
    assert one.to_dict() == two.to_dict()
    assert "/" not in one.text_.split("parameters:")[0]


def test_the_number_of_threads_plays_no_part_in_training(world):
    # enough rows that LightGBM shares them out
    features = pd.concat([world.features] * 10, ignore_index=True)
    events = np.tile(world.events, (10, 1))
    trees = [small(threads=n).fit(features, events).text_.split("parameters:")[0] for n in (1, 2, 3)]
    assert trees[0] == trees[1] == trees[2]


def test_unseen_leads_find_fewer_trees_and_all_rows_are_learned_from(world):
    model = small(max_trees=400, learning_rate=0.2).fit(world.features, world.events, parts=parts_of(world))
    assert least_trees(0.2, 400) < model.trees_ < 400
    assert not model.at_least_
    again = small(max_trees=model.trees_, learning_rate=0.2).fit(world.features, world.events)
    strip = [m.text_.split("\nparameters:")[0] for m in (model, again)]
    assert strip[0] == strip[1]


def test_a_level_that_shifts_on_the_way_does_not_end_the_learning():
    rng = np.random.default_rng(1)
    x, level = rng.normal(size=4000), np.where(np.arange(4000) < 3000, -2.0, 0.5)
    closed = (rng.random(4000) < 1.0 / (1.0 + np.exp(-level - x))).astype(float)[:, None]
    parts = deal_parts(np.arange(4000), closed[:, 0] == 1.0)
    model = small(max_trees=300).fit(pd.DataFrame({"x": x}), closed, parts=parts)
    assert model.trees_ > 20
    assert auc(closed[3000:, 0], model.predict_hazards(pd.DataFrame({"x": x[3000:]}))[:, 0]) > 0.72


def test_where_nothing_is_to_be_learned_the_least_number_of_trees_is_taken_and_told():
    rng = np.random.default_rng(2)
    noise, closed = pd.DataFrame({"x": rng.normal(size=2000)}), (rng.random((2000, 1)) < 0.3).astype(float)
    model = small().fit(noise, closed, parts=deal_parts(np.arange(2000), closed[:, 0] == 1.0))
    assert (model.trees_, model.at_least_) == (least_trees(0.1, 40), True)
    alone = small().fit(noise, closed, parts=np.zeros(2000, dtype=np.intp))
    assert (alone.trees_, alone.at_least_) == (least_trees(0.1, 40), True)


@pytest.mark.parametrize(("many", "judged"), [(10**6, tree_count.PARTS), (100, 2)])
def test_of_many_pairs_two_halves_judge_each_other(world, monkeypatch, many, judged):
    unseen, begun = [], tree_count._boosters
    monkeypatch.setattr(tree_count, "MANY_PAIRS", many)
    monkeypatch.setattr(tree_count, "_boosters", lambda *asked: unseen.extend(asked[2]) or begun(*asked))
    model = small(max_trees=400, learning_rate=0.2).fit(world.features, world.events, parts=parts_of(world))
    assert len(unseen) == judged
    assert (np.sum(unseen, axis=0) == 1).all()
    assert 1 < model.trees_ < 400
    assert not np.isnan(model.unseen_).any()


@pytest.mark.parametrize("many", [10**6, 100])
def test_unseen_hazards_know_nothing_of_their_own_lead(monkeypatch, many):
    """Where there is nothing to learn, trees that had seen a lead would still know its close."""
    monkeypatch.setattr(tree_count, "MANY_PAIRS", many)
    rng = np.random.default_rng(4)
    noise = pd.DataFrame(rng.normal(size=(3000, 8)), columns=list("abcdefgh"))
    leads, closed = np.repeat(np.arange(1000), 3), np.repeat(rng.random(1000) < 0.3, 3)
    noise += np.repeat(rng.normal(size=(1000, 8)), 3, axis=0) * 5.0  # by which a lead would be known again
    parts = deal_parts(leads, closed)
    model = small(learning_rate=0.3, max_trees=60, early_stopping_trees=60)
    model.fit(noise, closed.astype(float)[:, None], parts=parts)
    # Chosen by unseen leads, hardly any trees: as many as may be, then.
    longer = small(learning_rate=0.3, max_trees=2, early_stopping_trees=60).fit(
        noise, closed.astype(float)[:, None], parts=parts
    )
    assert auc(closed, longer.predict_hazards(noise)[:, 0]) > 0.58
    assert auc(closed, longer.unseen_[:, 0]) < 0.54
    assert auc(closed, model.unseen_[:, 0]) < 0.54


def test_unseen_hazards_are_those_of_trees_of_the_other_parts(world):
    parts = parts_of(world)
    model = small(max_trees=400, learning_rate=0.2).fit(world.features, world.events, parts=parts)
    one = parts == 1
    alone = small(max_trees=model.trees_, learning_rate=0.2).fit(world.features[~one], world.events[~one])
    theirs = alone.predict_hazards(world.features[one])
    assert np.corrcoef(theirs.ravel(), model.unseen_[one].ravel())[0, 1] > 0.95
    assert not np.array_equal(model.unseen_[one], model.predict_hazards(world.features)[one])
    assert small().fit(world.features, world.events).unseen_ is None


def test_parts_hold_whole_owners_and_their_share_of_closes_in_any_order(world):
    closed = (world.events == 1.0).any(axis=1)
    parts = deal_parts(world.lead_ids, closed)
    rows = pd.DataFrame({"lead": world.lead_ids, "part": parts, "closed": closed})
    assert (rows.groupby("lead")["part"].nunique() == 1).all()
    whole = rows.groupby("lead").agg(part=("part", "first"), closed=("closed", "any"))
    assert np.ptp(whole.groupby("part")["closed"].sum()) <= 1
    order = np.random.default_rng(0).permutation(len(rows))
    assert (deal_parts(np.asarray(world.lead_ids)[order], closed[order]) == parts[order]).all()


def test_one_window_has_no_window_input():
    world = simulate(windows=1)
    model = small().fit(world.features, world.events)
    assert model.booster_.num_feature() == 3
    assert model.predict_hazards(world.features).shape == (1800, 1)


def test_weights_count(world, model):
    doubled = small().fit(world.features, world.events, weight=1.0 + 9.0 * (world.events[:, 0] == 1.0))
    features = world.features
    assert doubled.predict_hazards(features).mean() > 1.5 * model.predict_hazards(features).mean()


def test_unseen_and_missing_categories_are_alike(world, model):
    rows = world.features.iloc[1:4]
    unseen, missing = rows.assign(region="east"), rows.assign(region=pd.array([None] * 3, dtype="str"))
    assert (model.predict_hazards(unseen) == model.predict_hazards(missing)).all()
    assert (model.predict_hazards(unseen) != model.predict_hazards(rows.assign(region="north"))).all()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda f: f.drop(columns=["region", "calls_30d"]), "columns missing: calls_30d, region"),
        (lambda f: f.assign(extra=1.0), "columns unknown to the model: extra"),
        (lambda f: f.assign(region=1.0), "text expected in: region"),
        (lambda f: f.assign(calls_30d="three"), "numbers expected in: calls_30d"),
        (lambda f: pd.concat([f, f[["region"]]], axis=1), "two columns of one name: region"),
    ],
)
def test_a_wrong_frame_is_refused_by_name(world, model, change, message):
    with pytest.raises(ValueError, match=message):
        model.predict_hazards(change(world.features))


def test_no_rows_give_no_hazards(world, model):
    assert model.predict_hazards(world.features.iloc[:0]).shape == (0, 3)


def test_inputs_are_left_as_they_were(world):
    features, events = world.features.copy(), world.events.copy()
    small(max_trees=2).fit(features, events).predict_hazards(features)
    pd.testing.assert_frame_equal(features, world.features)
    np.testing.assert_array_equal(events, world.events)


def test_what_cannot_teach_is_refused(world):
    with pytest.raises(ValueError, match="window 3 has no ripe row"):
        small().fit(world.features, np.where([True, True, False], world.events, np.nan))
    with pytest.raises(ValueError, match="0 closes"):
        small().fit(world.features, world.events * 0.0)
    with pytest.raises(ValueError, match="other than 0, 1 and NaN"):
        small().fit(world.features, world.events + 1.0)
    with pytest.raises(ValueError, match="events has shape"):
        small().fit(world.features, world.events[:5])
    with pytest.raises(ValueError, match="neither numbers nor text in: mixed"):
        small().fit(world.features.assign(mixed=[1, "a"] * 900), world.events)


def test_few_leads_give_the_base_rate(world):
    model = small(min_leads_in_leaf=10_000).fit(world.features, world.events)
    hazards = model.predict_hazards(world.features)
    assert (np.ptp(hazards, axis=0) == 0.0).all()
    assert np.allclose(hazards[0], np.nanmean(world.events, axis=0), atol=1e-3)


def test_leads_not_rows_fill_a_leaf(world):
    by_row = small(max_trees=1, extra_trees=False).fit(world.features, world.events)
    by_lead = small(max_trees=1, extra_trees=False).fit(world.features, world.events, lead_ids=world.lead_ids)
    least = [_least_leaf(m.text_) for m in (by_row, by_lead)]
    pairs = np.count_nonzero(~np.isnan(world.events))
    assert 10 <= least[0] < least[1]
    assert least[1] >= round(10 * pairs / 600)


def test_names_and_values_of_any_script(world):
    features = world.features.rename(columns={"region": '地区 "A", {x}', "calls_30d": "通话 次数"})
    features['地区 "A", {x}'] = features['地区 "A", {x}'].replace({"north": "华 北\n"})
    model = small().fit(features, world.events)
    again = CloseModel.from_dict(model.to_dict(), model.text_)
    assert (again.predict_hazards(features) == model.predict_hazards(features)).all()


def test_a_column_without_any_value_is_harmless(world):
    empty = world.features.assign(never=np.nan, blank=pd.array([None] * 1800, dtype="str"))
    model = small().fit(empty, world.events)
    assert np.isfinite(model.predict_hazards(empty)).all()


def _least_leaf(text: str) -> int:
    counts = next(line for line in text.splitlines() if line.startswith("leaf_count="))
    return min(int(count) for count in counts.removeprefix("leaf_count=").split())
