"""What changed since a scorer was learned: inputs, scores and grades against its frozen reference.

Large and beyond chance: an alarm asks for both. Chance is corrected for the number of tests (Holm), so that a
quiet world gives any false alarm with at most the stated risk, and a large effect is asked for so that a long
list does not cry at every small difference.
"""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from models import shift_tests as tests
from models.hazards import Floats
from models.metrics import auc
from models.reference import OPEN_LEADS, Profile, Reference, SourceProfile, mean_of

ALARM, WATCH, QUIET = "alarm", "watch", ""

DISTRIBUTION, FILLED, NEW, VANISHED = "distribution", "filled", "new values", "vanished values"
ROWS, EXPECTED_AUC = "rows", "expected AUC"

COLUMNS = ["source", "column", "check", "before", "now", "effect", "effect_by_chance", "size", "value"]
COLUMNS += ["test", "p", "p_corrected", "level"]

# A size beyond this says no more, and infinity is no number for a table.
_MOST = 10.0


@dataclass(frozen=True)
class Thresholds:
    """What counts as large, and as beyond chance.

    Attributes:
        family_error: the risk that one look at a world without drift gives any alarm.
        watch_at: part of an alarm's size from which a change is shown as ``watch``.
        psi_alarm: population stability index, less what chance makes of it.
        ratio_alarm: how many times larger or smaller a mean must be.
        fill_alarm: change of the share of rows that have a value.
        category_alarm: share of rows with new values, or of a value that vanished.
        volume_alarm: how many times more or fewer rows.
        auc_alarm: fall of the expected AUC.
        exact_below: with fewer rows now than this, tests are exact.
        min_rows: with fewer rows now than this a column is not tested.
        ignored: columns that never give more than ``watch``.
    """

    family_error: float = 0.01
    watch_at: float = 0.4
    psi_alarm: float = 0.25
    ratio_alarm: float = 1.5
    fill_alarm: float = 0.2
    category_alarm: float = 0.05
    volume_alarm: float = 2.0
    auc_alarm: float = 0.05
    exact_below: int = 200
    min_rows: int = 20
    ignored: tuple[str, ...] = ()


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
    return _with_levels(pd.DataFrame(found, columns=[*COLUMNS, "steady"]), thresholds)


def _with_levels(table: pd.DataFrame, thresholds: Thresholds) -> pd.DataFrame:
    corrected = tests.holm(table["p"])
    beyond, size = corrected < thresholds.family_error, table["size"].to_numpy(dtype=np.float64)
    shown_only = table["column"].isin(thresholds.ignored) | table["steady"].eq(False)
    alarm = beyond & (size >= 1.0) & ~shown_only.to_numpy(dtype=bool)
    watch = beyond & (size >= thresholds.watch_at) & ~alarm
    levels = np.select([alarm, watch], [ALARM, WATCH], QUIET)
    told = table.assign(p_corrected=corrected, level=levels, rank=np.select([alarm, watch], [0, 1], 2))
    ordered = told.sort_values(["rank", "size"], ascending=[True, False], kind="stable", ignore_index=True)
    return ordered[COLUMNS]


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
            "test": "normal",
            "p": tests.count_p(source.rows, rows),
            "size": _times(rows, before, thresholds.volume_alarm),
            "steady": source.steady,
        }
    if rows < thresholds.min_rows:
        return
    for name, profile in sorted(source.columns.items()):
        column = frame[name] if name in frame.columns else pd.Series(np.full(rows, np.nan))
        checks = _ColumnChecks(profile, column, source.repeats, thresholds)
        yield from ({"column": name, **one} for one in checks.all())


class _ColumnChecks:
    """The checks of one column."""

    def __init__(self, profile: Profile, column: pd.Series, repeats: float, thresholds: Thresholds) -> None:
        self.profile, self.column, self.thresholds = profile, column, thresholds
        self.rows = len(column)
        self.scale = tests.dispersion(profile.by_instant)
        self.reference: Floats = profile.counts / repeats
        self.now: Floats = profile.bins.counts(column).astype(np.float64)
        self.exact = self.rows < thresholds.exact_below

    def all(self) -> Iterator[dict[str, Any]]:
        if self.reference.sum() < self.thresholds.min_rows:
            return
        yield self.distribution()
        if self.reference[-1] or self.now[-1]:
            yield self.filled()
        if self.profile.bins.kind == "category":
            yield self.new_values()
            yield from self.vanished()

    def _p(self, reference: Floats, now: Floats) -> dict[str, Any]:
        if self.exact:
            return {"test": "exact", "p": tests.exact_p(reference / self.scale, now / self.scale)}
        return {"test": "chi2", "p": tests.chi2_p(reference, now, self.scale)}

    def distribution(self) -> dict[str, Any]:
        there = (self.reference > 0) | (self.now > 0)
        reference, now = self.reference[there], self.now[there]
        index = tests.psi(tests.shares(reference), tests.shares(now))
        chance = self.scale * tests.psi_by_chance(int(there.sum()), reference.sum(), now.sum())
        before, mean = self.profile.mean, mean_of(self.column) if self.profile.means else math.nan
        told = {"check": DISTRIBUTION, "before": before, "now": mean}
        return {
            **told,
            "effect": index,
            "effect_by_chance": chance,
            **self._p(self.reference, self.now),
            "size": max(
                min(_MOST, (index - chance) / self.thresholds.psi_alarm),
                _times(mean, before, self.thresholds.ratio_alarm),
            ),
        }

    def filled(self) -> dict[str, Any]:
        reference, now = (np.array([c[:-1].sum(), c[-1]]) for c in (self.reference, self.now))
        before, share = reference[0] / reference.sum(), now[0] / now.sum()
        gone = before / self.thresholds.category_alarm if share == 0.0 else 0.0
        return {
            "check": FILLED,
            "before": float(before),
            "now": float(share),
            "effect": float(share - before),
            **self._p(reference, now),
            "size": min(_MOST, max(abs(share - before) / self.thresholds.fill_alarm, gone)),
        }

    def new_values(self) -> dict[str, Any]:
        values, known = self.profile.bins.unseen(self.column), int(self.now[:-1].sum())
        unseen, share = int(self.now[-2]), self.now[-2] / self.rows
        reference = float(self.reference[:-1].sum())
        return {
            "check": NEW,
            "before": 0.0,
            "now": float(share),
            "effect": float(share),
            "value": values[0] if values else None,
            "test": "exact",
            "p": tests.unseen_p(self.profile.seen_once, reference, unseen, known),
            "size": min(_MOST, share / self.thresholds.category_alarm),
        }

    def vanished(self) -> Iterator[dict[str, Any]]:
        """Of the values that are gone, the one that was most frequent."""
        places = range(len(self.profile.bins.values))
        gone = [place for place in places if self.now[place] == 0]
        if not gone:
            return
        most = max(gone, key=lambda place: self.reference[place])
        share = self.reference[most] / self.reference.sum()
        counts = [np.array([c[most], c.sum() - c[most]]) / self.scale for c in (self.reference, self.now)]
        yield {
            "check": VANISHED,
            "before": float(share),
            "now": 0.0,
            "effect": float(-share),
            "value": self.profile.bins.values[most],
            "test": "exact",
            "p": min(1.0, tests.exact_p(*counts) * len(places)),
            "size": min(_MOST, share / self.thresholds.category_alarm),
        }


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
            "p": tests.next_p(known, now),
            "size": min(_MOST, max(0.0, mean - now) / thresholds.auc_alarm),
        }


def _times(now: float, before: float, times: float) -> float:
    """How often one must be multiplied by ``times`` to reach the other; 0 where either is missing.

    >>> _times(4.0, 1.0, 2.0), _times(1.0, 4.0, 2.0), _times(0.0, 1.0, 2.0), _times(math.nan, 1.0, 2.0)
    (2.0, 2.0, 10.0, 0.0)
    """
    if math.isnan(now) or math.isnan(before) or now == before:
        return 0.0
    if min(now, before) <= 0.0:
        return _MOST
    return min(_MOST, abs(math.log(now / before)) / math.log(times))
