"""What the verbs answer in Python: tables by name, and sentences; a notebook shows both."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from html import escape

import pandas as pd

from pipeline.api.frame_scorer import FrameScorer

# Rows of a table that a notebook shows.
SHOWN_ROWS = 20


@dataclass(frozen=True)
class Answer:
    """What a verb found.

    Attributes:
        title: what it is.
        tables: frames by name; ``answer["sources"]`` is one of them.
        notes: sentences that belong beside them.
    """

    title: str
    tables: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    def __getitem__(self, name: str) -> pd.DataFrame:
        """A table.

        Raises:
            KeyError: there is none of that name; the message names those that there are.
        """
        if name not in self.tables:
            raise KeyError(f"no table {name!r}; there are {', '.join(self.tables)}")
        return self.tables[name]

    def __repr__(self) -> str:
        """Its title, and what tables there are."""
        sizes = ", ".join(f"{name} ({len(table):,} rows)" for name, table in self.tables.items())
        return f"{self.title}: {sizes}" if sizes else self.title

    def _repr_html_(self) -> str:
        """The title, the notes, and the first rows of each table; nothing of the data is markup."""
        notes = "".join(f"<li>{escape(note)}</li>" for note in self.notes)
        parts = [f"<h3>{escape(self.title)}</h3>", f"<ul>{notes}</ul>" if notes else ""]
        for name, table in self.tables.items():
            rest = len(table) - SHOWN_ROWS
            more = f"<p>… {rest:,} more rows</p>" if rest > 0 else ""
            parts.append(f"<h4>{escape(name)}</h4>{table.head(SHOWN_ROWS).to_html(index=False)}{more}")
        return "".join(parts)


@dataclass(frozen=True, repr=False)
class Trained(Answer):
    """What a training found, and the scorer that it made."""

    scorer: FrameScorer = field(kw_only=True)


@dataclass(frozen=True, repr=False)
class GradedLeads(Answer):
    """A graded list; its tables are ``leads``, in the order of the lead list, and ``left_out``."""

    @property
    def leads(self) -> pd.DataFrame:
        """The leads with a grade, as ``leadgrade score`` writes them."""
        return self["leads"]

    @property
    def left_out(self) -> pd.DataFrame:
        """Every row without a grade, and why."""
        return self["left_out"]
