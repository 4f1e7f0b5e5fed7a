"""Rule schemes with one slip of the pen: strict for lenient, a threshold one step off, another text."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

import polars as pl
from sqlglot import exp

from features.feature import ValueKind
from features.schemes.compiled import CompiledScheme
from features.schemes.conditions import SqlCondition, parse_condition
from features.schemes.predicates import compile_condition
from features.schemes.typed import Value

_OTHER = {exp.GT: exp.GTE, exp.GTE: exp.GT, exp.LT: exp.LTE, exp.LTE: exp.LT}
_COMPARED = (*_OTHER, exp.EQ, exp.NEQ, exp.Between)
_Tree = exp.Expression


def mutants_of(
    compiled: CompiledScheme, kinds: Mapping[str, ValueKind], values: Mapping[str, Value]
) -> Iterator[tuple[str, CompiledScheme]]:
    """Every mutant of a scheme's rules and terms: where, and what stands there then; and the changed scheme.

    A comparison becomes strict or lenient, a threshold moves by one (a hundredth if it is no whole number),
    a text becomes another.
    """
    scheme = compiled.scheme
    parts = {f"term {name}": term.text for name, term in scheme.terms.items()}
    parts |= {f"rule {number}": rule.when.text for number, rule in enumerate(scheme.rules, start=1)}
    for place, text in parts.items():
        for slip, changed in _slips(parse_condition(text).tree, values):
            whens = _whens(compiled, place, changed)
            verdicts = tuple(_compiled(when, kinds, values) for when in whens)
            yield f"{place}: {slip}", replace(compiled, verdicts=verdicts)


def _compiled(
    when: SqlCondition | pl.Expr, kinds: Mapping[str, ValueKind], values: Mapping[str, Value]
) -> pl.Expr:
    return when if isinstance(when, pl.Expr) else compile_condition(when, kinds, values)


def _whens(compiled: CompiledScheme, place: str, changed: str) -> list[SqlCondition | pl.Expr]:
    """The condition of each rule that the change reaches; the verdict of each that it does not."""
    what, name = place.split()
    scheme = compiled.scheme
    if what == "rule":
        whens = list(compiled.verdicts)
        whens[int(name) - 1] = parse_condition(changed, scheme.terms)
        return whens
    terms: dict[str, SqlCondition] = {}
    for term, parsed in scheme.terms.items():
        terms[term] = parse_condition(changed if term == name else parsed.text, terms)
    return [parse_condition(rule.when.text, terms) for rule in scheme.rules]


def _slips(tree: _Tree, values: Mapping[str, Value]) -> Iterator[tuple[str, str]]:
    for place, node in enumerate(tree.walk()):
        if isinstance(node, (*_COMPARED, exp.Literal)):
            for slipped in _slipped(node, values):
                # A root has nothing around it to be replaced in.
                holder = exp.Paren(this=tree.copy())
                list(holder.this.walk())[place].replace(exp.Paren(this=slipped))
                yield slipped.sql(), holder.this.sql()


def _slipped(node: _Tree, values: Mapping[str, Value]) -> Iterator[_Tree]:
    if isinstance(node, exp.Literal):
        # What a missing text counts as is any that no rule asks for.
        if node.is_string and not isinstance(node.parent, exp.Coalesce):
            yield exp.convert(f"not {node.this}")
    elif isinstance(node, exp.Between):
        yield _within(node, exp.GT, exp.LTE)
        yield _within(node, exp.GTE, exp.LT)
    elif type(node) in _OTHER:
        yield _OTHER[type(node)](this=node.this.copy(), expression=node.expression.copy())
    for part, leaf in node.args.items():
        for moved in _moved(leaf, values):
            slipped = node.copy()
            slipped.set(part, exp.convert(moved))
            yield slipped


def _within(node: exp.Between, above: type[exp.Binary], below: type[exp.Binary]) -> _Tree:
    low, high = (
        compare(this=node.this.copy(), expression=node.args[edge].copy())
        for compare, edge in ((above, "low"), (below, "high"))
    )
    return exp.And(this=low, expression=high)


def _moved(leaf: object, values: Mapping[str, Value]) -> list[float]:
    if isinstance(leaf, exp.Placeholder):
        value = values[leaf.name]
    elif isinstance(leaf, exp.Literal):
        value = leaf.to_py()
    else:
        return []
    if isinstance(value, bool | str):
        return []
    step = 1 if float(value).is_integer() else 0.01
    return [value - step, value + step]
