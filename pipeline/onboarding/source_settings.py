"""The settings of a source: its columns under our names, its forms of times, its words, its units."""

import os
from collections.abc import Mapping
from pathlib import Path

from pipeline.language.catalogue import Language, translate
from pipeline.onboarding.closes_told import Closes
from pipeline.onboarding.row_settings import say_rows, say_words
from pipeline.onboarding.settings import Settings
from pipeline.onboarding.time_settings import clock_of, say_times
from pipeline.onboarding.unit_settings import say_decimal, say_duration
from pipeline.recognition.columns_seen import SeenColumn
from pipeline.recognition.tables_told import Table

_LATER_COLUMNS = ("outcome", "closed_at")
_SURE = 0.9


def settings_of(
    table: Table, more: Mapping[str, SeenColumn], closes: Closes, folder: Path, language: Language
) -> Settings:
    """The settings of a table.

    Args:
        table: the sheet with our columns.
        more: further columns that are read, by our name.
        closes: what a close is.
        folder: of the data.
        language: of what is said.
    """
    source = table.sheet.source
    found = Settings({"path": os.path.relpath(table.sheet.path, folder)})
    told = found.told
    for key in ("sheet", "header_row"):
        if getattr(source, key):
            told[key] = getattr(source, key)
    if source.encoding != "auto":
        told["encoding"] = source.encoding
        found.unsure.append(
            translate(
                "{title}: read as {encoding}, by the words of its header",
                language,
                title=table.sheet.title,
                encoding=source.encoding,
            )
        )
    if source.names:
        told["names"] = list(source.names)
    columns = {ours: one.column for ours, one in table.roles.items() if ours not in _LATER_COLUMNS} | dict(
        more
    )
    _say_columns(table, columns, found, language)
    say_times(table, columns, found, language)
    if "duration" in columns:
        say_duration(table, columns["duration"], found, language)
    say_decimal(table, columns, found, language)
    if table.name == "calls":
        say_words(table, found, language)
    say_rows(table, closes, found)
    return found


def _say_columns(
    table: Table, columns: Mapping[str, SeenColumn], found: Settings, language: Language
) -> None:
    names: dict[str, object] = {}
    for ours, column in columns.items():
        clock = clock_of(table, ours, column)
        if clock:
            names[ours] = [column.name, clock.name]
        elif column.name != ours:
            names[ours] = column.name
        sure = table.roles[ours].sure if ours in table.roles else 1.0
        if sure < 0.9:
            found.unsure.append(
                translate(
                    "{title}: {column} is taken for {ours}",
                    language,
                    title=table.sheet.title,
                    column=column.name,
                    ours=f"{table.name}.{ours}",
                )
            )
    if names:
        found.told["columns"] = names
