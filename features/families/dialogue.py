"""Dialogue: how the customer answered the script in the latest connected call."""

from features.feature import Condition, Feature


def _last_call(column: str, unit: str, en: str, zh: str) -> Feature:
    return Feature(
        f"{column}_last_call",
        "calls",
        column,
        "last",
        unit,
        f"{en} in the latest connected call",
        f"最近接通的{zh}",
        where=(Condition("is_connected", True),),
    )


DIALOGUE: tuple[Feature, ...] = (
    _last_call(
        "substantive_replies", "replies", "questions and answers of substance", "实质性提问与回答次数"
    ),
    _last_call("affirmative_answers", "answers", "affirmative answers", "肯定回答次数"),
    _last_call("negative_answers", "answers", "negative answers", "否定回答次数"),
)
