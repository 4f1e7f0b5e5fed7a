"""What is shown of an evaluation: leaderboard, grades, promises, value, calibration, search."""

from typing import TYPE_CHECKING

import pandas as pd

from models.grades.promises import APART, NOT_APART, REVERSED
from pipeline.evaluation.calibration_effect import change_summary, fine
from pipeline.evaluation.evaluate import Evaluation
from pipeline.evaluation.leaderboard import FEW
from pipeline.evaluation.value_catch import Worth
from pipeline.fitting.search import Searched
from pipeline.language.reader import reader
from pipeline.language.sentence import Sentence
from pipeline.report.promise_order import out_of_order
from pipeline.report.tables import board_table, catch_summary, grade_summary, promise_summary, tier_summary
from pipeline.terminal import say, show
from pipeline.training.backtest import Backtest

if TYPE_CHECKING:
    pass  # it imports MLflow, which takes seconds


_VERB = {NOT_APART: Sentence("cannot be told apart"), REVERSED: Sentence("stand in reverse")}

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
            say(Sentence("scheme {scheme} is unavailable: {why}", scheme=one.scheme.id, why=one.reason))
    _board(evaluation.board, title, whole)
    grades = evaluation.grades
    told = grades if whole else grades[grades["system"] == "model"]
    show(grade_summary(told), Sentence("{title}: close rate per grade, test period", title=title))
    _promises(evaluation, title)
    _worth(evaluation.worth, title)


def calibration(evaluation: Evaluation, title: str) -> None:
    """How each window's calibration was chosen, and what it changed on the test period."""
    chosen = Sentence("{title}: calibration, chosen over time in the calibration period", title=title)
    show(fine(evaluation.choices), chosen)
    changed = Sentence("{title}: before and after calibration, test period", title=title)
    show(change_summary(evaluation.calibration, reader()), changed)


def searched(found: Searched | None, title: str) -> None:
    """The trials of a search, best first, if there was one."""
    if found is None:
        return
    told = found.trials.sort_values(["log_loss", "trial"], ignore_index=True)
    kept = told[(told.index < BEST_TRIALS) | (told["trial"] == 0)]
    show(
        kept,
        Sentence(
            "{title}: search inside the training period, {trials} trials (0: as configured)",
            title=title,
            trials=len(told),
        ),
    )


def backtested(found: Backtest, title: str) -> None:
    """A backtest: all predictions together, by period, and by days since the first call."""
    searched(found.searched, title)
    for horizon, part in found.board.groupby("horizon", sort=False) if not found.board.empty else ():
        refits = found.predictions["origin"].nunique()
        heading = (
            Sentence("{title}, backtest, {refits} refits", title=title, refits=refits)
            if horizon == "outcome"
            else Sentence(
                "{title}, backtest: closed within {horizon}, {refits} refits",
                title=title,
                horizon=horizon,
                refits=refits,
            )
        )
        show(board_table(part, ROLLED, reader()), heading)
    by_period = Sentence("{title}, backtest: the model by period", title=title)
    by_days = Sentence("{title}, backtest: the model by days since the first call", title=title)
    for table, heading in ((found.by_period, by_period), (found.by_days, by_days)):
        if not table.empty:
            show(table.rename(columns=SCORES), heading)


def _promises(evaluation: Evaluation, title: str) -> None:
    heading = Sentence("{title}: promised and realised close rate, test period", title=title)
    show(promise_summary(evaluation.promises, reader()), heading)
    for sentence in out_of_order(evaluation.promises):
        say(sentence)
    pairs = evaluation.adjacent
    for pair in pairs[pairs["verdict"] != APART].to_dict("records"):
        say(
            Sentence(
                "{by}: {better} and {worse} {verdict}: {rate_better:.3f} and {rate_worse:.3f}, "
                "difference {gap:+.3f} ({low:+.3f} to {high:+.3f})",
                **{str(name): value for name, value in pair.items()} | {"verdict": _VERB[pair["verdict"]]},
            )
        )


def _worth(worth: Worth, title: str) -> None:
    if worth.tiers.empty:
        say(Sentence("no value columns: no closing order before the calibration period has an amount"))
        return
    show(
        tier_summary(worth.tiers), Sentence("{title}: value tiers and later sales, test period", title=title)
    )
    caught = Sentence("{title}: share of later sales caught, at the same share of the leads", title=title)
    show(catch_summary(worth.catch, reader()), caught)


def _board(board: pd.DataFrame, title: str, whole: bool) -> None:
    if board.empty:
        say(Sentence("no leaderboard: the test period has too few closes yet"))
        return
    for horizon, part in board.groupby("horizon", sort=False):
        heading = title
        if horizon != "outcome":
            heading = Sentence("{title}: closed within {horizon}", title=title, horizon=horizon)
        table = board_table(part, SHOWN, reader())
        first, baseline = table["leads"] == "all", table["kind"] == "baseline"
        best = table[first & ~baseline].head(1 + FEW).index
        told = table.index.isin(best) | (first & baseline) | (~first & (table["kind"] == "model"))
        shown = table.drop(columns="kind")
        if whole or told.all():
            show(shown, Sentence("{heading}, test period", heading=heading))
            continue
        left = Sentence(
            "{heading}, test period ({left} more lines: leadgrade compare --full)",
            heading=heading,
            left=int((~told).sum()),
        )
        show(shown[told], left)
