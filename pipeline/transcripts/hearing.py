"""Hearing the calls' transcripts: the counts that a log does not keep, told from what was said.

A transcript has a turn per line: the customer's begin with ``客户:`` or ``customer:``, ours with
``坐席:``, ``机器人:`` or ``agent:``. A line without a mark is said by whoever said the line before, and by
the customer where there is none. What a log says itself is never changed: a column is heard only
where the log lacks it. Transcripts are personal data: nothing of them is written anywhere.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from features.tables import CONNECTED_STATUSES
from models.intents.families import Recogniser
from models.intents.lexicon import Lexicon
from pipeline.config.config import Config
from pipeline.errors import ConfigError
from pipeline.transcripts.dialogue import count
from pipeline.transcripts.flow import Flow
from pipeline.transcripts.meaning import with_meaning

SOURCE = "intents_source"
# Calls that are heard at a time: memory stays flat however long the log.
CALLS_AT_A_TIME = 50_000
RULES_VERSION = 4

_CUSTOMER = "客户|客戶|顾客|顧客|用户|用戶|customer|client|caller|user|lead"
_OURS = "坐席|座席|客服|销售|銷售|业务员|機器人|机器人|agent|robot|bot|rep|sales|operator"
_MARK = rf"(?i)^\s*(?:(?<customer>{_CUSTOMER})|(?<ours>{_OURS}))\s*\d*\s*[:：]"

HEARD: dict[str, pl.DataType] = {
    "questions": pl.Int64(),
    "intent_questions": pl.Int64(),
    "refusals": pl.Int64(),
    "dialogue_turns": pl.Int64(),
    "invitation": pl.String(),
    "asked_sms": pl.Boolean(),
    "asked_wechat": pl.Boolean(),
    "asked_callback": pl.Boolean(),
    "substantive_replies": pl.Int64(),
    "affirmative_answers": pl.Int64(),
    "negative_answers": pl.Int64(),
    "flow_completion_ppm": pl.Int64(),
    "status": pl.String(),
    "ends_refusing": pl.Boolean(),
}
# What is of no use where the log has a column that says more.
_INSTEAD_OF = {"ends_refusing": "hung_up_by"}


@dataclass(frozen=True)
class Hearing:
    """A recogniser with the lexicon whose cues tell invitations and requests, and the script that we walk.

    Attributes:
        recogniser: tells the families.
        lexicon: tells the cues.
        flow: the script's steps, each with the lines that say it; empty for none.
    """

    recogniser: Recogniser
    lexicon: Lexicon
    flow: tuple[tuple[str, ...], ...] = ()

    @property
    def fingerprint(self) -> str:
        """SHA-256 over everything that the heard columns depend on."""
        rules = (str(RULES_VERSION), *([repr(self.flow)] if self.flow else []))
        parts = (self.recogniser.fingerprint, self.lexicon.fingerprint, *rules)
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def read_hearing(config: Config) -> Hearing:
    """The recogniser that the configuration names.

    Raises:
        ConfigError: its folder holds none, or a damaged one.
    """
    lexicon = Lexicon.shipped()
    name, flow = config.intents.recogniser, config.intents.flow_lines
    if name == "lexicon":
        return Hearing(lexicon, lexicon, flow)
    # A recogniser of one's own needs scikit-learn, which takes long to load.
    from models.intents.trained import TrainedIntents  # noqa: PLC0415

    try:
        return Hearing(TrainedIntents.load(config.path.parent / name), lexicon, flow)
    except ValueError as error:
        raise ConfigError(f"{config.path}: intents.recogniser: {error}") from None


def missing(calls: pl.DataFrame, flow: Sequence[Sequence[str]] = ()) -> list[str]:
    """The columns that a log with transcripts lacks; without a script none is completed."""
    there = set(calls.columns) | (set() if flow else {"flow_completion_ppm"})
    lacks = [name for name in HEARD if not there & {name, _INSTEAD_OF.get(name, name)}]
    return lacks if "transcript" in there else []


def sources(
    calls: pl.DataFrame, recogniser: Recogniser | None = None, flow: Sequence[Sequence[str]] = ()
) -> dict[str, str]:
    """Where each column that can be heard comes from: ``log``, or what hears it; absent ones are left out.

    Args:
        calls: the calls as the log has them.
        recogniser: what hears their transcripts.
        flow: the script's steps, without which no share of them is heard.

    Example:
        >>> sources(pl.DataFrame({"transcript": [""], "refusals": [0]}), Lexicon.shipped())["questions"]
        'lexicon'
        >>> sources(pl.DataFrame({"refusals": [0]}))
        {'refusals': 'log'}
    """
    lacks = missing(calls, flow) if recogniser else []
    heard = dict.fromkeys(lacks, recogniser.source if recogniser else "")
    return {name: heard.get(name, "log") for name in HEARD if name in heard or name in calls.columns}


def hear(calls: pl.DataFrame, hearing: Hearing) -> pl.DataFrame:
    """Fill the columns that the log lacks, and say in ``intents_source`` what they come from.

    The rules stand in ``dialogue``, ``invitations`` and ``flow``.

    A call without a transcript has zeros where its status says that nobody was reached, else missing
    values; one in which the customer is silent has zeros.

    Args:
        calls: the canonical table; without ``transcript`` it comes back as it is.
        hearing: what tells the families.
    """
    if "transcript" not in calls.columns:
        return calls
    wanted = missing(calls, hearing.flow)
    if not wanted:
        return calls.with_columns(pl.lit("log").alias(SOURCE))
    parts = [_hear_some(part, hearing, wanted) for part in calls.iter_slices(CALLS_AT_A_TIME)]
    return pl.concat(parts) if parts else calls


def _hear_some(calls: pl.DataFrame, hearing: Hearing, wanted: Sequence[str]) -> pl.DataFrame:
    numbered = calls.with_row_index("__call")
    meant = with_meaning(_turns(numbered), hearing.recogniser, hearing.lexicon)
    counted = count(meant, Flow(hearing.flow))
    heard = numbered.select("__call").join(counted, on="__call", how="left", maintain_order="left")
    empty = ~pl.col("transcript").fill_null("").str.contains(r"\S")
    unknown = empty
    if "status" in calls.columns:
        unknown = empty & pl.col("status").is_in(CONNECTED_STATUSES).fill_null(True)
    told = calls.with_columns(heard.select(wanted)).with_columns(
        pl.when(~unknown).then(pl.col(name).fill_null(_nothing(name))).alias(name)
        for name in wanted
        if name != "status"
    )
    return told.with_columns(pl.when(~unknown).then(pl.lit(hearing.recogniser.source)).alias(SOURCE))


def _nothing(name: str) -> pl.Expr:
    value = {pl.Int64(): 0, pl.Boolean(): False}.get(HEARD[name], "none")
    return pl.lit(value, HEARD[name])


def _turns(numbered: pl.DataFrame) -> pl.DataFrame:
    """One row per turn in which something is said: ``__call``, ``ours``, ``said``."""
    text = pl.col("transcript").fill_null("").str.replace_all("\r", "\n", literal=True)
    lines = numbered.select("__call", text.str.split("\n").alias("line"))
    marks = lines.explode("line").with_columns(pl.col("line").str.extract_groups(_MARK).alias("mark"))
    ours = (
        pl.when(pl.col("mark").struct.field("ours").is_not_null())
        .then(True)
        .when(pl.col("mark").struct.field("customer").is_not_null())
        .then(False)
    )
    turns = marks.select(
        "__call",
        ours.forward_fill().over("__call").fill_null(False).alias("ours"),
        pl.col("line").str.replace(_MARK, "").str.strip_chars().alias("said"),
    )
    return turns.filter(pl.col("said") != "")
