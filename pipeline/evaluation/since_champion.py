"""What changed since the champion: both on the same leads, which neither learned from."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

import numpy as np
import pandas as pd

from features.labels import closed_column
from models.scorer import LeadScorer
from pipeline.evaluation.evaluate import Evaluation
from pipeline.evaluation.leaderboard import System, leaderboard
from pipeline.language.sentence import Sentence


@dataclass(frozen=True)
class SinceChampion:
    """A new scorer beside the champion.

    Attributes:
        version: of the champion.
        board: measures of both, ``model`` and ``champion``, from ``leaderboard``; empty where nothing
            can be told.
        changes: ``from`` (the champion's grade), ``to`` and ``leads`` (rows).
        gained, lost: features that only the new scorer, or only the champion, reads.
        unfit: why the champion cannot be compared, if so.
    """

    version: str
    board: pd.DataFrame = field(default_factory=pd.DataFrame)
    changes: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=["from", "to", "leads"]))
    gained: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()
    unfit: str = ""


def since_champion(
    version: str,
    champion: LeadScorer,
    fitted_until: datetime | int | None,
    evaluation: Evaluation,
    scorer: LeadScorer,
    seed: int = 0,
) -> SinceChampion:
    """Put a new scorer beside the champion, on the rows of the test period that neither learned from.

    Args:
        version: of the champion, in words.
        champion: what grades leads now.
        fitted_until: the first as-of that it did not learn from.
        evaluation: of the new scorer.
        scorer: the new one.
        seed: of the bootstrap over leads.
    """
    mine, its = set(scorer.columns), set(champion.columns)
    told = SinceChampion(version, gained=tuple(sorted(mine - its)), lost=tuple(sorted(its - mine)))
    rows = evaluation.rows
    unfit = _unfit(champion, scorer, rows) or _unknown(rows["as_of"], fitted_until)
    if unfit:
        return replace(told, unfit=unfit)
    rows = rows[rows["as_of"] >= fitted_until]
    own = [f"p_{horizon}" for horizon in scorer.horizons]
    before = champion.score(rows)
    pairs = {"from": before["grade"].to_numpy(), "to": rows["grade"].to_numpy()}
    changes = pd.DataFrame(pairs).groupby(["from", "to"]).size().rename("leads").reset_index()
    systems = [
        System("model", "model", pairs["to"], rows[own].to_numpy(dtype=np.float64)),
        System("champion", "model", pairs["from"], before[own].to_numpy(dtype=np.float64)),
    ]
    columns = [closed_column(horizon) for horizon in scorer.horizons]
    closed = rows[columns].to_numpy(dtype=np.float64, na_value=np.nan)
    everyone_seen = np.zeros(len(rows), dtype=bool)
    leads = rows["lead_id"].to_numpy(dtype=object)
    board = leaderboard(systems, closed, leads, scorer.horizons, everyone_seen, seed)
    return replace(told, board=board, changes=changes)


def _unfit(champion: LeadScorer, scorer: LeadScorer, rows: pd.DataFrame) -> str:
    """Why the champion cannot score the rows as they are, if so."""
    if champion.horizons != scorer.horizons:
        return Sentence("it has other horizons: {horizons}", horizons=", ".join(champion.horizons))
    if champion.recogniser != scorer.recogniser:
        return Sentence("it was taught to hear calls otherwise")
    try:
        champion.check_columns(rows.head(1))
    except ValueError:
        return Sentence("the data lack columns that it reads")
    return ""


def _unknown(as_of: "pd.Series[Any]", fitted_until: datetime | int | None) -> str:
    """Why no row is known to be one that the champion did not learn from, if so."""
    if fitted_until is None:
        return Sentence("it does not say until when it learned")
    if isinstance(as_of.dtype, pd.DatetimeTZDtype) != isinstance(fitted_until, datetime):
        return Sentence("it learned from a list of another kind")
    if not (as_of >= fitted_until).any():
        return Sentence("it learned from all rows of the test period")
    return ""
