"""A scorer on frames of features, such as ``leadgrade matrix`` writes."""

import difflib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from models.scorer import LeadScorer
from pipeline.api.given import Given, given_config
from pipeline.config.reserved_names import is_own
from pipeline.errors import ScoringError
from pipeline.scoring.grade_words import meaning
from pipeline.tracking.champion import scorer_for
from pipeline.tracking.saved_scorer import load_scorer

_KEYS = ("lead_id", "customer_id")


@dataclass(frozen=True)
class FrameScorer:
    """A scorer that grades frames.

    Attributes:
        scorer: what was trained.
        graded_by: in words, which one it is.
    """

    scorer: LeadScorer
    graded_by: str

    @property
    def columns(self) -> tuple[str, ...]:
        """The features that a frame must have."""
        return self.scorer.columns

    def grade(self, frame: pd.DataFrame, reasons: int = 0) -> pd.DataFrame:
        """Grade leads: a row of features each, which may be missing.

        Args:
            frame: a column a feature; numbers may be integers, booleans or nullable ones, texts categories.
                Keys and other columns that the program itself adds to a matrix are ignored.
            reasons: how many reasons for and against a close to add, in words of two languages.

        Returns:
            On the frame's index, the columns of ``LeadScorer.score``.

        Raises:
            ScoringError: a column is missing, unknown (the one that it may be meant for is named), or holds
                text for numbers or the reverse.
        """
        self._check_names(frame)
        plain = frame.assign(**{name: _plain(frame[name]) for name in self.columns})
        try:
            scored = self.scorer.score(plain)
            if not reasons:
                return scored
            return pd.concat([scored, self.scorer.reasons(plain, reasons)], axis=1)
        except ValueError as error:
            raise ScoringError(f"the frame does not fit the scorer: {error}") from None

    def _check_names(self, frame: pd.DataFrame) -> None:
        missing = [name for name in self.columns if name not in frame.columns]
        known = {*self.columns, *self.scorer.dropped, *_KEYS}
        strange = [str(name) for name in frame.columns if name not in known and not is_own(str(name))]
        twice = sorted({str(name) for name in frame.columns[frame.columns.duplicated()]})
        wrong = [*(f"two columns {name!r}" for name in twice), *_strangers(strange, missing)]
        if missing:
            wrong.append(f"columns missing: {', '.join(missing)}")
        if wrong:
            raise ScoringError(f"the frame does not fit the scorer: {'; '.join(wrong)}")

    def __repr__(self) -> str:
        """Which scorer it is."""
        horizons = ", ".join(self.scorer.horizons)
        return f"{self.graded_by}: {len(self.columns)} features, closes within {horizons}"

    def _repr_html_(self) -> str:
        """Which scorer it is, and what its grades say."""
        says = pd.DataFrame(meaning(self.scorer.policy)).T
        return (
            f"<p>{pd.Series([repr(self)]).to_frame().to_html(index=False, header=False)}</p>{says.to_html()}"
        )


def scorer_of(source: Given) -> FrameScorer:
    """A scorer's folder, or a configuration's champion, as a scorer of frames.

    Raises:
        ScoringError: there is none, or it is damaged.
    """
    if not isinstance(source, Mapping) and Path(source).is_dir():
        try:
            return FrameScorer(LeadScorer.load(Path(source)), f"the scorer in {source}")
        except ValueError as error:
            raise ScoringError(str(error)) from None
    with given_config(source, None) as config:
        chosen = scorer_for(config, None, lambda: load_scorer(config))
        return FrameScorer(chosen.scorer, chosen.graded_by)


def _strangers(strange: list[str], missing: list[str]) -> Iterator[str]:
    for name in strange:
        close = difflib.get_close_matches(name, missing, n=1)
        yield f"unknown column {name!r}" + (f" (did you mean {close[0]!r}?)" if close else "; drop it")


def _plain(values: "pd.Series[Any]") -> "pd.Series[Any]":
    """A column as the models read it: numbers as doubles, categories as what they stand for."""
    if isinstance(values.dtype, pd.CategoricalDtype):
        values = values.astype(values.cat.categories.dtype)
    if pd.api.types.is_bool_dtype(values.dtype) or pd.api.types.is_integer_dtype(values.dtype):
        return values.astype("Float64").astype("float64")
    return values
