"""Columns of which a rule scheme knows no word: its rules would fire for nobody, and nobody would see why."""

from collections.abc import Iterator, Sequence

import polars as pl
from sqlglot import exp

from features.schemes.conditions import SqlCondition
from features.schemes.declaration import Scheme
from features.schemes.words import VOCABULARY, known_word
from pipeline.language.sentence import Sentence
from pipeline.privacy import mask

_MOST_WORDS = 6


def unmatched_words(schemes: Sequence[Scheme], frame: pl.DataFrame) -> tuple[str, ...]:
    """A warning for each column of which a scheme compares words, and that holds none of them.

    Args:
        schemes: the rule schemes.
        frame: rows of the matrix.
    """
    by_column: dict[str, dict[str, set[str]]] = {}
    for scheme in schemes:
        for column, asked in _asked(scheme).items():
            if _is_foreign(frame, column, asked):
                by_column.setdefault(column, {})[scheme.id] = asked
    return tuple(
        Sentence(
            "warning: by the rules of {schemes} {column} may be {asked}, and it never is; the column holds "
            "{held}: map its words (values), or change the scheme",
            schemes=tuple(asking),
            column=column,
            asked=_listed(sorted(set().union(*asking.values()))),
            held=_listed(_held(frame, column)),
        )
        for column, asking in by_column.items()
    )


def _is_foreign(frame: pl.DataFrame, column: str, asked: set[str]) -> bool:
    known = {known_word(word) for word in asked} | VOCABULARY
    return bool(_held(frame, column)) and not known & _known(frame, column)


def _asked(scheme: Scheme) -> dict[str, set[str]]:
    """The words that a scheme compares each column with, by = or IN."""
    found: dict[str, set[str]] = {}
    for _, condition in scheme.conditions:
        for column, word in _pairs(condition):
            found.setdefault(column, set()).add(word)
    return found


def _pairs(condition: SqlCondition) -> Iterator[tuple[str, str]]:
    for node in condition.tree.find_all(exp.EQ, exp.NEQ, exp.In):
        parts = [node.this, *node.expressions] if isinstance(node, exp.In) else [node.this, node.expression]
        columns = [column.name for part in parts for column in part.find_all(exp.Column)]
        # What stands for a missing value is no word of the column, nor is none.
        given = [one for part in parts if isinstance(part, exp.Coalesce) for one in part.expressions]
        defaults = {"none", *(str(one.this) for one in given)}
        for word in (part.unnest() for part in parts):
            if isinstance(word, exp.Literal) and word.is_string and str(word.this) not in defaults:
                yield from ((name, str(word.this)) for name in columns)


def _held(frame: pl.DataFrame, column: str) -> list[str]:
    """The column's commonest words; none where it has no values, or is no column of words."""
    if column not in frame.columns or frame.schema[column] not in (pl.String, pl.Categorical, pl.Enum):
        return []
    counts = frame[column].cast(pl.String).drop_nulls().value_counts(sort=True)
    return [str(word) for word in counts[column].head(_MOST_WORDS)]


def _known(frame: pl.DataFrame, column: str) -> set[str]:
    return {known_word(str(word)) for word in frame[column].cast(pl.String).drop_nulls().unique()}


def _listed(words: Sequence[str]) -> tuple[str, ...]:
    return tuple(repr(mask(word)) for word in words)
