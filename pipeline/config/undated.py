"""What a configuration means whose closes have no date: a label of one horizon, the final outcome."""

from typing import TYPE_CHECKING

from pipeline.config.grades import check_grades
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


def is_undated(config: "Config") -> bool:
    """Whether leads have a date and their closes have none."""
    return not config.flat and config.label.close == "outcome" and config.label.closed_at is None


def with_final_outcome(config: "Config") -> "Config":
    """The configuration with what undated closes leave no choice of, as far as nobody gave it.

    The one horizon is when leads have matured; the cohort is so many days after creation, since nobody can
    say which lead was open on a day of the calendar; grades are of the one horizon.

    Raises:
        ConfigError: what was given does not go with undated closes.

    Example:
        >>> from pipeline.config.config import Config
        >>> raw = {"name": "x", "sources": {"leads": {"path": "l.csv"}}}
        >>> config = with_final_outcome(Config(**raw, label={"close": "outcome", "column": "won"}))
        >>> config.horizons_days, config.cohort.at, config.cohort.days
        ((180,), 'after_creation', (7,))
    """
    if not is_undated(config):
        return config
    given, label = config.model_fields_set, config.label
    days = label.matured_days or (config.horizons_days[0] if "horizons_days" in given else MATURED_DAYS)
    if "horizons_days" in given and config.horizons_days != (days,):
        raise ConfigError(
            f"{config.path}: closes without label.closed_at have one horizon, when leads have matured: "
            f"set horizons_days: [{days}], or leave it out"
        )
    cohort = config.cohort
    if "at" not in cohort.model_fields_set and not cohort.days:
        cohort = cohort.model_copy(update={"at": "after_creation", "days": COHORT_DAYS})
    if cohort.at != "after_creation":
        raise ConfigError(
            f"{config.path}: cohort.at: {cohort.at} needs label.closed_at, which says who was open then; "
            "write cohort: {at: after_creation, days: [7]}"
        )
    grades = config.grades
    if "grades" not in given:
        grades = {name: Threshold(by_days=days, at_least=least) for name, least in _AT_LEAST.items()}
    try:
        check_grades(grades, (days,), flat=False)
    except ValueError as error:
        raise ConfigError(f"{config.path}: {error}, which is [{days}] for closes without a date") from None
    changed = {"horizons_days": (days,), "cohort": cohort, "grades": grades}
    return config.model_copy(update=changed)
