"""Rules that can never win, because earlier ones take all their leads.

A condition that compares columns with constants changes its verdict only at those constants, so
trying it at, between and around them (and on a missing value) tries it on every lead there could be.
Conditions with arithmetic, LIKE, or columns compared with each other are left unchecked, and so are
those with learned parameters, since edges may well coincide. Beyond the bounds nothing is checked.
"""

import itertools
from collections.abc import Iterable, Mapping, Sequence

import polars as pl
from sqlglot import exp

from features.feature import ValueKind
from features.schemes.conditions import COMPARISONS, SqlCondition
from features.schemes.predicates import compile_condition
from features.schemes.typed import Value

MAX_PROBES = 20_000
MAX_SWITCHES = 4

_UNSURE = (exp.Add, exp.Sub, exp.Mul, exp.Div, exp.Like)
_COMPARED = (*COMPARISONS, exp.In, exp.Between)


def unreachable_rule(
    conditions: Sequence[SqlCondition],
    kinds: Mapping[str, ValueKind],
    parameters: Mapping[str, Value],
    learned: Iterable[str] = (),
) -> int | None:
    """Number of the first rule, counted from 1, that earlier ones leave no lead; none if all can win.

    True/false parameters are tried both ways: a rule that one of the ways leaves alive may stay.

    Example:
        >>> from features.schemes.conditions import parse_condition
        >>> rules = [parse_condition("questions >= 1"), parse_condition("questions >= 2")]
        >>> unreachable_rule(rules, {"questions": "number"}, {})
        2
    """
    skipped = set(learned)
    switches = [name for name, value in parameters.items() if isinstance(value, bool)]
    if len(switches) > MAX_SWITCHES:
        return None
    dead_in_all: set[int] | None = None
    for setting in itertools.product((False, True), repeat=len(switches)):
        values = {**parameters, **dict(zip(switches, setting, strict=True))}
        dead = _unreachable(conditions, kinds, values, skipped)
        dead_in_all = dead if dead_in_all is None else dead_in_all & dead
        if not dead_in_all:
            return None
    return min(dead_in_all or set(), default=None)


def _unreachable(
    conditions: Sequence[SqlCondition],
    kinds: Mapping[str, ValueKind],
    parameters: Mapping[str, Value],
    skipped: set[str],
) -> set[int]:
    dead: set[int] = set()
    earlier: list[SqlCondition] = []
    for number, condition in enumerate(conditions, start=1):
        if skipped.intersection(condition.parameters) or _is_unsure(condition):
            continue
        # Earlier rules that read other columns as well do not always fire where this one does.
        rivals = [one for one in earlier if set(one.columns) <= set(condition.columns)]
        earlier.append(condition)
        probes = _probes([condition, *rivals], kinds, parameters)
        if not rivals or probes is None:
            continue
        fires, *taken = (compile_condition(one, kinds, parameters) for one in (condition, *rivals))
        left = fires.fill_null(False) & ~pl.any_horizontal([one.fill_null(False) for one in taken])
        found = probes.select(fires=fires.any(), left=left.any())
        if found["fires"][0] and not found["left"][0]:
            dead.add(number)
    return dead


def _is_unsure(condition: SqlCondition) -> bool:
    if condition.tree.find(*_UNSURE):
        return True
    return any(len(_columns(node)) > 1 for node in condition.tree.find_all(*_COMPARED))


def _columns(node: exp.Expression) -> set[str]:
    return {str(column.name) for column in node.find_all(exp.Column)}


def _probes(
    conditions: Sequence[SqlCondition], kinds: Mapping[str, ValueKind], parameters: Mapping[str, Value]
) -> pl.DataFrame | None:
    names = dict.fromkeys(name for one in conditions for name in one.columns)
    tried: list[list[float | str | bool | None]] = []
    rows = 1
    for name in names:
        constants = set().union(*(_constants(one, name, parameters) for one in conditions))
        tried.append([None, *_around(constants, kinds[name])])
        rows *= len(tried[-1])
    if rows > MAX_PROBES:
        return None
    cells = dict(zip(names, zip(*itertools.product(*tried), strict=True), strict=True))
    # The first column keeps the one probe of conditions that read no column.
    return pl.DataFrame({"probe": [True] * rows} | {name: list(values) for name, values in cells.items()})


def _constants(condition: SqlCondition, column: str, parameters: Mapping[str, Value]) -> set[Value]:
    found: set[Value] = set()
    for node in condition.tree.find_all(*_COMPARED):
        if column in _columns(node):
            found |= {parameters[leaf.name] for leaf in node.find_all(exp.Placeholder)}
            found |= {
                str(leaf.this) if leaf.is_string else float(leaf.this) for leaf in node.find_all(exp.Literal)
            }
    return found


def _around(constants: set[Value], kind: ValueKind) -> list[float] | list[str] | list[bool]:
    if kind == "flag":
        return [False, True]
    if kind == "category":
        texts = sorted(value for value in constants if isinstance(value, str))
        return [*texts, "".join(texts) + "?"]
    numbers = {float(value) for value in constants if not isinstance(value, str)} or {0.0}
    marks = sorted(numbers | {-number for number in numbers})
    between = [(low + high) / 2 for low, high in itertools.pairwise(marks)]
    return [marks[0] - 1, *marks, *between, marks[-1] + 1]
