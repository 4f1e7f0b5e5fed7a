"""What a configuration means whose label is the final outcome: one horizon, and a cohort after creation."""

from typing import TYPE_CHECKING

from pipeline.config.data import Cohort
from pipeline.config.grades import ByValue, Grades, check_grades
from pipeline.config.learning import Threshold
from pipeline.errors import ConfigError

if TYPE_CHECKING:
    from pipeline.config.config import Config

# So long after its creation a lead's outcome is taken as final, where nobody says how long.
MATURED_DAYS = 180

# So long after their creation leads are looked at, where nobody says when.
COHORT_DAYS = (7,)

# Grades of a single horizon.
_AT_LEAST = {"A": 0.5, "B": 0.3, "C": 0.2, "D": 0.1}


def has_final_outcome(config: "Config") -> bool:
    """Whether the label is the final outcome: leads have a date, and closes none, or not enough of them."""
    label = config.label
    return (
        not config.flat
        and label.close == "outcome"
        and (label.closed_at is None or bool(label.final_outcome))
    )


def may_lack_dates(config: "Config") -> bool:
    """Whether the data decide if the label is the final outcome: by how many of the won have no date."""
    label = config.label
    dated = label.close == "outcome" and label.closed_at is not None
    return not config.flat and dated and label.final_outcome is None


def with_final_outcome(config: "Config") -> "Config":
    """The configuration with what a final outcome leaves no choice of, as far as nobody gave it.

    The one horizon is when leads have matured; the cohort is so many days after creation, since nobody can
    say which lead was open on a day of the calendar; grades are of the one horizon.

    Raises:
        ConfigError: what was given does not go with a final outcome.

    Example:
        >>> from pipeline.config.config import Config
        >>> raw = {"name": "x", "sources": {"leads": {"path": "l.csv"}}}
        >>> config = with_final_outcome(Config(**raw, label={"close": "outcome", "column": "won"}))
        >>> config.horizons_days, config.cohort.at, config.cohort.days
        ((180,), 'after_creation', (7,))
    """
    if not has_final_outcome(config):
        return config
    given, label = config.model_fields_set, config.label
    days = label.matured_days or (config.horizons_days[0] if "horizons_days" in given else MATURED_DAYS)
    if "horizons_days" in given and config.horizons_days != (days,):
        raise ConfigError(
            f"{config.path}: closes without a date have one horizon, when leads have matured: "
            f"set horizons_days: [{days}], or leave it out"
        )
    cohort = config.cohort
    if "at" not in cohort.model_fields_set and not cohort.days:
        cohort = _after_creation(cohort)
    if cohort.at != "after_creation":
        raise ConfigError(
            f"{config.path}: cohort.at: {cohort.at} needs the date of each close, which says who was open "
            "then; write cohort: {at: after_creation, days: [7]}"
        )
    grades = config.grades if "grades" in given else _of_one_horizon(days)
    try:
        check_grades(grades, (days,), flat=False)
    except ValueError as error:
        raise ConfigError(f"{config.path}: {error}, which is [{days}] for closes without a date") from None
    return config.model_copy(update={"horizons_days": (days,), "cohort": cohort, "grades": grades})


def turned_to_final_outcome(config: "Config") -> tuple["Config", tuple[str, ...]]:
    """A configuration of dated closes as one of final outcomes, and what was given and cannot be kept.

    Example:
        >>> from pipeline.config.config import Config
        >>> raw = {"name": "x", "sources": {"leads": {"path": "l.csv"}}, "horizons_days": (30, 90)}
        >>> label = {"close": "outcome", "column": "won", "closed_at": "at"}
        >>> turned, changed = turned_to_final_outcome(Config(**raw, label=label))
        >>> turned.horizons_days, turned.cohort.days, changed
        ((90,), (7,), ('horizons_days: [30, 90]',))
    """
    days = config.horizons_days[-1]
    cohort = config.cohort if config.cohort.at == "after_creation" else _after_creation(config.cohort)
    grades = _turned(config.grades, days)
    given, cohort_given = config.model_fields_set, config.cohort.model_fields_set
    replaced = {
        f"horizons_days: {list(config.horizons_days)}": "horizons_days" in given
        and config.horizons_days != (days,),
        f"cohort.at: {config.cohort.at}": "at" in cohort_given and cohort != config.cohort,
        "grades": "grades" in given and grades != config.grades,
    }
    changed = tuple(what for what, other in replaced.items() if other)
    label = config.label.model_copy(update={"final_outcome": True})
    update = {"label": label, "horizons_days": (days,), "cohort": cohort, "grades": grades}
    return config.model_copy(update=update), changed


def _after_creation(cohort: Cohort) -> Cohort:
    return cohort.model_copy(update={"at": "after_creation", "days": COHORT_DAYS})


def _of_one_horizon(days: int) -> dict[str, Threshold]:
    return {name: Threshold(by_days=days, at_least=least) for name, least in _AT_LEAST.items()}


def _turned(grades: Grades, days: int) -> Grades:
    """The same grades by the one horizon; conditions by shorter ones have no like."""
    if isinstance(grades, ByValue):
        return grades
    if not isinstance(grades, dict):
        return grades.model_copy(update={"by_days": days})
    same = all(one.by_days == days for one in grades.values())
    return grades if same else _of_one_horizon(days)
