"""What salespeople are shown of a lead: columns of the lead list, as they stand in its file."""

import pandas as pd
import polars as pl

from pipeline.cells.text import CellTypeError, to_text
from pipeline.config.config import Config
from pipeline.errors import SourceError
from pipeline.files.source_file import read_file
from pipeline.reading.columns import Wanted, match_columns, theirs, wanted_columns


def shown_names(config: Config) -> tuple[str, ...]:
    """The columns that ``workbook`` of a configuration names, each once.

    Example:
        >>> from pipeline.config.config import LabelSettings, Source
        >>> told = {"shown": ("phone", "owner"), "sheet_per": "owner"}
        >>> leads, label = Source(path="l.csv"), LabelSettings(close="first_order")
        >>> shown_names(Config(name="x", sources={"leads": leads}, label=label, workbook=told))
        ('phone', 'owner')
    """
    per = config.workbook.sheet_per
    return tuple(dict.fromkeys([*config.workbook.shown, *([per] if per else [])]))


def read_shown(config: Config) -> pd.DataFrame:
    """The columns that salespeople are shown, as text.

    Args:
        config: its ``sources.leads`` is the list, ``workbook`` says which columns.

    Returns:
        By the names of the configuration, on the index ``row_number`` (1 = first row below the header);
        empty where nothing is shown.

    Raises:
        SourceError: the file cannot be read, or lacks such a column.
    """
    names, source = shown_names(config), config.sources["leads"]
    if not names:
        return pd.DataFrame(index=pd.Index([], name="row_number", dtype="int64"))
    path = config.data_path(source.path)
    shown = [Wanted(name, name, "text", required=True) for name in names]
    wanted = wanted_columns(config, "leads", outcome=False)
    needed = theirs((one for one in wanted if one.required), source)
    raw = read_file(path, source, theirs([*wanted, *shown], source), needed)
    found = match_columns(path, "sources.leads", shown, source, raw.header)
    try:
        cells = [to_text(raw.cells[str(place)], source.null_values).alias(one.name) for place, one in found]
    except CellTypeError as error:
        raise SourceError(f"{path}: a column of workbook.shown {error}") from None
    places = pd.Index(raw.cells["row_number"].to_numpy(), name="row_number")
    return pl.DataFrame(cells).to_pandas().set_axis(places)
