"""The team's own rule schemes on the as-of matrix, with what the scorer learned for them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from features.feature import Feature, ValueKind
from features.schemes.best_call import best_call_column
from features.schemes.compiled import (
    CompiledScheme,
    availability,
    check_scheme_names,
    compile_scheme,
    grade_frame,
)
from features.schemes.declaration import UNGRADED, Scheme
from features.schemes.edges import Rounding, learn_edges
from features.schemes.explained import explain, flags_raised
from pipeline.errors import ConfigError


@dataclass(frozen=True)
class GradedBy:
    """A scheme on this data: compiled, or the reason why it is unavailable."""

    scheme: Scheme
    compiled: CompiledScheme | None
    reason: str = ""


def usable_schemes(
    schemes: Sequence[Scheme], features: Sequence[Feature], edges: Mapping[str, float]
) -> tuple[GradedBy, ...]:
    """Compile each scheme for the features there are, with the ``rfm_edges`` that a scorer learned.

    Raises:
        ConfigError: a condition does not fit the columns.
    """
    kinds = {feature.name: feature.kind for feature in features}
    return tuple(_compile(scheme, kinds, edges) for scheme in schemes)


def check_schemes(
    schemes: Sequence[Scheme], features: Sequence[Feature], elsewhere: Collection[str] = ()
) -> None:
    """Refuse schemes that no data of this configuration could satisfy, before any are read.

    A scheme that reads what this team does not keep, but another team might, is left for
    ``usable_schemes`` to call unavailable.

    Args:
        schemes: the schemes.
        features: the whole catalogue, with the configuration's attributes.
        elsewhere: further columns that the shipped schemes read.

    Raises:
        ConfigError: names the file and the rule: an unknown column, kinds that cannot be compared, or a
            rule that can never win.
    """
    kinds = {feature.name: feature.kind for feature in features}
    for scheme in schemes:
        try:
            check_scheme_names(scheme, {*kinds, *elsewhere})
            if not availability(scheme, kinds):
                compile_scheme(scheme, kinds, dict.fromkeys(scheme.learned, 0.0))
        except ValueError as error:
            raise ConfigError(f"{scheme.file}: {error}") from None


def learn_scheme_edges(
    schemes: Sequence[Scheme],
    features: Sequence[Feature],
    frame: pd.DataFrame,
    rounding: Rounding | None = None,
) -> dict[str, float]:
    """The edges that schemes learn by themselves, as ``scheme.edge``, from rows of the training period.

    Raises:
        ConfigError: an edge does not fit the columns, or its share is none.
    """
    kinds = {feature.name: feature.kind for feature in features}
    edges: dict[str, float] = {}
    for scheme in schemes:
        if scheme.edges and not availability(scheme, kinds):
            try:
                learned = learn_edges(scheme, kinds, frame, rounding)
            except ValueError as error:
                raise ConfigError(f"{scheme.file}: {error}") from None
            edges |= {f"{scheme.id}.{name}": value for name, value in learned.items()}
    return edges


def _compile(scheme: Scheme, kinds: Mapping[str, ValueKind], edges: Mapping[str, float]) -> GradedBy:
    missing = availability(scheme, kinds)
    if missing:
        return GradedBy(scheme, None, f"the data have no {', '.join(missing)}")
    kept = {name: f"{scheme.id}.{name}" if name in scheme.edges else name for name in scheme.learned}
    unlearned = [name for name in scheme.learned if kept[name] not in edges]
    if unlearned:
        return GradedBy(scheme, None, f"no orders in training to learn {', '.join(unlearned)} from")
    try:
        return GradedBy(
            scheme, compile_scheme(scheme, kinds, {name: edges[key] for name, key in kept.items()})
        )
    except ValueError as error:
        raise ConfigError(f"{scheme.file}: {error}") from None


def rule_grades(frame: pd.DataFrame, graded: Sequence[GradedBy]) -> pd.DataFrame:
    """Each available scheme's label of each row, in columns ``scheme_<id>``."""
    there = [one.compiled for one in graded if one.compiled]
    parts = [grade_frame(_as_seen(frame, compiled), [compiled]) for compiled in there]
    return pd.concat([pd.DataFrame(index=frame.index), *parts], axis=1)


def best_call_schemes(schemes: Sequence[Scheme], features: Sequence[Feature]) -> tuple[CompiledScheme, ...]:
    """The available schemes that grade the best call of a window.

    Raises:
        ConfigError: a condition does not fit the columns.
    """
    kinds = {feature.name: feature.kind for feature in features}
    graded = [_compile(scheme, kinds, {}) for scheme in schemes if scheme.grades_best_call]
    return tuple(one.compiled for one in graded if one.compiled)


def _as_seen(frame: pd.DataFrame, compiled: CompiledScheme) -> pd.DataFrame:
    """The matrix with the columns of the best call in the place of the latest one's, where it has them."""
    best = {column: best_call_column(compiled.scheme.id, column) for column in compiled.columns}
    return frame.assign(**{column: frame[name] for column, name in best.items() if name in frame.columns})


def ranked_grades(frame: pd.DataFrame, graded: Sequence[GradedBy], orders_close: bool) -> pd.DataFrame:
    """The labels that forecast: without status schemes, and ungraded where a label is a status.

    Args:
        frame: the as-of matrix.
        graded: the schemes.
        orders_close: whether a lead closes by its order, not by its contract.
    """
    forecasts = [one for one in graded if one.scheme.use == "grade"]
    labels = rule_grades(frame, forecasts)
    told = {f"scheme_{one.scheme.id}": one.scheme.statuses(orders_close) for one in forecasts if one.compiled}
    return pd.DataFrame(
        {name: column.mask(column.isin(told[str(name)]), UNGRADED) for name, column in labels.items()},
        index=frame.index,
    )


def raised_flags(frame: pd.DataFrame, graded: Sequence[GradedBy]) -> pd.DataFrame:
    """What the available schemes flag of each row, in words: ``flags_en`` and ``flags_zh``, a flag a line."""
    said = pd.DataFrame({"flags_en": "", "flags_zh": ""}, index=frame.index, dtype="str")
    for compiled in (one.compiled for one in graded if one.compiled and one.scheme.flags):
        raised = flags_raised(compiled, _as_seen(frame, compiled))
        for flag in compiled.scheme.flags:
            for name, words in (("flags_en", flag.name.en), ("flags_zh", flag.name.zh)):
                said.loc[raised[flag.id], name] += f"{words}\n"
    return pd.DataFrame({name: said[name].str.removesuffix("\n") for name in said})


def explanations(frame: pd.DataFrame, graded: Sequence[GradedBy]) -> pd.DataFrame:
    """Why each lead has its rule grades: a row per lead and available scheme.

    Returns:
        ``lead_id``, ``scheme``, and the columns of ``features.schemes.explained.explain``.
    """
    parts = [
        explain(one.compiled, _as_seen(frame, one.compiled)).assign(
            lead_id=frame["lead_id"], scheme=one.scheme.id
        )
        for one in graded
        if one.compiled
    ]
    columns = ["lead_id", "scheme", "label", "rule", "why_en", "why_zh", "because", "flags"]
    return pd.concat(parts, ignore_index=True)[columns] if parts else pd.DataFrame(columns=columns)
