"""Hearing fills what a log lacks, changes nothing that it says, and recovers the simulated calls' counts."""

import polars as pl
import pytest

from models.intents.families import CODE
from models.intents.lexicon import Lexicon
from pipeline.simulation.world import simulate
from pipeline.transcripts.hearing import HEARD, SOURCE, Hearing, hear

HEARING = Hearing(Lexicon.shipped(), Lexicon.shipped())


def heard(transcript, **columns):
    calls = pl.DataFrame(
        {"call_id": ["c"], "transcript": [transcript]}, schema_overrides={"transcript": pl.String}
    )
    return hear(calls.with_columns(pl.lit(v).alias(k) for k, v in columns.items()), HEARING).row(
        0, named=True
    )


@pytest.mark.parametrize(
    ("transcript", "told"),
    [
        (
            "客户: 多少钱\n坐席: 一百\n客户: 你是机器人吗",
            {"questions": 2, "intent_questions": 1, "dialogue_turns": 2},
        ),
        ("客户: 不需要\n坐席: 再听一下\n客户: 没兴趣\n客户: 多少钱\n客户: 不用了", {"refusals": 2}),
        ("客户：不需要\n客户：嗯\n客户：不需要", {"refusals": 1}),
        ("坐席: 您方便参加周六的活动吗\n客户: 好的", {"invitation": "accepted"}),
        ("坐席: 您方便参加周六的活动吗\n客户: 不用了", {"invitation": "declined", "refusals": 1}),
        ("坐席: 您好\n客户: 好的", {"invitation": "none"}),
        ("agent: can we schedule a demo\ncustomer: sure", {"invitation": "accepted"}),
        ("Agent 1: hello\nCustomer: I'm busy, call me later", {"asked_callback": True, "refusals": 0}),
        ("客户: 加个微信吧", {"asked_wechat": True, "questions": 0}),
        ("客户: 不加微信", {"asked_wechat": False}),
        ("客户: 多少钱\n客户: 有优惠吗", {"intent_questions": 2, "dialogue_turns": 2}),
        ("多少钱\n有优惠吗", {"intent_questions": None, "dialogue_turns": None, "status": None}),
        ("坐席: 喂\n客户: ", {"dialogue_turns": 0, "questions": 0, "invitation": "none", "status": None}),
        ("客户: 欢迎致电，转人工服务请按零", {"status": "switchboard"}),
        ("客户: 多少钱", {"status": "answered", SOURCE: "lexicon"}),
        ("客户: 多少钱\n客户: 不需要", {"ends_refusing": True}),
        ("客户: 不需要\n坐席: 好的再见", {"ends_refusing": False}),
        ("客户: 不需要\n坐席: ", {"ends_refusing": True}),
        ("坐席: 不需要", {"ends_refusing": None, "refusals": None, SOURCE: None}),
        (None, {"questions": None, "refusals": None, SOURCE: None}),
    ],
)
def test_the_rules_by_hand(transcript, told):
    row = heard(transcript)
    assert {name: row[name] for name in told} == told


# A turn without and with an invitation of ours before it: "accepted" counts only where it should.
LEAVES = """
好的，再见
好的再见
好,再见!
好 再會
好的好的拜拜
好嘞，拜
行我知道了先挂了
嗯嗯开会呢回头说
好，我在开车
好的，我去开会了
嗯，我要去接孩子
好，我先去忙了
行，回头见
好的，快递来了
可以可以，回聊
好，以后再约
嗯，下次去
行，有需要再约
好的 我到公司了
好吧，我约了人，先走了
好，我在去机场的路上
行，我得去幼儿园接孩子了
ok bye
OK, thanks, bye.
sure, bye
ok, see you later
ok, got to go
yes, I'm in a meeting
i'll come back to you, bye
"""
TAKES = """
好的，加我微信吧
可以，明天下午过来
行，你发给我
好的，那周六见，再见
好的，明天见
可以，那就约个时间
好，我参加
没问题，帮我登记一下，拜拜
好的，我开车过去
行，开完会我过去
可以，约明天吧，我现在在开会
嗯，我会准时到的
ok, see you on Saturday, bye
sure, sign me up
yes, I'll come
book me in, bye
yes please send it to me
"""
# A yes that answers, and no more.
AGREES = """
好的
可以，没问题
好的，谢谢
行，那就明天下午三点吧，再见
sounds good
"""
INVITES = "坐席: 您方便周六来店参观吗\n"
REFUSED_TWICE = "坐席: 给您介绍一下\n客户: 不需要\n坐席: 真的很划算\n客户: 不用了\n坐席: 好的，打扰了\n"


def lines(text):
    return text.strip().splitlines()


@pytest.mark.parametrize("said", lines(LEAVES))
def test_a_goodbye_or_an_errand_accepts_nothing(said):
    for before in ("", INVITES, REFUSED_TWICE):
        row = heard(f"{before}客户: {said}")
        assert row["invitation"] != "accepted", before
    assert row["refusals"] >= 2


@pytest.mark.parametrize("said", lines(TAKES))
def test_an_appointment_or_an_offer_that_is_taken_is_accepted(said):
    for before in ("", INVITES, REFUSED_TWICE):
        assert heard(f"{before}客户: {said}")["invitation"] == "accepted", before


@pytest.mark.parametrize("said", lines(AGREES))
def test_a_bare_yes_accepts_an_invitation_and_nothing_else(said):
    assert heard(f"{INVITES}客户: {said}")["invitation"] == "accepted"
    assert heard(f"客户: {said}")["invitation"] == "none"


def test_a_goodbye_takes_no_acceptance_back():
    assert heard(f"{INVITES}客户: 好的\n坐席: 周六见\n客户: 好的，再见")["invitation"] == "accepted"


def test_an_unreached_call_has_zeros_and_a_connected_one_without_words_is_unknown():
    assert heard(None, status="no_answer")["questions"] == 0
    assert heard(None, status="answered")["questions"] is None


def test_what_the_log_says_stays():
    row = heard("客户: 多少钱", intent_questions=7)
    assert (row["intent_questions"], row["questions"]) == (7, 1)
    assert heard("客户: 多少钱", **dict.fromkeys(HEARD))[SOURCE] == "log"
    assert "ends_refusing" not in heard("客户: 不需要", hung_up_by="agent")
    plain = pl.DataFrame({"call_id": ["c"]})
    assert hear(plain, HEARING).equals(plain)


def test_calls_are_heard_by_themselves():
    texts = ["客户: 多少钱", None, "客户: 不需要\n客户: 不要", "客户: 嗯", ""] * 3
    calls = pl.DataFrame({"call_id": [str(i) for i in range(15)], "transcript": texts})
    together = hear(calls, HEARING)
    assert together.equals(pl.concat([hear(calls[i : i + 1], HEARING) for i in range(15)]))
    assert hear(calls.reverse(), HEARING).equals(together.reverse())


class Trained:
    """A recogniser to which everything is a refusal."""

    source = "trained"
    fingerprint = "t"

    def recognise(self, texts):
        import numpy as np

        return np.full(len(texts), CODE["refusal"], dtype=np.int8)


def test_the_source_is_the_recogniser_that_was_used():
    calls = pl.DataFrame({"call_id": ["c"], "transcript": ["客户: 多少钱\n客户: 好"]})
    row = hear(calls, Hearing(Trained(), HEARING.lexicon)).row(0, named=True)
    assert (row[SOURCE], row["refusals"]) == ("trained", 2)
    assert Hearing(Trained(), HEARING.lexicon).fingerprint != HEARING.fingerprint


def test_the_simulated_calls_are_heard_as_they_were_drawn():
    calls = pl.from_pandas(simulate(500, 3).calls).filter(pl.col("status") == "接通")
    log = calls.with_columns(
        pl.col("invitation").replace({"接受": "accepted", "拒绝": "declined", "无": "none"})
    )
    told = hear(
        log.drop(name for name in HEARD if name in log.columns and name != "status").with_columns(
            status=pl.lit("answered")
        ),
        HEARING,
    )
    # The simulated transcripts hold no question of ours, so that nothing in them answers one.
    unasked = ("status", "substantive_replies", "affirmative_answers", "negative_answers")
    counted = [name for name in HEARD if name in log.columns and name not in unasked]
    right = {name: (log[name] == told[name].cast(log[name].dtype)).mean() for name in counted}
    assert min(right.values()) > 0.9, right
    assert min(right[name] for name in ("refusals", "invitation", "asked_sms", "asked_wechat")) > 0.97, right
