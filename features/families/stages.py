"""Stages: where the lead stands in the funnel, and how it got there."""

from features.feature import Feature, windowed

STAGES: tuple[Feature, ...] = (
    Feature("stage", "stages", "stage", "last", "", "the current stage", "当前阶段", kind="category"),
    Feature(
        "stage_transition",
        "stages",
        "transition",
        "last",
        "",
        "the latest move between stages",
        "最近一次阶段变化",
        kind="category",
    ),
    Feature(
        "days_since_stage_change",
        "stages",
        None,
        "days_since_last",
        "days",
        "days in the current stage",
        "当前阶段停留天数",
        never=("no stage entered yet", "尚未进入任何阶段"),
    ),
    Feature(
        "days_since_first_stage",
        "stages",
        None,
        "days_since_first",
        "days",
        "days since the first stage was entered",
        "进入首个阶段至今天数",
        never=("no stage entered yet", "尚未进入任何阶段"),
    ),
    Feature(
        "days_in_previous_stage",
        "stages",
        "previous_stage_ms",
        "last",
        "days",
        "days spent in the stage before",
        "上一阶段停留天数",
        per=86_400_000,
    ),
    *windowed(
        "stage_changes",
        (7, 30, None),
        "stages",
        None,
        "count",
        "moves",
        "moves between stages",
        "阶段变化次数",
    ),
    *windowed(
        "stages", (None,), "stages", "stage", "n_unique", "stages", "different stages seen", "经历过的阶段数"
    ),
)
