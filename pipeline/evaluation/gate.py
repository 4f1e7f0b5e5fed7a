"""Whether a challenger may take the champion's place: a gate, judged on rows that neither learned from.

Differences are paired: the same rows, the same resampled leads (``models.metrics.bootstrap``).
"""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from features.schemes.declaration import Scheme
from models.arrays import Floats
from models.metrics.bootstrap import paired_interval
from models.metrics.scores import Metric, auc, capture_at, log_loss
from models.scorer import LeadScorer
from pipeline.config.config import Config
from pipeline.errors import PromotionError
from pipeline.evaluation.evaluate import tested_systems
from pipeline.evaluation.leaderboard import LOWER_IS_BETTER, System
from pipeline.fitting.fit import in_periods, label_array
from pipeline.fitting.split import find_periods
from pipeline.matrix.dataset import Rows
from pipeline.schemes.scheme_grades import usable_schemes
from pipeline.transcripts.heard_as import Scores

CHAMPION_SYSTEM = "champion"
# The same chance for every lead: whatever the rate, it puts none before another, and its AUC is .5.
CONSTANT = "constant close rate"
BETTER, ALIKE, WORSE = "better", "not told apart", "worse"

_COLUMNS = ["metric", "horizon", "against", "challenger", "other", "better_by", "low", "high", "verdict"]


@dataclass(frozen=True)
class Decision:
    """What the gate says.

    Attributes:
        passed: whether the challenger may be promoted.
        table: one row per measure, horizon and rival: ``metric``, ``horizon``, ``against`` (the champion,
            the constant close rate, or a rule scheme), ``challenger``, ``other``, ``better_by`` with ``low``
            and ``high`` (above 0 where the challenger is better, whichever way the measure runs),
            ``verdict``.
        reasons: why, in sentences; what was judged first.
    """

    passed: bool
    table: pd.DataFrame
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class _Bench:
    """The rows to judge by, with the challenger's chances and those of its rivals."""

    challenger: Floats
    champion: Floats | None
    schemes: tuple[System, ...]
    closed: Floats
    lead_ids: npt.NDArray[np.object_]
    horizons: tuple[str, ...]
    seed: int

    def line(self, name: str, metric: Metric, k: int, against: str, other: Floats) -> dict[str, object]:
        """One measure by one horizon: challenger, rival, and by how much the challenger is better."""
        ripe = ~np.isnan(self.closed[:, k])
        y, mine, its = self.closed[ripe, k], self.challenger[ripe, k], other[ripe, k]
        first, second = (its, mine) if name in LOWER_IS_BETTER else (mine, its)
        gain = paired_interval(metric, y, first, second, self.lead_ids[ripe], seed=self.seed)
        verdict = BETTER if gain.low > 0.0 else WORSE if gain.high < 0.0 else ALIKE
        told = (name, self.horizons[k], against, metric(y, mine), metric(y, its))
        return dict(zip(_COLUMNS, (*told, gain.estimate, gain.low, gain.high, verdict), strict=True))

    def best_scheme(self, k: int) -> System:
        """The scheme with the highest AUC by a horizon."""
        ripe = ~np.isnan(self.closed[:, k])
        return max(self.schemes, key=lambda one: auc(self.closed[ripe, k], one.probabilities[ripe, k]))


def judge_challenger(
    config: Config,
    rows: Rows,
    schemes: Sequence[Scheme],
    challenger: LeadScorer,
    champion: Scores | None,
    since: datetime | int,
) -> Decision:
    """Compare a challenger with the champion and with the best rule scheme on the newest rows.

    It passes if it is not worse than the champion beyond chance on log-loss, AUC and closes caught at
    capacity by any horizon, its log-loss is as low as the champion's (the mean over horizons, within
    ``promotion.log_loss_slack``), and its AUC is above that of the best rule scheme by every horizon, beyond
    chance. Its AUC must always be above that of a constant close rate, .5, by every horizon, beyond chance.
    Without a champion only these two count.

    Args:
        config: the configuration; ``promotion`` is the gate's.
        rows: from ``dataset.training_rows``, of the data there are now.
        schemes: the rule schemes; their close rates are learned on the present calibration period.
        challenger: a scorer that fits the rows.
        champion: likewise; none if there is none yet.
        since: first as-of that neither learned from. Rows before it, or before the present test period,
            are not judged.

    Raises:
        PromotionError: ``since`` is not what the rows' as-ofs are: a date, or a row number.
    """
    frame = _newest(config, rows, since)
    tested = frame[frame["period"] == "test"]
    closed = label_array(tested, rows.horizons, "closed")
    judged = _judged(closed, config.promotion.min_closes)
    what = _what(tested, closed, rows.horizons)
    if not judged:
        why = f"too few closes to judge by: no horizon has {config.promotion.min_closes} among these rows yet"
        return Decision(False, pd.DataFrame(columns=_COLUMNS), (what, why))
    bench = _bench(config, rows, schemes, challenger, champion, frame)
    table = _compare(bench, judged, config.promotion.capacity)
    failed = [*_against_champion(config, table), *_against_nothing(table), *_against_rules(config, table)]
    thin = [name for k, name in enumerate(rows.horizons) if k not in judged]
    left = [
        f"{name} has fewer than {config.promotion.min_closes} closes and decides nothing" for name in thin
    ]
    return Decision(not failed, table, (what, *left, *(failed or [_passed(table)])))


def _newest(config: Config, rows: Rows, since: datetime | int) -> pd.DataFrame:
    frame = in_periods(config, rows, find_periods(rows.frame, config.split))
    if isinstance(since, int) != pd.api.types.is_integer_dtype(frame["as_of"]):
        raise PromotionError(
            f"{config.path}: the scorers learned until {since}, which is no as-of of the rows: train again"
        )
    return frame[(frame["period"] != "test") | (frame["as_of"] >= since)]


def _judged(closed: Floats, min_closes: int) -> list[int]:
    """Places of the horizons that have enough closes, and anything else."""
    closes, ripe = np.nansum(closed, axis=0), (~np.isnan(closed)).sum(axis=0)
    return [k for k in range(closed.shape[1]) if min_closes <= closes[k] < ripe[k]]


def _bench(
    config: Config,
    rows: Rows,
    schemes: Sequence[Scheme],
    challenger: LeadScorer,
    champion: Scores | None,
    frame: pd.DataFrame,
) -> _Bench:
    graded = usable_schemes(schemes, rows.features, challenger.rfm_edges)
    hazards = challenger.raw_hazards(frame[frame["period"] == "test"])
    tested, systems = tested_systems(frame, challenger, graded, config.label.by_orders, hazards)
    names = [f"p_{horizon}" for horizon in rows.horizons]
    tests = frame[frame["period"] == "test"]
    return _Bench(
        challenger=systems[0].probabilities,
        champion=None if champion is None else champion.score(tests)[names].to_numpy(dtype=np.float64),
        schemes=tuple(system for system in systems if system.kind == "scheme"),
        closed=label_array(tested, rows.horizons, "closed"),
        lead_ids=tested["lead_id"].to_numpy(dtype=object),
        horizons=rows.horizons,
        seed=config.model.seed,
    )


def _compare(bench: _Bench, judged: Sequence[int], capacity: float) -> pd.DataFrame:
    metrics = {
        "log_loss": log_loss,
        "auc": auc,
        "closes_at_capacity": capture_at.with_options(share=capacity),
    }
    lines = [
        bench.line(name, metric, k, CHAMPION_SYSTEM, bench.champion)
        for name, metric in metrics.items()
        for k in judged
        if bench.champion is not None
    ]
    same = np.full_like(bench.challenger, 0.5)
    lines += [bench.line("auc", auc, k, CONSTANT, same) for k in judged]
    for k in judged if bench.schemes else ():
        best = bench.best_scheme(k)
        lines.append(bench.line("auc", auc, k, best.name, best.probabilities))
    return pd.DataFrame(lines, columns=_COLUMNS)


def _against_champion(config: Config, table: pd.DataFrame) -> list[str]:
    """Why the gate does not pass because of the champion."""
    told = table[table["against"] == CHAMPION_SYSTEM]
    worse = [f"worse than the champion, beyond chance: {_line(row)}" for row in _rows(told, WORSE)]
    gain = told.loc[told["metric"] == "log_loss", "better_by"].mean()
    if gain < -config.promotion.log_loss_slack:
        worse.append(f"its log-loss is higher than the champion's, as the mean over horizons: by {-gain:.4f}")
    return worse


def _against_nothing(table: pd.DataFrame) -> list[str]:
    """Why the gate does not pass although nobody else was there: it tells no lead from another."""
    told = table[table["against"] == CONSTANT]
    return [
        f"not better than the same chance for every lead, beyond chance: {_line(row)}"
        for verdict in (WORSE, ALIKE)
        for row in _rows(told, verdict)
    ]


def _against_rules(config: Config, table: pd.DataFrame) -> list[str]:
    """Why the gate does not pass because of the rules."""
    if not config.promotion.beat_rules:
        return []
    rules = table[~table["against"].isin([CHAMPION_SYSTEM, CONSTANT])]
    return [
        f"not better than the rule scheme {row['against']}, beyond chance: {_line(row)}"
        for verdict in (WORSE, ALIKE)
        for row in _rows(rules, verdict)
    ]


def _passed(table: pd.DataFrame) -> str:
    said = []
    if (table["against"] == CHAMPION_SYSTEM).any():
        gain = table.loc[
            (table["against"] == CHAMPION_SYSTEM) & (table["metric"] == "log_loss"), "better_by"
        ].mean()
        said.append(f"not worse than the champion beyond chance; mean log-loss lower by {gain:.4f}")
    said.append("AUC above that of a constant close rate")
    if (~table["against"].isin([CHAMPION_SYSTEM, CONSTANT])).any():
        said.append("AUC above that of the best rule scheme where it is asked for")
    return "the gate passes: " + "; ".join(said)


def _what(tested: pd.DataFrame, closed: Floats, horizons: Sequence[str]) -> str:
    if tested.empty:
        return "judged on no row: none is newer than what the two learned from"
    first = tested["as_of"].min()
    start = f"{first:%Y-%m-%d}" if isinstance(first, datetime) else f"row {first}"
    closes = ", ".join(
        f"{name} {int(n)}" for name, n in zip(horizons, np.nansum(closed, axis=0), strict=True)
    )
    return (
        f"judged on {len(tested)} rows of {tested['lead_id'].nunique()} leads from {start}, "
        f"which neither learned from; closes by {closes}"
    )


def _rows(table: pd.DataFrame, verdict: str) -> list[dict[Hashable, Any]]:
    return table[table["verdict"] == verdict].to_dict("records")


def _line(row: Mapping[Hashable, Any]) -> str:
    return (
        f"{row['metric']} by {row['horizon']} {row['challenger']:.4f} against {row['other']:.4f}, "
        f"better by {row['better_by']:+.4f} ({row['low']:+.4f} to {row['high']:+.4f})"
    )
