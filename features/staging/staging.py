"""From canonical tables to staged ones: dated, ordered, and with the columns that features read.

A staged table has ``known_at`` (the instant from which the row is known), the key its rows are
joined on (``lead_id``; ``owner_id`` for orders), and rows sorted by key, ``known_at`` and the
contract's tie-breakers, so that *latest* means the same whatever the order of the file.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence

import polars as pl

from features.families.attributes import DeclaredAttribute
from features.feature import Feature
from features.keys import Keys
from features.staging.calls import stage_calls
from features.staging.ordering import in_order
from features.tables import UTC_DATETIME


def stage_tables(
    tables: Mapping[str, pl.DataFrame],
    attributes: Sequence[DeclaredAttribute] = (),
    timezone: str = "UTC",
    features: Iterable[Feature] | None = None,
) -> dict[str, pl.DataFrame]:
    """Stage all canonical tables that are there.

    Args:
        tables: canonical tables by name; ``leads`` is required. ``held`` beside them says what fields of
            facts held before their first change: ``lead_id``, ``field``, ``value``, and ``since`` (known
            from then on; from the lead's creation, if that is later or it is missing).
        attributes: the declared attributes.
        timezone: the team's own, for hours and calendar days.
        features: what will be asked of them: of calls and facts, the large tables, only the columns
            that these features read are staged; all of them when left out.
    """
    leads = _leads(tables["leads"], attributes, timezone).sort("lead_id", "known_at")
    read = None if features is None else _columns_read(features)
    staged, known = {"leads": leads}, Keys(leads["lead_id"])
    if "calls" in tables:
        staged["calls"] = stage_calls(tables["calls"], leads, known, timezone, read and read["calls"])
    if "orders" in tables:
        staged |= _orders(tables["orders"], leads, timezone)
    if "stages" in tables:
        staged["stages"] = _stages(tables["stages"], known)
    if "facts" in tables:
        staged["facts"] = _staged_facts(tables["facts"], known, timezone, read and read["facts"])
        if "held" in tables:
            both = pl.concat([tables["facts"], _held(tables["held"], leads)], how="diagonal")
            staged["held_facts"] = _staged_facts(both, known, timezone, read and read["facts"])
    if "graded_at" in tables.get("manual_grades", pl.DataFrame()).columns:
        # A grade without a date is hindsight: nobody can say when it was known.
        dated = tables["manual_grades"].drop_nulls("graded_at")
        rows = dated.lazy().with_columns(pl.col("graded_at").alias("known_at"))
        staged["manual_grades"] = in_order("manual_grades", rows, known.places(dated["lead_id"]))
    return staged


def _columns_read(features: Iterable[Feature]) -> dict[str, set[str]]:
    """The columns that are read of each of the large tables; calls that connected are graded, too."""
    read = {"calls": {"lead_id", "known_at", "is_connected"}, "facts": {"lead_id", "known_at"}}
    for feature in features:
        read.setdefault(feature.table, set()).update(feature.reads)
    return read


def _owners(leads: pl.DataFrame) -> pl.Series:
    return leads["owner_id"].unique().sort()


def hindsight_grades(tables: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """The manual grades that have no date: ``lead_id``, ``manual_grade_hindsight``, one per lead."""
    grades = tables["manual_grades"]
    undated = grades.filter(pl.col("graded_at").is_null()) if "graded_at" in grades.columns else grades
    best = pl.col("grade").min().alias("manual_grade_hindsight")
    return undated.group_by("lead_id").agg(best)


def stage_list(
    rows: pl.DataFrame, as_of: str, attributes: Sequence[DeclaredAttribute] = ()
) -> dict[str, pl.DataFrame]:
    """Stage a flat list: each row is a lead as of its own date or row number.

    Args:
        rows: ``lead_id``, the column named by ``as_of``, and the attributes.
        as_of: a time, or the row number of a list in time order.
        attributes: the declared attributes.
    """
    staged = with_owner(rows).with_columns(_text_lengths(rows, attributes)).rename({as_of: "known_at"})
    return {"leads": staged.sort("lead_id", "known_at")}


def with_owner(leads: pl.DataFrame) -> pl.DataFrame:
    """Add ``owner_id`` to leads: the customer's key where the lead names one, else the lead's own.

    The prefixes keep a customer and a lead of the same key apart.
    """
    customer = pl.col("customer_id") if "customer_id" in leads.columns else pl.lit(None, pl.String)
    return leads.with_columns(
        pl.coalesce("customer:" + customer, "lead:" + pl.col("lead_id")).alias("owner_id")
    )


def orders_with_owner(orders: pl.DataFrame, owned_leads: pl.DataFrame) -> pl.DataFrame:
    """Add ``owner_id`` to orders: the customer the order names, else the owner of its lead."""
    owned, owner = orders, pl.lit(None, pl.String)
    if "lead_id" in orders.columns:
        keys = owned_leads.select("lead_id", "owner_id")
        owned, owner = orders.join(keys, on="lead_id", how="left", maintain_order="left"), pl.col("owner_id")
    if "customer_id" in orders.columns:
        owner = pl.coalesce("customer:" + pl.col("customer_id"), owner)
    return owned.with_columns(owner.alias("owner_id"))


def _leads(leads: pl.DataFrame, attributes: Sequence[DeclaredAttribute], timezone: str) -> pl.DataFrame:
    local = pl.col("created_at").dt.convert_time_zone(timezone)
    return with_owner(leads).with_columns(
        pl.col("created_at").alias("known_at"),
        local.dt.hour().cast(pl.Int64).alias("local_hour"),
        local.dt.weekday().cast(pl.Int64).alias("local_weekday"),
        *_text_lengths(leads, attributes),
        *_local_dates(leads, attributes, timezone),
    )


def _local_dates(
    leads: pl.DataFrame, attributes: Sequence[DeclaredAttribute], timezone: str
) -> list[pl.Expr]:
    dates = [a.name for a in attributes if a.kind == "date" and not a.dated and a.name in leads.columns]
    return [pl.col(name).dt.convert_time_zone(timezone).alias(f"{name}_local") for name in dates]


def _text_lengths(leads: pl.DataFrame, attributes: Sequence[DeclaredAttribute]) -> list[pl.Expr]:
    texts = [a.name for a in attributes if a.kind == "text" and not a.dated and a.name in leads.columns]
    return [pl.col(name).str.len_chars().cast(pl.Int64).alias(f"{name}_characters") for name in texts]


def _orders(orders: pl.DataFrame, leads: pl.DataFrame, timezone: str) -> dict[str, pl.DataFrame]:
    """The orders of customers, and those that close leads, which name a lead and are no refunds."""
    recorded_at = pl.col("recorded_at") if "recorded_at" in orders.columns else pl.lit(None, UTC_DATETIME)
    amount = pl.col("amount_minor") if "amount_minor" in orders.columns else pl.lit(None, pl.Int64)
    local = pl.col("ordered_at").dt.convert_time_zone(timezone)
    owned = orders_with_owner(orders, leads)
    several = bool(owned["order_id"].is_duplicated().any())
    dated = (_one_row_an_order(owned) if several else owned).with_columns(
        # A record dated by its day alone would know an order hours before it was placed.
        pl.max_horizontal(recorded_at, "ordered_at").alias("known_at"),
        (local.dt.year() * 12 + local.dt.month()).alias("local_month"),
        # A refund lowers what a customer paid, and is no order.
        (amount >= 0).fill_null(value=True).alias("is_order"),
    )
    owners = Keys(_owners(leads))
    rows = in_order("orders", dated.lazy(), owners.places(dated["owner_id"]))
    closing = rows.filter(pl.col("is_order") & pl.col("lead_id").is_not_null()) if "lead_id" in rows else rows
    once = rows.unique(["order_id", "owner_id"], keep="first", maintain_order=True) if several else rows
    return {"orders": once, "closing_orders": closing}


def _one_row_an_order(lines: pl.DataFrame) -> pl.DataFrame:
    """Put the lines of an order together, for each lead that it names: amounts add up, the first dates it.

    Rows that share their order were read so because the configuration says that they are lines, or that
    an order names several leads.
    """
    amount = pl.col("^amount_minor$")
    known = pl.when(amount.is_not_null().any()).then(amount.sum())
    of_order = [name for name in ("order_id", "owner_id", "lead_id") if name in lines.columns]
    rest = pl.exclude(*of_order, "amount_minor", "ordered_at", "recorded_at")
    return (
        lines.sort("ordered_at", "row_number" if "row_number" in lines.columns else "order_id")
        .group_by(of_order, maintain_order=True)
        .agg(rest.first(), pl.col("ordered_at").min(), pl.col("^recorded_at$").max(), known)
        .select(lines.columns)
    )


def _stages(stages: pl.DataFrame, known: Keys) -> pl.DataFrame:
    rows = stages.lazy().with_columns(pl.col("entered_at").alias("known_at"))
    ordered = in_order("stages", rows, known.places(stages["lead_id"]))
    moved = pl.col("lead_id") == pl.col("lead_id").shift()
    before = pl.col("stage").shift() + ">" + pl.col("stage")
    return ordered.with_columns(
        pl.when(moved).then(before).alias("transition"),
        pl.when(moved).then(pl.col("entered_at").diff().dt.total_milliseconds()).alias("previous_stage_ms"),
    )


def _held(held: pl.DataFrame, leads: pl.DataFrame) -> pl.DataFrame:
    """Rows of what fields held at their leads' creation: known at that very instant, as attributes are.

    Where history begins later, what it was until then nobody knows.
    """
    dated = held.join(leads.select("lead_id", "created_at"), on="lead_id", maintain_order="left")
    known_at = (pl.max_horizontal("created_at", "since") - pl.duration(microseconds=1)).alias("known_at")
    return dated.select("lead_id", known_at, "field", "value")


def _staged_facts(
    facts: pl.DataFrame, known: Keys, timezone: str, read: Collection[str] | None
) -> pl.DataFrame:
    return in_order("facts", _facts(facts, timezone), known.places(facts["lead_id"]), read)


def _facts(facts: pl.DataFrame, timezone: str) -> pl.LazyFrame:
    if "value" not in facts.columns:
        return facts.lazy()
    # Ingestion writes a date as an instant in UTC.
    written = pl.col("value").str.to_datetime("%Y-%m-%dT%H:%M:%S%.fZ", time_unit="us", strict=False)
    time = written.dt.replace_time_zone("UTC")
    return facts.lazy().with_columns(
        pl.col("value").cast(pl.Float64, strict=False).alias("value_number"),
        time.alias("value_time"),
        time.dt.convert_time_zone(timezone).alias("value_local"),
        pl.col("value").str.len_chars().cast(pl.Int64).alias("value_characters"),
    )
