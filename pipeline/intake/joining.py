"""Whose a row is that does not name its lead as the list does: by its customer, or another form of its id."""

from dataclasses import dataclass, replace
from typing import Self

import polars as pl

from features.asof import newest_at
from features.tables import CONTRACTS
from pipeline.reading.ingest import RawTable
from pipeline.reading.orphans import NOBODY

# Salesforce writes one id with 15 characters in reports, and with three more that check them in exports.
_SHORT, _LONG = 15, 18
_LONG_ID = r"^[A-Za-z0-9]{15}[A-Z0-5]{3}$"
_SHORT_ID = r"^[A-Za-z0-9]{15}$"
# Zoho puts this before the numbers that are its ids, in exports and not in its interface.
_ZOHO = "zcrm_"
_ZOHO_ID = r"^(?:zcrm_)?\d{10,}$"


@dataclass(frozen=True, slots=True)
class _Ids:
    """Ids of the list that have another form, and the other form of each.

    Attributes:
        shorter: what is shorter for some long ones.
        longer: those.
        short: the short ones.
        zoho: those of Zoho that are not there in both forms.
        other: their other form, with the prefix or without.
    """

    shorter: pl.Series
    longer: pl.Series
    short: pl.Series
    zoho: pl.Series
    other: pl.Series

    @classmethod
    def of(cls, known: pl.Series) -> Self:
        """Only forms that tell one id, and are not themselves on the list."""
        long = known.filter(known.str.contains(_LONG_ID) & known.str.contains("[A-Za-z]"))
        shorter = long.str.head(_SHORT)
        told_apart = ~shorter.is_duplicated() & ~shorter.is_in(known.implode())
        short = known.filter(known.str.contains(_SHORT_ID) & known.str.contains("[A-Za-z]"))
        zoho = known.filter(known.str.contains(_ZOHO_ID))
        bare = zoho.str.strip_prefix(_ZOHO)
        other = bare.zip_with(zoho.str.starts_with(_ZOHO), _ZOHO + bare)
        single = ~bare.is_duplicated()
        return cls(
            shorter.filter(told_apart),
            long.filter(told_apart),
            short.filter(~short.is_in(shorter.implode())),
            zoho.filter(single),
            other.filter(single),
        )


class Joining:
    """The lead list, by which rows of other sources find their lead.

    Example:
        >>> Joining(pl.DataFrame({"lead_id": ["00Q5g00000AbCdEEAV"]})).full(pl.Series(["00Q5g00000AbCdE"]))[0]
        '00Q5g00000AbCdEEAV'
    """

    def __init__(self, leads: pl.DataFrame) -> None:
        """Remember who is on the list.

        Args:
            leads: ``lead_id``, ``customer_id`` where there are any, and ``created_at``.
        """
        self._leads = leads
        self._known: dict[str, _Ids] = {
            name: _Ids.of(leads[name].drop_nulls().unique())
            for name in ("lead_id", "customer_id")
            if name in leads.columns
        }

    def full(self, ids: pl.Series, name: str = "lead_id") -> pl.Series:
        """Ids as the lead list writes them.

        Of 15 characters the one of 18 that begins so, or the reverse; with ``zcrm_`` before it or without.
        """
        known = self._known.get(name)
        if known is None:
            return ids
        lengths = ids.str.len_chars()
        if (lengths == _SHORT).any() and len(known.longer):
            ids = ids.replace(known.shorter, known.longer)
        if (lengths == _LONG).any() and len(known.short):
            cut = ids.str.head(_SHORT)
            ids = cut.zip_with(ids.str.contains(_LONG_ID) & cut.is_in(known.short.implode()), ids)
        if len(known.zoho) and ids.str.contains(_ZOHO_ID).any():
            ids = ids.replace(known.other, known.zoho)
        return ids

    def joined(self, raw: RawTable) -> RawTable:
        """A source whose rows name leads as the list does.

        Where a row of calls, stages, facts or grades names its customer and no lead, it is of the customer's
        newest lead at its time; of nobody if there is none yet.
        """
        frame = raw.frame.with_columns(
            self.full(raw.frame[name], name).alias(name)
            for name in ("lead_id", "customer_id")
            if name in raw.frame.columns
        )
        if raw.table == "orders" or "customer_id" not in frame.columns:
            return replace(raw, frame=frame)
        names = dict(raw.names)
        if "lead_id" not in frame.columns:
            frame = frame.with_columns(pl.lit(None, pl.String).alias("lead_id"))
            names["lead_id"] = names["customer_id"]
        return replace(raw, frame=self._by_customer(frame, CONTRACTS[raw.table].time), names=names)

    def _by_customer(self, frame: pl.DataFrame, time: str) -> pl.DataFrame:
        nameless = frame.filter(pl.col("lead_id").is_null() & pl.col("customer_id").is_not_null())
        if nameless.is_empty():
            return frame.drop("customer_id")
        found = self._newest(nameless, time)
        lead = pl.coalesce("lead_id", "found", NOBODY + pl.col("customer_id"))
        joined = frame.join(found, on="row_number", how="left", maintain_order="left")
        return joined.with_columns(lead.alias("lead_id")).drop("customer_id", "found")

    def _newest(self, rows: pl.DataFrame, time: str) -> pl.DataFrame:
        asked = rows.select("row_number", "customer_id", pl.col(f"^{time}$"))
        if "customer_id" not in self._leads.columns or "created_at" not in self._leads.columns:
            return asked.select("row_number", pl.lit(None, pl.String).alias("found"))
        return newest_at(self._leads, asked, time).select("row_number", pl.col("lead_id").alias("found"))
