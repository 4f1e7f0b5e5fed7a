"""Division that gives one row the same bits alone as among a million."""

import numpy as np
import polars as pl
from numpy.typing import NDArray


def ratio(numerator: pl.Expr, denominator: int | pl.Expr) -> pl.Expr:
    """``numerator / denominator`` of integers as the nearest float; missing where the latter is 0.

    Polars divides a longer column by a constant through its reciprocal, and a column of one row
    truly: 1247 / 1,000,000 then differs in the last bit between a lead scored alone and the same
    lead among others. A divisor that is a column of its own is always divided by truly.

    Example:
        >>> frame = pl.DataFrame({"ppm": [1247, 1247]})
        >>> frame.select(ratio(pl.col("ppm"), 1_000_000))["ppm"].to_list()
        [0.001247, 0.001247]
    """
    divisor = numerator * 0 + denominator
    return numerator / pl.when(divisor != 0).then(divisor)


def divided(numerator: NDArray[np.int64], denominator: int | NDArray[np.int64]) -> NDArray[np.float64]:
    """``numerator / denominator`` of integers as the nearest float; the denominator is not 0.

    NumPy divides by a constant truly, too.

    Example:
        >>> divided(np.array([1247, 1247]), 1_000_000).tolist()
        [0.001247, 0.001247]
    """
    return np.true_divide(numerator, denominator)
