"""How often leads with a feature's value close, against all leads: learned once, looked up afterwards."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from math import isfinite
from typing import Any, Self

import numpy as np
import numpy.typing as npt
import pandas as pd

from models.arrays import Floats
from models.disclosure import RARE, blunt_edges, of_each_lead
from models.hazards import Bools

# Fewer leads than this tell no rate, and so many average leads are added to those there are (an m-estimate,
# Cestnik, Estimating Probabilities: A Crucial Task in Machine Learning, 1990).
LEAST_LEADS = 20

_PARTS = (0.2, 0.4, 0.6, 0.8)


@dataclass(frozen=True)
class Rates:
    """Close rates of a feature's values over that of all leads; none where there were too few leads.

    Attributes:
        edges: of a number's bins: the last value of each bin but the last.
        bins: ratio of each bin.
        values: of a category: ratio of each value.
        missing: ratio of the leads without a value.
    """

    edges: tuple[float, ...] = ()
    bins: tuple[float | None, ...] = (None,)
    values: Mapping[str, float | None] | None = None
    missing: float | None = None

    def ratios(self, column: npt.NDArray[Any]) -> Floats:
        """The ratio of each value, NaN where there is none.

        >>> Rates((0.0, 2.0), (0.5, 1.2, 3.1), missing=0.9).ratios(np.array([0.0, 1.0, 2.0, 7.0, np.nan]))
        array([0.5, 1.2, 1.2, 3.1, 0.9])
        """
        if self.values is not None:
            rest = self.values.get(RARE)
            told = [self.missing if value is None else self.values.get(value, rest) for value in column]
            return np.array(told, dtype=np.float64)
        table = np.array([*self.bins, self.missing], dtype=np.float64)
        number = column.astype(np.float64)
        place = np.searchsorted(np.array(self.edges), number, side="left")
        return np.asarray(table[np.where(np.isnan(number), len(self.bins), place)])

    def to_dict(self) -> dict[str, Any]:
        """As JSON knows it."""
        told = {"edges": list(self.edges), "bins": list(self.bins)}
        return (told if self.values is None else {"values": dict(self.values)}) | {"missing": self.missing}

    @classmethod
    def from_dict(cls, state: Mapping[str, Any]) -> Self:
        """Read back ``to_dict``.

        Raises:
            ValueError: a ratio is no positive number, the edges do not rise, or do not fit the bins.
        """
        missing = _ratio(state["missing"])
        if "values" in state:
            return cls(values={str(v): _ratio(r) for v, r in state["values"].items()}, missing=missing)
        edges = tuple(float(edge) for edge in state["edges"])
        bins = tuple(_ratio(ratio) for ratio in state["bins"])
        rise = all(a < b for a, b in pairwise(edges))
        if len(bins) != len(edges) + 1 or not rise or not all(map(isfinite, edges)):
            raise ValueError("the edges of a feature's values do not rise, or do not fit its close rates")
        return cls(edges, bins, missing=missing)


@dataclass(frozen=True)
class ClosedRows:
    """What rates are learned from: which rows closed, how many a lead has on average, whose they are.

    Edges of a number's bins have ``least`` leads on either side; with 1 they are values that are there.
    """

    closed: Floats
    rows_per_lead: float
    lead_ids: npt.NDArray[Any] | None = None
    least: int = 1

    def ratio(self, rows: Bools) -> float | None:
        """Close rate of some rows over that of all, drawn towards 1 where they are few."""
        number, least = int(rows.sum()), LEAST_LEADS * self.rows_per_lead
        closes, rate = float(self.closed[rows].sum()), float(self.closed.sum()) / len(self.closed)
        if number < least or not rate:
            return None
        return round((closes + least * rate) / (number + least) / rate, 3)


def learn_rates(values: pd.Series, category: bool, outcomes: ClosedRows) -> Rates:
    """Learn a feature's close rates.

    A number's bins are cut at quantiles of its values, with 0 apart.

    Args:
        values: of the training rows whose outcome is known.
        category: whether they are a category's.
        outcomes: of the same rows.
    """
    missing = values.isna().to_numpy()
    missing_ratio = outcomes.ratio(missing)
    if category:
        told = sorted(values.dropna().unique())
        ratios = {str(value): outcomes.ratio((values == value).to_numpy(dtype=bool)) for value in told}
        kept = {value: ratio for value, ratio in ratios.items() if ratio is not None}
        return Rates(values=kept, missing=missing_ratio)
    numbers = values.to_numpy(dtype=np.float64, na_value=np.nan)
    edges = _edges(numbers[~missing], LEAST_LEADS * outcomes.rows_per_lead)
    if outcomes.lead_ids is not None:
        edges = blunt_edges(edges, of_each_lead(values, outcomes.lead_ids), outcomes.least)
    place = np.where(missing, -1, np.searchsorted(np.array(edges), numbers, side="left"))
    bins = tuple(outcomes.ratio(place == number) for number in range(len(edges) + 1))
    return Rates(edges, bins, missing=missing_ratio)


def _edges(known: Floats, least: float) -> tuple[float, ...]:
    """Last values of the bins but the last one's: quantiles with so many rows between them, and 0 apart."""
    zero = bool((known == 0).any())
    below, above = known[known < 0], known[known > 0]
    ends = [*_quantiles(below, least), *([float(below.max())] if zero and len(below) else [])]
    ends += [0.0] if zero and len(above) else []
    return tuple(dict.fromkeys([*ends, *_quantiles(above, least)]))


def _quantiles(values: Floats, least: float) -> list[float]:
    if len(values) < 2 * least:
        return []
    kept: list[float] = []
    for edge in sorted({float(edge) for edge in np.quantile(values, _PARTS, method="inverted_cdf")}):
        inside = (values > (kept[-1] if kept else -np.inf)) & (values <= edge)
        if inside.sum() >= least and (values > edge).sum() >= least:
            kept.append(edge)
    return kept


def _ratio(value: object) -> float | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not isfinite(value) or value < 0:
        raise ValueError(f"a close rate over the average is {value!r}; expected a number from 0 on")
    return float(value)
