"""Whether two computed the same fifty features."""

import polars as pl
from benchmarks.scale_names import CATEGORIES, NAMES

# Never divided, so that there is nothing to round.
_WHOLE = ("calls", "answered_calls", "inbound_calls", "orders", "agents", "intent_questions", "created")
_TOLERANCE = 1e-9


def differing(told: pl.DataFrame, expected: pl.DataFrame, key: tuple[str, ...] = ("lead_id",)) -> list[str]:
    """The features that differ in any row, or the key itself.

    Missing has to be missing, words and counts are compared to the letter and what was divided to the
    ninth digit.
    """
    told, expected = told.sort(key), expected.sort(key)
    if not told.select(key).equals(expected.select(key)):
        return list(key)
    return [name for name in NAMES if not _same(name, told[name].cast(expected[name].dtype), expected[name])]


def _same(name: str, mine: pl.Series, theirs: pl.Series) -> bool:
    if name in CATEGORIES:
        return mine.equals(theirs)
    mine = mine.fill_nan(None)
    tolerance = 0.0 if name.startswith(_WHOLE) else _TOLERANCE
    apart = (mine - theirs).abs() > tolerance * (1 + theirs.abs())
    return bool((mine.is_null() == theirs.is_null()).all()) and not apart.any()
