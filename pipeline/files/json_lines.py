"""Files of one JSON object a line."""

import json
from pathlib import Path

import pandas as pd

from pipeline.errors import SourceError
from pipeline.files.raw_file import complaints_in_one_line


def read_json_lines(path: Path) -> pd.DataFrame:
    """Read a file with one JSON object per line; blank lines are left out.

    Raises:
        SourceError: it cannot be read, or a line is no object; the message names the line.
    """
    rows: list[dict[str, object]] = []
    with complaints_in_one_line(path):
        data = path.read_bytes()
    for number, line in enumerate(data.splitlines(), 1):
        try:
            row = json.loads(line) if line.strip() else None
        except (ValueError, RecursionError):
            row = line
        if row is not None and not isinstance(row, dict):
            raise SourceError(f"{path}: line {number} is no JSON object; write one object per line")
        if row is not None:
            rows.append(row)
    return pd.DataFrame(rows)
