"""The checks of one column: its distribution, whether it is filled, values that are new or gone."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from models.arrays import Floats
from models.drift import shift_tests
from models.drift.reference import Profile, mean_of
from models.drift.shift_tests import Dispersion

DISTRIBUTION, FILLED, NEW, VANISHED = "distribution", "filled", "new values", "vanished values"

# A size beyond this says no more, and infinity is no number for a table.
MOST = 10.0


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
        named_from: a new value of fewer leads is counted, and not named.
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
    named_from: int = 1


class ColumnChecks:
    """The checks of one column; ``leads`` says whose its rows are, where that is known."""

    def __init__(
        self,
        profile: Profile,
        column: pd.Series,
        repeats: float,
        thresholds: Thresholds,
        leads: pd.Series | None = None,
    ) -> None:
        self.profile, self.column, self.thresholds, self.leads = profile, column, thresholds, leads
        self.rows = len(column)
        self.dispersion = shift_tests.dispersion(profile.by_instant)
        self.scale = self.dispersion.scale
        self.reference: Floats = profile.counts / repeats
        self.now: Floats = profile.bins.counts(column).astype(np.float64)
        self.exact = self.rows < thresholds.exact_below

    def all(self) -> Iterator[dict[str, Any]]:
        """Every check that fits the column; none where the reference has too few rows.

        Where values come and go by nature, that they do is shown only (``steady`` is false).
        """
        if self.reference.sum() < self.thresholds.min_rows:
            return
        shown_only = {"steady": False} if self.profile.turns_over else {}
        yield self.distribution() | shown_only
        if self.reference[-1] or self.now[-1]:
            yield self.filled()
        if self.profile.bins.kind == "category":
            yield self.new_values() | shown_only
            yield from (one | shown_only for one in self.vanished())

    def _p(self, reference: Floats, now: Floats, found: Dispersion) -> dict[str, Any]:
        if self.exact:
            known = shift_tests.exact_p(reference / found.scale, now / found.scale)
            return {"test": "exact", "p": found.less_certain(known)}
        return {"test": "pearson", "p": shift_tests.pearson_p(reference, now, found)}

    def _filling(self) -> Dispersion:
        """How the share that is filled varies; of values that come and go more than that would be told."""
        if not self.profile.turns_over:
            return self.dispersion
        counts = self.profile.by_instant
        return shift_tests.dispersion(np.column_stack([counts[:, :-1].sum(axis=1), counts[:, -1]]))

    def distribution(self) -> dict[str, Any]:
        """Whether the rows fall into the bins as they did."""
        there = (self.reference > 0) | (self.now > 0)
        reference, now = self.reference[there], self.now[there]
        index = shift_tests.psi(shift_tests.shares(reference), shift_tests.shares(now))
        chance = self.scale * shift_tests.psi_by_chance(int(there.sum()), reference.sum(), now.sum())
        before, mean = self.profile.mean, mean_of(self.column) if self.profile.means else math.nan
        told = {"check": DISTRIBUTION, "before": before, "now": mean}
        return {
            **told,
            "effect": index,
            "effect_by_chance": chance,
            **self._p(self.reference, self.now, self.dispersion),
            "size": max(
                min(MOST, (index - chance) / self.thresholds.psi_alarm),
                times_apart(mean, before, self.thresholds.ratio_alarm),
            ),
        }

    def filled(self) -> dict[str, Any]:
        """Whether as many rows have a value."""
        reference, now = (np.array([c[:-1].sum(), c[-1]]) for c in (self.reference, self.now))
        before, share = reference[0] / reference.sum(), now[0] / now.sum()
        gone = before / self.thresholds.category_alarm if share == 0.0 else 0.0
        return {
            "check": FILLED,
            "before": float(before),
            "now": float(share),
            "effect": float(share - before),
            **self._p(reference, now, self._filling()),
            "size": min(MOST, max(abs(share - before) / self.thresholds.fill_alarm, gone)),
        }

    def new_values(self) -> dict[str, Any]:
        """How many rows have a value that the reference never had; the most frequent is named."""
        known, unseen, share = int(self.now[:-1].sum()), int(self.now[-2]), self.now[-2] / self.rows
        values = (
            self.profile.bins.unseen(self.column, self.leads, self.thresholds.named_from) if unseen else []
        )
        reference = float(self.reference[:-1].sum())
        before = float(self.reference[-2] / self.reference.sum())
        return {
            "check": NEW,
            "before": before,
            "now": float(share),
            "effect": float(share) - before,
            "value": values[0] if values else None,
            "test": "exact",
            "p": shift_tests.unseen_p(self.profile.seen_once, reference, unseen, known),
            "size": min(MOST, max(0.0, share - before) / self.thresholds.category_alarm),
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
            "p": min(1.0, self.dispersion.less_certain(shift_tests.exact_p(*counts)) * len(places)),
            "size": min(MOST, share / self.thresholds.category_alarm),
        }


def times_apart(now: float, before: float, times: float) -> float:
    """How often one must be multiplied by ``times`` to reach the other; 0 where either is missing.

    >>> times_apart(4.0, 1.0, 2.0), times_apart(1.0, 4.0, 2.0), times_apart(0.0, 1.0, 2.0)
    (2.0, 2.0, 10.0)
    """
    if math.isnan(now) or math.isnan(before) or now == before:
        return 0.0
    if min(now, before) <= 0.0:
        return MOST
    return min(MOST, abs(math.log(now / before)) / math.log(times))
