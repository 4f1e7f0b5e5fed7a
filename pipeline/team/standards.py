"""Whether agents grade by one standard: what leads of a chance each calls A or B, and their closes."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import ndtr

from models.arrays import Floats
from models.hazards import Bools
from models.metrics.rates import wilson
from models.metrics.realised import closes_p
from pipeline.config.reports import Audit

# What is looked at: more leads of the grade than others give at the same chances; fewer closes of them than
# what was known of these very leads promises.
MORE_LEADS, FEWER_CLOSES = "more_leads", "fewer_closes"

STANDARD_COLUMNS = (
    "agent",
    "grade",
    "graded",
    "leads",
    "by_others",
    "ripe",
    "closes",
    "expected",
    "rate",
    "low",
    "high",
    "look_at",
)

# Leads are compared with others' of about the same chance.
_BINS = 10


@dataclass(frozen=True)
class _Test:
    """A test of a row: what it looks at, and its p-value."""

    row: int
    looks_at: str
    p: float


def standards(graded: pd.DataFrame, rules: Audit) -> pd.DataFrame:
    """How each agent gives the good grades, beside what all others would give the same leads.

    A lead counts once per agent, when it first got the best grade that this agent gave it. Agents have better
    and worse leads; so an agent's grades are compared with those that others give to leads of the same
    learned chance, and closes with the chances of the agent's own leads. An agent is to be looked at where
    there are more leads of a grade, or fewer closes of them, by more than ``least_gap``, beyond what chance
    makes of so many comparisons (Holm).

    Args:
        graded: ``lead_id``, ``at``, ``agent``, ``grade``, and for each grade of ``rules.horizons_days``
            ``chance_A`` (learned, by its horizon) and ``closed_A`` (1, 0, or missing while that is not ripe).
        rules: the configuration's.

    Returns:
        A row per agent and grade: how many leads the agent ``graded``, to how many ``leads`` of them the
        agent gave this grade or a better one and how many others would (``by_others``), of the ``ripe`` ones
        how many ``closes`` and how many were ``expected``, the close ``rate`` with its interval, and
        ``look_at``: empty, or what to look at.
    """
    ordered = graded.sort_values(["grade", "at", "lead_id"], kind="stable")
    once = ordered.drop_duplicates(["lead_id", "agent"])
    records: list[dict[str, object]] = []
    tests: list[_Test] = []
    letters = list(rules.horizons_days)
    for place, grade in enumerate(letters):
        given = once["grade"].isin(letters[: place + 1])
        told = once.dropna(subset=[f"chance_{grade}"]).assign(given=given)
        for agent in sorted(told["agent"].unique()):
            record, found = _compared(told, str(agent), grade, rules)
            tests += [_Test(len(records), looks_at, p) for looks_at, p in found.items()]
            records.append(record)
    table = pd.DataFrame(records, columns=list(STANDARD_COLUMNS))
    rejected = _rejected(tests, rules.family_error)
    looks = [", ".join(one.looks_at for one in rejected if one.row == row) for row in range(len(table))]
    return table.assign(look_at=pd.Series(looks, dtype="str")).sort_values(
        ["agent", "grade"], ignore_index=True
    )


def _compared(
    told: pd.DataFrame, agent: str, grade: str, rules: Audit
) -> tuple[dict[str, object], dict[str, float]]:
    """An agent's row of a grade, and the p-values of what can be told of it."""
    own = (told["agent"] == agent).to_numpy()
    given, chance = told["given"].to_numpy(dtype=bool), told[f"chance_{grade}"].to_numpy(dtype=float)
    counts = _strata(chance, own, given)
    closed = told[f"closed_{grade}"].to_numpy(dtype=float)
    ripe = own & given & ~np.isnan(closed)
    closes = int(closed[ripe].sum())
    rate = closes / ripe.sum() if ripe.any() else np.nan
    low, high = wilson(rate, int(ripe.sum())) if ripe.any() else (np.nan, np.nan)
    by_others = float((counts.own * counts.share).sum())
    row = (agent, grade, int(own.sum()), int((own & given).sum()), by_others, int(ripe.sum()), closes)
    record = dict(zip(STANDARD_COLUMNS, (*row, float(chance[ripe].sum()), rate, low, high, ""), strict=True))
    tests = {}
    if min(own.sum(), (~own).sum()) >= rules.least and by_others >= 1:
        tests[MORE_LEADS] = counts.more_p(int((own & given).sum()), 1.0 + rules.least_gap)
    promised = (1.0 - rules.least_gap) * chance[ripe]
    if ripe.sum() >= rules.least and closes < promised.sum():
        tests[FEWER_CLOSES] = closes_p(promised, closes, 0.0) / 2.0  # of both sides one is asked
    elif ripe.sum() >= rules.least:
        tests[FEWER_CLOSES] = 1.0
    return record, tests


@dataclass(frozen=True)
class _Strata:
    """Leads of about the same chance: the agent's, others', and to what share of these others gave it."""

    own: Floats
    others: Floats
    share: Floats

    def more_p(self, leads: int, times: float) -> float:
        """Chance of so many, if the agent gave so many times as many as others would."""
        expected = np.minimum(times * self.share, 1.0)
        others = np.maximum(self.others, 1.0)
        spread = (self.own * expected * (1.0 - expected)).sum()
        spread += ((times * self.own) ** 2 * self.share * (1.0 - self.share) / others).sum()
        gap = leads - 0.5 - (self.own * expected).sum()
        return float(ndtr(-gap / np.sqrt(spread))) if spread > 0 else float(gap <= 0)


def _strata(chance: Floats, own: Bools, given: Bools) -> _Strata:
    edges = np.unique(np.quantile(chance, np.linspace(0, 1, _BINS + 1)[1:-1]))
    place = np.searchsorted(edges, chance, side="right")
    size = len(edges) + 1
    mine, others, theirs = (
        np.bincount(place, weights, size).astype(float) for weights in (own, ~own, ~own & given)
    )
    return _Strata(mine, others, np.divide(theirs, others, out=np.zeros(size), where=others > 0))


def _rejected(tests: Sequence[_Test], risk: float) -> list[_Test]:
    """The tests that Holm's method rejects."""
    found = []
    for place, one in enumerate(sorted(tests, key=lambda test: test.p)):
        if one.p >= risk / (len(tests) - place):
            break
        found.append(one)
    return found
