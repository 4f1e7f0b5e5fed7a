"""Rows of leads that nobody knows, and rows of nobody on the list."""

import re

import polars as pl

from features.keys import Keys
from pipeline.privacy import mask, mask_id
from pipeline.reading.ingest import RawTable
from pipeline.reading.quarantine import bad_rows, masked

# What people put between the keys of several leads.
BETWEEN_KEYS = r"[;,|/、，；\s]+"
# What stands for the lead of a row that names a customer who has none at its time.
NOBODY = "\x1fcustomer:"


class KnownKeys:
    """The good leads and their customers, whom rows of other sources may belong to."""

    def __init__(self, leads: pl.DataFrame) -> None:
        """Remember leads, and their customers where they name any."""
        nobody = pl.Series([], dtype=pl.String)
        customers = leads["customer_id"] if "customer_id" in leads.columns else nobody
        self._keys = {"lead_id": Keys(leads["lead_id"]), "customer_id": Keys(customers.drop_nulls().unique())}

    def strangers(self, name: str, frame: pl.DataFrame) -> pl.Series:
        """Which rows name nobody that is known, or nobody at all."""
        return self._keys[name].places(frame[name]).is_null()

    def leads_of(self, rows: pl.DataFrame, between: str) -> pl.DataFrame:
        """The known leads that rows name, one or several: ``row_number`` and ``lead_id``.

        Args:
            rows: ``row_number`` and ``lead_id``, which may hold several keys.
            between: what stands between them, as a regular expression.
        """
        text = pl.col("lead_id").cast(pl.String)
        parts = text.str.replace_all(between, "\n").str.split("\n")
        named = rows.select("row_number", pl.concat_list(text, parts).alias("lead_id")).explode("lead_id")
        each = named.with_columns(pl.col("lead_id").str.strip_chars()).unique(maintain_order=True)
        return each.filter(~self.strangers("lead_id", each))


def orphan_problems(raw: RawTable, known: KnownKeys) -> pl.DataFrame:
    """Quarantine rows of leads that are not among the good ones.

    An order may name its customer instead; it needs a known lead or a known customer.
    """
    frame = raw.frame
    if raw.table != "orders":
        strange = frame.filter(known.strangers("lead_id", frame)).drop_nulls("lead_id")
        by_customer = pl.col("lead_id").str.starts_with(NOBODY)
        leadless = strange.filter(by_customer)["lead_id"].str.strip_prefix(NOBODY)
        told = "customer " + masked(leadless, mask_id) + " has no lead on the list at that time"
        numbers = strange.filter(by_customer)["row_number"]
        column = raw.names.get("customer_id", "customer_id")
        return pl.concat(
            [
                _orphans(raw, strange.filter(~by_customer), "lead_id"),
                bad_rows(raw.table, numbers, column, leadless, told, mask_id, "stranger"),
            ]
        )
    nobody = [pl.lit(None, pl.String).alias(n) for n in ("lead_id", "customer_id") if n not in frame.columns]
    named = frame.with_columns(nobody)
    strange = named.filter(known.strangers("lead_id", named) & known.strangers("customer_id", named))
    if raw.separator:
        several = known.leads_of(strange.drop_nulls("lead_id"), re.escape(raw.separator))
        strange = strange.join(several, on="row_number", how="anti", maintain_order="left")
    no_lead, no_customer = pl.col("lead_id").is_null(), pl.col("customer_id").is_null()
    nameless = strange.filter(no_lead & no_customer)["row_number"]
    return pl.concat(
        [
            _of_several(raw, _orphans(raw, strange.filter(~no_lead), "lead_id"), strange, known),
            _orphans(raw, strange.filter(no_lead & ~no_customer), "customer_id"),
            bad_rows(raw.table, nameless, "", None, "names neither a lead nor a customer", mask),
        ]
    )


def _of_several(
    raw: RawTable, orphans: pl.DataFrame, strange: pl.DataFrame, known: KnownKeys
) -> pl.DataFrame:
    """The same, which says so where an order names several known leads and no separator is declared."""
    if raw.separator or orphans.is_empty():
        return orphans
    told = known.leads_of(strange.drop_nulls("lead_id"), BETWEEN_KEYS)
    several = told.filter(pl.col("row_number").is_duplicated())["row_number"].unique()
    hint = "; it names several known leads: set sources.orders.separator"
    more = pl.when(pl.col("row_number").is_in(several.implode())).then(pl.lit(hint)).otherwise(pl.lit(""))
    kind = pl.when(more != "").then(pl.lit("fault")).otherwise("kind")
    return orphans.with_columns(pl.col("reason") + more, kind.alias("kind"))


def _orphans(raw: RawTable, rows: pl.DataFrame, name: str) -> pl.DataFrame:
    ids = rows[name]
    whom = name.removesuffix("_id")
    reason = f"{whom} " + masked(ids, mask_id) + " is quarantined or unknown"
    column = raw.names.get(name, name)
    return bad_rows(raw.table, rows["row_number"], column, ids, reason, mask_id, "stranger")
