"""Counts as the second to the fourth version of the rules made them, for scorers taught so: never changed."""

import numpy as np
import polars as pl

from models.intents.families import CODE, INTENT_QUESTIONS, QUESTIONS, Recogniser, recognise_all
from models.intents.lexicon import Lexicon


def count_by_former_rules(turns: pl.DataFrame, recogniser: Recogniser, lexicon: Lexicon) -> pl.DataFrame:
    """The counts of each call that has a turn of the customer.

    An invitation was answered by the turn right after it, or by a deed; a turn asked one thing; one word set
    a call's status.

    Args:
        turns: ``__call``, ``ours`` and ``said`` of each turn in order.
        recogniser: tells the families.
        lexicon: tells the cues.
    """
    return _count(_with_meaning(turns, recogniser, lexicon))


def _with_meaning(turns: pl.DataFrame, recogniser: Recogniser, lexicon: Lexicon) -> pl.DataFrame:
    """Add each turn's family and cues; every different utterance is looked at once."""
    texts = turns["said"].unique(maintain_order=True)
    said = texts.to_list()
    families = recognise_all(recogniser, said)
    cues = lexicon.hear_cues(said)
    asks = cues["asked_sms"] | cues["asked_wechat"]
    meaning = pl.DataFrame(
        {
            "said": texts,
            "family": families,
            "question": QUESTIONS[families] & ~asks,
            "intent_question": INTENT_QUESTIONS[families] & ~asks,
            **{name: np.asarray(holds) for name, holds in cues.items()},
        }
    )
    return turns.join(meaning, on="said", how="left", maintain_order="left")


def _is(*families: str) -> pl.Expr:
    return pl.col("family").is_in([CODE[name] for name in families])


def _count(turns: pl.DataFrame) -> pl.DataFrame:
    invited = (pl.col("ours") & pl.col("invites")).shift(1, fill_value=False).over("__call")
    customer = turns.with_columns(invited.alias("invited")).filter(~pl.col("ours"))
    declined = pl.col("declines") | (pl.col("invited") & _is("refusal", "negative"))
    agreed = pl.col("invited") & _is("affirmative")
    if "leaves" in turns.columns:  # the second hearing had no ear for it
        agreed &= ~pl.col("leaves")
    accepted = (pl.col("accepts") & ~declined) | agreed
    told = customer.with_columns(
        pl.when(declined).then(pl.lit("declined")).when(accepted).then(pl.lit("accepted")).alias("answer"),
        (_is("refusal") & ~declined).alias("refuses"),
    )
    runs = told.with_columns(pl.col("refuses").rle_id().over("__call").alias("run"))
    longest = runs.group_by("__call", "run").agg(pl.col("refuses").sum().cast(pl.Int64)).group_by("__call")
    status = (
        pl.when(pl.col("switchboard").any())
        .then(pl.lit("switchboard"))
        .when(_is("voicemail").any())
        .then(pl.lit("voicemail"))
        .otherwise(pl.lit("answered"))
    )
    counts = told.group_by("__call").agg(
        pl.col("question").sum().cast(pl.Int64).alias("questions"),
        pl.col("intent_question").sum().cast(pl.Int64).alias("intent_questions"),
        pl.len().cast(pl.Int64).alias("dialogue_turns"),
        pl.col("answer").drop_nulls().last().fill_null("none").alias("invitation"),
        pl.col("asked_sms").any(),
        pl.col("asked_wechat").any(),
        _is("busy").any().alias("asked_callback"),
        status.alias("status"),
    )
    ends = turns.group_by("__call", maintain_order=True).agg(
        (~pl.col("ours") & _is("refusal")).last().alias("ends_refusing")
    )
    longest_run = longest.agg(pl.col("refuses").max().alias("refusals"))
    return counts.join(longest_run, on="__call", how="left").join(ends, on="__call", how="left")
