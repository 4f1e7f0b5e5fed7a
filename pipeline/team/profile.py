"""Who closes: what closers are, want and have, beside all others, question by question."""

from collections.abc import Mapping
from itertools import pairwise

import numpy as np
import polars as pl

from models.metrics.rates import Rate, gap
from pipeline.config.config import Config
from pipeline.config.customer_reports import Profile
from pipeline.team.completeness import FACTS, LEADS, Field, cells

# Cells without a value, and values that few leads have.
EMPTY, FEW = "-", "*"

CREATION_TRAITS = {"created_weekday": "local_weekday", "created_hour": "local_hour"}

_QUARTERS = (0.25, 0.5, 0.75)
_HOURS = 3

_SCHEMA = {
    "question": pl.String,
    "at_creation": pl.Boolean,
    "trait": pl.String,
    "trait_value": pl.String,
    "closers": pl.Int64,
    "rest": pl.Int64,
    "closers_share": pl.Float64,
    "rest_share": pl.Float64,
    "difference": pl.Float64,
    "from": pl.Float64,
    "until": pl.Float64,
    "beyond_chance": pl.Boolean,
}


def traits_of(config: Config, tables: Mapping[str, pl.DataFrame]) -> list[Field]:
    """What is compared: declared attributes that are categories or numbers, and facts that are named.

    Snapshots know the outcome and are left out.
    """
    rules = config.reports.profile
    chosen = [
        (name, spec)
        for name, spec in config.attributes.items()
        if spec.kind in ("categorical", "numeric") and spec.known != "snapshot"
    ]
    fields = [
        Field(name, LEADS, spec.kind == "numeric", spec.known == "at_creation")
        if name in tables["leads"].columns
        else Field(name, FACTS, spec.kind == "numeric", at_creation=False)
        for name, spec in chosen
    ]
    named = {name for names in rules.questions.values() for name in names} - set(config.attributes)
    return [*fields, *(Field(name, FACTS, numeric=False, at_creation=False) for name in sorted(named))]


def traits(tables: Mapping[str, pl.DataFrame], fields: list[Field]) -> pl.DataFrame:
    """The value of each trait of each lead, as text: ``lead_id`` and a column per trait.

    Numbers stand as the quarter of all that they are in, hours of creation as three of them together.
    """
    told = cells(tables, fields)
    named = [_as_text(told[str(n)], one).alias(one.name) for n, one in enumerate(fields)]
    hour = pl.col("local_hour") // _HOURS * _HOURS
    until = hour + _HOURS
    clock = pl.format("{}:00-{}:00", *(side.cast(pl.String).str.zfill(2) for side in (hour, until)))
    born = tables["leads"].select(
        "lead_id",
        pl.col("local_weekday").cast(pl.String).alias("created_weekday"),
        clock.alias("created_hour"),
    )
    return told.select("lead_id", *named).join(born, on="lead_id", how="left", maintain_order="left")


def _as_text(values: pl.Series, field: Field) -> pl.Series:
    if not field.numeric:
        return values.cast(pl.String)
    numbers = values.cast(pl.Float64, strict=False)
    quarters = [edge for one in _QUARTERS if (edge := numbers.quantile(one)) is not None]
    edges = sorted(set(quarters))
    if not edges:
        return numbers.cast(pl.String)
    spans = pairwise(edges)
    labels = [f"<= {edges[0]:g}", *(f"{low:g} - {high:g}" for low, high in spans), f"> {edges[-1]:g}"]
    places = np.searchsorted(edges, numbers.fill_null(edges[0]).to_numpy(), side="left")
    named = pl.DataFrame({"label": [labels[place] for place in places], "there": numbers.is_not_null()})
    return named.select(pl.when("there").then("label").alias("label")).to_series()


def profile(told: pl.DataFrame, fields: list[Field], closed: pl.DataFrame, rules: Profile) -> pl.DataFrame:
    """What closers have more or less often than all others.

    Args:
        told: from ``traits``.
        fields: from ``traits_of``.
        closed: from ``closers.closers``.
        rules: the configuration's.

    Returns:
        A row per trait and value: the ``question`` it answers, whether the trait was known ``at_creation``,
        how many ``closers`` and how many of the ``rest`` have the value, their shares, and the difference
        with an interval (Newcombe) that holds for all rows together (Bonferroni). It is ``beyond_chance``
        where the interval leaves out 0. Of each trait the values, with ``-`` (none) and ``*`` (values that
        few leads have), are those of all leads.
    """
    rows = told.join(closed, on="lead_id", maintain_order="left")
    counted = [_counted(rows, name, rules.least) for name in told.columns if name != "lead_id"]
    table = pl.concat(counted)
    sizes = int(rows["closed"].sum()), int((rows["closed"] == 0).sum())
    asked: dict[str, str] = {name: question for question, names in rules.questions.items() for name in names}
    asked = dict.fromkeys(CREATION_TRAITS, "when") | asked
    at_creation = {one.name for one in fields if one.at_creation} | set(CREATION_TRAITS)
    level = 1.0 - rules.family_error / max(table.height, 1)
    records = [
        (asked.get(trait, "who"), trait in at_creation, trait, value, *_compared(have, sizes, level))
        for trait, value, *have in table.iter_rows()
    ]
    told_first = pl.col("beyond_chance"), pl.col("at_creation"), pl.col("difference").abs()
    return pl.DataFrame(records, _SCHEMA, orient="row").sort(
        *told_first, "trait", "trait_value", descending=[True, True, True, False, False], nulls_last=True
    )


def _counted(rows: pl.DataFrame, trait: str, least: int) -> pl.DataFrame:
    """How many closers and others have each value of a trait."""
    value = pl.col(trait).fill_null(EMPTY)
    few = (pl.len().over(value) < least) & (value != EMPTY)
    one = rows.select(pl.when(few).then(pl.lit(FEW)).otherwise(value).alias("value"), "closed")
    closes = pl.col("closed").sum().cast(pl.Int64)
    counted = one.group_by("value").agg(
        closes.alias("closers"), (pl.len().cast(pl.Int64) - closes).alias("rest")
    )
    return counted.select(pl.lit(trait).alias("trait"), "value", "closers", "rest")


def _compared(have: list[int], sizes: tuple[int, int], level: float) -> tuple[object, ...]:
    """Counts, shares, the difference, its interval, and whether it is beyond chance."""
    if min(sizes) == 0:
        return (*have, None, None, None, None, None, False)
    shares = [count / size for count, size in zip(have, sizes, strict=True)]
    won, rest = (Rate(share, size) for share, size in zip(shares, sizes, strict=True))
    found = gap(won, rest, level)
    return (*have, *shares, found.difference, found.low, found.high, found.low > 0 or found.high < 0)
