"""The reader: from the cells of a transcript column to turns with sides, and what could not be read.

Cells in the plainest style, each line begun by a known word and a colon, are most of most logs and read at
once; the others go by ``layouts``, ``turns``, ``speakers`` and ``sides``.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from functools import cached_property
from typing import Any, Self

import polars as pl

from pipeline.language.sentence import Sentence, Word, clauses
from pipeline.transcripts.data_turns import turns_of_data
from pipeline.transcripts.label_styles import LabelStyles, SpeakerSide
from pipeline.transcripts.sides import Evidence, added, sides_over_log, tally, told_by_words
from pipeline.transcripts.speakers import ONE_SIDE, UNCLEAR
from pipeline.transcripts.turns import under_labels

# Signs in a cell of plain lines that only the long way takes from the words.
_AROUND_WORDS = r"""[\[(（【]\s*\d|[:：]\s*["“「:：]|[\]】*|]\s*(?:\n|$)"""

# A label is named in messages where so many calls, and such a share of those without sides, have it.
COMMON, COMMON_SHARE = 20, 0.2
# How many labels of a part are counted.
_MOST_LABELS = 50


@dataclass(frozen=True)
class Account:
    """What became of a column's cells.

    Attributes:
        calls: cells in which something stands.
        untold: of these, those whose sides could not be told, by why.
        by_words: of these, those whose sides their words told.
        evidence: of each label that names nobody, how often words told its side.
        labels: in how many calls without sides the commonest labels stand.
    """

    calls: int = 0
    untold: Mapping[str, int] = field(default_factory=dict)
    by_words: int = 0
    evidence: Mapping[str, Evidence] = field(default_factory=dict)
    labels: Mapping[str, int] = field(default_factory=dict)

    @classmethod
    def sum_of(cls, parts: Iterable[Self]) -> Self:
        """The account of several columns, one under the other."""
        all_ = list(parts)
        reasons = sorted({why for part in all_ for why in part.untold})
        return cls(
            sum(part.calls for part in all_),
            {why: sum(part.untold.get(why, 0) for part in all_) for why in reasons},
            sum(part.by_words for part in all_),
            added(part.evidence for part in all_),
            dict(sum((Counter(part.labels) for part in all_), Counter())),
        )

    def words(self) -> dict[str, Any]:
        """The account as JSON knows it; ``Account(**words)`` reads it back."""
        return asdict(self)

    @property
    def missing(self) -> int:
        """How many calls could not be read."""
        return sum(self.untold.values())

    def would_change(self, log: Mapping[str, str]) -> bool:
        """Whether a call of these is read otherwise where the sides of labels over the log are known."""
        counts = ((self.evidence[label], side) for label, side in log.items() if label in self.evidence)
        return any(count["untold"] or sum(count.values()) > count[side] for count, side in counts)

    def sentence(self, log: Mapping[str, str]) -> str:
        """In one line, how many transcripts were read, why others were not, and how sides were told.

        Example:
            >>> Account(5, {"without labels": 2}).sentence({}).partition(" (")[2]
            '2 without labels): counts missing'
        """
        told: str = self.told_of
        if self.missing:
            told = Sentence("{told}: counts missing", told=told)
        return clauses([told, *self._by_words(log)])

    @property
    def told_of(self) -> str:
        """How many transcripts have no sides, and why."""
        told = Sentence(
            "{missing:,} of {calls:,} calls with a transcript had no sides that could be told",
            missing=self.missing,
            calls=self.calls,
        )
        reasons = tuple(
            Sentence("{count:,} {why}", count=count, why=Word(why))
            for why, count in self.untold.items()
            if count
        )
        return Sentence("{told} ({reasons})", told=told, reasons=reasons) if reasons else told

    @property
    def common(self) -> list[str]:
        """Labels that stand in many of the calls without sides: of few calls only they might be a
        customer's name.
        """
        unclear = self.untold.get(UNCLEAR, 0)
        return [label for label, calls in self.labels.items() if calls >= max(COMMON, COMMON_SHARE * unclear)]

    def _by_words(self, log: Mapping[str, str]) -> list[str]:
        if not self.by_words:
            return []
        opened = Sentence(
            "sides told by the words in {count:,}: who opens with a question, introduces a company",
            count=self.by_words,
        )
        return [opened, *(self._label_told(label, side) for label, side in log.items())]

    def _label_told(self, label: str, side: str) -> Sentence:
        count = self.evidence.get(label, {"agent": 0, "customer": 0, "untold": 0})
        return Sentence(
            "{label!r} is {side} in {count:,} of {all:,} that tell",
            label=label,
            side=_SHOWN[side],
            count=count[side],
            all=count["agent"] + count["customer"],
        )


_SHOWN = {"agent": Sentence("ours"), "customer": Sentence("the customer")}


@dataclass(frozen=True)
class ReadCalls:
    """Turns of calls.

    Attributes:
        turns: ``call``, ``ours`` and ``said`` of each turn in which something is said, in order.
        untold: ``call`` of each call whose sides could not be told.
        account: what became of the cells.
    """

    turns: pl.DataFrame
    untold: pl.DataFrame
    account: Account


@dataclass(frozen=True)
class Reader:
    """How transcripts are read.

    Attributes:
        styles: the words that name sides.
        log: the labels that are one side over the whole log, from ``sides_over_log``.
    """

    styles: LabelStyles = field(default_factory=LabelStyles)
    log: Mapping[str, str] = field(default_factory=dict)

    def read(self, calls: pl.DataFrame) -> ReadCalls:
        r"""Read transcripts.

        Args:
            calls: ``call``, a number that increases, and ``text``, which may be missing.

        Example:
            >>> texts = ["A: 您好，请问您需要贷款吗\nB: 不需要", "喂\n您好"]
            >>> calls = pl.DataFrame({"call": [0, 1], "text": texts})
            >>> read = Reader().read(calls)
            >>> read.turns.rows(), read.untold["call"].to_list()
            ([(0, True, '您好，请问您需要贷款吗'), (0, False, '不需要')], [1])
        """
        spoken = calls.filter(pl.col("text").str.contains(r"\S").fill_null(False))
        is_plain = spoken["text"].str.contains(self._plain) & ~spoken["text"].str.contains(_AROUND_WORDS)
        plain, others = spoken.filter(is_plain), spoken.filter(~is_plain)
        data = turns_of_data(others, self.styles)
        others = others.filter(~pl.col("call").is_in(data["call"].unique().implode()))
        both = plain["text"].str.contains(self._customer)
        one_side = plain.filter(~both).select("call", pl.lit(ONE_SIDE).alias("why"))
        turns = self._plain_turns(plain.filter(both))
        if data.height:
            turns = pl.concat([turns, data]).sort("call", maintain_order=True)
        if others.is_empty():
            return ReadCalls(
                turns, one_side.select("call"), Account(spoken.height, _counted(one_side["why"]))
            )
        labelled = under_labels(others, self.styles)
        by_words = self._told(labelled.turns)
        found = by_words.turns.select("call", (pl.col("side") == "agent").alias("ours"), "said")
        turns = pl.concat([turns, found.filter(pl.col("said") != "")]).sort("call", maintain_order=True)
        untold = pl.concat([one_side, labelled.why, by_words.unclear])
        account = Account(
            spoken.height,
            _counted(untold["why"]),
            by_words.count,
            by_words.evidence,
            _counted(pl.concat([labelled.strange["label"], by_words.strange])),
        )
        return ReadCalls(turns, untold.select("call"), account)

    def _told(self, turns: pl.DataFrame) -> "_ByWords":
        mine = turns.filter(pl.col("side").is_null())
        if mine.is_empty():
            return _ByWords(turns, mine.select("call", pl.lit(UNCLEAR).alias("why")), 0, {}, mine["label"])
        told = told_by_words(mine, self.log)
        sided = turns.join(
            told.select("call", "label", pl.col("side").alias("told")),
            on=["call", "label"],
            how="left",
            maintain_order="left",
        )
        side = pl.coalesce("side", "told")
        unclear = told.filter(pl.col("side").is_null()).select("call", pl.lit(UNCLEAR).alias("why")).unique()
        known = sided.with_columns(side.alias("side")).filter(pl.col("side").is_not_null())
        strange = told.filter(pl.col("side").is_null())["label"]
        return _ByWords(known, unclear, told["call"].n_unique() - unclear.height, tally(told), strange)

    def _plain_turns(self, calls: pl.DataFrame) -> pl.DataFrame:
        text = pl.col("text").str.replace_all("\r", "\n", literal=True)
        lines = calls.select("call", text.str.split("\n").alias("line")).explode("line")
        turns = lines.select(
            "call",
            pl.col("line").str.contains(self._ours).alias("ours"),
            pl.col("line").str.replace(r"^[^:：]*[:：]", "").str.strip_chars().alias("said"),
        )
        return turns.filter(pl.col("said") != "")

    def _words(self, *sides: SpeakerSide) -> str:
        return "|".join(re.escape(word) for side in sides for word in self.styles.plain_words(side))

    @cached_property
    def _plain(self) -> str:
        label = rf"\s*(?:{self._words('customer', 'agent')})\s*\d*\s*[:：](?:[^\d\r\n][^\r\n]*)?"
        return rf"(?i)^{label}(?:[\r\n]+{label})+\s*$"

    @cached_property
    def _customer(self) -> str:
        return rf"(?im)(?:^|\r)\s*(?:{self._words('customer')})\s*\d*\s*[:：]"

    @cached_property
    def _ours(self) -> str:
        return rf"(?i)^\s*(?:{self._words('agent')})\s*\d*\s*[:：]"


@dataclass(frozen=True)
class _ByWords:
    """Turns with their sides, and the calls whose words did not tell them."""

    turns: pl.DataFrame
    unclear: pl.DataFrame
    count: int
    evidence: Mapping[str, Evidence]
    strange: pl.Series


def _counted(values: pl.Series) -> dict[str, int]:
    """The commonest values and how often each is there."""
    counts = values.value_counts().sort("count", values.name, descending=[True, False])
    return dict(counts.head(_MOST_LABELS).rows())


def log_sides(accounts: Iterable[Account]) -> dict[str, str]:
    """The labels that are one side over the whole log, from the accounts of its parts."""
    return sides_over_log(added(one.evidence for one in accounts))
