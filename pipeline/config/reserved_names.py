"""Names of columns that the program itself adds to leads, to the matrix or to a graded list."""

import re
from collections.abc import Iterator
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


_LAST_TOUCH = re.compile(
    r"((record|row|lead|contact|deal|hs)?(last)?(modified|modification|updated?|changed?|edited|activity|write)"
    r"(date|time|datetime|at|on)?)|systemmodstamp"
    r"|(线索|客户|记录|数据)?(最后|最近|上次)?(一次)?(修改|更新|跟进|编辑|变更|活动|联系)(时间|日期)"
)


def is_last_touch(name: str) -> bool:
    """Whether a column is called like the time at which anything of its row was last changed.

    >>> [is_last_touch(n) for n in ("Last Modified Date", "write_date", "更新时间", "rating_updated_at")]
    [True, True, True, False]
    """
    return bool(_LAST_TOUCH.fullmatch(re.sub(r"[\s_.-]+", "", name.casefold())))


def wrong_entries(config: "Config") -> Iterator[str]:
    """Times of entry that are none, or that are not a field's own."""
    for name, attribute in config.attributes.items():
        entered_at = attribute.entered_at
        if entered_at is None or "leads" not in config.sources:
            continue
        written = config.sources["leads"].file_name(entered_at)
        if config.flat:
            yield f"attributes.{name}.entered_at: a flat list has one time for a row: remove it"
        elif is_last_touch(written):
            yield (
                f"attributes.{name}.entered_at: {written!r} is when anything of the row was last touched, "
                f"and the last touch of a buyer is the close: set attributes.{name}.known: snapshot"
            )
        elif is_own(entered_at):
            yield (
                f"attributes.{name}.entered_at: the program keeps the name {entered_at} for itself; call it "
                f"crm_{entered_at} and set sources.leads.columns.crm_{entered_at}: {written}"
            )


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
