"""What each verb shows: results as tables and lines."""

import json
import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import pandas as pd

from models.promises import APART, NOT_APART, REVERSED
from models.reasons import BAR
from pipeline.calibrated import change_summary, fine
from pipeline.evaluate import Evaluation
from pipeline.grade_changes import change_sentence
from pipeline.leaderboard import FEW, few
from pipeline.leak_words import Suspect
from pipeline.leaks import suspect_table
from pipeline.listing import board_table, catch_summary, grade_summary, promise_summary, tier_summary
from pipeline.present import say, show
from pipeline.rolling import Backtest
from pipeline.search import Searched
from pipeline.worth import Worth

if TYPE_CHECKING:
    from pipeline.lifecycle import Promotion  # it imports MLflow, which takes seconds

__all__ = [
    "absent",
    "backtested",
    "calibration",
    "counts",
    "leads",
    "parting",
    "print_json",
    "promotion",
    "results",
    "say",
    "searched",
    "show",
    "suspects",
    "title_of",
    "warn_of",
]

_VERB = {NOT_APART: NOT_APART, REVERSED: "stand in reverse"}

# Metrics of the printed leaderboard, with a short name each.
SHOWN = {
    "auc": "AUC",
    "average_precision": "AP",
    "brier": "Brier",
    "log_loss": "log-loss",
    "lift_10": "lift@10%",
    "capture_20": "top 20% catch",
}

# Metrics of a backtest: its total, and the model alone in each group.
ROLLED = {
    "auc": "AUC",
    "brier": "Brier",
    "log_loss": "log-loss",
    "calibration_error": "calibration error",
    "lift_10": "lift@10%",
}
SCORES = {**ROLLED, "period": "from", "days_since_first_call": "days"}

BEST_TRIALS = 5

# Columns of a graded list that a screen has no room for.
_HIDDEN = re.compile(r"as_of|has_history|model_version|grade_|rfm_|reasons_|p_.*_(low|high)$")


def title_of(name: str, simulation: bool) -> str:
    """The heading of every result; a made-up world says so."""
    return f"{name} (simulation)" if simulation else name


def counts(table: pd.DataFrame, hearing: str = "") -> None:
    """Rows in, used and quarantined per source; and what was heard in transcripts, if anything."""
    if hearing:
        say(hearing)
    show(table, "rows in = rows used + rows quarantined")


def absent(missing: Mapping[str, Sequence[str]]) -> None:
    """The features that are absent, together by what they miss.

    Example:
        >>> absent({"calls_7d": ["calls"], "amount_total": ["orders.amount_minor"], "calls_total": ["calls"]})
        absent for want of calls: calls_7d, calls_total
        absent for want of orders.amount_minor: amount_total
    """
    wants: dict[str, list[str]] = {}
    for name, wanted in missing.items():
        wants.setdefault(", ".join(wanted), []).append(name)
    for want, names in wants.items():
        say(f"absent for want of {want}: {', '.join(names)}")


def results(evaluation: Evaluation, title: str, *, whole: bool) -> None:
    """The leaderboard and the close rate per grade, of all systems or of the best few."""
    for one in evaluation.schemes:
        if one.compiled is None:
            say(f"scheme {one.scheme.id} is unavailable: {one.reason}")
    _board(evaluation.board, title, whole)
    grades = evaluation.grades
    told = grades if whole else grades[grades["system"] == "model"]
    show(grade_summary(told), f"{title}: close rate per grade, test period")
    _promises(evaluation, title)
    _worth(evaluation.worth, title)


def calibration(evaluation: Evaluation, title: str) -> None:
    """How each window's calibration was chosen, and what it changed on the test period."""
    show(fine(evaluation.choices), f"{title}: calibration, chosen over time in the calibration period")
    show(change_summary(evaluation.calibration), f"{title}: before and after calibration, test period")


def searched(found: Searched | None, title: str) -> None:
    """The trials of a search, best first, if there was one."""
    if found is None:
        return
    told = found.trials.sort_values(["log_loss", "trial"], ignore_index=True)
    kept = told[(told.index < BEST_TRIALS) | (told["trial"] == 0)]
    show(kept, f"{title}: search inside the training period, {len(told)} trials (0: as configured)")


def backtested(found: Backtest, title: str) -> None:
    """A backtest: all predictions together, by period, and by days since the first call."""
    searched(found.searched, title)
    for horizon, part in found.board.groupby("horizon", sort=False) if not found.board.empty else ():
        heading = f"{title}, backtest" + ("" if horizon == "outcome" else f": closed within {horizon}")
        show(board_table(part, ROLLED), f"{heading}, {found.predictions['origin'].nunique()} refits")
    for table, what in ((found.by_period, "period"), (found.by_days, "days since the first call")):
        if not table.empty:
            show(table.rename(columns=SCORES), f"{title}, backtest: the model by {what}")


def parting(table: pd.DataFrame, title: str, *, whole: bool) -> None:
    """Where learned and rule grades part."""
    told = table if whole else table[table["system"].isin(few(table["system"].to_list()))]
    show(told, f"{title}: where learned and rule grades part")


def suspects(found: Sequence[Suspect], policy: str) -> None:
    """What looks as if it knew the outcome, with its evidence, and why in a sentence each."""
    if not found:
        say("no column or event looks as if it knew the outcome")
        return
    show(
        suspect_table(found)[["name", "kind", "evidence"]],
        f"leak suspects (leaks.policy: {policy}; list the honest ones in leaks.trusted)",
    )
    for suspect in found:
        say(suspect.sentence_en)


def warn_of(found: Sequence[Suspect], dropped: Sequence[str]) -> None:
    """A line for each leak suspect, and what the model was made to do without."""
    for suspect in found:
        say(f"leak suspect: {suspect.sentence_en}")
    if dropped:
        say(f"dropped as leak suspects: {', '.join(dropped)}")


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


def promotion(found: "Promotion", title: str) -> None:
    """What the gate saw and said, which leads change grade, and who is champion now."""
    show(found.decision.table, f"{title}: challenger {found.challenger} on the newest rows")
    for reason in found.decision.reasons:
        say(reason)
    if len(found.changes):
        wide = found.changes.pivot(index="from", columns="to", values="leads").fillna(0).astype(int)
        show(wide.reset_index(), f"{title}: grades now (down) and by the challenger (across)")
        say(f"{change_sentence(found.changes)} (as of {found.as_of:%Y-%m-%d %H:%M}Z)")
    if found.promoted:
        over = "" if found.champion is None else f" in the place of {found.champion}"
        say(f"{found.challenger} is the champion now{over}{', by force' if found.forced else ''}")


def print_json(parts: Mapping[str, object]) -> None:
    """Print results for a script."""
    plain = {
        name: json.loads(part.to_json(orient="records")) if isinstance(part, pd.DataFrame) else part
        for name, part in parts.items()
    }
    say(json.dumps(plain, ensure_ascii=False, indent=2))


def _promises(evaluation: Evaluation, title: str) -> None:
    show(promise_summary(evaluation.promises), f"{title}: promised and realised close rate, test period")
    pairs = evaluation.adjacent
    for pair in pairs[pairs["verdict"] != APART].itertuples():
        say(
            f"{pair.by}: {pair.better} and {pair.worse} {_VERB[str(pair.verdict)]}: "
            f"{pair.rate_better:.3f} and {pair.rate_worse:.3f}, difference {pair.gap:+.3f} "
            f"({pair.low:+.3f} to {pair.high:+.3f})"
        )


def _worth(worth: Worth, title: str) -> None:
    if worth.tiers.empty:
        say("no value columns: no closing order before the calibration period has an amount")
        return
    show(tier_summary(worth.tiers), f"{title}: value tiers and later sales, test period")
    show(catch_summary(worth.catch), f"{title}: share of later sales caught, at the same share of the leads")


def _board(board: pd.DataFrame, title: str, whole: bool) -> None:
    if board.empty:
        say("no leaderboard: the test period has too few closes yet")
        return
    for horizon, part in board.groupby("horizon", sort=False):
        heading = title if horizon == "outcome" else f"{title}: closed within {horizon}"
        table = board_table(part, SHOWN)
        first, baseline = table["leads"] == "all", table["kind"] == "baseline"
        best = table[first & ~baseline].head(1 + FEW).index
        told = table.index.isin(best) | (first & baseline) | (~first & (table["system"] == "model"))
        left = "" if whole or told.all() else f" ({int((~told).sum())} more lines: leadgrade compare)"
        shown = table.drop(columns="kind")
        show(shown if whole else shown[told], f"{heading}, test period{left}")
