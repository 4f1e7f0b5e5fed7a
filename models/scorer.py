"""The scorer: everything that turns a frame of features into probabilities, score, grade and value.

Saved as a folder of two or three files, text only, nothing of which is executed when read:

- ``model.txt``: LightGBM's own text form of the trees;
- ``model_value.txt``: likewise of the value model, where there is one that is more than the mean;
- ``scorer.json``: format and version, columns and category tables, calibration with its intervals and how
  it was chosen, grade policy with its promises, frozen edges and scheme parameters, value tiers, the reason
  book, metadata, ``model_sha256`` and ``value_sha256`` (of the other files) and ``content_sha256`` (of
  everything else in this file).

Numbers are written so that they read back to the last bit; equal scorers have equal bytes.
"""

import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any, Self

import numpy as np
import pandas as pd

from models.boosting import CloseModel
from models.calibration import HazardCalibration
from models.grades import GradePolicy
from models.hazards import Floats, compose
from models.reason_book import ReasonBook
from models.reasons import Reasons
from models.rfm import levels
from models.sealed import one_line, read_sealed, read_text, seal, sha256
from models.value_tiers import Valuation

FORMAT = "leadgrade-scorer"
VERSION = 3


@dataclass(frozen=True)
class LeadScorer:
    """Model, calibration, grades and frozen edges; one call from features to a graded list.

    Attributes:
        name: of the configuration it was trained by.
        horizons: names of the horizons, such as ``30d``; they name the probabilities.
        rfm_edges: from ``rfm.learn_edges``; empty without orders.
        valuation: what leads are worth; none without orders whose amount is known.
        data_fingerprint: of the training data.
        simulation: true for a made-up world.
        recogniser: fingerprint of what heard the transcripts; empty if the log told all itself.
        reason_book: what its answers are explained with; without it they are not.
        dropped: columns that were there in training and that it was made to do without.
    """

    name: str
    horizons: tuple[str, ...]
    model: CloseModel
    calibration: HazardCalibration
    policy: GradePolicy
    rfm_edges: Mapping[str, float] = field(default_factory=dict)
    valuation: Valuation | None = None
    data_fingerprint: str = ""
    simulation: bool = False
    recogniser: str = ""
    reason_book: ReasonBook | None = None
    dropped: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        windows = len(self.horizons)
        if self.policy.horizons != self.horizons:
            raise ValueError(f"horizons {self.horizons} but grades for {self.policy.horizons}")
        if self.policy.kind == "value" and self.valuation is None:
            raise ValueError("grades by value need a value model")
        if self.model.windows_ != windows or len(self.calibration.windows) != windows:
            raise ValueError(
                f"{windows} horizons, but a model of {self.model.windows_} windows "
                f"and a calibration of {len(self.calibration.windows)}"
            )
        if self.reason_book is not None:
            self.reason_book.check_fit(self.columns, windows)

    @property
    def columns(self) -> tuple[str, ...]:
        """Feature columns that a frame must have."""
        return self.model.inputs_.columns

    def check_columns(self, frame: pd.DataFrame) -> None:
        """Refuse a frame that cannot be scored; columns beyond ``columns`` are ignored.

        Raises:
            ValueError: naming the columns that are missing, or hold text for numbers or the reverse.
        """
        self.model.inputs_.check(frame)

    def check_recogniser(self, fingerprint: str) -> None:
        """Refuse calls heard by another recogniser than the one it was trained with.

        Raises:
            ValueError: the fingerprints differ.
        """
        if fingerprint != self.recogniser:
            raise ValueError(
                f"it was trained with {_named(self.recogniser)}, the calls come with {_named(fingerprint)}: "
                "set intents.recogniser to the one of the training, or train again"
            )

    def raw_hazards(self, frame: pd.DataFrame) -> Floats:
        """Hazards before calibration, (rows, windows).

        Raises:
            ValueError: as ``check_columns``.
        """
        self.check_columns(frame)
        return self.model.predict_hazards(frame[list(self.columns)])

    @property
    def chances(self) -> tuple[str, ...]:
        """Columns of the scored list that hold probabilities: of each horizon, and its interval's ends."""
        return tuple(f"p_{horizon}{end}" for horizon in self.horizons for end in ("", "_low", "_high"))

    def score(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Score and grade leads; a row's answer does not depend on the other rows.

        Args:
            frame: the feature columns, in any order, any others beside them.

        Returns:
            On the frame's index: ``p_30d``, ``p_30d_low``, ``p_30d_high`` ... (calibrated P(closed within
            so many days) and its Venn-Abers interval, per horizon), ``score`` (raw P(closed within the
            longest), for ranking inside a grade, since calibration may flatten ranks), ``grade``, with a
            value model the columns of ``Valuation.value``, and ``rfm_r``, ``rfm_f``, ``rfm_m`` where
            there are edges and columns for them.

        Raises:
            ValueError: as ``check_columns``.
        """
        raw = self.raw_hazards(frame)
        probabilities, low, high = self.calibration.probabilities(raw)
        by_horizon = np.stack([probabilities, low, high], axis=2).reshape(len(raw), len(self.chances))
        scored = pd.DataFrame(by_horizon, columns=list(self.chances), index=frame.index)
        scored["score"] = compose(raw)[:, -1]
        value = pd.DataFrame(index=frame.index)
        if self.valuation is not None:
            value = self.valuation.value(frame, probabilities[:, -1])
        amount = value["expected_amount"].to_numpy() if len(value.columns) else None
        scored["grade"] = pd.array(self.policy.assign(probabilities, amount), dtype="str")
        return pd.concat([scored, value, levels(frame, self.rfm_edges)], axis=1)

    def reasons(self, frame: pd.DataFrame, top: int = 3) -> pd.DataFrame:
        """The top reasons for and against a close of each lead, in words: ``Reasons.texts``.

        Raises:
            ValueError: as ``check_columns``, or there is no reason book.
        """
        self.check_columns(frame)
        return self.explainer.texts(frame, top)

    @cached_property
    def explainer(self) -> Reasons:
        """What its answers are explained with; made once.

        Raises:
            ValueError: there is no reason book.
        """
        if self.reason_book is None:
            raise ValueError("this scorer has no reason book: train again")
        return Reasons(self.model, self.reason_book)

    def with_policy(self, policy: GradePolicy) -> Self:
        """The same scorer with another grade policy."""
        return replace(self, policy=policy)

    def with_origin(self, data_fingerprint: str, recogniser: str) -> Self:
        """The same scorer, saying which data and which recogniser of intents it learned from."""
        return replace(self, data_fingerprint=data_fingerprint, recogniser=recogniser)

    @property
    def fingerprint(self) -> str:
        """SHA-256 over all files: equal exactly for scorers that answer and describe alike."""
        return sha256(self._json() + self.model.text_)

    @property
    def _value_text(self) -> str:
        return "" if self.valuation is None else self.valuation.model.text_

    def save(self, folder: Path) -> None:
        """Write the scorer as a new folder: whole, or not at all.

        Raises:
            ValueError: the folder exists already.
        """
        if folder.exists():
            raise ValueError(f"{folder} exists already: choose a new folder for the scorer")
        folder.parent.mkdir(parents=True, exist_ok=True)
        part = folder.with_name(f".{folder.name}.{os.getpid()}.part")
        try:
            part.mkdir()
            (part / "model.txt").write_text(self.model.text_, encoding="utf-8", newline="\n")
            if self._value_text:
                (part / "model_value.txt").write_text(self._value_text, encoding="utf-8", newline="\n")
            (part / "scorer.json").write_text(self._json(), encoding="utf-8", newline="\n")
            part.rename(folder)
        finally:
            shutil.rmtree(part, ignore_errors=True)

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read a saved scorer; its files are checked against their digests first.

        Raises:
            ValueError: in one line, which file is missing, damaged, changed by hand, or of another
                version.
        """
        state = read_sealed(folder / "scorer.json", FORMAT, VERSION, "scorer")
        text = _checked_text(folder / "model.txt", state.get("model_sha256"))
        digest = state.get("value_sha256")
        value_text = _checked_text(folder / "model_value.txt", digest) if digest else ""
        try:
            return cls._from_dict(state, text, value_text)
        except (AttributeError, KeyError, TypeError, ValueError, OverflowError) as error:
            raise ValueError(f"{folder / 'scorer.json'} is no valid scorer: {one_line(error)}") from error

    def _json(self) -> str:
        return seal(self._to_dict())

    def _to_dict(self) -> dict[str, Any]:
        return {
            "format": FORMAT,
            "version": VERSION,
            "name": self.name,
            "horizons": list(self.horizons),
            "model": self.model.to_dict(),
            "model_sha256": sha256(self.model.text_),
            "calibration": self.calibration.to_dict(),
            "policy": self.policy.to_dict(),
            "rfm_edges": dict(self.rfm_edges),
            "valuation": self.valuation.to_dict() if self.valuation else None,
            "value_sha256": sha256(self._value_text) if self._value_text else None,
            "data_fingerprint": self.data_fingerprint,
            "simulation": self.simulation,
            "recogniser": self.recogniser,
            "reason_book": self.reason_book.to_dict() if self.reason_book else None,
            "dropped": list(self.dropped),
        }

    @classmethod
    def _from_dict(cls, state: dict[str, Any], text: str, value_text: str) -> Self:
        value = state["valuation"]
        return cls(
            name=str(state["name"]),
            horizons=tuple(str(name) for name in state["horizons"]),
            model=CloseModel.from_dict(state["model"], text),
            calibration=HazardCalibration.from_dict(state["calibration"]),
            policy=GradePolicy.from_dict(state["policy"]),
            rfm_edges=_floats(state["rfm_edges"]),
            valuation=None if value is None else Valuation.from_dict(value, value_text),
            data_fingerprint=str(state["data_fingerprint"]),
            simulation=bool(state["simulation"]),
            recogniser=str(state["recogniser"]),
            reason_book=ReasonBook.from_dict(state["reason_book"]) if state["reason_book"] else None,
            dropped=tuple(str(name) for name in state.get("dropped", [])),
        )


def _checked_text(path: Path, digest: object) -> str:
    text = read_text(path, "scorer")
    if sha256(text) != digest:
        raise ValueError(f"{path} is not the file that was saved: copy the scorer again")
    return text


def _named(recogniser: str) -> str:
    return f"the intents of recogniser {recogniser[:12]}" if recogniser else "the log's own intents"


def _floats(values: Mapping[str, float]) -> dict[str, float]:
    numbers = {str(name): float(value) for name, value in values.items()}
    if not np.isfinite(list(numbers.values())).all():
        raise ValueError("a parameter is not a finite number")
    return numbers
