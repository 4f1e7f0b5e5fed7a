"""What former versions heard rightly is heard so still, beside each fault that was mended."""

import pytest

from models.intents.families import names
from models.intents.versions import TODAY, lexicon_of

# A fault, and neighbours that were heard rightly before it was mended.
NEIGHBOURS = """
可以随时取消吗 | 帮我取消吧；我要取消；取消订单吧；怎么取消套餐；把会员取消掉
合同能提前解约吗 | 我要解约；我要解除合同；合同怎么签；合同签几年；解约吧
第二次报名有优惠吗 | 都第二次打来了；有优惠吗；第三次打了；怎么报名；报名流程是什么
不需要押金吧 | 不需要；不需要了谢谢；押金多少；我不需要；真的不需要
我不想要那么贵的，有便宜点的吗 | 我不想要；不想要了；太贵了；能便宜点吗；有没有便宜的
今天天气真好 | 你们天天打；天天打电话；整天打电话烦死了；今天没空；今天不方便
can I cancel anytime | cancel my order；cancel it；cancel my plan；how do I cancel；stop calling
I don't need the premium one, how much is the basic one | I don't need it；how much；no；no thanks；ok
我就是机主，多少钱你直说 | 机主不方便接电话；请在提示音后留言；您拨打的电话已关机；多少钱；你可以留言给我
已经办过了 | 已经买过了；早就买了；我买过了；怎么办理；还没买
我有固定供应商 | 已经是会员了；我家买过了；有没有优惠；怎么收费；我没有
already have one | already bought one；I already have one；no thanks；how much；I bought it already
你是谁 | 你们是哪家公司；你是哪里的；公司叫什么；谁给你的号码；你怎么有我电话
哪位 | 你们是干什么的；你们是什么单位；在哪里；地址在哪；什么时候
oh yes | yes；yes please；of course；of course not；no
that would be great | sounds good；ok；sure；that's not correct；not interested
are you a person | are you a robot；is this a recording；你是机器人吗；你是真人吗；wrong person
也不能说不行 | 不行；不可以；可以；不需要；没问题
不是不需要，是现在没空 | 不需要；现在没空；我在忙；不用了；不感兴趣
not interested | no thanks；I am not interested；don't call me；interested in what；ok
"""
PAIRS = [
    (fault, said)
    for row in NEIGHBOURS.strip().splitlines()
    for fault, _, some in [row.partition(" | ")]
    for said in some.split("；")
]


@pytest.mark.parametrize(("fault", "said"), PAIRS)
def test_a_neighbour_of_a_mended_fault_is_heard_as_before(fault, said):
    before, now = (names(lexicon_of(version).recognise([said])) for version in (4, TODAY))
    assert now == before, fault


def test_each_fault_has_five_neighbours():
    assert all(row.count("；") == 4 for row in NEIGHBOURS.strip().splitlines())
