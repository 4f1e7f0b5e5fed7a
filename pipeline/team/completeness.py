"""How much of the customers is filled in, per column and per lead, and what empty cells cost."""

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from models.metrics.scores import auc, measures
from pipeline.config.config import Config
from pipeline.config.customer_reports import Complete
from pipeline.team.known import latest_values

LEADS, FACTS = "leads", "facts"

# Numbers are told apart as so many groups of the same size; a rate of few leads is drawn to that of all by
# so many leads more; and each lead is ranked by the others' closes, never by its own.
_GROUPS, _DRAWN, _FOLDS = 10, 10, 5


@dataclass(frozen=True)
class Field:
    """A field that is looked at.

    Attributes:
        name: the column of the leads, or the dated fact.
        source: ``leads`` or ``facts``.
        numeric: whether it holds numbers.
        at_creation: whether it was known when the lead was created, so that its AUC is no hindsight.
    """

    name: str
    source: str
    numeric: bool
    at_creation: bool


def fields_of(config: Config, tables: Mapping[str, pl.DataFrame]) -> list[Field]:
    """The fields that can be filled in: the declared attributes, and every dated fact that was seen.

    A declared fact that nobody ever entered is among them; it is empty everywhere.
    """
    listed = [
        Field(name, LEADS, spec.kind == "numeric", spec.known == "at_creation" and spec.kind != "text")
        for name, spec in config.attributes.items()
        if name in tables["leads"].columns
    ]
    seen = tables[FACTS]["field"].cast(pl.String).unique().to_list() if FACTS in tables else []
    declared = [name for name, spec in config.attributes.items() if spec.known == "dated"]
    dated = sorted({*seen, *declared} - {one.name for one in listed})
    return [*listed, *(Field(name, FACTS, numeric=False, at_creation=False) for name in dated)]


def cells(tables: Mapping[str, pl.DataFrame], fields: list[Field]) -> pl.DataFrame:
    """The newest value of each field of each lead: ``lead_id`` and a column per place in ``fields``."""
    told = tables["leads"].select(
        "lead_id", *(pl.col(one.name).alias(str(n)) for n, one in enumerate(fields) if one.source == LEADS)
    )
    for number, one in enumerate(fields):
        if one.source == FACTS:
            values = _newest(tables, one.name).rename({"value": str(number)})
            told = told.join(values, on="lead_id", how="left", maintain_order="left")
    texts = [name for name, kind in told.schema.items() if kind == pl.String and name != "lead_id"]
    # A cell of blanks is empty.
    return told.with_columns(pl.when(pl.col(name).str.strip_chars() != "").then(name) for name in texts)


def _newest(tables: Mapping[str, pl.DataFrame], field: str) -> pl.DataFrame:
    if FACTS not in tables:
        return pl.DataFrame(schema={"lead_id": pl.String, "value": pl.String})
    return latest_values(tables[FACTS], field).select("lead_id", "value")


def per_column(
    told: pl.DataFrame, fields: list[Field], closed: pl.DataFrame, rules: Complete
) -> pl.DataFrame:
    """How many leads fill each field, worst first.

    Args:
        told: from ``cells``.
        fields: from ``fields_of``.
        closed: from ``closers.closers``.
        rules: the configuration's.

    Returns:
        ``field``, ``source``, ``leads``, how many are ``filled`` and ``empty``, the ``share`` filled; of
        fields known at creation ``auc_filled``, how well the field alone tells closers from others among
        leads that fill it, ``auc_all`` among all leads, and what the empty cells ``cost``: the first less
        the second. Missing where too few leads tell it.
    """
    joined = told.join(closed, on="lead_id", how="left", maintain_order="left").sort("lead_id")
    rows = []
    for number, one in enumerate(fields):
        filled = told.height - told[str(number)].null_count()
        row = (one.name, one.source, told.height, filled, told.height - filled)
        rows.append((*row, filled / max(told.height, 1), *_aucs(joined, str(number), one, rules)))
    schema = {"field": pl.String, "source": pl.String, "leads": pl.Int64, "filled": pl.Int64}
    schema |= {"empty": pl.Int64, "filled_share": pl.Float64}
    schema |= {"auc_filled": pl.Float64, "auc_all": pl.Float64, "cost": pl.Float64}
    return pl.DataFrame(rows, schema, orient="row").sort("filled_share", "source", "field")


def per_lead(told: pl.DataFrame) -> pl.DataFrame:
    """How many fields each lead fills, worst first: ``lead_id``, ``fields``, ``filled``, ``filled_share``."""
    names = [name for name in told.columns if name != "lead_id"]
    filled = pl.sum_horizontal(
        pl.lit(0, pl.Int64), *(pl.col(name).is_not_null().cast(pl.Int64) for name in names)
    )
    table = told.select("lead_id", pl.lit(len(names), pl.Int64).alias("fields"), filled.alias("filled"))
    share = pl.col("filled") / max(len(names), 1)
    return table.with_columns(share.alias("filled_share")).sort("filled", "lead_id")


def _aucs(
    joined: pl.DataFrame, column: str, field: Field, rules: Complete
) -> tuple[float | None, float | None, float | None]:
    """The field's AUC among leads that fill it and among all, and the difference."""
    nothing = (None, None, None)
    if not field.at_creation:
        return nothing
    ripe = joined.drop_nulls("closed").select(_group(joined, column, field), "closed")
    filled = ripe.drop_nulls("group")
    closes = int(filled["closed"].sum())
    if min(closes, filled.height - closes) < rules.least:
        return nothing
    among, whole = _auc(filled), _auc(ripe.with_columns(pl.col("group").fill_null("")))
    return among, whole, among - whole


def _group(joined: pl.DataFrame, column: str, field: Field) -> pl.Expr:
    if not field.numeric:
        return pl.col(column).cast(pl.String).alias("group")
    values = joined[column].cast(pl.Float64).drop_nulls()
    edges = {values.quantile(place / _GROUPS) for place in range(1, _GROUPS)} - {None}
    number = pl.sum_horizontal(pl.lit(0), *((pl.col(column) > edge).cast(pl.Int64) for edge in edges))
    return pl.when(pl.col(column).is_not_null()).then(number.cast(pl.String)).alias("group")


def _auc(rows: pl.DataFrame) -> float:
    """How well a group's close rate among other leads tells who closes."""
    base = float(rows["closed"].mean())  # type: ignore[arg-type]
    # Folds of one close rate: else a fold of many closers would be ranked by the few of all others.
    fold = pl.int_range(pl.len()).over("closed") % _FOLDS
    one = rows.with_columns(fold.alias("fold"))
    sides = [(pl.col("closed").sum().over(by), pl.len().over(by)) for by in (["group"], ["group", "fold"])]
    closes, leads = (sides[0][n] - sides[1][n] for n in range(2))
    rate = (closes + _DRAWN * base) / (leads + _DRAWN)
    return measures({"auc": auc}, rows["closed"].to_numpy(), one.select(rate).to_series().to_numpy())["auc"]
