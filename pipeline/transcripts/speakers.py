"""Speakers: whose each label of a call is, from the words of all its labels, and whether that suffices."""

import polars as pl

# Why the turns of a call are not known.
NO_LABELS = "without labels"
UNCLEAR = "with labels that do not tell the sides"
ONE_SIDE = "with our lines only"

# A robot that goes by the name of the system.
_SYSTEM = ["系统", "系統", "system"]


def resolved(lines: pl.DataFrame, *, whole: bool) -> pl.DataFrame:
    """Whose each label of each call is, and whether the call can be read by them.

    A label beside one of a known side is the other side's; beside labels of both it is nobody's, as a
    heading is. Two labels of which neither is known are left to the words.

    Args:
        lines: ``call``, ``label``, ``side``, ``dialled``, ``generic`` and ``said`` of each line.
        whole: whether every line of a call must have a label.

    Returns:
        ``call``, ``label``, ``side``, ``to`` (``agent``, ``customer``, ``nobody`` or ``words``), ``fit``, and
        ``why`` where it is not fit though labels are there.
    """
    speakers = (
        lines.filter(pl.col("label").is_not_null())
        .group_by("call", "label", maintain_order=True)
        .agg(
            pl.col("side", "dialled", "generic").first(),
            pl.len().alias("turns"),
            (pl.col("said") == "").sum().alias("empty"),
        )
    )
    ours, theirs = (_count(pl.col("side") == side) for side in ("agent", "customer"))
    strange = _count(pl.col("side").is_null())
    one = (ours == 0) != (theirs == 0)
    other = pl.when(ours == 0).then(pl.lit("agent")).otherwise(pl.lit("customer"))
    robot = (
        pl.col("label").is_in(_SYSTEM) & (ours == 0) & (theirs > 0) & (strange == 0) & (pl.col("turns") > 1)
    )
    later = pl.int_range(pl.len()).over("call") > 0
    to = (
        pl.when(robot)
        .then(pl.lit("agent"))
        .when(_count(pl.col("dialled")) == 2)
        .then(pl.when(pl.len().over("call") == 2).then(pl.lit("words")))
        .when(pl.col("dialled") & one & (ours + theirs == 2) & (strange == 0))
        .then(other)
        .when(pl.col("side").is_not_null())
        .then(pl.col("side"))
        .when(one & (strange == 1) & (later | (pl.col("turns") > 1)))
        .then(other)
        .when((ours > 0) | (theirs > 0))
        .then(pl.lit("nobody"))
        .when(strange == 2)
        .then(pl.lit("words"))
    )
    told = speakers.with_columns(to.alias("to"))
    return _fitting(told.join(_cover(lines), on="call", how="left", maintain_order="left"), whole=whole)


def _count(which: pl.Expr) -> pl.Expr:
    return which.sum().over("call")


def _cover(lines: pl.DataFrame) -> pl.DataFrame:
    """How much of a call's lines has a label: ``share``, and whether its first line has one: ``begun``."""
    has = pl.col("label").is_not_null()
    some = lines.filter(pl.col("side").ne_missing("nobody"))
    return some.group_by("call").agg(has.mean().alias("share"), has.first().alias("begun"))


def _fitting(speakers: pl.DataFrame, *, whole: bool) -> pl.DataFrame:
    customer = (pl.col("to") == "customer").any().over("call")
    agent = (pl.col("to") == "agent").any().over("call")
    words = (pl.col("to") == "words").any().over("call")
    below = pl.col("empty").sum().over("call") * 2 > pl.col("turns").sum().over("call")
    sure = below | pl.col("generic").all().over("call")
    enough = pl.col("share") >= pl.when(agent).then(0.2).otherwise(0.5)
    several = pl.col("turns").sum().over("call") > 1
    covered = pl.col("begun") & several & (sure | (pl.col("share") >= 0.6))
    complete = (pl.col("share") == 1.0) & several if whole else pl.lit(True)
    fit = complete & ((customer & enough) | (words & covered))
    why = (
        pl.when(agent & ~customer & complete)
        .then(pl.lit(ONE_SIDE))
        .when(covered & complete)
        .then(pl.lit(UNCLEAR))
    )
    return speakers.with_columns(fit.fill_null(False).alias("fit")).with_columns(
        pl.when(~pl.col("fit")).then(why).alias("why")
    )
