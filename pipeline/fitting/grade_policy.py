"""From the configuration's ``grades`` to the scorer's policy, learned on the calibration period."""

from collections.abc import Sequence

import pandas as pd

from features.labels import horizon_name
from features.schemes.declaration import Scheme
from models.arrays import Floats
from models.grades.learned_policies import capacity_policy, scheme_policy, value_policy
from models.grades.policy import GradePolicy
from models.scorer import LeadScorer
from pipeline.config.config import Config
from pipeline.config.grades import AsScheme, ByValue, Capacity
from pipeline.errors import ConfigError
from pipeline.matrix.dataset import Rows
from pipeline.schemes.scheme_grades import ranked_grades, usable_schemes


def check_scheme(config: Config, schemes: Sequence[Scheme]) -> None:
    """Refuse grades by the counts of a scheme that is not there or whose labels have no order.

    Raises:
        ConfigError: names the scheme and those that would do.
    """
    if isinstance(config.grades, AsScheme):
        asked = config.grades.scheme
        ordered = [one.id for one in schemes if one.order and one.use == "grade"]
        if asked not in ordered:
            problem = "has no order of labels" if asked in {s.id for s in schemes} else "is not in schemes"
            raise ConfigError(
                f"{config.path}: grades.scheme: {asked} {problem}; "
                f"use one of {', '.join(ordered) or 'those with an order, added to schemes'}"
            )


def learn_policy(
    config: Config,
    rows: Rows,
    scorer: LeadScorer,
    adjust: pd.DataFrame,
    schemes: Sequence[Scheme],
    chances: Floats,
) -> GradePolicy:
    """The policy with its thresholds, not yet its promises.

    Args:
        config: the configuration.
        rows: from ``dataset.training_rows``.
        scorer: all but its policy.
        adjust: the rows of the calibration period.
        schemes: rule schemes, for grades by the counts of one of them.
        chances: P(closed by each horizon) of those rows, (rows, horizons).

    Raises:
        ConfigError: the scheme or the value model that the policy needs is not there.
    """
    grades, horizons = config.grades, rows.horizons
    if isinstance(grades, ByValue):
        if scorer.valuation is None:
            raise ConfigError(
                f"{config.path}: grades.policy: value needs closes with an amount before "
                "split.calibrate_from: add sources.orders with lead_id and amount, or choose another policy"
            )
        return value_policy(grades.at_least, grades.cost_per_lead, horizons)
    if isinstance(grades, dict):
        return GradePolicy.from_thresholds(
            {grade: (_by(one.by_days, horizons), one.at_least) for grade, one in grades.items()}, horizons
        )
    by = _by(grades.by_days, horizons)
    chance = chances[:, horizons.index(by)]
    if isinstance(grades, Capacity):
        return capacity_policy(chance, grades.shares, by, horizons)
    check_scheme(config, schemes)
    return _as_scheme(config, grades.scheme, rows, scorer, adjust, schemes, chance, by)


def _as_scheme(
    config: Config,
    name: str,
    rows: Rows,
    scorer: LeadScorer,
    adjust: pd.DataFrame,
    schemes: Sequence[Scheme],
    chance: Floats,
    by: str,
) -> GradePolicy:
    (graded,) = usable_schemes([one for one in schemes if one.id == name], rows.features, scorer.rfm_edges)
    if graded.compiled is None:
        raise ConfigError(
            f"{config.path}: grades.scheme: {name} is unavailable: {graded.reason}; choose another scheme"
        )
    orders_close = config.label.by_orders
    labels = ranked_grades(adjust, [graded], orders_close)[f"scheme_{name}"]
    statuses = graded.scheme.statuses(orders_close)
    order = [label for label in graded.scheme.order if label not in statuses]
    return scheme_policy(chance, labels, order, name, by, rows.horizons)


def _by(days: int | None, horizons: Sequence[str]) -> str:
    return horizon_name(days) if days else horizons[-1]
