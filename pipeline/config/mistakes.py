"""What is wrong with a YAML file, in one line: every wrong key by its path, with the nearest right one."""

import difflib
import json
from collections.abc import Sequence
from types import UnionType
from typing import Union, get_args, get_origin

from pydantic import BaseModel, Tag, ValidationError
from pydantic_core import ErrorDetails

from pipeline.privacy import mask

# What has more is another file, or made to be wrong.
MOST_MISTAKES = 20
# How pydantic calls the members of unions of plain kinds, where a key would stand.
_UNION_TAGS = ("int", "datetime", "str", "tuple[")
_WORDS = {
    "missing": "is missing; add it",
    "string_type": "must be text; put it in quotes",
    "int_type": "must be a whole number",
    "float_type": "must be a number",
    "bool_type": "must be true or false",
    "tuple_type": "must be a list, such as [1, 2]",
    "dict_type": "must be a mapping of keys to values",
    "model_type": "must be a mapping of keys to values",
    "datetime_type": "must be a date or time, such as 2024-01-31 18:00",
}


def describe_errors(error: ValidationError, model: type[BaseModel]) -> str:
    """Say in one line all that is wrong, each by its key's path."""
    found: dict[tuple[int | str, ...], str] = {}
    for one in error.errors(include_url=False):
        if one["type"] == "default_factory_not_called":  # only because another part is wrong
            continue
        steps = _steps(one)
        where = ".".join(str(s) for s in steps)
        told = _problem(one, steps, model)
        found.setdefault(steps, f"{where}: {told}" if where else told)
    return all_of(list(found.values()))


def all_of(mistakes: Sequence[str]) -> str:
    """Mistakes in one line, numbered where there are several.

    Example:
        >>> all_of(["name: is missing"]), all_of(["name: is missing", "foo: unknown key"])
        ('name: is missing', '2 mistakes: (1) name: is missing (2) foo: unknown key')
    """
    if len(mistakes) == 1:
        return mistakes[0]
    listed = " ".join(f"({place}) {told}" for place, told in enumerate(mistakes[:MOST_MISTAKES], 1))
    more = len(mistakes) - MOST_MISTAKES
    return f"{len(mistakes)} mistakes: {listed}" + (f" and {more:,} more" if more > 0 else "")


def _steps(error: ErrorDetails) -> tuple[int | str, ...]:
    steps = tuple(s for s in _tagged_steps(error) if not _is_tag(s))
    return steps[:-1] if steps and str(steps[-1]).startswith(_UNION_TAGS) else steps


def _tagged_steps(error: ErrorDetails) -> tuple[int | str, ...]:
    return tuple(s for s in error["loc"] if s != "[key]" and not str(s).startswith("function-"))


def _is_tag(step: int | str) -> bool:
    """Whether a step is no key, but names the member of a union, as ``(capacity)`` does."""
    return str(step).startswith("(")


def _problem(error: ErrorDetails, steps: Sequence[int | str], model: type[BaseModel]) -> str:
    kind = error["type"]
    if kind == "extra_forbidden":
        return f"unknown key; {_suggestion(str(steps[-1]), _keys_at(model, _tagged_steps(error)[:-1]))}"
    if kind == "union_tag_invalid":
        word, known = (str(error["ctx"][part]).strip("'()") for part in ("tag", "expected_tags"))
        policies = known.split(")', '(")[1:]  # the first is no policy, but plain thresholds
        return f"unknown policy {mask(word)!r}; {_suggestion(word, policies)}"
    if kind == "literal_error":
        options = [o.strip("'") for o in error["ctx"]["expected"].replace(" or ", ", ").split(", ")]
        told = f"unknown value {_shown(error)}; {_suggestion(str(error['input']), options)}"
        return told if "known: " in told else f"{told} known: {', '.join(options)}"
    if kind == "value_error":
        return str(error["ctx"]["error"])
    message = _WORDS.get(kind) or error["msg"].replace("Input should", "must")
    return message if kind == "missing" else f"{message}, not {_shown(error)}"


def _shown(error: ErrorDetails) -> str:
    return mask(json.dumps(error["input"], default=str, ensure_ascii=False))


def _suggestion(word: str, options: Sequence[str]) -> str:
    close = difflib.get_close_matches(word, options, n=1, cutoff=0.6)
    return f"did you mean {close[0]!r}?" if close else f"known: {', '.join(options)}"


def _keys_at(model: type[BaseModel], steps: Sequence[int | str]) -> list[str]:
    node: object = model
    for step in steps:
        if isinstance(node, type) and issubclass(node, BaseModel):
            node = node.model_fields[str(step)].annotation
        elif _is_tag(step):
            node = _member(node, str(step))
        elif get_origin(node) in (dict, tuple):
            node = get_args(node)[1 if get_origin(node) is dict else 0]
    if isinstance(node, type) and issubclass(node, BaseModel):
        return [name for name, field in node.model_fields.items() if not field.exclude]
    return []


def _member(union: object, tag: str) -> object:
    members = get_args(union) if get_origin(union) in (Union, UnionType) else ()
    return next((get_args(one)[0] for one in members if Tag(tag) in get_args(one)), None)
