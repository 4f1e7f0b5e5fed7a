"""A call's counts, told from the turns in their order and what each means.

The rules, over the customer's turns in which something is said:

- ``dialogue_turns``: how many there are; ``questions``, ``intent_questions``: how many are asked, clauses
  that ask different things apart, other than for a text message or to connect on WeChat, which have columns
  of their own.
- ``refusals``: the longest run of turns that refuse, any other turn between ends a run. A bare no refuses
  where we asked whether something is needed or wanted.
- ``affirmative_answers``, ``negative_answers``: turns that answer a question of ours with yes, or with no
  by denial or refusal; ``substantive_replies``: turns with a question, an answer to the matter, an
  objection, or "bought already".
- ``asked_sms``, ``asked_wechat``: a turn asks for it; ``asked_callback``: a turn is busy, or says later,
  other than to think it over.
- ``ends_refusing``, where the log does not say who hung up: the call's last turn is the customer's and
  refuses; ``features.staging.staging`` takes it for a hang-up.
- ``status``: switchboard or voicemail where such turns outnumber what a person says, else answered.

Invitations are told in ``invitations``, the script's flow in ``flow``.
"""

import polars as pl

from models.intents.families import CODE
from pipeline.dialogue.echo import echoes
from pipeline.dialogue.flow import Flow, completion
from pipeline.dialogue.invitations import with_invitations


def count(turns: pl.DataFrame, flow: Flow) -> pl.DataFrame:
    """The counts of each call that has a turn of the customer.

    Args:
        turns: the turns in their order: ``__call``, and what ``meaning.with_meaning`` tells of each.
        flow: the script that we walk, or none.
    """
    told = _with_replies(_with_our_words(_picked_up(turns)))
    customer = with_invitations(told).filter(~pl.col("ours"))
    counts = customer.group_by("__call").agg(
        pl.col("asked").sum().alias("questions"),
        pl.col("asked_intent").sum().alias("intent_questions"),
        pl.len().cast(pl.Int64).alias("dialogue_turns"),
        _times("says_yes_to_us").alias("affirmative_answers"),
        _times("says_no_to_us").alias("negative_answers"),
        _times("substantive").alias("substantive_replies"),
        pl.col("answer").drop_nulls().last().fill_null("none").alias("invitation"),
        pl.col("asked_sms").any(),
        pl.col("asked_wechat").any(),
        (_is("busy") & ~pl.col("ponders")).any().alias("asked_callback"),
        _status().alias("status"),
    )
    ends = turns.group_by("__call", maintain_order=True).agg(
        (~pl.col("ours") & _is("refusal")).last().alias("ends_refusing")
    )
    parts = [_longest_run(customer), ends, *([completion(told, flow)] if flow.steps else [])]
    for part in parts:
        counts = counts.join(part, on="__call", how="left")
    return counts


def _is(*families: str) -> pl.Expr:
    return pl.col("family").is_in([CODE[name] for name in families])


def _times(name: str) -> pl.Expr:
    return pl.col(name).sum().cast(pl.Int64)


def _picked_up(turns: pl.DataFrame) -> pl.DataFrame:
    """Whoever picks up the telephone with "who is it" has asked nothing yet."""
    first = (~pl.col("ours")).cast(pl.Int32).cum_sum().over("__call") == 1
    picks_up = first & pl.col("picks_up")
    nothing = pl.when(picks_up).then(0).otherwise(pl.col("asked", "asked_intent")).name.keep()
    family = pl.when(picks_up).then(pl.lit(CODE["none"], pl.Int8)).otherwise(pl.col("family")).alias("family")
    return turns.with_columns(nothing, family)


def _with_our_words(turns: pl.DataFrame) -> pl.DataFrame:
    """Add to each customer's turn what our words since the turn before did, and our last line."""
    # Our words up to the customer's next turn are one group.
    block = (~pl.col("ours")).cast(pl.Int32).cum_sum(reverse=True).over("__call")
    ours = pl.col("ours")
    grouped = turns.with_columns(block.alias("block"))
    since = [
        (pl.col(name) & ours).any().over("__call", "block").alias(f"we_{name}")
        for name in ("asks", "asks_whether", "opens", "offers")
    ]
    line = pl.col("said").filter(ours).last().over("__call", "block").alias("our_line")
    return grouped.with_columns(*since, line)


def _with_replies(turns: pl.DataFrame) -> pl.DataFrame:
    """Add how each turn of the customer replies: refuses, says yes, says no, is of substance."""
    asked = pl.col("we_asks")
    bare_refusal = pl.col("bare_no") & pl.col("we_offers")
    refuses = _is("refusal") | bare_refusal | (pl.col("forbids") & pl.col("we_opens"))
    turned_away = _is("voicemail", "complaint", "busy", "objection")
    told = turns.with_columns(refuses=refuses & ~pl.col("ours"))
    plain_no = _is("negative") | (pl.col("denies") & ~pl.col("says_yes") & ~_is("affirmative"))
    no = ~turned_away & asked & (pl.col("refuses") | (plain_no & pl.col("we_asks_whether")))
    yes_word = (pl.col("says_yes") | _is("affirmative")) & ~_is("objection", "complaint", "wrong_number")
    undecided = ~pl.col("ours") & pl.col("we_asks_whether") & ~no & ~yes_word & _is("none", "already_bought")
    told = told.with_columns(says_no_to_us=no & ~pl.col("ours")).with_columns(
        echoes(told.with_columns(undecided=undecided)).alias("echoes")
    )
    yes_word |= pl.col("names_time") & pl.col("we_asks_whether")
    yes = asked & ~pl.col("says_no_to_us") & ~pl.col("refuses") & ~_is("busy", "voicemail")
    told = told.with_columns(says_yes_to_us=~pl.col("ours") & yes & (yes_word | pl.col("echoes")))
    return told.with_columns(_substantive().alias("substantive"), _replies().alias("replies"))


def _answers_the_matter() -> pl.Expr:
    """Yes, no without refusing, or a fact, to a question of ours about the matter."""
    fact = _is("none", "negative", "affirmative") & ~pl.col("says_nothing")
    said = pl.col("says_yes_to_us") | pl.col("says_no_to_us") | fact
    return pl.col("we_asks") & said & ~pl.col("asks_to_send")


def _substantive() -> pl.Expr:
    speaks = ~pl.col("ours") & ~pl.col("refuses") & ~_is("busy", "wrong_number", "voicemail", "complaint")
    objects = _is("objection") & ~pl.col("accuses")
    matter = _answers_the_matter() & ~pl.col("we_opens")
    return (~pl.col("ours") & (pl.col("asked") > 0)) | (speaks & (matter | objects | _is("already_bought")))


def _replies() -> pl.Expr:
    """What goes on in a script: an answer, who they are, an objection, "bought already", an intent
    question.
    """
    speaks = ~pl.col("ours") & ~pl.col("refuses") & ~_is("busy", "wrong_number", "voicemail", "complaint")
    return speaks & (
        _answers_the_matter()
        | (_is("objection") & ~pl.col("accuses"))
        | _is("already_bought")
        | (pl.col("asked_intent") > 0)
    )


def _longest_run(customer: pl.DataFrame) -> pl.DataFrame:
    runs = customer.with_columns(pl.col("counts_as_refusal").rle_id().over("__call").alias("run"))
    by_run = runs.group_by("__call", "run").agg(pl.col("counts_as_refusal").sum().cast(pl.Int64))
    return by_run.group_by("__call").agg(pl.col("counts_as_refusal").max().alias("refusals"))


def _status() -> pl.Expr:
    switchboard, mailbox = pl.col("switchboard").sum(), _is("voicemail").sum()
    spoken = (~pl.col("switchboard") & ~_is("none", "voicemail")).sum()
    return (
        pl.when((switchboard > 0) & (switchboard > spoken))
        .then(pl.lit("switchboard"))
        .when((mailbox > 0) & (mailbox > spoken))
        .then(pl.lit("voicemail"))
        .otherwise(pl.lit("answered"))
    )
