"""Fields of leads that have times of their own: entries of the lead list, and what history says they held.

Field history, one row for each change, tells by the old value of a field's first change what it held before;
of a lead whose field never changed, the lead list tells it, since what it holds now it held always. Both are
true since the history tells every change: what an older lead's field held until then nobody knows.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

import polars as pl

from features.tables import UTC_DATETIME
from pipeline.config.config import Config
from pipeline.config.data import AttributeSettings

# How a bucket calls, among its tables, since when the history tells changes: one row at most.
HISTORY = "history"
HISTORY_SCHEMA = pl.Schema({"since": UTC_DATETIME})

# So many leads are older than a history that is cut off; the first changes of a whole one come soon.
_MANY = 0.05


def with_dated_fields(config: Config, tables: Mapping[str, pl.DataFrame]) -> dict[str, pl.DataFrame]:
    """The tables with the facts that the lead list dates itself, and with what fields held at creation.

    Args:
        config: the configuration.
        tables: of a bucket.

    Returns:
        The tables; ``facts`` with the entries of the lead list, and ``held`` where facts have old values:
        ``lead_id``, ``field``, ``value``, ``since``.
    """
    found = dict(tables)
    dated = {name: one for name, one in config.attributes.items() if one.known == "dated"}
    entries = _entries(tables["leads"], dated)
    if entries:
        found["facts"] = pl.concat(
            [*(tables[n] for n in ("facts",) if n in tables), *entries], how="diagonal"
        )
    if "old_value" in tables.get("facts", pl.DataFrame()).columns:
        history = {name: one for name, one in dated.items() if one.entered_at is None}
        since = tables.get(HISTORY, pl.DataFrame(schema=HISTORY_SCHEMA))["since"].min()
        held = _held(tables["leads"], tables["facts"], history)
        found["held"] = held.with_columns(pl.lit(since, UTC_DATETIME).alias("since"))
    return found


def _entries(leads: pl.DataFrame, dated: Mapping[str, AttributeSettings]) -> list[pl.DataFrame]:
    own = {name: (one.kind, one.entered_at) for name, one in dated.items() if one.entered_at is not None}
    # Rows of a source are numbered from 1; these are rows of none, and told apart all the same.
    return [
        leads.drop_nulls([name, entered_at]).select(
            (-pl.col("^row_number$") * len(own) - place).alias("row_number"),
            "lead_id",
            pl.col(entered_at).alias("known_at"),
            *_as_fact(name, kind),
        )
        for place, (name, (kind, entered_at)) in enumerate(own.items())
        if {name, entered_at} <= set(leads.columns)
    ]


def _held(leads: pl.DataFrame, facts: pl.DataFrame, history: Mapping[str, AttributeSettings]) -> pl.DataFrame:
    """What each field held before its first change: the old value of that, or what it still holds."""
    changes = facts.filter(pl.col("field").is_in(list(history)))
    first = changes.sort("known_at").unique(["lead_id", "field"], keep="first", maintain_order=True)
    unchanged = [
        leads.join(first.filter(pl.col("field") == name), on="lead_id", how="anti", maintain_order="left")
        .drop_nulls(name)
        .select("lead_id", *_as_fact(name, one.kind))
        for name, one in history.items()
        if name in leads.columns
    ]
    before = first.select("lead_id", "field", pl.col("old_value").alias("value")).drop_nulls("value")
    return pl.concat([before, *unchanged])


def _as_fact(name: str, kind: str) -> Sequence[pl.Expr]:
    """A field and its value, written as values of facts are."""
    value = pl.col(name).dt.to_string("%FT%TZ") if kind == "date" else pl.col(name).cast(pl.String)
    return pl.lit(name).alias("field"), value.alias("value")


def history_notes(
    config: Config, heads: Mapping[str, pl.DataFrame], created: pl.Series, began: datetime | None
) -> list[str]:
    """Warnings of a history that does not tell enough.

    Args:
        config: the configuration.
        heads: the tables, which may be without rows.
        created: when the leads were created.
        began: since when the history tells every change.
    """
    if "old_value" not in heads.get("facts", pl.DataFrame()).columns:
        return []
    dated = [name for name, one in config.attributes.items() if one.known == "dated" and not one.entered_at]
    missing = [name for name in dated if name not in heads["leads"].columns]
    # Where only leads whose field will change have a value before that, having one tells what is to come.
    found = [_of_today(missing)] if missing else []
    older = 0 if began is None else int((created < began).sum())
    if dated and began is not None and older > _MANY * len(created):
        found.append(
            f"warning: the history begins on {began:%Y-%m-%d}, and {older:,} of {len(created):,} leads are "
            f"older: until then {', '.join(dated)} of theirs may have changed, and is missing; if the "
            "history is whole, set sources.facts.complete_from to the day since when changes are noted; else "
            f"leave rows before it out with label.observed_from: {began:%Y-%m-%d}"
        )
    return found


def _of_today(missing: Sequence[str]) -> str:
    return (
        f"warning: facts tell what {', '.join(missing)} held before the first change, and nothing tells it "
        "of leads without a change: to have a value tells of a change to come; set "
        + " and ".join(f"sources.leads.columns.{name}" for name in missing)
    )
