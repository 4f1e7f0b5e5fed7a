"""One row per key: the first or the last of a lead, or of a call's legs the one that tells how it went."""

from dataclasses import dataclass
from typing import Self

import polars as pl

from features.tables import CONNECTED_STATUSES, CONTRACTS
from pipeline.config.config import Config
from pipeline.errors import ConfigError
from pipeline.reading.ingest import RawTable

_KEY, _BY = "key", "by_{}"


@dataclass(frozen=True, slots=True)
class OnePerKey:
    """Which row of those that share a key is wanted.

    Attributes:
        key: the column that they share.
        order: expressions by which the wanted one comes first.
        descending: which of them fall.
        replaces_key: whether rows that share the table's own key are settled by it, too.
    """

    key: str
    order: tuple[pl.Expr, ...]
    descending: tuple[bool, ...]
    replaces_key: bool

    @classmethod
    def of(cls, config: Config, raw: RawTable) -> Self | None:
        """What the configuration wants of a source; nothing where it wants all rows.

        Raises:
            ConfigError: there is no such column.
        """
        source, contract = config.sources[raw.table], CONTRACTS[raw.table]
        columns = raw.frame.columns
        if source.legs:
            status = pl.col("status") if "status" in columns else pl.lit(None, pl.String)
            length = pl.col("duration_ms") if "duration_ms" in columns else pl.lit(None, pl.Int64)
            reached = status.cast(pl.String).is_in(list(CONNECTED_STATUSES)).fill_null(value=False)
            order = (reached, length.fill_null(0), pl.col("started_at"))
            return cls("call_id", order, (True, True, False), replaces_key=True)
        wanted = source.first_by or source.last_by
        if wanted is None:
            return None
        setting = "first_by" if source.first_by else "last_by"
        ours = next((name for name, theirs in raw.names.items() if theirs == wanted), wanted)
        if ours not in columns:
            raise ConfigError(
                f"{config.path}: sources.{raw.table}.{setting}: the source has no column {wanted!r}; "
                f"known: {', '.join(name for name in columns if name != 'row_number')}"
            )
        ties = [name for name in (contract.time, *contract.tie_break) if name in columns and name != ours]
        by = tuple(pl.col(name) for name in dict.fromkeys(ties))
        falls = (bool(source.last_by),) * len(by)
        return cls(ours, by, falls, replaces_key=contract.key == (ours,))

    def candidates(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Of each row with a key the key, its number, and by what the wanted one is told."""
        by = [one.alias(_BY.format(place)) for place, one in enumerate(self.order)]
        return rows.select(pl.col(self.key).alias(_KEY), "row_number", *by).drop_nulls(_KEY)

    def unwanted(self, candidates: pl.DataFrame) -> pl.Series:
        """The numbers of the rows that are not the wanted one of their key; equal ones go by their number."""
        by = [_BY.format(place) for place in range(len(self.order))]
        falls = [*self.descending, *self.descending[-1:]] if by else [False]
        ordered = candidates.sort(*by, "row_number", descending=falls, nulls_last=True)
        return ordered.filter(~pl.col(_KEY).is_first_distinct())["row_number"].sort()
