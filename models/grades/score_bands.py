"""The score band of a lead: how often such leads closed, with an interval on independent rows.

Bands cut calibrated P(close by the longest horizon) at the shares of the rows they are learned on. A band's
rate says of a lead what was seen of its like; the interval is Wilson's on the rows that the rate is worth,
since the rows of one lead are not independent. No interval for the lead's own chance can be had from a label.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import numpy.typing as npt
import pandas as pd

from models.arrays import Floats
from models.metrics.rates import Rate, group_rates, wilson

BAND = "band"

# At most so many bands, of at least so many closes by the longest horizon each.
MOST_BANDS, LEAST_CLOSES = 10, 20


@dataclass(frozen=True)
class ScoreBands:
    """Bands of a probability, and the close rate of each by each horizon.

    Attributes:
        edges: least probability of each band but the lowest.
        rates: of each horizon, rate and independent rows of each band, the lowest first.

    >>> bands = ScoreBands((0.2,), {"30d": (Rate(0.1, 100.0), Rate(0.5, 40.0))})
    >>> bands.of(np.array([0.1, 0.2])).round(2).to_dict("list")
    {'band': [1, 2], 'band_30d': [0.1, 0.5], 'band_30d_low': [0.06, 0.35], 'band_30d_high': [0.17, 0.65]}
    """

    edges: tuple[float, ...]
    rates: Mapping[str, tuple[Rate, ...]]

    @classmethod
    def learn(cls, chance: Floats, closed: Floats, lead_ids: npt.ArrayLike, horizons: Sequence[str]) -> Self:
        """Cut the bands and count.

        Args:
            chance: calibrated P(close by the longest horizon) of each row.
            closed: (rows, horizons) of 1, 0 and NaN (not ripe: not counted by that horizon).
            lead_ids: whose rows these are.
            horizons: names of the columns of ``closed``; one by which a band has no ripe row is left out.
        """
        edges = _edges(chance, float(np.nansum(closed[:, -1])))
        band, leads = np.searchsorted(edges, chance, "right"), np.asarray(lead_ids)
        members = band[:, None] == np.arange(len(edges) + 1)
        rates = {}
        for horizon, outcome in zip(horizons, closed.T, strict=True):
            ripe = ~np.isnan(outcome)
            found = group_rates(members[ripe], outcome[ripe], leads[ripe])
            known = tuple(one for one in found if one is not None)
            if len(known) == len(found):
                rates[horizon] = known
        return cls(tuple(edges.tolist()), rates)

    @property
    def columns(self) -> tuple[str, ...]:
        """Columns of ``of``."""
        return (BAND, *(f"{BAND}_{horizon}{end}" for horizon in self.rates for end in ("", "_low", "_high")))

    def of(self, chance: Floats) -> pd.DataFrame:
        """Each row's band, the lowest being 1, and its close rate by each horizon with the 95 % interval."""
        place = np.searchsorted(self.edges, chance, "right")
        told: dict[str, npt.NDArray[Any]] = {BAND: place + 1}
        for horizon, rates in self.rates.items():
            table = np.array([(one.rate, *wilson(one.rate, one.effective)) for one in rates])
            for end, values in zip(("", "_low", "_high"), table[place].T, strict=True):
                told[f"{BAND}_{horizon}{end}"] = values
        return pd.DataFrame(told)

    def to_dict(self) -> dict[str, Any]:
        """Edges and rates; the horizons in their order, which names in JSON have none of."""
        rates = [[one.rate, one.effective] for found in self.rates.values() for one in found]
        return {"edges": list(self.edges), "horizons": list(self.rates), "rates": rates}

    @classmethod
    def from_dict(cls, state: Mapping[str, Any]) -> Self:
        """Read back what ``to_dict`` wrote.

        Raises:
            ValueError: the edges do not rise, or a horizon has not a rate for each band.
        """
        edges, names = tuple(float(edge) for edge in state["edges"]), [str(one) for one in state["horizons"]]
        rates, bands = [Rate(float(rate), float(worth)) for rate, worth in state["rates"]], len(edges) + 1
        if list(edges) != sorted(set(edges)) or len(rates) != bands * len(names):
            raise ValueError("no score bands: edges must rise, with a rate for each band")
        return cls(edges, {one: tuple(rates[k * bands :][:bands]) for k, one in enumerate(names)})


def _edges(chance: Floats, closes: float) -> Floats:
    """The least probability of each band but the lowest: fewer bands where few closed, or many are alike."""
    bands = int(np.clip(closes // LEAST_CLOSES, 1, MOST_BANDS))
    if not len(chance):
        return np.empty(0)
    cuts = np.quantile(chance, np.arange(1, bands) / bands, method="inverted_cdf")
    edges: Floats = np.unique(cuts[cuts > chance.min()])
    return edges
