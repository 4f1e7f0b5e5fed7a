"""Were the promised close rates kept, and which adjacent grades cannot be told apart.

A promise is itself an estimate, from the calibration period. It is broken where the interval of realised
less promised rate, both uncertain over their leads, leaves out 0. It is kept where that interval holds 0 and
lies within a stated margin, so that no gap that matters is left open. Anything between is not contradicted:
the data could have shown a large gap only, and how large is told. With m promises each interval has level
1 - 0.05 / m (Bonferroni): by chance alone at most one policy in twenty has any promise called broken,
however many grades and horizons it has. The two periods count as independent.

Source: equivalence as in Schuirmann, Journal of Pharmacokinetics and Biopharmaceutics 15 (1987).
"""

from collections.abc import Hashable, Mapping, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from models.arrays import Floats
from models.grades.policy import GradePolicy, Promise
from models.hazards import Bools
from models.metrics.rates import Gap, Rate, detectable_gap, gap, group_rates, lead_influence

RISK = 0.05

# A promise is judged by at least this many leads in either period, and this many closes, promised or seen.
MIN_PROMISE_LEADS = 10
MIN_PROMISE_CLOSES = 5

# A gap up to the larger of these, the second as a part of the promised rate, does not matter.
LEAST_MARGIN, MARGIN_SHARE = 0.03, 0.2

KEPT, HIGHER, LOWER, TOO_FEW = "kept", "broken: higher", "broken: lower", "too few"
NOT_CONTRADICTED = "not contradicted"
# Of the only grade that was given: that everybody closes as often as everybody sets no lead apart.
ONE_GRADE = "one grade for all"
APART, NOT_APART, REVERSED = "apart", "cannot be told apart", "reversed"

_PROMISE_COLUMNS = ["grade", "by", "promised", "promised_low", "promised_high", "realised", "low", "high"]
_PROMISE_COLUMNS += ["leads", "gap", "gap_low", "gap_high", "margin", "detectable", "verdict"]
_PAIR_COLUMNS = ["better", "worse", "by", "rate_better", "rate_worse", "gap", "low", "high", "verdict"]


def check_promises(policy: GradePolicy, realised: pd.DataFrame, risk: float = RISK) -> pd.DataFrame:
    """Put each promise beside what happened since.

    Args:
        policy: with its promises.
        realised: ``policy.grade_table`` of the leads that the policy graded since.
        risk: that any promise is called broken by chance alone.

    Returns:
        One row per promise: ``grade``, ``by``; ``promised`` with its 95 % interval ``promised_low``,
        ``promised_high``; ``realised`` with ``low``, ``high``, on so many ``leads``; ``gap`` (realised
        less promised) with the corrected interval that decides, ``gap_low`` and ``gap_high``; the
        ``margin`` within which a gap does not matter; the gap that would have been found with a chance of
        80 %, ``detectable``; and the ``verdict``: ``kept``, ``broken: higher``, ``broken: lower``, ``not
        contradicted``, ``too few`` where either period has fewer than 10 ripe leads in the grade, or fewer
        than 5 closes were promised and seen, or ``one grade for all`` in the place of ``kept`` and ``not
        contradicted`` where the calibration period held no other grade.
    """
    found = {(row["grade"], row["by"]): row for row in realised.to_dict("records")}
    level = 1.0 - risk / max(1, sum(promise.rate is not None for promise in policy.promises))
    alone = len({promise.grade for promise in policy.promises if promise.leads}) == 1
    rows = [_checked(promise, found.get((promise.grade, promise.by)), level) for promise in policy.promises]
    table = pd.DataFrame(rows, columns=_PROMISE_COLUMNS)
    return table.replace({"verdict": {KEPT: ONE_GRADE, NOT_CONTRADICTED: ONE_GRADE}}) if alone else table


def _checked(promise: Promise, row: Mapping[Hashable, Any] | None, level: float) -> dict[str, Any]:
    told = {
        "grade": promise.grade,
        "by": promise.by,
        "promised": promise.rate,
        "promised_low": promise.low,
        "promised_high": promise.high,
        "leads": 0 if row is None else int(row["leads"]),
        "verdict": TOO_FEW,
    }
    if row is None or not row["rows"]:
        return told
    told |= {"realised": row["rate"], "low": row["low"], "high": row["high"]}
    if promise.rate is None or promise.effective is None:
        return told
    pair = Rate(row["rate"], row["effective"]), Rate(promise.rate, promise.effective)
    apart, margin = gap(*pair, level), max(LEAST_MARGIN, MARGIN_SHARE * promise.rate)
    told |= {"gap": apart.difference, "gap_low": apart.low, "gap_high": apart.high, "margin": margin}
    told["detectable"] = detectable_gap(*pair, level)
    closes = max(row["rate"], promise.rate) * row["rows"]
    enough = min(promise.leads, row["leads"]) >= MIN_PROMISE_LEADS and closes >= MIN_PROMISE_CLOSES
    within = -margin <= apart.low and apart.high <= margin
    held = KEPT if within else NOT_CONTRADICTED
    return told | {"verdict": _side(apart, LOWER, held, HIGHER) if enough else TOO_FEW}


def adjacent_grades(
    grades: npt.ArrayLike,
    closed: Floats,
    lead_ids: npt.ArrayLike,
    horizons: Sequence[str],
    order: Sequence[str],
) -> pd.DataFrame:
    """Whether each grade closed more often than the next one that has leads.

    Args:
        grades: grade of each row.
        closed: (rows, horizons) of 1, 0 and NaN (not ripe: left out at that horizon).
        lead_ids: whose rows these are; a lead may be in both grades at different instants.
        horizons: names of the columns of ``closed``.
        order: the grades, best first.

    Returns:
        One row per pair and horizon: ``better``, ``worse``, ``by``, ``rate_better``, ``rate_worse``,
        ``gap`` with its 95 % interval ``low``, ``high``, and the ``verdict``: ``apart``, ``cannot be told
        apart`` where the interval holds 0, ``reversed`` where the worse grade closed more often.
    """
    names, leads = np.asarray(grades, dtype=object), np.asarray(lead_ids)
    members = np.column_stack([names == grade for grade in order])
    records = []
    for k, horizon in enumerate(horizons):
        ripe = ~np.isnan(closed[:, k])
        records += [
            {"by": horizon, **pair} for pair in _pairs(members[ripe], closed[ripe, k], leads[ripe], order)
        ]
    return pd.DataFrame(records, columns=_PAIR_COLUMNS)


def _pairs(
    members: Bools, closed: Floats, leads: npt.NDArray[Any], order: Sequence[str]
) -> list[dict[str, Any]]:
    influence = lead_influence(members, closed, leads)
    there = [place for place in range(len(order)) if members[:, place].any()]
    rates = {place: one for place, one in enumerate(group_rates(members, closed, leads)) if one is not None}
    pairs = []
    for one, other in pairwise(there):
        correlation = _correlation(influence[:, one], influence[:, other])
        apart = gap(rates[one], rates[other], 1.0 - RISK, correlation)
        pairs.append(
            {
                "better": order[one],
                "worse": order[other],
                "rate_better": rates[one].rate,
                "rate_worse": rates[other].rate,
                "gap": apart.difference,
                "low": apart.low,
                "high": apart.high,
                "verdict": _side(apart, REVERSED, NOT_APART, APART),
            }
        )
    return pairs


def _correlation(one: Floats, other: Floats) -> float:
    spread = float(np.sqrt((one**2).sum() * (other**2).sum()))
    return float((one * other).sum()) / spread if spread else 0.0


def _side(found: Gap, below: str, between: str, above: str) -> str:
    if found.high < 0.0:
        return below
    return above if found.low > 0.0 else between
