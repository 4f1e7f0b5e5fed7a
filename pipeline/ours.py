"""Which files of an output folder are ours: a list of names beside them, and nothing else is ever replaced.

A name is written into the list when a verb is about to write the file of that name for the first time. A file
that bears the name of an output and is not in the list is somebody else's.
"""

from collections.abc import Iterable
from pathlib import Path

from pipeline.errors import OutputError

LIST = ".leadgrade-files"
# What every verb that reads sources writes first, and how it begins, and a saved scorer: by either an output
# folder of former versions is known, which kept no list.
_FIRST = ("quarantine.csv", "source,row_number,column,value,reason")
_SCORER = "scorer/scorer.json"


def check_ours(folder: Path, names: Iterable[str]) -> None:
    """Refuse an output folder in which a file that would be replaced is not ours; folders are checked apart.

    Raises:
        OutputError: says which file, and what to do.
    """
    ours = _listed(folder)
    for name in names:
        path = folder / name
        if name not in ours and (path.is_file() or path.is_symlink()):
            raise OutputError(
                f"{path} would be written over, and leadgrade did not write it: "
                "move it away or set output_dir elsewhere"
            )


def note_ours(folder: Path, name: str) -> None:
    """Write down that a name below an output folder is ours from now on.

    Raises:
        OutputError: the disk or the rights do not allow it.
    """
    known, begun = _listed(folder), (folder / LIST).is_file()
    if begun and name in known:
        return
    new = [name] if begun else sorted({*known, name})
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with (folder / LIST).open("a", encoding="utf-8") as file:
            file.write("".join(f"{one}\n" for one in new))
    except OSError as error:
        raise OutputError(
            f"{folder / name}: cannot be written ({error.strerror or error}); "
            "set output_dir to a folder you may write"
        ) from None


def _listed(folder: Path) -> set[str]:
    path = folder / LIST
    if path.is_file():
        return set(path.read_text(encoding="utf-8", errors="replace").splitlines())
    return {one.name for one in folder.iterdir() if one.is_file()} if _is_former(folder) else set()


def _is_former(folder: Path) -> bool:
    """Whether a former version wrote into the folder."""
    name, begins = _FIRST
    if not (folder / name).is_file():
        return (folder / _SCORER).is_file()
    with (folder / name).open("rb") as file:
        return file.read(len(begins)) == begins.encode()
