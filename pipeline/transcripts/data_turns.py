"""Cells of data whose labels all name a side: most logs in JSON are such, and are read at once."""

import numpy as np
import polars as pl

from pipeline.transcripts.data_cells import labelled_turns
from pipeline.transcripts.label_styles import LabelStyles, says_who_dialled
from pipeline.transcripts.turns import bared


def turns_of_data(calls: pl.DataFrame, styles: LabelStyles) -> pl.DataFrame:
    r"""The turns of the calls whose data name both sides; the other calls go the long way, to the same end.

    Args:
        calls: ``call``, a number that increases, and ``text``.
        styles: the words that name sides.

    Returns:
        ``call``, ``ours`` and ``said`` of each turn in which something is said, in order.

    Example:
        >>> text = '[{"role": "agent", "content": "hello"}, {"role": "user", "content": "how much"}]'
        >>> turns_of_data(pl.DataFrame({"call": [3], "text": [text]}), LabelStyles()).rows()
        [(3, True, 'hello'), (3, False, 'how much')]
    """
    holds_data = pl.col("text").str.contains(r"^\s*[\[{]")
    cells = calls.filter(holds_data & ~pl.col("text").str.contains(r"<[a-zA-Z/]"))
    found = [labelled_turns(text) for text in cells["text"].to_list()]
    schema = {"label": pl.String, "said": pl.String}
    turns = pl.DataFrame([turn for one in found for turn in one], schema, orient="row")
    call = cells["call"].gather(np.repeat(np.arange(len(found)), [len(one) for one in found]))
    sides = {label: _sure_side(label, styles) for label in turns["label"].unique().to_list()}
    side = pl.col("label").replace_strict(sides, default=None, return_dtype=pl.String)
    said = pl.col("said").str.replace_all(r"\s+", " ").str.strip_chars()
    told = turns.select(call.alias("call"), side.alias("side"), said)
    whole = (pl.col("side").n_unique() == 2) & pl.col("side").is_not_null().all()
    mine = told.filter(whole.over("call"))
    read = mine.select("call", (pl.col("side") == "agent").alias("ours"), bared(mine["said"]))
    return read.filter(pl.col("said") != "")


def _sure_side(label: str, styles: LabelStyles) -> str | None:
    """The side of a label that needs no partner."""
    side = styles.side(label)
    return None if side == "nobody" or says_who_dialled(label) else side
