"""What a customer's words can mean: the families of intents, and what recognises them.

A recogniser answers one family per utterance, each utterance by itself: no other utterance, no
order and no run changes its answer. There are two: the shipped lexicon (`models.intents.lexicon`), which
needs no training, and one fitted on a team's own labelled utterances (`models.intents.trained`).
"""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from math import ceil
from typing import Protocol

import numpy as np
import numpy.typing as npt

from models.arrays import Flags

Codes = npt.NDArray[np.int8]


@dataclass(frozen=True, slots=True)
class Family:
    """A family of intents.

    Attributes:
        name: its key, such as ``price``.
        en, zh: what a salesperson calls it.
        is_question: the customer asks something.
        shows_intent: the question shows interest in buying.
    """

    name: str
    en: str
    zh: str
    is_question: bool = False
    shows_intent: bool = False


FAMILIES: tuple[Family, ...] = (
    Family("none", "none of these", "其他"),
    Family("price", "asks the price", "问价格", True, True),
    Family("discount", "asks for offers", "问优惠", True, True),
    Family("procedure", "asks how it is done", "问流程", True, True),
    Family("details", "asks for details", "问详情", True, True),
    Family("contact", "asks how to reach us", "问联系方式", True, True),
    Family("time_place", "asks when or where", "问时间地点", True, True),
    Family("company", "asks who we are", "问公司", True),
    Family("duration", "asks how long", "问时长", True),
    Family("robot", "asks whether a robot speaks", "问是否机器人", True),
    Family("number_source", "asks about the number", "问号码来源", True),
    Family("affirmative", "agrees", "肯定"),
    Family("negative", "denies", "否定"),
    Family("refusal", "refuses", "拒绝"),
    Family("busy", "is busy, or says later", "忙或改天"),
    Family("objection", "objects: price, money, trust", "异议"),
    Family("complaint", "complains or threatens", "投诉"),
    Family("wrong_number", "wrong number", "打错电话"),
    Family("voicemail", "voicemail", "语音信箱"),
    Family("already_bought", "has bought already", "已经购买"),
)
FAMILY_NAMES: tuple[str, ...] = tuple(family.name for family in FAMILIES)
CODE: dict[str, int] = {name: code for code, name in enumerate(FAMILY_NAMES)}
QUESTIONS: Flags = np.array([family.is_question for family in FAMILIES])
INTENT_QUESTIONS: Flags = np.array([family.shows_intent for family in FAMILIES])

# The fine labels of Chinese call robots that are not told by their first word; any other is none.
_FAMILY_OF = {
    "price": "查收费方式 疑问(数值)",
    "discount": "查优惠政策",
    "procedure": "查操作流程",
    "details": "查详细信息 查物品信息",
    "contact": "查联系方式",
    "time_place": "疑问(时间) 疑问(地址)",
    "company": "查公司介绍",
    "duration": "疑问(时长)",
    "robot": "是否机器人",
    "number_source": "号码来源 质疑来电号码",
    "refusal": "否定(没兴趣) 否定(不需要) 否定(不用了) 否定(不想要) 否定(取消) 骚扰电话",
    "busy": "用户正忙 改天再谈 否定(没时间) 否定(不方便) 时间推迟 考虑一下",
    "objection": "价格太高 资金困难 不信任",
    "complaint": "投诉警告",
    "wrong_number": "打错电话",
    "voicemail": "语音信箱",
    "already_bought": "已经购买",
}
_FAMILY = {label: family for family, labels in _FAMILY_OF.items() for label in labels.split()}


def intent_family_of(label: str) -> str:
    """The family of a label: a family's own name, or a fine label of a Chinese call robot.

    Labels that are not known are ``none``.

    >>> [intent_family_of(label) for label in ("price", "否定(不用了)", "否定(错误)", "肯定(好的)", "祝福用语")]
    ['price', 'refusal', 'negative', 'affirmative', 'none']
    """
    label = label.strip()
    if label in CODE:
        return label
    if label in _FAMILY:
        return _FAMILY[label]
    prefixes = {"肯定": "affirmative", "否定": "negative"}
    return prefixes.get(label[:2], "none")


class Recogniser(Protocol):
    """Tells families of intents."""

    @property
    def source(self) -> str:
        """``lexicon`` or ``trained``: what a call's counts are marked with."""

    @property
    def fingerprint(self) -> str:
        """SHA-256 over everything that its answers depend on."""

    def recognise(self, texts: Sequence[str]) -> Codes:
        """The family of each utterance, as its position in ``FAMILIES``."""


# Utterances that a thread takes at a time: memory stays flat, and patterns are made ready seldom.
CHUNK = 1 << 17


def recognise_all(recogniser: Recogniser, texts: Sequence[str], threads: int = 2) -> Codes:
    """The family of each of many utterances, in even chunks by several threads; the same as at once."""
    if len(texts) <= CHUNK:
        return recogniser.recognise(texts)
    size = ceil(len(texts) / (threads * ceil(len(texts) / (threads * CHUNK))))
    chunks = [texts[start : start + size] for start in range(0, len(texts), size)]
    with ThreadPoolExecutor(threads) as pool:
        return np.concatenate(list(pool.map(recogniser.recognise, chunks)))


def names(codes: Codes) -> list[str]:
    """The names of families.

    >>> names(np.array([0, 1], dtype=np.int8))
    ['none', 'price']
    """
    return [FAMILY_NAMES[code] for code in codes.tolist()]
