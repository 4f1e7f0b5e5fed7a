"""Learned grades beside all others: which system is looked at closely, and all tables of the comparison."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from features.labels import closed_column
from models.metrics.scores import auc
from models.scorer import LeadScorer
from pipeline.comparison.agreement import agreements
from pipeline.comparison.capacity_curve import capacity_curve
from pipeline.comparison.cross_table import cross_table
from pipeline.comparison.sharpest import sharpest
from pipeline.comparison.sides import Sides, sides_of
from pipeline.comparison.slices import slice_keys, slices
from pipeline.comparison.swap_sets import swap_set
from pipeline.config.config import Config
from pipeline.errors import ConfigError
from pipeline.evaluation.evaluate import Evaluation
from pipeline.language.sentence import Sentence


@dataclass(frozen=True)
class Comparison:
    """What is told of learned grades beside those of rules and people.

    Attributes:
        sides: the model beside each other system.
        against: the one that is looked at closely; none if there is no other.
        lines: every row of every system, agreements too.
        cross: from ``cross_table``, of all systems.
        agreement: from ``agreements``, a line a system.
        swaps: from ``swap_set``, of all systems.
        capacity: from ``capacity_curve``.
        slices: from ``slices``, of the one looked at closely.
        sharpest: likewise.
    """

    sides: tuple[Sides, ...]
    against: Sides | None
    lines: pd.DataFrame
    cross: pd.DataFrame
    agreement: pd.DataFrame
    swaps: pd.DataFrame
    capacity: pd.DataFrame
    slices: pd.DataFrame
    sharpest: pd.DataFrame

    @property
    def tables(self) -> Mapping[str, pd.DataFrame]:
        """The tables beside ``lines``, by the names of their files."""
        return {
            "cross": self.cross,
            "agreement": self.agreement,
            "swaps": self.swaps,
            "capacity": self.capacity,
            "slices": self.slices,
            "sharpest": self.sharpest,
        }


def compare_grades(
    config: Config,
    evaluation: Evaluation,
    scorer: LeadScorer,
    against: str | None = None,
    horizon: str | None = None,
) -> Comparison:
    """Put the learned grades beside the labels of rules and people, as these were given.

    Args:
        config: the configuration.
        evaluation: of the scorer, on the test period.
        scorer: that gave the learned grades.
        against: the system to look at closely; when left out people's grades, else the best scheme.
        horizon: by which closes are counted; the longest when left out.

    Raises:
        ConfigError: there is no such system or horizon.
    """
    by = scorer.horizons[-1] if horizon is None else horizon
    _check_named("--horizon", by, scorer.horizons)
    schemes = {one.scheme.id: one.scheme for one in evaluation.schemes}
    sides = sides_of(evaluation, scorer.policy, schemes, by)
    if against is not None:
        _check_named("--against", against, [one.name for one in sides])
    chosen = _chosen(sides, against)
    seed, rows = config.model.seed, evaluation.rows
    none = pd.DataFrame()
    keys = row_keys(config, rows)
    return Comparison(
        sides=tuple(sides),
        against=chosen,
        lines=pd.concat([_lines(one, rows, scorer.horizons) for one in sides]) if sides else none,
        cross=pd.concat([cross_table(one) for one in sides], ignore_index=True) if sides else none,
        agreement=agreements(sides, seed),
        swaps=pd.concat([swap_set(one, seed) for one in sides], ignore_index=True) if sides else none,
        capacity=capacity_curve(sides) if sides else none,
        slices=none if chosen is None else slices(chosen, keys),
        sharpest=none if chosen is None else sharpest(chosen, rows, scorer, evaluation.schemes),
    )


def _check_named(option: str, name: str, known: Sequence[str]) -> None:
    if name not in known:
        raise ConfigError(
            Sentence(
                "{option} {name}: there is {value}",
                option=option,
                name=name,
                value=", ".join(known) or "nothing to compare with",
            )
        )


def _chosen(sides: Sequence[Sides], against: str | None) -> Sides | None:
    """The one that was asked for; else dated grades of people, grades in hindsight, the best scheme."""
    if against is not None:
        return next(one for one in sides if one.name == against)
    first = {"manual": 0, "hindsight": 1}
    ranked = sorted(sides, key=lambda one: (first.get(one.kind, 2), -_auc(one)))
    return ranked[0] if ranked else None


def _auc(sides: Sides) -> float:
    closed = sides.rows["closed"].to_numpy(dtype=np.float64)
    ripe = ~np.isnan(closed)
    found = auc(closed[ripe], sides.rows["its_chance"].to_numpy(dtype=np.float64)[ripe])
    return 0.0 if np.isnan(found) else float(found)


def row_keys(config: Config, rows: pd.DataFrame) -> pd.DataFrame:
    """What the rows of the test period are told by, from ``slices.slice_keys``."""
    attributes = [
        name
        for name, spec in config.attributes.items()
        if spec.kind == "categorical" and spec.known == "at_creation"
    ]
    return slice_keys(rows, attributes, config.timezone)


def _lines(sides: Sides, rows: pd.DataFrame, horizons: Sequence[str]) -> pd.DataFrame:
    own = sides.rows[["lead_id", "as_of", "its_label", "its_grade", "learned_grade", "steps", "part"]]
    told = [f"p_{name}" for name in horizons] + [closed_column(name) for name in horizons]
    return pd.concat([own.assign(system=sides.name), rows[told]], axis=1)
