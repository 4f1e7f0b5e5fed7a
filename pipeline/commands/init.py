"""What the verb init does: files in, a commented configuration out."""

import os
from collections.abc import Sequence
from pathlib import Path

from pipeline.errors import OutputError
from pipeline.language.catalogue import Language, translate
from pipeline.onboarding.commented_yaml import comment, entries, flow
from pipeline.onboarding.proposal import Proposal, propose
from pipeline.output import write_text
from pipeline.targets import claim_free

# Written below ``output_dir``.
WRITES = ()


def run_init(
    files: Sequence[Path], out: Path, *, timezone: str | None, language: Language, overwrite: bool = False
) -> Proposal:
    """Propose a configuration for files, and write it with its comments.

    Raises:
        SourceError: as ``propose``.
        OutputError: the configuration is there already, or is one of the files.
    """
    check_place(out, files, overwrite=overwrite)
    found = propose(files, out, timezone=timezone, language=language)
    write_text(as_yaml(found, language), claim_free(out, files))
    return found


def check_place(out: Path, files: Sequence[Path], *, overwrite: bool) -> None:
    """Refuse a place for the configuration before any work is done for it.

    Raises:
        OutputError: it is no YAML file, is there already, or its folder is not.
    """
    if out.suffix not in (".yaml", ".yml"):
        raise OutputError(f"{out}: a configuration is a .yaml file: choose another --out")
    if out.exists() and not overwrite:
        raise OutputError(f"{out} exists already: choose another --out or add --overwrite")
    if not out.absolute().parent.is_dir() or not os.access(out.absolute().parent, os.W_OK):
        raise OutputError(f"{out.parent} is no folder that can be written: make it or choose another --out")
    claim_free(out, files)


def as_yaml(found: Proposal, language: Language) -> str:
    """The configuration as text: what was recognised and what is unsure first, then key by key."""
    head = translate(
        "Proposed by leadgrade init. Look at what is unsure, then run: leadgrade check", language
    )
    lines = comment([head, *found.notes])
    if found.unsure:
        lines += comment([translate("Unsure:", language), *(f"- {one}" for one in found.unsure)])
    for key, value in found.raw.items():
        if key == "sources" and isinstance(value, dict):
            lines += ["", "sources:"]
            for name, source in value.items():
                lines += [f"  {name}:", *_source(source, found, language)]
                lines += comment(found.commented.get(name, ()), "    ")
        elif key == "attributes" and isinstance(value, dict):
            lines += _attributes(value, found, language)
        else:
            lines += ["", *entries({key: value})] if key == "label" else entries({key: value})
    return "\n".join(lines) + "\n"


def _source(source: dict[str, object], found: Proposal, language: Language) -> list[str]:
    hint = translate("the latest time in the files, at its next midnight: set when you exported", language)
    lines = entries(source, "    ")
    return [f"{line}  # {hint}" if line.strip().startswith("exported_at:") else line for line in lines]


def _attributes(value: dict[str, object], found: Proposal, language: Language) -> list[str]:
    lines = ["", f"attributes: {flow(value)}"] if not value else ["", "attributes:", *entries(value, "  ")]
    if found.left:
        left = translate("not read: {names}", language, names=", ".join(found.left))
        lines += comment([left], "  ")
    return lines
