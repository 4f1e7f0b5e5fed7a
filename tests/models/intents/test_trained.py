"""A trained recogniser answers each row by itself, the same after loading, and refuses changed files."""

import json
import random

import numpy as np
import pytest
from benchmarks.intents import find_corpus, judge, read_corpus
from hypothesis import given, settings
from hypothesis import strategies as st

from models.intents.families import CODE, FAMILY_NAMES, names
from models.intents.lexicon import Lexicon
from models.intents.trained import FILE, TrainedIntents
from models.sealed import seal

SAID = {
    "price": ["多少钱", "怎么收费", "什么价格", "一年多少钱呀", "how much"],
    "否定(不需要)": ["不需要", "真的不需要", "我不要", "不要不要", "no need"],
    "否定(没兴趣)": ["没兴趣", "不感兴趣", "没什么兴趣", "一点兴趣都没有", "not interested"],
    "肯定(好的)": ["好的", "好", "行", "可以的", "yes"],
    "other": ["今天天气不错", "喂喂", "哈哈", "信号不好", "hello"],
}
TEXTS = [text for texts in SAID.values() for text in texts]
LABELS = [label for label, texts in SAID.items() for _ in texts]


@pytest.fixture(scope="module")
def fitted():
    return TrainedIntents.fit(TEXTS, LABELS)


def test_it_learns_what_it_was_told(fitted):
    assert fitted.label(TEXTS) == LABELS
    assert names(fitted.recognise(["多少钱", "没兴趣", "不需要", "好的"])) == [
        "price",
        "refusal",
        "refusal",
        "affirmative",
    ]


def test_traditional_characters_are_heard_as_simplified_ones(fitted):
    assert fitted.recognise(["多少錢", "沒興趣"]).tolist() == [CODE["price"], CODE["refusal"]]


@settings(max_examples=15, deadline=None)
@given(st.lists(st.one_of(st.text(st.characters(), max_size=30), st.sampled_from(TEXTS)), max_size=6))
def test_a_row_is_answered_by_itself(fitted, texts):
    margins, codes = fitted.margins(texts), fitted.recognise(texts)
    for row, text in enumerate(texts):
        assert fitted.margins([text]).tobytes() == margins[row].tobytes()
        assert fitted.recognise([text])[0] == codes[row]
    assert fitted.recognise(texts[::-1]).tolist() == codes[::-1].tolist()


def test_saved_and_loaded_it_answers_to_the_bit(fitted, tmp_path):
    fitted.save(tmp_path / "r")
    loaded = TrainedIntents.load(tmp_path / "r")
    rng = random.Random(3)
    texts = TEXTS + ["".join(rng.choices("".join(TEXTS) + "xyz，。", k=8)) for _ in range(500)]
    assert loaded.margins(texts).tobytes() == fitted.margins(texts).tobytes()
    assert loaded.fingerprint == fitted.fingerprint
    loaded.save(tmp_path / "again")
    assert (tmp_path / "again" / FILE).read_bytes() == (tmp_path / "r" / FILE).read_bytes()
    with pytest.raises(ValueError, match="exists already"):
        fitted.save(tmp_path / "r")


def test_fitting_again_gives_the_same_and_other_rows_another(fitted):
    assert TrainedIntents.fit(TEXTS, LABELS).fingerprint == fitted.fingerprint
    assert TrainedIntents.fit(TEXTS[1:], LABELS[1:]).fingerprint != fitted.fingerprint


@pytest.mark.parametrize(
    ("tamper", "message"),
    [
        (lambda text: text.replace("price", "prize"), "was changed after it was saved"),
        (lambda text: text[:-40], "was cut off"),
        (lambda text: "[]", "is no recogniser"),
        (lambda text: text.replace("leadgrade-intents", "other"), "is no recogniser of this program"),
        (lambda text: text.replace('"version": 3', '"version": 9'), "has version 9, not 3"),
        (lambda text: _resealed(text, weights="AAAA"), "is no valid recogniser"),
        (lambda text: _resealed(text, weights="%"), "is no valid recogniser"),
        (lambda text: _resealed(text, pairs=None), "is no valid recogniser"),
        (lambda text: _resealed(text, labels=["price"]), "is no valid recogniser"),
        (lambda text: _resealed(text, characters=""), "is no valid recogniser"),
        (lambda text: _resealed(text, sharpness=1.0), "train again"),
        (lambda text: _resealed(text, lexicon="another"), "its lexicon is another"),
    ],
)
def test_a_changed_file_is_refused_in_one_line(fitted, tmp_path, tamper, message):
    fitted.save(tmp_path / "r")
    file = tmp_path / "r" / FILE
    file.write_text(tamper(file.read_text("utf-8")), encoding="utf-8")
    with pytest.raises(ValueError, match=message) as caught:
        TrainedIntents.load(tmp_path / "r")
    assert "\n" not in str(caught.value)


def _resealed(text, **changes):
    state = json.loads(text)
    del state["content_sha256"]
    return seal(state | changes)


def test_one_label_is_nothing_to_tell_apart():
    with pytest.raises(ValueError, match="at least two"):
        TrainedIntents.fit(["a", "b"], ["x", "x"])
    two = TrainedIntents.fit(["多少钱", "不要"], ["price", "refusal"])
    assert names(two.recognise(["多少钱", "不要", ""]))[:2] == ["price", "refusal"]


@pytest.fixture(scope="module")
def on_real_utterances():
    corpus = find_corpus()
    if corpus is None:
        pytest.skip(
            "telemarketing_intent_cn is absent: set LEADGRADE_SHARED_DATA to the folder that holds it"
        )
    told = judge([(read_corpus(corpus, "train"), read_corpus(corpus, "test"))])
    return {row["recogniser"]: row for row in told}


@pytest.mark.slow
def test_on_real_utterances_it_tells_finer_labels_better_than_the_usual_machine(on_real_utterances):
    trained, reference = on_real_utterances["trained"], on_real_utterances["reference"]
    assert trained["macro-F1"] >= 0.91
    assert trained["fine accuracy"] > reference["fine accuracy"]


@pytest.mark.slow
@pytest.mark.xfail(
    strict=True,
    raises=AssertionError,
    reason="since version 5 macro-F1 over families is .917 (.934 before), and not beyond chance ahead",
)
def test_on_real_utterances_it_beats_the_usual_machine(on_real_utterances):
    assert on_real_utterances["trained"]["macro-F1"] >= 0.92
    assert on_real_utterances["trained"]["gain low"] > 0


def test_the_lexicon_tells_real_utterances():
    corpus = find_corpus()
    if corpus is None:
        pytest.skip(
            "telemarketing_intent_cn is absent: set LEADGRADE_SHARED_DATA to the folder that holds it"
        )
    rows = read_corpus(corpus, "test")
    true = rows["family"].map(CODE).to_numpy()
    said = Lexicon.shipped().recognise(rows["text"].tolist())
    hits, trues, saids = (
        np.bincount(x, minlength=len(FAMILY_NAMES)) for x in (true[true == said], true, said)
    )
    scores = 2 * hits / np.maximum(trues + saids, 1)
    assert scores[trues >= 10].mean() >= 0.75
