"""What changed since a scorer was learned: inputs, scores and grades against its frozen reference.

Large and beyond chance: an alarm asks for both. Chance is corrected for the number of tests (Holm), so that a
quiet world gives any false alarm with at most the stated risk, and a large effect is asked for so that a long
list does not cry at every small difference.
"""

import math
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from models.drift import shift_tests
from models.drift.column_checks import MOST, ColumnChecks, Thresholds, times_apart
from models.drift.reference import OPEN_LEADS, WHOSE, Reference, SourceProfile
from models.metrics.scores import auc

ALARM, WATCH, QUIET = "alarm", "watch", ""

ROWS, EXPECTED_AUC = "rows", "expected AUC"

DRIFT_COLUMNS = ["source", "column", "check", "before", "now", "effect", "effect_by_chance", "size", "value"]
DRIFT_COLUMNS += ["test", "p", "p_corrected", "level"]


def expected_auc(p: npt.ArrayLike) -> float:
    """The AUC that calibrated probabilities promise, before any outcome is known.

    Each row stands once as a close with weight p and once as none with weight 1 - p. NaN where no close, or
    nothing but closes, is to be expected.

    Source: confidence-based performance estimation, Bialek et al., arXiv 2401.08348 (2024).

    >>> round(expected_auc([0.8, 0.2]), 3), expected_auc([0.3, 0.3])
    (0.8, 0.5)
    """
    chance = np.asarray(p, dtype=np.float64)
    closed = np.repeat([1.0, 0.0], len(chance))
    return auc(closed, np.tile(chance, 2), np.concatenate([chance, 1.0 - chance]))


def drift_table(
    reference: Reference,
    now: Mapping[str, pd.DataFrame],
    auc_now: Mapping[str, float],
    thresholds: Thresholds,
) -> pd.DataFrame:
    """Every check of every column, alarms first.

    Args:
        reference: of the scorer.
        now: what there is now, by source; a column that is absent counts as empty.
        auc_now: expected AUC of each horizon now.
        thresholds: of the alarms.

    Returns:
        ``source``, ``column``, ``check``; ``before`` and ``now`` (mean, share or number of rows); ``effect``
        (the index for a distribution, with what chance makes of it, ``effect_by_chance``); ``size``, the
        effect as a multiple of what makes it an alarm; ``value`` (of a category that is new or vanished);
        ``test``, its ``p`` and ``p_corrected``; ``level``: alarm, watch, or empty.
    """
    found: list[dict[str, Any]] = []
    for name, source in sorted(reference.sources.items()):
        frame = now.get(name, pd.DataFrame())
        found += [{"source": name, **one} for one in _source_checks(source, frame, thresholds)]
    found += list(_auc_checks(reference, auc_now, thresholds))
    return _with_levels(pd.DataFrame(found, columns=[*DRIFT_COLUMNS, "steady"]), thresholds)


def _with_levels(table: pd.DataFrame, thresholds: Thresholds) -> pd.DataFrame:
    corrected = shift_tests.holm(table["p"])
    beyond, size = corrected < thresholds.family_error, table["size"].to_numpy(dtype=np.float64)
    shown_only = table["column"].isin(thresholds.ignored) | table["steady"].eq(False)
    alarm = beyond & (size >= 1.0) & ~shown_only.to_numpy(dtype=bool)
    watch = beyond & (size >= thresholds.watch_at) & ~alarm
    levels = np.select([alarm, watch], [ALARM, WATCH], QUIET)
    told = table.assign(p_corrected=corrected, level=levels, rank=np.select([alarm, watch], [0, 1], 2))
    ordered = told.sort_values(["rank", "size"], ascending=[True, False], kind="stable", ignore_index=True)
    return ordered[DRIFT_COLUMNS]


def _source_checks(
    source: SourceProfile, frame: pd.DataFrame, thresholds: Thresholds
) -> Iterator[dict[str, Any]]:
    rows = len(frame)
    before = sum(source.rows) / len(source.rows)
    if before:
        yield {
            "column": ROWS,
            "check": ROWS,
            "before": before,
            "now": float(rows),
            "effect": rows / before,
            "test": "negative binomial",
            "p": shift_tests.count_p(source.rows, rows),
            "size": times_apart(rows, before, thresholds.volume_alarm),
            "steady": source.steady,
        }
    if rows < thresholds.min_rows:
        return
    for name, profile in sorted(source.columns.items()):
        column = frame[name] if name in frame.columns else pd.Series(np.full(rows, np.nan))
        checks = ColumnChecks(profile, column, source.repeats, thresholds, frame.get(WHOSE))
        yield from ({"column": name, **one} for one in checks.all())


def _auc_checks(
    reference: Reference, auc_now: Mapping[str, float], thresholds: Thresholds
) -> Iterator[dict[str, Any]]:
    for horizon, before in sorted(reference.expected_auc.items()):
        known = [one for one in before if not math.isnan(one)]
        now = auc_now.get(horizon, math.nan)
        if not known or math.isnan(now):
            continue
        mean = math.fsum(known) / len(known)
        yield {
            "source": OPEN_LEADS,
            "column": f"p_{horizon}",
            "check": EXPECTED_AUC,
            "before": mean,
            "now": now,
            "effect": now - mean,
            "test": "t",
            "p": shift_tests.next_p(known, now),
            "size": min(MOST, max(0.0, mean - now) / thresholds.auc_alarm),
        }
