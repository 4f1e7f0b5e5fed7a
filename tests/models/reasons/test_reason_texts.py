"""Reasons of a small model: additive, exact, each by itself, and a group never said twice."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from support.hazard_world import simulate
from support.small_scorer import files_of, rewrite, train, with_orders

from models.close.close_model import CloseModel
from models.close.training_pairs import with_window
from models.reasons import reason_texts
from models.reasons.book import ReasonBook
from models.reasons.reason_texts import BAR, TEXTS
from models.reasons.value_words import Meaning
from models.scorer import LeadScorer

HORIZONS = ("30d", "90d", "180d")
MEANINGS = {
    "calls_30d": Meaning("calls in the last 30 days", "近30天通话次数", "calls", counted=True),
    "intent_questions_30d": Meaning(
        "intent questions in the last 30 days", "近30天意向提问次数", "questions"
    ),
    "region": Meaning("region", "地区", kind="category"),
    "orders_total": Meaning("the customer's orders so far", "累计客户订单数", "orders", counted=True),
    "days_since_order": Meaning(
        "days since the last order", "距上次下单天数", "days", never=("no order yet", "尚无订单")
    ),
    "amount_total": Meaning("amount ordered so far", "累计下单金额", "CNY"),
}


def learn_book(world, X):
    families = {name: "orders" if "order" in name or "amount" in name else name for name in X.columns}
    return ReasonBook.learn(X, world.events, world.closed, HORIZONS, MEANINGS, families, world.lead_ids)


@pytest.fixture(scope="module")
def scorer() -> LeadScorer:
    world = simulate(seed=0)
    plain = train()
    return replace(plain, reason_book=learn_book(world, with_orders(world)[list(plain.columns)]))


@pytest.fixture(scope="module")
def frame() -> pd.DataFrame:
    return with_orders(simulate(leads=80, seed=4))


def margins(model, frame, weights):
    x = model.inputs_.encode(frame[list(model.inputs_.columns)])
    told = [
        model.levels_[w] + model.booster_.predict(with_window(x, w, len(weights)), raw_score=True)
        for w in range(len(weights))
    ]
    return sum(weight * margin for weight, margin in zip(weights, told, strict=True))


def test_contributions_and_base_sum_to_the_log_odds(scorer, frame):
    told = scorer.explainer.contributions(frame)
    assert list(told.columns) == [*scorer.columns, "base"]
    weights = scorer.reason_book.weights
    assert np.abs(told.sum(axis=1) - margins(scorer.model, frame, weights)).max() < 1e-9
    assert told.drop(columns="base").abs().max().max() > 0.1


def test_what_is_explained_ranks_leads_as_the_score_does(scorer, frame):
    told = scorer.explainer.contributions(frame).sum(axis=1)
    assert told.corr(scorer.score(frame)["score"], "spearman") > 0.99


def test_contributions_are_lightgbms_exact_values(scorer, frame):
    x = scorer.model.inputs_.encode(frame[list(scorer.columns)])
    told = sum(
        weight * scorer.model.booster_.predict(with_window(x, window, 3), pred_contrib=True)
        for window, weight in enumerate(scorer.reason_book.weights)
    )
    level = np.dot(scorer.reason_book.weights, scorer.model.levels_)
    ours = scorer.explainer.contributions(frame).to_numpy()
    assert np.abs(ours[:, :-1] - told[:, :-2]).max() < 1e-12
    assert np.abs(ours[:, -1] - level - told[:, -2] - told[:, -1]).max() < 1e-12


@pytest.mark.parametrize("windows", [1, 2])
def test_larger_trees_are_explained_as_exactly(windows):
    world = simulate(seed=3, windows=windows)
    model = CloseModel(num_leaves=12, max_trees=20, min_leads_in_leaf=5, threads=1).fit(
        world.features, world.events
    )
    book = ReasonBook.learn(
        world.features, world.events, world.closed, HORIZONS[:windows], MEANINGS,
        {name: name for name in world.features.columns}, world.lead_ids,
    )  # fmt: skip
    told = reason_texts.Reasons(model, book).contributions(world.features)
    assert np.abs(told.sum(axis=1) - margins(model, world.features, book.weights)).max() < 1e-9


def test_a_lead_alone_has_the_same_reasons_to_the_last_bit(scorer, frame, monkeypatch):
    explainer = scorer.explainer
    among, listed = explainer.contributions(frame), explainer.listed(frame, 3)
    texts = scorer.reasons(frame)
    monkeypatch.setattr(reason_texts, "CHUNK_ROWS", 7)
    monkeypatch.setattr(reason_texts, "BLOCK_ROWS", 50)
    pd.testing.assert_frame_equal(explainer.contributions(frame), among, check_exact=True)
    pd.testing.assert_frame_equal(explainer.listed(frame, 3), listed, check_exact=True)
    for place in range(0, len(frame), 9):
        alone = frame.iloc[[place]]
        pd.testing.assert_frame_equal(explainer.contributions(alone), among.iloc[[place]], check_exact=True)
        pd.testing.assert_frame_equal(scorer.reasons(alone), texts.iloc[[place]])


def test_a_group_is_said_once_by_its_strongest_member(scorer, frame):
    own = scorer.explainer.contributions(frame).drop(columns="base")
    listed = scorer.explainer.listed(frame, 6)
    assert not listed.duplicated(["row", "group"]).any()
    assert (listed["group"] == "orders_total days_since_order amount_total").sum() > 50
    for line in listed.itertuples():
        members = own.iloc[line.row][line.group.split()]
        assert line.contribution == pytest.approx(members.sum(), abs=1e-12)
        sign = 1.0 if line.way == "up" else -1.0
        assert sign * line.contribution >= reason_texts.LEAST
        assert line.feature == (sign * members).idxmax()
    for _, lines in listed.groupby(["row", "way"]):
        assert list(lines["rank"]) == list(range(1, len(lines) + 1))
        assert lines["contribution"].abs().is_monotonic_decreasing


def test_every_reason_there_is_is_listed(scorer, frame):
    own = scorer.explainer.contributions(frame).drop(columns="base")
    sums = pd.DataFrame({" ".join(g): own[list(g)].sum(axis=1) for g in scorer.reason_book.groups})
    listed = scorer.explainer.listed(frame, len(sums))
    assert len(listed) == int((sums.abs() >= reason_texts.LEAST).to_numpy().sum())


def test_texts_are_the_list_joined(scorer, frame):
    listed, texts = scorer.explainer.listed(frame, 2), scorer.reasons(frame.set_index(frame.index + 9), top=2)
    assert tuple(texts.columns) == TEXTS
    assert list(texts.index) == [i + 9 for i in frame.index]
    for (row, way), lines in listed.groupby(["row", "way"]):
        assert texts[f"reasons_{way}_en"].iloc[row] == BAR.join(lines["en"])
        assert texts[f"reasons_{way}_zh"].iloc[row] == BAR.join(lines["zh"])
    assert texts["reasons_up_en"].str.count(r"\|").max() == 1


def test_the_words_name_the_value_and_the_rate(scorer, frame):
    listed = scorer.explainer.listed(frame, 6)
    asked = listed[(listed["feature"] == "intent_questions_30d") & (listed["way"] == "up")]
    line = asked.loc[asked["contribution"].idxmax()]
    hits = frame["intent_questions_30d"].iloc[line["row"]]
    assert line["ratio"] > 1.5
    assert line["en"] == (
        f"{hits:.0f} intent questions in the last 30 days; "
        f"such leads close {line['ratio']:.1f} times as often as the average"
    )
    assert line["zh"] == f"近30天意向提问{hits:.0f}次；此类客户成交率为平均的{line['ratio']:.1f}倍"
    north = listed[(listed["feature"] == "region") & (listed["way"] == "up")]
    assert north["en"].str.startswith("region: “north”; such leads close").any()
    never = listed[listed["en"].str.startswith("no order yet")]
    assert (frame["days_since_order"].iloc[never["row"]].isna()).all()


def test_a_category_unseen_at_fit_is_quoted_without_a_rate(scorer, frame, monkeypatch):
    monkeypatch.setattr(reason_texts, "LEAST", 0.001)
    listed = scorer.explainer.listed(frame.assign(region="moon | base"), 6)
    told = listed[listed["feature"] == "region"]
    assert len(told)
    assert told["ratio"].isna().all()
    assert told["en"].str.startswith("region: “moon / base”; in this lead's case").all()


def test_no_leads_have_no_reasons(scorer, frame):
    assert scorer.reasons(frame.iloc[:0]).shape == (0, 4)
    assert scorer.explainer.listed(frame.iloc[:0], 3).empty
    assert scorer.explainer.contributions(frame.iloc[:0]).shape == (0, 7)
    assert scorer.explainer.listed(frame, 0).empty


def test_a_saved_scorer_gives_the_same_reasons(scorer, frame, tmp_path):
    scorer.save(tmp_path / "scorer")
    again = LeadScorer.load(tmp_path / "scorer")
    assert again.reason_book == scorer.reason_book
    pd.testing.assert_frame_equal(again.reasons(frame), scorer.reasons(frame))
    again.save(tmp_path / "copy")
    assert files_of(tmp_path / "copy") == files_of(tmp_path / "scorer")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"weights": [0.5, 0.5]}, "other columns or windows"),
        ({"weights": [0.5, 0.5, 0.5]}, "sum to 1"),
        ({"groups": [["region"]]}, "each column once"),
        ({"features": {}}, "each column once"),
        ({"features": None}, "no valid scorer"),
    ],
)
def test_a_book_of_another_model_is_refused(scorer, tmp_path, change, message):
    scorer.save(tmp_path / "scorer")
    rewrite(tmp_path / "scorer", {"reason_book": scorer.reason_book.to_dict() | change})
    with pytest.raises(ValueError, match=message) as caught:
        LeadScorer.load(tmp_path / "scorer")
    assert "\n" not in str(caught.value)


def test_without_a_book_there_are_no_reasons(frame):
    with pytest.raises(ValueError, match="no reason book"):
        train().reasons(frame)


def test_the_windows_weigh_by_the_closes_in_them(scorer):
    world = simulate(seed=0)
    hazards = np.nanmean(world.events, axis=0)
    first = hazards[0] / (1 - np.prod(1 - hazards))
    assert scorer.reason_book.weights[0] == pytest.approx(first)
    assert scorer.reason_book.horizon == "180d"


def test_a_lead_without_a_reason_has_none(scorer, frame, monkeypatch):
    monkeypatch.setattr(reason_texts, "LEAST", 99.0)
    assert scorer.reasons(frame).isna().all(axis=None)
