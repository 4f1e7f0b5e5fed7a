"""What a text of trees must be before LightGBM's parser sees it, which trusts whatever it is given.

A wrong count, child or place in such a text lets the parser, or a later prediction, read beyond its memory,
go round in a circle, or end the process. So every line is of a known kind, every number is within its range,
and every node is reached from the root once: a text that passes was not necessarily learned, but it is trees.
"""

import re
from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from models.arrays import Floats

MOST_TREES = 10_000
MOST_LEAVES = 1024
MOST_DEEP = 400
MOST_SET_WORDS = 1 << 16  # of the sets of categories of a tree, 32 categories a word

_HEADER = (
    "version",
    "num_class",
    "num_tree_per_iteration",
    "label_index",
    "max_feature_idx",
    "objective",
    "feature_names",
    "feature_infos",
    "tree_sizes",
)
_FIXED = {"version": "v4", "num_class": "1", "num_tree_per_iteration": "1", "label_index": "0"}
_OBJECTIVES = ("binary sigmoid:1", "regression")
_INTS = re.compile(r"(?:-?\d{1,9}(?: -?\d{1,9})*)?")
_FLOATS = re.compile(r"(?:-?\d[\d.eE+-]{0,30}(?: -?\d[\d.eE+-]{0,30})*)?")
_NUMBER = r"-?\d[\d.e+-]{0,30}"
_INFO = re.compile(rf"none|\[{_NUMBER}:{_NUMBER}\]|-?\d{{1,9}}(?::-?\d{{1,9}})*")
_PARAMETER = re.compile(r"\[[a-z_0-9]{1,60}: [ -Z^-~]{0,1000}\]")
# By what they are counted: "splits" is one less than "leaves".
_LEAF_NUMBERS = ("leaf_value", "leaf_weight", "leaf_count")
_SPLIT_FLOATS = ("split_gain", "threshold", "internal_value", "internal_weight")
_SPLIT_INTS = ("split_feature", "decision_type", "left_child", "right_child", "internal_count")
_CATEGORICAL, _MOST_MARKS = 1, 11  # a split's marks: kind, where missing goes, what is missing


def check_trees(text: str, inputs: int) -> None:
    """Refuse a text of LightGBM's that is not trees over so many inputs.

    Raises:
        ValueError: what is wrong, and in which tree.
    """
    if not text.isascii() or "\r" in text or "\0" in text:
        raise ValueError("the model text holds signs that no model has")
    head, mark, rest = text.partition("\n\n")
    body, end, tail = rest.partition("end of trees\n")
    if not mark or not end:
        raise ValueError("the model text is no LightGBM model, or was cut off")
    sizes = _check_header(_lines(head.removeprefix("tree\n"), "its head"), inputs)
    if sum(sizes) != len(body):
        raise ValueError("the model text's tree_sizes are not those of its trees")
    start = 0
    for number, size in enumerate(sizes):
        _check_tree(body[start : start + size], number, inputs)
        start += size
    _check_tail(tail)


def _lines(text: str, where: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for line in text.split("\n"):
        name, mark, value = line.partition("=")
        if not mark or name in found:
            raise ValueError(f"the model text has an odd line in {where}")
        found[name] = value
    return found


def _check_header(head: Mapping[str, str], inputs: int) -> list[int]:
    """The sizes that the trees are said to have."""
    missing = [name for name in _HEADER if name not in head]
    odd = [name for name in head if name not in (*_HEADER, "monotone_constraints")]
    if missing or odd:
        raise ValueError(
            f"the model text's head has no {missing[0]}" if missing else "an odd line in its head"
        )
    wrong = next((name for name, value in _FIXED.items() if head[name] != value), None)
    if wrong or head["objective"] not in _OBJECTIVES:
        raise ValueError(f"the model text has another {wrong or 'objective'} than a scorer has")
    told = _ints(head["max_feature_idx"], "max_feature_idx", "its head", 1)[0] + 1
    if told != inputs:
        raise ValueError(f"the model text has {told} inputs; expected {inputs}")
    infos = head["feature_infos"].split(" ")
    if len(head["feature_names"].split()) != inputs or len(infos) != inputs:
        raise ValueError(f"the model text does not name {inputs} inputs")
    if not all(map(_INFO.fullmatch, infos)):
        raise ValueError("the model text's feature_infos are no ranges")
    sizes = [int(size) for size in _ints(head["tree_sizes"], "tree_sizes", "its head")]
    if not 0 < len(sizes) <= MOST_TREES or min(sizes) <= 0:
        raise ValueError(f"the model text has no trees, or more than {MOST_TREES:,}")
    return sizes


def _check_tree(text: str, number: int, inputs: int) -> None:
    where = f"tree {number}"
    if not text.startswith(f"Tree={number}\n") or not text.endswith("\n\n\n"):
        raise ValueError("the model text's tree_sizes are not those of its trees")
    lines = _lines(text[:-3].partition("\n")[2], where)
    leaves, sets = (
        int(_ints(_line(lines, name, where), name, where, 1)[0]) for name in ("num_leaves", "num_cat")
    )
    if not 1 <= leaves <= MOST_LEAVES or not 0 <= sets < leaves:
        raise ValueError(f"{where} of the model text has {leaves:,} leaves; up to {MOST_LEAVES:,} are read")
    if lines.pop("is_linear", "") != "0":
        raise ValueError(f"{where} of the model text is not one of constant leaves")
    _floats(_line(lines, "shrinkage", where), "shrinkage", where, 1)
    splits = leaves - 1
    for name in _LEAF_NUMBERS:
        # A tree of one leaf tells no weight.
        _floats(_line(lines, name, where), name, where, *((0, 1) if leaves == 1 else (leaves,)))
    threshold = [_floats(_line(lines, name, where), name, where, splits) for name in _SPLIT_FLOATS][1]
    told = {name: _ints(_line(lines, name, where), name, where, splits) for name in _SPLIT_INTS}
    _check_splits(told, threshold, sets, inputs, where)
    _check_shape(told["left_child"], told["right_child"], where)
    if sets:
        _check_sets(lines, sets, where)
    if lines:
        raise ValueError(f"{where} of the model text has an odd line")


def _check_splits(
    told: Mapping[str, npt.NDArray[np.int64]], threshold: Floats, sets: int, inputs: int, where: str
) -> None:
    feature, marks = told["split_feature"], told["decision_type"]
    if ((feature < 0) | (feature >= inputs)).any():
        raise ValueError(f"{where} of the model text asks for an input beyond its {inputs}")
    if ((marks < 0) | (marks > _MOST_MARKS)).any():
        raise ValueError(f"{where} of the model text has a split of an unknown kind")
    places = threshold[(marks & _CATEGORICAL) == 1]
    if (len(places) > 0) != (sets > 0) or not np.isin(places, np.arange(sets)).all():
        raise ValueError(f"{where} of the model text asks for categories that it does not list")


def _check_shape(left: npt.NDArray[np.int64], right: npt.NDArray[np.int64], where: str) -> None:
    """Every split but the first, and every leaf, is the child of one split, which has a lower number."""
    splits = len(left)
    children = np.concatenate([left, right])
    wanted = np.concatenate([np.arange(-splits - 1, 0), np.arange(1, splits)]) if splits else children
    inner = children >= 0
    if (
        not np.array_equal(np.sort(children), wanted)
        or (children <= np.tile(np.arange(splits), 2))[inner].any()
    ):
        raise ValueError(
            f"{where} of the model text is no tree: a child is out of range, twice there, or above"
        )
    depth = np.ones(max(splits, 1), dtype=np.int64)
    for parent in range(splits):
        for child in (left[parent], right[parent]):
            if child > 0:
                depth[child] = depth[parent] + 1
    if depth.max() > MOST_DEEP:
        raise ValueError(f"{where} of the model text is deeper than {MOST_DEEP}")


def _check_sets(lines: dict[str, str], sets: int, where: str) -> None:
    bounds = _ints(_line(lines, "cat_boundaries", where), "cat_boundaries", where, sets + 1)
    words = _line(lines, "cat_threshold", where).split(" ")
    if (
        bounds[0] != 0
        or (np.diff(bounds) <= 0).any()
        or bounds[-1] != len(words)
        or len(words) > MOST_SET_WORDS
    ):
        raise ValueError(f"{where} of the model text has sets of categories of other sizes than it says")
    if not all(word.isdigit() and len(word) <= 10 and int(word) < 2**32 for word in words):
        raise ValueError(f"{where} of the model text has sets of categories that are none")


def _check_tail(tail: str) -> None:
    """Behind the trees: how often inputs are used, and the parameters, which only tell."""
    parameters = tail.partition("\nparameters:\n")[2].partition("\nend of parameters\n")
    lines = [line for line in parameters[0].split("\n") if line]
    if not parameters[1] or not all(map(_PARAMETER.fullmatch, lines)):
        raise ValueError("the model text's parameters are none, or were cut off")
    if parameters[2].strip() not in ("", "pandas_categorical:null", "pandas_categorical:[]"):
        raise ValueError("the model text has an odd line at its end")


def _line(lines: dict[str, str], name: str, where: str) -> str:
    if name not in lines:
        raise ValueError(f"{where} of the model text has no {name}")
    return lines.pop(name)


def _ints(value: str, name: str, where: str, *counts: int) -> npt.NDArray[np.int64]:
    if not _INTS.fullmatch(value):
        raise ValueError(f"{name} of {where} of the model text holds what is no whole number")
    numbers = np.array(value.split(), dtype=np.int64)
    _check_count(len(numbers), name, where, counts)
    return numbers


def _floats(value: str, name: str, where: str, *counts: int) -> Floats:
    try:
        numbers = np.array(value.split() if _FLOATS.fullmatch(value) else [value], dtype=np.float64)
    except ValueError:
        numbers = np.array([np.nan])
    if not np.isfinite(numbers).all():
        raise ValueError(f"{name} of {where} of the model text holds what is no number")
    _check_count(len(numbers), name, where, counts)
    return numbers


def _check_count(count: int, name: str, where: str, counts: tuple[int, ...]) -> None:
    if counts and count not in counts:
        raise ValueError(f"{name} of {where} of the model text has {count:,} numbers, not {counts[-1]:,}")
