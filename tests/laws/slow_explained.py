"""The slow reference of explanations: one row at a time in plain Python."""

import pandas as pd
import polars as pl

from features.schemes.compiled import apply
from features.schemes.declaration import UNGRADED

DEFAULT = ("none of the rules applies", "各条规则均不符合")
_UNDECIDED = ("a fact is missing", "缺少所需信息")
_NO_RULE = ("no rule applies", "没有适用的规则")


def explain(compiled, frame):
    rows = pl.from_pandas(frame[list(compiled.columns)].assign(scheme_row=True), include_index=False)
    graded = apply(compiled, rows, rules=True)
    name = f"scheme_{compiled.scheme.id}"
    values = rows.with_columns(**compiled.terms)
    open_rules = rows.select(v.is_null().alias(str(i)) for i, v in enumerate(compiled.verdicts)).to_dicts()
    raised = rows.select(**compiled.flags).to_dicts() if compiled.flags else [{}] * rows.height
    records = []
    for row, label, rule, undecided, flags in zip(
        values.iter_rows(named=True),
        graded[name],
        graded[f"{name}_rule"],
        open_rules,
        raised,
        strict=True,
    ):
        why, because = _reason(compiled, row, label, rule, [i for i, one in undecided.items() if one])
        said = [f"{flag.name.en} {flag.name.zh}" for flag in compiled.scheme.flags if flags.get(flag.id)]
        records.append((label, rule, *why, because, "; ".join(said)))
    columns = ["label", "rule", "why_en", "why_zh", "because", "flags"]
    kinds = dict.fromkeys(columns, "str") | {"rule": "Int64"}
    return pd.DataFrame(records, columns=columns, index=frame.index).astype(kinds)


def _reason(compiled, row, label, rule, undecided):
    scheme = compiled.scheme
    if label == UNGRADED:
        read = [column for place in undecided for column in scheme.rules[int(place)].when.columns]
        missing = [column for column in dict.fromkeys(read) if _is_missing(row[column])]
        return (_UNDECIDED, _told(row, missing)) if missing else (_NO_RULE, _told(row, scheme.columns))
    if not rule:
        return DEFAULT, _told(row, scheme.columns)
    fired = scheme.rules[rule - 1]
    words = fired.note or next(one.name for one in scheme.labels if one.id == label)
    return (words.en, words.zh), _told(row, [*fired.when.terms, *fired.when.columns])


def _told(row, names):
    return "; ".join(f"{name}={text(row[name])}" for name in names)


def _is_missing(value):
    return value is None or value != value


def text(value):
    if _is_missing(value):
        return "-"
    if isinstance(value, float):
        value += 0.0  # a negative zero is written as zero
        return f"{value:.6g}" if abs(value) < 1e6 else f"{value:.0f}"
    return str(value)
