"""The scorer: everything that turns a frame of features into probabilities, score, grade and value.

``models.scorer_files`` says how it is saved: text only, nothing of which is executed when read.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any, Self

import numpy as np
import pandas as pd

from models.arrays import Floats
from models.calibration.hazard_calibration import HazardCalibration
from models.close.close_model import CloseModel
from models.close.rfm import levels, read_edges
from models.drift.reference import Reference
from models.grades.policy import GradePolicy
from models.grades.score_bands import ScoreBands
from models.grades.value_tiers import VALUED, Valuation
from models.hazards import compose
from models.reasons.book import ReasonBook
from models.reasons.reason_texts import Reasons
from models.scorer_files import described, read_files, write_files
from models.sealed import error_line, sha256

# Ends of a calibrated probability had one more row like it not closed, or closed.
SENSITIVITY = ("_sensitivity_low", "_sensitivity_high")


@dataclass(frozen=True)
class LeadScorer:
    """Model, calibration, grades and frozen edges; one call from features to a graded list.

    Attributes:
        name: of the configuration it was trained by.
        horizons: names of the horizons, such as ``30d``; they name the probabilities.
        rfm_edges: from ``rfm.learn_rfm_edges``; empty without orders.
        valuation: what leads are worth; none without orders whose amount is known.
        data_fingerprint: of the training data.
        simulation: true for a made-up world.
        recogniser: fingerprint of what heard the transcripts; empty if the log told all itself.
        speakers: the side of labels that name none, such as ``A``, as it was over the log of the training.
        reason_book: what its answers are explained with; without it they are not.
        dropped: columns that were there in training and that it was made to do without.
        bands: how often leads of like probability closed; one of then does not say.
        learned_from: which leads it learned from, as whoever trained it names the limits; one of then does
            not say.
        reference: what its inputs, scores and grades were like in training; without it they are not watched.
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
    speakers: Mapping[str, str] = field(default_factory=dict)
    reason_book: ReasonBook | None = None
    dropped: tuple[str, ...] = ()
    bands: ScoreBands | None = None
    learned_from: Mapping[str, Any] | None = None
    reference: Reference | None = None

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
        """Columns of the scored list that hold probabilities: of each horizon, and how one row moves it."""
        return tuple(f"p_{horizon}{end}" for horizon in self.horizons for end in ("", *SENSITIVITY))

    @property
    def answers(self) -> tuple[str, ...]:
        """Columns of the scored list that are never missing, whatever a row lacks."""
        banded = self.bands.columns if self.bands else ()
        return (*self.chances, "score", *banded, "grade", *(VALUED if self.valuation else ()))

    def score(self, frame: pd.DataFrame, raw: Floats | None = None) -> pd.DataFrame:
        """Score and grade leads; a row's answer does not depend on the other rows.

        Args:
            frame: the feature columns, in any order, any others beside them.
            raw: its ``raw_hazards``, where they are known already.

        Returns:
            On the frame's index: ``p_30d``, ``p_30d_sensitivity_low``, ``p_30d_sensitivity_high`` ...
            (calibrated P(closed within so many days), and what the calibration would make of it had one more
            row like it not closed, or closed: the Venn-Abers ends, no interval for the chance), ``score``
            (raw P(closed within the longest), for ranking inside a grade, since calibration may flatten
            ranks), the columns of ``ScoreBands.of`` where there are bands, ``grade``, with a
            value model the columns of ``Valuation.value``, and ``rfm_r``, ``rfm_f``, ``rfm_m`` where
            there are edges and columns for them.

        Raises:
            ValueError: as ``check_columns``.
        """
        raw = self.raw_hazards(frame) if raw is None else raw
        probabilities, low, high = self.calibration.probabilities(raw)
        by_horizon = np.stack([probabilities, low, high], axis=2).reshape(len(raw), len(self.chances))
        scored = pd.DataFrame(by_horizon, columns=list(self.chances), index=frame.index)
        scored["score"] = compose(raw)[:, -1]
        if self.bands is not None:
            banded = self.bands.of(probabilities[:, -1]).set_axis(frame.index)
            scored = pd.concat([scored, banded], axis=1)
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

    def with_bands(self, bands: ScoreBands) -> Self:
        """The same scorer, telling of each lead how often such leads closed."""
        return replace(self, bands=bands)

    def with_reference(self, reference: Reference) -> Self:
        """The same scorer, to be watched against a reference."""
        return replace(self, reference=reference)

    def with_origin(
        self, data_fingerprint: str, recogniser: str, speakers: Mapping[str, str] | None = None
    ) -> Self:
        """The same scorer, saying which data it learned from, and how their transcripts were read and
        heard.
        """
        return replace(
            self, data_fingerprint=data_fingerprint, recogniser=recogniser, speakers=dict(speakers or {})
        )

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 over all files: equal exactly for scorers that answer and describe alike; found once."""
        return sha256(self._json() + self.model.text_)

    @property
    def _value_text(self) -> str:
        return "" if self.valuation is None else self.valuation.model.text_

    def save(self, folder: Path) -> None:
        """Write the scorer as a new folder: whole, or not at all.

        Raises:
            ValueError: the folder exists already.
        """
        write_files(folder, self._json(), self.model.text_, self._value_text)

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read a saved scorer; its files are checked against their digests first.

        Raises:
            ValueError: in one line, which file is missing, damaged, changed by hand, or of another
                version.
        """
        state, text, value_text = read_files(folder)
        try:
            return cls._from_dict(state, text, value_text)
        except (AttributeError, KeyError, TypeError, ValueError, OverflowError) as error:
            raise ValueError(f"{folder / 'scorer.json'} is no valid scorer: {error_line(error)}") from error

    def _json(self) -> str:
        return described(self._to_dict(), self.model.text_, self._value_text)

    def _to_dict(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "horizons": list(self.horizons),
            "model": self.model.to_dict(),
            "calibration": self.calibration.to_dict(),
            "policy": self.policy.to_dict(),
            "rfm_edges": dict(self.rfm_edges),
            "valuation": self.valuation.to_dict() if self.valuation else None,
            "data_fingerprint": self.data_fingerprint,
            "simulation": self.simulation,
            "recogniser": self.recogniser,
            "reason_book": self.reason_book.to_dict() if self.reason_book else None,
            "dropped": list(self.dropped),
            **({"bands": self.bands.to_dict()} if self.bands else {}),
            **({} if self.learned_from is None else {"learned_from": dict(self.learned_from)}),
            **({"speakers": dict(self.speakers)} if self.speakers else {}),
            **({"reference": self.reference.to_dict()} if self.reference else {}),
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
            rfm_edges=read_edges(state["rfm_edges"]),
            valuation=None if value is None else Valuation.from_dict(value, value_text),
            data_fingerprint=str(state["data_fingerprint"]),
            simulation=bool(state["simulation"]),
            recogniser=str(state["recogniser"]),
            speakers={str(label): str(side) for label, side in state.get("speakers", {}).items()},
            reason_book=ReasonBook.from_dict(state["reason_book"]) if state["reason_book"] else None,
            dropped=tuple(str(name) for name in state.get("dropped", [])),
            bands=ScoreBands.from_dict(state["bands"]) if "bands" in state else None,
            learned_from=dict(state["learned_from"]) if "learned_from" in state else None,
            reference=Reference.from_dict(state["reference"]) if "reference" in state else None,
        )


def _named(recogniser: str) -> str:
    return f"the intents of recogniser {recogniser[:12]}" if recogniser else "the log's own intents"
