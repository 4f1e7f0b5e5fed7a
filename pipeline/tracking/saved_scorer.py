"""The folders of saved scorers: replaced whole, and only where a scorer is, and read back."""

import tempfile
from pathlib import Path

from models.scorer import LeadScorer
from models.scorer_files import FILE_NAMES
from pipeline.config.config import Config
from pipeline.errors import OutputError, ScoringError
from pipeline.left_over import part_name
from pipeline.reading.validate import Validated
from pipeline.targets import Target

# The scorer that ships, and the one that was evaluated; they differ where all periods moved forward.
SCORER = "scorer"
EVALUATED = "scorer-evaluated"


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
        path.is_file() and (path.name in FILE_NAMES or path.name.startswith(".")) for path in folder.iterdir()
    )


def replace_scorer(scorer: LeadScorer, folder: Target) -> None:
    """Save a scorer in place of the one that is there, which stays until the new one is whole.

    Raises:
        OutputError: the disk or the rights do not allow it, or what is there is no scorer.
    """
    check_replaceable(folder)
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=f"{part_name(folder.name)}-", dir=folder.parent) as passing:
            fresh = Path(passing, "fresh")
            scorer.save(fresh)
            if folder.exists():
                folder.rename(Path(passing, "former"))
            fresh.rename(folder)
    except OSError as error:
        raise OutputError(f"{folder} cannot be written: {error.strerror}; set output_dir elsewhere") from None


def load_scorer(config: Config, name: str = SCORER) -> LeadScorer:
    """The scorer that the last training saved.

    Raises:
        ScoringError: there is none, or it is damaged.
    """
    folder = config.output_path(name)
    if not folder.is_dir():
        raise ScoringError(f"{folder}: no scorer here: run 'leadgrade train {config.path}' first")
    try:
        return LeadScorer.load(folder)
    except ValueError as error:
        raise ScoringError(f"{error}; or run 'leadgrade train {config.path}' again") from None


def check_recogniser(config: Config, scorer: LeadScorer, validated: Validated) -> None:
    """Refuse calls heard by another recogniser than the scorer's.

    Raises:
        ScoringError: says which, and what to do.
    """
    try:
        scorer.check_recogniser(validated.recogniser)
    except ValueError as error:
        raise ScoringError(f"{config.path}: the calls do not fit the scorer: {error}") from None
