"""How a column's cells are to be read."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import polars as pl

from pipeline.config.data import Source

CellKind = Literal["word", "text", "whole", "real", "yes_no", "instant", "milliseconds", "minor_units", "ppm"]


@dataclass(frozen=True, slots=True)
class Reading:
    """How to read a column's cells.

    Attributes:
        key: the configuration key of the source, for messages.
        ours: the name of the column in the configuration.
        kind: what its cells hold.
        source: the dialect.
        zone: the time zone of times without an offset.
        currency_digits: minor digits of money.
        currency: of money; a cell that names another one is bad.
        latest: no event is after this instant; None where later ones, and ones before 1990, are fine.
        latest_is: what that instant is, for messages.
        coded: what words that repeat come as where all of them can, to take less room and time.
        is_id: whether its words name leads, customers, calls and the like, and not one digit may be lost.
        is_attribute: whether it is a customer attribute.
    """

    key: str
    ours: str
    kind: CellKind
    source: Source
    zone: str
    currency_digits: int = 2
    currency: str = ""
    latest: datetime | None = None
    latest_is: str = "in the future"
    coded: pl.DataType | None = None
    is_id: bool = False
    is_attribute: bool = False
