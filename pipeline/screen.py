"""What each verb shows: results as tables and lines."""

import json
from collections.abc import Mapping

import pandas as pd

from pipeline.evaluate import Evaluation
from pipeline.leaderboard import FEW, few
from pipeline.listing import board_table, grade_summary
from pipeline.present import say, show
from pipeline.rolling import Backtest
from pipeline.search import Searched

__all__ = [
    "backtested",
    "counts",
    "leads",
    "parting",
    "print_json",
    "results",
    "say",
    "searched",
    "show",
    "title_of",
]

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


def title_of(name: str, simulation: bool) -> str:
    """The heading of every result; a made-up world says so."""
    return f"{name} (simulation)" if simulation else name


def counts(table: pd.DataFrame) -> None:
    """Rows in, used and quarantined per source."""
    show(table, "rows in = rows used + rows quarantined")


def results(evaluation: Evaluation, title: str, *, whole: bool) -> None:
    """The leaderboard and the close rate per grade, of all systems or of the best few."""
    for one in evaluation.schemes:
        if one.compiled is None:
            say(f"scheme {one.scheme.id} is unavailable: {one.reason}")
    _board(evaluation.board, title, whole)
    grades = evaluation.grades
    told = grades if whole else grades[grades["system"] == "model"]
    show(grade_summary(told), f"{title}: close rate per grade, test period")


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


def leads(table: pd.DataFrame, title: str) -> None:
    """Graded leads; the file has every column, a screen has room for a few schemes."""
    rules = [name.removeprefix("scheme_") for name in table.columns if name.startswith("scheme_")]
    hidden = {f"scheme_{rule}" for rule in set(rules) - set(few(rules))}
    told = [n for n in table.columns if n not in hidden and not n.startswith(("as_of", "grade_", "rfm_"))]
    show(table[told], f"{title}: best leads")


def print_json(parts: Mapping[str, object]) -> None:
    """Print results for a script."""
    plain = {
        name: json.loads(part.to_json(orient="records")) if isinstance(part, pd.DataFrame) else part
        for name, part in parts.items()
    }
    say(json.dumps(plain, ensure_ascii=False, indent=2))


def _board(board: pd.DataFrame, title: str, whole: bool) -> None:
    if board.empty:
        say("no leaderboard: the test period has too few closes yet")
        return
    for horizon, part in board.groupby("horizon", sort=False):
        heading = title if horizon == "outcome" else f"{title}: closed within {horizon}"
        table = board_table(part, SHOWN)
        first = table["leads"] == "all"
        best = table[first].head(1 + FEW).index
        told = table.index.isin(best) | (~first & (table["system"] == "model"))
        left = "" if whole or told.all() else f" ({int((~told).sum())} more lines: leadgrade compare)"
        show(table if whole else table[told], f"{heading}, test period{left}")
