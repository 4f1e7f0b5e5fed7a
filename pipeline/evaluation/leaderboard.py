"""One leaderboard: the model, the rule schemes, the manual grades and the baselines on the same rows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from models.arrays import Floats
from models.metrics.bootstrap import LeadDraws, interval_of
from models.metrics.scores import (
    Metric,
    auc,
    average_precision,
    brier,
    calibration_error,
    capture_at,
    lift_at,
    log_loss,
    measures,
)

METRICS: Mapping[str, Metric] = {
    "auc": auc,
    "average_precision": average_precision,
    "brier": brier,
    "log_loss": log_loss,
    "lift_10": lift_at.with_options(share=0.1),
    "capture_20": capture_at.with_options(share=0.2),
    "calibration_error": calibration_error,
}
LOWER_IS_BETTER = frozenset({"brier", "log_loss", "calibration_error"})

# Where there is room for a few rivals, those that most teams know come first.
FEW = 6
COMMON = ("close_window", "robot_intent", "rfm", "value_tier", "visit", "manual_grade")

SystemKind = Literal["model", "scheme", "manual", "hindsight", "baseline"]

# Fewer closes than this say nothing about a system.
MIN_JUDGED_CLOSES = 5


def few(names: Sequence[str]) -> list[str]:
    """The rivals to show where there is room for a few only.

    Example:
        >>> few(["vip", "rfm"])
        ['rfm', 'vip']
    """
    known = [name for name in COMMON if name in names]
    return (known + [name for name in names if name not in COMMON])[:FEW]


@dataclass(frozen=True)
class System:
    """Something that grades leads, on the rows of the test period.

    Attributes:
        name: the model, a scheme, the manual grade or a baseline.
        kind: ``hindsight`` grades have no date and are shown without a rank; a ``baseline`` is another
            kind of scorer.
        grades: label of each row; of a baseline, what the model's policy gives to its probabilities.
        probabilities: P(closed by each horizon), (rows, horizons).
    """

    name: str
    kind: SystemKind
    grades: npt.NDArray[np.object_]
    probabilities: Floats


def leaderboard(
    systems: Sequence[System],
    closed: Floats,
    lead_ids: npt.NDArray[np.object_] | npt.NDArray[np.intp],
    horizons: Sequence[str],
    seen: npt.NDArray[np.bool_],
    seed: int = 0,
) -> pd.DataFrame:
    """Every measure of every system at every horizon, with intervals over leads.

    Args:
        systems: the first is the one that the others are compared with.
        closed: (rows, horizons) of 1, 0 and NaN (not ripe: left out at that horizon).
        lead_ids: whose rows these are.
        horizons: names of the columns of ``closed``.
        seen: rows whose lead was there in the training or calibration period too.
        seed: of the bootstrap over leads.

    Returns:
        One row per horizon, set of leads (``all``, and ``unseen`` in training), system and metric:
        ``value``, ``low``, ``high``; ``gain``, ``gain_low``, ``gain_high`` (the first system's advantage
        over this one, above 0 where the first is better); ``rows``, ``leads``, ``closes``.
    """
    parts = []
    for k, horizon in enumerate(horizons):
        ripe = ~np.isnan(closed[:, k])
        for leads, chosen in (("all", ripe), ("unseen", ripe & ~seen)):
            if leads == "unseen" and not (ripe & seen).any():
                continue  # every lead is new: the line would say the same again
            if closed[chosen, k].sum() < MIN_JUDGED_CLOSES or closed[chosen, k].all():
                continue
            board = _compare(systems, closed[:, k], lead_ids, chosen, k, seed)
            parts.append(board.assign(horizon=horizon, leads_in=leads))
    if not parts:
        return pd.DataFrame()
    board = pd.concat(parts, ignore_index=True)
    first = ["horizon", "leads_in", "system", "kind", "metric"]
    return board[first + [column for column in board.columns if column not in first]]


def period_metrics(
    probabilities: Floats, closed: Floats, periods: npt.NDArray[np.object_], horizons: Sequence[str]
) -> pd.DataFrame:
    """How well probabilities fit the periods that a model was made from; what is not defined is left out.

    Returns:
        One row per ``period``, ``horizon`` and ``metric`` (AUC, Brier, log-loss) with its ``value``.
    """
    records = [
        {"period": period, "horizon": horizon, "metric": name, "value": METRICS[name](y[ripe], p[ripe])}
        for horizon, y, p in zip(horizons, closed.T, probabilities.T, strict=True)
        for period in pd.unique(periods)
        for ripe in [~np.isnan(y) & (periods == period)]
        for name in ("auc", "brier", "log_loss")
    ]
    return pd.DataFrame(records, columns=["period", "horizon", "metric", "value"]).dropna(ignore_index=True)


def _compare(
    systems: Sequence[System],
    closed: Floats,
    lead_ids: npt.NDArray[np.object_] | npt.NDArray[np.intp],
    chosen: npt.NDArray[np.bool_],
    place: int,
    seed: int,
) -> pd.DataFrame:
    y, leads = closed[chosen], lead_ids[chosen]
    same, of_leads = LeadDraws.of(leads, seed=seed), len(pd.unique(leads))
    chances = [system.probabilities[chosen, place] for system in systems]
    drawn = [same.measured(METRICS, y, p) for p in chances]
    values = [measures(METRICS, y, p) for p in chances]
    records = []
    for system, value, draws in zip(systems, values, drawn, strict=True):
        for name in METRICS:
            sign = -1.0 if name in LOWER_IS_BETTER else 1.0
            own = interval_of(value[name], draws[name])
            ahead = sign * (values[0][name] - value[name])
            gain = interval_of(ahead, sign * (drawn[0][name] - draws[name]))
            records.append(
                {
                    "system": system.name,
                    "kind": system.kind,
                    "metric": name,
                    "value": own.estimate,
                    "low": own.low,
                    "high": own.high,
                    "gain": gain.estimate,
                    "gain_low": gain.low,
                    "gain_high": gain.high,
                    "rows": len(y),
                    "leads": of_leads,
                    "closes": int(y.sum()),
                }
            )
    return pd.DataFrame(records)
