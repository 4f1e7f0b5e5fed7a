"""What tells a file from what it was before."""

from pathlib import Path


def file_stamps(path: Path) -> list[tuple[str, int, int]]:
    """Name, size and time of the files of a source, which may be a folder: another export differs in them.

    Example:
        >>> file_stamps(Path("no such file"))
        []
    """
    files = sorted(path.glob("*.parquet")) if path.is_dir() else [path] if path.exists() else []
    return [(str(file.absolute()), file.stat().st_size, file.stat().st_mtime_ns) for file in files]
