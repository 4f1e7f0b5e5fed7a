"""What ``leadgrade forget`` does: a lead goes out of what was kept; what cannot be reached is said."""

import shutil
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from pipeline.config.config import Config
from pipeline.errors import OutputError, ScoringError
from pipeline.people.kept_rows import drop_lead, files_below, holds
from pipeline.privacy import mask_id
from pipeline.targets import work_path


@dataclass(frozen=True)
class Forgotten:
    """What became of a lead.

    Attributes:
        reached: ``where`` and ``what`` was done there.
        left: ``where`` the lead still is, and ``what`` to do.
    """

    reached: pd.DataFrame
    left: pd.DataFrame


def run_forget(config: Config, lead: str, lists: Sequence[Path] = ()) -> Forgotten:
    """Take a lead out of kept lists, tables and work folders; nothing of the sources is changed.

    Args:
        config: the configuration, whose ``output_dir`` is searched.
        lead: its id as the sources write it.
        lists: graded lists and matrices elsewhere.

    Raises:
        ScoringError: no id, or a list that is not there.
        OutputError: a table cannot be written anew.
    """
    if not lead.strip():
        raise ScoringError("forget: an empty id is no lead's")
    missing = [path for path in lists if not path.exists()]
    if missing:
        raise ScoringError(f"--list {missing[0]}: there is no such file or folder")
    folder, reached = config.output_path(), []
    for work in _work_folders(folder, lists):
        _remove(work)
        reached.append((work, "work of an interrupted run removed: it cannot be gone on with"))
    for path in _tables(folder, lists, config):
        rows = drop_lead(path, lead)
        if rows:
            reached.append((path, f"{rows} rows removed"))
    return Forgotten(_told(reached), _told(_left(config, lead, folder, lists)))


def _work_folders(folder: Path, lists: Iterable[Path]) -> list[Path]:
    inside = [path.parent for path in folder.glob(".*.work/job.json")]
    beside = [work_path(path) for path in lists if (work_path(path) / "job.json").is_file()]
    return sorted({*inside, *beside})


def _remove(work: Path) -> None:
    try:
        shutil.rmtree(work)
    except OSError as error:
        raise OutputError(f"{work} cannot be removed: {error.strerror}") from None


def _tables(folder: Path, lists: Iterable[Path], config: Config) -> list[Path]:
    """What was written; never a source, though it may lie in the same folder."""
    sources = {config.data_path(source.path) for source in config.sources.values()}
    found = set(files_below(folder)) if folder.is_dir() else set()
    for path in lists:
        found |= set(files_below(path)) if path.is_dir() else {path}
    return [
        path for path in sorted(found) if not {path.absolute(), *path.absolute().parents} & _real(sources)
    ]


def _real(paths: Iterable[Path]) -> set[Path]:
    return {path.absolute() for path in paths}


def _left(config: Config, lead: str, folder: Path, lists: Iterable[Path]) -> list[tuple[Path | str, str]]:
    """Where the lead is still: found by its id, or known to be out of reach."""
    found: list[tuple[Path | str, str]] = []
    for name, source in config.sources.items():
        path = config.data_path(source.path)
        files = files_below(path) if path.is_dir() else [path]
        if any(_holds(one, lead) for one in files if one.is_file()):
            found.append(
                (path, f"a source ({name}) that you export: take the lead out there, or it comes back")
            )
    for path in _tables(folder, lists, config):
        if _holds(path, lead):
            found.append((path, "holds its id and is no table that rows are taken out of: write it again"))
        elif path.suffix == ".xlsx":
            found.append((path, "a workbook, which is not searched: write it again, or look yourself"))
    uri = config.tracking.uri
    if uri is not None:
        found.append(
            ("the store of tracking.uri", "not searched; nothing of ours there holds a lead's id or row")
        )
    found.append(
        ("scorers", f"learned from {mask_id(lead)} among others and name no lead: train again without it")
    )
    found.append(("copies, backups, lists elsewhere", "not searched: name lists with --list"))
    return found


def _holds(path: Path, lead: str) -> bool:
    try:
        return holds(path, lead)
    except OSError:
        return False


def _told(lines: Sequence[tuple[Path | str, str]]) -> pd.DataFrame:
    return pd.DataFrame([(str(where), what) for where, what in lines], columns=["where", "what"])
