"""What is said in the simulated calls: invented phrases, chosen to agree with the call's counts.

A transcript has one turn per line, ``坐席: …`` or ``机器人: …`` for our side and ``客户: …`` for
the customer. It says nothing about a lead that the counts of its call do not say.
"""

from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd

INTENT_QUESTION_TEXTS = {
    "price": (
        "这个怎么收费的",
        "一年大概要多少钱",
        "你们报价是多少",
        "按人头算还是按年算钱",
        "单价能报一下吗",
    ),
    "discount": ("现在有什么优惠吗", "多买几套能便宜点不", "老客户有没有折扣", "最近有活动吗"),
    "procedure": ("那要怎么办理呢", "开通流程麻烦吗", "接下来我需要准备什么材料", "合同怎么签"),
    "details": (
        "具体有哪些功能",
        "能不能对接我们现在的系统",
        "跟别家比有什么不一样",
        "售后是怎么安排的",
        "支持API对接吗",
    ),
    "contact": ("怎么联系你们", "有没有专门的客户经理", "你的电话留一个给我", "找哪位负责人谈"),
    "time_place": ("你们公司在哪儿可以看样", "最快什么时候能装好", "周几方便过来演示", "多久能交付"),
}
OTHER_QUESTIONS = {
    "company": ("你们是哪家公司", "你是做什么的呀", "哪里打来的"),
    "robot": ("你是机器人吧", "是真人在说话吗"),
    "number_source": ("你怎么有我电话的", "谁给你的号码"),
}
REFUSAL_TEXTS = ("不需要，谢谢", "没兴趣", "我们不用这个", "不用了", "暂时不考虑", "别再打了", "真的不需要")
BUSY = ("我在开会，晚点再说", "现在忙着呢，改天打来吧", "在开车，不方便", "下午再联系我")
QUICK = ("喂", "喂，哪位", "嗯？", "")
GREETINGS = ("喂，你好", "你好", "嗯，你说", "哪位", "喂", "你讲")
AFFIRMATIVE = ("嗯，可以", "好的", "对，是的", "行", "是有这个打算", "OK，没问题")
FILLERS = ("嗯嗯", "哦，这样啊", "我听着呢", "了解", "啊，明白")
ACCEPTING_TEXTS = ("可以，那就约个时间", "行，你安排人过来演示吧", "好，我参加", "没问题，帮我登记一下")
DECLINED = ("参加就算了", "先不约了", "这个先不安排吧", "不用预约了")
ASKS_SMS = ("你先发个短信给我", "资料短信发我一份", "发条短信我看看")
WECHAT_TEXTS = ("加个微信说吧", "我微信就是这个号", "你加我微信发资料", "微信上聊吧")

_OPENERS = (
    "您好，我们是做企业服务的，想占用您一分钟",
    "您好，之前您了解过我们的方案",
    "您好，打扰了，想跟您介绍一下新方案",
)
_REPLIES = (
    "好的，我给您说明一下",
    "明白，这边帮您记录",
    "这个我们有专门的方案",
    "理解，那我简单讲两句",
    "没问题",
)
_NOTES = (
    "客户主动留言",
    "展位扫码登记",
    "朋友推荐过来",
    "下载过产品手册",
    "名单导入，未核实",
    "希望先看案例",
    "",
)

_ASKED = tuple(INTENT_QUESTION_TEXTS.values())
_OTHERS = tuple(OTHER_QUESTIONS.values())
_MAX_PICKS = 64


def notes(n: int, rng: np.random.Generator) -> list[str]:
    """Free-text notes for new leads; they carry no information."""
    return [_NOTES[i] for i in rng.integers(0, len(_NOTES), n)]


def transcripts(calls: pd.DataFrame, rng: np.random.Generator) -> list[str]:
    """One transcript per call; empty where nobody spoke.

    Args:
        calls: the source columns of the simulated calls.
        rng: chooses the wording.

    >>> call = pd.DataFrame({"status": ["接通", "空号"], "agent_id": ["agent-01", "robot-01"],
    ...     "dialogue_turns": [5, 0], "asked_callback": [0, 0], "questions": [1, 0],
    ...     "intent_questions": [1, 0], "refusals": [0, 0], "invitation": ["接受", "无"],
    ...     "asked_sms": [0, 0], "asked_wechat": [0, 0]})
    >>> said, silent = transcripts(call, np.random.default_rng(1))
    >>> said.count("客户: ") >= 3, silent
    (True, '')
    """
    columns = (
        "dialogue_turns",
        "asked_callback",
        "intent_questions",
        "questions",
        "refusals",
        "asked_sms",
        "asked_wechat",
    )
    spoke = np.flatnonzero((calls["status"] == "接通").to_numpy())
    counts = calls[list(columns)].to_numpy(dtype=np.int64)[spoke].tolist()
    sides = np.where(calls["agent_id"].str.startswith("robot"), "机器人", "坐席")[spoke].tolist()
    invited = calls["invitation"].to_numpy()[spoke].tolist()
    picks = rng.integers(0, 2**15, (len(spoke), _MAX_PICKS)).tolist()
    texts = [""] * len(calls)
    for row, side, numbers, invitation, pick in zip(
        spoke.tolist(), sides, counts, invited, picks, strict=True
    ):
        lines = _customer(numbers, invitation, _cycle(pick))
        texts[row] = _dialogue(side, lines, pick[0])
    return texts


def _cycle(picks: Sequence[int]) -> Iterator[int]:
    while True:
        yield from picks


def _customer(numbers: Sequence[int], invitation: str, pick: Iterator[int]) -> list[str]:
    """What the customer says, in order."""
    turns, busy, intent, questions, refusals, sms, wechat = numbers

    def one(phrases: Sequence[str]) -> str:
        return phrases[next(pick) % len(phrases)]

    if turns == 1:
        return [one(QUICK)]
    if busy:
        return [one(GREETINGS), one(BUSY)]
    lines = [one(_OTHERS[next(pick) % len(_OTHERS)]) for _ in range(questions - intent)]
    lines += [one(_ASKED[next(pick) % len(_ASKED)]) for _ in range(intent)]
    lines += [one(REFUSAL_TEXTS) for _ in range(refusals)]
    lines += [one(ASKS_SMS)] * sms + [one(WECHAT_TEXTS)] * wechat
    lines += {"接受": [one(ACCEPTING_TEXTS)], "拒绝": [one(DECLINED)]}.get(invitation, [])
    spare = max(turns - len(lines) - 1, 0)
    talk = [one(FILLERS if refusals or next(pick) % 2 else AFFIRMATIVE) for _ in range(spare)]
    return [one(GREETINGS), *talk, *lines]


def _dialogue(side: str, lines: Sequence[str], pick: int) -> str:
    ours = [
        _OPENERS[pick % len(_OPENERS)],
        *(_REPLIES[(pick + i) % len(_REPLIES)] for i in range(1, len(lines))),
    ]
    return "\n".join(f"{side}: {our}\n客户: {line}" for our, line in zip(ours, lines, strict=True))
