"""What is shown of an evaluation: leaderboard, grades, promises, value, calibration, search."""

from typing import TYPE_CHECKING

import pandas as pd

from models.grades.promises import APART, NOT_APART, REVERSED, out_of_order
from pipeline.evaluation.calibration_effect import change_summary, fine
from pipeline.evaluation.evaluate import Evaluation
from pipeline.evaluation.leaderboard import FEW
from pipeline.evaluation.value_catch import Worth
from pipeline.fitting.search import Searched
from pipeline.report.tables import board_table, catch_summary, grade_summary, promise_summary, tier_summary
from pipeline.terminal import say, show
from pipeline.training.backtest import Backtest

if TYPE_CHECKING:
    pass  # it imports MLflow, which takes seconds


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


def _promises(evaluation: Evaluation, title: str) -> None:
    show(promise_summary(evaluation.promises), f"{title}: promised and realised close rate, test period")
    for sentence in out_of_order(evaluation.promises):
        say(sentence)
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
        left = "" if whole or told.all() else f" ({int((~told).sum())} more lines: leadgrade compare --full)"
        shown = table.drop(columns="kind")
        show(shown if whole else shown[told], f"{heading}, test period{left}")
