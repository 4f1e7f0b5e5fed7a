"""Entries: dated facts of which more than the latest value counts.

What an attribute says now is a feature of its own (``features.families.attributes``); here stand the
age of an entry and the number of entries, for the fields ``quotation_sent`` (yes) and ``personality_cue``.
"""

from features.feature import Condition, Feature

_CUES = (
    ("dominant", "short and imperative", "支配型：简短、命令式"),
    ("amiable", "hesitant and warm", "友善型：犹豫、温和"),
    ("expressive", "talkative and quick", "活泼型：健谈、语速快"),
    ("analytical", "asking for detail", "分析型：追问细节"),
)

ENTRIES: tuple[Feature, ...] = (
    Feature(
        "days_since_quotation_sent",
        "facts",
        None,
        "days_since_last",
        "days",
        "days since a quotation was last sent",
        "距上次发送报价天数",
        where=(Condition("field", "quotation_sent"), Condition("value", "yes")),
        never=("no quotation sent yet", "尚未发送报价"),
    ),
    *(
        Feature(
            f"{cue}_cues_total",
            "facts",
            None,
            "count",
            "cues",
            f"{cue} cues ({en}) so far",
            f"累计性格线索次数（{zh}）",
            where=(Condition("field", "personality_cue"), Condition("value", cue)),
        )
        for cue, en, zh in _CUES
    ),
)
