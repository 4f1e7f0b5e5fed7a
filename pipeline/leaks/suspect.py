"""A suspect of the leak sentinel, and what it says in plain words."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from pipeline.language.catalogue import Language, look_up_word

SuspicionKind = Literal[
    "value", "missing", "one_fate", "filled_more", "written_later", "after_close", "before_close"
]


# The fate of leads that did not close; what only they hold is a question, and may be honest.
NOT_CLOSED = "unclosed"


@dataclass(frozen=True)
class Suspect:
    """A column or an event that may know the outcome.

    Attributes:
        name: of a column as declared or as in the matrix; of an event ``field`` or ``field=value``.
        kind: ``value`` (its values tell the label), ``missing`` (where it is missing tells the label),
            ``one_fate`` (only leads of one fate hold a value, or have any), ``filled_more`` (filled many
            times as often for leads that closed), ``written_later`` (filled the more, the
            longer a lead was worked on), ``after_close`` (seen at or after the close only),
            ``before_close`` (always stands just before a close, and hardly a close without it).
        evidence: figures, by name; shares are parts of 1.
        features: columns of the matrix that read it.
        value: the values that only leads of one fate hold; empty for "filled in".
        fate: what became of these leads.
    """

    name: str
    kind: SuspicionKind
    evidence: Mapping[str, float]
    features: tuple[str, ...]
    value: str = ""
    fate: str = ""

    @property
    def is_question(self) -> bool:
        """Whether it may as well be honest: a value that leads of one fate hold, as a source of leads may be,
        or anything that only leads hold that did not close.

        Nothing is dropped or stopped for it by itself.

        >>> Suspect("source", "one_fate", {}, (), "fair", "lost").is_question
        True
        >>> Suspect("contract", "one_fate", {}, (), "", "closed").is_question
        False
        """
        return self.kind == "one_fate" and (bool(self.value) or self.fate == NOT_CLOSED)

    @property
    def figures(self) -> str:
        """The evidence on one line.

        >>> Suspect("duration", "value", {"auc": 0.85, "leads": 40.0}, ()).figures
        'auc 0.85, leads 40'
        """
        return self.figures_in("en")

    def figures_in(self, language: Language) -> str:
        """The same in the reader's language."""
        named = (
            (look_up_word(name.replace("_", " "), language), value) for name, value in self.evidence.items()
        )
        return ", ".join(f"{name} {_number(value)}" for name, value in named)

    @property
    def sentence_en(self) -> str:
        """Why it is suspected, and what to ask, in English."""
        return self._say(_ENGLISH)

    @property
    def sentence_zh(self) -> str:
        """Why it is suspected, and what to ask, in Chinese."""
        return self._say(_CHINESE, {"closed": "成交", "lost": "流失", NOT_CLOSED: "未成交"}, "已填写")

    def sentence(self, language: Language) -> str:
        """Why it is suspected, and what to ask, in the reader's language."""
        return self.sentence_zh if language == "zh" else self.sentence_en

    def _say(
        self,
        words: Mapping[SuspicionKind, str],
        fates: Mapping[str, str] | None = None,
        filled: str = "is filled in",
    ) -> str:
        fate = (fates or {"lost": "were lost", NOT_CLOSED: "did not close"}).get(self.fate, self.fate)
        holds = f"= {self.value}" if self.value else filled
        figures = {name: f"{value:.0%}" for name, value in self.evidence.items() if name in _SHARES}
        auc = {name: f"{self.evidence.get(name, 0.0):.2f}" for name in ("auc", "peers_auc")}
        auc["times"] = f"{self.evidence.get('times', 0.0):.0f}"
        return words[self.kind].format(name=self.name, fate=fate, holds=holds, **auc, **figures)


_SHARES = ("share", "others_share", "share_of_closes")

_ENGLISH: Mapping[SuspicionKind, str] = {
    "value": "{name} alone orders closes before other leads with an AUC of {auc}, its peers have {peers_auc} "
    "in the middle: is it known before the outcome?",
    "missing": "where {name} is missing tells closes from other leads with an AUC of {auc}, its peers have "
    "{peers_auc} in the middle: is it filled in only once the outcome is known?",
    "one_fate": "{share} of the leads where {name} {holds} {fate}, of other leads {others_share}: is it "
    "written only then?",
    "filled_more": "{name} is filled in {times} times as often for leads that {fate} as for others of their "
    "time: is it filled in only once the outcome is known?",
    "written_later": "{name} is filled in the more, the longer a lead was worked on (AUC {auc}): it is "
    "written later, not at creation; declare it dated or snapshot",
    "after_close": "{name} is seen at or after the close only ({share} of the leads that have it): of an "
    "open lead it never says anything",
    "before_close": "{share} of the leads with {name} have it within a day before their close and never "
    "earlier, and {share_of_closes} of the closes come so: it is part of the close, not a sign of it",
}

_CHINESE: Mapping[SuspicionKind, str] = {
    "value": "仅凭{name}区分成交与未成交的AUC就达{auc}，同类字段的中位数为{peers_auc}："
    "它在结果之前就已知吗？",
    "missing": "{name}是否缺失区分成交与未成交的AUC达{auc}，同类字段的中位数为{peers_auc}："
    "是否知道结果后才填写？",
    "one_fate": "{name}{holds}的线索有{share}{fate}，其他线索为{others_share}：它是否在{fate}时才写入？",
    "filled_more": "{fate}的线索填写{name}的比例是同期其他线索的{times}倍：是否知道结果后才填写？",
    "written_later": "线索跟进越久，{name}越可能已填写（AUC {auc}）："
    "它是后来写入的，并非创建时已知；请声明为dated或snapshot",
    "after_close": "{name}只在成交时或成交后出现（有它的线索中占{share}）：对未成交的线索它什么也说明不了",
    "before_close": "有{name}的线索中{share}在其出现后一天内成交，且{share_of_closes}的成交都如此："
    "它是成交的一部分，而非征兆",
}


def _number(value: float) -> str:
    return f"{value:.0f}" if float(value).is_integer() and abs(value) >= 2 else f"{value:.2f}"
