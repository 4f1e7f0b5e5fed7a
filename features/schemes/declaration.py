"""A rule scheme as data: labels with their playbooks, and the rules that give them."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal, Self

from features.schemes.conditions import SqlCondition, nearest
from features.schemes.typed import Value, check_type

UNGRADED = "ungraded"

# Parameter of schemes that grade a call: 0 takes the latest connected call, n the best one of n days.
BEST_CALL_DAYS = "best_call_days"

Channel = Literal["phone", "robot", "wechat", "sms", "email", "visit", "none"]


@dataclass(frozen=True, slots=True)
class BilingualText:
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

    action: BilingualText
    cadence_days: float | None
    channel: Channel


@dataclass(frozen=True, slots=True)
class Label:
    """One label of a scheme, with its playbook.

    Attributes:
        use: ``grade`` predicts; ``status`` says what has happened already, and is left out of every
            ranking; ``before_order`` predicts only where closing is an order or a payment, and is a
            status where closing is the contract itself.
    """

    id: str
    name: BilingualText
    playbook: Playbook
    use: Literal["grade", "status", "before_order"] = "grade"


@dataclass(frozen=True, slots=True)
class Rule:
    """A lead for which ``when`` is true, and no earlier rule's, gets ``label``."""

    label: str
    when: SqlCondition
    note: BilingualText | None = None


@dataclass(frozen=True, slots=True)
class Flag:
    """Something to be said beside the label where ``when`` is true; it changes no label."""

    id: str
    name: BilingualText
    when: SqlCondition


@dataclass(frozen=True, slots=True)
class Edge:
    """A learned parameter: the value that a share of the training leads lies above, or at or below.

    Attributes:
        term: the expression whose value it is.
        among: which leads count.
        share: the parameter that holds the share.
        end: ``top`` cuts off the highest values, ``bottom`` the lowest.
    """

    term: SqlCondition
    among: SqlCondition
    share: str
    end: Literal["top", "bottom"]


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
        ordered_to: the last label of that order, where those after it have none.
        labels: all labels that the scheme can give.
        rules: tried in order.
        default: label of a lead for which all rules are false; such leads are ungraded if none.
        parameters: the thresholds that users may change, with their defaults.
        learned: parameters without a default, learned from the training period.
        edges: how the scheme's own ones among them are learned.
        terms: named parts of conditions, such as a sum of points.
        flags: what is said beside the label.
        optional: columns that a team need not have, texts or features of the catalogue: without one the
            fact is missing in every row.
        file: where it was read from, for messages.

    Raises:
        ValueError: the parts contradict each other; the message names the rule by its number.
    """

    id: str
    name: BilingualText
    scope: BilingualText
    use: Literal["grade", "status"]
    ordered: bool
    labels: tuple[Label, ...]
    rules: tuple[Rule, ...]
    default: str | None = None
    parameters: Mapping[str, Value] = field(default_factory=dict)
    learned: tuple[str, ...] = ()
    edges: Mapping[str, Edge] = field(default_factory=dict)
    terms: Mapping[str, SqlCondition] = field(default_factory=dict)
    flags: tuple[Flag, ...] = ()
    ordered_to: str | None = None
    optional: tuple[str, ...] = ()
    file: str = field(default="", compare=False)

    def __post_init__(self) -> None:
        _check_labels(self)
        _check_parameters(self)
        _check_repeats(self)

    def with_parameters(self, values: Mapping[str, Value]) -> Self:
        """The same scheme with other thresholds.

        Raises:
            ValueError: a parameter is unknown, is learned, or has another type.
        """
        for name, value in values.items():
            if name in self.learned:
                raise ValueError(f"parameter {name} is learned from the data and cannot be set")
            if name not in self.parameters:
                raise ValueError(f"unknown parameter {name!r}{nearest(name, self.parameters)}")
            check_type(name, value, self.parameters[name])
        return replace(self, parameters={**self.parameters, **values})

    @property
    def grades_best_call(self) -> bool:
        """Whether the best call of a window is graded, not the latest connected one."""
        return float(self.parameters.get(BEST_CALL_DAYS, 0)) > 0

    @property
    def label_ids(self) -> tuple[str, ...]:
        """The labels in their order."""
        return tuple(label.id for label in self.labels)

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns of the matrix that rules, flags, terms and edges read, in order."""
        read = [rule.when for rule in self.rules] + [flag.when for flag in self.flags]
        read += [*self.terms.values(), *(edge.among for edge in self.edges.values())]
        return tuple(dict.fromkeys(column for one in read for column in one.columns))

    @property
    def conditions(self) -> list[tuple[str, SqlCondition]]:
        """Every condition and term with its place, such as ``rule 2``; rules first."""
        rules = [(f"rule {number}", rule.when) for number, rule in enumerate(self.rules, start=1)]
        flags = [(f"flag {flag.id}", flag.when) for flag in self.flags]
        edges = [
            (f"edge {name}", one) for name, edge in self.edges.items() for one in (edge.term, edge.among)
        ]
        return [*rules, *flags, *edges, *((f"term {name}", term) for name, term in self.terms.items())]

    @property
    def order(self) -> tuple[str, ...]:
        """The labels that have an order, best first; none of a nominal scheme's."""
        if not self.ordered:
            return ()
        last = len(self.labels) if self.ordered_to is None else self.label_ids.index(self.ordered_to) + 1
        return self.label_ids[:last]

    def statuses(self, orders_close: bool) -> frozenset[str]:
        """The labels that say what has happened already, and are no grade.

        Args:
            orders_close: whether a lead closes by its order, not by its contract.
        """
        told = {"status"} if orders_close else {"status", "before_order"}
        return frozenset(label.id for label in self.labels if label.use in told)


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
    if scheme.ordered_to is not None and scheme.ordered_to not in labels[: len(labels) * scheme.ordered]:
        raise ValueError(f"ordered_to: {scheme.ordered_to!r} is no label of an ordered scheme")
    if idle := [name for name in labels if name not in given]:
        raise ValueError(f"label {idle[0]!r} has no rule and is not the default")


def _check_parameters(scheme: Scheme) -> None:
    known = [*scheme.parameters, *scheme.learned]
    if doubles := [name for name, times in Counter(known).items() if times > 1]:
        raise ValueError(f"parameter {doubles[0]!r} stands twice")
    if strangers := scheme.edges.keys() - set(scheme.learned):
        raise ValueError(f"edge {min(strangers)!r} is no learned parameter")
    read = {BEST_CALL_DAYS, *(edge.share for edge in scheme.edges.values())}
    for place, one in scheme.conditions:
        read.update(one.parameters)
        for name in one.parameters:
            if name not in known:
                raise ValueError(f"{place}: unknown parameter :{name}{nearest(name, known)}")
    if idle := [name for name in known if name not in read]:
        raise ValueError(f"no rule reads parameter {idle[0]!r}; remove it")
    if idle := [name for name in scheme.optional if name not in scheme.columns]:
        raise ValueError(f"no rule reads the optional column {idle[0]!r}; remove it")


def _check_repeats(scheme: Scheme) -> None:
    seen: dict[str, int] = {}
    for number, rule in enumerate(scheme.rules, start=1):
        first = seen.setdefault(rule.when.canonical, number)
        if first != number:
            raise ValueError(f"rule {number} can never win: it repeats the condition of rule {first}")
