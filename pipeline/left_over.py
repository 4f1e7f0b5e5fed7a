"""What a killed run leaves behind: parts that nobody goes on with are removed, a work folder is said."""

import os
import re
import shutil
from collections.abc import Iterable
from pathlib import Path

from pipeline import terminal
from pipeline.language.sentence import Sentence

_WORK = re.compile(r"\..+\.work")


def part_name(name: str) -> str:
    """What a file or folder is called that is not whole yet; it tells which process writes it.

    >>> part_name("graded.csv") == f".{os.getpid()}.part.graded.csv"
    True
    """
    return f".{os.getpid()}.part.{name}"


def remove_parts(paths: Iterable[Path]) -> None:
    """Remove the parts of some files and folders whose process is no more; what cannot be removed stays."""
    for path in paths:
        try:
            beside = list(path.parent.iterdir())
        except OSError:
            continue
        for left in beside:
            found = re.fullmatch(rf"\.(\d+)\.part\.{re.escape(path.name)}([.\-].*)?", left.name)
            if found and not _is_running(int(found[1])):
                _remove(left)


def tell_work(folder: Path, own: Iterable[str]) -> None:
    """Say which work folders of interrupted runs lie in a folder: they hold rows of leads.

    Args:
        folder: where runs write.
        own: work folders that the run that asks goes on with or clears.
    """
    mine = set(own)
    if not folder.is_dir():
        return
    for left in sorted(folder.iterdir()):
        if _WORK.fullmatch(left.name) and left.name not in mine and (left / "job.json").is_file():
            terminal.note(
                Sentence(
                    "{folder} holds rows of an interrupted run: the same command goes on with it; "
                    "or remove the folder",
                    folder=left,
                )
            )


def _is_running(process: int) -> bool:
    try:
        os.kill(process, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except OSError:
        return True
    return True


def _remove(left: Path) -> None:
    if left.is_dir() and not left.is_symlink():
        shutil.rmtree(left, ignore_errors=True)
    else:
        try:
            left.unlink(missing_ok=True)
        except OSError:
            return
