"""Rule schemes from YAML files: the shipped ones by name, a team's own by path."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from features.schemes.conditions import SqlCondition, nearest, parse_condition
from features.schemes.declaration import BilingualText, Channel, Edge, Flag, Label, Playbook, Rule, Scheme
from features.schemes.typed import Value
from pipeline.config.config import Config
from pipeline.config.mistakes import describe_errors
from pipeline.config.shipped import shipped
from pipeline.config.yaml_file import load_yaml, to_json
from pipeline.errors import ConfigError
from pipeline.language.sentence import Sentence

_Text = Annotated[str, Field(min_length=1, max_length=500)]
_Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=60)]


def _value(value: object) -> Value:
    if not isinstance(value, bool | int | float | str):
        raise ValueError("must be a number, a text, true or false")
    return value


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class _Words(_Strict):
    en: _Text
    zh: _Text

    def build(self) -> BilingualText:
        return BilingualText(self.en, self.zh)


class _Playbook(_Strict):
    action: _Words
    cadence_days: Annotated[float, Field(gt=0.0, le=3650.0)] | None
    channel: Channel


class _Label(_Strict):
    name: _Words
    use: Literal["grade", "status", "before_order"] = "grade"
    playbook: _Playbook

    def build(self, label_id: str) -> Label:
        playbook = self.playbook
        return Label(
            label_id,
            self.name.build(),
            Playbook(playbook.action.build(), playbook.cadence_days, playbook.channel),
            self.use,
        )


class _Rule(_Strict):
    label: _Text
    when: str
    note: _Words | None = None

    def build(self, number: int, terms: Mapping[str, SqlCondition]) -> Rule:
        condition = _parsed(f"rule {number}", self.when, terms)
        return Rule(self.label, condition, self.note.build() if self.note else None)


class _Edge(_Strict):
    term: _Name
    among: str
    share: _Name
    end: Literal["top", "bottom"]

    def build(self, name: str, terms: Mapping[str, SqlCondition]) -> Edge:
        if self.term not in terms:
            raise ValueError(f"edge {name}: unknown term {self.term!r}{nearest(self.term, terms)}")
        among = _parsed(f"edge {name}", self.among, terms)
        return Edge(terms[self.term], among, self.share, self.end)


class _Flag(_Strict):
    name: _Words
    when: str

    def build(self, flag_id: str, terms: Mapping[str, SqlCondition]) -> Flag:
        return Flag(flag_id, self.name.build(), _parsed(f"flag {flag_id}", self.when, terms))


def _parsed(place: str, text: str, terms: Mapping[str, SqlCondition]) -> SqlCondition:
    try:
        return parse_condition(text, terms)
    except ValueError as error:
        raise ValueError(f"{place}: {error}") from None


class _SchemeFile(_Strict):
    id: _Name
    name: _Words
    scope: _Words
    use: Literal["grade", "status"]
    ordered: bool
    labels: Annotated[dict[_Text, _Label], Field(min_length=1, max_length=50)]
    parameters: dict[_Name, Annotated[object, AfterValidator(_value)]] = {}
    learned: tuple[_Name, ...] = ()
    edges: Annotated[dict[_Name, _Edge], Field(max_length=10)] = {}
    terms: Annotated[dict[_Name, str], Field(max_length=20)] = {}
    flags: Annotated[dict[_Name, _Flag], Field(max_length=10)] = {}
    ordered_to: _Text | None = None
    optional: Annotated[tuple[_Name, ...], Field(max_length=20)] = ()
    rules: Annotated[tuple[_Rule, ...], Field(min_length=1, max_length=100)]
    default: str | None = None

    def build(self) -> Scheme:
        terms: dict[str, SqlCondition] = {}
        for name, text in self.terms.items():
            terms[name] = _parsed(f"term {name}", text, terms)
        return Scheme(
            id=self.id,
            name=self.name.build(),
            scope=self.scope.build(),
            use=self.use,
            ordered=self.ordered,
            labels=tuple(label.build(label_id) for label_id, label in self.labels.items()),
            rules=tuple(rule.build(number, terms) for number, rule in enumerate(self.rules, start=1)),
            default=self.default,
            parameters={name: _value(value) for name, value in self.parameters.items()},
            learned=(*self.learned, *self.edges),
            edges={name: edge.build(name, terms) for name, edge in self.edges.items()},
            terms=terms,
            flags=tuple(flag.build(name, terms) for name, flag in self.flags.items()),
            ordered_to=self.ordered_to,
            optional=self.optional,
        )


def read_scheme(path: Path) -> Scheme:
    """Read and check one scheme file.

    Whether its conditions fit the data at hand is seen when it is compiled.

    Raises:
        ConfigError: the file is missing or no YAML, a key is unknown or missing, a condition holds
            what is not allowed, or the parts contradict each other; the message names the file and
            the key or rule.

    Example:
        >>> read_scheme(shipped("schemes") / "close_window.yaml").label_ids
        ('A', 'B', 'C', 'D', 'E')
    """
    raw = to_json(load_yaml(path))
    try:
        return replace(_SchemeFile.model_validate_json(raw).build(), file=str(path))
    except ValidationError as error:
        raise ConfigError(f"{path}: {_by_rule(describe_errors(error, _SchemeFile))}") from None
    except ValueError as error:
        raise ConfigError(f"{path}: {error}") from None


@lru_cache(maxsize=64)
def _read_shipped(path: Path) -> Scheme:
    """A shipped scheme; a run reads it once, and many verbs ask for all of them."""
    return read_scheme(path)


def _by_rule(problem: str) -> str:
    """Rules are counted from 1 everywhere, keys of a list from 0."""
    return re.sub(
        r"(^|\(\d+\) )rules\.(\d+)(?:\.|: )", lambda place: f"{place[1]}rule {int(place[2]) + 1}: ", problem
    )


def read_schemes(
    names: Sequence[str], folder: Path, parameters: Mapping[str, Mapping[str, Value]] | None = None
) -> tuple[Scheme, ...]:
    """Read the schemes that a configuration lists.

    Args:
        names: a shipped scheme's name, ``all`` for all of them, or the path of a YAML file.
        folder: where relative paths start.
        parameters: values that replace a scheme's own, by scheme and name.

    Raises:
        ConfigError: as ``read_scheme``; a name that is not shipped, two schemes with one id, or a
            parameter that a scheme does not have or that is of another type.
    """
    schemes: dict[str, Scheme] = {}
    for name in _all_named(names):
        path = _path(name, folder)
        scheme = _read_shipped(path) if path.parent == shipped("schemes") else read_scheme(path)
        if scheme.id in schemes:
            raise ConfigError(
                Sentence("schemes: two schemes have the id {id!r}; change one file's id", id=scheme.id)
            )
        schemes[scheme.id] = scheme
    for scheme_id, values in (parameters or {}).items():
        if scheme_id in schemes:
            schemes[scheme_id] = _with_parameters(schemes[scheme_id], values)
        elif scheme_id not in shipped_names():  # a shipped scheme that is not in use just now is no mistake
            hint = nearest(scheme_id, schemes) or "; name it under schemes, too"
            raise ConfigError(
                Sentence(
                    "scheme_parameters.{scheme_id}: no such scheme is used{hint}",
                    scheme_id=scheme_id,
                    hint=hint,
                )
            )
    return tuple(schemes.values())


def _all_named(names: Sequence[str]) -> list[str]:
    return [one for name in names for one in (shipped_names() if name == "all" else (name,))]


def _with_parameters(scheme: Scheme, values: Mapping[str, Value]) -> Scheme:
    try:
        return scheme.with_parameters(values)
    except ValueError as error:
        raise ConfigError(Sentence("scheme_parameters.{id}: {error}", id=scheme.id, error=error)) from None


def schemes_of(config: Config) -> tuple[Scheme, ...]:
    """The rule schemes that a configuration names, with its thresholds.

    Raises:
        ConfigError: as ``read_schemes``.
    """
    return read_schemes(config.schemes, config.path.parent, config.scheme_parameters)


def shipped_names() -> tuple[str, ...]:
    """Names of the schemes that come with the program."""
    return tuple(sorted(path.stem for path in shipped("schemes").glob("*.yaml")))


def _path(name: str, folder: Path) -> Path:
    if name.endswith((".yaml", ".yml")):
        return folder / name
    if name not in shipped_names():
        hint = nearest(name, shipped_names()) or "; give a shipped name or the path of a .yaml file"
        raise ConfigError(Sentence("schemes: no scheme is called {name!r}{hint}", name=name, hint=hint))
    return shipped("schemes") / f"{name}.yaml"
