"""What is to be known of a model before its figures: that it is constant, or worse than a plain one."""

import numpy as np
import pandas as pd

from pipeline.evaluation.evaluate import Evaluation
from pipeline.evaluation.leaderboard import System
from pipeline.language.sentence import Sentence

PLAIN = "logistic_regression"

_FEWEST_TREES = Sentence("the model has the least number of trees: on unseen leads fewer did better")
_CONSTANT = Sentence("the model is constant: it gives every lead the same chance, and sets none apart")


def first_words(evaluation: Evaluation, *, at_least: bool = False) -> tuple[str, ...]:
    """Sentences to begin with; none of a model that orders leads and holds its own.

    They decide with the intervals that the leaderboard prints.

    Args:
        evaluation: on the test period.
        at_least: whether the model has the least number of trees, where unseen leads asked for fewer.
    """
    said = _no_order(evaluation) or _behind(evaluation.board)
    if at_least:
        said = (*said, _FEWEST_TREES)
    return said


def _no_order(evaluation: Evaluation) -> tuple[str, ...]:
    model = evaluation.systems[0]
    if is_constant(model):
        return (_CONSTANT,)
    board = evaluation.board
    found = _auc(board, model.name)
    blind = found[found["low"] <= 0.5]
    if len(blind) and len(blind) == len(found):
        row = blind.iloc[-1]
        return (
            Sentence(
                "the model orders leads no better than chance: AUC by {horizon} {auc:.3f} "
                "({low:.3f} to {high:.3f})",
                horizon=row["horizon"],
                auc=row["value"],
                low=row["low"],
                high=row["high"],
            ),
        )
    return ()


def is_constant(system: System) -> bool:
    """Whether every lead has the same probabilities.

    Example:
        >>> is_constant(System("model", "model", np.array(["C", "C"]), np.array([[0.2, 0.3], [0.2, 0.3]])))
        True
    """
    return len(system.probabilities) > 1 and bool((np.ptp(system.probabilities, axis=0) == 0.0).all())


def _behind(board: pd.DataFrame) -> tuple[str, ...]:
    plain = _auc(board, PLAIN)
    return tuple(
        Sentence(
            "the model loses to logistic regression beyond chance: AUC by {horizon} better by "
            "{gain:+.3f} ({low:+.3f} to {high:+.3f})",
            horizon=row["horizon"],
            gain=row["gain"],
            low=row["gain_low"],
            high=row["gain_high"],
        )
        for _, row in plain[plain["gain_high"] < 0.0].iterrows()
    )


def _auc(board: pd.DataFrame, system: str) -> pd.DataFrame:
    if board.empty:
        return pd.DataFrame(columns=["horizon", "value", "low", "high", "gain", "gain_low", "gain_high"])
    chosen = (board["metric"] == "auc") & (board["leads_in"] == "all") & (board["system"] == system)
    return board[chosen]
