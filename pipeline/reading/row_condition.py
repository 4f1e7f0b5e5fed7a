"""Which rows of a source the configuration wants: a condition over its columns, typed, with times compared.

The condition is of the language of rule schemes (``features.schemes.conditions``). It reads columns by our
name or by the file's; a column that nothing else asks for is read as what it is compared with.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

import polars as pl
from sqlglot import exp

from features.feature import ValueKind
from features.schemes.conditions import (
    ARITHMETIC,
    COMPARISONS,
    SqlCondition,
    nearest,
    parse_condition,
)
from features.schemes.predicates import compile_condition
from pipeline.cells.reading import CellKind
from pipeline.config.data import to_moment

_Found = TypeVar("_Found")

_VALUE_KINDS: Mapping[CellKind, ValueKind] = {
    "word": "category",
    "text": "category",
    "yes_no": "flag",
}
_ORDERED = (exp.LT, exp.LTE, exp.GT, exp.GTE, exp.Between)


@dataclass(frozen=True, slots=True)
class ReadColumn:
    """A column that was read.

    Attributes:
        values: its values.
        kind: what they are.
        unit: how many of the values' unit one of the condition's is: 1000 where seconds are kept as ms.
    """

    values: pl.Series
    kind: CellKind
    unit: int = 1


def decisions(
    text: str,
    known: Mapping[str, ReadColumn],
    others: Mapping[str, Callable[[CellKind], pl.Series]],
    zone: str,
    *,
    absent_is_missing: bool = False,
) -> pl.Series:
    """Whether the condition holds for each row; missing where it cannot be decided.

    Args:
        text: the condition.
        known: the columns that are read in any case, by every name that they have.
        others: how to read the file's other columns as a kind.
        zone: of times in the condition.
        absent_is_missing: whether a column that the file has not is one of missing values.

    Raises:
        ValueError: an unknown column, kinds that cannot be compared, a date that is none.

    Example:
        >>> at = ReadColumn(pl.Series([1, 2]).cast(pl.Datetime("us", "UTC")), "instant")
        >>> decisions("at < '1970-01-01 00:00:00.000002' AND note = 'x'", {"at": at}, {
        ...     "note": lambda kind: pl.Series(["x", "x"])}, "UTC").to_list()
        [True, False]
    """
    condition = parse_condition(text)
    rows = len(next(iter(known.values())).values)
    columns: dict[str, ReadColumn] = {}
    for name in condition.columns:
        column = _folded(known, name)
        if column is None:
            read = _folded(others, name)
            if read is None and not absent_is_missing:
                raise ValueError(f"unknown column {name!r}{nearest(name, [*known, *others])}")
            kind = _kind_by_use(condition.tree, name, known)
            empty = pl.repeat(None, rows, dtype=pl.String, eager=True)
            column = ReadColumn(empty, "word") if read is None else ReadColumn(read(kind), kind)
            column = replace(column, kind=kind)
        columns[name] = column
    kinds = {name: _VALUE_KINDS.get(column.kind, "number") for name, column in columns.items()}
    times = {name for name, column in columns.items() if column.kind == "instant"}
    frame = pl.DataFrame([_comparable(column).alias(name) for name, column in columns.items()])
    holds = compile_condition(_with_instants(condition, times, zone), kinds, {})
    return (frame if columns else pl.DataFrame({"row": range(rows)})).select(holds=holds).to_series()


def _folded(mapping: Mapping[str, _Found], name: str) -> _Found | None:
    """What a column name stands for: as it is written, or else in whatever case."""
    if name in mapping:
        return mapping[name]
    wanted = " ".join(name.casefold().split())
    return next((found for other, found in mapping.items() if other.casefold() == wanted), None)


def _comparable(column: ReadColumn) -> pl.Series:
    """Values as the condition's language has them: instants as numbers of microseconds, which are exact."""
    if column.kind == "instant":
        return column.values.cast(pl.Datetime("us", "UTC"), strict=False).to_physical().cast(pl.Float64)
    return column.values / column.unit if column.unit != 1 else column.values


def _with_instants(condition: SqlCondition, times: set[str], zone: str) -> SqlCondition:
    """The condition with the dates that a time is compared with as the numbers that times are."""
    tree = condition.tree.copy()
    for node in list(tree.walk()):
        reckons = isinstance(node, (exp.Add, exp.Sub, exp.Mul, exp.Div, exp.Neg))
        if reckons and any(column.name in times for column in node.find_all(exp.Column)):
            raise ValueError("times can be compared with dates, but not reckoned with")
        operands = _operands(node)
        if any(_is_column(one, times) for one in operands):
            for one in operands:
                if isinstance(one, exp.Literal) and one.is_string:
                    one.replace(exp.Literal.number(_microseconds(str(one.this), zone)))
                elif not _is_column(one, times):
                    raise ValueError("a time can be compared with dates and other times only")
    return replace(condition, tree=tree)


def _microseconds(text: str, zone: str) -> int:
    at = pl.Series([to_moment(text, zone)], dtype=pl.Datetime("us", "UTC"))
    return int(at.to_physical()[0])


def _operands(node: exp.Expression) -> Sequence[exp.Expression]:
    """What a comparison puts side by side."""
    match node:
        case exp.Between():
            parts = [node.this, node.args["low"], node.args["high"]]
        case exp.In() | exp.Coalesce():
            parts = [node.this, *node.expressions]
        case _ if type(node) in (*COMPARISONS, *ARITHMETIC):
            parts = [node.this, node.expression]
        case _:
            return []
    return [part.unnest() for part in parts]


def _is_column(node: exp.Expression, names: Collection[str]) -> bool:
    return isinstance(node, exp.Column) and node.name in names


def _kind_by_use(tree: exp.Expression, name: str, known: Mapping[str, ReadColumn]) -> CellKind:
    """What a column is to be read as: what it is first compared with; a word where nothing tells."""
    for node in tree.walk(bfs=False):
        inside = [node.this] if isinstance(node, exp.Neg) else _operands(node)
        if not any(_is_column(one.unnest(), [name]) for one in inside):
            continue
        if type(node) in (*ARITHMETIC, exp.Neg):
            return "real"
        for one in inside:
            kind = _kind_of(one, ordered=isinstance(node, _ORDERED), known=known)
            if kind is not None:
                return kind
    return "word"


def _kind_of(one: exp.Expression, *, ordered: bool, known: Mapping[str, ReadColumn]) -> CellKind | None:
    match one:
        case exp.Literal() if one.is_string:
            return "instant" if ordered else "word"
        case exp.Literal() | exp.Neg():
            return "real"
        case exp.Boolean():
            return "yes_no"
        case exp.Column():
            column = _folded(known, one.name)
            kinds: Mapping[CellKind | None, CellKind] = {"instant": "instant", "word": "word", "text": "word"}
            return None if column is None else kinds.get(column.kind, "real")
    return None
