"""Text and JSON files that say whether they are what was saved.

A sealed file is JSON with ``format``, ``version`` and ``content_sha256``, the digest of all the rest. Numbers
are written so that they read back to the last bit; equal contents have equal bytes.
"""

import hashlib
import json
from collections.abc import Collection
from pathlib import Path
from typing import Any

SEAL = "content_sha256"


def seal(content: dict[str, Any]) -> str:
    """Write contents as JSON with their digest.

    >>> print(seal({"format": "example", "version": 1}).count("content_sha256"))
    1
    """
    return dumps(content | {SEAL: sha256(dumps(content))})


def read_sealed(
    path: Path, format_name: str, version: int, what: str, former: Collection[int] = ()
) -> dict[str, Any]:
    """Read a sealed file.

    Args:
        path: the file.
        format_name: the format that it must say it has.
        version: the version that it must say it has.
        what: a word for it in messages, such as ``scorer``.
        former: versions that are read besides.

    Raises:
        ValueError: in one line: it is missing, damaged, of another format or version, or was changed.
    """
    text = read_text(path, what)
    try:
        state = json.loads(text)
        digest = sha256(dumps({key: value for key, value in state.items() if key != SEAL}))
    except (AttributeError, RecursionError, ValueError) as error:
        raise ValueError(f"{path} is no {what}, or was cut off: {error_line(error)}") from error
    if state.get("format") != format_name:
        raise ValueError(f"{path} is no {what} of this program")
    if state.get("version") not in (version, *former):
        raise ValueError(f"{path} has version {state.get('version')!r}, not {version}: train again")
    if digest != state.get(SEAL):
        raise ValueError(f"{path} was changed after it was saved: copy the {what} again")
    return dict(state)


def read_text(path: Path, what: str) -> str:
    """Read a UTF-8 file.

    Raises:
        ValueError: in one line, why it cannot be read.
    """
    try:
        return path.read_bytes().decode("utf-8")
    except OSError as error:
        raise ValueError(f"{path} cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise ValueError(f"{path} is not UTF-8 text: copy the {what} again") from error


def dumps(state: dict[str, Any]) -> str:
    """Write JSON in the one way that is digested."""
    return json.dumps(state, sort_keys=True, indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def sha256(text: str) -> str:
    """The digest of a text."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def error_line(error: Exception) -> str:
    """An error's message in one line."""
    return " ".join(str(error).split()) or type(error).__name__
