"""The folder of a saved scorer: replaced whole by the next one, and only where it holds a scorer."""

import tempfile
from pathlib import Path

from models.scorer import LeadScorer
from models.scorer_files import NAMES
from pipeline.errors import OutputError
from pipeline.outputs import Target


def check_replaceable(*folders: Path) -> None:
    """Refuse, before any work, a place where something else than a scorer is.

    Raises:
        OutputError: it is no folder, a link, or holds other files than a scorer's.
    """
    for folder in folders:
        if folder.is_symlink() or (folder.exists() and not _is_scorers(folder)):
            raise OutputError(
                f"{folder} cannot be written: what is there is no saved scorer; "
                "move it away or set output_dir elsewhere"
            )


def _is_scorers(folder: Path) -> bool:
    return folder.is_dir() and all(
        path.is_file() and (path.name in NAMES or path.name.startswith(".")) for path in folder.iterdir()
    )


def replace_scorer(scorer: LeadScorer, folder: Target) -> None:
    """Save a scorer in place of the one that is there, which stays until the new one is whole.

    Raises:
        OutputError: the disk or the rights do not allow it, or what is there is no scorer.
    """
    check_replaceable(folder)
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=f".{folder.name}-", dir=folder.parent) as passing:
            fresh = Path(passing, "fresh")
            scorer.save(fresh)
            if folder.exists():
                folder.rename(Path(passing, "former"))
            fresh.rename(folder)
    except OSError as error:
        raise OutputError(f"{folder} cannot be written: {error.strerror}; set output_dir elsewhere") from None
