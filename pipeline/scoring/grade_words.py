"""What each grade says, in words for a salesperson."""

from models.grades.policy import GradePolicy, GradeThreshold

_LAST = {
    "thresholds": ("below all of these chances", "低于以上各档概率"),
    "capacity": ("after all of these in the order of chance", "概率排序在以上各档之后"),
    "as_scheme": ("after all of these in the order of chance", "概率排序在以上各档之后"),
    "value": ("expected to bring less than all of these", "预期净值低于以上各档"),
}


def meaning(policy: GradePolicy, currency: str = "") -> dict[str, dict[str, str]]:
    """What each grade says, English and Chinese.

    Args:
        policy: the scorer's own.
        currency: unit of money, for grades by value.

    Example:
        >>> meaning(GradePolicy.from_thresholds({"A": ("30d", 0.3)}, ["30d"]))["A"]["grade_en"]
        'closes within 30 days with a chance of 30% or more'
        >>> from models.grades.learned_policies import value_policy
        >>> meaning(value_policy({"A": 2000}, 80, ["30d"]), "CNY")["A"]["grade_en"]
        'expected to bring 2,000 CNY or more within 30 days, after 80 CNY for calling'
    """
    words = {one.grade: _words(policy, one, currency) for one in policy.conditions}
    told = {**words, policy.grades[-1]: _LAST[policy.kind]}
    return {grade: {"grade_en": en, "grade_zh": zh} for grade, (en, zh) in told.items()}


def _words(policy: GradePolicy, condition: GradeThreshold, currency: str) -> tuple[str, str]:
    within, within_zh = _within(condition.by)
    if policy.kind == "value":
        least, cost = (f"{n:,.10g} {currency}".rstrip() for n in (condition.at_least, policy.cost_per_lead))
        return (
            f"expected to bring {least} or more{within}, after {cost} for calling",
            f"{within_zh}预期净值（扣除外呼成本{cost}）不低于{least}",
        )
    # A given threshold is a round number; a learned one is not, and is told to a tenth of a percent.
    chance = f"{condition.at_least:.0%}" if policy.kind == "thresholds" else f"{condition.at_least:.1%}"
    en = f"closes{within} with a chance of {chance} or more"
    zh = f"{within_zh}成交概率不低于{chance}"
    if policy.kind == "capacity":
        first = condition == policy.conditions[0]
        best, best_zh = ("the best", "最优的") if first else ("the next", "其后的")
        share = f"{100.0 * (condition.share or 0.0):.4g}%"
        return f"{best} {share} of the leads: {en}", f"{best_zh}{share}线索：{zh}"
    if policy.kind == "as_scheme":
        return (
            f"as many leads as {policy.scheme} grades {condition.label}: {en}",
            f"数量与{policy.scheme}的{condition.label}级相同：{zh}",
        )
    return en, zh


def _within(by: str) -> tuple[str, str]:
    days = by.removesuffix("d")
    return (f" within {days} days", f"{days}天内") if days.isdigit() else ("", "")
