"""Where the public data sets lie that the benchmarks judge on; they are no part of the project."""

import os
from pathlib import Path


def find(part: Path) -> Path | None:
    """A file below LEADGRADE_SHARED_DATA or a ``shared/data`` beside a folder above; none if absent."""
    above = [folder / "shared" / "data" for folder in Path(__file__).resolve().parents]
    given = [Path(os.environ["LEADGRADE_SHARED_DATA"])] if "LEADGRADE_SHARED_DATA" in os.environ else []
    return next((folder / part for folder in (*given, *above) if (folder / part).exists()), None)


def need(part: Path) -> Path:
    """As ``find``; stops the benchmark with what to do where the data are absent."""
    found = find(part)
    if found is None:
        raise SystemExit(f"{part} is absent: set LEADGRADE_SHARED_DATA to the folder that holds it")
    return found
