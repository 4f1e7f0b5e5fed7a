"""A call is heard as a dialogue: invitations stay open, replies answer, the script is followed."""

import polars as pl
import pytest

from models.intents.lexicon import Lexicon
from pipeline.transcripts.hearing import Hearing, hear, missing, sources

LEXICON = Lexicon.shipped()
HEARING = Hearing(LEXICON, LEXICON)
LOAN = (
    "坐席: 您好，请问您需要贷款吗\n客户: 不需要\n坐席: 利息很低的\n客户: 真不需要\n坐席: 好的打扰了\n客户: "
)


def heard(transcript, hearing=HEARING):
    return hear(pl.DataFrame({"call_id": ["c"], "transcript": [transcript]}), hearing).row(0, named=True)


def dialogue(text):
    """Lines of ``- ours`` and ``> theirs``."""
    sides = {"-": "坐席", ">": "客户"}
    return "\n".join(f"{sides[line[0]]}: {line[2:]}" for line in text.strip().splitlines())


@pytest.mark.parametrize(
    "said",
    ["好的，再见", "行，到时候见", "好的，我去忙了", "我到现在都没收到", "嗯，知道了", "好，谢谢", "拜拜"],
)
def test_a_polite_goodbye_accepts_nothing_that_was_refused(said):
    row = heard(LOAN + said)
    assert (row["invitation"], row["refusals"], row["asked_callback"]) == ("none", 2, False)


INVITED = "- 想约您周六上午来体验\n"
ANSWERS = r"""
> 在哪儿\n- 万达三楼，周六上午十点可以吗\n> 行，十点 | accepted
> 在哪儿\n- 万达三楼\n> 多少钱\n- 免费的\n> 好的 | accepted
> 那就周六吧 | accepted
> 周六下午吧 | accepted
> put me down for Tuesday | accepted
> 行，到时候见 | accepted
> 可以，几点 | accepted
> 行，让他下午打给我 | accepted
> 好的，再见 | none
> 好的，我去忙了 | none
> 我到现在都没收到 | !accepted
> 周六几点 | none
> 我考虑一下\n- 好的，下周再联系您\n> 好 | none
> 在开会，晚点说\n- 好的\n> 嗯 | none
> 不用了 | declined
> 不去 | declined
> 在哪儿\n- 万达三楼\n> 太远了，不去了 | declined
> 好的\n- 那周六见\n> 算了，不去了 | declined
> 好的\n- 那周六见\n> 好的，再见 | accepted
"""


@pytest.mark.parametrize("case", ANSWERS.strip().splitlines())
def test_an_invitation_is_open_until_it_is_answered(case):
    text, answer = (part.strip() for part in case.replace("\\n", "\n").rsplit("|", 1))
    found = heard(dialogue(INVITED + text))["invitation"]
    assert found != answer[1:] if answer.startswith("!") else found == answer


@pytest.mark.parametrize(
    "ours",
    [
        "给您发个短信可以吗",
        "您之前在我们店体验过一次，感觉怎么样",
        "本月可以免费做一次检测，您有兴趣吗",
        "您上次参加的活动怎么样",
        "那我晚点再打给您，可以吗",
    ],
)
def test_what_is_no_invitation_is_not_accepted(ours):
    assert heard(f"坐席: {ours}\n客户: 好的")["invitation"] == "none"


@pytest.mark.parametrize(
    ("ours", "said", "refusals"),
    [
        ("请问您需要贷款吗", "没有", 1),
        ("您要不要了解一下", "不", 1),
        ("Do you need a loan?", "no", 1),
        ("您名下有房产吗", "没有", 0),
        ("您之前了解过吗", "没有", 0),
        ("您身边有朋友要换车吗", "没有", 0),
        ("Did you get my email?", "no", 0),
        ("您好", "没有", 0),
        ("占用您一分钟可以吗", "不可以", 1),
        ("明天上午可以吗", "不可以", 0),
    ],
)
def test_a_bare_no_refuses_what_was_offered(ours, said, refusals):
    assert heard(f"坐席: {ours}\n客户: {said}")["refusals"] == refusals


def test_refusals_in_a_row_are_parted_by_any_other_turn():
    refused = "- 给您介绍一下\n> 不需要\n- 很划算的\n"
    assert heard(dialogue(refused + "> 说了不需要"))["refusals"] == 2
    assert heard(dialogue(refused + "> 嗯\n- 每月三十\n> 真不用"))["refusals"] == 1
    assert heard(dialogue(refused + "> 多少钱\n- 一百\n> 不要"))["refusals"] == 1


REPLIES = """
- 您好，请问您现在方便说话吗
> 方便，你说
- 您之前做过嫩肤吗
> 做过两次
- 您比较想改善斑点还是毛孔呢
> 毛孔吧
- 您有医保吗
> 没有
- 那您平时健身吗
> 嗯嗯
- 每个月三十块
> 太贵了
- 您想了解一下吗
> 多少钱
- 三百
> 不需要
- 给您发个资料可以吗
> 别发
"""


def test_replies_are_counted_as_yes_no_and_of_substance():
    row = heard(dialogue(REPLIES))
    # Yes: may talk, has done, exercises. No: no insurance, nothing sent; "not needed" answered no question.
    assert (row["affirmative_answers"], row["negative_answers"]) == (3, 2)
    # Of substance: done twice, pores, no insurance, exercises, too dear, how much; none of the refusals.
    assert row["substantive_replies"] == 6
    assert (row["questions"], row["intent_questions"], row["refusals"]) == (1, 1, 2)


@pytest.mark.parametrize(
    "said", ["您好", "我在忙", "打错了", "你是骗子吧", "加个微信吧", "不用了", "稍等一下"]
)
def test_fillers_excuses_and_refusals_are_of_no_substance(said):
    assert heard(f"坐席: 您有医保吗\n客户: {said}")["substantive_replies"] == 0


def test_two_questions_in_one_turn_count_twice_and_those_of_a_refusal_not_at_all():
    assert heard("客户: 在哪里，多少钱")["intent_questions"] == 2
    assert heard("客户: 多少钱，一年多少钱")["intent_questions"] == 1
    assert heard("客户: 不需要，多少钱都不要")["intent_questions"] == 0
    assert heard("客户: 那可以，在什么地方上")["intent_questions"] == 1
    assert heard("客户: 我要投诉你们，你们公司叫什么")["questions"] == 0


FLOW = (("请问您现在方便说话吗",), ("您之前做过嫩肤吗", "以前做过光子嫩肤吗"), ("帮您约这周到店可以吗",))
WALKED = "- 您好，请问您现在方便说话吗？\n> 方便\n- 您以前做过光子嫩肤吗？\n"


@pytest.mark.parametrize(
    ("text", "ppm"),
    [
        (WALKED + "> 做过\n- 那帮您约这周到店，可以吗？\n> 可以", 1_000_000),
        (WALKED + "> 多少钱\n- 那帮您约这周到店，可以吗？\n> 我在忙", 666_667),
        (WALKED + "> 不需要\n- 很便宜的\n> 好吧", 333_333),
        (WALKED + "> 嗯", 666_667),
        (WALKED, 333_333),
        ("- 您好\n> 你好", 0),
    ],
)
def test_the_flow_is_completed_by_the_steps_that_the_customer_answered(text, ppm):
    assert heard(dialogue(text), Hearing(LEXICON, LEXICON, flow=FLOW))["flow_completion_ppm"] == ppm


def test_without_a_script_no_flow_is_heard():
    calls = pl.DataFrame({"call_id": ["c"], "transcript": ["客户: 好"]})
    assert "flow_completion_ppm" not in hear(calls, HEARING).columns
    assert "flow_completion_ppm" in missing(calls, FLOW)
    assert "flow_completion_ppm" not in missing(calls)
    assert sources(calls, Hearing(LEXICON, LEXICON, flow=FLOW))["flow_completion_ppm"] == "lexicon"
    assert Hearing(LEXICON, LEXICON, flow=FLOW).fingerprint != HEARING.fingerprint


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("> 我就是机主，多少钱你直说", "answered"),
        ("> 您拨打的机主暂时无法接听", "voicemail"),
        ("> 请留言\n- 喂\n> 您的留言已保存", "voicemail"),
        ("> 请留言\n- 喂\n> 喂，你是哪家公司的\n- 您好\n> 多少钱", "answered"),
        ("> 欢迎致电，转人工服务请按零", "switchboard"),
        ("> 欢迎致电，请按零\n- 喂\n> 哪家公司\n- 您好\n> 不需要", "answered"),
        ("> 留言给我就行，多少钱\n- 一百\n> 好的", "answered"),
    ],
)
def test_one_word_sets_no_calls_status(text, status):
    assert heard(dialogue(text))["status"] == status


@pytest.mark.parametrize(
    ("said", "later"),
    [
        ("我在开会，晚点再打", True),
        ("回来了我打给你", True),
        ("call me back tomorrow", True),
        ("我考虑一下", False),
        ("我跟老婆商量一下", False),
        ("let me think about it", False),
        ("不需要", False),
    ],
)
def test_to_think_it_over_asks_for_no_call(said, later):
    assert heard(f"坐席: 您看可以吗\n客户: {said}")["asked_callback"] is later


def test_who_picks_up_with_who_is_it_asked_nothing():
    assert heard("客户: 喂，哪位\n坐席: 您好\n客户: 你是哪位")["questions"] == 1
