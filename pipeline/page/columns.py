"""Columns of words, counts, rates and differences, in the page's one way of writing numbers."""

from collections.abc import Iterable, Sequence

import numpy as np

from pipeline.page.blocks import Column

NOTHING = "–"


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


def with_interval(
    head: str,
    values: Sequence[float],
    low: Sequence[float],
    high: Sequence[float],
    form: str = "{:.1%}",
) -> Column:
    """A column of estimates with their 95 % intervals.

    >>> with_interval("closed", [0.2], [0.1], [0.3]).texts
    ['20.0% (10.0% – 30.0%)']
    """
    shown = f"{form} ({form} – {form})"
    kept = [tuple(map(float, three)) for three in zip(values, low, high, strict=True)]
    texts = [NOTHING if np.isnan(three[0]) else shown.format(*three) for three in kept]
    return Column(head, texts, [three[0] for three in kept])


def points(head: str, values: Sequence[float], low: Sequence[float], high: Sequence[float]) -> Column:
    """A column of differences between rates, in percentage points with their sign.

    >>> points("gap", [0.021], [-0.01], [0.052]).texts
    ['+2.1 (-1.0 – +5.2)']
    """
    scaled = [list(100.0 * np.asarray(one, dtype=np.float64)) for one in (values, low, high)]
    return with_interval(head, scaled[0], scaled[1], scaled[2], form="{:+.1f}")


def _missing(value: object) -> bool:
    return value is None or value == "" or (isinstance(value, float) and np.isnan(value))
