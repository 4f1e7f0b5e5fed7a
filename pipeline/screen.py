"""What each verb shows: results as tables and lines."""

import json
from collections.abc import Mapping

import pandas as pd

from pipeline.evaluate import Evaluation
from pipeline.leaderboard import FEW, few
from pipeline.listing import board_table, grade_summary
from pipeline.present import say, show

__all__ = ["counts", "leads", "parting", "print_json", "results", "say", "show", "title_of"]

# Metrics of the printed leaderboard, with a short name each.
SHOWN = {
    "auc": "AUC",
    "average_precision": "AP",
    "brier": "Brier",
    "log_loss": "log-loss",
    "lift_10": "lift@10%",
    "capture_20": "top 20% catch",
}


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
        first, baseline = table["leads"] == "all", table["kind"] == "baseline"
        best = table[first & ~baseline].head(1 + FEW).index
        told = table.index.isin(best) | (first & baseline) | (~first & (table["system"] == "model"))
        left = "" if whole or told.all() else f" ({int((~told).sum())} more lines: leadgrade compare)"
        shown = table.drop(columns="kind")
        show(shown if whole else shown[told], f"{heading}, test period{left}")
