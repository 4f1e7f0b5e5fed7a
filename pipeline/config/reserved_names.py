"""Names of columns that the program itself adds to leads, to the matrix or to a graded list."""

import re
from typing import TYPE_CHECKING

from pipeline.errors import ConfigError

if TYPE_CHECKING:
    from pipeline.config.config import Config

_OWN = re.compile(
    r"row_number|owner_id|as_of|known_at|local_(hour|weekday)|closed(_at)?|lost(_at)?|worked_days|period|seen"
    r"|rank|score|has_history|outside_training(_en|_zh)?|model_version|(manual_)?grade(_en|_zh|_hindsight)?|rfm_[rfm]|scheme_.*|__.*"
    r"|(p|(fit_)?(closed|window))_(\d+d|outcome)|p_.*_sensitivity_(low|high)|band(_(\d+d|outcome)(_low|_high)?)?"
)
# Columns of leads with dates only.
_DATED = {"closed", "lost", "worked_days"}


def is_own(name: str, *, flat: bool = False) -> bool:
    """Whether the program keeps a name for itself, among the attributes of a flat list or elsewhere.

    >>> is_own("closed"), is_own("p_30d"), is_own("region"), is_own("closed", flat=True)
    (True, True, False, False)
    """
    return bool(_OWN.fullmatch(name)) and not (flat and name in _DATED)


def told_apart(config: "Config") -> "Config":
    """The configuration with label and cohort columns that are called like one of ours under another name.

    A file may call its outcome ``closed`` or ``closed_at``: as ``crm_closed`` it stands beside ours.

    Raises:
        ConfigError: an attribute has that name.

    Example:
        >>> from pipeline.config.config import Config
        >>> label = {"close": "outcome", "column": "closed", "closed_at": "at"}
        >>> raw = {"name": "x", "sources": {"leads": {"path": "l.csv"}}, "label": label}
        >>> config = told_apart(Config(**raw))
        >>> config.label.column, config.sources["leads"].columns
        ('crm_closed', {'crm_closed': 'closed'})
    """
    label, cohort, leads = config.label, config.cohort, config.sources["leads"]
    clashing = {name for name in (label.column, label.closed_at, cohort.column) if name and is_own(name)}
    if not clashing:
        return config
    other = {name: f"crm_{name}" for name in clashing}
    taken = sorted(set(other.values()) & set(config.attributes))
    if taken:
        raise ConfigError(
            f"{config.path}: attributes.{taken[0]}: the outcome's column is called so; rename the attribute"
        )
    columns = {name: leads.columns.get(name, name) for name in clashing} | leads.columns
    leads = leads.model_copy(
        update={
            "columns": {other.get(name, name): theirs for name, theirs in columns.items()},
            "values": {other.get(name, name): words for name, words in leads.values.items()},
        }
    )
    changed: dict[str, object] = {
        "sources": {**config.sources, "leads": leads},
        "label": label.model_copy(
            update={
                key: other[name]
                for key, name in (("column", label.column), ("closed_at", label.closed_at))
                if name in other
            }
        ),
    }
    # Only what changes: a cohort that nobody gave stays so, a flat list may have none.
    if cohort.column in other:
        changed["cohort"] = cohort.model_copy(update={"column": other[cohort.column]})
    return config.model_copy(update=changed)
