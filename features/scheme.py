"""A rule scheme as data: labels with their playbooks, and the rules that give them."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from features.conditions import SqlCondition, nearest
from features.predicates import Value

UNGRADED = "ungraded"

Channel = Literal["phone", "robot", "wechat", "sms", "email", "visit", "none"]


@dataclass(frozen=True, slots=True)
class Words:
    """One text in English and Chinese."""

    en: str
    zh: str


@dataclass(frozen=True, slots=True)
class Playbook:
    """What to do with a lead of some label.

    Attributes:
        action: the next action.
        cadence_days: days between contacts; none where no contact is due by the calendar.
        channel: how to reach the lead.
    """

    action: Words
    cadence_days: float | None
    channel: Channel


@dataclass(frozen=True, slots=True)
class Label:
    """One label of a scheme, with its playbook."""

    id: str
    name: Words
    playbook: Playbook


@dataclass(frozen=True, slots=True)
class Rule:
    """A lead for which ``when`` is true, and no earlier rule's, gets ``label``."""

    label: str
    when: SqlCondition
    note: Words | None = None


@dataclass(frozen=True, slots=True)
class Scheme:
    """A grading system as data.

    Attributes:
        id: short name, also its file's.
        name: what the team calls it.
        scope: what is graded, and what is left out.
        use: ``grade`` predicts and is ranked against the model; ``status`` reads the outcome
            itself and is only shown.
        ordered: whether ``labels`` run from best to worst; otherwise none is better than another.
        labels: all labels that the scheme can give.
        rules: tried in order.
        default: label of a lead for which all rules are false; such leads are ungraded if none.
        parameters: the thresholds that users may change, with their defaults.
        learned: parameters without a default, learned from the training period.

    Raises:
        ValueError: the parts contradict each other; the message names the rule by its number.
    """

    id: str
    name: Words
    scope: Words
    use: Literal["grade", "status"]
    ordered: bool
    labels: tuple[Label, ...]
    rules: tuple[Rule, ...]
    default: str | None = None
    parameters: Mapping[str, Value] = field(default_factory=dict)
    learned: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        _check_labels(self)
        _check_parameters(self)
        _check_repeats(self)

    @property
    def label_ids(self) -> tuple[str, ...]:
        """The labels in their order."""
        return tuple(label.id for label in self.labels)

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns of the matrix that the rules read, in order."""
        return tuple(dict.fromkeys(column for rule in self.rules for column in rule.when.columns))


def _check_labels(scheme: Scheme) -> None:
    if not scheme.rules:
        raise ValueError("a scheme needs at least one rule")
    labels = scheme.label_ids
    if doubles := [name for name, times in Counter(labels).items() if times > 1]:
        raise ValueError(f"label {doubles[0]!r} stands twice")
    if UNGRADED in labels:
        raise ValueError(f"label {UNGRADED!r} is kept for leads that no rule decides; rename it")
    for number, rule in enumerate(scheme.rules, start=1):
        if rule.label not in labels:
            raise ValueError(f"rule {number}: unknown label {rule.label!r}{nearest(rule.label, labels)}")
    if scheme.default is not None and scheme.default not in labels:
        raise ValueError(f"default: unknown label {scheme.default!r}{nearest(scheme.default, labels)}")
    given = {rule.label for rule in scheme.rules} | {scheme.default}
    if idle := [name for name in labels if name not in given]:
        raise ValueError(f"label {idle[0]!r} has no rule and is not the default")


def _check_parameters(scheme: Scheme) -> None:
    known = [*scheme.parameters, *scheme.learned]
    if doubles := [name for name, times in Counter(known).items() if times > 1]:
        raise ValueError(f"parameter {doubles[0]!r} stands twice")
    for number, rule in enumerate(scheme.rules, start=1):
        for name in rule.when.parameters:
            if name not in known:
                raise ValueError(f"rule {number}: unknown parameter :{name}{nearest(name, known)}")
    read = {name for rule in scheme.rules for name in rule.when.parameters}
    if idle := [name for name in known if name not in read]:
        raise ValueError(f"no rule reads parameter {idle[0]!r}; remove it")


def _check_repeats(scheme: Scheme) -> None:
    seen: dict[str, int] = {}
    for number, rule in enumerate(scheme.rules, start=1):
        first = seen.setdefault(rule.when.canonical, number)
        if first != number:
            raise ValueError(f"rule {number} can never win: it repeats the condition of rule {first}")
