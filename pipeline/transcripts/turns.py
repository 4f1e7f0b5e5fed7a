"""Turns: the lines of calls, put under the labels that stand before them.

Three ways to write a label are tried, the surest first: with a mark behind or around it (``客户：``,
``[Agent]``), on a line of its own, and with a blank behind it on every line of the call.
"""

import re
from dataclasses import dataclass

import polars as pl

from pipeline.transcripts.label_styles import (
    GENERIC,
    LabelStyles,
    is_generic,
    normal_label,
    says_who_dialled,
)
from pipeline.transcripts.layouts import as_lines
from pipeline.transcripts.patterns import (
    AROUND,
    CLOSED,
    FRONT,
    LABEL_OPENS,
    MARKED,
    NO_TURN,
    OF_DATA,
    QUOTED,
    STAMP,
)
from pipeline.transcripts.speakers import NO_LABELS, ONE_SIDE, UNCLEAR, resolved


@dataclass(frozen=True)
class LabelledCalls:
    """Calls whose lines stand under labels.

    Attributes:
        turns: ``call``, ``label`` (normal), ``side`` and ``said`` of each turn in order; no side where
            only words
            can tell it: such a call has two labels.
        why: ``call`` and ``why`` of each call without turns.
        strange: ``call`` and ``label`` of the labels that name no side, in calls without turns.
    """

    turns: pl.DataFrame
    why: pl.DataFrame
    strange: pl.DataFrame


def under_labels(calls: pl.DataFrame, styles: LabelStyles) -> LabelledCalls:
    r"""Put the lines of calls under their labels.

    Args:
        calls: ``call``, a number that increases, and ``text``.
        styles: the words that name sides.

    Example:
        >>> calls = pl.DataFrame({"call": [0], "text": ["[00:02] 客服小刘：您好\n[00:05] 客户(138…)：哪位"]})
        >>> under_labels(calls, LabelStyles()).turns.select("side", "said").rows()
        [('agent', '您好'), ('customer', '哪位')]
    """
    lines = _lines(calls, styles)
    known = (*styles.plain_words("customer"), *styles.plain_words("agent"))
    words = "|".join([*map(re.escape, known), GENERIC])
    alone = rf"(?i){FRONT}(?<label>(?:{words})\s?\d{{0,4}}){CLOSED}*\s*(?:{STAMP})?\s*{CLOSED}*(?<said>)$"
    weak = rf"(?i){FRONT}(?<label>(?:{words})\s?\d{{0,4}})[\s,，、~]+(?:{STAMP}[\s,，]+)?(?<said>.*)$"
    found, reasons, strange = [], [], []
    for number, pattern in enumerate((MARKED, alone, weak)):
        if lines.is_empty():
            break
        labelled = _labelled(lines, pattern, styles, data=number == 0)
        speakers = resolved(labelled, whole=number == 2)
        found.append(
            _turns(
                labelled.join(
                    speakers.filter("fit"), on=["call", "label"], how="left", maintain_order="left"
                ),
                speakers,
            )
        )
        reasons.append(speakers.filter(pl.col("why").is_not_null()).select("call", "why").unique())
        strange.append(
            speakers.filter((pl.col("why") == UNCLEAR) & pl.col("side").is_null()).select("call", "label")
        )
        done = speakers.filter(pl.col("fit") | (pl.col("why") == ONE_SIDE))["call"].unique()
        lines = lines.filter(~pl.col("call").is_in(done.implode()))
    turns = pl.concat(found).sort("call", maintain_order=True) if found else _turns_of_nobody()
    why = _reasons(calls, turns, reasons)
    return LabelledCalls(
        turns, why, pl.concat(strange).join(why, on="call", how="semi").unique() if strange else _no_labels()
    )


def _reasons(calls: pl.DataFrame, turns: pl.DataFrame, reasons: list[pl.DataFrame]) -> pl.DataFrame:
    untold = calls.select("call").join(
        turns.select("call").unique(), on="call", how="anti", maintain_order="left"
    )
    told = pl.concat(reasons).unique("call", keep="first", maintain_order=True) if reasons else None
    if told is None:
        return untold.with_columns(pl.lit(NO_LABELS).alias("why"))
    return untold.join(told, on="call", how="left", maintain_order="left").with_columns(
        pl.col("why").fill_null(NO_LABELS)
    )


def _lines(calls: pl.DataFrame, styles: LabelStyles) -> pl.DataFrame:
    """``call`` and ``line`` of each line in which something stands."""
    split = as_lines(calls["text"], styles).str.split("\n").alias("line")
    lines = calls.select("call", split).explode("line").with_columns(pl.col("line").str.strip_chars())
    timed = pl.col("line").str.contains("-->", literal=True).any().over("call")
    number = timed & pl.col("line").str.contains(r"^\d{1,6}$")
    return lines.filter(~(pl.col("line").str.contains(NO_TURN) | number).fill_null(True))


def _labelled(lines: pl.DataFrame, pattern: str, styles: LabelStyles, *, data: bool) -> pl.DataFrame:
    """Add to lines their label, its own side, and what is said behind it; no label where there is none."""
    groups = pl.col("line").str.extract_groups(pattern)
    if data and lines["line"].str.starts_with(LABEL_OPENS).any():
        own = pl.col("line").str.extract_groups(OF_DATA)
        groups = pl.when(pl.col("line").str.starts_with(LABEL_OPENS)).then(own).otherwise(groups)
    cut = lines.with_columns(groups.alias("cut")).with_columns(
        pl.col("cut").struct.field("label").alias("raw"), pl.col("cut").struct.field("said").alias("said")
    )
    labels = _named(cut["raw"].drop_nulls().unique().to_list(), styles)
    named = cut.drop("cut").join(labels, on="raw", how="left", maintain_order="left")
    # A number is a label only where its line begins with it, and no time of day: "10:30", "[00:02] hello".
    number = pl.col("raw").str.contains(r"^\d+$")
    begins = pl.col("line").str.strip_chars_start(f" \t[【(（#{LABEL_OPENS}").str.starts_with(pl.col("raw"))
    clock = pl.col("raw").str.contains(r"\d$") & pl.col("said").str.contains(r"^\d\d")
    clock = pl.col("side").is_null() & (clock | (number & ~begins))
    label = pl.when(~clock).then(pl.col("label"))
    return named.with_columns(label.alias("label"))


def _named(labels: list[str], styles: LabelStyles) -> pl.DataFrame:
    """What each label as written stands for: ``raw``, ``label``, ``side``, ``dialled``, ``generic``."""
    rows = []
    for raw in labels:
        label = _bare(raw)
        side = styles.side(raw)
        if side or (len(label) <= 24 and len(label.split()) <= 4):
            rows.append((raw, label, side, says_who_dialled(label), is_generic(label)))
    schema = {
        "raw": pl.String,
        "label": pl.String,
        "side": pl.String,
        "dialled": pl.Boolean,
        "generic": pl.Boolean,
    }
    return pl.DataFrame(rows, schema, orient="row")


def _bare(raw: str) -> str:
    """A normal label without the number or time in brackets behind it."""
    return normal_label(re.sub(r"\s*[(（\[【][\d:：.\s\-~*…xX]*[)）\]】]$", "", raw)) or normal_label(raw)


def _turns(lines: pl.DataFrame, speakers: pl.DataFrame) -> pl.DataFrame:
    """One row per label that was met, with all that is said below it, of the calls that are fit."""
    fit = speakers.filter("fit")["call"].unique()
    mine = lines.filter(pl.col("call").is_in(fit.implode()))
    begins = pl.col("to").is_not_null()
    said = pl.when(begins).then(pl.col("said")).otherwise(pl.col("line"))
    numbered = mine.select(
        "call",
        "label",
        "to",
        said.str.strip_chars().alias("said"),
        begins.cum_sum().alias("turn"),
        pl.when(begins).then(pl.col("call")).forward_fill().alias("owner"),
    ).filter(pl.col("owner") == pl.col("call"))
    numbered = numbered.with_columns(bared(numbered["said"]))
    if numbered["to"].null_count():
        joined = numbered.group_by("turn", maintain_order=True).agg(
            pl.col("call", "label", "to").first(), pl.col("said").filter(pl.col("said") != "").str.join("\n")
        )
        numbered = joined.with_columns(_in_one_line(pl.col("said")))
    side = pl.when(pl.col("to") != "words").then(pl.col("to"))
    return numbered.filter(pl.col("to") != "nobody").select("call", "label", side.alias("side"), "said")


def bared(said: pl.Series) -> pl.Series:
    """Words without the time beside them, the end of a table's row, and the quotes around them."""
    beside = said.str.contains(r"[|\])）】\t]$|^[^|\t]{0,30}[|\t]")
    if beside.any():
        bare = pl.col("said").str.replace_all(AROUND, "").str.strip_chars()
        said = said.to_frame().select(pl.when(beside).then(bare).otherwise("said").alias("said"))["said"]
    return said.str.replace(QUOTED, "$1")


def _in_one_line(said: pl.Expr) -> pl.Expr:
    chinese = r"([\p{Han}\x{3000}-\x{303F}\x{FF00}-\x{FFEF}])\n"
    return said.str.replace_all(chinese, "$1").str.replace_all("\n", " ", literal=True)


def _no_labels() -> pl.DataFrame:
    return pl.DataFrame(schema={"call": pl.UInt32, "label": pl.String})


def _turns_of_nobody() -> pl.DataFrame:
    return pl.DataFrame(schema={"call": pl.UInt32, "label": pl.String, "side": pl.String, "said": pl.String})
