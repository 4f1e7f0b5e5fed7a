"""Looking texts up among known ones in their millions, without building a table anew for each lookup."""

import numpy as np
import pandas as pd
import polars as pl

# Two keys of millions share a hash of 64 bits once in a million times; three seeds will not all fail.
_SEEDS = (0, 1, 2)


class Keys:
    """Known texts, by whose hashes other texts are found; what is found is compared as text."""

    def __init__(self, known: pl.Series) -> None:
        """Number the known texts by their places.

        Args:
            known: texts, each once and none missing.

        Raises:
            ValueError: a text occurs twice.
        """
        self._known = known.rechunk()
        for self._seed in _SEEDS:
            self._index = pd.Index(known.hash(seed=self._seed).to_numpy())
            if self._index.is_unique:
                return
        raise ValueError("keys occur more than once")

    def places(self, texts: pl.Series) -> pl.Series:
        """Each text's place among the known ones; missing for any other.

        Example:
            >>> Keys(pl.Series(["a", "b"])).places(pl.Series(["b", "c", None, "b"])).to_list()
            [1, None, None, 1]
        """
        if not len(self._known):
            return pl.repeat(None, len(texts), dtype=pl.UInt32, eager=True)
        found = self._index.get_indexer(texts.hash(seed=self._seed).to_numpy())
        places = pl.Series(np.maximum(found, 0).astype(np.uint32))
        same = (self._known.gather(places) == texts).fill_null(value=False) & pl.Series(found >= 0)
        return places if same.all() else places.set(~same, None)
