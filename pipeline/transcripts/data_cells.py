"""Cells that hold data: JSON, JSON lines, and Python's way to write a list."""

import ast
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from pipeline.transcripts.label_styles import LabelStyles, is_generic, normal_label
from pipeline.transcripts.patterns import LABEL_ENDS, LABEL_OPENS

# fmt: off
# The keys of a turn's words, speaker and beginning, in lower case without - and _; the surest first.
_TEXT_KEYS = (
    "text", "content", "words", "transcript", "utterance", "sentence", "message", "msg", "value", "body",
    "said", "onebest", "line", "display", "内容", "文本", "话术", "说话内容", "文字", "语句", "话语",
    "对话内容", "內容", "文字內容",
)
_SPEAKER_KEYS = (
    "role", "speaker", "rolename", "speakerrole", "speakername", "speakerlabel", "side", "party", "from",
    "sender", "who", "participant", "participantrole", "channel", "channelid", "channeltag", "ch", "spk",
    "speakerid", "speakertag", "source", "author", "user", "type", "name", "label", "角色", "说话人",
    "發言人", "發言者", "说话者", "发言人", "身份", "讲话人", "說話人", "对象", "发送方", "声道",
)
_START_KEYS = (
    "start", "startms", "begin", "bg", "starttime", "begintime", "offset", "time", "ts", "开始", "时间",
)
# fmt: on

# How Python's way to write a list of dictionaries or pairs begins, and escapes that it would warn of.
_PYTHON = re.compile(r"\s*[\[{(]\s*[\[{('\"]")
_STRANGE_ESCAPE = re.compile(r"""\\(?![\\'"abfnrtvxuU0-7\n])""")
_LONGEST = 1_000_000
_NESTED = frozenset((dict, list, tuple))


def labelled_turns(text: str) -> list[tuple[str, str]]:
    """The label and the words of each turn of data in which every turn has a label; else none.

    Example:
        >>> labelled_turns('[{"role": "agent", "content": "hello"}, {"role": "user", "content": "hi"}]')
        [('agent', 'hello'), ('user', 'hi')]
    """
    found = _parsed(text)
    turns = None if isinstance(found, str) else _turns_of(found)
    return (
        [(_flat(label), _flat(said)) for label, said in turns] if turns and all(x for x, _ in turns) else []
    )


def lines_of_data(text: str) -> str:
    """The lines of JSON, of JSON lines, or of Python's way to write them; other texts as they are."""
    found = _parsed(text)
    if found is None:
        return text
    if isinstance(found, str):
        return found
    turns = _turns_of(found)
    if turns is None:
        inner = [value for value in _strings(found) if "\n" in value]
        return inner[0] if len(inner) == 1 else ""
    return "\n".join(
        f"{LABEL_OPENS}{_flat(label)}{LABEL_ENDS}{_flat(said)}" if label else _flat(said)
        for label, said in turns
    )


def _flat(text: str) -> str:
    return " ".join(text.split())


def _parsed(text: str) -> object:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        pass
    lines = [line.strip().rstrip(",") for line in text.splitlines() if line.strip()]
    try:
        return [json.loads(line) for line in lines]
    except (ValueError, RecursionError):
        pass
    return _python(text.strip()) if _PYTHON.match(text) and len(text) < _LONGEST else None


def _python(text: str) -> object:
    """What Python wrote; of an escape that it does not know the sign stays."""
    try:
        return ast.literal_eval(_STRANGE_ESCAPE.sub(r"\\\\", text))
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return None


def _turns_of(found: object) -> list[tuple[str, str]] | None:
    """``(label, text)`` of each turn of the longest list of turns in it; the label may be empty."""
    if isinstance(found, list) and found and all(map(_is_flat, found)):
        return _records(found)
    lists = [turns for part in _parts(found) if (turns := _read_list(part))]
    labelled = [turns for turns in lists if all(label for label, _ in turns)]
    return max(labelled or lists, key=len, default=None)


def _is_flat(part: object) -> bool:
    """Whether it is a record that holds no others."""
    return isinstance(part, dict) and _NESTED.isdisjoint(map(type, part.values()))


def _parts(found: object) -> Iterator[Any]:
    yield found
    values = (
        found.values() if isinstance(found, Mapping) else found if isinstance(found, list | tuple) else ()
    )
    for value in values:
        if isinstance(value, Mapping | list | tuple):
            yield from _parts(value)


def _strings(found: object) -> Iterator[str]:
    for part in _parts(found):
        values = part.values() if isinstance(part, Mapping) else part
        yield from (value for value in values if isinstance(value, str))


def _read_list(part: object) -> list[tuple[str, str]] | None:
    if isinstance(part, Mapping):
        values = list(part.values())
        return (
            _records(values)
            if values and all(isinstance(one, Mapping) for one in values)
            else _channels(part)
        )
    if not isinstance(part, list | tuple) or not part:
        return None
    if all(isinstance(one, Mapping) for one in part):
        return _records(part)
    if all(
        isinstance(one, list | tuple) and len(one) == 2 and all(isinstance(x, str) for x in one)
        for one in part
    ):
        return [(str(label), str(said)) for label, said in part]
    if all(isinstance(one, str) for one in part):
        return [("", one) for one in part]
    return None


def _records(records: Sequence[Mapping[str, Any]]) -> list[tuple[str, str]] | None:
    if all(len(one) == 1 and isinstance(next(iter(one.values())), str) for one in records):
        pairs = [(str(key), str(value)) for one in records for key, value in one.items()]
        return (
            pairs
            if not {key.lower() for key, _ in pairs} & set(_TEXT_KEYS)
            else [("", said) for _, said in pairs]
        )
    alike = _alike(records)
    if alike is not None:
        return alike
    keyed = [_keyed(one) for one in records]
    said = [_text(one) for one in keyed]
    if any(one is None for one in said):
        return None
    return [(speaker, str(text)) for speaker, text in zip(_speakers(keyed), said, strict=True)]


def _alike(records: Sequence[Mapping[str, Any]]) -> list[tuple[str, str]] | None:
    """The turns of records that all have the same keys, which are then looked at once; most data are so."""
    names = {_key(key): key for key in records[0]}
    text = next((names[key] for key in _TEXT_KEYS if key in names), None)
    if text is None or any(one.keys() != records[0].keys() for one in records):
        return None
    said = [one[text] for one in records]
    if len(names) < len(records[0]) or not all(isinstance(one, str) for one in said):
        return None
    there = {key: [one[names[key]] for one in records] for key in _SPEAKER_KEYS if key in names}
    return list(zip(_named_by(there.values(), len(records)), said, strict=True))


def _speakers(records: Sequence[Mapping[str, Any]]) -> list[str]:
    """The value of the first key that names two speakers, else of the first that names one."""
    there = [key for key in _SPEAKER_KEYS if key in records[0]]
    return _named_by(([one.get(key) for one in records] for key in there), len(records))


def _named_by(columns: Iterable[Sequence[object]], turns: int) -> list[str]:
    plain = [[_plain(value) for value in column] for column in columns]
    full = [column for column in plain if all(column)]
    several = [column for column in full if len(set(column)) > 1]
    return (several or full or [[""] * turns])[0]


def _plain(value: object) -> str:
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, Mapping):
        value = _first(_keyed(value), ("role", "name", "label", "id"))
    return "" if value is None or isinstance(value, list | tuple | bool) else str(value).strip()


def _keyed(record: Mapping[str, Any]) -> dict[str, Any]:
    return {_key(key): value for key, value in record.items()}


def _key(key: object) -> str:
    return str(key).lower().replace("_", "").replace("-", "")


def _first(record: Mapping[str, Any], keys: Iterable[str]) -> object:
    return next((record[key] for key in keys if record.get(key) is not None), None)


def _text(record: Mapping[str, Any]) -> str | None:
    said = _first(record, _TEXT_KEYS)
    if isinstance(said, str):
        return said
    for key in ("alternatives", "nbest"):
        best = record.get(key)
        if isinstance(best, list) and best and isinstance(best[0], Mapping):
            found = _first(_keyed(best[0]), ("transcript", "display", "lexical"))
            return found if isinstance(found, str) else None
    return None


def _channels(part: Mapping[str, Any]) -> list[tuple[str, str]] | None:
    """A list of turns for each speaker, put in the order in which they began."""
    lists = {key: value for key, value in part.items() if isinstance(value, list) and value}
    if len(lists) != 2 or not all(isinstance(one, Mapping) for value in lists.values() for one in value):
        return None
    if not all(LabelStyles().side(key) or is_generic(normal_label(key)) for key in map(str, lists)):
        return None
    turns = [
        (_number(_first(one, _START_KEYS)), str(key), _text(one))
        for key, value in lists.items()
        for one in map(_keyed, value)
    ]
    begun = [(start, key, said) for start, key, said in turns if start is not None and said is not None]
    return [(key, said) for _, key, said in sorted(begun)] if len(begun) == len(turns) else None


def _number(value: object) -> float | None:
    try:
        return float(str(value))
    except ValueError:
        return None
