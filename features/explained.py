"""Why a lead has its rule grade: the rule that fired, and the values that made it fire."""

from collections.abc import Sequence

import pandas as pd
import polars as pl

from features.scheme import UNGRADED
from features.schemes import CompiledScheme, apply

_DEFAULT = ("none of the rules applies", "各条规则均不符合")
_UNDECIDED = ("a fact is missing", "缺少所需信息")
_NO_RULE = ("no rule applies", "没有适用的规则")


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
    rows = pl.from_pandas(frame[list(compiled.columns)].assign(scheme_row=True), include_index=False)
    graded = apply(compiled, rows, rules=True)
    name = f"scheme_{compiled.scheme.id}"
    values = rows.with_columns(**compiled.terms)
    open_rules = rows.select(_open(i, v) for i, v in enumerate(compiled.verdicts)).to_dicts()
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
    return pd.DataFrame(records, columns=columns, index=frame.index).astype({"rule": "Int64"})


def _open(place: int, verdict: pl.Expr) -> pl.Expr:
    return verdict.is_null().alias(str(place))


def _reason(
    compiled: CompiledScheme, row: dict[str, object], label: str, rule: int | None, undecided: Sequence[str]
) -> tuple[tuple[str, str], str]:
    scheme = compiled.scheme
    if label == UNGRADED:
        read = [column for place in undecided for column in scheme.rules[int(place)].when.columns]
        missing = [column for column in dict.fromkeys(read) if _is_missing(row[column])]
        return (_UNDECIDED, _told(row, missing)) if missing else (_NO_RULE, _told(row, scheme.columns))
    if not rule:
        return _DEFAULT, _told(row, scheme.columns)
    fired = scheme.rules[rule - 1]
    words = fired.note or next(one.name for one in scheme.labels if one.id == label)
    return (words.en, words.zh), _told(row, [*fired.when.terms, *fired.when.columns])


def _told(row: dict[str, object], names: Sequence[str]) -> str:
    return "; ".join(f"{name}={_text(row[name])}" for name in names)


def _is_missing(value: object) -> bool:
    return value is None or value != value  # noqa: PLR0124 - not a number


def _text(value: object) -> str:
    if _is_missing(value):
        return "-"
    if isinstance(value, float):
        return f"{value:.6g}" if abs(value) < 1e6 else f"{value:.0f}"
    return str(value)
