"""The lists that were made before: what of each is kept, and which one the next is compared with."""

from datetime import UTC, datetime
from pathlib import Path

import pandas as pd

from pipeline.config.config import Config
from pipeline.errors import SourceError
from pipeline.files.cell_text import restored
from pipeline.output import write_table
from pipeline.targets import Outputs, Target
from pipeline.workbook.changes import KEPT_COLUMNS

# Folder below ``output_dir``: a file a list, called after its as-of.
LISTS = "lists"
_NAME = "%Y%m%dT%H%M%SZ.parquet"


def last_list(config: Config, as_of: datetime) -> pd.DataFrame | None:
    """The newest kept list of an earlier as-of, which a new one is compared with; None on the first.

    Raises:
        SourceError: it is damaged.
    """
    now = as_of.astimezone(UTC).strftime(_NAME)
    earlier = [path for path in config.output_path(LISTS).glob("*.parquet") if path.name < now]
    return read_list(max(earlier)) if earlier else None


def keep_list(outputs: Outputs, leads: pd.DataFrame, as_of: datetime) -> None:
    """Keep what the next list is compared with.

    Raises:
        OutputError: the disk or the rights do not allow it.
    """
    kept = leads[[name for name in KEPT_COLUMNS if name in leads.columns]]
    # A file in a folder that was compared with all that is read.
    folder = outputs.named(LISTS)
    write_table(kept, Target(folder / as_of.astimezone(UTC).strftime(_NAME)))


def read_list(path: Path) -> pd.DataFrame:
    """What a graded list in CSV or Parquet has of ``changes.KEPT_COLUMNS``.

    Raises:
        SourceError: the file is not there, cannot be read, or is no graded list.
    """
    try:
        frame = pd.read_parquet(path) if path.suffix == ".parquet" else _csv(path)
    except (OSError, ValueError, pd.errors.ParserError) as error:
        reason = " ".join(str(error).split())[:120]
        raise SourceError(
            f"{path}: cannot be read as the last list ({reason}); give a graded list in .csv or .parquet"
        ) from None
    if missing := [name for name in ("lead_id", "grade") if name not in frame.columns]:
        raise SourceError(
            f"{path}: is no graded list: no column {missing[0]!r}; give one that leadgrade score wrote"
        )
    return frame[[name for name in KEPT_COLUMNS if name in frame.columns]].astype({"lead_id": "str"})


def _csv(path: Path) -> pd.DataFrame:
    frame = pd.read_csv(path, dtype="str", keep_default_na=False, na_values=[""], encoding="utf-8")
    kept = frame[[name for name in KEPT_COLUMNS if name in frame.columns]]
    return kept.map(restored, na_action="ignore")
