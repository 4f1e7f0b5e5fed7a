"""A call with what was heard in it: every turn with its meaning and the words that made it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from models.intents.families import names, recognise_all
from models.intents.lexicon import Lexicon
from pipeline.dialogue.meaning import OUR_CUES, THEIR_CUES
from pipeline.transcripts.hearing import HEARD, Hearing, listen


@dataclass(frozen=True)
class HeardTurn:
    """A turn and what was heard in it.

    Attributes:
        side: ``agent`` or ``customer``.
        said: its words.
        families: what the customer does, as the recogniser names it; empty for our turns.
        cues: what the turn asks for or offers besides.
        words: the words of the lexicon that were found in it.
    """

    side: str
    said: str
    family: str
    cues: tuple[str, ...]
    words: tuple[str, ...]


@dataclass(frozen=True)
class HeardCall:
    """A call's turns and counts.

    Attributes:
        turns: in order; none where the sides could not be told.
        counts: the columns that features read, missing where they are not known.
        note: how the sides were told, or why not.
    """

    turns: tuple[HeardTurn, ...]
    counts: Mapping[str, object]
    note: str


def hear_call(transcript: str, hearing: Hearing) -> HeardCall:
    r"""Hear one call by itself.

    Example:
        >>> lexicon = Lexicon.shipped()
        >>> call = hear_call("坐席：您好\n客户：多少钱", Hearing(lexicon, lexicon))
        >>> [(turn.side, turn.family, turn.words) for turn in call.turns]
        [('agent', '', ()), ('customer', 'price', ('多少钱',))]
    """
    cells = pl.DataFrame({"call": pl.Series([0], dtype=pl.UInt32), "text": [transcript]})
    read = hearing.reader.read(cells)
    said = read.turns["said"].to_list()
    families = names(recognise_all(hearing.recogniser, said))
    cues = hearing.lexicon.hear_cues(said)
    turns = tuple(
        HeardTurn(
            "agent" if ours else "customer",
            text,
            "" if ours else families[place],
            tuple(name for name in (OUR_CUES if ours else THEIR_CUES) if name in cues and cues[name][place]),
            () if ours else words_of(hearing.lexicon, families[place], text),
        )
        for place, (_, ours, text) in enumerate(read.turns.rows())
    )
    heard = listen(pl.DataFrame({"transcript": [transcript]}), hearing)
    counts = heard.calls.select(name for name in HEARD if name in heard.calls.columns).row(0, named=True)
    return HeardCall(turns, counts, read.account.sentence({}))


def words_of(lexicon: Lexicon, family: str, said: str) -> tuple[str, ...]:
    """The words of an utterance, plainly written, that the lexicon's rules for a family match.

    Example:
        >>> words_of(Lexicon.shipped(), "refusal", "不需要，谢谢")
        ('不需要',)
    """
    plain = lexicon.spelling.write([said])[0]
    patterns = [pattern.match for name, pattern in lexicon.rules if name == family]
    found = [match.group().strip() for pattern in patterns if (match := re.search(pattern, plain))]
    return tuple(dict.fromkeys(words for words in found if words))
