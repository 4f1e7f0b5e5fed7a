"""What a page is made of: sections of paragraphs, tables and charts, each in one language already."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Paragraph:
    """A paragraph of text; what stands in it is shown as it is, also where it looks like HTML."""

    text: str


@dataclass(frozen=True)
class Column:
    """A column of a table: what is shown in each row, and what rows are sorted by.

    Attributes:
        head: its heading.
        texts: what is shown.
        order: what is sorted by, missing where there is nothing; none for words, which sort as shown.
    """

    head: str
    texts: Sequence[str]
    order: Sequence[float] | None = None


@dataclass(frozen=True)
class Table:
    """A table that the reader sorts and, where it is long, filters.

    Attributes:
        caption: what to see in it.
        columns: all of the same length.
    """

    caption: str
    columns: Sequence[Column]


@dataclass(frozen=True)
class Chart:
    """A chart in Vega-Lite, as ``vega_lite.py`` makes them.

    Attributes:
        caption: what to see in it.
        spec: data, marks and encodings; width, fonts and colours are the page's.
    """

    caption: str
    spec: Mapping[str, object]


Block = Paragraph | Table | Chart


@dataclass(frozen=True)
class Section:
    """A section of a page: its title in the page's list of contents, and its blocks one after another.

    >>> Section("Promises", [Paragraph("kept")]).title
    'Promises'
    """

    title: str
    blocks: Sequence[Block] = field(default_factory=tuple)
