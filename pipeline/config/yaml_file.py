"""YAML to a plain mapping and back to words: what is wrong with a file, in one line."""

import json
from collections.abc import Mapping
from itertools import accumulate
from pathlib import Path

import yaml

from pipeline.errors import ConfigError
from pipeline.language.sentence import Sentence
from pipeline.privacy import mask

# A configuration is written by hand; what is larger is a mistake or mischief, and would take long to read.
MAX_BYTES = 100_000
MAX_VALUES = 50_000
MAX_BRACKETS = 100
MAX_DIGITS = 1_000
MAX_MESSAGE_WORDS = 200


_TEXT = "tag:yaml.org,2002:str"


class _Loader(yaml.SafeLoader):
    """Safe YAML in which keys are always text, dates stay as written and no key comes twice."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[object, object]:
        self.flatten_mapping(node)
        mapping: dict[object, object] = {}
        for key_node, value_node in node.value:
            if not isinstance(key_node, yaml.ScalarNode):
                raise yaml.constructor.ConstructorError(None, None, "a key must be text", key_node.start_mark)
            key = key_node.value
            if key in mapping:
                raise yaml.constructor.ConstructorError(
                    None, None, f"the key {key!r} stands here a second time", key_node.start_mark
                )
            mapping[key] = self.construct_object(value_node, deep=True)
        return mapping

    def construct_object(self, node: yaml.Node, deep: bool = False) -> object:
        """A value of its tag's kind; YAML's own readers raise whatever they stumble over."""
        try:
            if node.tag != _TEXT and isinstance(node, yaml.ScalarNode) and len(node.value) > MAX_DIGITS:
                raise ValueError("too long")
            return super().construct_object(node, deep=deep)
        except (ValueError, TypeError, AttributeError, LookupError, ArithmeticError):
            tag = mask(str(node.tag).replace("tag:yaml.org,2002:", "!!"))
            problem = f"a value cannot be read as {tag}; put it in quotes, without a tag"
            raise yaml.constructor.ConstructorError(None, None, problem, node.start_mark) from None

    def construct_document(self, node: yaml.Node) -> object:
        _check_expansion(node, {})
        return super().construct_document(node)


def _check_expansion(node: yaml.Node, sizes: dict[yaml.Node, int]) -> int:
    """Number of values below a node, aliases written out; refuse what would fill the memory."""
    if node in sizes or isinstance(node, yaml.ScalarNode):
        return sizes.get(node, 1)
    sizes[node] = 1  # a node inside itself is refused by the constructor
    parts = [part for entry in node.value for part in (entry if isinstance(entry, tuple) else (entry,))]
    sizes[node] = 1 + sum(_check_expansion(part, sizes) for part in parts)
    if sizes[node] > MAX_VALUES:
        raise yaml.constructor.ConstructorError(
            None, None, f"more than {MAX_VALUES:,} values once its aliases are written out", node.start_mark
        )
    return sizes[node]


# A configuration's values are texts, numbers, yes or no, lists and mappings; all else would be shown as text.
_Loader.yaml_constructors = {
    tag: construct
    for tag, construct in yaml.SafeLoader.yaml_constructors.items()
    if tag is None or not tag.endswith((":set", ":omap", ":pairs", ":binary", ":timestamp"))
}

# A date becomes a datetime in the configuration's own zone, so YAML must not read it first.
_Loader.yaml_implicit_resolvers = {
    letter: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for letter, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def load_yaml(path: Path) -> dict[str, object]:
    """Read a YAML file that holds a mapping.

    Keys are text as written (``yes`` and ``1`` too); dates are text, for the caller to read.

    Raises:
        ConfigError: the file is missing, empty, not UTF-8, not YAML, not a mapping, or has a key twice.
    """
    try:
        text = _read(path)
    except FileNotFoundError:
        raise ConfigError(
            Sentence("{path}: there is no such file; give the path of a YAML configuration", path=path)
        ) from None
    except UnicodeDecodeError:
        raise ConfigError(Sentence("{path}: is not UTF-8 text; save it as UTF-8", path=path)) from None
    except OSError as error:
        raise ConfigError(
            Sentence("{path}: cannot be read ({why})", path=path, why=error.strerror or error)
        ) from None
    try:
        content: object = yaml.load(text, Loader=_Loader)  # noqa: S506 - derived from SafeLoader
        # A number or a letter that cannot be written is none that can be used.
        json.dumps(content, default=str, ensure_ascii=False).encode()
    except yaml.YAMLError as error:
        raise ConfigError(f"{path}: {_yaml_words(error)}") from None
    except RecursionError:
        raise ConfigError(Sentence("{path}: is nested too deeply", path=path)) from None
    except (ValueError, OverflowError):
        raise ConfigError(
            Sentence("{path}: a value cannot be read; put it in single quotes", path=path)
        ) from None
    if content is None:
        raise ConfigError(Sentence("{path}: is empty; it needs at least name, sources and label", path=path))
    if not isinstance(content, dict):
        raise ConfigError(
            Sentence("{path}: must be a mapping of keys to values, such as 'name: spring list'", path=path)
        )
    return {str(key): value for key, value in content.items()}


def _read(path: Path) -> str:
    with path.open("rb") as file:
        content = file.read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        raise ConfigError(
            Sentence(
                "{path}: is larger than {most:,} bytes; is it a configuration?",
                path=path,
                most=MAX_BYTES,
            )
        )
    text = content.decode("utf-8-sig")
    # The parser's time grows with the square of the depth.
    steps = ((mark in "[{") - (mark in "]}") for mark in text)
    if max(accumulate(steps), default=0) > MAX_BRACKETS:
        raise ConfigError(Sentence("{path}: is nested too deeply", path=path))
    return text


def _yaml_words(error: yaml.YAMLError) -> str:
    mark = getattr(error, "problem_mark", None)
    where = f"line {mark.line + 1}, column {mark.column + 1}: " if mark else ""
    problem = getattr(error, "problem", None) or getattr(error, "reason", None) or "is not YAML"
    hint = "; indent with spaces, not tabs" if "\\t" in str(problem) else ""
    return f"{where}{' '.join(str(problem).split())[:MAX_MESSAGE_WORDS]}{hint}"


def with_override(raw: Mapping[str, object], key: str, value: object) -> dict[str, object]:
    """Return the mapping with the value at a dotted key replaced; mappings are merged.

    >>> with_override({"model": {"seed": 7, "threads": 2}}, "model.seed", 3)
    {'model': {'seed': 3, 'threads': 2}}
    """
    first, _, rest = key.partition(".")
    old = raw.get(first)
    inner = old if isinstance(old, dict) else {}
    if rest:
        return {**raw, first: with_override(inner, rest, value)}
    if isinstance(value, Mapping):
        for name, item in value.items():
            inner = {**inner, **with_override({name: inner[name]} if name in inner else {}, name, item)}
        return {**raw, first: inner}
    return {**raw, first: value}


def to_json(raw: Mapping[str, object]) -> str:
    """Write a mapping as JSON; dates, paths and the like become text."""
    return json.dumps(raw, default=str, ensure_ascii=False)
