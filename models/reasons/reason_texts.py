"""Why a lead has its score: the strongest contributions in words, each thing said once."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from models.arrays import Floats
from models.close.close_model import CloseModel
from models.disclosure import RARE
from models.reasons.book import ReasonBook
from models.reasons.contributions import Contributions
from models.reasons.value_words import sentence

# Rows encoded at a time, so that memory stays flat; and explained at a time, near the processor.
BLOCK_ROWS = 32_768
CHUNK_ROWS = 4_096

# A contribution that moves the odds by less than one in a hundred is no reason.
LEAST = 0.01

# Parts the reasons of a lead; no reason holds it.
BAR = " | "

TEXTS = ("reasons_up_en", "reasons_up_zh", "reasons_down_en", "reasons_down_zh")

Way = Literal["up", "down"]
Places = npt.NDArray[np.intp]
Objects = npt.NDArray[np.object_]


@dataclass(frozen=True)
class _Strongest:
    """The strongest groups of some rows in one direction, all (reasons, rows), strongest first.

    Attributes:
        way: up or down.
        group: its number.
        place: of the feature that speaks for it; -1 where there is no such reason.
        amount: what the group contributes.
    """

    way: Way
    group: Places
    place: Places
    amount: Floats


@dataclass(frozen=True)
class _Words:
    """What is said for them, all (reasons, rows): close rate over the average, and the sentences."""

    ratio: Floats
    en: Objects
    zh: Objects


class Reasons:
    """Reasons of a model's answers; made once, it explains any number of rows, each by itself.

    Args:
        model: the fitted model.
        book: learned with it.

    Raises:
        ValueError: the book is of another model.
    """

    def __init__(self, model: CloseModel, book: ReasonBook) -> None:
        book.check_fit(model.inputs_.columns, model.windows_)
        self._inputs, self._book = model.inputs_, book
        self._columns = model.inputs_.columns
        places = {name: place for place, name in enumerate(self._columns)}
        self._groups = [np.array([places[name] for name in group], dtype=np.intp) for group in book.groups]
        self._contributions = Contributions(model, book.weights)

    def contributions(self, frame: pd.DataFrame) -> pd.DataFrame:
        """What each feature adds to the log-odds, and ``base``: a row's values sum to what is explained."""
        parts = [np.vstack(self._contributions.of(x)).T for _, x, _ in self._chunks(frame)]
        columns = [*self._columns, "base"]
        values = np.concatenate([np.empty((0, len(columns))), *parts])
        return pd.DataFrame(values, columns=columns, index=frame.index)

    def texts(self, frame: pd.DataFrame, top: int) -> pd.DataFrame:
        """The top reasons of each row in words, joined by ``BAR``.

        Returns:
            On the frame's index: ``TEXTS``; missing where there is none.
        """
        columns: dict[str, list[str | None]] = {name: [] for name in TEXTS}
        for _, strongest, words in self._told(frame, top):
            for language, said in (("en", words.en), ("zh", words.zh)):
                columns[f"reasons_{strongest.way}_{language}"] += [
                    BAR.join(filter(None, row)) or None for row in said.T
                ]
        return pd.DataFrame(columns, index=frame.index, dtype="str")

    def listed(self, frame: pd.DataFrame, top: int) -> pd.DataFrame:
        """The top reasons of each row, one a line.

        Returns:
            ``row`` (its number in the frame, from 0), ``way`` (up or down), ``rank`` from 1, ``feature``
            (the one that speaks), ``group`` (the features that it speaks for), ``contribution`` (of the
            group, to the log-odds), ``ratio`` (close rate of such leads over that of all; missing where
            too few are known), ``en``, ``zh``.
        """
        parts = [self._lines(start, strongest, words) for start, strongest, words in self._told(frame, top)]
        lines = pd.concat(parts, ignore_index=True) if parts else self._no_lines()
        return lines.sort_values(["row", "way", "rank"], ascending=[True, False, True], ignore_index=True)

    def _lines(self, start: int, strongest: _Strongest, words: _Words) -> pd.DataFrame:
        said = np.nonzero(strongest.place >= 0)
        return pd.DataFrame(
            {
                "row": start + said[1],
                "way": strongest.way,
                "rank": said[0] + 1,
                "feature": [self._columns[place] for place in strongest.place[said]],
                "group": [" ".join(self._book.groups[group]) for group in strongest.group[said]],
                "contribution": strongest.amount[said],
                "ratio": words.ratio[said],
                "en": words.en[said],
                "zh": words.zh[said],
            }
        ).astype(dict.fromkeys(("feature", "group", "en", "zh"), "str"))

    def _no_lines(self) -> pd.DataFrame:
        none = np.empty((0, 0))
        nothing = _Strongest("up", none.astype(np.intp), none.astype(np.intp), none)
        return self._lines(0, nothing, _Words(none, none.astype(object), none.astype(object)))

    def _told(self, frame: pd.DataFrame, top: int) -> Iterator[tuple[int, _Strongest, _Words]]:
        """First row, reasons up and then down, and their words, of one chunk after another."""
        for start, x, texts in self._chunks(frame):
            own, _ = self._contributions.of(x)
            values = [texts.get(place, x[:, place]) for place in range(len(self._columns))]
            for way in ("up", "down"):
                strongest = self._strongest(own, way, top)
                yield start, strongest, self._words(strongest, values)

    def _chunks(self, frame: pd.DataFrame) -> Iterator[tuple[int, Floats, dict[int, Objects]]]:
        """First row, encoded inputs, and a category's values as people wrote them, by its place."""
        for start in range(0, len(frame), BLOCK_ROWS):
            block = frame.iloc[start : start + BLOCK_ROWS][list(self._columns)]
            x = self._inputs.encode(block)
            texts = {
                place: _texts(self._named(block.iloc[:, place])) for place in self._inputs.category_places
            }
            for first in range(0, len(block), CHUNK_ROWS):
                rows = slice(first, first + CHUNK_ROWS)
                yield start + first, x[rows], {place: text[rows] for place, text in texts.items()}

    def _named(self, values: pd.Series) -> pd.Series:
        """The values that the scorer has names for; of a column with rare ones, all others are rare."""
        table = self._inputs.categories[str(values.name)]
        return values.where(values.isna() | values.isin(table), RARE) if RARE in table else values

    def _strongest(self, own: Floats, way: Way, top: int) -> _Strongest:
        toward = own if way == "up" else -own
        sums = np.empty((len(self._groups), own.shape[1]))
        spokesmen = np.empty(sums.shape, dtype=np.intp)
        for number, group in enumerate(self._groups):
            # One after another, so that a row alone sums to the last bit as among others.
            sums[number] = sum(toward[place] for place in group)
            spokesmen[number] = group[toward[group].argmax(axis=0)] if len(group) > 1 else group[0]
        rows = np.arange(own.shape[1])
        chosen, amounts = [], []
        for _ in range(min(top, len(sums))):
            best = sums.argmax(axis=0)
            chosen.append(best)
            amounts.append(sums[best, rows])
            sums[best, rows] = -np.inf
        shape = (len(chosen), own.shape[1])
        group, amount = np.reshape(chosen, shape).astype(np.intp), np.reshape(amounts, shape)
        place = np.where(amount >= LEAST, spokesmen[group, rows], -1)
        return _Strongest(way, group, place, amount if way == "up" else -amount)

    def _words(self, strongest: _Strongest, values: list[npt.NDArray[Any]]) -> _Words:
        place = strongest.place
        ratio = np.full(place.shape, np.nan)
        en, zh = np.full((2, *place.shape), "", dtype=object)
        for feature in np.unique(place[place >= 0]):
            at = np.nonzero(place == feature)
            shown = values[feature][at[1]]
            ratio[at] = self._book.rates[self._columns[feature]].ratios(shown)
            said = self._sentences(self._columns[feature], shown, ratio[at], up=strongest.way == "up")
            en[at], zh[at] = zip(*said, strict=True)
        return _Words(ratio, en, zh)

    def _sentences(
        self, name: str, shown: npt.NDArray[Any], ratio: Floats, *, up: bool
    ) -> list[tuple[str, str]]:
        """Sentences of one feature, each different one made once."""
        meaning = self._book.meanings[name]
        known: dict[tuple[float | str | None, float | None], tuple[str, str]] = {}
        told = meaning.rounded(shown) if shown.dtype == np.float64 else shown
        asked = list(zip(_or_none(told), _or_none(ratio), strict=True))
        for value, times in asked:
            if (value, times) not in known:
                known[value, times] = sentence(meaning, value, times, up)
        return [known[pair] for pair in asked]


def _texts(column: pd.Series) -> Objects:
    codes, texts = pd.factorize(column)
    return np.array([*texts, None], dtype=object)[codes]


def _or_none(values: npt.NDArray[Any]) -> list[Any]:
    """As a list, with none for what is not a number."""
    return [None if value != value else value for value in values.tolist()]  # noqa: PLR0124
