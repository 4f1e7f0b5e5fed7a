"""Label styles as data: the words that name a side, and how a label's side is found by them.

A label is what stands before a turn's words: ``客服小刘 (00:02):``, ``**Agent**:``, ``【客户】``. Whose
side a
label such as ``A`` or ``Speaker 1`` is, its words do not tell: ``sides`` asks the words of the calls.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal, Self

SpeakerSide = Literal["customer", "agent", "nobody"]

# Lines under these are nobody's turn.
_NOBODY = (
    "系统 系統 系统提示 提示 旁白 备注 備註 通话时间 通话时长 主叫号码 被叫号码 时间 時間 时长 时间戳 "
    "日期 号码 编号 工号 序号 "
    "角色 内容 文本 录音 文件 挂机方 通话编号 system note notes notice date time timestamp duration file "
    "id role "
    "text content number webvtt kind language status result summary 摘要 小结 小結 状态 结果 说话人 "
    "說話人 speaker"
)
_CUSTOMER = (
    "客户 客戶 顾客 顧客 用户 用戶 客人 客 家长 家長 学员 學員 学生 學生 会员 會員 被叫 被叫方 被叫人 "
    "受访者 受訪者 车主 車主 业主 業主 "
    "买家 買家 租客 乘客 患者 病人 投保人 借款人 求职者 求職者 候选人 候選人 机主 機主 联系人 聯絡人 对方 "
    "對方 真人 来电者 來電者 消费者 消費者 "
    "意向客户 潜在客户 准客户 客户方 customer client customers user lead prospect buyer contact consumer "
    "guest patient "
    "student parent human callee shopper borrower tenant homeowner member respondent recipient applicant "
    "candidate "
    "visitor subscriber policyholder caller inbound external them"
)
_AGENT = (
    "坐席 座席 客服 客服人员 客服代表 客户经理 客戶經理 客户代表 客戶代表 客户顾问 客户服务 客戶服務 "
    "客户专员 销售 銷售 销售代表 销售员 业务 業務 "
    "业务员 業務員 顾问 顧問 话务员 話務員 话务 接线员 接線員 机器人 機器人 智能 助手 助理 小助手 专员 "
    "專員 经理 經理 外呼 外呼员 外呼机器人 电销 電銷 "
    "推销员 推銷員 营销 招商 我方 我司 我们 我 己方 员工 員工 主叫 主叫方 主叫人 老师 老師 店员 店員 "
    "工作人员 服务人员 经纪人 語音機器人 语音机器人 "
    "语音助手 客服小姐 用户运营 用户顾问 会员顾问 服务员 agent robot bot rep reps sales salesperson "
    "salesman saleswoman seller "
    "operator advisor adviser consultant assistant representative csr sdr bdr ae ai voicebot chatbot "
    "staff employee "
    "telemarketer telesales dialer interviewer host broker associate specialist support outbound internal "
    "me us "
    "callcenter attendant service"
)
# A label with one of these is of a fact about the call: ``客户姓名``, ``Customer ID``.
_FACT = re.compile(
    r"姓名|名称|名稱|电话|電話|手机|手機|号码|號碼|编号|編號|意向|时间|時間|时长|時長|等级|等級|情绪|情緒"
    r"|需求|标签|標籤|地址|备注|備註|类型|類型|来源|來源|"
    r"状态|狀態|评分|評分|结果|結果|摘要|\b(?:name|phone|number|id|intent|intention|email|sentiment"
    r"|status|type|date|time|score|summary)\b"
)
# These name a side only as the whole label, not in a compound.
_WHOLE = {
    "我",
    "客",
    "我们",
    "对方",
    "智能",
    "me",
    "us",
    "them",
    "service",
    "support",
    "member",
    "internal",
    "external",
}
# These say who dialled. Beside a label of a side they name the other; two of them are taken as in a call
# of ours,
# where the words do not say the opposite.
DIALLED: Mapping[str, SpeakerSide] = {
    "caller": "agent",
    "主叫": "agent",
    "主叫方": "agent",
    "主叫人": "agent",
    "callee": "customer",
    "被叫": "customer",
    "被叫方": "customer",
    "被叫人": "customer",
}

# Labels that part the speakers and name none; only such a label is looked at across a log, since no name
# is in it.
LETTERED = (
    r"(?:speaker|spk|spkr|channel|chan|ch|participant|person|party|voice|说话人|說話人|发言人|發言人"
    r"|讲话人|角色|声道|聲道|"
    r"通道|人物|嘉宾|音轨)[\s_\-]*(?:\d{1,3}|[a-z]|[一二三甲乙])|[a-z]|[甲乙丙丁]|[qa]|问|問|答|左|右"
    r"|左声道|右声道|左聲道|右聲道|left|right|"
    r"[<>]+|[→←]"
)
GENERIC = rf"{LETTERED}|\d{{1,2}}"

_NAMED = r"^[\W\d_]+|[\W\d_]+$"
# Ours, though they name the customer.
_SERVICE = re.compile(r"\b(?:customer|client|user|member) (?:services?|support|success|care|relations)\b")
# How long a name behind a role may be.
_NAME = 4
_PAREN = re.compile(r"[(\[【「（]([^)\]】」）]*)[)\]】」）]?")
_SAYS = re.compile(r"(?:说道|說道|回答|回复|回覆|说|說|\bsays|\bsaid)$")


def normal_label(label: str) -> str:
    """A label as labels are compared: NFKC, lower case, one blank between words.

    Example:
        >>> normal_label(" Ｓpeaker  1 ")
        'speaker 1'
    """
    return " ".join(unicodedata.normalize("NFKC", label).lower().split())


def _sides(customer: str, agent: str, nobody: str) -> dict[str, SpeakerSide]:
    words: dict[str, SpeakerSide] = dict.fromkeys(nobody.split(), "nobody")
    words |= dict.fromkeys(customer.split(), "customer")
    return words | dict.fromkeys(agent.split(), "agent")


_KNOWN = _sides(_CUSTOMER, _AGENT, _NOBODY)


@dataclass(frozen=True)
class LabelStyles:
    """Which words name which side.

    Attributes:
        own: words of a team's own, by their side; they come before the known ones.
    """

    own: Mapping[str, SpeakerSide] = field(default_factory=dict)

    @classmethod
    def of(cls, customer: Iterable[str] = (), agent: Iterable[str] = ()) -> Self:
        """Styles with words of a team's own.

        Example:
            >>> LabelStyles.of(agent=["前台"]).side("前台小王")
            'agent'
        """
        own: dict[str, SpeakerSide] = {normal_label(word): "customer" for word in customer}
        return cls(own | {normal_label(word): "agent" for word in agent})

    @cached_property
    def words(self) -> Mapping[str, SpeakerSide]:
        """Every word that names a side, or nobody."""
        return {**_KNOWN, **self.own}

    def plain_words(self, side: SpeakerSide) -> list[str]:
        """The words of a side that need no partner, longest first."""
        found = (word for word, of in self.words.items() if of == side and self._alone(word))
        return sorted(found, key=lambda word: (-len(word), word))

    @cached_property
    def parting_words(self) -> list[str]:
        """Words before which a cell of one line is broken, longest first."""
        found = [
            word
            for word, side in self.words.items()
            if side != "nobody" and (word in self.own or word not in _WHOLE)
        ]
        return sorted(found, key=lambda word: (-len(word), word))

    def _alone(self, word: str) -> bool:
        return word in self.own or word not in DIALLED

    def side(self, label: str) -> SpeakerSide | None:
        """The side that a label names by its words; none where they name none, or both.

        Words in brackets come first (``小智(机器人)``), then the whole label, then its last and its first
        word:
        the head of a compound stands last (``课程顾问``), a name behind its role (``客服小刘``).

        Example:
            >>> styles = LabelStyles()
            >>> [styles.side(label) for label in ("小智(机器人)", "Sales Rep 2", "客户(138****0000)", "Anna")]
            ['agent', 'agent', 'customer', None]
        """
        whole = normal_label(label)
        if whole in self.own or is_generic(whole):
            return self.own.get(whole)
        if _FACT.search(whole) and re.sub(_NAMED, "", whole) not in self.words:
            return "nobody"
        inside = [side for part in _PAREN.findall(whole) if (side := self._named(part))]
        return inside[0] if inside else self._named(_PAREN.sub(" ", whole))

    def _named(self, text: str) -> SpeakerSide | None:
        bare = _SAYS.sub("", re.sub(_NAMED, "", text)).strip()
        if bare in self.words:
            return self.words[bare]
        if bare.isascii():
            return self._english(re.findall(r"[a-z]+", bare))
        return self._chinese(bare)

    def _english(self, words: list[str]) -> SpeakerSide | None:
        if _SERVICE.search(" ".join(words)):
            return "agent"
        told = [side for word in words if word not in _WHOLE and (side := self._role(word))]
        return told[-1] if told and len(words) <= 4 else None

    def _role(self, word: str) -> SpeakerSide | None:
        side = self.words.get(word)
        return None if side == "nobody" else side

    def _chinese(self, bare: str) -> SpeakerSide | None:
        if len(bare) > 10:
            return None
        ends = self._longest(word for word in self._compounding if bare.endswith(word))
        begun = (word for word in self._compounding if bare.startswith(word))
        starts = self._longest(word for word in begun if len(bare) - len(word) <= _NAME)
        if ends is None or starts is None:
            return self.words[ends or starts] if ends or starts else None  # type: ignore[index]
        one, other = self.words[ends], self.words[starts]
        if one == other:
            return one
        return self.words[starts] if len(starts) > len(ends) else None

    @cached_property
    def _compounding(self) -> list[str]:
        """Words that stand in compounds: a single letter or sign would stand in any name."""
        return [word for word in self.words if len(word) > 1 and word not in _WHOLE and self._role(word)]

    @staticmethod
    def _longest(words: Iterable[str]) -> str | None:
        return max(words, key=len, default=None)


def says_who_dialled(label: str) -> bool:
    """Whether a label says who dialled, which is another's side in a call of the customer's.

    Example:
        >>> says_who_dialled("Caller"), says_who_dialled("Customer")
        (True, False)
    """
    return normal_label(label) in DIALLED


def is_generic(label: str) -> bool:
    """Whether a normal label parts the speakers and names nobody.

    Example:
        >>> is_generic("speaker 1"), is_generic("anna")
        (True, False)
    """
    return re.fullmatch(GENERIC, label) is not None
