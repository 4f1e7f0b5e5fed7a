"""A disk that takes no more, or not here, while a job is done: one line, whatever library met it."""

import errno
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import polars as pl

from pipeline.errors import OutputError

_REFUSED = {
    errno.ENOSPC,
    errno.EDQUOT,
    errno.EFBIG,
    errno.EROFS,
    errno.EACCES,
    errno.EPERM,
    errno.EIO,
}
_NUMBER = re.compile(r"os error (\d+)")


@contextmanager
def disk_told(folder: Path) -> Iterator[None]:
    """Say in one line that a work folder cannot be written.

    Raises:
        OutputError: the disk is full or refuses to be written; any other error stays what it is.
    """
    try:
        yield
    except (OSError, pl.exceptions.PolarsError) as error:
        number = error.errno if isinstance(error, OSError) else None
        found = _NUMBER.search(str(error))
        number = number or (int(found[1]) if found else None)
        if number not in _REFUSED:
            raise
        raise OutputError(
            f"{folder} cannot be written ({os.strerror(number)}): make room, or write elsewhere"
        ) from None
