"""What is given in Python as the verbs read it: a configuration, and frames as Parquet files for a while."""

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import get_args

import pandas as pd
import pyarrow as pa

from features.tables import TableName
from pipeline.config.config import Config, to_config
from pipeline.config.yaml_file import load_yaml
from pipeline.errors import ConfigError, SourceError
from pipeline.output import write_table
from pipeline.targets import Target

# What a configuration may be given as.
Given = Path | str | Mapping[str, object]


@contextmanager
def given_config(given: Given, frames: Mapping[str, pd.DataFrame] | None) -> Iterator[Config]:
    """The configuration, with frames in the place of its sources' files as long as it is used.

    Args:
        given: a path, or keys and values; then relative paths start in the working folder.
        frames: sources by name. What the configuration says of such a source beside its path stays.

    Raises:
        ConfigError: a key or value is wrong, or a frame is of no source.
        SourceError: a frame holds what no table can.
    """
    raw, path = _read(given)
    if not frames:
        yield to_config(raw, path)
        return
    if unknown := [name for name in frames if name not in get_args(TableName)]:
        raise ConfigError(
            f"frames: no source is called {unknown[0]!r}; there are {', '.join(get_args(TableName))}"
        )
    with tempfile.TemporaryDirectory(prefix="leadgrade-") as folder:
        sources = raw.get("sources")
        told = dict(sources) if isinstance(sources, Mapping) else {}
        for name, frame in frames.items():
            said = told.get(name)
            settings = dict(said) if isinstance(said, Mapping) else {}
            told[name] = settings | {"path": str(frame_file(frame, Path(folder), name))}
        yield to_config({**raw, "sources": told}, path)


def frame_file(frame: pd.DataFrame, folder: Path, name: str) -> Path:
    """A frame as a Parquet file.

    Raises:
        SourceError: it holds what no table can.
    """
    path = Target(folder / f"{name}.parquet")
    try:
        write_table(frame, path)
    except (pa.ArrowException, TypeError, ValueError) as error:
        # Arrow's first words quote the value, its second ones name the column.
        reason = str(error.args[1]) if len(error.args) > 1 else type(error).__name__
        raise SourceError(f"frames: {name} is no table of plain values ({reason}); mend the column") from None
    return path


def _read(given: Given) -> tuple[dict[str, object], Path]:
    if isinstance(given, Mapping):
        return {str(key): value for key, value in given.items()}, Path.cwd() / "configuration"
    return load_yaml(Path(given)), Path(given)
