"""Columns of words, counts, rates and differences, in the page's one way of writing numbers."""

from collections.abc import Iterable

import numpy as np
import pandas as pd

from pipeline.page.blocks import Column

NOTHING = "–"

# Names of the columns of an estimate and of its interval's ends.
Bounded = tuple[str, str, str]


def words(head: str, values: Iterable[object]) -> Column:
    """A column of words; a dash where there is none.

    >>> words("grade", ["A", None]).texts
    ['A', '–']
    """
    return Column(head, [NOTHING if _missing(value) else str(value) for value in values])


def numbers(head: str, values: Iterable[float], form: str = "{:,.0f}") -> Column:
    """A column of numbers, by default whole ones.

    >>> numbers("rows", [1200, float("nan")]).texts
    ['1,200', '–']
    """
    kept = [float(value) for value in values]
    return Column(head, [NOTHING if np.isnan(one) else form.format(one) for one in kept], kept)


def rates(head: str, values: Iterable[float]) -> Column:
    """A column of shares of 1, shown in percent.

    >>> rates("closed", [0.125]).texts
    ['12.5%']
    """
    return numbers(head, values, "{:.1%}")


def with_interval(head: str, table: pd.DataFrame, names: Bounded, form: str = "{:.1%}") -> Column:
    """A column of estimates with their 95 % intervals, by default of rates.

    Args:
        head: its heading.
        table: that holds them.
        names: its columns of the estimate and of the interval's ends.
        form: of a number.

    Example:
        >>> found = pd.DataFrame({"rate": [0.2], "low": [0.1], "high": [0.3]})
        >>> with_interval("closed", found, ("rate", "low", "high")).texts
        ['20.0% (10.0% – 30.0%)']
    """
    shown = f"{form} ({form} – {form})"
    kept = table[list(names)].to_numpy(dtype=np.float64, na_value=np.nan)
    texts = [NOTHING if np.isnan(three[0]) else shown.format(*three) for three in kept]
    return Column(head, texts, [float(three[0]) for three in kept])


def points(head: str, table: pd.DataFrame, names: Bounded) -> Column:
    """A column of differences between rates, in percentage points with their sign; arguments as above.

    >>> found = pd.DataFrame({"gap": [0.021], "low": [-0.01], "high": [0.052]})
    >>> points("gap", found, ("gap", "low", "high")).texts
    ['+2.1 (-1.0 – +5.2)']
    """
    scaled = 100.0 * table[list(names)].astype(np.float64)
    return with_interval(head, scaled, names, "{:+.1f}")


def _missing(value: object) -> bool:
    return value is None or value == "" or (isinstance(value, float) and np.isnan(value))
