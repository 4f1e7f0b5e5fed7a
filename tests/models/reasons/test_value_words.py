"""Golden sentences of every kind of feature, and a sentence in both languages for all of the catalogue."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from features.catalog import catalog, features_of
from features.families.attributes import DeclaredAttribute
from models.reasons.reason_texts import BAR
from models.reasons.value_words import Meaning, phrase, sentence
from pipeline.fitting.feature_words import meaning_of

DECLARED = [
    DeclaredAttribute("channel", "categorical", en="source channel", zh="来源渠道"),
    DeclaredAttribute("budget", "numeric", en="stated budget", zh="预算", unit="CNY"),
    DeclaredAttribute("years", "numeric", en="years in business", zh="经营年数", unit="years"),
    DeclaredAttribute("visit", "date", dated=True, en="planned visit", zh="计划来访日期"),
    DeclaredAttribute("note", "text", en="note at creation", zh="备注"),
]
FEATURES = {feature.name: feature for feature in features_of(catalog(DECLARED))}
MISSING = None

GOLDEN = [
    ("intent_questions_7d", 2.0, "2 intent questions asked in the last 7 days", "近7天意向提问2次"),
    ("intent_questions_7d", 1.0, "1 intent question asked in the last 7 days", "近7天意向提问1次"),
    ("intent_questions_7d", 0.0, "no intent questions asked in the last 7 days", "近7天意向提问0次"),
    ("calls_30d", 12.0, "12 calls in the last 30 days", "近30天通话12次"),
    ("agents_total", 3.0, "3 agents who called so far", "累计跟进坐席数：3"),
    ("asked_wechat_total", 1.0, "1 call that asked to connect on WeChat so far", "累计要求加微信的通话：1"),
    ("orders_total", 2.0, "the customer's orders so far: 2", "累计客户订单数：2"),
    (
        "amount_total",
        163305.4,
        "amount the customer ordered so far: 163,305 CNY",
        "累计客户下单金额：163,305 CNY",
    ),
    (
        "mean_refusals_total",
        0.111,
        "0.11 refusals in a row per connected call so far",
        "累计每次接通平均连续拒绝0.11次",
    ),
    (
        "answered_share_90d",
        0.254,
        "share of calls that connected in the last 90 days: 25%",
        "近90天接通率：25%",
    ),
    ("talk_s_30d", 312.0, "5 min 12 s of connected calls in the last 30 days", "近30天接通时长：5分12秒"),
    ("talk_s_30d", 0.0, "0 s of connected calls in the last 30 days", "近30天接通时长：0秒"),
    ("max_talk_s_total", 3720.0, "longest connected call so far: 1 h 2 min", "累计最长接通时长：1小时2分"),
    ("talk_s_last_call", 45.0, "length of the latest connected call: 45 s", "最近接通时长：45秒"),
    ("days_since_call", 0.3, "7 hours since the last call", "距上次通话7小时"),
    ("days_since_call", 1.2, "1 day since the last call", "距上次通话1天"),
    ("days_since_call", MISSING, "no call yet", "尚无通话"),
    ("days_since_quotation_sent", MISSING, "no quotation sent yet", "尚未发送报价"),
    ("hours_to_first_call", 2.6, "3 hours from creation to the first call", "创建到首次通话3小时"),
    ("hours_to_first_call", -30.0, "-1 day from creation to the first call", "创建到首次通话-1天"),
    ("call_days_90d", 4.0, "4 days with a call in the last 90 days", "近90天有通话的天数：4"),
    ("days_until_visit", 18.2, "18 days until planned visit", "距计划来访日期18天"),
    ("days_until_visit", -5.0, "planned visit 5 days ago", "计划来访日期已过5天"),
    ("days_until_visit", MISSING, "planned visit: not known", "计划来访日期：未知"),
    ("created_weekday", 3.0, "weekday of creation: Wednesday", "创建时的星期：周三"),
    ("created_hour", 21.0, "hour of the day of creation: 21", "创建时的小时：21"),
    (
        "asked_sms_last_call",
        1.0,
        "the latest connected call asked for a text message: yes",
        "最近接通：要求发短信的通话：是",
    ),
    (
        "asked_sms_last_call",
        0.0,
        "the latest connected call asked for a text message: no",
        "最近接通：要求发短信的通话：否",
    ),
    (
        "last_call_status",
        "no_answer",
        "status of the latest call attempt: no answer",
        "最近一次呼叫状态：无人接听",
    ),
    ("stage", "offer", "the current stage: “offer”", "当前阶段：“offer”"),
    ("stage", MISSING, "the current stage: not known", "当前阶段：未知"),
    ("channel", "展会", "source channel: “展会”", "来源渠道：“展会”"),
    ("channel", "yes", "source channel: yes", "来源渠道：是"),
    ("budget", 480000.0, "stated budget: 480,000 CNY", "预算：480,000 CNY"),
    ("budget", MISSING, "stated budget: not known", "预算：未知"),
    ("years", 1.0, "1 year in business", "经营年数：1"),
    ("note_characters", 12.0, "length of note at creation: 12 characters", "备注字数：12"),
]


@pytest.mark.parametrize(("name", "value", "en", "zh"), GOLDEN)
def test_a_value_in_words(name, value, en, zh):
    assert phrase(meaning_of(FEATURES[name], "CNY"), value) == (en, zh)


@pytest.mark.parametrize(
    ("ratio", "up", "en", "zh"),
    [
        (3.14, True, "such leads close 3.1 times as often as the average", "此类客户成交率为平均的3.1倍"),
        (12.4, True, "such leads close 12 times as often as the average", "此类客户成交率为平均的12倍"),
        (0.42, False, "such leads close 0.4 times as often as the average", "此类客户成交率为平均的0.4倍"),
        (
            0.03,
            False,
            "such leads close less than 0.1 times as often as the average",
            "此类客户成交率不足平均的0.1倍",
        ),
        (None, True, "in this lead's case it speaks for a close", "结合其他情况，有利于成交"),
        (1.05, True, "in this lead's case it speaks for a close", "结合其他情况，有利于成交"),
        (0.5, True, "in this lead's case it speaks for a close", "结合其他情况，有利于成交"),
        (1.5, False, "in this lead's case it speaks against a close", "结合其他情况，不利于成交"),
    ],
)
def test_a_rate_is_told_where_it_says_the_same_as_the_contribution(ratio, up, en, zh):
    meaning = meaning_of(FEATURES["calls_30d"], "CNY")
    expected = (f"12 calls in the last 30 days; {en}", f"近30天通话12次；{zh}")
    assert sentence(meaning, 12.0, ratio, up) == expected


@pytest.mark.parametrize("name", sorted(FEATURES))
def test_every_feature_has_words_in_both_languages(name):
    feature = FEATURES[name]
    meaning = meaning_of(feature, "CNY")
    values = {"number": (0.0, 1.0, 0.4, 7.0, -3.0, 1e7), "flag": (0.0, 1.0), "category": ("x", "answered")}
    for value in (*values[feature.kind], None):
        en, zh = phrase(meaning, value)
        assert en.isprintable()
        assert zh.isprintable()
        assert any(not letter.isascii() for letter in zh)
        assert not {"nan", "None", "0.0"} & set(en.split())
        assert feature.unit != "s" or not ("seconds" in en or "（秒）" in zh)
        assert not en.endswith((":", " "))
    assert Meaning.from_dict(meaning.to_dict()) == meaning


def test_a_feature_of_the_time_since_something_says_what_has_never_happened():
    times = [f for f in FEATURES.values() if f.reducer in {"days_since_last", "days_since_first"}]
    assert len(times) > 10
    assert [f.name for f in times if f.never is None] == []


@given(st.text(max_size=99))
def test_no_value_breaks_the_line_or_the_bar(value):
    for words in phrase(Meaning("channel", "渠道", kind="category"), value):
        assert BAR.strip() not in words
        assert "\n" not in words
        assert len(words) < 60


@given(
    st.sampled_from(sorted(name for name in FEATURES if FEATURES[name].unit in {"days", "hours"})),
    st.floats(0, 3000),
)
def test_rounding_changes_no_words(name, value):
    import numpy as np

    meaning = meaning_of(FEATURES[name], "CNY")
    rounded = float(meaning.rounded(np.array([value]))[0])
    assert phrase(meaning, rounded) == phrase(meaning, value)


def test_a_meaning_of_another_form_is_refused():
    state = Meaning("a", "甲", never=("none", "无"), words={"x": ("ex", "叉")}).to_dict()
    assert Meaning.from_dict(state).never == ("none", "无")
    for wrong in (
        {"en": 3},
        {"kind": "text"},
        {"never": ["one"]},
        {"never": "ab"},
        {"words": {"x": ["y", 1]}},
    ):
        with pytest.raises(ValueError, match=r"expected|kind"):
            Meaning.from_dict(state | wrong)
