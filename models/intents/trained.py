"""A recogniser fitted on a team's own labelled utterances: n-grams, the lexicon's patterns, a linear machine.

Features and form were chosen by five-fold cross-validation on the training split of a public Chinese
corpus of call-robot utterances (9,918 rows, 90 labels). Binary 1- and 2-grams with marks at both ends
tell .849 of the labels, macro-F1 over families is .911; with the expressions of the shipped lexicon as
further features .854 and .918. What was tried and left, on n-grams alone: longer ones .843-.850, pairs of
characters apart .845-.849, naive Bayes weights .849, hinge loss .848, rows that look mislabelled left
out .845-.848, a kernel machine no better; with the expressions: logistic regression .830, weights by
entropy .856 (macro-F1 .917), longer n-grams too .855, the sum of these .855.

A team's labels may be finer than the families: the family is the one whose labels together are the likeliest.
"""

import base64
import binascii
import os
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import sparse
from sklearn.svm import LinearSVC

from models.intents.families import CODE, FAMILIES, Codes, intent_family_of
from models.intents.lexicon import Lexicon
from models.intents.ngrams import Ngrams
from models.sealed import error_line, read_sealed, seal, sha256

FORMAT, VERSION, FILE = "leadgrade-intents", 3, "recogniser.json"
COST = 2.0
# Turns margins into shares that may be summed over a family's labels; from the same cross-validation.
SHARPNESS = 7.0
# What one of the lexicon's expressions counts for, beside n-grams whose squares sum to one; likewise.
MARK_WEIGHT = np.float32(0.1)
# What the lexicon's own answer counts for; chosen on phrasings held out.
ANSWER_WEIGHT = np.float32(0.2)
# Where too few of an utterance's n-grams were ever seen, the likeliest family must lead the next by so much, or the
# lexicon answers; by less, where the lexicon hears nothing. Chosen on the training split and on phrasings held out.
FAMILIAR, LEAD, LEAD_OVER_NOTHING = 0.6, 0.7, 0.3
# Where so few are, no lead counts against what the lexicon hears.
STRANGE = 0.3
UNSURE = [FAMILIAR, LEAD, LEAD_OVER_NOTHING, STRANGE]
# Utterances whose margins are held at a time.
BATCH_UTTERANCES = 1 << 15

LEXICON = Lexicon.shipped()

Floats32 = npt.NDArray[np.float32]


@dataclass(frozen=True)
class TrainedIntents:
    """A fitted recogniser.

    Attributes:
        labels: the team's labels, sorted by their family.
        ngrams: the features.
        weights: (features, labels): of the n-grams, then of the shipped lexicon's expressions and its answers.
        offsets: one per label.

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

    source = "trained"

    def __post_init__(self) -> None:
        shape = (self.ngrams.size + len(LEXICON.expressions) + len(FAMILIES), len(self.labels))
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
        ngrams = Ngrams.learn(texts)
        place = {label: number for number, label in enumerate(known)}
        machine = LinearSVC(C=COST, random_state=seed, max_iter=5000)
        machine.fit(_small(_features(ngrams, texts)), [place[x] for x in labels])
        weights, offsets = machine.coef_.T, machine.intercept_
        if len(known) == 2:
            weights, offsets = np.hstack([-weights, weights]), np.concatenate([-offsets, offsets])
        return cls(tuple(known), ngrams, _float32(weights), _float32(offsets))

    def margins(self, texts: Sequence[str]) -> Floats32:
        """How far each utterance is on each label's side, (utterances, labels)."""
        # A sparse times a dense matrix goes row by row: a row's answer is its own.
        return np.asarray(_features(self.ngrams, texts) @ self.weights + self.offsets, dtype=np.float32)

    def recognise(self, texts: Sequence[str]) -> Codes:
        """The family of each utterance, as its position in ``intents.FAMILIES``; the lexicon's where it is unsure."""
        codes = np.zeros(len(texts), dtype=np.int8)
        for start in range(0, len(texts), BATCH_UTTERANCES):
            some = texts[start : start + BATCH_UTTERANCES]
            codes[start : start + BATCH_UTTERANCES] = self._recognise_some(some)
        return codes

    def _recognise_some(self, texts: Sequence[str]) -> Codes:
        shares = self.shares(texts)
        codes: Codes = self._families[shares.argmax(axis=1)]
        lead = _lead(shares)
        familiar = self.ngrams.familiar(texts)
        unsure = np.flatnonzero((familiar < STRANGE) | ((lead < LEAD) & (familiar < FAMILIAR)))
        heard = LEXICON.recognise([texts[row] for row in unsure.tolist()])
        says = (heard != CODE["none"]) | (lead[unsure] < LEAD_OVER_NOTHING)
        codes[unsure[says]] = heard[says]
        return codes

    def shares(self, texts: Sequence[str]) -> Floats32:
        """How likely each utterance is of each family that was learned, (utterances, families); rows sum to one."""
        margins = self.margins(texts)
        shares = np.exp(SHARPNESS * (margins - margins.max(axis=1, keepdims=True)))
        sums = np.add.reduceat(shares, self._starts, axis=1)
        return np.asarray(sums / sums.sum(axis=1, keepdims=True), dtype=np.float32)

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
        state = read_sealed(path, FORMAT, VERSION, "recogniser")
        try:
            return cls._from_dict(state)
        except (KeyError, TypeError, ValueError, OverflowError, binascii.Error) as error:
            raise ValueError(f"{path} is no valid recogniser: {error_line(error)}") from error

    def _json(self) -> str:
        state: dict[str, Any] = {
            "format": FORMAT,
            "version": VERSION,
            "labels": list(self.labels),
            "families": [intent_family_of(label) for label in self.labels],
            "sharpness": SHARPNESS,
            "unsure": UNSURE,
            "lexicon": LEXICON.fingerprint,
            "characters": self.ngrams.characters,
            "pairs": _to_text(self.ngrams.pairs, "<i8"),
            "common": _to_text(self.ngrams.common, "<i8"),
            "weights": _to_text(self.weights, "<f4"),
            "offsets": _to_text(self.offsets, "<f4"),
        }
        return seal(state)

    @classmethod
    def _from_dict(cls, state: dict[str, Any]) -> "TrainedIntents":
        labels = tuple(str(label) for label in state["labels"])
        if (
            state["families"] != [intent_family_of(label) for label in labels]
            or state["sharpness"] != SHARPNESS
            or state["unsure"] != UNSURE
        ):
            raise ValueError("its families are others than this program's: train again")
        if state["lexicon"] != LEXICON.fingerprint:
            raise ValueError("its lexicon is another than this program's: train again")
        pairs, common = (_from_text(state[name], "<i8").astype(np.int64) for name in ("pairs", "common"))
        ngrams = Ngrams(str(state["characters"]), pairs, common)
        weights = _from_text(state["weights"], "<f4").reshape(-1, len(labels))
        return cls(labels, ngrams, _float32(weights), _float32(_from_text(state["offsets"], "<f4")))


def _features(ngrams: Ngrams, texts: Sequence[str]) -> sparse.csr_array:
    """(utterances, n-grams, expressions and families), float32; a row depends on its own text alone."""
    rows, families = np.arange(len(texts), dtype=np.int32), LEXICON.recognise(texts).astype(np.int32)
    said = np.full(len(texts), ANSWER_WEIGHT, dtype=np.float32)
    answers = sparse.csr_array((said, (rows, families)), shape=(len(texts), len(FAMILIES)))
    marks = MARK_WEIGHT * LEXICON.marks(texts)
    return sparse.hstack([ngrams.matrix(texts), marks, answers], format="csr")


def _small(features: sparse.csr_array) -> sparse.csr_matrix:
    """As the machine takes them: double precision, short indices."""
    found = sparse.csr_matrix(features, dtype=np.float64)
    found.indices, found.indptr = found.indices.astype(np.int32), found.indptr.astype(np.int32)
    return found


def _lead(shares: Floats32) -> Floats32:
    """By how much the likeliest family leads the next."""
    if shares.shape[1] == 1:
        return shares[:, 0]
    best = np.partition(shares, -2, axis=1)
    return np.asarray(best[:, -1] - best[:, -2], dtype=np.float32)


def _by_family(label: str) -> tuple[int, str]:
    return CODE[intent_family_of(label)], label


def _float32(values: npt.NDArray[Any]) -> Floats32:
    return np.ascontiguousarray(values, dtype=np.float32)


def _to_text(values: npt.NDArray[Any], kind: str) -> str:
    return base64.b64encode(np.ascontiguousarray(values).astype(kind).tobytes()).decode("ascii")


def _from_text(text: str, kind: str) -> npt.NDArray[Any]:
    return np.frombuffer(base64.b64decode(text, validate=True), dtype=kind)
