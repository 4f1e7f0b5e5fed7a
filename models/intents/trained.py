"""A recogniser fitted on a team's own labelled utterances: n-grams, the lexicon's patterns, a linear machine.

Features and form were chosen by five-fold cross-validation on the training split of a public Chinese
corpus of call-robot utterances (9,918 rows, 90 labels). Binary 1- and 2-grams with marks at both ends
tell .849 of the labels, macro-F1 over families is .911; with the expressions of the shipped lexicon as
further features .854 and .918. What was tried and left, on n-grams alone: longer ones .843-.850, pairs of
characters apart .845-.849, naive Bayes weights .849, hinge loss .848, rows that look mislabelled left
out .845-.848, a kernel machine no better; with the expressions: logistic regression .830, weights by
entropy .856 (macro-F1 .917), longer n-grams too .855, the sum of these .855.

A team's labels may be finer than the families: the family is the one whose labels together are the likeliest.

What a recogniser never saw it does not know, however sure it seems. Where few of an utterance's pairs of
characters are common in what it was fitted on, the lexicon answers instead: see ``Unsure``.
"""

import base64
import binascii
import os
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import sparse
from sklearn.svm import LinearSVC

from models.arrays import Floats
from models.intents.families import CODE, FAMILIES, Codes, intent_family_of
from models.intents.lexicon import Lexicon
from models.intents.ngrams import Ngrams
from models.intents.versions import TODAY, lexicon_of, lexicon_with
from models.sealed import error_line, read_sealed, seal, sha256

FORMAT, VERSION, FILE = "leadgrade-intents", 3, "recogniser.json"
# Those that teams saved before: without the lexicon's answer, and sure of everything.
FORMER_VERSION = 2
COST = 2.0
# Turns margins into shares that may be summed over a family's labels; from the same cross-validation.
SHARPNESS = 7.0
# What one of the lexicon's expressions counts for, beside n-grams whose squares sum to one; likewise.
MARK_WEIGHT = np.float32(0.2)
# What the lexicon's own answer counts for; likewise, and on phrasings that were held out.
ANSWER_WEIGHT = np.float32(0.2)
# Utterances whose margins are held at a time.
BATCH_UTTERANCES = 1 << 15

Floats32 = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Unsure:
    """When a recogniser leaves an utterance to the lexicon.

    Chosen by three-fold cross-validation on the training split of the public corpus, with at most .002 of
    macro-F1 lost there, for the most on two hand-written sets of phrasings that it had not seen.

    Attributes:
        strange: below this share of familiar pairs no lead counts against what the lexicon hears.
        familiar, lead: below this share the likeliest family must lead the next by so much.
        lead_over_nothing: by so much, where the lexicon hears nothing.
    """

    strange: float = 0.3
    familiar: float = 0.7
    lead: float = 0.5
    lead_over_nothing: float = 0.3

    def asks(self, familiar: Floats, lead: Floats32) -> npt.NDArray[np.bool_]:
        """Which utterances the lexicon is asked about."""
        return (familiar < self.strange) | ((familiar < self.familiar) & (lead < self.lead))


UNSURE = Unsure()


@dataclass(frozen=True)
class TrainedIntents:
    """A fitted recogniser.

    Attributes:
        labels: the team's labels, sorted by their family.
        ngrams: the features.
        weights: (features, labels): of the n-grams, then of the lexicon's expressions, then of its answers.
        offsets: one per label.
        lexicon: whose expressions these are; it stays the one of the training when the shipped one changes.
        unsure: when the lexicon answers instead; never, and without weights of its answers, in former ones.

    >>> from models.intents.families import names
    >>> said = ["多少钱", "什么价钱", "不要", "不要了", "不用"] * 4
    >>> fitted = TrainedIntents.fit(said, ["price", "price", "refusal", "refusal", "refusal"] * 4)
    >>> names(fitted.recognise(["多少钱呀", "不要不要"]))
    ['price', 'refusal']
    """

    labels: tuple[str, ...]
    ngrams: Ngrams
    weights: Floats32
    offsets: Floats32
    lexicon: Lexicon = field(default_factory=Lexicon.shipped)
    unsure: Unsure | None = UNSURE

    source = "trained"

    def __post_init__(self) -> None:
        answers = len(FAMILIES) if self.unsure else 0
        shape = (self.ngrams.size + len(self.lexicon.expressions) + answers, len(self.labels))
        if self.weights.shape != shape or self.offsets.shape != shape[1:]:
            raise ValueError(
                f"weights of shape {self.weights.shape} for {shape[0]} features, {shape[1]} labels"
            )
        if not (np.isfinite(self.weights).all() and np.isfinite(self.offsets).all()):
            raise ValueError("a weight is not a finite number")
        if list(self.labels) != sorted(set(self.labels), key=_by_family):
            raise ValueError("labels are not sorted by family, or not all different")

    @classmethod
    def fit(cls, texts: Sequence[str], labels: Sequence[str], seed: int = 7) -> "TrainedIntents":
        """Fit on labelled utterances; the same utterances in the same order give the same recogniser.

        Raises:
            ValueError: there are not two different labels, or no text at all.
        """
        if len(texts) != len(labels):
            raise ValueError(f"{len(texts)} texts but {len(labels)} labels")
        known = sorted(set(labels), key=_by_family)
        if len(known) < 2:
            raise ValueError(f"{len(known)} different labels: a recogniser needs at least two to tell apart")
        lexicon = lexicon_of(TODAY)
        ngrams = Ngrams.learn(texts, lexicon.spelling)
        place = {label: number for number, label in enumerate(known)}
        machine = LinearSVC(C=COST, random_state=seed, max_iter=5000)
        features = _features(ngrams, lexicon, texts, lexicon.recognise(texts))
        machine.fit(sparse.csr_matrix(features, dtype=np.float64), [place[x] for x in labels])
        weights, offsets = machine.coef_.T, machine.intercept_
        if len(known) == 2:
            weights, offsets = np.hstack([-weights, weights]), np.concatenate([-offsets, offsets])
        return cls(tuple(known), ngrams, _float32(weights), _float32(offsets), lexicon)

    def margins(self, texts: Sequence[str], heard: Codes | None = None) -> Floats32:
        """How far each utterance is on each label's side, (utterances, labels).

        Args:
            texts: the utterances.
            heard: the lexicon's answers; asked for where they are left out and needed.
        """
        answers = heard if heard is not None or not self.unsure else self.lexicon.recognise(texts)
        # A sparse times a dense matrix goes row by row: a row's answer is its own.
        features = _features(self.ngrams, self.lexicon, texts, answers)
        return np.asarray(features @ self.weights + self.offsets, dtype=np.float32)

    def recognise(self, texts: Sequence[str]) -> Codes:
        """The family of each utterance, as its position in ``families.FAMILIES``."""
        codes = np.zeros(len(texts), dtype=np.int8)
        for start in range(0, len(texts), BATCH_UTTERANCES):
            some = texts[start : start + BATCH_UTTERANCES]
            codes[start : start + BATCH_UTTERANCES] = self._recognise_some(some)
        return codes

    def _recognise_some(self, texts: Sequence[str]) -> Codes:
        if self.unsure is None:
            return self._likeliest(self._shares(self.margins(texts)))
        heard = self.lexicon.recognise(texts)
        shares = self._shares(self.margins(texts, heard))
        codes, lead = self._likeliest(shares), _lead(shares)
        says = (heard != CODE["none"]) | (lead < self.unsure.lead_over_nothing)
        instead = self.unsure.asks(self.ngrams.familiar(texts), lead) & says
        codes[instead] = heard[instead]
        return codes

    def _shares(self, margins: Floats32) -> Floats32:
        """How likely each family that was learned is, (utterances, families)."""
        shares = np.exp(SHARPNESS * (margins - margins.max(axis=1, keepdims=True)))
        return np.asarray(np.add.reduceat(shares, self._starts, axis=1), dtype=np.float32)

    def _likeliest(self, shares: Floats32) -> Codes:
        codes: Codes = self._families[shares.argmax(axis=1)]
        return codes

    def label(self, texts: Sequence[str]) -> list[str]:
        """The likeliest of the team's own labels for each utterance."""
        found: list[str] = []
        for start in range(0, len(texts), BATCH_UTTERANCES):
            best = self.margins(texts[start : start + BATCH_UTTERANCES]).argmax(axis=1)
            found += [self.labels[i] for i in best.tolist()]
        return found

    @cached_property
    def _family_codes(self) -> npt.NDArray[np.int8]:
        return np.array([CODE[intent_family_of(label)] for label in self.labels], dtype=np.int8)

    @cached_property
    def _families(self) -> npt.NDArray[np.int8]:
        return self._family_codes[self._starts]

    @cached_property
    def _starts(self) -> npt.NDArray[np.int64]:
        return np.flatnonzero(np.diff(self._family_codes, prepend=np.int8(-1)))

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 over the saved form: equal exactly for recognisers that answer alike."""
        return sha256(self._json())

    def save(self, folder: Path) -> None:
        """Write the recogniser as a new folder with one JSON file: whole, or not at all.

        Raises:
            ValueError: the folder exists already.
        """
        if folder.exists():
            raise ValueError(f"{folder} exists already: choose a new folder for the recogniser")
        part = folder.with_name(f".{folder.name}.{os.getpid()}.part")
        part.mkdir(parents=True)
        (part / FILE).write_text(self._json(), encoding="utf-8", newline="\n")
        part.rename(folder)

    @classmethod
    def load(cls, folder: Path) -> "TrainedIntents":
        """Read a saved recogniser; the file is checked against its digest first.

        Raises:
            ValueError: in one line: it is missing, damaged, changed by hand, or of another version.
        """
        path = folder / FILE
        state = read_sealed(path, FORMAT, VERSION, "recogniser", [FORMER_VERSION])
        try:
            return cls._from_dict(state)
        except (KeyError, TypeError, ValueError, OverflowError, binascii.Error) as error:
            raise ValueError(f"{path} is no valid recogniser: {error_line(error)}") from error

    def _json(self) -> str:
        state: dict[str, Any] = {
            "format": FORMAT,
            "version": VERSION if self.unsure else FORMER_VERSION,
            "labels": list(self.labels),
            "families": [intent_family_of(label) for label in self.labels],
            "sharpness": SHARPNESS,
            "lexicon": self.lexicon.fingerprint,
            "characters": self.ngrams.characters,
            "pairs": _to_text(self.ngrams.pairs, "<i8"),
            "weights": _to_text(self.weights, "<f4"),
            "offsets": _to_text(self.offsets, "<f4"),
        }
        if self.unsure:
            state |= {"unsure": asdict(self.unsure), "common": _to_text(self.ngrams.common, "<i8")}
        return seal(state)

    @classmethod
    def _from_dict(cls, state: dict[str, Any]) -> "TrainedIntents":
        labels = tuple(str(label) for label in state["labels"])
        if (
            state["families"] != [intent_family_of(label) for label in labels]
            or state["sharpness"] != SHARPNESS
        ):
            raise ValueError("its families are others than this program's: train again")
        lexicon = lexicon_with(str(state["lexicon"]))
        unsure = Unsure(**state["unsure"]) if state["version"] == VERSION else None
        common = _from_text(state["common"] if unsure else "", "<i8").astype(np.int64)
        pairs = _from_text(state["pairs"], "<i8").astype(np.int64)
        ngrams = Ngrams(str(state["characters"]), pairs, common, lexicon.spelling)
        weights = _from_text(state["weights"], "<f4").reshape(-1, len(labels))
        offsets = _float32(_from_text(state["offsets"], "<f4"))
        return cls(labels, ngrams, _float32(weights), offsets, lexicon, unsure)


def _features(
    ngrams: Ngrams, lexicon: Lexicon, texts: Sequence[str], answers: Codes | None
) -> sparse.csr_array:
    """(utterances, n-grams, expressions and answers), float32; a row depends on its own text alone."""
    blocks = [ngrams.matrix(texts), MARK_WEIGHT * lexicon.marks(texts)]
    if answers is not None:
        said = np.full(len(texts), ANSWER_WEIGHT, dtype=np.float32)
        place = np.arange(len(texts), dtype=np.int32), answers.astype(np.int32)
        blocks.append(sparse.csr_array((said, place), shape=(len(texts), len(FAMILIES))))
    return sparse.hstack(blocks, format="csr")


def _lead(shares: Floats32) -> Floats32:
    """By how much of all the likeliest family leads the next."""
    best = np.sort(shares, axis=1)
    second = best[:, -2] if shares.shape[1] > 1 else 0.0
    return np.asarray((best[:, -1] - second) / best.sum(axis=1), dtype=np.float32)


def _by_family(label: str) -> tuple[int, str]:
    return CODE[intent_family_of(label)], label


def _float32(values: npt.NDArray[Any]) -> Floats32:
    return np.ascontiguousarray(values, dtype=np.float32)


def _to_text(values: npt.NDArray[Any], kind: str) -> str:
    return base64.b64encode(np.ascontiguousarray(values).astype(kind).tobytes()).decode("ascii")


def _from_text(text: str, kind: str) -> npt.NDArray[Any]:
    return np.frombuffer(base64.b64decode(text, validate=True), dtype=kind)
