"""The model's inputs: its column list and category tables, fixed at fit and looked up afterwards."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Self

import numpy as np
import pandas as pd

from models.arrays import Floats
from models.close.turnover import lasting
from models.disclosure import RARE


@dataclass(frozen=True)
class Inputs:
    """Columns in the model's order, known values of those that are categories, ranges of some numbers.

    A number or flag goes in as it is (missing: NaN). A category goes in as its place in the sorted
    table of values seen at fit; missing and unseen values are NaN. Of a column that turns over
    (``models.close.turnover``), or has rare ones, the values that do not last or are rare are one, and so are
    unseen ones. A column with no value at all fits either kind.

    >>> seen = Inputs.learn(pd.DataFrame({"calls_30d": [2.0, 0.0], "region": ["north", "east"]}))
    >>> seen.encode(pd.DataFrame({"calls_30d": [1.0], "region": ["north"]}))
    array([[1., 1.]])
    """

    columns: tuple[str, ...]
    categories: dict[str, tuple[str, ...]]
    ranges: dict[str, tuple[float, float]] = field(default_factory=dict)

    def within(self, ranges: Mapping[str, tuple[float, float]]) -> Self:
        """The same, which holds some numbers within ranges: what lies beyond is taken for the nearer end.

        >>> inputs = Inputs(("rate",), {}).within({"rate": (0.7, 1.3)})
        >>> inputs.encode(pd.DataFrame({"rate": [0.9, 4.8]})).tolist()
        [[0.9], [1.3]]
        """
        return replace(self, ranges=dict(ranges))

    @classmethod
    def learn(cls, frame: pd.DataFrame) -> Self:
        """Take columns, their order and the values of text columns from the training rows, in time order.

        Raises:
            ValueError: no columns, two of one name, or one that is neither numbers nor text.
        """
        columns = tuple(str(name) for name in frame.columns)
        if not columns:
            raise ValueError("no feature columns to learn from")
        _refuse("two columns of one name", sorted({c for c in columns if columns.count(c) > 1}))
        odd = [c for c in columns if not (_is_number(frame[c]) or _is_text(frame[c]))]
        _refuse("neither numbers nor text in", odd)
        text = [c for c in columns if not _is_number(frame[c])]
        return cls(columns, {c: lasting(frame[c]) for c in text})

    def check(self, frame: pd.DataFrame) -> None:
        """Refuse a frame that lacks a column or holds one of another kind; more columns are ignored.

        Raises:
            ValueError: naming every such column.
        """
        _refuse("columns missing", [c for c in self.columns if c not in frame.columns])
        _refuse("two columns of one name", [c for c in self.columns if frame[c].ndim > 1])
        texts = [c for c in self.columns if c not in self.categories and not _is_number_or_empty(frame[c])]
        _refuse("numbers expected in", texts)
        _refuse("text expected in", [c for c in self.categories if not _is_text(frame[c])])

    def encode(self, frame: pd.DataFrame) -> Floats:
        """Matrix of the columns in the model's order, categories as codes.

        Raises:
            ValueError: a column is missing, unknown or of another kind; the message names it.
        """
        self.check(frame)
        _refuse("columns unknown to the model", [str(c) for c in frame.columns if c not in self.columns])
        # Column by column, as it is filled and as it is explained.
        matrix = np.empty((len(frame), len(self.columns)), order="F")
        for place, name in enumerate(self.columns):
            matrix[:, place] = self._encode_column(frame[name])
        return matrix

    def numbers(self, frame: pd.DataFrame, place: int) -> Floats | None:
        """What goes in for the input at a place; none for a category, and beyond the columns."""
        if place >= len(self.columns) or self.columns[place] in self.categories:
            return None
        return self._encode_column(frame[self.columns[place]])

    def _encode_column(self, values: pd.Series) -> Floats:
        if values.isna().all():
            return np.full(len(values), np.nan)
        if str(values.name) not in self.categories:
            numbers = values.to_numpy(dtype=np.float64, na_value=np.nan)
            held = self.ranges.get(str(values.name))
            return numbers if held is None else np.clip(numbers, *held)
        table = pd.Index(self.categories[str(values.name)], dtype="str")
        # Each different text is looked up once; a missing one has code -1, the last place.
        codes, texts = pd.factorize(values)
        places = np.append(table.get_indexer(pd.Index(texts, dtype="str")), -1).astype(np.float64)
        if RARE in table:
            places[:-1][places[:-1] < 0] = table.get_indexer(pd.Index([RARE]))[0]
        return np.where(places < 0, np.nan, places)[codes]

    @property
    def category_places(self) -> list[int]:
        """Positions of the category columns."""
        return [place for place, name in enumerate(self.columns) if name in self.categories]

    def to_dict(self) -> dict[str, Any]:
        """Columns and tables as JSON knows them."""
        return {
            "columns": list(self.columns),
            "categories": {c: list(v) for c, v in self.categories.items()},
            **({"ranges": {c: list(ends) for c, ends in self.ranges.items()}} if self.ranges else {}),
        }

    @classmethod
    def from_dict(cls, state: dict[str, Any]) -> Self:
        """Read back what ``to_dict`` wrote.

        Raises:
            ValueError: names or tables are not lists of different texts.
        """
        columns = _texts(state["columns"])
        categories = {str(name): _texts(table) for name, table in state["categories"].items()}
        if not columns or not categories.keys() <= set(columns):
            raise ValueError("the category tables do not fit the columns")
        ranges = {
            str(name): (float(low), float(high)) for name, (low, high) in state.get("ranges", {}).items()
        }
        ends = np.array([*ranges.values()]).reshape(-1, 2)
        if not ranges.keys() <= set(columns) - set(categories) or not (ends[:, 0] <= ends[:, 1]).all():
            raise ValueError("the ranges do not fit the columns")
        return cls(columns, categories, ranges)


def _texts(values: Iterable[object]) -> tuple[str, ...]:
    texts = tuple(v for v in values if isinstance(v, str))
    if not isinstance(values, list) or len(set(texts)) != len(values):
        raise ValueError("expected a list of different texts")
    return texts


def _refuse(what: str, columns: list[str]) -> None:
    if columns:
        raise ValueError(f"{what}: {', '.join(columns)}")


def _is_number(values: pd.Series) -> bool:
    return pd.api.types.is_numeric_dtype(values.dtype)


def _is_number_or_empty(values: pd.Series) -> bool:
    return _is_number(values) or bool(values.isna().all())


def _is_text(values: pd.Series) -> bool:
    # A single row with a missing text arrives as object or as float, depending on who built the frame.
    if isinstance(values.dtype, pd.StringDtype):
        return True
    known = values.dropna()
    return known.empty or bool(known.map(lambda value: isinstance(value, str)).all())
