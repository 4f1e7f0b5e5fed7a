"""What callers say outside any one corpus: each fault that was found, and neighbours that must not change."""

import pytest

from models.intents.families import names
from models.intents.lexicon import Lexicon
from models.intents.ngrams import Ngrams
from models.intents.plain_text import plain_text
from models.intents.respelling import Respelling
from models.intents.trained import TrainedIntents
from models.intents.words.mishearings import MISHEARINGS

LEXICON = Lexicon.shipped()

# Words that refuse, within a question; then refusals that stay such.
ASKED_IN_REFUSING_WORDS = """
可以随时取消吗 | details
合同能提前解约吗 | details
第二次报名有优惠吗 | discount
不需要押金吧 | price
我不想要那么贵的，有便宜点的吗 | discount
今天天气真好 | none
can I cancel anytime | details
I don't need the premium one, what's the basic plan cost | price
I don't want the big one, how much is the small one | price
请问能取消订单吗 | details
怎么取消套餐 | procedure
如何退订 | procedure
帮我取消吧 | refusal
我要退订 | refusal
cancel it please | refusal
你天天打电话烦不烦 | refusal
这都第三次打来了 | refusal
我不要了，谢谢 | refusal
I don't need it, stop calling | refusal
"""
# Words that ask, within a refusal; then questions that stay such.
REFUSED_IN_ASKING_WORDS = """
多少钱都不要 | refusal
免费也不要 | refusal
什么优惠都不感兴趣 | refusal
再便宜也不需要 | refusal
多少钱 | price
免费吗 | price
有什么优惠 | discount
再便宜点行吗 | discount
不要钱吗 | price
"""
# One word tells no mailbox.
MAILBOX = """
我就是机主，多少钱你直说 | price
您拨打的机主暂时无法接听 | voicemail
机主不方便接电话，请留言 | voicemail
我是机主的智能助理 | voicemail
请在提示音后留言 | voicemail
leave a message after the tone | voicemail
多少钱你直说 | price
"""
BOUGHT = """
已经办过了 | already_bought
我有固定供应商 | already_bought
already have a supplier | already_bought
I already have one | already_bought
早就买了 | already_bought
还没买 | negative
要是办过了还能办吗 | details
I don't have one | negative
怎么买 | procedure
买多少有优惠 | discount
"""
WHO = """
你是谁 | company
哪位 | company
您是哪位 | company
who is this | company
找谁报名 | contact
谁给你的号码 | number_source
who gave you my number | number_source
在哪里 | time_place
哪里办理 | procedure
"""
PERSON = """
are you a person | robot
are you a real person | robot
你是真人吗 | robot
are you the person in charge of sales | !robot
wrong person | wrong_number
机器人课程多少钱 | price
how many people | !robot
你们是人工审核吗 | !refusal
"""
YES = """
oh yes | affirmative
that would be great | affirmative
that would be lovely | affirmative
yes please | affirmative
of course | affirmative
of course not | negative
that's not correct | negative
great, bye | none
oh no | negative
yes but how much is it | !refusal
"""
TWICE_NO = """
也不能说不行 | affirmative
不是不需要，是现在没空 | busy
不是不可以 | affirmative
没有什么不方便的，你说 | affirmative
不是不想学，是真没钱 | objection
不行 | negative
不需要 | refusal
我现在没空 | busy
不可以 | negative
不方便 | busy
真没钱 | objection
"""
# As speech recognition writes them, with what was said beside.
MISHEARD = """
多哨钱 | price
怎么收肺 | price
我在开扯 | busy
没性趣 | refusal
有没有优汇 | discount
不咬不要 | refusal
开车来接你 | !price
前面路口左转 | none
优良 | none
收藏 | none
会议室 | none
补办一张卡 | !refusal
没签合同 | !objection
手机好用吗 | details
"""
CANTONESE = """
唔使喇 | refusal
有冇平啲 | discount
邊位呀 | company
幾多錢 | price
唔得閒 | busy
係咪真人 | robot
沒關係 | !refusal
三點半 | none
平時 | none
系统 | none
多謝 | none
"""
ALL = {
    name: block
    for name, block in list(globals().items())
    if name.isupper() and isinstance(block, str) and "|" in block
}
ROWS = [tuple(map(str.strip, row.split("|"))) for block in ALL.values() for row in block.strip().splitlines()]


@pytest.mark.parametrize(("said", "heard"), ROWS)
def test_it_is_heard_as_it_was_meant(said, heard):
    [family] = names(LEXICON.recognise([said]))
    assert family != heard[1:] if heard.startswith("!") else family == heard


@pytest.fixture(scope="module")
def fitted():
    said = {
        "price": ["多少钱", "怎么收费", "什么价格", "一年多少钱呀", "收费标准"],
        "refusal": ["不需要", "真的不需要", "没兴趣", "不感兴趣", "不要不要"],
        "affirmative": ["好的", "好", "行", "可以的", "no problem"],
    }
    return TrainedIntents.fit(
        [text for texts in said.values() for text in texts], [f for f, texts in said.items() for _ in texts]
    )


@pytest.mark.parametrize(
    ("said", "heard"),
    [
        ("not interested", "refusal"),
        ("what does it cost", "price"),
        ("are you a robot", "robot"),
        ("已经有固定供应商了", "already_bought"),
        ("leave a message after the beep", "voicemail"),
        ("多少钱", "price"),
        ("不需要", "refusal"),
        ("好的", "affirmative"),
        ("可以的", "affirmative"),
        ("什么价格", "price"),
    ],
)
def test_a_trained_recogniser_leaves_words_that_it_never_saw_to_the_lexicon(fitted, said, heard):
    assert names(fitted.recognise([said])) == [heard]


def test_what_the_lexicon_does_not_hear_either_is_left_to_the_recogniser():
    said = ["咕噜"] * 6 + ["不需要", "没兴趣", "不用了", "好的", "可以", "行"]
    fitted = TrainedIntents.fit(said, ["price"] * 6 + ["refusal"] * 3 + ["affirmative"] * 3)
    strange = "咕噜甲乙丙丁戊己庚辛"
    assert fitted.ngrams.familiar([strange])[0] < fitted.unsure.strange
    assert names(LEXICON.recognise([strange])) == ["none"]
    assert names(fitted.recognise([strange])) == ["price"]


def test_what_several_utterances_hold_is_familiar():
    ngrams = Ngrams.learn(["多少钱"] * 3 + ["不要"])
    assert ngrams.familiar(["多少钱", "多少", "不要", "xyz", ""]).round(2).tolist() == [
        1.0,
        0.67,
        0.0,
        0.0,
        0.0,
    ]


def test_longer_words_are_written_first_and_what_was_written_is_not_read_again():
    words = Respelling({"ab": "b", "abc": "cab", "x": "ab"})
    assert words.write("abc ab x\nxx aab") == "cab b ab\nabab ab"
    assert words.write("") == ""


def test_a_word_is_taken_for_another_only_where_it_is_none_itself():
    said = ["大厦", "公式", "实时", "威力", "天气", "手工", "开会", "你号吗", "有会员卡"]
    assert plain_text(said) == said
    assert all(met != written for met, written in MISHEARINGS.items())
