"""A report's files: each table as CSV, all of them as sheets of a workbook and as sections of a page."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import pandas as pd
import polars as pl

from pipeline.commands.reports.headings import heading
from pipeline.config.config import Config
from pipeline.config.workbook import Written
from pipeline.language.catalogue import Language, translate
from pipeline.output import write_table, write_text
from pipeline.page import columns as page_columns
from pipeline.page.blocks import Block, Paragraph, Section, Table
from pipeline.page.written import written_page
from pipeline.report.titles import title_of
from pipeline.targets import Outputs
from pipeline.workbook.sheet import CellFormat, Column, Said, Sheet
from pipeline.workbook.writer import write_workbook

# A page is to be read: of longer tables it has the first rows.
PAGE_ROWS = 300

# The program's own words, which stand beside in the reader's.
_CODES = ("kind", "by_lot", "held", "look_at", "warning")
_WIDE = 40


@dataclass(frozen=True)
class ReportTable:
    """A table of a report.

    Attributes:
        file: the name of its CSV file.
        title: what it is called, in a language.
        frame: its rows; of sentences in both languages columns that end in ``_en`` and ``_zh``.
    """

    file: str
    title: Said
    frame: pl.DataFrame


def files_of(stem: str, tables: Sequence[str]) -> tuple[str, ...]:
    """The names of a report's files.

    >>> files_of("kpi", ["kpi.csv"])
    ('kpi.csv', 'kpi.xlsx', 'kpi.html')
    """
    return (*tables, f"{stem}.xlsx", f"{stem}.html")


def write_report(config: Config, outputs: Outputs, stem: str, tables: Sequence[ReportTable]) -> None:
    """Write a report's files.

    Args:
        config: the configuration, which says the workbook's language.
        outputs: the verb's.
        stem: the report's name.
        tables: at least one.

    Raises:
        OutputError: a file cannot be written.
    """
    frames = [table.frame.to_pandas() for table in tables]
    for table, frame in zip(tables, frames, strict=True):
        write_table(frame, outputs.named(table.file), escape=config.escape_cells)
    written = config.workbook.language
    sheets = [_sheet(table, frame, written) for table, frame in zip(tables, frames, strict=True)]
    write_workbook(outputs.named(f"{stem}.xlsx"), sheets, written)
    title = title_of(config.name, config.simulation)
    page = written_page(title, lambda language: [_section(table, language) for table in tables])
    write_text(page, outputs.named(f"{stem}.html"))


def shown_columns(frame: pl.DataFrame, written: Written) -> list[tuple[str, str]]:
    """The columns that people read, each with the name of its heading."""
    others = {"en": ("_zh",), "zh": ("_en",), "both": ()}[written]
    told = [name for name in frame.columns if not name.endswith(others) or not others]
    stems = [(name, name.removesuffix("_en").removesuffix("_zh")) for name in told]
    return [(name, stem) for name, stem in stems if name not in _CODES]


def _sheet(table: ReportTable, frame: pd.DataFrame, written: Written) -> Sheet:
    columns = [
        Column(
            name,
            partial(heading, stem),
            _shape(table.frame.schema[name]),
            _WIDE if name != stem else 16,
        )
        for name, stem in shown_columns(table.frame, written)
    ]
    return Sheet(table.title, frame, columns, fixed=1)


def _shape(kind: pl.DataType) -> CellFormat:
    if isinstance(kind, pl.Datetime):
        return "moment"
    if isinstance(kind, pl.Date):
        return "day"
    if kind.is_integer():
        return "count"
    return "number" if kind.is_numeric() else "text"


def _section(table: ReportTable, language: Language) -> Section:
    frame = table.frame.head(PAGE_ROWS)
    columns = [
        page_columns.numbers(
            heading(stem, language), frame[name].cast(pl.Float64).fill_null(float("nan")), "{:,.6g}"
        )
        if frame.schema[name].is_numeric()
        else page_columns.words(heading(stem, language), frame[name].to_list())
        for name, stem in shown_columns(frame, language)
    ]
    more = table.frame.height - frame.height
    blocks: list[Block] = [Table(table.title(language), columns)]
    if more:
        blocks.append(Paragraph(translate("... and {count} more in the file", language, count=more)))
    return Section(table.title(language), blocks)
