"""Exact Shapley values of small trees by table look-up.

A tree of seven leaves asks six questions, so a row's Shapley values in it depend on six yes or no answers:
64 patterns, each worked out once. A row then costs its comparisons, and one look-up for each input that a
tree asks about. The values are those of LightGBM's ``pred_contrib``, to rounding, at many times its speed.

Source: Lundberg, Erion and Lee, Consistent Individualized Feature Attribution for Tree Ensembles (2018),
path-dependent form; the answers' patterns in place of its recursion.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import factorial, prod
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from models.arrays import Floats
from models.hazards import Bools

# More questions in one tree than this would need more patterns than a byte can number.
MOST_SPLITS = 8


@dataclass(frozen=True)
class _Question:
    """A split: a row goes left where its input, a missing one filled, is at most the threshold.

    With ``members`` the input is a category's code, and goes left where it is one of them.
    """

    place: int
    threshold: float
    fill: float = 0.0
    members: tuple[float, ...] = ()

    @property
    def reading(self) -> tuple[int, float, tuple[float, ...]]:
        """What the input is compared as; questions of one reading share a prepared column."""
        return self.place, self.fill, self.members

    def ask(self, values: Floats) -> Bools:
        """Whether rows go left, from their prepared values."""
        return np.asarray(values <= self.threshold)


@dataclass(frozen=True)
class _Leaf:
    """A leaf: its value, and for each question on its way whether it was yes and its share of the rows."""

    value: float
    path: tuple[tuple[int, bool, float], ...]


@dataclass(frozen=True)
class _Tables:
    """A tree ready to be looked up: its questions, and by input the value of each answers' pattern."""

    questions: tuple[tuple[int, _Question], ...]
    values: tuple[tuple[int, Floats], ...]
    expected: float


@dataclass(frozen=True)
class TreeShapley:
    """Shapley values of an ensemble, as a weighted mean over the values of its clock.

    The clock is an input that the rows do not have: the number of the window that the model is asked about.
    """

    readings: tuple[tuple[int, float, tuple[float, ...]], ...]
    trees: tuple[_Tables, ...]
    inputs: int

    @classmethod
    def of(cls, dump: Mapping[str, Any], clock: int | None, weights: Sequence[float]) -> Self | None:
        """Work out the tables of a LightGBM model.

        Args:
            dump: of ``Booster.dump_model``.
            clock: place of the clock among the inputs; none for a model of one window.
            weights: of the clock's values 0, 1, ...; they sum to 1.

        Returns:
            Nothing where a tree has more than ``MOST_SPLITS`` splits.
        """
        grown = [_grown(tree["tree_structure"]) for tree in dump["tree_info"]]
        if max(len(questions) for questions, _ in grown) > MOST_SPLITS:
            return None
        places: dict[tuple[int, float, tuple[float, ...]], int] = {}
        for questions, _ in grown:
            for question in questions:
                if question.place != clock:
                    places.setdefault(question.reading, len(places))
        trees = tuple(_tables(*one, clock, weights, places) for one in grown)
        return cls(tuple(places), trees, int(dump["max_feature_idx"]) + 1)

    def values(self, x: Floats) -> tuple[Floats, float]:
        """Shapley values of rows: (inputs, rows), and the expected value that they are added to.

        Args:
            x: inputs of the rows, (rows, inputs), without the clock where it is the last.
        """
        columns = [_prepared(x[:, place], fill, members) for place, fill, members in self.readings]
        out = np.zeros((self.inputs, len(x)))
        pattern, answer = np.empty((2, len(x)), dtype=np.uint8)
        part = np.empty(len(x))
        for tree in self.trees:
            pattern[:] = 0
            for bit, (column, question) in enumerate(tree.questions):
                np.multiply(question.ask(columns[column]), np.uint8(1 << bit), out=answer)
                np.bitwise_or(pattern, answer, out=pattern)
            rows = pattern.astype(np.intp)
            for place, table in tree.values:
                table.take(rows, out=part, mode="clip")
                out[place] += part
        return out, sum(tree.expected for tree in self.trees)


def _prepared(values: Floats, fill: float, members: tuple[float, ...]) -> Floats:
    if members:
        return np.where(np.isin(values, members), 0.0, 1.0)
    return np.where(np.isnan(values), fill, values)


def _grown(structure: Mapping[str, Any]) -> tuple[list[_Question], list[_Leaf]]:
    questions: list[_Question] = []
    leaves: list[_Leaf] = []

    def walk(node: Mapping[str, Any], path: tuple[tuple[int, bool, float], ...]) -> None:
        if "split_feature" not in node:
            leaves.append(_Leaf(float(node["leaf_value"]), path))
            return
        number = len(questions)
        questions.append(_question(node))
        for yes, child in ((True, node["left_child"]), (False, node["right_child"])):
            walk(child, (*path, (number, yes, _count(child) / _count(node))))

    walk(structure, ())
    return questions, leaves


def _count(node: Mapping[str, Any]) -> int:
    return int(node["internal_count"] if "split_feature" in node else node["leaf_count"])


def _question(node: Mapping[str, Any]) -> _Question:
    place = int(node["split_feature"])
    if node["decision_type"] == "==":
        members = tuple(float(code) for code in str(node["threshold"]).split("||"))
        return _Question(place, 0.5, members=members)
    missing_goes = {"None": 0.0, "NaN": -np.inf if node["default_left"] else np.inf}
    return _Question(place, float(node["threshold"]), missing_goes[node["missing_type"]])


def _tables(
    questions: Sequence[_Question],
    leaves: Sequence[_Leaf],
    clock: int | None,
    weights: Sequence[float],
    places: Mapping[tuple[int, float, tuple[float, ...]], int],
) -> _Tables:
    inputs = sorted({question.place for question in questions})
    worths = _worths(questions, leaves, inputs)
    shapley = worths @ _shapley_weights(len(inputs))
    own = [number for number, question in enumerate(questions) if question.place != clock]
    timed = [number for number, question in enumerate(questions) if question.place == clock]
    bits = _bits(len(own))
    patterns = bits @ np.array([1 << number for number in own], dtype=np.intp)
    mean = np.zeros((len(patterns), len(inputs)))
    for window, weight in enumerate(weights):
        known = sum(1 << n for n in timed if bool(questions[n].ask(np.array(float(window)))))
        mean += weight * shapley[patterns + known]
    return _Tables(
        tuple((places[questions[number].reading], questions[number]) for number in own),
        tuple((place, np.ascontiguousarray(mean[:, j])) for j, place in enumerate(inputs)),
        float(worths[0, 0]),
    )


def _worths(questions: Sequence[_Question], leaves: Sequence[_Leaf], inputs: Sequence[int]) -> Floats:
    """What a tree is expected to say, (patterns, coalitions): the coalition's inputs known, the rest not."""
    yes, known = _bits(len(questions)) > 0, _bits(len(inputs)) > 0
    worth = np.zeros((len(yes), len(known)))
    for leaf in leaves:
        reach = np.full(worth.shape, leaf.value)
        for j, place in enumerate(inputs):
            steps = [step for step in leaf.path if questions[step[0]].place == place]
            if steps:
                passed = np.all([yes[:, number] == answer for number, answer, _ in steps], axis=0)
                share = prod(share for _, _, share in steps)
                reach *= np.where(known[:, j], passed[:, None], share)
        worth += reach
    return worth


def _shapley_weights(players: int) -> Floats:
    """Weight of each coalition's worth in each player's Shapley value, (coalitions, players)."""
    member = _bits(players)
    size = member.sum(axis=1)
    scale = [factorial(n) * factorial(players - n - 1) / factorial(players) for n in range(players)]
    joined, without = np.array([0.0, *scale])[size], np.array([*scale, 0.0])[size]
    return np.asarray(np.where(member > 0, joined[:, None], -without[:, None]), dtype=np.float64)


def _bits(number: int) -> npt.NDArray[np.intp]:
    return (np.arange(1 << number)[:, None] >> np.arange(number)) & 1
