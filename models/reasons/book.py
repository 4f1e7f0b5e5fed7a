"""The reason book: all that turns contributions into words, learned with the model and frozen."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import isfinite
from typing import Any, Self

import numpy as np
import numpy.typing as npt
import pandas as pd

from models.arrays import Floats
from models.hazards import check_events, compose
from models.reasons.groups import check_groups, learn_groups
from models.reasons.value_rates import ClosedRows, Rates, learn_rates
from models.reasons.value_words import Meaning

# The rates are of the longest horizon that so many training rows have closed within.
LEAST_CLOSES = 50


@dataclass(frozen=True)
class ReasonBook:
    """Meanings, groups and close rates of the features, and how the windows weigh in a reason.

    Attributes:
        weights: of each window: its share of the closes within the longest horizon; they sum to 1.
        horizon: the horizon that the close rates are of.
        groups: features that say the same thing; each feature is in one.
        meanings, rates: by feature.
    """

    weights: tuple[float, ...]
    horizon: str
    groups: tuple[tuple[str, ...], ...]
    meanings: Mapping[str, Meaning]
    rates: Mapping[str, Rates]

    def __post_init__(self) -> None:
        columns = tuple(self.meanings)
        check_groups(self.groups, columns)
        if self.rates.keys() != self.meanings.keys():
            raise ValueError("the reason book has meanings and close rates of different features")
        sound = all(isfinite(weight) and weight >= 0 for weight in self.weights)
        if not sound or abs(sum(self.weights) - 1.0) > 1e-9:
            raise ValueError("the weights of the windows are no shares that sum to 1")

    @classmethod
    def learn(
        cls,
        X: pd.DataFrame,
        events: Floats,
        closed: Floats,
        horizons: Sequence[str],
        meanings: Mapping[str, Meaning],
        families: Mapping[str, str],
        lead_ids: npt.ArrayLike,
        least: int = 1,
    ) -> Self:
        """Learn from the training rows.

        Args:
            X: feature columns, one row per (lead, as_of).
            events: closes by window, (rows, windows) of 1, 0 and NaN.
            closed: closes by horizon, of the same shape.
            horizons: their names.
            meanings: of each column.
            families: of each column, a name for the quantity that it measures.
            lead_ids: whose rows these are.
            least: leads between the edges of a number's bins, which are rounded then.
        """
        check_events(events, len(X))
        ripe = int(
            max([h for h in range(len(horizons)) if np.nansum(closed[:, h]) >= LEAST_CLOSES], default=0)
        )
        known = ~np.isnan(closed[:, ripe])
        leads, different = pd.factorize(np.asarray(lead_ids)[known])
        rows_per_lead = float(known.sum()) / max(1, len(different))
        outcomes = ClosedRows(closed[known, ripe], rows_per_lead, leads, least)
        columns = [str(name) for name in X.columns]
        return cls(
            weights=_weights(events),
            horizon=horizons[ripe],
            groups=learn_groups(X, families),
            meanings={name: meanings[name] for name in columns},
            rates={
                name: learn_rates(X.loc[known, name], meanings[name].kind == "category", outcomes)
                for name in columns
            },
        )

    def check_fit(self, columns: Sequence[str], windows: int) -> None:
        """Refuse a book of another model.

        Raises:
            ValueError: it has other columns or windows.
        """
        if set(columns) != self.meanings.keys() or len(self.weights) != windows:
            raise ValueError("the reason book is of a model with other columns or windows")

    def to_dict(self) -> dict[str, Any]:
        """As JSON knows it."""
        return {
            "weights": list(self.weights),
            "horizon": self.horizon,
            "groups": [list(group) for group in self.groups],
            "features": {
                name: {"meaning": self.meanings[name].to_dict(), "rates": self.rates[name].to_dict()}
                for name in self.meanings
            },
        }

    @classmethod
    def from_dict(cls, state: Mapping[str, Any]) -> Self:
        """Read back ``to_dict``.

        Raises:
            ValueError: a part is not what ``to_dict`` writes.
        """
        features = state["features"]
        return cls(
            weights=tuple(float(weight) for weight in state["weights"]),
            horizon=str(state["horizon"]),
            groups=tuple(tuple(str(name) for name in group) for group in state["groups"]),
            meanings={name: Meaning.from_dict(one["meaning"]) for name, one in features.items()},
            rates={name: Rates.from_dict(one["rates"]) for name, one in features.items()},
        )


def _weights(events: Floats) -> tuple[float, ...]:
    """Share of the closes within the longest horizon that falls into each window."""
    hazards = np.nansum(events, axis=0) / (~np.isnan(events)).sum(axis=0)
    within = np.diff(compose(hazards[None, :])[0], prepend=0.0)
    return tuple((within / within.sum()).tolist())
