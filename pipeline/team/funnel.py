"""The funnel: how many leads each layer holds, what moves in and out week by week, and what runs dry."""

from collections.abc import Collection, Sequence
from datetime import datetime

import polars as pl

from features import asof
from pipeline.config.reports import Funnel

# The layer of a lead that entered no stage yet.
NO_STAGE = "-"

RUNS_DRY = "runs_dry"


def stays(stages: pl.DataFrame, leads: pl.DataFrame) -> pl.DataFrame:
    """Each stay of a lead in a layer, from its entry to the next one.

    Args:
        stages: staged, known at the instant.
        leads: that existed then; one without any stage stays in none (``-``) since its creation.

    Returns:
        ``lead_id``, ``layer``, ``since``, ``until`` (missing: to this day) and ``next_layer``.
    """
    at = pl.col("known_at").alias("since")
    told = stages.select("lead_id", pl.col("stage").cast(pl.String).alias("layer"), at)
    before = leads.join(told, on="lead_id", how="anti").select(
        "lead_id", pl.lit(NO_STAGE).alias("layer"), pl.col("created_at").alias("since")
    )
    ordered = pl.concat([told, before]).sort("lead_id", "since", maintain_order=True)
    return ordered.with_columns(
        pl.col("since").shift(-1).over("lead_id").alias("until"),
        pl.col("layer").shift(-1).over("lead_id").alias("next_layer"),
    )


def layers_of(told: pl.DataFrame, named: Sequence[str], ends: Collection[str]) -> list[str]:
    """The layers from top to bottom: the team's own order, and else that in which leads enter them.

    Args:
        told: from ``stays``.
        named: the configuration's; layers that it leaves out come after these.
        ends: final stages, which come last.
    """
    place = pl.int_range(pl.len()).over("lead_id")
    order = told.with_columns(place.alias("place")).group_by("layer").agg(pl.col("place").mean())
    seen = order.sort("place", "layer")["layer"].to_list()
    middle = [one for one in seen if one not in named and one not in ends and one != NO_STAGE]
    top = [NO_STAGE] if NO_STAGE in seen else []
    return [*top, *named, *middle, *sorted(one for one in ends if one in seen and one not in named)]


def weekly_moves(told: pl.DataFrame, timezone: str) -> pl.DataFrame:
    """How many leads entered and left each layer in each week: by ``week`` (its Monday) and ``layer``."""
    sides = [
        told.drop_nulls(time).select(
            pl.col(time).dt.convert_time_zone(timezone).dt.date().dt.truncate("1w").alias("week"),
            "layer",
            pl.lit(time == "since").alias("entered"),
        )
        for time in ("since", "until")
    ]
    entered = pl.col("entered")
    return (
        pl.concat(sides)
        .group_by("week", "layer")
        .agg(
            entered.sum().cast(pl.Int64).alias("moved_in"), (~entered).sum().cast(pl.Int64).alias("moved_out")
        )
        .sort("week", "layer")
    )


def funnel(
    told: pl.DataFrame, layers: Sequence[str], ends: Collection[str], rules: Funnel, as_of: datetime
) -> pl.DataFrame:
    """The layers as they stand, from top to bottom.

    Args:
        told: from ``stays``.
        layers: from ``layers_of``.
        ends: final stages: they hold leads for good, and nothing is said of their running dry.
        rules: the configuration's.
        as_of: the instant.

    Returns:
        ``layer``; ``leads`` that are in it now; how many ever ``entered``; how many of these went ``on`` to a
        layer below, and the share of it (``conversion``); ``days`` (median) until the next layer; ``in_week``
        and ``out_week`` in the newest weeks and ``in_week_before`` in those before; and ``warning``.
    """
    places = {layer: place for place, layer in enumerate(layers)}
    deep = told.with_columns(pl.col("layer").replace_strict(places, return_dtype=pl.Int64).alias("place"))
    deepest = pl.col("place").reverse().cum_max().reverse().over("lead_id")
    deep = deep.with_columns((deepest > pl.col("place")).alias("went_on"))
    days = (pl.col("until") - pl.col("since")).dt.total_milliseconds() / 86_400_000
    now = pl.col("until").is_null()
    table = deep.group_by("layer", "place").agg(
        now.sum().cast(pl.Int64).alias("leads"),
        pl.col("lead_id").n_unique().cast(pl.Int64).alias("entered"),
        pl.col("lead_id").filter("went_on").n_unique().cast(pl.Int64).alias("on"),
        days.median().alias("days"),
        *_per_week(rules, as_of),
    )
    everything = pl.DataFrame(
        {"layer": layers, "place": range(len(layers))}, schema_overrides={"place": pl.Int64}
    )
    counts = [name for name in table.columns if name not in ("layer", "place", "days")]
    whole = everything.join(table, on=["layer", "place"], how="left").with_columns(
        pl.col(counts).fill_null(0)
    )
    share = pl.when(pl.col("entered") > 0).then(pl.col("on") / pl.col("entered")).alias("conversion")
    return whole.sort("place").with_columns(share, _warning(ends, rules)).drop("place")


def _per_week(rules: Funnel, as_of: datetime) -> list[pl.Expr]:
    """Moves a week in the newest weeks, and into the layer in those before."""
    newest, before = 7 * rules.newest_weeks, 7 * (rules.newest_weeks + rules.weeks_before)
    at = pl.lit(as_of)

    def within(time: str, days: int) -> pl.Expr:
        return asof.known_within(pl.col(time), at, days).fill_null(value=False).sum()

    earlier = within("since", before) - within("since", newest)
    return [
        (within("since", newest) / rules.newest_weeks).alias("in_week"),
        (within("until", newest) / rules.newest_weeks).alias("out_week"),
        (earlier / rules.weeks_before).alias("in_week_before"),
    ]


def _warning(ends: Collection[str], rules: Funnel) -> pl.Expr:
    """Whether a layer runs dry: far fewer leads come in than before, or less than a week's moves are left."""
    fewer = (pl.col("in_week") < rules.dry_share * pl.col("in_week_before")) & (
        pl.col("in_week_before") >= rules.least_per_week
    )
    empty = (pl.col("leads") < pl.col("out_week")) & (pl.col("out_week") >= rules.least_per_week)
    dry = (fewer | empty) & ~pl.col("layer").is_in([*ends, NO_STAGE])
    return pl.when(dry).then(pl.lit(RUNS_DRY)).otherwise(pl.lit("")).alias("warning")
