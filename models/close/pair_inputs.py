"""The inputs of training pairs as LightGBM reads them into its bins: some pairs at a time, never all."""

import lightgbm as lgb
import numpy as np

from models.arrays import Floats
from models.close.training_pairs import Pairs


class PairInputs(lgb.Sequence):  # type: ignore[misc]  # LightGBM tells no types
    """Inputs of pairs, written out when they are read: all of them at once are several times the rows.

    Args:
        x: encoded rows.
        pairs: of these rows.
        windows: how many windows there are.

    Example:
        >>> pairs = Pairs(np.array([0.0, 1.0]), np.ones(2), np.array([0, 1]), np.array([0, 1]))
        >>> inputs = PairInputs(np.array([[5.0], [6.0]]), pairs, windows=2)
        >>> len(inputs), inputs[1].tolist(), inputs[0:2].tolist()
        (2, [6.0, 1.0], [[5.0, 0.0], [6.0, 1.0]])
    """

    batch_size = 50_000

    def __init__(self, x: Floats, pairs: Pairs, windows: int) -> None:
        self.x, self.pairs, self.windows = x, pairs, windows

    def __len__(self) -> int:
        return len(self.pairs.row)

    def __getitem__(self, asked: int | slice | list[int]) -> Floats:
        if isinstance(asked, slice | list):
            return self.pairs.some(asked).inputs(self.x, self.windows)
        row = self.x[self.pairs.row[asked]]
        return np.append(row, self.pairs.window[asked]) if self.windows > 1 else row
