"""Whether a challenger may take the champion's place: a gate, judged on rows that neither learned from."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
import pandas as pd

from features.schemes.declaration import Scheme
from models.arrays import Floats
from models.scorer import LeadScorer
from pipeline.config.config import Config
from pipeline.config.learning import PromotionGate
from pipeline.errors import PromotionError
from pipeline.evaluation.baselines import fit_baselines
from pipeline.evaluation.evaluate import tested_systems
from pipeline.evaluation.gate_tests import (
    ALIKE,
    BETTER,
    CHAMPION_SYSTEM,
    COLUMNS,
    CONSTANT,
    MEAN,
    NOT_WORSE,
    WORSE,
    Bench,
)
from pipeline.fitting.fit import in_periods, label_array
from pipeline.fitting.split import Periods, find_periods
from pipeline.language.sentence import Sentence, Word, clauses
from pipeline.matrix.dataset import Rows
from pipeline.schemes.scheme_grades import usable_schemes
from pipeline.transcripts.heard_as import Scores


@dataclass(frozen=True)
class Decision:
    """What the gate says.

    Attributes:
        passed: whether the challenger may be promoted.
        table: one row per measure, horizon and rival: ``metric``, ``horizon`` (``mean``: of all),
            ``against`` (the champion, the constant close rate, a rule scheme or a baseline), ``asked``
            (``not worse`` or ``better``), ``challenger``, ``other``, ``better_by`` with the ends that
            decide, ``low`` and ``high`` (above 0 where the challenger is better, whichever way the measure
            runs), ``verdict``.
        reasons: why, in sentences; what was judged first.
    """

    passed: bool
    table: pd.DataFrame
    reasons: tuple[str, ...]


def judge_challenger(
    config: Config,
    rows: Rows,
    schemes: Sequence[Scheme],
    challenger: LeadScorer,
    champion: Scores | None,
    since: datetime | int,
) -> Decision:
    """Compare a challenger with the champion and with the best rule scheme on the newest rows.

    It passes if it is not worse beyond chance than the champion on log-loss, AUC and closes caught at
    capacity by any horizon, and not on AUC than any rule scheme or baseline, by Holm's method over all that
    is asked of the champion, and over the others; if its log-loss, as the mean over horizons, is at most
    ``promotion.log_loss_slack`` above the champion's, to 1.645 standard errors; and if its AUC is above that
    of the best rule scheme by every horizon, beyond chance. Its AUC must always be above that of a constant
    close rate, .5, by every horizon, beyond chance. Without a champion nothing is asked of it.

    Args:
        config: the configuration; ``promotion`` is the gate's.
        rows: from ``dataset.training_rows``, of the data there are now.
        schemes: the rule schemes; their close rates are learned on the present calibration period, to
            ``since``. The baselines learn from all rows before that.
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
        why = Sentence(
            "too few closes to judge by: no horizon has {least} among these rows yet",
            least=config.promotion.min_closes,
        )
        return Decision(False, pd.DataFrame(columns=COLUMNS), (what, why))
    table = _bench(config, rows, schemes, challenger, champion, frame, judged).table(
        config.promotion.capacity
    )
    failed = failures(config.promotion, table)
    thin = [name for k, name in enumerate(rows.horizons) if k not in judged]
    left = [
        Sentence(
            "{horizon} has fewer than {least} closes and decides nothing",
            horizon=name,
            least=config.promotion.min_closes,
        )
        for name in thin
    ]
    return Decision(not failed, table, (what, *left, *(failed or [_passed(table)])))


def _newest(config: Config, rows: Rows, since: datetime | int) -> pd.DataFrame:
    """The rows in periods whose test period begins when the later of the two has stopped learning."""
    own = find_periods(rows.frame, config.split)
    if isinstance(since, int) != isinstance(own.test_from, int):
        raise PromotionError(
            f"{config.path}: the scorers learned until {since}, which is no as-of of the rows: train again"
        )
    begins: Any = (own.test_from, since)
    return in_periods(config, rows, Periods(own.calibrate_from, max(begins)))


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
    judged: Sequence[int],
) -> Bench:
    graded = usable_schemes(schemes, rows.features, challenger.rfm_edges)
    tests = frame[frame["period"] == "test"]
    hazards = challenger.raw_hazards(tests)
    tested, systems = tested_systems(frame, challenger, graded, config.label.by_orders, hazards)
    names = [f"p_{horizon}" for horizon in rows.horizons]
    amount = tested["expected_amount"].to_numpy() if "expected_amount" in tested.columns else None
    baselines = fit_baselines(config, rows.without(challenger.dropped), frame, challenger.policy, amount)
    return Bench(
        challenger=systems[0].probabilities,
        champion=None if champion is None else champion.score(tests)[names].to_numpy(dtype=np.float64),
        rivals=(*(system for system in systems if system.kind == "scheme"), *baselines),
        closed=label_array(tested, rows.horizons, "closed"),
        lead_ids=tested["lead_id"].to_numpy(dtype=object),
        horizons=rows.horizons,
        judged=judged,
        seed=config.model.seed,
    )


def failures(gate: PromotionGate, table: pd.DataFrame) -> list[str]:
    """Why the gate does not pass, in sentences; empty where it does.

    Args:
        gate: what the configuration asks for.
        table: from ``gate_tests.Bench``.
    """
    return [
        *_against_champion(gate, table),
        *_against_nothing(table),
        *_against_rules(gate, table),
        *_against_others(table),
    ]


def _against_champion(gate: PromotionGate, table: pd.DataFrame) -> list[str]:
    """Why the gate does not pass because of the champion."""
    told = table[table["against"] == CHAMPION_SYSTEM]
    each, mean = told[told["horizon"] != MEAN], told[told["horizon"] == MEAN]
    worse: list[str] = [
        Sentence("worse than the champion, beyond chance: {line}", line=_line(row))
        for row in _rows(each, WORSE)
    ]
    return worse + [
        Sentence(
            "its log-loss is higher than the champion's, as the mean over horizons: by {by:.4f} "
            "({low:.4f} to {high:.4f})",
            by=-row["better_by"],
            low=-row["high"],
            high=-row["low"],
        )
        for row in mean[mean["high"] < -gate.log_loss_slack].to_dict("records")
    ]


def _against_others(table: pd.DataFrame) -> list[str]:
    """Why the gate does not pass because of a rule scheme or a plain model that does better."""
    others = table[(table["asked"] == NOT_WORSE) & (table["against"] != CHAMPION_SYSTEM)]
    return [
        Sentence("worse than {rival}, beyond chance: {line}", rival=row["against"], line=_line(row))
        for row in _rows(others, WORSE)
    ]


def _against_nothing(table: pd.DataFrame) -> list[str]:
    """Why the gate does not pass although nobody else was there: it tells no lead from another."""
    told = table[table["against"] == CONSTANT]
    return [
        Sentence("not better than the same chance for every lead, beyond chance: {line}", line=_line(row))
        for verdict in (WORSE, ALIKE)
        for row in _rows(told, verdict)
    ]


def _against_rules(gate: PromotionGate, table: pd.DataFrame) -> list[str]:
    """Why the gate does not pass because of the rules."""
    if not gate.beat_rules:
        return []
    rules = table[(table["asked"] == BETTER) & (table["against"] != CONSTANT)]
    return [
        Sentence(
            "not better than the rule scheme {rival}, beyond chance: {line}",
            rival=row["against"],
            line=_line(row),
        )
        for verdict in (WORSE, ALIKE)
        for row in _rows(rules, verdict)
    ]


def _passed(table: pd.DataFrame) -> str:
    said: list[str] = []
    mean = table[(table["against"] == CHAMPION_SYSTEM) & (table["horizon"] == MEAN)]
    for gain in mean["better_by"]:
        said.append(
            Sentence(
                "not worse than the champion beyond chance; mean log-loss lower by {gain:.4f}", gain=gain
            )
        )
    said.append(Sentence("AUC above that of a constant close rate"))
    others = table[~table["against"].isin([CHAMPION_SYSTEM, CONSTANT])]
    if (others["asked"] == BETTER).any():
        said.append(Sentence("AUC above that of the best rule scheme where it is asked for"))
    if len(others):
        rivals = others["against"].nunique()
        said.append(Sentence("not worse than any of {rivals} schemes and plain models", rivals=rivals))
    return Sentence("the gate passes: {why}", why=clauses(said))


def _what(tested: pd.DataFrame, closed: Floats, horizons: Sequence[str]) -> str:
    if tested.empty:
        return Sentence("judged on no row: none is newer than what the two learned from")
    first = tested["as_of"].min()
    return Sentence(
        "judged on {rows} rows of {leads} leads from {start}, which neither learned from; closes by {closes}",
        rows=len(tested),
        leads=tested["lead_id"].nunique(),
        start=f"{first:%Y-%m-%d}" if isinstance(first, datetime) else Sentence("row {number}", number=first),
        closes=tuple(f"{name} {int(n)}" for name, n in zip(horizons, np.nansum(closed, axis=0), strict=True)),
    )


def _rows(table: pd.DataFrame, verdict: str) -> list[dict[Hashable, Any]]:
    return table[table["verdict"] == verdict].to_dict("records")


def _line(row: Mapping[Hashable, Any]) -> str:
    return Sentence(
        "{metric} by {horizon} {challenger:.4f} against {other:.4f}, "
        "better by {better_by:+.4f} ({low:+.4f} to {high:+.4f})",
        **{str(name): Word(value) if isinstance(value, str) else value for name, value in row.items()},
    )
