"""Conditions of rule schemes: SQL-style text, bounded, parsed and checked.

The language is small on purpose: columns, ``:parameters``, literals, comparisons, AND / OR / NOT, IN,
BETWEEN, LIKE, IS [NOT] NULL, COALESCE, CASE and arithmetic. Anything else is refused by name, and
text is bounded before it is parsed: a condition from a stranger's file can neither read nor run
anything, nor keep the program busy. ``features.schemes.predicates`` turns a condition into an expression.
"""

import difflib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

import sqlglot
from sqlglot import exp

MAX_CONDITION_CHARACTERS = 2_000
MAX_CONDITION_WORDS = 500
MAX_DEPTH = 20
MAX_NODES = 100
MAX_EXPANDED_NODES = 600

COMPARISONS: tuple[type, ...] = (exp.EQ, exp.NEQ, exp.LT, exp.LTE, exp.GT, exp.GTE)
ARITHMETIC: tuple[type, ...] = (exp.Add, exp.Sub, exp.Mul, exp.Div)

_WORD = re.compile(
    r"""'(?:[^']|'')*' | "(?:[^"]|"")+" | (?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][-+]?[0-9]+)?
    | :[A-Za-z_][A-Za-z0-9_]* | (?P<name>[^\W\d]\w*) | <= | >= | <> | != | [-+*/(),<>=]""",
    re.VERBOSE,
)
_REFUSED_MARKS = {
    "--": "comments",
    "/*": "comments",
    ";": "several statements",
    "::": "casts",
    ".": "dotted names",
    "'": "a text without its closing quote",
    '"': "a name without its closing quote",
}

_BINARY = frozenset({"this", "expression"})
_UNARY = frozenset({"this"})
# What may stand in a condition's tree, and with which parts: a part unknown here is refused too.
_ALLOWED: Mapping[type, frozenset[str]] = {
    **dict.fromkeys((*COMPARISONS, *ARITHMETIC, exp.And, exp.Or, exp.Is), _BINARY),
    **dict.fromkeys(
        (exp.Not, exp.Neg, exp.Paren, exp.Column, exp.Placeholder, exp.Boolean, exp.Null), _UNARY
    ),
    exp.Identifier: frozenset({"this", "quoted"}),
    exp.Literal: frozenset({"this", "is_string"}),
    exp.Like: _BINARY | {"negate"},
    exp.In: frozenset({"this", "expressions"}),
    exp.Between: frozenset({"this", "low", "high"}),
    exp.Coalesce: frozenset({"this", "expressions"}),
    exp.Case: frozenset({"this", "ifs", "default"}),
    exp.If: frozenset({"this", "true"}),
}


@dataclass(frozen=True, slots=True)
class SqlCondition:
    """A condition that was parsed and found to hold nothing but what is allowed.

    Attributes:
        text: as written.
        canonical: the same condition in one spelling, for telling repeats.
        columns: the columns it reads, in order.
        parameters: the ``:names`` it reads, in order.
        tree: its syntax tree.
        terms: the named terms that it was written with, in order.
        written: the same condition with its terms left as names; none if it has none.
    """

    text: str
    canonical: str
    columns: tuple[str, ...]
    parameters: tuple[str, ...]
    tree: exp.Expression = field(compare=False, repr=False)
    terms: tuple[str, ...] = ()
    written: "SqlCondition | None" = field(default=None, compare=False, repr=False)


def parse_condition(text: str, terms: Mapping[str, SqlCondition] | None = None) -> SqlCondition:
    """Parse a condition and refuse whatever is not allowed in one.

    Args:
        text: as written.
        terms: named expressions; a name among them stands for its expression, in brackets.

    Raises:
        ValueError: the text is too long or too deep, is no condition, or holds a construct that is
            not allowed; the message names it.

    Example:
        >>> parse_condition("need = 'explicit' AND days_until_visit <= :days").columns
        ('need', 'days_until_visit')
        >>> parse_condition("read_csv('/etc/passwd')")
        Traceback (most recent call last):
        ValueError: not allowed in a condition: function READ_CSV
    """
    _check_text(text)
    try:
        return _checked(text, sqlglot.parse_one(text, into=exp.Condition), terms or {})
    except RecursionError:
        raise ValueError("the condition is nested too deeply; split the rule") from None
    except sqlglot.errors.SqlglotError as error:
        raise ValueError(f"the condition cannot be read{_position(error)}") from None


def _checked(text: str, tree: exp.Expression, terms: Mapping[str, SqlCondition]) -> SqlCondition:
    for node in tree.walk(bfs=False):
        _check_node(node)
    _check_size(tree, MAX_NODES)
    written = _condition(text, tree)
    named = tuple(name for name in written.columns if name in terms)
    if not named:
        return written
    whole = tree.transform(_expanded, terms)
    _check_size(whole, MAX_EXPANDED_NODES)
    return replace(_condition(text, whole), terms=named, written=written)


def _condition(text: str, tree: exp.Expression) -> SqlCondition:
    nodes = list(tree.walk(bfs=False))
    columns, parameters = _names(nodes, exp.Column), _names(nodes, exp.Placeholder)
    return SqlCondition(text, str(tree.sql()), columns, parameters, tree)


def _expanded(node: exp.Expression, terms: Mapping[str, SqlCondition]) -> exp.Expression:
    term = terms.get(node.name) if type(node) is exp.Column else None
    return exp.Paren(this=term.tree.copy()) if term else node


def _check_size(tree: exp.Expression, limit: int) -> None:
    size = sum(type(node) not in (exp.Identifier, exp.Paren) for node in tree.walk())
    if size > limit:
        raise ValueError(f"the condition has {size} parts, more than {limit}; split the rule")


def nearest(name: str, known: Iterable[str]) -> str:
    """A hint that names the nearest known name, or nothing.

    Example:
        >>> nearest("call_total", ["calls_total", "region"])
        '; did you mean calls_total?'
    """
    close = difflib.get_close_matches(name, list(known), n=1)
    return f"; did you mean {close[0]}?" if close else ""


def _names(nodes: Iterable[exp.Expression], kind: type[exp.Expression]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(str(node.name) for node in nodes if isinstance(node, kind)))


def _check_text(text: str) -> None:
    if len(text) > MAX_CONDITION_CHARACTERS:
        raise ValueError(
            f"the condition has {len(text):,} characters, more than {MAX_CONDITION_CHARACTERS:,}"
        )
    position = words = depth = 0
    while position < len(text):
        if text[position] in " \t\r\n":
            position += 1
            continue
        word = _word_at(text, position)
        position += len(word)
        words += 1
        depth += (word == "(") - (word == ")")
        if words > MAX_CONDITION_WORDS or depth > MAX_DEPTH:
            raise ValueError("the condition is too long or nested too deeply; split the rule")
    if not words:
        raise ValueError("the condition is empty")


def _word_at(text: str, position: int) -> str:
    comment_or_cast = _REFUSED_MARKS.get(text[position : position + 2])
    match = None if comment_or_cast else _WORD.match(text, position)
    # A name must be one for Python too, and no text may hide unprintable characters.
    if match is None or not match[0].isprintable() or not (match["name"] or "a").isidentifier():
        mark = text[position]
        what = comment_or_cast or _REFUSED_MARKS.get(mark) if match is None else "hidden characters"
        raise ValueError(f"not allowed in a condition: {what or ascii(mark)} (character {position + 1})")
    return match[0]


def _position(error: Exception) -> str:
    place = (getattr(error, "errors", None) or [{}])[0]
    return f" after line {place['line']}, character {place['col']}" if place.get("line") else ""


def _check_node(node: exp.Expression) -> None:
    parts = _ALLOWED.get(type(node))
    outside_case = type(node) is exp.If and type(node.parent) is not exp.Case
    if parts is None or outside_case:
        raise ValueError(f"not allowed in a condition: {_construct(node)}")
    extra = sorted(name for name, part in node.args.items() if part and name not in parts)
    if extra:
        raise ValueError(f"not allowed in a condition: {node.key} with {extra[0]}")
    if type(node) is exp.Is and type(node.expression) is not exp.Null:
        raise ValueError("not allowed in a condition: IS with anything but NULL or NOT NULL")
    if type(node) is exp.Placeholder and not node.name:
        raise ValueError("not allowed in a condition: a parameter without a name")


def _construct(node: exp.Expression) -> str:
    if type(node) is exp.Anonymous:
        return f"function {str(node.name).upper()}"
    return f"function {node.sql_name()}" if isinstance(node, exp.Func) else str(node.key)
