"""Rule schemes: a team's own grading rules, evaluated over the as-of matrix.

A rule grade is a fact as of an instant like any other: it reads the matrix's columns and nothing
else. Rules are tried in order and the first that is true wins. A comparison with a missing fact is
undecided: it does not fire, and a lead for which no rule is true while one is undecided is
*ungraded*, never the default.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

import pandas as pd
import polars as pl

from features.catalog import catalog, features_of
from features.feature import ValueKind
from features.schemes.conditions import SqlCondition, nearest
from features.schemes.declaration import UNGRADED, Scheme
from features.schemes.predicates import compile_condition, compile_term
from features.schemes.reachability import unreachable_rule
from features.schemes.typed import Value, check_type

_T = TypeVar("_T")
_TEXT: ValueKind = "category"
_DTYPES: Mapping[ValueKind, pl.DataType] = {
    "category": pl.String(),
    "number": pl.Float64(),
    "flag": pl.Boolean(),
}


@dataclass(frozen=True, slots=True, eq=False)
class CompiledScheme:
    """A scheme made ready for one kind of matrix.

    Attributes:
        scheme: where it came from.
        columns: the columns it reads.
        terms: expression of each named part.
        flags: expression of each flag, true or not.
        verdicts: expression of each rule's condition.
    """

    scheme: Scheme
    columns: tuple[str, ...]
    terms: Mapping[str, pl.Expr]
    flags: Mapping[str, pl.Expr]
    verdicts: tuple[pl.Expr, ...]


def compile_scheme(
    scheme: Scheme, kinds: Mapping[str, ValueKind], parameters: Mapping[str, Value] | None = None
) -> CompiledScheme:
    """Check a scheme against the columns there are, and make its expressions.

    Args:
        scheme: the scheme.
        kinds: the matrix's columns and their kinds.
        parameters: values for its parameters: all learned ones, and any that the user changes.

    Raises:
        ValueError: a condition does not fit the columns, a rule can never win, or a parameter is
            missing, unknown or of the wrong type; the message names scheme and rule.
    """
    values = _parameters(scheme, parameters or {})
    kinds = {**optional_kinds(scheme), **kinds}
    if shadowed := [name for name in scheme.terms if name in kinds]:
        raise ValueError(f"scheme {scheme.id}: term {shadowed[0]} has a column's name; rename it")
    verdicts = [
        _named(scheme, f"rule {number}", compile_condition, rule.when, kinds, values)
        for number, rule in enumerate(scheme.rules, start=1)
    ]
    terms = {
        name: _named(scheme, f"term {name}", compile_term, term, kinds, values)
        for name, term in scheme.terms.items()
    }
    # A term stands for itself here: whatever its value, a rule must have a lead left.
    known = {**kinds, **{name: kind for name, (_, kind) in terms.items()}}
    written = [rule.when.written or rule.when for rule in scheme.rules]
    dead = unreachable_rule(written, known, values, scheme.learned)
    if dead:
        raise ValueError(f"scheme {scheme.id}, rule {dead} can never win: earlier rules take all its leads")
    flags = {
        flag.id: _named(scheme, f"flag {flag.id}", compile_condition, flag.when, kinds, values)
        for flag in scheme.flags
    }
    return CompiledScheme(
        scheme,
        scheme.columns,
        {name: expr for name, (expr, _) in terms.items()},
        {name: flag.fill_null(value=False) for name, flag in flags.items()},
        tuple(verdicts),
    )


def _named(
    scheme: Scheme,
    what: str,
    compiler: Callable[[SqlCondition, Mapping[str, ValueKind], Mapping[str, Value]], _T],
    part: SqlCondition,
    kinds: Mapping[str, ValueKind],
    values: Mapping[str, Value],
) -> _T:
    try:
        return compiler(part, kinds, values)
    except ValueError as error:
        raise ValueError(f"scheme {scheme.id}, {what}: {error}") from None


def optional_kinds(scheme: Scheme) -> dict[str, ValueKind]:
    """What a scheme's optional columns are where a team has them not: as in the catalogue, else texts."""
    known = {feature.name: feature.kind for feature in features_of(catalog())}
    return {name: known.get(name, _TEXT) for name in scheme.optional}


def availability(scheme: Scheme, columns: Iterable[str]) -> tuple[str, ...]:
    """The columns a scheme must have that are not there: with any, it is unavailable, and these are why."""
    there = {*columns, *scheme.optional}
    return tuple(column for column in scheme.columns if column not in there)


def check_scheme_names(scheme: Scheme, known: Iterable[str]) -> None:
    """Refuse a scheme that reads a column which no data could have: a slip of the pen.

    Raises:
        ValueError: names scheme, rule and column.
    """
    names = [*known, *scheme.optional]
    for place, condition in scheme.conditions:
        for column in condition.columns:
            if column not in names:
                hint = nearest(column, names) or "; declare it under attributes"
                raise ValueError(f"scheme {scheme.id}, {place}: unknown column {column!r}{hint}")


def apply(compiled: CompiledScheme, frame: pl.DataFrame, rules: bool = False) -> pl.DataFrame:
    """Grade each row: column ``scheme_<id>`` and, on request, ``scheme_<id>_rule``.

    Raises:
        ValueError: a column that the scheme reads is missing.
    """
    _, rule = apply_rules(compiled, frame)
    name = f"scheme_{compiled.scheme.id}"
    graded = {name: scheme_labels_of(compiled.scheme, rule)} | ({f"{name}_rule": rule} if rules else {})
    return pl.DataFrame(graded)


def apply_rules(compiled: CompiledScheme, frame: pl.DataFrame) -> tuple[pl.DataFrame, pl.Series]:
    """Try the rules on each row.

    Returns:
        A column per rule with its verdict, missing where undecided; and the number of the rule that
        won, counted from 1: 0 is the default, missing is ungraded.

    Raises:
        ValueError: a column that the scheme reads is missing.
    """
    verdicts = (
        _whole(compiled.scheme, frame)
        .with_columns(
            verdict.alias(f"rule {number}") for number, verdict in enumerate(compiled.verdicts, start=1)
        )
        .select(f"rule {number}" for number in range(1, len(compiled.verdicts) + 1))
    )
    undecided = pl.any_horizontal(pl.all().is_null())
    won: pl.Expr = pl.when(~undecided).then(pl.lit(None if compiled.scheme.default is None else 0, pl.Int32))
    for number in range(len(compiled.verdicts), 0, -1):
        won = pl.when(pl.col(f"rule {number}")).then(pl.lit(number, pl.Int32)).otherwise(won)
    return verdicts, verdicts.select(won.alias("rule")).to_series()


def scheme_labels_of(scheme: Scheme, rule: pl.Series) -> pl.Series:
    """The label that each winning rule's number gives."""
    labels = [scheme.default or UNGRADED, *(one.label for one in scheme.rules), UNGRADED]
    return pl.Series(labels).gather(rule.fill_null(len(labels) - 1))


def grade_frame(frame: pd.DataFrame, compiled: Sequence[CompiledScheme], rules: bool = False) -> pd.DataFrame:
    """Grade each row of the matrix by each scheme.

    Args:
        frame: the as-of matrix.
        compiled: the schemes, each with columns that the matrix has.
        rules: also give the number of the rule that won.

    Returns:
        A frame with the matrix's index: text column ``scheme_<id>`` per scheme and, on request,
        number column ``scheme_<id>_rule`` (0 default, NaN ungraded).

    Raises:
        ValueError: a column that a scheme reads is missing.
    """
    graded = [pd.DataFrame(index=frame.index)]
    for one in compiled:
        columns = apply(one, rows_read(one.scheme, frame), rules).cast({pl.Int32: pl.Float64})
        graded.append(columns.to_pandas().set_axis(frame.index))
    return pd.concat(graded, axis=1)


def _parameters(scheme: Scheme, given: Mapping[str, Value]) -> dict[str, Value]:
    known = [*scheme.parameters, *scheme.learned]
    for name, value in given.items():
        if name not in known:
            raise ValueError(f"scheme {scheme.id} has no parameter {name!r}{nearest(name, known)}")
        try:
            check_type(name, value, scheme.parameters.get(name, 0.0))
        except ValueError as error:
            raise ValueError(f"scheme {scheme.id}: {error}") from None
    missing = [name for name in scheme.learned if name not in given]
    if missing:
        raise ValueError(f"scheme {scheme.id} needs the learned parameter {missing[0]}; fit it first")
    return {**scheme.parameters, **given}


def rows_read(scheme: Scheme, frame: pd.DataFrame) -> pl.DataFrame:
    """What a scheme reads of the matrix; an optional column that is not there is missing in every row.

    Raises:
        ValueError: another column that it reads is missing.
    """
    there = [column for column in scheme.columns if column in frame.columns]
    # A constant column keeps the rows of a scheme that reads none.
    return _whole(scheme, pl.from_pandas(frame[there].assign(scheme_row=True), include_index=False))


def _whole(scheme: Scheme, frame: pl.DataFrame) -> pl.DataFrame:
    if missing := availability(scheme, frame.columns):
        raise ValueError(f"scheme {scheme.id} reads {', '.join(missing)}, which the data lack")
    absent = {name: kind for name, kind in optional_kinds(scheme).items() if name not in frame.columns}
    return frame.with_columns(pl.lit(None, _DTYPES[kind]).alias(name) for name, kind in absent.items())
