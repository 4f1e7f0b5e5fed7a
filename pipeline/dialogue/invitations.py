"""Invitations: open from our offer until they are answered, across the customer's questions.

An open invitation is accepted by agreement or by a day or time that the customer names, declined by a
refusal or a denial, and left open by who puts it off; a farewell or an errand answers nothing. A turn that
takes or declines an appointment by its deed answers whether or not we were heard to invite. The last clear
answer of a call stands.
"""

import polars as pl

from models.intents.families import CODE


def with_invitations(turns: pl.DataFrame) -> pl.DataFrame:
    """Add ``answer``, accepted or declined, and ``counts_as_refusal``.

    Args:
        turns: the turns in their order, with what ``dialogue`` tells of replies.
    """
    number = (pl.col("ours") & pl.col("invites")).cast(pl.Int32).cum_sum().over("__call")
    agrees = _agrees()
    declines = pl.col("declines") | pl.col("refuses") | _is("negative")
    closes = ~pl.col("ours") & (agrees | declines | _is("busy"))
    before = closes.cast(pl.Int32).cum_sum().over("__call", "invitation_no") - closes.cast(pl.Int32)
    told = turns.with_columns(number.alias("invitation_no")).with_columns(
        is_open=~pl.col("ours") & (pl.col("invitation_no") > 0) & (before == 0)
    )
    declined = pl.col("declines") | (pl.col("is_open") & (pl.col("refuses") | _is("negative")))
    accepted = (pl.col("accepts") & ~_is("refusal")) | (pl.col("is_open") & agrees)
    answer = pl.when(declined).then(pl.lit("declined")).when(accepted).then(pl.lit("accepted"))
    # Who declines by the deed what we were not heard to offer says so there, and not among the refusals.
    only_declines = pl.col("declines") & ~pl.col("is_open")
    return told.with_columns(
        pl.when(~pl.col("ours")).then(answer).alias("answer"),
        counts_as_refusal=pl.col("refuses") & ~only_declines,
    )


def _agrees() -> pl.Expr:
    turned = _is("refusal", "negative", "busy", "objection", "complaint", "wrong_number", "voicemail")
    yes = pl.col("says_yes") | _is("affirmative")
    worded = (yes | pl.col("names_time")) & ~turned & ~pl.col("leaves")
    return (worded | pl.col("accepts")) & ~pl.col("declines")


def _is(*families: str) -> pl.Expr:
    return pl.col("family").is_in([CODE[name] for name in families])
