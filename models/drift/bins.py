"""Frozen bins of a column: learned once on a reference, stored as numbers and texts, looked up afterwards."""

from dataclasses import dataclass
from typing import Any, Literal, Self

import numpy as np
import numpy.typing as npt
import pandas as pd

from models.arrays import Ints
from models.disclosure import blunt_edges, of_each_lead, shared_values

CheckKind = Literal["number", "category", "filled"]

QUANTILES = 10

# A column of texts with more different values than this is free text: only whether it is filled is watched.
MOST_VALUES = 200

# A value with less of the rows than this shares one bin with the others as rare.
RARE_SHARE = 0.01


@dataclass(frozen=True)
class Bins:
    """The bins of one column.

    A number falls between edges, ``edge[k-1] < x <= edge[k]``; a category into the bin of its value, that of
    the rare values, or that of values never seen before, or in too few leads to be named; the last bin is
    always that of missing values.

    Attributes:
        kind: of a ``filled`` column only whether it has a value is looked at.
        edges: of a number, increasing.
        values: of a category, those with a bin of their own, sorted.
        rare: other values that the reference has, sorted; one of too few leads is not among them, and counts
            as never seen.

    >>> bins = Bins.learn(pd.Series([0.0, 0.0, 0.0, 1.0, 5.0, None]), "number")
    >>> bins.edges, bins.counts(pd.Series([0.0, 7.0, None])).tolist()
    ((0.0, 1.0, 5.0), [1, 0, 0, 1, 1])
    """

    kind: CheckKind
    edges: tuple[float, ...] = ()
    values: tuple[str, ...] = ()
    rare: tuple[str, ...] = ()

    @classmethod
    def learn(
        cls, reference: pd.Series, kind: CheckKind, leads: npt.ArrayLike | None = None, least: int = 1
    ) -> Self:
        """Edges at the deciles of the reference, or its values; with too many of them it is ``filled``.

        Args:
            reference: a column.
            kind: of its values.
            leads: whose rows these are; without them each row counts as a lead.
            least: a value of fewer leads is not named, and edges are rounded between groups of so many.
        """
        known = reference.dropna()
        whose = np.arange(len(reference)) if leads is None else np.asarray(leads)
        if kind == "number":
            cuts = [float(cut) for cut in _deciles(known)] if len(known) else []
            return cls(kind, edges=blunt_edges(cuts, of_each_lead(reference, whose), least))
        shares = known.astype(str).value_counts(normalize=True)
        if kind == "filled" or len(shares) > MOST_VALUES:
            return cls("filled")
        named = shared_values(reference.astype(str).where(reference.notna()), whose, least)
        common = {value for value in shares.index[shares >= RARE_SHARE] if value in named}
        return cls(kind, values=tuple(sorted(common)), rare=tuple(sorted(named - common)))

    @property
    def size(self) -> int:
        """How many bins there are; missing is the last of them, never seen the one before it."""
        return {"number": len(self.edges) + 2, "category": len(self.values) + 3, "filled": 2}[self.kind]

    def counts(self, column: pd.Series) -> Ints:
        """How many rows fall into each bin."""
        return np.asarray(np.bincount(self.places(column), minlength=self.size), dtype=np.int64)

    def places(self, column: pd.Series) -> Ints:
        """The bin that each row falls into."""
        places: Ints = np.full(len(column), self.size - 1, dtype=np.int64)
        known = column.notna().to_numpy()
        places[known] = self._places_of_known(column[known])
        return places

    def _places_of_known(self, known: pd.Series) -> Ints:
        match self.kind:
            case "number":
                numbers = known.to_numpy(dtype=np.float64)
                found: Ints = np.searchsorted(self.edges, numbers, side="left")
                return found
            case "category":
                table = dict.fromkeys(self.rare, len(self.values))
                table |= {value: place for place, value in enumerate(self.values)}
                places = known.astype(str).map(table).fillna(self.size - 2)
                return np.asarray(places, dtype=np.int64)
            case "filled":
                return np.zeros(len(known), dtype=np.int64)

    def unseen(self, column: pd.Series, leads: npt.ArrayLike | None = None, least: int = 1) -> list[str]:
        """Values of a category that the reference never had, most frequent first; not those of few leads."""
        if self.kind != "category":
            return []
        known = column.dropna().astype(str)
        whose = np.arange(len(column)) if leads is None else np.asarray(leads)
        named = shared_values(known, whose[column.notna().to_numpy()], least)
        found = known[known.isin(named - {*self.values, *self.rare})].value_counts()
        return [str(value) for value in found.sort_index().sort_values(ascending=False, kind="stable").index]

    def to_dict(self) -> dict[str, Any]:
        """CheckKind and bins as JSON knows them."""
        parts = {"edges": list(self.edges), "values": list(self.values), "rare": list(self.rare)}
        return {"kind": self.kind, **{name: part for name, part in parts.items() if part}}

    @classmethod
    def from_dict(cls, state: dict[str, Any]) -> Self:
        """Read back what ``to_dict`` wrote.

        Raises:
            ValueError: no such kind, or edges that do not increase.
        """
        edges = tuple(float(edge) for edge in state.get("edges", []))
        if state["kind"] not in ("number", "category", "filled") or list(edges) != sorted(set(edges)):
            raise ValueError("the reference has bins that are none")
        values, rare = (tuple(str(value) for value in state.get(name, [])) for name in ("values", "rare"))
        return cls(state["kind"], edges, values, rare)


def _deciles(known: pd.Series) -> npt.NDArray[np.float64]:
    """Different deciles, each a value that is there."""
    steps = np.linspace(0.0, 1.0, QUANTILES + 1)[1:-1]
    return np.unique(np.quantile(known.to_numpy(dtype=np.float64), steps, method="inverted_cdf"))
