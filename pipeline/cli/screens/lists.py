"""What is shown of graded lists: the best leads, and what a promotion changes."""

import re
from typing import TYPE_CHECKING

import pandas as pd

from models.reasons.reason_texts import BAR
from pipeline.evaluation.gate_tests import BETTER, CHAMPION_SYSTEM, WORSE
from pipeline.evaluation.grade_changes import change_sentence
from pipeline.evaluation.leaderboard import few
from pipeline.terminal import say, show

if TYPE_CHECKING:
    from pipeline.commands.promote import PromotionOutcome  # it imports MLflow, which takes seconds


# Columns of a graded list that a screen has no room for.
_HIDDEN = re.compile(
    r"as_of|has_history|outside_|model_version|grade_|rfm_|reasons_|p_.*_(low|high)$|band(_.*)?$"
)


def leads(table: pd.DataFrame, title: str) -> None:
    """Graded leads; the file has every column, a screen has room for a few schemes."""
    rules = [name.removeprefix("scheme_") for name in table.columns if name.startswith("scheme_")]
    hidden = {f"scheme_{rule}" for rule in set(rules) - set(few(rules))}
    hidden |= {n for n in table.columns if _HIDDEN.match(n)}
    told = [name for name in table.columns if name not in hidden]
    show(table[told], f"{title}: best leads")
    if "reasons_up_en" in table.columns:
        up = table["reasons_up_en"].astype(object).fillna("-")  # a list may have no reason at all
        first = up.str.split(BAR, n=1, regex=False).str[0]
        show(table[["lead_id"]].assign(reason=first), f"{title}: what speaks most for each")


def outside(leads: int) -> None:
    """How many of the graded leads are outside of what the scorer learned from, if any are."""
    if leads:
        say(
            f"{leads} of them are unlike all leads that the scorer learned from (outside_training): "
            "no promise holds for them, and they come after the others of their grade"
        )


def promotion(found: "PromotionOutcome", title: str) -> None:
    """What the gate saw and said, which leads change grade, and who is champion now."""
    table = found.decision.table
    told = (table["against"] == CHAMPION_SYSTEM) | (table["asked"] == BETTER) | (table["verdict"] == WORSE)
    show(table[told], f"{title}: challenger {found.challenger} on the newest rows")
    for reason in found.decision.reasons:
        say(reason)
    if len(found.changes):
        wide = found.changes.pivot(index="from", columns="to", values="leads").fillna(0).astype(int)
        show(wide.reset_index(), f"{title}: grades now (down) and by the challenger (across)")
        say(f"{change_sentence(found.changes)} (as of {found.as_of:%Y-%m-%d %H:%M}Z)")
    if found.promoted:
        over = "" if found.champion is None else f" in the place of {found.champion}"
        say(f"{found.challenger} is the champion now{over}{', by force' if found.forced else ''}")
