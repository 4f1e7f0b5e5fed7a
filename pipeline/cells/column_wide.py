"""What a column decides as a whole for each of its cells, kept so that spans of one file can be compared.

A long file is read span by span. Where two spans of a column would decide otherwise, one of them is read
wrongly, and no cell of it tells.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from functools import reduce
from operator import add
from typing import Any

import polars as pl

from pipeline.cells.ids import point_ids
from pipeline.cells.reading import Reading
from pipeline.cells.text import to_text
from pipeline.values.currencies import foreign
from pipeline.values.day_month import Forms, Order, orders_told
from pipeline.values.marks import narrow, told_mark
from pipeline.values.quantities import column_mark, taken_apart

Decided = Mapping[str, Any]


def decided_by(cells: pl.Series, how: Reading) -> dict[str, Any]:
    """What a column decides, by what is decided, as JSON knows it; nothing where each cell tells for itself.

    Args:
        cells: of the column, or of a span of it.
        how: they are read.
    """
    if cells.dtype != pl.String:
        return {}
    text = to_text(cells, how.source.null_values)
    if how.kind == "instant":
        return _of_times(text, how)
    if how.is_id:
        ids = point_ids(text)
        return {} if ids is None else {"ids": ids}
    if how.kind in ("whole", "real", "milliseconds", "minor_units", "ppm"):
        return _of_quantities(text.unique().drop_nulls(), how)
    return {}


def _of_times(text: pl.Series, how: Reading) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if orders := orders_told(text, how.source.time_formats):
        found["orders"] = [asdict(one) for one in orders]
    forms = Forms.of(text)
    if forms.texts or forms.converted:
        found["forms"] = asdict(forms)
    return found


def _of_quantities(words: pl.Series, how: Reading) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if words.is_empty():
        return found
    if how.source.decimal == "auto":
        told = told_mark(narrow(words)) if how.kind == "milliseconds" else column_mark(words)
        if told is not None:
            found["mark"] = told
    if how.kind == "real" or (how.kind == "minor_units" and not how.currency):
        parts = taken_apart(words, how.source.decimal)
        marks = [mark for mark in parts.mark.unique().sort() if mark]
        if marks and not how.currency:
            found["currency"] = marks
        plain = parts.plain.is_not_null() & ~parts.plain.str.contains(r"^[+-]?0*\.?0*$")
        if how.kind == "real" and plain.any():
            found["percent"] = bool(parts.percent.filter(plain).any())
    return found


def parted_spans(first: Sequence[Decided], key: str) -> tuple[int, int, str] | None:
    """Which two spans of a column decide otherwise, and in words what and how it is settled.

    Args:
        first: what each span decided, in their order.
        key: the configuration key of the source.

    Returns:
        The places of two spans, and the words with ``{0}`` and ``{1}`` for where these stand.

    Example:
        >>> parted_spans([{"mark": (".", True)}, {}, {"mark": (",", False)}], "sources.orders")[:2]
        (0, 2)
    """
    found = (_marks(first, key), _currencies(first), _percents(first), _ids(first), _days(first, key))
    return next((one for one in found if one is not None), None)


def _otherwise(values: Sequence[Any]) -> tuple[int, int] | None:
    """The first place with a value, and the first one with another."""
    told = [place for place, value in enumerate(values) if value is not None]
    other = next((place for place in told if values[place] != values[told[0]]), None)
    return None if other is None else (told[0], other)


def _marks(spans: Sequence[Decided], key: str) -> tuple[int, int, str] | None:
    told = [span.get("mark") for span in spans]
    marks = [one and one[0] for one in told]
    places = _otherwise(marks)
    # What tells itself is read so in either; only what could be either would be read by its span.
    if places is None or not any(one[1] for one in told if one):
        return None
    one, other = (marks[place] for place in places)
    return *places, f"has the decimal mark {one!r} in {{0}} and {other!r} in {{1}}: set {key}.decimal"


def _currencies(spans: Sequence[Decided]) -> tuple[int, int, str] | None:
    told = [span.get("currency") for span in spans]
    there = [place for place, marks in enumerate(told) if marks]
    for place in there[1:]:
        both = [*(told[there[0]] or ()), *(told[place] or ())]
        if foreign(both, ""):
            one, other = (", ".join(told[at] or ()) for at in (there[0], place))
            return there[0], place, f"is in {one!r} in {{0}} and in {other!r} in {{1}}: set currency"
    return None


def _percents(spans: Sequence[Decided]) -> tuple[int, int, str] | None:
    told = [span.get("percent") for span in spans]
    places = _otherwise(told)
    if places is None:
        return None
    one, other = ("per cents" if told[place] else "plain numbers" for place in places)
    return *places, f"holds {one} in {{0}} and {other} in {{1}}: write all with the sign, or none"


def _ids(spans: Sequence[Decided]) -> tuple[int, int, str] | None:
    told = [span.get("ids") for span in spans]
    places = _otherwise(told)
    if places is None:
        return None
    one, other = ("and loses it" if told[place] else "and keeps it" for place in places)
    words = f"has ids that end in .0 {one} in {{0}}, {other} in {{1}}: write the ids as text, without .0"
    return *places, words


def _days(spans: Sequence[Decided], key: str) -> tuple[int, int, str] | None:
    return _orders(spans, key) or _forms(spans)


def _orders(spans: Sequence[Decided], key: str) -> tuple[int, int, str] | None:
    told = [(place, Order(**one)) for place, span in enumerate(spans) for one in span.get("orders", ())]
    for fmt in dict.fromkeys(one.fmt for _, one in told):
        mine = [(place, one) for place, one in told if one.fmt == fmt]
        believing = next((place for place, one in mine if one.doubtful and not one.is_denied), None)
        denying = next((place for place, one in mine if one.is_denied), None)
        # One slip of the pen in a short span is none against the whole file.
        if believing is not None and denying is not None and reduce(add, (o for _, o in mine)).is_denied:
            words = (
                f"is read by {fmt!r} in {{0}}, and {{1}} have dates that read only as {mine[0][1].other!r}"
            )
            return believing, denying, f"{words}: mend {key}.time_formats"
    return None


def _forms(spans: Sequence[Decided]) -> tuple[int, int, str] | None:
    told = {place: Forms(**span["forms"]) for place, span in enumerate(spans) if "forms" in span}
    believing = next((p for p, one in told.items() if one.doubtful and not one.are_half_converted), None)
    texts = next((place for place, one in told.items() if one.texts), None)
    if believing is None or texts is None or not reduce(add, told.values()).are_half_converted:
        return None
    words = (
        "has converted dates in {0} beside dates as text in {1}: day and month may be swapped; export them"
    )
    return believing, texts, f"{words} as text"
