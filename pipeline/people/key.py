"""Keys and pseudonyms: who has the key tells the same person by the same word, who has not learns no name.

A pseudonym is a keyed hash (HMAC-SHA-256, RFC 2104), cut to 80 bits: without the key nobody can try names.
"""

import hmac
import os
import secrets
from pathlib import Path

from pipeline.config.config import Config
from pipeline.errors import ConfigError, OutputError
from pipeline.left_over import part_name

# Begins a pseudonym, so that no program takes one of digits only for a number.
_LETTER = "p"
_DIGITS = 20
_KEY_BYTES = 32
_OWNER_ONLY = 0o600

PSEUDONYM = rf"{_LETTER}[0-9a-f]{{{_DIGITS}}}"


def pseudonym(key: bytes, name: str) -> str:
    """The word for a name, the same one wherever the key is the same.

    >>> pseudonym(b"the team's", "Li Lei"), pseudonym(b"another", "Li Lei")
    ('pc713698abee7cbdb8836', 'pa42eca212de8c9a30472')
    """
    return _LETTER + hmac.digest(key, name.encode("utf-8", "surrogatepass"), "sha256").hex()[:_DIGITS]


def team_key(config: Config) -> bytes:
    """The team's own key, made where there is none yet, readable by its owner alone.

    Raises:
        ConfigError: the file is no key.
        OutputError: it cannot be made.
    """
    path = key_path(config)
    found = find_key(config)
    if found is not None:
        return found
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        # Whole or not at all, and never over a key that another process has just made.
        part = path.with_name(part_name(path.name))
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, _OWNER_ONLY), "w") as file:
            file.write(secrets.token_hex(_KEY_BYTES) + "\n")
        try:
            os.link(part, path)
        except FileExistsError:
            pass
        finally:
            part.unlink()
    except OSError as error:
        raise _unwritable(path, str(error.strerror)) from None
    return read_key(path)


def check_key(config: Config) -> None:
    """Refuse, before any work and without making one, what is no key, and where none could be made.

    Raises:
        ConfigError, OutputError: as ``team_key``.
    """
    path = key_path(config)
    if find_key(config) is not None:
        return
    folder = next(one for one in path.parents if one.exists())
    if not folder.is_dir() or not os.access(folder, os.W_OK):
        raise _unwritable(path, "no folder that you may write")


def _unwritable(path: Path, why: str) -> OutputError:
    return OutputError(
        f"{path}: the key for agents' names cannot be written ({why}): "
        "set privacy.key to a file in a folder that you may write"
    )


def find_key(config: Config) -> bytes | None:
    """The team's own key; none where there is none yet.

    Raises:
        ConfigError: the file is no key.
    """
    path = key_path(config)
    return read_key(path) if path.exists() else None


def key_path(config: Config) -> Path:
    """Where the team's own key lies."""
    return Path(os.path.normpath(config.path.parent / config.privacy.key))


def read_key(path: Path) -> bytes:
    """A key from a file that holds nothing else: at least 32 hexadecimal digits, on one line.

    Raises:
        ConfigError: the file is not there, cannot be read, or holds something else.
    """
    try:
        key = bytes.fromhex(path.read_text(encoding="ascii").strip())
    except OSError as error:
        raise ConfigError(f"{path}: no key can be read there ({error.strerror})") from None
    except ValueError:
        key = b""
    if len(key) < _KEY_BYTES // 2:
        raise ConfigError(
            f"{path} is no key: it must hold 64 hexadecimal digits and nothing else, "
            "such as 'openssl rand -hex 32' writes"
        )
    return key
