"""Hearing the calls' transcripts: the counts that a log does not keep, told from what was said.

``reader`` says which turns a transcript has and whose each is. What a log says itself is never changed: a
column is heard only where the log lacks it. Transcripts are personal data: nothing of them is written
anywhere.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Self

import polars as pl

from features.tables import CONNECTED_STATUSES
from models.intents.families import Recogniser
from models.intents.lexicon import Lexicon
from models.intents.versions import FORMER, TODAY, lexicon_of
from pipeline.config.config import Config
from pipeline.dialogue.counts import count
from pipeline.dialogue.flow import Flow
from pipeline.dialogue.former import count_by_former_rules
from pipeline.dialogue.meaning import with_meaning
from pipeline.errors import ConfigError
from pipeline.transcripts.former_turns import read_by_former_rules
from pipeline.transcripts.label_styles import LabelStyles
from pipeline.transcripts.reader import Account, ReadCalls, Reader

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
    "substantive_replies": pl.Int64(),
    "affirmative_answers": pl.Int64(),
    "negative_answers": pl.Int64(),
    "flow_completion_ppm": pl.Int64(),
    "status": pl.String(),
    "ends_refusing": pl.Boolean(),
}
# What is of no use where the log has a column that says more.
_INSTEAD_OF = {"ends_refusing": "hung_up_by"}
# What former rules did not hear.
_LATER = frozenset(("substantive_replies", "affirmative_answers", "negative_answers", "flow_completion_ppm"))


@dataclass(frozen=True)
class Hearing:
    """What hears calls.

    Attributes:
        recogniser: tells the families.
        lexicon: its cues tell invitations and requests.
        version: of the words and rules.
        reader: reads the transcripts.
        flow: the script that we walk: its steps, each with the lines that say it; empty for none.
    """

    recogniser: Recogniser
    lexicon: Lexicon
    version: int = TODAY
    reader: Reader = field(default_factory=Reader)
    flow: tuple[tuple[str, ...], ...] = ()

    @property
    def fingerprint(self) -> str:
        """SHA-256 over everything that the heard columns depend on."""
        own = [f"{label}={side}" for label, side in sorted(self.reader.styles.own.items())]
        script = [repr(self.flow)] if self.flow and self.version not in FORMER else []
        parts = (self.recogniser.fingerprint, self.lexicon.fingerprint, str(self.version), *own, *script)
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
    name, flow = config.intents.recogniser, config.intents.flow_lines
    if name == "lexicon":
        return Hearing(lexicon, lexicon, version, reader, flow)
    # A recogniser of one's own needs scikit-learn, which takes long to load.
    from models.intents.trained import TrainedIntents  # noqa: PLC0415

    try:
        return Hearing(TrainedIntents.load(config.path.parent / name), lexicon, version, reader, flow)
    except ValueError as error:
        raise ConfigError(f"{config.path}: intents.recogniser: {error}") from None


def missing(calls: pl.DataFrame, flow: Sequence[Sequence[str]] = (), version: int | None = None) -> list[str]:
    """The columns that a log with transcripts lacks and that can be heard.

    Args:
        calls: the calls as the log has them.
        flow: the script's steps, without which no share of them is heard.
        version: of the words and rules, of which former ones heard less; today's when left out.
    """
    deaf = _LATER if version in FORMER else frozenset() if flow else {"flow_completion_ppm"}
    there = set(calls.columns) | deaf
    lacks = [name for name in HEARD if not there & {name, _INSTEAD_OF.get(name, name)}]
    return lacks if "transcript" in calls.columns else []


def sources(calls: pl.DataFrame, hearing: Hearing | None = None) -> dict[str, str]:
    """Where each column that can be heard comes from: ``log``, or what hears it; absent ones are left out.

    Args:
        calls: the calls as the log has them.
        hearing: what hears their transcripts.

    Example:
        >>> lexicon = Lexicon.shipped()
        >>> calls = pl.DataFrame({"transcript": [""], "refusals": [0]})
        >>> sources(calls, Hearing(lexicon, lexicon))["questions"]
        'lexicon'
        >>> sources(calls)
        {'refusals': 'log'}
    """
    lacks = missing(calls, hearing.flow, hearing.version) if hearing else []
    heard = dict.fromkeys(lacks, hearing.recogniser.source if hearing else "")
    return {name: heard.get(name, "log") for name in HEARD if name in heard or name in calls.columns}


def hear(calls: pl.DataFrame, hearing: Hearing) -> pl.DataFrame:
    """The calls as ``listen`` hears them."""
    return listen(calls, hearing).calls


def listen(calls: pl.DataFrame, hearing: Hearing) -> Heard:
    """Fill the columns that the log lacks, and say in ``intents_source`` what they come from.

    The rules stand in ``pipeline.dialogue``.

    A call without a transcript has zeros where its status says that nobody was reached, else missing
    values; one whose label of the customer has no words has zeros. A transcript whose sides cannot be
    told, or with our lines only, has missing values: whether the customer said nothing nobody knows.

    Args:
        calls: the canonical table; without ``transcript`` it comes back as it is.
        hearing: what tells the families.
    """
    if "transcript" not in calls.columns:
        return Heard(calls, Account())
    wanted = missing(calls, hearing.flow, hearing.version)
    if not wanted:
        return Heard(calls.with_columns(pl.lit("log").alias(SOURCE)), Account())
    parts = [_hear_some(part, hearing, wanted) for part in calls.iter_slices(CALLS_AT_A_TIME)]
    if not parts:
        return Heard(calls, Account())
    return Heard(pl.concat(part.calls for part in parts), Account.sum_of(part.account for part in parts))


def _hear_some(calls: pl.DataFrame, hearing: Hearing, wanted: Sequence[str]) -> Heard:
    numbered = calls.with_row_index("__call")
    texts = numbered.select(pl.col("__call").alias("call"), pl.col("transcript").alias("text"))
    read = _read(texts, hearing)
    counted = _counted(read.turns.rename({"call": "__call"}), hearing)
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


def _read(texts: pl.DataFrame, hearing: Hearing) -> ReadCalls:
    if hearing.version in (2, 3):
        return read_by_former_rules(texts, hearing.version)
    return hearing.reader.read(texts)


def _counted(turns: pl.DataFrame, hearing: Hearing) -> pl.DataFrame:
    if hearing.version in FORMER:
        return count_by_former_rules(turns, hearing.recogniser, hearing.lexicon)
    return count(with_meaning(turns, hearing.recogniser, hearing.lexicon), Flow(hearing.flow))
