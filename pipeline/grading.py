"""The team's own rule schemes on the as-of matrix, with what the scorer learned for them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from features.feature import Feature, Kind
from features.scheme import Scheme
from features.schemes import CompiledScheme, availability, compile_scheme, grade_frame
from models.scorer import LeadScorer
from pipeline.errors import ConfigError


@dataclass(frozen=True)
class GradedBy:
    """A scheme on this data: compiled, or the reason why it is unavailable."""

    scheme: Scheme
    compiled: CompiledScheme | None
    reason: str = ""


def usable_schemes(
    schemes: Sequence[Scheme], features: Sequence[Feature], scorer: LeadScorer
) -> tuple[GradedBy, ...]:
    """Compile each scheme for the features there are, with the edges that the scorer learned.

    Raises:
        ConfigError: a condition does not fit the columns.
    """
    kinds = {feature.name: feature.kind for feature in features}
    return tuple(_compile(scheme, kinds, scorer.rfm_edges) for scheme in schemes)


def _compile(scheme: Scheme, kinds: Mapping[str, Kind], edges: Mapping[str, float]) -> GradedBy:
    missing = availability(scheme, kinds)
    if missing:
        return GradedBy(scheme, None, f"the data have no {', '.join(missing)}")
    unlearned = [name for name in scheme.learned if name not in edges]
    if unlearned:
        return GradedBy(scheme, None, f"no orders in training to learn {', '.join(unlearned)} from")
    try:
        return GradedBy(scheme, compile_scheme(scheme, kinds, {name: edges[name] for name in scheme.learned}))
    except ValueError as error:
        raise ConfigError(f"schemes: {error}") from None


def rule_grades(frame: pd.DataFrame, graded: Sequence[GradedBy]) -> pd.DataFrame:
    """Each available scheme's label of each row, in columns ``scheme_<id>``."""
    return grade_frame(frame, [one.compiled for one in graded if one.compiled])
