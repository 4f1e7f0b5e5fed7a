"""What each verb writes: named here, compared with all that is read before any work, and only then written.

The writers of ``output``, ``quarantine`` and ``request`` take a ``Target``, and only ``claim`` makes one, so
nothing is written to a path that was not compared. A verb asks for its ``Outputs`` before it reads a source.
"""

import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NewType

from pipeline.config.config import Config
from pipeline.errors import OutputError
from pipeline.language.sentence import Sentence
from pipeline.left_over import remove_parts, tell_work
from pipeline.ours import check_ours, note_ours

# A path that is none of those that are read.
Target = NewType("Target", Path)

# Names that several verbs write below ``output_dir``; one that is a folder stands for all that is in it.
QUARANTINE = "quarantine.csv"
EVALUATION = (
    "leaderboard.csv",
    "grades.csv",
    "calibration.csv",
    "calibration_choice.csv",
    "promises.csv",
    "adjacent_grades.csv",
    "value_tiers.csv",
    "value_catch.csv",
)
STORE = ("mlflow.db", "mlruns")
FETCHED = "registry"


class Outputs:
    """The files and folders that a verb writes, none of which is read.

    Args:
        config: the configuration.
        writes: the names that it writes below ``output_dir``; its module says them as ``WRITES``.
        beside: what it writes elsewhere, as the user named it.
        reads: what it reads besides what the configuration names, as ``--leads``.

    Raises:
        OutputError: a path is also read, or written twice, or holds a file that is not ours.
    """

    def __init__(
        self, config: Config, writes: Iterable[str], *beside: Path, reads: Path | None = None
    ) -> None:
        self._config = config
        writes = list(writes)
        below = [config.output_path(name) for name in writes]
        told = [*_inputs(config), *([] if reads is None else [("--leads", reads)])]
        targets = [
            *_compared(told, below, "set output_dir elsewhere"),
            *_compared(told, beside, "choose another --out"),
        ]
        _check_apart(targets)
        check_ours(config.output_path(), (path.name for path in below if path.name not in STORE))
        remove_parts(targets)
        tell_work(config.output_path(), writes)
        self._targets = dict(zip([*below, *beside], targets, strict=True))

    def named(self, name: str) -> Target:
        """The path of one of the verb's own names below ``output_dir``, which is about to be written."""
        note_ours(self._config.output_path(), name)
        return self._targets[self._config.output_path(name)]

    def at(self, path: Path) -> Target:
        """One of the paths that the user named."""
        return self._targets[path]


def claim(config: Config, name: str) -> Target:
    """One path below ``output_dir``, for a step that several verbs share, and that is about to be written.

    Raises:
        OutputError: it is also read, or holds a file that is not ours.
    """
    check_ours(config.output_path(), [name])
    note_ours(config.output_path(), name)
    return _compared(_inputs(config), [config.output_path(name)], "set output_dir elsewhere")[0]


def claim_free(out: Path, reads: Iterable[Path]) -> Target:
    """A path that no configuration names yet, as it is written by what reads some files.

    Raises:
        OutputError: it is one of those.
    """
    return _compared([("a source", path) for path in reads], [out], "choose another --out")[0]


def work_path(out: Path) -> Path:
    """The work folder beside an output.

    Example:
        >>> work_path(Path("graded.csv")).name
        '.graded.csv.work'
    """
    return out.with_name(f".{out.name}.work")


def _inputs(config: Config) -> list[tuple[str, Path]]:
    """Every file and folder that the configuration names, and how."""
    here = config.path.parent
    named = [("the configuration", config.path)]
    for table, source in config.sources.items():
        named += _with_parts(f"sources.{table}", config.data_path(source.path), "*.parquet")
    named += [("schemes", here / name) for name in config.schemes if name.endswith((".yaml", ".yml"))]
    if config.intents.recogniser != "lexicon":
        named += _with_parts("intents.recogniser", here / config.intents.recogniser, "*.json")
    return named


def _with_parts(what: str, path: Path, parts: str) -> Iterator[tuple[str, Path]]:
    yield what, path
    if path.is_dir():
        yield from ((what, part) for part in sorted(path.glob(parts)))


def _compared(inputs: Iterable[tuple[str, Path]], paths: Iterable[Path], mend: str) -> list[Target]:
    read: dict[object, str] = {}
    folders: dict[str, str] = {}
    for what, path in inputs:
        read |= dict.fromkeys(_marks(path), what)
        folders |= dict.fromkeys(map(str, Path(os.path.realpath(path)).parents), what)
    for path in paths:
        found = next((read[mark] for mark in _marks(path) if mark in read), None)
        # What is read may also lie in a folder that is replaced, or be a folder that gets one more part.
        found = found or folders.get(os.path.realpath(path))
        if path.suffix == ".parquet":
            found = found or read.get(os.path.realpath(path.parent))
        if found:
            raise OutputError(
                Sentence(
                    "{path} would be written over, and it is read as {found}: {mend}",
                    path=path,
                    found=found,
                    mend=mend,
                )
            )
    return [Target(path) for path in paths]


def _check_apart(paths: Iterable[Path]) -> None:
    seen: dict[object, Path] = {}
    for path in paths:
        for mark in _marks(path):
            if mark in seen:
                raise OutputError(
                    Sentence(
                        "{path} is also written as {value}: choose another --out", path=path, value=seen[mark]
                    )
                )
        seen |= dict.fromkeys(_marks(path), path)


def _marks(path: Path) -> list[object]:
    """What tells one file from another: where it really lies and, if it is there, which one it is."""
    marks: list[object] = [os.path.realpath(path)]
    if path.exists():
        stat = path.stat()
        marks.append((stat.st_dev, stat.st_ino))
    return marks
