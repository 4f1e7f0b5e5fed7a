"""What the gate measures: a challenger beside each rival on the same rows, with the intervals that decide.

Differences are paired: the same rows, the same resampled leads (``models.metrics.bootstrap``).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.special import ndtri

from models.arrays import Floats
from models.metrics.auc_error import auc_difference_error
from models.metrics.bootstrap import LeadDraws, interval_of
from models.metrics.holm import holm_intervals
from models.metrics.scores import Metric, auc, capture_at, log_loss, surprise
from pipeline.evaluation.leaderboard import LOWER_IS_BETTER, System

CHAMPION_SYSTEM = "champion"
# The same chance for every lead: whatever the rate, it puts none before another, and its AUC is .5.
CONSTANT = "constant close rate"
BETTER, ALIKE, WORSE = "better", "not told apart", "worse"
NOT_WORSE = "not worse"
# The mean over horizons, in the place of one.
MEAN = "mean"

# Risk that a challenger as good as its rivals is called worse than any: than the champion, and than the rest.
GATE_RISK = 0.05
# Standard errors of the mean log-loss's difference by which the challenger may seem worse.
SLACK_ERRORS = float(ndtri(1.0 - GATE_RISK))

COLUMNS = ["metric", "horizon", "against", "asked", "challenger", "other"]
COLUMNS += ["better_by", "low", "high", "verdict"]


@dataclass(frozen=True)
class Bench:
    """The rows to judge by, with the challenger's chances and those of its rivals.

    Attributes:
        challenger: P(closed by each horizon), (rows, horizons).
        champion: likewise; none if there is none.
        rivals: rule schemes and baselines.
        closed: 1, 0 and NaN, of the same shape.
        lead_ids: whose rows these are.
        horizons: names of the columns.
        judged: places of the horizons that have enough closes.
        seed: of the bootstrap over leads.
    """

    challenger: Floats
    champion: Floats | None
    rivals: tuple[System, ...]
    closed: Floats
    lead_ids: npt.NDArray[np.object_]
    horizons: tuple[str, ...]
    judged: Sequence[int]
    seed: int

    def table(self, capacity: float) -> pd.DataFrame:
        """All that is asked, a line each; ``COLUMNS`` are those of ``gate.Decision``."""
        champion = self._against_champion(capacity)
        others = self._not_worse([("auc", auc, k, one) for k in self.judged for one in self._systems])
        lines = [*champion, *others, *self._better_than_nothing(), *self._better_than_the_best()]
        return pd.DataFrame(lines, columns=COLUMNS)

    @property
    def _systems(self) -> list[tuple[str, Floats]]:
        return [(one.name, one.probabilities) for one in self.rivals]

    @cached_property
    def _draws(self) -> Mapping[int, LeadDraws]:
        return {k: LeadDraws.of(self.lead_ids[self._ripe(k)], seed=self.seed) for k in self.judged}

    def _ripe(self, k: int) -> npt.NDArray[np.bool_]:
        ripe: npt.NDArray[np.bool_] = ~np.isnan(self.closed[:, k])
        return ripe

    def _against_champion(self, capacity: float) -> list[dict[str, object]]:
        if self.champion is None:
            return []
        metrics = {
            "log_loss": log_loss,
            "auc": auc,
            "closes_at_capacity": capture_at.with_options(share=capacity),
        }
        rival = CHAMPION_SYSTEM, self.champion
        asked = [(name, metric, k, rival) for name, metric in metrics.items() for k in self.judged]
        return [*self._not_worse(asked), self._mean_log_loss(self.champion)]

    def _not_worse(
        self, asked: Sequence[tuple[str, Metric, int, tuple[str, Floats]]]
    ) -> list[dict[str, object]]:
        """Lines that are wanted not to be worse, all of them together (Holm)."""
        found = [self._gain(metric, name, k, other) for name, metric, k, (_, other) in asked]
        errors = [self._error(metric, name, k, other) for name, metric, k, (_, other) in asked]
        intervals = holm_intervals([gain for _, _, gain in found], errors, GATE_RISK)
        return [
            _line(name, self.horizons[k], rival, NOT_WORSE, mine, its, (gain, each.low, each.high))
            for (name, _, k, (rival, _)), (mine, its, gain), each in zip(asked, found, intervals, strict=True)
        ]

    def _rows(self, k: int, other: Floats) -> tuple[Floats, Floats, Floats]:
        """Closed or not, and the challenger's and the rival's chances, of the ripe rows."""
        ripe = self._ripe(k)
        return self.closed[ripe, k], self.challenger[ripe, k], other[ripe, k]

    def _gain(self, metric: Metric, name: str, k: int, other: Floats) -> tuple[float, float, float]:
        """The challenger's and the rival's measure, and by how much the challenger is better."""
        y, mine, its = self._rows(k, other)
        values = metric(y, mine), metric(y, its)
        return *values, (values[0] - values[1]) * (-1.0 if name in LOWER_IS_BETTER else 1.0)

    def _error(self, metric: Metric, name: str, k: int, other: Floats) -> float:
        """Standard error of the difference, over leads: where there is a formula by that."""
        y, mine, its = self._rows(k, other)
        leads = self.lead_ids[self._ripe(k)]
        if metric is auc:
            return auc_difference_error(y, mine, its, leads)
        if metric is log_loss:
            gains = surprise(y, its) - surprise(y, mine)
            pulls = np.bincount(pd.factorize(leads)[0], (gains - gains.mean()) / len(y))
            return _spread(pulls.astype(np.float64))
        return float(np.nanstd(self._drawn(metric, name, k, other), ddof=1))

    def _drawn(self, metric: Metric, name: str, k: int, other: Floats) -> Floats:
        """How much more the challenger has of a measure than the rival, of each resample."""
        y, *chances = self._rows(k, other)
        mine, its = (self._draws[k].measured({name: metric}, y, p)[name] for p in chances)
        more: Floats = mine - its
        return more

    def _mean_log_loss(self, champion: Floats) -> dict[str, object]:
        """The mean over horizons of the log-loss, with the slack that is given to chance as its upper end."""
        leads = pd.factorize(self.lead_ids)[0]
        pulls, means = np.zeros(leads.max() + 1), []
        for k in self.judged:
            ripe = self._ripe(k)
            y = self.closed[ripe, k]
            losses = [surprise(y, p[ripe, k]) for p in (self.challenger, champion)]
            means.append([one.mean() for one in losses])
            gains = losses[1] - losses[0]
            pulls += np.bincount(leads[ripe], (gains - gains.mean()) / len(y), minlength=len(pulls))
        mine, its = np.mean(means, axis=0)
        reach = SLACK_ERRORS * _spread(pulls) / len(self.judged)
        gain = float(its - mine)
        told = float(mine), float(its), (gain, gain - reach, gain + reach)
        return _line("log_loss", MEAN, CHAMPION_SYSTEM, NOT_WORSE, *told)

    def _better_than_nothing(self) -> list[dict[str, object]]:
        same = np.full_like(self.challenger, 0.5)
        return [self._better(k, CONSTANT, same) for k in self.judged]

    def _better_than_the_best(self) -> list[dict[str, object]]:
        schemes = [one for one in self.rivals if one.kind == "scheme"]
        best = {k: max(schemes, key=lambda one: self._auc(one, k)) for k in self.judged if schemes}
        return [self._better(k, one.name, one.probabilities) for k, one in best.items()]

    def _auc(self, system: System, k: int) -> float:
        ripe = self._ripe(k)
        return auc(self.closed[ripe, k], system.probabilities[ripe, k])

    def _better(self, k: int, against: str, other: Floats) -> dict[str, object]:
        mine, its, gain = self._gain(auc, "auc", k, other)
        each = interval_of(gain, self._drawn(auc, "auc", k, other))
        told = gain, each.low, each.high
        return _line("auc", self.horizons[k], against, BETTER, mine, its, told)


def _spread(pulls: Floats) -> float:
    return float(np.sqrt((pulls**2).sum()))


def _line(
    metric: str,
    horizon: str,
    against: str,
    asked: str,
    mine: float,
    its: float,
    gain: tuple[float, float, float],
) -> dict[str, object]:
    verdict = BETTER if gain[1] > 0.0 else WORSE if gain[2] < 0.0 else ALIKE
    values = (metric, horizon, against, asked, mine, its, *gain, verdict)
    return dict(zip(COLUMNS, values, strict=True))
