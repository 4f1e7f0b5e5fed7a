"""Words that need no configuration: what people write in files, for each of our domain words.

A configuration's own `sources.<table>.values` wins over these. Words are compared without case.
"""

from collections.abc import Mapping

TRUE, FALSE = "true", "false"

_YES_NO = {
    TRUE: (
        *("true", "yes", "y", "t", "1", "1.0", "√", "✓", "✔", "☑", "✅"),
        *("是", "是的", "有", "对", "對", "真"),
        *("ja", "oui", "vrai", "sí", "si", "sì", "verdadero", "sim", "verdadeiro", "да", "истина"),
        *("はい", "예", "네", "tak", "prawda", "evet", "wahr"),
    ),
    FALSE: (
        *("false", "no", "n", "f", "0", "0.0", "×", "✗", "✘", "☐", "❌"),
        *("否", "无", "無", "没有", "不是", "假"),
        *("nein", "nee", "nej", "nei", "non", "faux", "falso", "não", "nao", "нет", "ложь"),
        *("いいえ", "아니오", "아니요", "nie", "fałsz", "hayır", "falsch"),
    ),
}

_STATUS = {
    "answered": ("answered", "connected", "已接通", "接通", "已接听", "接听", "已接"),
    "switchboard": ("switchboard", "总机", "转总机"),
    "fax": ("fax", "传真"),
    "no_answer": (
        "no_answer",
        "no answer",
        "not answered",
        "unanswered",
        "missed",
        "无人接听",
        "无应答",
        "未接",
        "未接听",
    ),
    "busy": ("busy", "忙线", "占线", "用户正忙", "用户忙", "正在通话中"),
    "unreachable": (
        "unreachable",
        "failed",
        "congestion",
        "不在服务区",
        "无法接通",
        "未接通",
        "暂时无法接通",
    ),
    "voicemail": ("voicemail", "voice mail", "语音信箱", "语音留言"),
    "powered_off": ("powered_off", "powered off", "switched off", "关机", "已关机"),
    "suspended": ("suspended", "停机", "已停机"),
    "empty_number": ("empty_number", "empty number", "number does not exist", "空号"),
}

_DIRECTION = {
    "inbound": ("inbound", "incoming", "in", "呼入", "来电"),
    "outbound": ("outbound", "outgoing", "out", "呼出", "去电", "外呼"),
}

_HUNG_UP_BY = {
    "customer": ("customer", "client", "user", "客户", "用户"),
    "agent": ("agent", "坐席", "座席", "客服", "销售"),
    "robot": ("robot", "bot", "机器人"),
    "timeout": ("timeout", "time out", "超时"),
}

_INVITATION = {
    "accepted": ("accepted", "accept", "接受", "同意"),
    "declined": ("declined", "decline", "refused", "拒绝"),
    "none": ("none", "not invited", "无", "未邀请", "未邀约"),
}

_OURS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "status": _STATUS,
    "direction": _DIRECTION,
    "hung_up_by": _HUNG_UP_BY,
    "invitation": _INVITATION,
}


def _turned(ours_to_theirs: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    return {word: ours for ours, words in ours_to_theirs.items() for word in words}


def said_of(column: str) -> dict[str, tuple[str, str]]:
    """Our words for a column's values, for people: English and Chinese.

    >>> said_of("status")["no_answer"]
    ('no answer', '无人接听')
    """
    return {
        ours: (ours.replace("_", " "), next(word for word in words if not word.isascii()))
        for ours, words in _OURS.get(column, {}).items()
    }


BOOLEANS: Mapping[str, str] = _turned(_YES_NO)
WORDS: Mapping[str, Mapping[str, str]] = {column: _turned(words) for column, words in _OURS.items()}
