"""What is shown of graded lists: the best leads, and what a promotion changes."""

import re
from typing import TYPE_CHECKING

import pandas as pd

from models.reasons.reason_texts import BAR
from pipeline.evaluation.gate_tests import BETTER, CHAMPION_SYSTEM, WORSE
from pipeline.evaluation.grade_changes import change_sentence
from pipeline.evaluation.leaderboard import few
from pipeline.language.reader import reader
from pipeline.language.sentence import Sentence
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
    show(table[told], Sentence("{title}: best leads", title=title))
    reasons = f"reasons_up_{reader()}"
    if reasons in table.columns:
        up = table[reasons].astype(object).fillna("-")  # a list may have no reason at all
        first = up.str.split(BAR, n=1, regex=False).str[0]
        heading = Sentence("{title}: what speaks most for each", title=title)
        show(table[["lead_id"]].assign(reason=first), heading)


def outside(leads: int) -> None:
    """How many of the graded leads are outside of what the scorer learned from, if any are."""
    if leads:
        say(
            Sentence(
                "{leads} of them are unlike all leads that the scorer learned from (outside_training): "
                "no promise holds for them, and they come after the others of their grade",
                leads=leads,
            )
        )


def promotion(found: "PromotionOutcome", title: str) -> None:
    """What the gate saw and said, which leads change grade, and who is champion now."""
    table = found.decision.table
    told = (table["against"] == CHAMPION_SYSTEM) | (table["asked"] == BETTER) | (table["verdict"] == WORSE)
    heading = Sentence(
        "{title}: challenger {version} on the newest rows", title=title, version=found.challenger
    )
    ends = {"low": "better_by_low", "high": "better_by_high"}
    show(table[told].rename(columns=ends), heading)
    for reason in found.decision.reasons:
        say(reason)
    if len(found.changes):
        wide = found.changes.pivot(index="from", columns="to", values="leads").fillna(0).astype(int)
        heading = Sentence("{title}: grades now (down) and by the challenger (across)", title=title)
        show(wide.reset_index(), heading)
        changed = change_sentence(found.changes)
        say(Sentence("{changed} (as of {as_of:%Y-%m-%d %H:%M}Z)", changed=changed, as_of=found.as_of))
    if found.promoted:
        now = Sentence("{version} is the champion now", version=found.challenger)
        if found.champion is not None:
            now = Sentence("{now} in the place of {former}", now=now, former=found.champion)
        say(Sentence("{now}, by force", now=now) if found.forced else now)
