"""How far labels and learned grades agree, and who was right where they do not.

Weighted kappa is agreement beyond what the two sets of grades would show if given at random: 1 is full
agreement, 0 none beyond chance. A disagreement weighs as many grades as it spans (linear weights).

Source: Cohen, Psychological Bulletin 70 (1968). The interval is a bootstrap over leads.
"""

import numpy as np
import pandas as pd

from models.arrays import Floats
from models.metrics.bootstrap import Interval, LeadDraws, interval_of
from pipeline.comparison.rates_by_group import rate_gap, rates_by_group
from pipeline.comparison.sides import LEARNED_HIGHER, OTHER_HIGHER, SAME, Sides


def agreement(sides: Sides, seed: int = 0) -> dict[str, object]:
    """One line for a system: how far it agrees with the model, and who was right where it does not.

    Returns:
        ``system``, ``rows`` (that have a label), ``same`` (share of them with the same grade), ``kappa``
        (weighted) with ``kappa_low`` and ``kappa_high``; rows in which the model is higher and those in
        which it is lower, with their close rates and intervals; and ``right_by``: the close rate where the
        model is higher less that where the other is, above 0 where the model was right.
    """
    labelled = sides.rows[sides.rows["steps"].notna()]
    closed, leads = labelled["closed"].to_numpy(dtype=np.float64), labelled["lead_id"]
    kappa = weighted_kappa(sides, seed)
    parts = rates_by_group(labelled["part"], closed, leads, [LEARNED_HIGHER, OTHER_HIGHER, SAME], seed)
    by_part = {one["group"]: one for one in parts.to_dict("records")}
    told: dict[str, object] = {
        "system": sides.name,
        "kind": sides.kind,
        "same_scale": sides.same_scale,
        "rows": len(labelled),
        "same": float((labelled["part"] == SAME).mean()) if len(labelled) else float("nan"),
        "kappa": kappa.estimate,
        "kappa_low": kappa.low,
        "kappa_high": kappa.high,
    }
    for group, word in ((LEARNED_HIGHER, "model_higher"), (OTHER_HIGHER, "other_higher")):
        one = by_part[group]
        told |= {word: one["rows"], f"{word}_closed": one["rate"]}
        told |= {f"{word}_low": one["low"], f"{word}_high": one["high"]}
    apart = rate_gap(labelled["part"], closed, leads, LEARNED_HIGHER, OTHER_HIGHER, seed)
    return told | {"right_by": apart.estimate, "right_low": apart.low, "right_high": apart.high}


def weighted_kappa(sides: Sides, seed: int = 0) -> Interval:
    """Weighted kappa of labels, on the policy's scale, and learned grades; rows without one are left out."""
    labelled = sides.rows[sides.rows["steps"].notna()]
    n = len(sides.grades)
    place = {grade: i for i, grade in enumerate(sides.grades)}
    cells = labelled["its_grade"].map(place).to_numpy(dtype=int) * n
    cells = cells + labelled["learned_grade"].map(place).to_numpy(dtype=int)
    counts = np.eye(n * n)[cells]
    draws = LeadDraws.of(labelled["lead_id"].to_numpy(), seed=seed).sums(counts)
    return interval_of(float(_kappa(counts.sum(axis=0)[None], n)[0]), _kappa(draws, n))


def _kappa(cells: Floats, n: int) -> Floats:
    """Of each line of counts, (lines, grades x grades); NaN where all have one grade on both sides."""
    table = cells.reshape(-1, n, n)
    away = np.abs(np.arange(n)[:, None] - np.arange(n))
    chance = table.sum(axis=2)[:, :, None] * table.sum(axis=1)[:, None, :]
    with np.errstate(invalid="ignore", divide="ignore"):
        expected = (chance * away).sum(axis=(1, 2)) / table.sum(axis=(1, 2))
        kappa: Floats = 1.0 - (table * away).sum(axis=(1, 2)) / expected
    return kappa


def agreements(sides: list[Sides], seed: int = 0) -> pd.DataFrame:
    """``agreement`` of each system, a line each."""
    return pd.DataFrame([agreement(one, seed) for one in sides])
