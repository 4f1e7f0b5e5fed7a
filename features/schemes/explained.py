"""Why a lead has its rule grade: the rule that fired, and the values that made it fire.

Rows are told in groups that read alike: those of one rule, or those that miss the same facts.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pandas as pd
import polars as pl

from features.schemes.compiled import CompiledScheme, apply_rules, rows_read, scheme_labels_of
from features.schemes.declaration import BilingualText, Flag, Scheme
from features.schemes.value_text import value_texts

_DEFAULT = BilingualText("none of the rules applies", "各条规则均不符合")
_UNDECIDED = BilingualText("a fact is missing", "缺少所需信息")
_NO_RULE = BilingualText("no rule applies", "没有适用的规则")


@dataclass(frozen=True, slots=True)
class _Group:
    """Rows that read alike.

    Attributes:
        rows: their places.
        why: in words.
        because: the values behind it, a text per row.
    """

    rows: pl.Series
    why: BilingualText
    because: pl.Series


def explain(compiled: CompiledScheme, frame: pd.DataFrame) -> pd.DataFrame:
    """Explain one scheme's label of each row of the matrix.

    Args:
        compiled: the scheme.
        frame: the matrix, with the columns that the scheme reads.

    Returns:
        On the frame's index: ``label``; ``rule`` (its number from 1, 0 for the default, missing for
        ungraded); ``why_en`` and ``why_zh``, the rule's note or else the label's name; ``because``, the
        values that the rule read (of an ungraded lead: what is missing), as ``name=value`` joined by
        semicolons; ``flags``, what else is to be said.

    Raises:
        ValueError: a column that the scheme reads is missing.
    """
    scheme = compiled.scheme
    rows = rows_read(scheme, frame)
    verdicts, rule = apply_rules(compiled, rows)
    values = rows.with_columns(**compiled.terms)
    groups = [*_graded(scheme, values, rule), *_ungraded(scheme, values, verdicts, rule)]
    told = pl.DataFrame(
        {
            "label": scheme_labels_of(scheme, rule),
            "rule": rule,
            **_in_order(groups),
            "flags": _raised(scheme.flags, rows.with_columns(**compiled.flags)),
        }
    )
    return told.to_pandas().set_axis(frame.index).astype({"rule": "Int64"})


def flags_raised(compiled: CompiledScheme, frame: pd.DataFrame) -> pd.DataFrame:
    """Which flags of a scheme are raised for each row of the matrix: a column of yes and no a flag.

    Raises:
        ValueError: a column that the scheme reads is missing.
    """
    return rows_read(compiled.scheme, frame).select(**compiled.flags).to_pandas().set_axis(frame.index)


def _graded(scheme: Scheme, values: pl.DataFrame, rule: pl.Series) -> Iterator[_Group]:
    """Rows by the rule that won; for the default all rules had to speak."""
    names = {label.id: label.name for label in scheme.labels}
    if len(rows := (rule == 0).arg_true()):
        yield _Group(rows, _DEFAULT, _told(values, rows, scheme.columns))
    for number, fired in enumerate(scheme.rules, start=1):
        if len(rows := (rule == number).arg_true()):
            read = [*fired.when.terms, *fired.when.columns]
            yield _Group(rows, fired.note or names[fired.label], _told(values, rows, read))


def _ungraded(
    scheme: Scheme, values: pl.DataFrame, verdicts: pl.DataFrame, rule: pl.Series
) -> Iterator[_Group]:
    """Ungraded rows by what they miss of what the undecided rules read, in the rules' order."""
    ungraded = rule.is_null()
    undecided = verdicts.filter(ungraded).select(pl.all().is_null())
    missing = values.filter(ungraded).select(_is_missing(values, name) for name in scheme.columns)
    alike = pl.concat([undecided, missing], how="horizontal").with_columns(places=ungraded.arg_true())
    keys = [*undecided.columns, *missing.columns]
    patterns = alike.group_by(keys).agg("places")
    for holds, rows in zip(patterns.select(keys).iter_rows(), patterns["places"], strict=True):
        held = dict(zip(keys, holds, strict=True))
        open_rules = [one for one, name in zip(scheme.rules, undecided.columns, strict=True) if held[name]]
        read = dict.fromkeys(column for one in open_rules for column in one.when.columns)
        absent = [column for column in read if held[column]]
        told = _told(values, rows, absent or scheme.columns)
        yield _Group(rows, _UNDECIDED if absent else _NO_RULE, told)


def _is_missing(values: pl.DataFrame, name: str) -> pl.Expr:
    column = pl.col(name)
    return column.is_null() | column.is_nan() if values.schema[name].is_float() else column.is_null()


def _told(values: pl.DataFrame, rows: pl.Series, names: Sequence[str]) -> pl.Series:
    if not names:
        return pl.Series([""] * len(rows), dtype=pl.String)
    texts = pl.DataFrame({name: value_texts(values[name].gather(rows)) for name in names})
    parts = [part for name in names for part in (pl.lit(f"; {name}="), pl.col(name))]
    return texts.select(pl.concat_str(parts).str.slice(2).alias("because")).to_series()


def _in_order(groups: Sequence[_Group]) -> dict[str, pl.Series]:
    """What the groups say, a row each, in the order of the rows."""
    order = pl.concat([pl.Series([], dtype=pl.UInt32), *(group.rows for group in groups)]).arg_sort()
    texts = pl.concat([pl.Series([], dtype=pl.String), *(group.because for group in groups)])
    lengths = pl.Series([len(group.rows) for group in groups], dtype=pl.UInt32)
    numbers = pl.Series(range(len(groups)), dtype=pl.UInt32).repeat_by(lengths).explode().gather(order)
    return {
        "why_en": pl.Series([group.why.en for group in groups], dtype=pl.String).gather(numbers),
        "why_zh": pl.Series([group.why.zh for group in groups], dtype=pl.String).gather(numbers),
        "because": texts.gather(order),
    }


def _raised(flags: Sequence[Flag], rows: pl.DataFrame) -> pl.Series:
    said = [pl.when(pl.col(one.id)).then(pl.lit(f"{one.name.en} {one.name.zh}")) for one in flags]
    told = pl.concat_str(said, separator="; ", ignore_nulls=True) if said else pl.lit("")
    return rows.with_columns(told.alias("told"))["told"]
