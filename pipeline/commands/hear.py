"""What ``leadgrade intents hear`` does: one call of a file, with what is heard in each of its turns and
why.
"""

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from models.intents.families import Recogniser
from models.intents.lexicon import Lexicon
from pipeline.commands.intents import read_utterances
from pipeline.errors import SourceError
from pipeline.transcripts.explained import HeardCall, hear_call
from pipeline.transcripts.hearing import Hearing
from pipeline.transcripts.label_styles import LabelStyles
from pipeline.transcripts.reader import Reader

# Files of these kinds hold one call each.
ONE_CALL = (".txt", ".srt", ".vtt", ".json", ".md")


def hear_file(
    path: Path,
    recogniser: Recogniser,
    *,
    row: int = 1,
    column: str = "transcript",
    customer: Sequence[str] = (),
    agent: Sequence[str] = (),
) -> HeardCall:
    """Hear a call.

    Args:
        path: a text of one call, or a table with a call in each row.
        recogniser: what tells the families.
        row: which row of a table; 1 is the first below the header.
        column: of a table, where the transcripts are.
        customer: labels of the customer, beside those that are known.
        agent: labels of ours, likewise.

    Raises:
        SourceError: the file cannot be read, or has no such row or column, or nothing stands there.
    """
    text = _one_call(path) if path.suffix.lower() in ONE_CALL else _cell(path, row, column)
    if not text.strip():
        raise SourceError(f"{path}: row {row}, column {column!r}: nothing was said; name another --row")
    return hear_call(
        text, Hearing(recogniser, Lexicon.shipped(), reader=Reader(LabelStyles.of(customer, agent)))
    )


def _one_call(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        try:
            return path.read_bytes().decode("gb18030")
        except UnicodeDecodeError:
            raise SourceError(f"{path} is neither UTF-8 nor GB18030: save it in UTF-8") from None
    except OSError as error:
        raise SourceError(f"{path} cannot be read: {error.strerror}") from None


def _cell(path: Path, row: int, column: str) -> str:
    frame = read_utterances(path, (column,))
    if column not in frame.columns:
        found = ", ".join(map(str, frame.columns))
        raise SourceError(f"{path}: no column {column!r} (found: {found}); name it with --column")
    if row > len(frame):
        raise SourceError(f"{path}: no row {row}: it has {len(frame):,}; name another --row")
    cell = frame[column].iloc[row - 1]
    return "" if pd.isna(cell) else str(cell)


def turn_table(call: HeardCall) -> pd.DataFrame:
    """A row a turn: ``side``, ``said``, ``heard`` and ``by``."""
    return pd.DataFrame(
        {
            "side": [turn.side for turn in call.turns],
            "said": [turn.said for turn in call.turns],
            "heard": [", ".join(filter(None, [turn.family, *turn.cues])) for turn in call.turns],
            "by": [" / ".join(turn.words) for turn in call.turns],
        }
    )
