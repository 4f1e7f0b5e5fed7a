"""What a feature's value says, in words for people, English and Chinese."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, Self

import numpy as np

from models.arrays import Floats
from models.disclosure import RARE

# A reason names a rate only where it differs from the average by a tenth.
CLEARLY_MORE, CLEARLY_LESS = 1.1, 0.9

_DURATIONS = {"days": ("days", "天数", 86_400), "hours": ("hours", "小时数", 3_600), "s": ("seconds", "", 1)}
_NOT_COUNTED = ("the", "most", "mean", "share", "largest", "longest")
_WEEKDAYS = (
    ("Monday", "周一"),
    ("Tuesday", "周二"),
    ("Wednesday", "周三"),
    ("Thursday", "周四"),
    ("Friday", "周五"),
    ("Saturday", "周六"),
    ("Sunday", "周日"),
)
_PLAIN = {"yes": ("yes", "是"), "no": ("no", "否")}
_LONGEST_VALUE = 40


@dataclass(frozen=True)
class Meaning:
    """What a feature means, as it was declared.

    Attributes:
        en, zh: its meaning.
        unit: of a number.
        kind: number, flag (0 or 1) or category.
        counted: whether a number counts something: *days with a call* are no length of time.
        never: what a missing value says; without it the value is *not known*.
        words: values of a category that are a code, in words.
    """

    en: str
    zh: str
    unit: str = ""
    kind: Literal["number", "flag", "category"] = "number"
    counted: bool = False
    never: tuple[str, str] | None = None
    words: Mapping[str, tuple[str, str]] = field(default_factory=dict)

    def rounded(self, values: Floats) -> Floats:
        """Times rounded to what is told of them, whole days or else hours; other numbers as they are.

        >>> Meaning("days since the last call", "距上次通话天数", "days").rounded(np.array([30.4, 0.26]))
        array([30.  ,  0.25])
        """
        if self.unit not in {"days", "hours"} or self.counted:
            return values
        per_day = 1.0 if self.unit == "days" else 24.0
        days = values / per_day
        return np.where(np.abs(days) >= 1.0, np.round(days), np.round(24.0 * days) / 24.0) * per_day

    def to_dict(self) -> dict[str, Any]:
        """As JSON knows it; what says nothing is left out."""
        words = {word: list(pair) for word, pair in self.words.items()}
        never = list(self.never) if self.never else None
        told = {"unit": self.unit, "counted": self.counted, "never": never, "words": words}
        return {"en": self.en, "zh": self.zh, "kind": self.kind} | {k: v for k, v in told.items() if v}

    @classmethod
    def from_dict(cls, state: Mapping[str, Any]) -> Self:
        """Read back ``to_dict``.

        Raises:
            ValueError: a part is no text, or of another kind.
        """
        if state["kind"] not in {"number", "flag", "category"}:
            raise ValueError(f"unknown kind of feature {state['kind']!r}")
        words = {_text(word): _pair(pair) for word, pair in state.get("words", {}).items()}
        return cls(
            _text(state["en"]),
            _text(state["zh"]),
            _text(state.get("unit", "")),
            state["kind"],
            state.get("counted", False) is True,
            _pair(state["never"]) if "never" in state else None,
            words,
        )


def sentence(meaning: Meaning, value: float | str | None, ratio: float | None, up: bool) -> tuple[str, str]:
    r"""A reason: what the value says, and how often such leads close.

    Args:
        meaning: of the feature.
        value: of the lead; none where it is missing.
        ratio: close rate of leads with such a value over that of all leads; none if there were too few.
        up: whether the reason speaks for a close. A rate that says the opposite, or nothing, is left out.

    Example:
        >>> questions = Meaning("questions asked so far", "累计提问次数", "questions", counted=True)
        >>> print(*sentence(questions, 2.0, 3.14, up=True), sep="\n")
        2 questions asked so far; such leads close 3.1 times as often as the average
        累计提问2次；此类客户成交率为平均的3.1倍
        >>> print(*sentence(questions, 0.0, 3.14, up=False), sep="\n")
        no questions asked so far; in this lead's case it speaks against a close
        累计提问0次；结合其他情况，不利于成交
    """
    en, zh = phrase(meaning, value)
    if ratio is None or not (ratio >= CLEARLY_MORE if up else ratio <= CLEARLY_LESS):
        speaks = ("for", "有利") if up else ("against", "不利")
        return (
            f"{en}; in this lead's case it speaks {speaks[0]} a close",
            f"{zh}；结合其他情况，{speaks[1]}于成交",
        )
    times, least = f"{ratio:.{1 if ratio < 9.95 else 0}f}", ("", "")
    if ratio < 0.1:
        times, least = "0.1", ("less than ", "不足")
    return (
        f"{en}; such leads close {least[0]}{times} times as often as the average",
        f"{zh}；此类客户成交率{least[1] or '为'}平均的{times}倍",
    )


def phrase(meaning: Meaning, value: float | str | None) -> tuple[str, str]:
    """What a value says.

    Example:
        >>> phrase(Meaning("longest connected call, seconds,", "最长接通时长（秒）", "s"), 312.0)
        ('longest connected call: 5 min 12 s', '最长接通时长：5分12秒')
        >>> phrase(Meaning("days since the last call", "距上次通话天数", "days"), 0.3)
        ('7 hours since the last call', '距上次通话7小时')
        >>> phrase(Meaning("source channel", "来源渠道", kind="category"), "展会")
        ('source channel: “展会”', '来源渠道：“展会”')
        >>> phrase(Meaning("source channel", "来源渠道", kind="category"), RARE)
        ('source channel: a rare or new value', '来源渠道：少见或新出现的值')
    """
    if value is None or value != value:  # noqa: PLR0124 - not a number
        return meaning.never or _not_known(meaning)
    if value == RARE:
        return _stated(meaning, ("a rare or new value", "少见或新出现的值"))
    if isinstance(value, str):
        return _stated(
            meaning, meaning.words.get(value) or _PLAIN.get(value) or (_quoted(value), _quoted(value))
        )
    if meaning.kind == "flag":
        return _stated(meaning, ("yes", "是") if value else ("no", "否"))
    if meaning.unit == "1-7" and value in range(1, 8):
        name = _WEEKDAYS[int(value) - 1]
        return f"{meaning.en.partition(',')[0]}: {name[0]}", f"{meaning.zh}：{name[1]}"
    if meaning.unit == "share":
        return _stated(meaning, (f"{value:.0%}", f"{value:.0%}"))
    if meaning.unit in _DURATIONS and not meaning.counted:
        return _lasting(meaning, value)
    return _number_en(meaning, value), _number_zh(meaning, value)


def _stated(meaning: Meaning, words: tuple[str, str]) -> tuple[str, str]:
    return f"{meaning.en}: {words[0]}", f"{meaning.zh}：{words[1]}"


def _not_known(meaning: Meaning) -> tuple[str, str]:
    en, zh = meaning.en, meaning.zh
    if en.startswith("days until "):
        en, zh = en.removeprefix("days until "), zh.removeprefix("距").removesuffix("天数")
    if meaning.unit == "s":
        en, zh = _without_seconds(meaning)
        en = en.removeprefix("seconds of ")
    return f"{en}: not known", f"{zh}：未知"


def _without_seconds(meaning: Meaning) -> tuple[str, str]:
    en = meaning.en.replace(", seconds,", "").removesuffix(", seconds")
    return en, meaning.zh.removesuffix("（秒）")


def _quoted(value: str) -> str:
    # The bar parts the reasons of a lead; a line's end would break a table.
    plain = " ".join(value.replace("|", "/").split())
    return f"“{plain if len(plain) <= _LONGEST_VALUE else plain[: _LONGEST_VALUE - 1] + '…'}”"


def _lasting(meaning: Meaning, value: float) -> tuple[str, str]:
    word, suffix, seconds = _DURATIONS[meaning.unit]
    value = float(meaning.rounded(np.array([value]))[0])
    en, zh = _duration(abs(value) * seconds, whole=meaning.unit != "s")
    what, what_zh = _without_seconds(meaning)
    what = what.removeprefix(f"{word} ")
    if value < 0 and what.startswith("until "):
        past = what.removeprefix("until "), what_zh.removesuffix(suffix).removeprefix("距")
        return f"{past[0]} {en} ago", f"{past[1]}已过{zh}"
    if value < 0:
        en, zh = f"-{en}", f"-{zh}"
    told = f"{en} {what}" if meaning.en.startswith(f"{word} ") else f"{what}: {en}"
    if suffix and what_zh.endswith(suffix):
        return told, f"{what_zh.removesuffix(suffix)}{zh}"
    return told, f"{what_zh}：{zh}"


def _duration(seconds: float, *, whole: bool) -> tuple[str, str]:
    if whole and seconds >= 86_400:
        return _plural(round(seconds / 86_400), "day"), f"{round(seconds / 86_400)}天"
    if whole:
        return _plural(round(seconds / 3_600), "hour"), f"{round(seconds / 3_600)}小时"
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    parts = [(hours, "h", "小时"), (minutes, "min", "分"), (rest, "s", "秒")]
    told = [part for part in parts if part[0]][:2] or parts[2:]
    return " ".join(f"{n} {en}" for n, en, _ in told), "".join(f"{n}{zh}" for n, _, zh in told)


def _plural(number: int, word: str) -> str:
    return f"{number} {word}{'' if number == 1 else 's'}"


def _number_en(meaning: Meaning, value: float) -> str:
    en, unit = meaning.en, meaning.unit
    if not unit.endswith("s") or unit not in en.split() or en.split()[0] in _NOT_COUNTED:
        said = meaning.counted or unit in en.split()
        return f"{en}: {_number(value)}{'' if said or not unit else f' {unit}'}"
    if value == 1:
        return f"1 {en.replace(unit, unit[:-1], 1)}"
    return f"{_number(value) if value else 'no'} {en}"


def _number_zh(meaning: Meaning, value: float) -> str:
    if meaning.zh.endswith("次数"):
        return f"{meaning.zh[:-2]}{_number(value)}次"
    # m2 and CNY are told; a unit that is an English word is none in Chinese.
    unit = "" if meaning.unit.isalpha() and meaning.unit.islower() else f" {meaning.unit}".rstrip()
    return f"{meaning.zh}：{_number(value)}{unit}"


def _number(value: float) -> str:
    if value == round(value) or abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if abs(value) >= 1 else f"{value:.2g}"


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError(f"expected a text, found {value!r}")
    return value


def _pair(value: object) -> tuple[str, str]:
    if not isinstance(value, list) or len(value) != 2:
        raise ValueError(f"expected words in two languages, found {value!r}")
    return _text(value[0]), _text(value[1])
