"""What each turn means: its family, its clauses, its cues; every different turn is looked at once."""

import numpy as np
import polars as pl

from models.arrays import Flags
from models.intents.families import CODE, INTENT_QUESTIONS, QUESTIONS, Codes, Recogniser, recognise_all
from models.intents.lexicon import Lexicon

_BREAKS = r"[，。！？；、,!?;…]+|\.(?:\s|$)"
_UNSAID = np.int8(CODE["none"])
# Whoever does so asks nothing, whatever the words; a question that ends a refusal is heard as that question.
_TURNS_AWAY = [CODE[name] for name in ("refusal", "complaint", "voicemail", "wrong_number")]


def with_meaning(turns: pl.DataFrame, recogniser: Recogniser, lexicon: Lexicon) -> pl.DataFrame:
    """Add what each turn means.

    Args:
        turns: a row per turn, with what was ``said`` and whether it is ``ours``.
        recogniser: tells the families of turns and of their clauses.
        lexicon: tells the cues.

    Returns:
        the turns with ``family``; ``says_yes``, ``refuses_somewhere`` and ``denies``, in a clause;
        ``asked`` and ``asked_intent``, how many questions; and a column per cue. Our own turns have no
        family.
    """
    texts = turns.select("said", "ours").unique(maintain_order=True)
    theirs, ours = texts.filter(~pl.col("ours"))["said"], texts.filter(pl.col("ours"))["said"]
    meanings = [_customers(theirs, recogniser, lexicon), _ours(ours, lexicon)]
    meaning = pl.concat(meanings, how="diagonal").with_columns(pl.col("family").fill_null(_UNSAID))
    told = meaning.with_columns(
        pl.col(pl.Boolean).fill_null(False), pl.col("asked", "asked_intent").fill_null(0)
    )
    return turns.join(told, on=["said", "ours"], how="left", maintain_order="left")


def _ours(texts: pl.Series, lexicon: Lexicon) -> pl.DataFrame:
    cues = lexicon.hear_cues(texts.to_list(), OUR_CUES)
    asks_aloud = texts.str.contains(r"[?？]\s*$")
    columns = {name: pl.Series(np.asarray(holds)) for name, holds in cues.items()}
    frame = pl.DataFrame({"said": texts, "ours": pl.Series([True]).new_from_index(0, len(texts)), **columns})
    return frame.with_columns(pl.col("asks") | asks_aloud)


OUR_CUES = ("invites", "asks", "asks_whether", "opens", "offers")
THEIR_CUES = (
    "asked_sms",
    "asked_wechat",
    "accepts",
    "leaves",
    "declines",
    "switchboard",
    "bare_no",
    "forbids",
    "yes_first",
    "picks_up",
    "says_nothing",
    "ponders",
    "names_time",
    "accuses",
)


def _customers(texts: pl.Series, recogniser: Recogniser, lexicon: Lexicon) -> pl.DataFrame:
    said = texts.to_list()
    families = recognise_all(recogniser, said)
    cues = {name: pl.Series(np.asarray(one)) for name, one in lexicon.hear_cues(said, THEIR_CUES).items()}
    frame = pl.DataFrame(
        {"said": texts, "ours": pl.Series([False]).new_from_index(0, len(said)), "family": families, **cues}
    )
    # Asking for a text message or to connect has columns of its own.
    asks_to_send = pl.col("asked_sms") | pl.col("asked_wechat")
    asked = pl.when(~asks_to_send).then(pl.col("asked", "asked_intent")).otherwise(0)
    told = frame.with_columns(_clauses(texts, families, recogniser)).with_columns(asked)
    return told.with_columns(says_yes=pl.col("says_yes") | pl.col("yes_first"), asks_to_send=asks_to_send)


def _clauses(texts: pl.Series, families: Codes, recogniser: Recogniser) -> list[pl.Series]:
    """What is said in any of a turn's clauses; a turn of one clause is that clause."""
    split = pl.DataFrame({"clause": texts.str.replace_all(_BREAKS, "\n").str.split("\n")}).with_row_index(
        "turn"
    )
    several = split.filter(pl.col("clause").list.len() > 1).explode("clause")
    several = several.with_columns(pl.col("clause").str.strip_chars()).filter(pl.col("clause") != "")
    different = several["clause"].unique(maintain_order=True)
    told = pl.DataFrame({"clause": different, "one": recognise_all(recogniser, different.to_list())})
    parts = several.join(told, on="clause", how="left", maintain_order="left")
    whole = pl.DataFrame({"turn": split["turn"], "one": families})
    alone = whole.join(parts, on="turn", how="anti")
    rows = pl.concat([alone, parts.select("turn", "one")])
    by_turn = rows.group_by("turn").agg(
        pl.col("one").is_in([CODE["affirmative"]]).any().alias("says_yes"),
        pl.col("one").is_in([CODE["refusal"]]).any().alias("refuses_somewhere"),
        pl.col("one").is_in([CODE["negative"]]).any().alias("denies"),
        _different(QUESTIONS).alias("asked_apart"),
        _different(INTENT_QUESTIONS).alias("intent_apart"),
    )
    found = whole.join(by_turn, on="turn", how="left", maintain_order="left")
    return [
        *(found[name].fill_null(False).alias(name) for name in ("says_yes", "refuses_somewhere", "denies")),
        _asked(found["asked_apart"], families, QUESTIONS).alias("asked"),
        _asked(found["intent_apart"], families, INTENT_QUESTIONS).alias("asked_intent"),
    ]


def _different(families: Flags) -> pl.Expr:
    codes = np.flatnonzero(families).tolist()
    return pl.col("one").filter(pl.col("one").is_in(codes)).n_unique()


def _asked(apart: pl.Series, chief: Codes, questions: Flags) -> pl.Series:
    """How many questions a turn asks: those of its clauses, one at least where it asks, none where it turns
    away.
    """
    some = np.maximum(apart.fill_null(0).to_numpy(), questions[chief])
    return pl.Series(np.where(np.isin(chief, _TURNS_AWAY), 0, some).astype(np.int64))
