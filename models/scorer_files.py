"""The files of a saved scorer: written whole or not at all, checked before anything is made of them.

A folder of two or three files, text only, nothing of which is executed when read:

- ``model.txt``: LightGBM's own text form of the trees;
- ``model_value.txt``: likewise of the value model, where there is one that is more than the mean;
- ``scorer.json``: format and version, columns and category tables, calibration with its intervals and how
  it was chosen, grade policy with its promises, frozen edges and scheme parameters, value tiers, the reason
  book, metadata, ``model_sha256`` and ``value_sha256`` (of the other files) and ``content_sha256`` (of
  everything else in this file).

Numbers are written so that they read back to the last bit; equal scorers have equal bytes.
"""

import os
import shutil
from pathlib import Path
from typing import Any

from models.sealed import read_sealed, read_text, seal, sha256

FORMAT = "leadgrade-scorer"
SCORER_FORMAT = 3

FILE_NAMES = _SCORER, _MODEL, _VALUE = "scorer.json", "model.txt", "model_value.txt"


def described(state: dict[str, Any], model_text: str, value_text: str) -> str:
    """The text of ``scorer.json``.

    Args:
        state: the scorer's parts.
        model_text: the trees of the close model.
        value_text: the trees of the value model; empty if there are none.
    """
    digests = {"model_sha256": sha256(model_text), "value_sha256": sha256(value_text) if value_text else None}
    return seal({"format": FORMAT, "version": SCORER_FORMAT, **state, **digests})


def write_files(folder: Path, described: str, model_text: str, value_text: str) -> None:
    """Write a new folder; what is given is what ``described`` was made of.

    Raises:
        ValueError: the folder exists already.
    """
    if folder.exists():
        raise ValueError(f"{folder} exists already: choose a new folder for the scorer")
    folder.parent.mkdir(parents=True, exist_ok=True)
    part = folder.with_name(f".{folder.name}.{os.getpid()}.part")
    texts = {_MODEL: model_text, **({_VALUE: value_text} if value_text else {}), _SCORER: described}
    try:
        part.mkdir()
        for name, text in texts.items():
            (part / name).write_text(text, encoding="utf-8", newline="\n")
        part.rename(folder)
    finally:
        shutil.rmtree(part, ignore_errors=True)


def read_files(folder: Path) -> tuple[dict[str, Any], str, str]:
    """Read a folder: the scorer's parts, the trees of the close model and those of the value model.

    Raises:
        ValueError: in one line, which file is missing, damaged, changed by hand, or of another version.
    """
    state = read_sealed(folder / _SCORER, FORMAT, SCORER_FORMAT, "scorer")
    model_text = _checked_text(folder / _MODEL, state.get("model_sha256"))
    digest = state.get("value_sha256")
    return state, model_text, _checked_text(folder / _VALUE, digest) if digest else ""


def _checked_text(path: Path, digest: object) -> str:
    text = read_text(path, "scorer")
    if sha256(text) != digest:
        raise ValueError(f"{path} is not the file that was saved: copy the scorer again")
    return text
