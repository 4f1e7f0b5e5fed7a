"""Values with a type: columns, constants and patterns of conditions as Polars expressions."""

import math
from collections.abc import Mapping
from typing import Literal, NamedTuple

import polars as pl
from sqlglot import exp

from features.feature import ValueKind

Value = bool | int | float | str

Type = Literal["number", "text", "flag", "null"]
SAID: Mapping[Type, str] = {
    "number": "a number",
    "text": "a text",
    "flag": "true or false",
    "null": "NULL",
}
_PATTERN_MARKS = frozenset(r"\.+*?()|[]{}^$#&-~")


class Typed(NamedTuple):
    """An expression and the type of its values."""

    expr: pl.Expr
    type: Type


def column(name: str, kind: ValueKind) -> Typed:
    """A column of the matrix; NaN is missing, and a flag may come as 0 and 1."""
    if kind == "category":
        return Typed(pl.col(name).cast(pl.String), "text")
    number = pl.col(name).cast(pl.Float64).fill_nan(None)
    return Typed(number.cast(pl.Boolean), "flag") if kind == "flag" else Typed(number, "number")


def constant(value: Value, what: str) -> Typed:
    """A constant.

    Raises:
        ValueError: it is infinite or no number; ``what`` names it.
    """
    if isinstance(value, bool):
        return Typed(pl.lit(value), "flag")
    if isinstance(value, str):
        return Typed(pl.lit(value), "text")
    if not math.isfinite(value):
        raise ValueError(f"{what} is {value}, which is no number to compare with")
    return Typed(pl.lit(float(value)), "number")


def constant_of(node: exp.Expression, parameters: Mapping[str, Value], otherwise: str) -> Value | None:
    """The value that a node of a condition's tree stands for; none for NULL.

    Raises:
        ValueError: it is no constant; ``otherwise`` is the message.
    """
    match type(node):
        case exp.Paren:
            return constant_of(node.this, parameters, otherwise)
        case exp.Neg:
            value = constant_of(node.this, parameters, otherwise)
            return None if value is None else -float(value)
        case exp.Null:
            return None
        case exp.Placeholder:
            return parameters[node.name]
        case exp.Literal:
            return str(node.this) if node.is_string else float(node.this)
        case exp.Boolean:
            return bool(node.this)
    raise ValueError(otherwise)


def pattern_regex(pattern: str) -> str:
    """A LIKE pattern as a regular expression: ``%`` is any text, ``_`` one character, all else itself.

    Example:
        >>> print(pattern_regex("a_b%"))
        (?s)^a.b.*$
    """
    words = {"%": ".*", "_": "."} | {mark: f"\\{mark}" for mark in _PATTERN_MARKS}
    return f"(?s)^{''.join(words.get(letter, letter) for letter in pattern)}$"


def shown(node: exp.Expression) -> str:
    """A part of a condition as a message quotes it: at most 60 characters."""
    text = str(node.sql())
    return text if len(text) <= 60 else f"{text[:57]}..."


def check_type(name: str, value: Value, default: Value) -> None:
    """Refuse a value of another type than the parameter's default; any number may replace a number.

    Raises:
        ValueError: it is a text for a number, a number for true or false, and so on.
    """
    if _type(value) is not _type(default):
        raise ValueError(f"parameter {name} is {value!r}; give one like {default!r}")


def _type(value: Value) -> type:
    return type(value) if isinstance(value, bool | str) else float
