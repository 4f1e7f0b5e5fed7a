"""What LightGBM's model text tells of single leads: its numbers rounded, before anything is made of it."""

import re
from collections.abc import Callable
from functools import cache

import numpy as np

from models.arrays import Floats
from models.disclosure import blunt_threshold

# Of LightGBM's ``decision_type``: the threshold is the place of a set of categories, no number.
_CATEGORICAL = 1


def blunted(text: str, values: Callable[[int], Floats | None]) -> str:
    """The text with rounded numbers: thresholds that part the values as before, and ranges without ends.

    A threshold lies halfway between two leads' numbers, and beside the trees stand the least and the largest
    number of each input: to all digits they tell of single leads.

    Args:
        text: LightGBM's.
        values: of the input at a place, the numbers that it was learned from; none of what is no lead's.
    """

    @cache
    def known(place: int) -> Floats | None:
        found = values(place)
        return None if found is None else np.unique(found[~np.isnan(found)])

    head, *trees = re.split(r"(?m)^(?=Tree=)", text)
    rounded = [_blunted_tree(tree, known) for tree in trees]
    head = re.sub(r"\[([^\s:\]]+):([^\s:\]]+)\]", _wider, head)
    return _with_sizes(head, trees, rounded) + "".join(rounded)


def _with_sizes(head: str, trees: list[str], rounded: list[str]) -> str:
    """The head tells how many bytes each tree has, by which LightGBM finds the next one."""
    found = re.search(r"(?m)^tree_sizes=(.*)$", head)
    if found is None:
        return head
    sizes = zip(found[1].split(), trees, rounded, strict=True)
    told = " ".join(str(int(size) + len(new) - len(old)) for size, old, new in sizes)
    return head[: found.start(1)] + told + head[found.end(1) :]


def _blunted_tree(tree: str, known: Callable[[int], Floats | None]) -> str:
    parts = dict(line.split("=", 1) for line in tree.splitlines() if "=" in line)
    if not parts.get("threshold"):
        return tree
    thresholds, places, kinds = (
        parts[name].split() for name in ("threshold", "split_feature", "decision_type")
    )
    asked = zip(thresholds, places, kinds, strict=True)
    rounded = " ".join(_rounded(threshold, place, kind, known) for threshold, place, kind in asked)
    return tree.replace(f"\nthreshold={parts['threshold']}\n", f"\nthreshold={rounded}\n", 1)


def _rounded(threshold: str, place: str, kind: str, known: Callable[[int], Floats | None]) -> str:
    values = known(int(place))
    if int(kind) & _CATEGORICAL or values is None:
        return threshold
    return repr(blunt_threshold(float(threshold), values))


def _wider(found: re.Match[str]) -> str:
    r"""A range that holds another, its ends of one digit.

    >>> _wider(re.match(r"\[(.+):(.+)\]", "[-3.2:138.5]"))
    '[-4:200]'
    """
    low, high = (float(end) for end in found.groups())
    return f"[{_outward(low, -1):g}:{_outward(high, 1):g}]"


def _outward(end: float, sign: int) -> float:
    if not end or not np.isfinite(end):
        return end
    unit = 10.0 ** np.floor(np.log10(abs(end)))
    return float(sign * np.ceil(sign * end / unit) * unit)
