"""Hearing the calls' transcripts: the counts that a log does not keep, told from what was said.

``reader`` says which turns a transcript has and whose each is. What a log says itself is never changed: a
column is heard only where the log lacks it. Transcripts are personal data: nothing of them is written
anywhere.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Self

import numpy as np
import polars as pl

from features.tables import CONNECTED_STATUSES
from models.intents.families import CODE, INTENT_QUESTIONS, QUESTIONS, Recogniser, recognise_all
from models.intents.lexicon import Lexicon
from models.intents.versions import FORMER, TODAY, lexicon_of
from pipeline.config.config import Config
from pipeline.errors import ConfigError
from pipeline.transcripts.former_turns import read_by_former_rules
from pipeline.transcripts.label_styles import LabelStyles
from pipeline.transcripts.reader import Account, Reader

SOURCE = "intents_source"
# Calls that are heard at a time: memory stays flat however long the log.
CALLS_AT_A_TIME = 50_000

HEARD: dict[str, pl.DataType] = {
    "questions": pl.Int64(),
    "intent_questions": pl.Int64(),
    "refusals": pl.Int64(),
    "dialogue_turns": pl.Int64(),
    "invitation": pl.String(),
    "asked_sms": pl.Boolean(),
    "asked_wechat": pl.Boolean(),
    "asked_callback": pl.Boolean(),
    "status": pl.String(),
    "ends_refusing": pl.Boolean(),
}
# What is of no use where the log has a column that says more.
_INSTEAD_OF = {"ends_refusing": "hung_up_by"}


@dataclass(frozen=True)
class Hearing:
    """A recogniser with the lexicon whose cues tell invitations and requests, what reads the transcripts, and
    the version of the words and rules.
    """

    recogniser: Recogniser
    lexicon: Lexicon
    version: int = TODAY
    reader: Reader = field(default_factory=Reader)

    @property
    def fingerprint(self) -> str:
        """SHA-256 over everything that the heard columns depend on."""
        own = [f"{label}={side}" for label, side in sorted(self.reader.styles.own.items())]
        parts = (self.recogniser.fingerprint, self.lexicon.fingerprint, str(self.version), *own)
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()

    def with_log(self, log: Mapping[str, str]) -> Self:
        """The same, knowing the labels that are one side over the whole log."""
        return replace(self, reader=replace(self.reader, log=log))


@dataclass(frozen=True)
class Heard:
    """Calls with what was heard in their transcripts, and what became of these."""

    calls: pl.DataFrame
    account: Account


def read_hearing(config: Config) -> Hearing:
    """The recogniser that the configuration names.

    Raises:
        ConfigError: its folder holds none, or a damaged one.
    """
    version = config.intents.version or TODAY
    lexicon = lexicon_of(version)
    own = config.intents.speakers
    reader = Reader(LabelStyles.of(own.customer, own.agent))
    name = config.intents.recogniser
    if name == "lexicon":
        return Hearing(lexicon, lexicon, version, reader)
    # A recogniser of one's own needs scikit-learn, which takes long to load.
    from models.intents.trained import TrainedIntents  # noqa: PLC0415

    try:
        return Hearing(TrainedIntents.load(config.path.parent / name), lexicon, version, reader)
    except ValueError as error:
        raise ConfigError(f"{config.path}: intents.recogniser: {error}") from None


def missing(calls: pl.DataFrame) -> list[str]:
    """The columns that a log with transcripts lacks."""
    there = set(calls.columns)
    lacks = [name for name in HEARD if not there & {name, _INSTEAD_OF.get(name, name)}]
    return lacks if "transcript" in there else []


def sources(calls: pl.DataFrame, recogniser: Recogniser | None = None) -> dict[str, str]:
    """Where each column that can be heard comes from: ``log``, or what hears it; absent ones are left out.

    Args:
        calls: the calls as the log has them.
        recogniser: what hears their transcripts.

    Example:
        >>> sources(pl.DataFrame({"transcript": [""], "refusals": [0]}), Lexicon.shipped())["questions"]
        'lexicon'
        >>> sources(pl.DataFrame({"refusals": [0]}))
        {'refusals': 'log'}
    """
    lacks = missing(calls) if recogniser else []
    heard = dict.fromkeys(lacks, recogniser.source if recogniser else "")
    return {name: heard.get(name, "log") for name in HEARD if name in heard or name in calls.columns}


def hear(calls: pl.DataFrame, hearing: Hearing) -> pl.DataFrame:
    """The calls as ``listen`` hears them."""
    return listen(calls, hearing).calls


def listen(calls: pl.DataFrame, hearing: Hearing) -> Heard:
    """Fill the columns that the log lacks, and say in ``intents_source`` what they come from.

    The rules, over the customer's turns in which something is said:

    - ``dialogue_turns``: how many there are; ``questions``, ``intent_questions``: those that ask, other than
      for a text message or to connect on WeChat, which have columns of their own.
    - ``refusals``: the longest run of refusals, any other turn between ends a run; a turn that declines
      an invitation counts there and not here.
    - ``invitation``: the latest answer. A turn right after one of ours that invites answers it by
      agreeing or denying, unless it only takes leave ("ok, bye"); any turn that itself takes or declines
      an appointment or an offer does too.
    - ``asked_sms``, ``asked_wechat``: a turn asks for it; ``asked_callback``: a turn is busy, or says later.
    - ``ends_refusing``, where the log does not say who hung up: the call's last turn is the customer's and
      refuses; ``features.staging.staging`` takes it for a hang-up.
    - ``status``: switchboard or voicemail by its cue, else answered where the customer spoke.

    A call without a transcript has zeros where its status says that nobody was reached, else missing
    values; one whose label of the customer has no words has zeros. A transcript whose sides cannot be
    told, or
    with our lines only, has missing values: whether the customer said nothing nobody knows.

    Args:
        calls: the canonical table; without ``transcript`` it comes back as it is.
        hearing: what tells the families.
    """
    if "transcript" not in calls.columns:
        return Heard(calls, Account())
    wanted = missing(calls)
    if not wanted:
        return Heard(calls.with_columns(pl.lit("log").alias(SOURCE)), Account())
    parts = [_hear_some(part, hearing, wanted) for part in calls.iter_slices(CALLS_AT_A_TIME)]
    if not parts:
        return Heard(calls, Account())
    return Heard(pl.concat(part.calls for part in parts), Account.sum_of(part.account for part in parts))


def _hear_some(calls: pl.DataFrame, hearing: Hearing, wanted: Sequence[str]) -> Heard:
    numbered = calls.with_row_index("__call")
    texts = numbered.select(pl.col("__call").alias("call"), pl.col("transcript").alias("text"))
    former = hearing.version in FORMER
    read = read_by_former_rules(texts, hearing.version) if former else hearing.reader.read(texts)
    counted = _count(_with_meaning(read.turns.rename({"call": "__call"}), hearing))
    heard = numbered.select("__call").join(counted, on="__call", how="left", maintain_order="left")
    empty = ~pl.col("transcript").fill_null("").str.contains(r"\S")
    unknown = empty
    if "status" in calls.columns:
        unknown = empty & pl.col("status").is_in(CONNECTED_STATUSES).fill_null(True)
    unknown = unknown | pl.lit(numbered["__call"].is_in(read.untold["call"].implode()))
    told = calls.with_columns(heard.select(wanted)).with_columns(
        pl.when(~unknown).then(pl.col(name).fill_null(_nothing(name))).alias(name)
        for name in wanted
        if name != "status"
    )
    source = pl.when(~unknown).then(pl.lit(hearing.recogniser.source)).alias(SOURCE)
    return Heard(told.with_columns(source), read.account)


def _nothing(name: str) -> pl.Expr:
    value = {pl.Int64(): 0, pl.Boolean(): False}.get(HEARD[name], "none")
    return pl.lit(value, HEARD[name])


def _with_meaning(turns: pl.DataFrame, hearing: Hearing) -> pl.DataFrame:
    """Add each turn's family and cues; every different utterance is looked at once."""
    texts = turns["said"].unique(maintain_order=True)
    said = texts.to_list()
    families = recognise_all(hearing.recogniser, said)
    cues = hearing.lexicon.hear_cues(said)
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
