"""From a checked condition to a Polars expression with SQL's three truth values.

What is compared with a missing fact is undecided (null): neither true nor false. NaN is missing too.
A division by zero is missing, as no number is its result.
"""

import math
import operator
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

import polars as pl
from sqlglot import exp

from features.feature import ValueKind
from features.schemes.conditions import SqlCondition, nearest
from features.schemes.typed import (
    SAID,
    Type,
    Typed,
    Value,
    column,
    constant,
    constant_of,
    pattern_regex,
    shown,
)

_KINDS: Mapping[Type, ValueKind] = {"number": "number", "text": "category", "flag": "flag", "null": "number"}
_OPERATORS: Mapping[type, Callable[[pl.Expr, pl.Expr], pl.Expr]] = {
    exp.EQ: operator.eq,
    exp.NEQ: operator.ne,
    exp.LT: operator.lt,
    exp.LTE: operator.le,
    exp.GT: operator.gt,
    exp.GTE: operator.ge,
    exp.Add: operator.add,
    exp.Sub: operator.sub,
    exp.Mul: operator.mul,
    exp.Div: operator.truediv,
}


class _Scope(NamedTuple):
    kinds: Mapping[str, ValueKind]
    parameters: Mapping[str, Value]


def compile_condition(
    condition: SqlCondition, kinds: Mapping[str, ValueKind], parameters: Mapping[str, Value]
) -> pl.Expr:
    """Turn a condition into a Boolean expression, null where it is undecided.

    Args:
        condition: the parsed condition.
        kinds: the columns there are, and of what kind.
        parameters: values of the ``:names``; they enter the expression as constants.

    Raises:
        ValueError: an unknown column or parameter, kinds that cannot be compared, or a result that
            is not true or false.

    Example:
        >>> from features.schemes.conditions import parse_condition
        >>> condition = parse_condition("calls_total >= :many OR region = 'north'")
        >>> frame = pl.DataFrame({"calls_total": [3.0, 1.0, 1.0], "region": [None, "south", None]})
        >>> kinds: dict[str, Kind] = {"calls_total": "number", "region": "category"}
        >>> frame.select(fires=compile_condition(condition, kinds, {"many": 2}))["fires"].to_list()
        [True, False, None]
    """
    return _need(condition.tree, _Scope(kinds, parameters), "flag", "the condition")


def compile_term(
    term: SqlCondition, kinds: Mapping[str, ValueKind], parameters: Mapping[str, Value]
) -> tuple[pl.Expr, ValueKind]:
    """Turn a named part of conditions into an expression, and tell its kind; errors as above."""
    expr, found = _typed(term.tree, _Scope(kinds, parameters))
    return expr, _KINDS[found]


def _typed(node: exp.Expression, scope: _Scope) -> Typed:
    return _COMPILERS[type(node)](node, scope)


# What a message is about is written out only where there is one: that takes as long as all the rest.


def _need(node: exp.Expression, scope: _Scope, wanted: Type, what: str | exp.Expression) -> pl.Expr:
    expr, found = _typed(node, scope)
    if found != wanted:
        raise ValueError(f"{_said(what)} needs {SAID[wanted]}, but {shown(node)} is {SAID[found]}")
    return expr


def _same(nodes: Sequence[exp.Expression], scope: _Scope, what: exp.Expression) -> tuple[list[pl.Expr], Type]:
    typed = [_typed(node, scope) for node in nodes]
    types: set[Type] = {one.type for one in typed if one.type != "null"}
    if len(types) > 1:
        raise ValueError(f"{shown(what)} mixes {' and '.join(sorted(SAID[one] for one in types))}")
    return [one.expr for one in typed], types.pop() if types else "null"


def _said(what: str | exp.Expression) -> str:
    return what if isinstance(what, str) else shown(what)


def _column(node: exp.Expression, scope: _Scope) -> Typed:
    name = str(node.name)
    if name not in scope.kinds:
        raise ValueError(f"unknown column {name!r}{nearest(name, scope.kinds)}")
    return column(name, scope.kinds[name])


def _parameter(node: exp.Expression, scope: _Scope) -> Typed:
    name = str(node.name)
    if name not in scope.parameters:
        raise ValueError(f"unknown parameter :{name}{nearest(name, scope.parameters)}")
    return constant(scope.parameters[name], f"parameter :{name}")


def _literal(node: exp.Expression, _: _Scope) -> Typed:
    return constant(str(node.this) if node.is_string else float(node.this), "the literal")


def _connective(node: exp.Expression, scope: _Scope) -> Typed:
    left, right = (_need(part, scope, "flag", node.key.upper()) for part in (node.this, node.expression))
    return Typed(left & right if type(node) is exp.And else left | right, "flag")


def _comparison(node: exp.Expression, scope: _Scope) -> Typed:
    (left, right), kind = _same((node.this, node.expression), scope, node)
    if exp.Null in (type(node.this.unnest()), type(node.expression.unnest())):
        raise ValueError(f"{shown(node)} is never true; write IS NULL or IS NOT NULL")
    if kind != "number" and type(node) not in (exp.EQ, exp.NEQ):
        raise ValueError(f"{shown(node)}: only numbers have an order; write = or <>")
    return Typed(_OPERATORS[type(node)](left, right), "flag")


def _arithmetic(node: exp.Expression, scope: _Scope) -> Typed:
    left, right = (_need(part, scope, "number", node) for part in (node.this, node.expression))
    if type(node) is exp.Div:
        right = right.replace(0.0, None)
    # Infinities of an overflow can still make NaN, which would compare as a large number. Each part
    # stands once in the result: fill_nan repeats it, which doubles a sum with every term.
    return Typed(_OPERATORS[type(node)](left, right).replace(math.nan, None), "number")


def _in(node: exp.Expression, scope: _Scope) -> Typed:
    what = shown(node)
    if not node.expressions:
        raise ValueError(f"{what}: IN needs a list of constants")
    (value, *_), kind = _same([node.this, *node.expressions], scope, node)
    if kind == "null":
        raise ValueError(f"{what} is never true; write IS NULL or IS NOT NULL")
    listed = [
        constant_of(item, scope.parameters, f"{what}: IN needs a list of constants")
        for item in node.expressions
    ]
    there = [item for item in listed if item is not None]
    found = value.is_in(there) if there else pl.lit(None, pl.Boolean)
    return Typed(found if len(there) == len(listed) else found | pl.lit(None, pl.Boolean), "flag")


def _between(node: exp.Expression, scope: _Scope) -> Typed:
    value, low, high = (
        _need(part, scope, "number", "BETWEEN") for part in (node.this, node.args["low"], node.args["high"])
    )
    for part in (node.args["low"], node.args["high"]):
        constant_of(part, scope.parameters, f"{shown(node)}: BETWEEN needs constants; write >= and <=")
    return Typed(value.is_between(low, high), "flag")


def _like(node: exp.Expression, scope: _Scope) -> Typed:
    pattern = node.expression.unnest()
    wanted = scope.parameters.get(pattern.name) if type(pattern) is exp.Placeholder else pattern.this
    if type(pattern) not in (exp.Placeholder, exp.Literal) or not isinstance(wanted, str):
        raise ValueError(f"{shown(node)}: LIKE needs a text as its pattern")
    value = _need(node.this, scope, "text", "LIKE")
    found = value.str.contains(pattern_regex(wanted))
    return Typed(~found if node.args.get("negate") else found, "flag")


def _coalesce(node: exp.Expression, scope: _Scope) -> Typed:
    exprs, kind = _same([node.this, *node.expressions], scope, node)
    return Typed(pl.coalesce(exprs), kind)


def _case(node: exp.Expression, scope: _Scope) -> Typed:
    if node.this is not None:
        raise ValueError(f"{shown(node)}: write CASE WHEN condition THEN ...")
    branches, default = node.args["ifs"], node.args.get("default") or exp.Null()
    values, kind = _same([*(branch.args["true"] for branch in branches), default], scope, node)
    result = values.pop()
    for branch, value in zip(reversed(branches), reversed(values), strict=True):
        result = pl.when(_need(branch.this, scope, "flag", "WHEN")).then(value).otherwise(result)
    return Typed(result, kind)


_COMPILERS: Mapping[type, Callable[[exp.Expression, _Scope], Typed]] = {
    **dict.fromkeys((exp.And, exp.Or), _connective),
    **dict.fromkeys((exp.EQ, exp.NEQ, exp.LT, exp.LTE, exp.GT, exp.GTE), _comparison),
    **dict.fromkeys((exp.Add, exp.Sub, exp.Mul, exp.Div), _arithmetic),
    exp.Column: _column,
    exp.Placeholder: _parameter,
    exp.Literal: _literal,
    exp.Boolean: lambda node, _: constant(bool(node.this), "the literal"),
    exp.Null: lambda _node, _scope: Typed(pl.lit(None), "null"),
    exp.Paren: lambda node, scope: _typed(node.this, scope),
    exp.Not: lambda node, scope: Typed(~_need(node.this, scope, "flag", "NOT"), "flag"),
    exp.Neg: lambda node, scope: Typed(-_need(node.this, scope, "number", "minus"), "number"),
    exp.Is: lambda node, scope: Typed(_typed(node.this, scope).expr.is_null(), "flag"),
    exp.In: _in,
    exp.Between: _between,
    exp.Like: _like,
    exp.Coalesce: _coalesce,
    exp.Case: _case,
}
