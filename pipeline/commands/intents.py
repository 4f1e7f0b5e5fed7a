"""Fitting and testing a recogniser of intents on a team's own labelled utterances."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from models.intents.families import FAMILY_NAMES, Recogniser, intent_family_of, names
from models.intents.lexicon import Lexicon
from models.intents.trained import TrainedIntents
from pipeline.config.data import Source
from pipeline.errors import OutputError, SourceError, TrainingError
from pipeline.files.json_lines import read_json_lines
from pipeline.files.source_file import read_file

MIN_PER_LABEL = 2


@dataclass(frozen=True)
class Labelled:
    """Labelled utterances: ``text``, ``label``, ``family``; and how many rows had one of the two missing."""

    rows: pd.DataFrame
    left_out: int


def read_labelled(path: Path, text_column: str = "text", label_column: str = "label") -> Labelled:
    """Read labelled utterances from CSV, Excel, Parquet or JSONL (an object per line).

    Raises:
        SourceError: the file cannot be read, lacks a column, or has no labelled row.
    """
    wanted = {"text": text_column, "label": label_column}
    frame = read_utterances(path, tuple(wanted.values()))
    for name, column in wanted.items():
        if column not in frame.columns:
            found = ", ".join(map(str, frame.columns))
            raise SourceError(f"{path}: no column {column!r} (found: {found}); name it with --{name}-column")
    cells = pd.DataFrame({name: frame[column].astype("str").str.strip() for name, column in wanted.items()})
    filled = cells.replace("", None).dropna().reset_index(drop=True)
    if filled.empty:
        raise SourceError(f"{path}: no row has both a text and a label")
    return Labelled(filled.assign(family=filled["label"].map(intent_family_of)), len(frame) - len(filled))


def read_utterances(path: Path, wanted: tuple[str, ...]) -> pd.DataFrame:
    """The rows of a CSV, Excel, Parquet or JSONL file, which must have the wanted columns.

    Raises:
        SourceError: the file cannot be read.
    """
    if path.suffix.lower() in {".jsonl", ".ndjson"}:
        return read_json_lines(path)
    raw = read_file(path, Source(path=str(path)), wanted, wanted)
    cells = raw.cells.drop("row_number").to_pandas()
    return cells.set_axis(list(raw.header), axis=1)


def fit_and_save(path: Path, labelled: Labelled, folder: Path) -> TrainedIntents:
    """Fit on all rows and save as a new folder.

    Raises:
        OutputError: the folder exists already, or cannot be written.
        TrainingError: there are too few labels or rows to learn from.
    """
    if folder.exists():
        raise OutputError(f"{folder} exists already: name a new folder with --out")
    rows = labelled.rows
    counts = rows["label"].value_counts()
    if counts.iloc[0] < MIN_PER_LABEL:
        raise TrainingError(f"{path}: no label has {MIN_PER_LABEL} rows; give several utterances per label")
    try:
        fitted = TrainedIntents.fit(rows["text"].tolist(), rows["label"].tolist())
    except ValueError as error:
        raise TrainingError(f"{path}: {error}") from None
    try:
        fitted.save(folder)
    except OSError as error:
        raise OutputError(f"{folder}: cannot be written ({error.strerror or error})") from None
    return fitted


def load(name: str) -> Recogniser:
    """The shipped lexicon, or a trained recogniser by its folder.

    Raises:
        SourceError: the folder holds none, or a damaged one.
    """
    if name == "lexicon":
        return Lexicon.shipped()
    try:
        return TrainedIntents.load(Path(name))
    except ValueError as error:
        raise SourceError(str(error)) from None


def judge_recogniser(recogniser: Recogniser, labelled: Labelled) -> pd.DataFrame:
    """Precision, recall and F1 of each family that is there or was heard; the last row is their mean F1.

    Returns:
        ``family``, ``rows``, ``precision``, ``recall``, ``f1``; a share of nothing is missing.
    """
    true = labelled.rows["family"].to_numpy(dtype=object)
    said = np.array(names(recogniser.recognise(labelled.rows["text"].tolist())), dtype=object)
    records = []
    for name in FAMILY_NAMES:
        hits, rows, heard = (
            ((true == name) & (said == name)).sum(),
            (true == name).sum(),
            (said == name).sum(),
        )
        if rows or heard:
            records.append(
                {
                    "family": name,
                    "rows": int(rows),
                    "precision": hits / heard if heard else np.nan,
                    "recall": hits / rows if rows else np.nan,
                    "f1": 2 * hits / (rows + heard),
                }
            )
    table = pd.DataFrame(records)
    mean = {"family": "mean of families", "rows": int(table["rows"].sum())}
    mean |= {"f1": float(table.loc[table["rows"] > 0, "f1"].mean())}
    return pd.concat([table, pd.DataFrame([mean])], ignore_index=True)
