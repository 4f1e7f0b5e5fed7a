"""Rows of the label's source that could not be used: of whom they may have been the outcome, and how many.

They make the outcome of their leads unknown. Which lead a bad row speaks of is often told by the cells that
could be read.
"""

from dataclasses import replace

import polars as pl

from features.closes import UNUSED_SCHEMA, is_won
from features.tables import CONTRACTS
from pipeline.config.config import Config
from pipeline.intake.buckets import Homes
from pipeline.intake.orders import are_orders
from pipeline.intake.outcomes import LABEL_SOURCE
from pipeline.intake.work_folder import SpanTask, Store
from pipeline.reading.ingest import RawTable
from pipeline.reading.orphans import BETWEEN_KEYS, KnownKeys
from pipeline.reading.quarantine import of_kind
from pipeline.reading.validate import RowProblems

# How a bucket calls them among its tables.
UNUSED = "unused_outcomes"

# So many different words of an outcome's column are counted in a span.
MOST_WORDS = 200


def tells_close(config: Config, raw: RawTable) -> pl.Series:
    """Which rows say that a lead closed, as far as it can be read: an unreadable cell may say so.

    A refund says nothing of the kind.
    """
    frame, label = raw.frame, config.label
    unread = pl.col("row_number").is_in(raw.bad_cells["row_number"].implode())
    match label.close:
        case "first_order" | "next_order":
            return are_orders(frame)
        case "won_stage":
            says = pl.col("stage").is_in(list(label.won_stages)) | (pl.col("stage").is_null() & unread)
        case "outcome":
            if not label.column or label.column not in frame.columns:
                return pl.repeat(False, frame.height, eager=True)
            says = is_won(label.column, label.won_values) | (pl.col(label.column).is_null() & unread)
    return frame.select(says.fill_null(value=False)).to_series()


def undated_apart(config: Config, raw: RawTable, found: RowProblems) -> RowProblems:
    """The same problems; rows whose only fault is to tell a close without its date are a kind of their own.

    Whose close it was is known, so that its label is missing; such rows are no sign of a file that was read
    wrongly, and are counted among the outcomes.

    Args:
        config: the configuration.
        raw: a source, or a span of it.
        found: what is wrong with its rows.
    """
    if raw.table == "leads" or raw.table != LABEL_SOURCE[config.label.close]:
        return found
    time, number = CONTRACTS[raw.table].time, pl.col("row_number")
    told = raw.frame.filter(tells_close(config, raw)).filter(pl.col(time).is_null())
    other_faults = found.cells.filter(pl.col("column") != raw.names.get(time, time))["row_number"]
    unread = raw.bad_cells["row_number"]
    undated = told.filter(~number.is_in(other_faults.implode()) & ~number.is_in(unread.implode()))
    is_undated = number.is_in(undated["row_number"].implode())
    kind = pl.when(is_undated).then(pl.lit("undated")).otherwise("kind").alias("kind")
    return replace(found, cells=found.cells.with_columns(kind))


def word_column(config: Config) -> str | None:
    """The column whose words tell a close, if words do."""
    return {"won_stage": "stage", "outcome": config.label.column}.get(config.label.close)


def counted_words(config: Config, raw: RawTable) -> dict[str, int]:
    """How many rows hold each word of that column, the most frequent ones."""
    name = word_column(config)
    if name is None or name not in raw.frame.columns:
        return {}
    words = raw.frame[name].drop_nulls().cast(pl.String).value_counts()
    declared = pl.col(name).is_in([*config.label.won_stages, *config.label.lost_stages])
    frequent = words.sort("count", name, descending=[True, False]).head(MOST_WORDS)
    return dict([*frequent.rows(), *words.filter(declared).rows()])


def doubtful_leads(config: Config, raw: RawTable, bad: pl.Series, homes: Homes) -> pl.DataFrame:
    """The leads that some bad rows of the label's source may have closed: ``UNUSED_SCHEMA``.

    A row speaks of the leads that its key names, one or several; of one with an unknown lead or none, any
    lead of its customer may be meant.

    Args:
        config: the configuration.
        raw: the source, or a span of it, with the bad rows.
        bad: numbers of the bad rows.
        homes: the leads that are asked about.
    """
    if raw.table == "leads" or raw.table != LABEL_SOURCE[config.label.close]:
        return pl.DataFrame(schema=UNUSED_SCHEMA)
    mine = raw.frame.filter(tells_close(config, raw) & raw.frame["row_number"].is_in(bad.implode()))
    keys = [
        pl.col(n) if n in mine.columns else pl.lit(None, pl.String).alias(n)
        for n in ("lead_id", "customer_id")
    ]
    rows = mine.select("row_number", pl.col(CONTRACTS[raw.table].time).alias("at"), *keys)
    known = homes.leads.select("lead_id", "owner_id")
    named = KnownKeys(known.select("lead_id")).leads_of(rows.drop_nulls("lead_id"), BETWEEN_KEYS)
    by_lead = named.join(rows.select("row_number", "at"), on="row_number")
    rest = rows.join(by_lead, on="row_number", how="anti").drop_nulls("customer_id")
    owners = rest.select("at", ("customer:" + pl.col("customer_id").cast(pl.String)).alias("owner_id"))
    by_customer = owners.join(known, on="owner_id")
    columns = [pl.col(name).cast(dtype) for name, dtype in UNUSED_SCHEMA.items()]
    return pl.concat([by_lead.select(columns), by_customer.select(columns)]).unique(maintain_order=True)


def tell_outcomes(
    config: Config, work: Store, homes: Homes, task: SpanTask, raw: RawTable, found: RowProblems
) -> None:
    """Keep what became of the rows of a span that tell a close, and whose outcome is doubtful for it."""
    if raw.table != LABEL_SOURCE[config.label.close]:
        return
    told, bad, lines = _told(config, raw), found.all["row_number"], found.all
    # Nobody can say of what a row with too few or too many cells speaks; among orders it is an order.
    ragged = raw.rows_in - raw.frame.height if raw.table == "orders" else 0
    faulty = lines.filter(~of_kind("stranger", "undated"))["row_number"]
    lacking = lines.filter(of_kind("undated"))["row_number"]
    undated = _among(told, lacking, but=faulty)
    strangers = lines.filter(of_kind("stranger"))["row_number"]
    of_strangers = _among(told, strangers, but=pl.concat([faulty, lacking]))
    counts = {
        "told": len(told) + ragged,
        "refunds": int((~are_orders(raw.frame)).sum()) if raw.table == "orders" else 0,
        "strangers": of_strangers,
        "without_date": undated,
        "quarantined": int(told.is_in(bad.implode()).sum()) + ragged - of_strangers - undated,
        "words": counted_words(config, raw),
    }
    work.keep_words(f"outcomes/{task.name}", counts)
    _keep_doubtful(config, work, homes, f"{task.number:05d}", raw, bad)


def _among(told: pl.Series, numbers: pl.Series, but: pl.Series) -> int:
    return int((told.is_in(numbers.implode()) & ~told.is_in(but.implode())).sum())


def tell_repeated(
    config: Config,
    work: Store,
    homes: Homes,
    task: SpanTask,
    raw: RawTable,
    bad: pl.Series,
    repeated: pl.DataFrame,
) -> None:
    """The same of the rows that share their key with another, in whichever span that stands.

    Args:
        config: the configuration.
        work: where it is kept.
        homes: the leads that are asked about.
        task: the span.
        raw: its rows.
        bad: numbers of those that are bad for themselves.
        repeated: the quarantine of the source's rows that share their key.
    """
    if raw.table != LABEL_SOURCE[config.label.close]:
        return
    told = _told(config, raw)
    others = told.filter(~told.is_in(bad.implode()))
    copies = repeated.filter(of_kind("copy"))["row_number"]
    conflicts = repeated.filter(~pl.col("row_number").is_in(copies.implode()))["row_number"].unique()
    counts = {
        "duplicates": int(others.is_in(copies.implode()).sum()),
        "quarantined": int(others.is_in(conflicts.implode()).sum()),
    }
    work.keep_words(f"outcomes/{task.name}-repeated", counts)
    _keep_doubtful(config, work, homes, f"{task.number:05d}-repeated", raw, conflicts)


def _told(config: Config, raw: RawTable) -> pl.Series:
    return raw.frame.filter(tells_close(config, raw))["row_number"]


def _keep_doubtful(
    config: Config, work: Store, homes: Homes, name: str, raw: RawTable, bad: pl.Series
) -> None:
    rows, sizes = homes.sort(UNUSED, doubtful_leads(config, raw, bad, homes))
    if rows.height:
        work.keep_parts(f"rows/{UNUSED}-{name}", rows, sizes)
