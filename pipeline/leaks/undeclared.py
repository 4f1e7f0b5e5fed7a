"""Columns of a flat list's file that no attribute declares: what they know of the outcome.

The model reads none of them. Who looks for attributes to declare finds the outcome's own shadow first.
"""

from dataclasses import replace

import polars as pl

from features.feature import Feature
from pipeline.config.config import Config
from pipeline.files.cell_text import restored_cells
from pipeline.files.source_file import read_file
from pipeline.fitting.fit import in_periods
from pipeline.fitting.split import find_periods
from pipeline.leaks.columns import fate_suspects, labelled, matrix_suspects
from pipeline.leaks.suspect import NOT_CLOSED, Suspect
from pipeline.matrix.dataset import Rows
from pipeline.reading.columns import match_columns, theirs, wanted_columns

# A column of which at least such a part reads as numbers is one of numbers.
_NUMBERS = 0.95


def undeclared_suspects(config: Config, rows: Rows) -> list[Suspect]:
    """Undeclared columns of a flat list that may know the outcome; of other lists none are looked at.

    Args:
        config: the configuration.
        rows: from ``dataset.training_rows``.

    Raises:
        TrainingError: the rows cannot be cut into periods.
        SourceError: the list cannot be read.
    """
    columns = _undeclared(config) if config.flat else pl.DataFrame()
    names = [name for name in columns.columns if name not in ("row_number", *rows.frame.columns)]
    if not names:
        return []
    joined = rows.frame.join(
        columns.select("row_number", *names), "row_number", "left", maintain_order="left"
    )
    frame = in_periods(config, replace(rows, frame=joined), find_periods(joined, config.split))
    features = [_feature(name, joined.schema[name]) for name in names]
    learn, closed, _ = labelled(frame, rows.horizons)
    fates = {"closed": closed, NOT_CLOSED: ~closed}
    found = [
        *matrix_suspects(frame, features, rows.horizons),
        *fate_suspects(learn[names], fates, learn["as_of"], dict.fromkeys(names, ())),
    ]
    named: dict[str, Suspect] = {}
    for suspect in sorted(found, key=lambda one: one.is_question):
        named.setdefault(suspect.name, replace(suspect, features=()))
    return [one for name, one in named.items() if name not in config.leaks.trusted]


def _undeclared(config: Config) -> pl.DataFrame:
    """The cells of the columns that nothing reads, and ``row_number``."""
    source, path = config.sources["leads"], config.data_path(config.sources["leads"].path)
    wanted = wanted_columns(config, "leads", outcome=True)
    required = {source.file_name(one.name) for one in wanted if one.required}
    raw = read_file(path, source, theirs(wanted, source), required)
    raw = restored_cells(raw) if config.escape_cells else raw
    read = {place for place, _ in match_columns(path, "sources.leads", wanted, source, raw.header)}
    # A column of the file that bears the name of the row's place cannot stand beside it.
    columns = [
        _values(raw.cells[str(place)], source.null_values).alias(name)
        for place, name in enumerate(raw.header)
        if place not in read and name.strip() not in ("", "row_number") and raw.header.count(name) == 1
    ]
    return pl.DataFrame([raw.cells["row_number"], *columns])


def _values(cells: pl.Series, missing: tuple[str, ...]) -> pl.Series:
    """A column as numbers where nearly all of its cells are, else as texts."""
    texts = cells.cast(pl.String, strict=False).str.strip_chars()
    known = texts.set(texts.is_in(["", *missing]), None)
    numbers = known.str.strip_suffix("%").cast(pl.Float64, strict=False)
    some = len(known) - known.null_count()
    return numbers if some and len(numbers) - numbers.null_count() >= _NUMBERS * some else known


def _feature(name: str, dtype: pl.DataType) -> Feature:
    return Feature(
        name, "leads", name, "last", "", name, name, kind="number" if dtype.is_numeric() else "category"
    )
