"""Value tiers from what leads are expected to bring; their edges are learned at fit and frozen.

The names are those of the ``value_tier`` scheme, which looks back at a customer's orders; these tiers look
ahead: P(close by the longest horizon) times the expected amount.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import pandas as pd

from models.arrays import Floats
from models.close.amount_model import ValueModel
from models.grades.cut_offs import share_thresholds

TIERS = ("high", "medium", "low")

# What ``Valuation.value`` tells of a lead.
VALUED = ("expected_amount", "expected_value", "value_tier_learned")

# The best fifth of the rows that the edges are learned on, the next three tenths, the rest.
SHARES = {"high": 0.2, "medium": 0.3}


@dataclass(frozen=True)
class Valuation:
    """The value model and the frozen edges of its tiers.

    Attributes:
        model: expected amount given close.
        edges: least expected value of ``high`` and of ``medium``.
    """

    model: ValueModel
    edges: Mapping[str, float]

    def __post_init__(self) -> None:
        if list(self.edges) != list(SHARES) or not np.isfinite(list(self.edges.values())).all():
            raise ValueError(f"value tiers need finite edges for {', '.join(SHARES)}")

    @classmethod
    def learn(cls, model: ValueModel, expected_value: Floats) -> Self:
        """Set the edges by the shares of the calibration rows.

        Raises:
            ValueError: as ``shares.count_thresholds``.
        """
        edges = share_thresholds(expected_value, list(SHARES.values()))
        return cls(model, dict(zip(SHARES, edges, strict=True)))

    def value(self, frame: pd.DataFrame, chance: Floats) -> pd.DataFrame:
        """What leads are worth.

        Args:
            frame: the feature columns, any others beside them.
            chance: P(close by the longest horizon) of each row.

        Returns:
            On the frame's index: ``expected_amount`` (given close: the lead's potential),
            ``expected_value`` (``chance`` times that) and ``value_tier_learned``.

        Raises:
            ValueError: a column is missing or of another kind; the message names it.
        """
        amount = self.model.predict(frame[list(self.model.inputs_.columns)])
        value = chance * amount
        tiers = np.select([value >= edge for edge in self.edges.values()], list(self.edges), TIERS[-1])
        return pd.DataFrame(
            {
                "expected_amount": amount,
                "expected_value": value,
                "value_tier_learned": pd.array(tiers, dtype="str"),
            },
            index=frame.index,
        )

    def to_dict(self) -> dict[str, Any]:
        """Model and edges as JSON knows them."""
        return {"model": self.model.to_dict(), "edges": dict(self.edges)}

    @classmethod
    def from_dict(cls, state: dict[str, Any], text: str) -> Self:
        """Read back ``to_dict`` and the model's text.

        Raises:
            ValueError: as ``ValueModel.from_dict``, or the edges are not those of the tiers.
        """
        edges = {name: float(state["edges"][name]) for name in SHARES}
        return cls(ValueModel.from_dict(state["model"], text), edges)
